// A row of autograd/special-values.md: expression, point, value, gradient and,
// where it is stated, the second derivatives.
#pragma once

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>

namespace autograd::special_values {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kPi = std::numbers::pi;
inline constexpr double kLog2 = std::numbers::ln2;

// The function of a row, for the number types that tests call it with.
using Function =
    generic::OfRange<double, Value, detail::Dual<4>, detail::Dual<8>, detail::Active<double>,
                     detail::Dual<1, detail::Dual<1>>, detail::Dual<2, detail::Dual<2>>,
                     detail::Dual<3, detail::Dual<3>>, detail::Dual<4, detail::Dual<4>>,
                     detail::Active<detail::Dual<8>>>;

// Expected numbers: -0.0 asks for the sign, 0.0 is either zero.
struct Case {
  using Numbers = std::vector<double>;

  std::string_view expression;  // of x, y, or of x_1, x_2, ...
  Function function;
  Numbers at;
  double value;
  Numbers gradient;
  Numbers hessian;  // by rows; empty if it is not stated

  // Not inlined, as it stands in hundreds of rows.
  using List = std::initializer_list<double>;
  [[gnu::noinline]] Case(std::string_view e, Function f, List x, double v, List g, List h = {})
      : expression(e), function(f), at(x), value(v), gradient(g), hessian(h) {}
};

}  // namespace autograd::special_values
