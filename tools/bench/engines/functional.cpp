// autograd::value_and_gradient: numbers in, numbers out.
#include <array>

#include <autograd/autograd.hpp>
#include "engines.hpp"

namespace bench {
namespace {

template <class F> struct Functional {
  explicit Functional(std::span<const double> x) : start(x) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    return autograd::value_and_gradient(f, x, gradient);
  }

  std::size_t graph_bytes(const F& f) const {
    std::size_t bytes = 0;
    const auto counting = [&]<class T>(std::span<const T> in) {
      const std::size_t before = autograd::graph_statistics().bytes;
      T y = f(in);
      bytes = autograd::graph_statistics().bytes - before;
      return y;
    };
    std::vector<double> gradient(start.size());
    autograd::value_and_gradient(counting, start, gradient);
    return bytes;
  }

  std::span<const double> start;
};

// The number of inputs is known when compiling, as it is to `hand` and to `ceres`.
template <class F> struct FunctionalArray {
  explicit FunctionalArray(std::span<const double>) {}

  [[gnu::always_inline]] double run(const F& f, std::span<const double> x,
                                    std::span<double> gradient) {
    const auto [y, slopes] = autograd::value_and_gradient(f, std::array{x[0], x[1], x[2]});
    for (std::size_t i = 0; i < slopes.size(); ++i) gradient[i] = slopes[i];
    return y;
  }
};

}  // namespace

Engine functional_engine() {
  return {"functional", "autograd::value_and_gradient", prepare<Functional>};
}
Engine functional_array_engine() {
  return {"functional-array", "the same of a std::array", prepare_small<FunctionalArray>};
}

}  // namespace bench
