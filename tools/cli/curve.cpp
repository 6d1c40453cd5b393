#include "curve.hpp"

namespace cli {

Curve curve_of(const autograd::Expression& expression, autograd::Variables given,
               const std::string& name, Limits range, std::size_t points) {
  Curve result;
  for (std::size_t i = 0; i < points; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(points - 1);
    const double at = range.low + share * (range.high - range.low);
    const autograd::Value x(at, name);
    given[name] = x;
    const autograd::Value y = expression.evaluate(given);
    result.x.push_back(at);
    result.value.push_back(y.data());
    result.slope.push_back(autograd::derivatives(y, {x})[0].data());
  }
  return result;
}

}  // namespace cli
