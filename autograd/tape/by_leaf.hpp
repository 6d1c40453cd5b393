// An entry for each of some leaves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include <autograd/system/large_vector.hpp>
#include <autograd/tape/nodes.hpp>

namespace autograd::detail {

// Its memory grows with the leaves that it is made for and those that are given an entry, however
// many others there are and wherever they lie.
template <class T> class ByLeaf {
 public:
  // Made for `leaves`. All leaves have the entry `first` until they are given another.
  ByLeaf(std::span<const Id> leaves, const T& first) : first_(first) {
    if (leaves.empty()) return;
    constexpr std::size_t kMostGap = 64;  // from leaf to leaf, in the mean
    const auto [lowest, highest] = std::ranges::minmax(leaves);
    const std::size_t range = distance(lowest, highest) + 1;
    if (range > kMostGap * (leaves.size() + 1)) return;
    lowest_ = lowest;
    entries_.assign(range, first);
  }

  T& operator[](Id leaf) {
    const std::size_t at = distance(lowest_, leaf);
    return at < entries_.size() ? entries_[at] : far_.try_emplace(leaf, first_).first->second;
  }
  const T& operator[](Id leaf) const {
    const std::size_t at = distance(lowest_, leaf);
    if (at < entries_.size()) return entries_[at];
    if (far_.empty()) return first_;
    const auto found = far_.find(leaf);
    return found == far_.end() ? first_ : found->second;
  }

 private:
  // Very large of a leaf below `lowest`.
  static std::size_t distance(Id lowest, Id leaf) {
    return static_cast<std::size_t>(std::int64_t{leaf} - lowest);
  }

  T first_;
  Id lowest_ = 0;
  LargeVector<T> entries_;  // from lowest_ on
  std::unordered_map<Id, T> far_;
};

}  // namespace autograd::detail
