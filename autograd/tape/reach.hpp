// Reachability: the operations that a result was computed from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// Eight flags for each operation, from the highest one down to the lowest that has one, by the
// times at which they were recorded. What lies below costs nothing.
// Good while nothing is reclaimed.
class OperationFlags {
 public:
  explicit OperationFlags(Time highest) : highest_(highest) {}

  bool has(Id operation, std::uint8_t flag) const {
    const std::size_t at = place(operation);
    return at < flags_.size() && (flags_[at] & flag) != 0;
  }
  void set(Id operation, std::uint8_t flag) {
    const std::size_t at = place(operation);
    if (at >= flags_.size()) flags_.resize(at + 1, 0);
    flags_[at] |= flag;
  }
  Time highest() const { return highest_; }
  // highest() + 1 if none has a flag.
  Time lowest() const { return highest_ + 1 - static_cast<Time>(flags_.size()); }

 private:
  // Very large for leaves and for operations above the highest.
  std::size_t place(Id operation) const {
    return operation < 0 ? flags_.max_size()
                         : static_cast<std::uint32_t>(highest_ - tape.time_of(operation));
  }

  Time highest_;
  std::vector<std::uint8_t> flags_;  // by distance from the highest
};

inline constexpr std::uint8_t kReached = 1;

// Marks with kReached the operations among `roots`, and those that lead there: with an operation
// also the operations at the ends of its edges, where follow(operation, edge) says so.
// Cost: one look at each edge of what is reached.
template <class Follow> OperationFlags reach(std::span<const Id> roots, const Follow& follow) {
  Time highest = -1;
  for (const Id root : roots) highest = std::max(highest, tape.time_of(root));
  OperationFlags flags(highest);
  for (const Id root : roots) {
    if (root >= 0) flags.set(root, kReached);
  }
  for (Time t = highest; t >= flags.lowest(); --t) {
    const Id i = tape.at_time(t);
    if (!flags.has(i, kReached)) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id >= 0 && follow(i, edge)) flags.set(edge.id, kReached);
    }
  }
  return flags;
}
template <class Follow> OperationFlags reach(Id root, const Follow& follow) {
  return reach(std::span<const Id>(&root, 1), follow);
}
inline OperationFlags reach(Id root) {
  return reach(root, [](Id, const Edge&) { return true; });
}

}  // namespace autograd::detail
