// The reverse sweep for several roots at once: rows of a Jacobian or of a Hessian.
//
// Each node has an adjoint for each of eight rows, which lie side by side: the graph is read once for
// all of them, and a node that none of them comes to costs next to nothing. The numbers have the bits
// of eight sweeps one after the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <autograd/tape/by_leaf.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

inline constexpr std::size_t kSweptRows = 8;

class SweepOfRows {
 public:
  // Of a graph that begins at `first` and has these leaves. Not if the tape is in several stretches, and
  // not if the adjoints would take more than some 30 MB.
  static bool can_be_used(Time first);
  SweepOfRows(Time first, std::span<const Value> leaves);

  // The adjoints of at most kSweptRows roots.
  void run(std::span<const Value> roots);
  // d(root)/d(leaf), where `row` is the place of the root.
  double adjoint(Id leaf, std::size_t row) const { return leaves_[place_of(leaf)][row]; }

 private:
  using Row = std::array<double, kSweptRows>;

  // In leaves_; 0 of what is not among the leaves.
  std::size_t place_of(Id leaf) const { return leaf_places_[leaf]; }
  void pass(const Row& from, const Edge& edge);

  Id first_;
  ByLeaf<std::uint32_t> leaf_places_;
  std::vector<Row> operations_, leaves_;
  std::vector<char> has_arrived_;  // anything, by operation: the adjoints of others are 0
};

}  // namespace autograd::detail
