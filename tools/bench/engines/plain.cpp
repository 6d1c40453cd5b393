// The plain function on doubles, without a gradient: what every time is compared with.
#include "engines.hpp"

namespace bench {
namespace {

template <class F> struct Plain {
  explicit Plain(std::span<const double>) {}

  double run(const F& f, std::span<const double> x, std::span<double>) { return f(x); }
};

}  // namespace

Engine plain_engine() { return {"plain", "the function on doubles, no gradient", prepare<Plain>}; }

}  // namespace bench
