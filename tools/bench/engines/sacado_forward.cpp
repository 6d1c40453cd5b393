// Sacado's Fad: forward mode by expression templates, with all three derivatives at once.
#include <Sacado.hpp>

#include "engines.hpp"

namespace bench {
namespace {

template <class F> struct Fad {
  explicit Fad(std::span<const double>) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    using Number = Sacado::Fad::SFad<double, 3>;
    const std::array<Number, 3> inputs = {Number(3, 0, x[0]), Number(3, 1, x[1]),
                                          Number(3, 2, x[2])};
    const Number y = f(std::span<const Number>(inputs));
    for (int i = 0; i < 3; ++i) gradient[static_cast<std::size_t>(i)] = y.dx(i);
    return y.val();
  }
};

}  // namespace

Engine sacado_forward_engine() {
  return {"sacado-forward", "Sacado SFad, forward mode", prepare_small<Fad>};
}

}  // namespace bench
