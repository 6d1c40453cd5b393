// Stan Math: reverse mode over an arena of virtual nodes.
#include <stan/math/rev/core.hpp>
#include <stan/math/rev/scal.hpp>

#include "engines.hpp"

namespace bench {
namespace {

template <class F> class Stan {
 public:
  explicit Stan(std::span<const double> x) { inputs_.reserve(x.size()); }

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    inputs_.assign(x.begin(), x.end());
    const stan::math::var y = f(std::span<const stan::math::var>(inputs_));
    stan::math::grad(y.vi_);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = inputs_[i].adj();
    const double value = y.val();
    stan::math::recover_memory();
    return value;
  }

 private:
  std::vector<stan::math::var> inputs_;
};

}  // namespace

Engine stan_engine() { return {"stan", "Stan Math, reverse mode", prepare<Stan>}; }

}  // namespace bench
