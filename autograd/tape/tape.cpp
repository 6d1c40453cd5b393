// Recording of what is not inlined, and where the edges of an operation lie.
#include "autograd/tape/tape.hpp"

#include <algorithm>

#include <autograd/tape/arrays.hpp>

namespace autograd::detail {

// ---- recording ----

Edge* Tape::room_for(std::size_t count) {
  make_room(count);
  return edge_end;
}

Id Tape::push_many(Code op, double result, std::size_t count) {
  tag[size] = {op, 1, 0};
  set_edge_count(size, static_cast<std::uint32_t>(count));  // may fail: the node is not there yet
  const std::uint16_t edges_word = tag[size].edges;
  const Id id = push(op, result, 0);
  tag[id].edges = edges_word;
  edge_end += count;
  return id;
}

void Tape::begin_sum(Id first, Id product, double result) {
  room();
  const std::uint16_t terms = tag[product].edges;
  edge_end[0] = {1.0, first};
  edge_end[1] = {data[first], kNumber};
  edge_end += terms;
  data[product] = result;
  tag[product].code = terms == 2 ? code<ops::Dot> : code<ops::Sum>;
  tag[product].edges = static_cast<std::uint16_t>(2 * terms);
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

// Of operation `id` the first.
// Cost: amortised one look at each operation on the tape.
std::uint32_t Tape::first_edge(Id id) {
  if (no_grad.guards > 0) drop_edges();
  if (id >= index.known) {
    if (index.capacity < capacity) {
      index.begin = array<std::uint32_t>(memory.index, capacity, kMostOperations);
      index.capacity = capacity;
    }
    const Id last = index.known - 1;
    std::uint32_t begin = last < 0 ? 0 : index.begin[last] + edge_count(last);
    for (Id i = index.known; i < size; ++i) {
      index.begin[i] = begin;
      begin += edge_count(i);
    }
    index.known = size;
    sealed_end = std::max(sealed_end, index.known);
  }
  return index.begin[id];
}

}  // namespace autograd::detail
