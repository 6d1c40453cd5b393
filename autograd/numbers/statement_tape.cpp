#include "autograd/numbers/statement_tape.hpp"

#include <algorithm>

#include <autograd/error.hpp>

namespace autograd::detail {

namespace {

constexpr std::uint32_t kMostNodes = 1u << 30;

// Frees the tapes when their thread ends. g++ 12 would not destroy a variable template.
struct StatementsEnd {
  ~StatementsEnd() {
    for_each_statement_tape([]<class S>(StatementTape<S>& tape) {
      tape.memory.nodes.free();
      tape.memory.adjoint.free();
      tape = StatementTape<S>{};
    });
  }
  void arm() {}
};
thread_local StatementsEnd statements_end;

}  // namespace

template <class S> void StatementTape<S>::grow(std::size_t more) {
  statements_end.arm();
  const std::size_t at_least = size + more;
  if (at_least <= capacity) return;
  if (at_least > kMostNodes) throw Error("a gradient is too large: it may have 2^30 nodes");
  const std::size_t wanted = std::clamp<std::size_t>(
      std::size_t{2} * capacity, std::max<std::size_t>(at_least, 1024), kMostNodes);
  const auto take = [&]<class T>(GrowingArray& block, T*& array) {
    array = static_cast<T*>(block.grow(wanted * sizeof(T), kMostNodes * sizeof(T)));
  };
  take(memory.nodes, nodes);
  take(memory.adjoint, adjoint);
  capacity = static_cast<std::uint32_t>(wanted);
}

template <class S> std::uint32_t StatementTape<S>::add_inputs(std::size_t count) {
  if (count > kMostNodes) throw Error("a gradient is too large: it may have 2^30 inputs");
  grow(count);
  const std::uint32_t first = size;
  size += static_cast<std::uint32_t>(count);
  return first;
}

// Where an adjoint of 0 meets an infinite derivative the product is NaN: see Dual.
template <class S> void StatementTape<S>::sweep(std::uint32_t first) {
  S* const adj = adjoint;
  std::uint32_t i = size - 1;
  if (i < first) return;
  for (S g = adj[i];;) {
    prefetch<For::kReading>(nodes + i, -kAhead);
    const Node& node = nodes[i];
    const std::uint32_t x = node.x & ~kPart, z = node.z;
    const S at_x = adj[x] += g * node.p;
    const S at_z = adj[z] += g * node.q;
    if (--i < first) return;
    if ((nodes[i].x & kPart) != 0) continue;
    // An adjoint that has just been written is at hand before it could be read again.
    if (z == i) {
      g = at_z;
    } else if (x == i) {
      g = at_x;
    } else {
      g = adj[i];
    }
  }
}

template struct StatementTape<double>;
template struct StatementTape<Dual<1>>;
template struct StatementTape<Dual<2>>;
template struct StatementTape<Dual<4>>;
template struct StatementTape<Dual<8>>;

}  // namespace autograd::detail
