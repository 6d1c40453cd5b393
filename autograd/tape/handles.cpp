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
#include <new>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/tag_block.hpp>

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
// In a graph of several stretches it may also be one of an older stretch: there is nothing to do.
void Tape::on_last_release(Id id) {
  if (id < 0) return on_dead_leaf(id);
  if (id == size - 1) pop_unreferenced();
}

// Those of the current stretch from `top` on.
[[gnu::always_inline]] inline void Tape::drop_operations(Id top, Edge* end) {
  const Id before = size;
  size = top;
  edge_end = end;
  forget_edges_from(edge_end);
  sealed_end = std::min(sealed_end, top);
  last_sweep.cleared_to = std::min(last_sweep.cleared_to, top);
  index.known = std::min(index.known, top);
  no_grad.begin = std::min(no_grad.begin, top);
  if (time_marks != nullptr) [[unlikely]]
    mark_now();
  if (annotations != nullptr) drop_annotations(top, before);
}

// Drops operations from the top as long as they have no handle.
void Tape::pop_unreferenced() {
  do {
    const Id bottom = index.from;
    Id top = size;
    std::uint32_t ended = 0;  // edges
    for (; top - bottom >= TagBlock::kSize; top -= TagBlock::kSize) {
      const TagBlock block(tag + top - TagBlock::kSize);
      if (!block.may_be_skipped) break;
      ended += block.edges;
    }
    for (; top > bottom; --top) {
      const Tag& last = tag[top - 1];
      if (last.handles != 0) break;
      const std::uint16_t edges_word = last.edges;
      if (edges_word >= kMany) [[unlikely]] {  // very many, or with a flag
        if ((edges_word & kHasTracked) != 0) break;
        ended += edge_count(top - 1);
      } else {
        ended += edges_word;
      }
    }
    drop_operations(top, edge_end - ended);
  } while (size == index.from && stretches != nullptr && previous_stretch());

  if (stretches != nullptr || no_grad.count > 0) [[unlikely]] {
    if (now() == 0) forget_stretches();
    no_grad.count = std::min(no_grad.count, now() + (no_grad.guards > 0 ? 1 : 0));
    set_edge_limit();
  }
  if (size == 0) {
    if (leaves.dead_count > 0) collect_leaves();
    if (thread_ended) leave_thread();
  }
}

}  // namespace autograd::detail
