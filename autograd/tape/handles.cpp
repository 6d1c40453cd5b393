// How handles are counted, and what happens when the last one of a node ends.
//
//   kUnique   the only handle since the node was made. Its count is 1. When it ends the count is
//             not read but set to 0, which is one store: most handles are temporaries of this kind.
//   kShared   one of several. A copy of a unique handle makes both of them shared.
//             n of them are counted as 2 n.
//   kTracked  counted in Annotations::tracked_handles: one made from the id of a node that has a
//             unique handle, which cannot be told, and those for which the count has no room.
//
// A handle that ends in Tape::release() changes the count with exactly one store, whichever way it
// takes. g++ 12 loses the first of two stores to the same place where an exception passes, if only
// some of the ways to the end of the cleanup come by the second: the pass that removes dead stores
// does not see that the other ways leave the function. A count that is stored once cannot be lost.
#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include <autograd/tape/annotations.hpp>

namespace autograd::detail {

Handle Tape::acquire_unknown(Id id) { return tag[id].handles == 1 ? track(id) : acquire(id); }

Handle Tape::track(Id id) try {
  ++annotated().tracked_handles[id];
  tag[id].edges |= kHasTracked;
  return kTracked;
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void Tape::untrack(Id id) {
  const auto handles = annotations->tracked_handles.find(id);
  if (--handles->second > 0) return;
  annotations->tracked_handles.erase(handles);
  tag[id].edges &= static_cast<std::uint16_t>(~kHasTracked);
}

// Of an operation on top of the tape, or of a leaf.
void Tape::on_last_release(Id id) { id < 0 ? on_dead_leaf(id) : pop_unreferenced(); }

namespace {

// Tags as numbers: a block of them is looked at with a few vector instructions.
std::uint32_t word(const Tag& tag) { return std::bit_cast<std::uint32_t>(tag); }
constexpr int kEdgesShift = std::endian::native == std::endian::little ? 16 : 0;
std::uint32_t edges_in(std::uint32_t word) { return word >> kEdgesShift & kMany; }

}  // namespace

// Drops operations from the top as long as they have no handle.
void Tape::pop_unreferenced() {
  const std::uint32_t has_handle = word({0, 0xff, kHasTracked});
  Id top = size;
  std::uint32_t end = edge_size();
  for (constexpr Id kBlock = 64; top >= kBlock; top -= kBlock) {
    std::uint32_t words[kBlock];  // a copy: g++ makes no vectors of the tags themselves
    std::memcpy(words, tag + top - kBlock, sizeof words);
    std::uint32_t all = 0, many = 0, count = 0;
    for (const std::uint32_t each : words) {
      const std::uint32_t n = edges_in(each);
      all |= each;
      many |= n + 1;  // kMany + 1, a bit of its own, for kMany
      count += n;
    }
    if ((all & has_handle) != 0 || (many & (kMany + 1u)) != 0) break;
    end -= count;
  }
  while (top > 0 && (word(tag[top - 1]) & has_handle) == 0) end -= edge_count(--top);

  size = top;
  edge_end = edges + end;
  forget_edges_from(edge_end);
  sealed_end = std::min(sealed_end, top);
  last_sweep.from = std::min(last_sweep.from, top - 1);
  last_sweep.cleared_to = std::min(last_sweep.cleared_to, top);
  index.known = std::min(index.known, top);
  no_grad.begin = std::min(no_grad.begin, top);
  no_grad.count = std::min(no_grad.count, top + (no_grad.guards > 0 ? 1 : 0));
  drop_annotations(top);
  if (size == 0) {
    if (leaves.dead_count > 0) collect_leaves();
    if (thread_ended) leave_thread();
  }
}

}  // namespace autograd::detail
