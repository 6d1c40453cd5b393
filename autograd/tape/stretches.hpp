// Stretches: where the operations lie, once places of ended ones are used again.
//
// Operations are recorded one behind the other. When those that have ended leave a gap, new ones
// are recorded there, and the tape is a list of stretches in the order of recording. Nothing moves.
// See reclaim.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
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
class Living {
 public:
  explicit Living(Id extent) : bits_(static_cast<std::size_t>(extent) / 64 + 1) {}
  bool has(Id id) const { return (word(id) >> (id & 63) & 1) != 0; }
  bool has_none_of_64_before(Id id) const { return word(id - 64) == 0; }  // a multiple of 64
  void add(Id id) { word(id) |= std::uint64_t{1} << (id & 63); }

 private:
  const std::uint64_t& word(Id id) const { return bits_[static_cast<std::size_t>(id) / 64]; }
  std::uint64_t& word(Id id) { return bits_[static_cast<std::size_t>(id) / 64]; }

  std::vector<std::uint64_t> bits_;
};

}  // namespace autograd::detail
