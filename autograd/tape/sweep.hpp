// The reverse sweep with a visitor: derivatives of a root that leave every grad() as it is.
//
// Tape::backward() is the fast sweep. This one tells a visitor every contribution.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// One entry for each node of this thread up to the operation `root`, leaves first. Good while
// nothing is reclaimed.
template <class T> class ByNode {
 public:
  explicit ByNode(Id root, const T& first = {})
      : leaves_(static_cast<std::size_t>(std::max(tape.leaves.capacity, -kZero))),
        entries_(leaves_ + static_cast<std::size_t>(std::max(tape.time_of(root), 0)) + 1, first) {}

  auto& operator[](Id id) { return entries_[at(id)]; }
  const auto& operator[](Id id) const { return entries_[at(id)]; }

 private:
  std::size_t at(Id id) const {
    return leaves_ + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(tape.time_of(id)));
  }

  std::size_t leaves_;
  std::vector<T> entries_;
};

// Calls arrive(operation, edge, derivative) for every contribution, in the order of backward().
// `derivative` is d(root)/d(node) by node, as far as it is known by then: that of the operation is
// complete. arrive() returns whether to go on.
template <class Arrive> ByNode<double> sweep(Id root, const Arrive& arrive) {
  ByNode<double> derivative(root);
  derivative[root] = 1;
  Time lowest = tape.time_of(root);
  for (Time t = lowest; t >= std::max(lowest, 0); --t) {
    const Id i = tape.at_time(t);
    const double g = derivative[i];
    if (g == 0) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id == kNumber) continue;
      if (edge.id >= 0) lowest = std::min(lowest, tape.time_of(edge.id));
      derivative[edge.id] += g * edge.partial;
      if (!arrive(i, edge, derivative)) return derivative;
    }
  }
  return derivative;
}
inline ByNode<double> sweep(Id root) {
  return sweep(root, [](Id, const Edge&, const ByNode<double>&) { return true; });
}

}  // namespace autograd::detail
