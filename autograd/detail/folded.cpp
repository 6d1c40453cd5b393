#include <algorithm>
#include <autograd/detail/folded.hpp>
#include <autograd/error.hpp>
#include <type_traits>

namespace autograd::detail {

constinit thread_local FoldedTape folded_tape;

namespace {

constexpr std::uint32_t kMostNodes = 1u << 30;

// Frees the tape when its thread ends.
struct Janitor {
  ~Janitor() {
    FoldedTape& tape = folded_tape;
    for (Block* block : {&tape.memory.edges, &tape.memory.edge_count, &tape.memory.adjoint})
      block->free();
    tape = FoldedTape{};
  }
  void touch() {}
};
thread_local Janitor janitor;

}  // namespace

// Every node but the inputs has an edge: as many nodes as edges and inputs are enough.
void FoldedTape::grow(std::size_t more_edges) {
  janitor.touch();
  const std::size_t at_least = edge_size + more_edges;
  const std::size_t wanted =
      at_least <= capacity ? capacity
                           : std::max({at_least, std::size_t{2} * capacity, std::size_t{1024}});
  const std::size_t nodes = wanted + inputs + 1;
  if (nodes > kMostNodes) throw Error("a gradient is too large: it may write 2^30 nodes and edges");
  const auto take = [](Block& block, std::size_t count, auto*& array) {
    using T = std::remove_reference_t<decltype(*array)>;
    array = static_cast<T*>(block.grow(count * sizeof(T), kMostNodes * sizeof(T)));
  };
  take(memory.edges, wanted, edges);
  take(memory.edge_count, nodes, edge_count);
  take(memory.adjoint, nodes, adjoint);
  capacity = static_cast<std::uint32_t>(wanted);
}

std::uint32_t FoldedTape::add_inputs(std::size_t count) {
  if (count > kMostNodes - inputs) throw Error("a gradient is too large: it may have 2^30 inputs");
  inputs += static_cast<std::uint32_t>(count);
  grow(2);
  const std::uint32_t first = size;
  std::fill_n(edge_count + size, count, std::uint16_t{0});
  size += static_cast<std::uint32_t>(count);
  return first;
}

// One loop from the top down to the nodes written since `first`.
void FoldedTape::sweep(std::uint32_t first) {
  double* const adj = adjoint;
  const Edge* e = edges + edge_size;
  for (std::uint32_t i = size - 1; i >= first; --i) {
    const Edge* edge = e;
    e -= edge_count[i];
    const double g = adj[i];
    if (g == 0) continue;
    while (edge != e) {
      --edge;
      adj[edge->node] += g * edge->partial;
    }
  }
}

}  // namespace autograd::detail
