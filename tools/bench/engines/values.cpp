// autograd::Value: record and backward each time, leaves kept from one time to the next.
#include <autograd/autograd.hpp>
#include "engines.hpp"

namespace bench {
namespace {

using autograd::Value;

template <class F> class Values {
 public:
  explicit Values(std::span<const double> x) : leaves_(x.begin(), x.end()) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      leaves_[i].set_data(x[i]);
      leaves_[i].zero_grad();
    }
    const Value y = f(std::span<const Value>(leaves_));
    y.backward();
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = leaves_[i].grad();
    return y.data();
  }

  std::size_t graph_bytes(const F& f) const {
    const std::size_t before = autograd::graph_statistics().bytes;
    const Value y = f(std::span<const Value>(leaves_));
    return autograd::graph_statistics().bytes - before;
  }

 private:
  std::vector<Value> leaves_;
};

}  // namespace

Engine values_engine() { return {"values", "autograd::Value, backward()", prepare<Values>}; }

}  // namespace bench
