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

  bool has(Id operation, std::uint8_t flag) const { return has_at(place(operation), flag); }
  void set(Id operation, std::uint8_t flag) { set_at(place(operation), flag); }
  Time highest() const { return highest_; }
  // highest() + 1 if none has a flag.
  Time lowest() const { return highest_ + 1 - static_cast<Time>(size_); }

  // The distance from the highest one. Very large for leaves and for operations above the highest.
  std::size_t place(Id operation) const {
    return operation < 0 ? flags_.max_size()
                         : static_cast<std::uint32_t>(highest_ - tape.time_of(operation));
  }
  bool has_at(std::size_t place, std::uint8_t flag) const {
    return place < size_ && (static_cast<std::uint8_t>(flags_[place]) & flag) != 0;
  }
  [[gnu::always_inline]] void set_at(std::size_t place, std::uint8_t flag) {
    if (place >= size_) {
      if (place >= flags_.size()) flags_.resize(std::max(place + 1, 2 * flags_.size()));
      size_ = place + 1;
    }
    flags_[place] = static_cast<Flags>(static_cast<std::uint8_t>(flags_[place]) | flag);
  }

 private:
  // A type of its own, as compilers take it that a store to a plain byte may change anything.
  enum class Flags : std::uint8_t {};

  Time highest_;
  std::size_t size_ = 0;      // of `flags_`, without the room for more
  std::vector<Flags> flags_;  // by place
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
    if (!flags.has_at(static_cast<std::size_t>(highest - t), kReached)) continue;
    const Id i = tape.at_time(t);
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
