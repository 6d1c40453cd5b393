// The hand-written gradient.
#include "engines.hpp"
#include "hand_gradients.hpp"

namespace bench {
namespace {

template <class F> struct Hand {
  explicit Hand(std::span<const double>) {}

  double run(const F& f, std::span<const double> x, std::span<double> gradient) {
    return hand_gradient(f, x, gradient);
  }
};

}  // namespace

Engine hand_engine() { return {"hand", "the hand-written gradient", prepare<Hand>}; }

}  // namespace bench
