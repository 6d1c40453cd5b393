// The dual numbers of Ceres: forward mode, with all three derivatives at once.
#include <ceres/jet.h>

#include "engines.hpp"

namespace bench {
namespace {

template <class F> struct Dual {
  explicit Dual(std::span<const double>) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    using Jet = ceres::Jet<double, 3>;
    const std::array<Jet, 3> inputs = {Jet(x[0], 0), Jet(x[1], 1), Jet(x[2], 2)};
    const Jet y = f(std::span<const Jet>(inputs));
    for (int i = 0; i < 3; ++i) gradient[static_cast<std::size_t>(i)] = y.v[i];
    return y.a;
  }
};

}  // namespace

Engine ceres_engine() { return {"ceres", "Ceres Jet, forward mode", prepare_small<Dual>}; }

}  // namespace bench
