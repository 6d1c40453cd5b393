// Sacado's Rad: reverse mode over blocks of linked nodes.
#include <Sacado_trad.hpp>

#include "engines.hpp"

// Sacado has no erfc; this is how its users add a function of their own.
namespace Sacado::Rad {

inline ADvari<double>& erfc(const ADvari<double>& x) {
  const double slope = -2 * std::numbers::inv_sqrtpi * std::exp(-x.Val * x.Val);
  return ADf1(std::erfc(x.Val), slope, x);
}

}  // namespace Sacado::Rad

namespace bench {
namespace {

template <class F> class Rad {
 public:
  using Number = Sacado::Rad::ADvar<double>;

  explicit Rad(std::span<const double> x) { inputs_.reserve(x.size()); }

  // Inputs do not outlive a sweep: Sacado then hands out its memory anew.
  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    inputs_.assign(x.begin(), x.end());
    const Number y = f(std::span<const Number>(inputs_));
    Number::Gradcomp();
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = inputs_[i].adj();
    return y.val();
  }

 private:
  std::vector<Number> inputs_;
};

}  // namespace

Engine sacado_engine() { return {"sacado", "Sacado Rad, reverse mode", prepare<Rad>}; }

}  // namespace bench
