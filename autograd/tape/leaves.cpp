// Leaves: where they come from, and when one is used again.
//
// A leaf has a handle, or it is dead, or it is free. A dead one may still be used by operations:
// edges do not count. So dead leaves wait in a list until it is long, and then one look at every
// edge finds those that nobody uses.
#include <algorithm>
#include <cstring>
#include <iterator>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/arrays.hpp>
#include <autograd/tape/stretches.hpp>

namespace autograd::detail {

namespace {

template <class T>
void shift(T*& base, std::size_t leaves, std::size_t operations, std::size_t more_leaves) {
  std::memmove(base - leaves + more_leaves, base - leaves, (leaves + operations) * sizeof(T));
  base += more_leaves;
}

}  // namespace

// Doubles their number. The arrays by node begin with the leaves: what is there moves up.
void Tape::more_leaves() {
  enter_thread();
  const Id more = leaves.capacity == 0 ? 64 : leaves.capacity;
  if (leaves.capacity > static_cast<Id>(kMostOperations) - more) {
    throw Error("the graph is full: it holds at most 2^30 leaves per thread");
  }
  const auto before = static_cast<std::size_t>(leaves.capacity);
  const auto added = static_cast<std::size_t>(more);
  const auto operations = static_cast<std::size_t>(node_extent());
  leaves.free = array<Id>(memory.free_leaves, before + added, kMostOperations);
  leaves.dead = array<Id>(memory.dead_leaves, before + added, kMostOperations);
  data = array_around<double>(memory.data, before, capacity + added);
  adjoint = array_around<double>(memory.adjoint, before, capacity + added);
  tag = array_around<Tag>(memory.tag, before, capacity + added);
  // Nothing below can fail.
  shift(data, before, operations, added);
  shift(adjoint, before, operations, added);
  shift(tag, before, operations, added);
  for (Id id = -leaves.capacity - more; id < -leaves.capacity; ++id) {
    data[id] = adjoint[id] = 0.0;
    tag[id] = {kUnused, 0, 0};
    if (id < kZero) leaves.free[leaves.free_count++] = id;
  }
  if (leaves.capacity == 0) tag[kNumber] = tag[kZero] = {kConstant, 1, 0};
  leaves.capacity += more;
}

bool Tape::is_fresh(Id id) const {
  constexpr std::ptrdiff_t kMostEdges = 64;  // that are looked at
  if (tag[id].code != kVariable || tag[id].edges != 0) return false;
  const Leaves::Recent* leaf = &leaves.newest;
  // Of two with this id the later one counts.
  for (std::uint32_t age = 1; leaf->id != id; ++age) {
    if (age > std::size(leaves.recent)) return false;
    leaf = &leaves.recent[(leaves.made - age) % std::size(leaves.recent)];
  }
  if (edge_end - leaf->since > kMostEdges) return false;
  return std::none_of(leaf->since, static_cast<const Edge*>(edge_end),
                      [id](const Edge& edge) { return edge.id == id; });
}

// When the last handle of a leaf has ended.
void Tape::on_dead_leaf(Id id) {
  if (tag[id].handles == 0 && is_fresh(id)) {  // a tracked handle that ends may not be the last
    take_back(id);
    if (thread_ended) leave_thread();
    return;
  }
  if ((tag[id].code & kListed) == 0) {
    tag[id].code |= kListed;
    leaves.dead[leaves.dead_count++] = id;
  }
  if (size == 0 || leaves.dead_count >= leaves.collect_at) collect_leaves();
  if (thread_ended) leave_thread();
}

template <class Visit> void Tape::visit_leaf_edges(const Visit& visit) const {
  for (std::size_t k = 0; k < stretch_count(); ++k) {
    const Stretch each = stretch(k);
    for (const Edge* e = edges + each.edge_begin; e != edges + each.edge_end; ++e)
      if (e->id < 0) visit(e->id);
  }
}

// Frees the dead leaves that no operation uses.
// Cost: a look at every edge, so that it waits until there are many dead leaves.
void Tape::collect_leaves() {
  visit_leaf_edges([this](Id leaf) { tag[leaf].code |= kReferenced; });
  Id kept = 0;
  for (Id i = 0; i < leaves.dead_count; ++i) {
    const Id id = leaves.dead[i];
    if (tag[id].handles > 0 || (tag[id].edges & kHasTracked) != 0) {
      tag[id].code &= static_cast<Code>(~kListed);  // it was found again through the graph
    } else if ((tag[id].code & kReferenced) != 0) {
      leaves.dead[kept++] = id;
    } else {
      if ((tag[id].edges & kLabelled) != 0) annotations->labels.erase(id);
      tag[id] = {kUnused, 0, 0};
      leaves.free[leaves.free_count++] = id;
    }
  }
  leaves.dead_count = kept;
  visit_leaf_edges([this](Id leaf) { tag[leaf].code &= static_cast<Code>(~kReferenced); });
  leaves.collect_at = std::max({Id{64}, 2 * kept, static_cast<Id>(total_edges() / 16)});
}

}  // namespace autograd::detail
