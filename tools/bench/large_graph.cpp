#include "large_graph.hpp"

namespace bench {

autograd::Value large_graph(const autograd::Value& x, std::size_t n) {
  autograd::Value y = x;
  for (std::size_t i = 0; i < n / 2; ++i) {
    const autograd::Scope part("part", i % 10);
    y = sin(y) + x;
  }
  return y;
}

}  // namespace bench
