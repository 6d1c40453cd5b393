// Stretches: where the operations lie, once places of ended ones are used again.
//
// Operations are recorded one behind the other. When those that have ended leave a gap, new ones
// are recorded there, and the tape is a list of stretches in the order of recording. Nothing moves.
// See reclaim.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// The operations of a stretch that later ones lead to, while a sweep runs.
struct Reached {
  Id lowest = std::numeric_limits<Id>::max(), highest = -1;
};

// Of the stretch on which is recorded now the tape has its ends, its limits, indexed and cleared_to.
struct Stretch {
  Id begin, end;  // its operations
  std::uint32_t edge_begin, edge_end;
  Id limit;  // there is room up to here
  std::uint32_t edge_limit;
  Time time;      // of its first operation
  Id indexed;     // of the operations before it is known where their edges begin
  Id cleared_to;  // a sweep came by, or would have, above the operations before it
  Reached reached;
};

struct Stretches {
  std::vector<Stretch> order;  // the recorded ones, the current one, then gaps to be filled
  std::size_t current = 0;
  std::vector<std::uint32_t> by_begin;  // places in `order`
  std::size_t cleared = 0;              // those before it in the order are cleared up to their ends
  std::vector<std::pair<Id, Id>> written;  // what the last sweep wrote beside LastSweep: [to, from]

  std::size_t find(Id id) const;        // in `order`
  std::size_t find_time(Time t) const;  // the same
};

// Which operations have a handle, or are below one that has.
// Bytes, not bits: marking one does not wait for the one before.
class Living {
 public:
  explicit Living(Id extent) : marks_(static_cast<std::size_t>(extent)) {}
  bool has(Id id) const { return marks_[static_cast<std::size_t>(id)] != 0; }
  void add(Id id) { marks_[static_cast<std::size_t>(id)] = 1; }
  bool has_none_of_64_before(Id id) const {
    std::uint64_t words[8], all = 0;
    std::memcpy(words, marks_.data() + id - 64, sizeof words);
    for (const std::uint64_t each : words) all |= each;
    return all == 0;
  }

 private:
  std::vector<char> marks_;
};

}  // namespace autograd::detail
