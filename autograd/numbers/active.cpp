#include <algorithm>

#include <autograd/error.hpp>
#include <autograd/numbers/statement_tapes.hpp>

namespace autograd::detail {

namespace {

constexpr std::uint32_t kMostNodes = 1u << 30;

// Frees the tapes when their thread ends. g++ 12 would not destroy a variable template.
struct Janitor {
  ~Janitor() {
    for_each_folded_tape([]<class S>(FoldedTape<S>& tape) {
      tape.memory.nodes.free();
      tape.memory.adjoint.free();
      tape = FoldedTape<S>{};
    });
  }
  void touch() {}
};
thread_local Janitor janitor;

}  // namespace

template <class S> void FoldedTape<S>::grow(std::size_t more) {
  janitor.touch();
  const std::size_t at_least = size + more;
  if (at_least <= capacity) return;
  if (at_least > kMostNodes) throw Error("a gradient is too large: it may have 2^30 nodes");
  const std::size_t wanted = std::clamp<std::size_t>(
      std::size_t{2} * capacity, std::max<std::size_t>(at_least, 1024), kMostNodes);
  const auto take = [&]<class T>(Block& block, T*& array) {
    array = static_cast<T*>(block.grow(wanted * sizeof(T), kMostNodes * sizeof(T)));
  };
  take(memory.nodes, nodes);
  take(memory.adjoint, adjoint);
  capacity = static_cast<std::uint32_t>(wanted);
}

template <class S> std::uint32_t FoldedTape<S>::add_inputs(std::size_t count) {
  if (count > kMostNodes) throw Error("a gradient is too large: it may have 2^30 inputs");
  grow(count);
  const std::uint32_t first = size;
  size += static_cast<std::uint32_t>(count);
  return first;
}

// One loop from the top down to the nodes written since `first`. Where an adjoint of 0 meets an
// infinite derivative this is NaN: see Dual.
template <class S> void FoldedTape<S>::sweep(std::uint32_t first) {
  S* const adj = adjoint;
  std::uint32_t i = size - 1;
  if (i < first) return;
  for (S g = adj[i];;) {
    const Node& node = nodes[i];
    const std::uint32_t x = node.x & ~kPart, z = node.z;
    const S at_x = adj[x] += g * node.p;
    const S at_z = adj[z] += g * node.q;
    if (--i < first) return;
    if ((nodes[i].x & kPart) != 0) continue;
    // What has just been written is at hand before it could be read again.
    if (z == i) {
      g = at_z;
    } else if (x == i) {
      g = at_x;
    } else {
      g = adj[i];
    }
  }
}

template struct FoldedTape<double>;
template struct FoldedTape<Dual<1>>;
template struct FoldedTape<Dual<2>>;
template struct FoldedTape<Dual<4>>;

}  // namespace autograd::detail
