// Recording of what is not inlined, and where the edges of an operation lie.
#include "autograd/tape/tape.hpp"

#include <algorithm>

#include <autograd/tape/arrays.hpp>
#include <autograd/tape/stretches.hpp>

namespace autograd::detail {

// ---- recording ----

Edge* Tape::room_for(std::size_t count) {
  const bool has_room =
      edge_end < edge_limit && edge_limit - edge_end >= static_cast<std::ptrdiff_t>(count);
  if (!has_room) make_room(count);
  return edge_end;
}

Id Tape::push_many(Code op, double result, std::size_t count) {
  if (count < kMany) return push(op, result, static_cast<std::uint16_t>(count));
  tag[size] = {op, 1, 0};
  set_edge_count(size, static_cast<std::uint32_t>(count));  // may fail: the node is not there yet
  const std::uint16_t edges_word = tag[size].edges;
  const Id id = push(op, result, 0);
  tag[id].edges = edges_word;
  edge_end += count;
  return id;
}

bool Tape::begin_sum(Id first, Id product, double result) {
  room();
  if (product != size - 1 || product < sealed_end) return false;  // recording goes on elsewhere
  const std::uint16_t terms = tag[product].edges;
  edge_end[0] = {1.0, first};
  edge_end[1] = {data[first], kNumber};
  edge_end += terms;
  data[product] = result;
  tag[product].code = terms == 2 ? code<ops::Dot> : code<ops::Sum>;
  tag[product].edges = static_cast<std::uint16_t>(2 * terms);
  return true;
}

// ---- under a NoGradGuard ----

void Tape::begin_no_grad() {
  if (no_grad.guards++ == 0) {
    no_grad.begin = size;
    ++no_grad.count;
  }
  set_edge_limit();
}

void Tape::end_no_grad() {
  drop_edges();
  if (--no_grad.guards == 0) --no_grad.count;
  set_edge_limit();
}

// An operation is recorded as always, and loses its edges when anybody asks for the graph again.
void Tape::drop_edges() {
  const Id last = size - 1;
  if (last < no_grad.begin || edge_count(last) == 0) return;
  edge_end -= edge_count(last);
  forget_edges_from(edge_end);
  set_edge_count(last, 0);
  ++no_grad.count;
}

// An operation without edges is not to keep on the tape what lies below it, once it is kept itself:
// a leaf takes its place.
Id Tape::leaf_instead(Id id) {
  if (no_grad.guards > 0) drop_edges();
  if (id < 0 || (tag[id].edges & ~unsigned{kLabelled}) != 0) return id;
  const Id constant = leaf(data[id], kConstant);
  if ((tag[id].edges & kLabelled) != 0) move_label(id, constant);
  release(id, kUnique);
  return constant;
}

// ---- where edges lie ----

void Tape::room_in_index() {
  if (index.capacity >= capacity) return;
  index.begin = array<std::uint32_t>(memory.index, capacity, kMostOperations);
  index.capacity = capacity;
}

// Of operation `id` the first.
// Cost: amortised one look at each operation on the tape.
std::uint32_t Tape::first_edge(Id id) {
  if (no_grad.guards > 0) drop_edges();
  if (id >= index.from && id < index.known) return index.begin[id];
  room_in_index();
  const auto look = [this](Id from, Id end, std::uint32_t begin, Id stretch_begin) {
    std::uint32_t next =
        from == stretch_begin ? begin : index.begin[from - 1] + edge_count(from - 1);
    for (Id i = from; i < end; ++i) {
      index.begin[i] = next;
      next += edge_count(i);
    }
  };
  std::size_t k = 0;
  if (stretches != nullptr) k = stretches->find(id);
  const Stretch at = stretch(k);
  look(at.indexed, at.end, at.edge_begin, at.begin);
  if (k + 1 == stretch_count()) {
    index.known = size;
    sealed_end = std::max(sealed_end, size);
  } else {
    stretches->order[k].indexed = at.end;
  }
  return index.begin[id];
}

}  // namespace autograd::detail
