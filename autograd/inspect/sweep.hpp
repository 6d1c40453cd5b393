// The backward pass on paper: derivatives of a root that leave every grad() as it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// One entry for each node of this thread up to the operation `root`, leaves first.
template <class T> class ByNode {
 public:
  explicit ByNode(Id root)
      : leaves_(static_cast<std::size_t>(std::max(tape.leaf_capacity, -kZero))),
        entries_(leaves_ + static_cast<std::size_t>(std::max(root, Id{0})) + 1) {}

  auto& operator[](Id id) { return entries_[at(id)]; }
  const auto& operator[](Id id) const { return entries_[at(id)]; }

 private:
  std::size_t at(Id id) const {
    return leaves_ + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(id));
  }

  std::size_t leaves_;
  std::vector<T> entries_;
};

// Calls arrive(operation, edge, derivative) for every contribution, in the order of backward():
// `derivative` is d(root)/d(operation). It returns whether to go on.
template <class Arrive> ByNode<double> sweep(Id root, const Arrive& arrive) {
  ByNode<double> derivative(root);
  derivative[root] = 1;
  Id lowest = root;
  for (Id i = root; i >= std::max(lowest, Id{0}); --i) {
    const double g = derivative[i];
    if (g == 0) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id == kNumber) continue;
      if (edge.id >= 0) lowest = std::min(lowest, edge.id);
      derivative[edge.id] += g * edge.partial;
      if (!arrive(i, edge, derivative)) return derivative;
    }
  }
  return derivative;
}

// dy/dx for each of xs.
inline std::vector<double> derivatives_on_paper(const Value& y, std::span<const Value> xs) {
  const ByNode<double> derivative =
      sweep(y.id(), [](Id, const Edge&, const ByNode<double>&) { return true; });
  std::vector<double> result;
  for (const Value& x : xs) result.push_back(x.id() <= y.id() ? derivative[x.id()] : 0.0);
  return result;
}

}  // namespace autograd::detail
