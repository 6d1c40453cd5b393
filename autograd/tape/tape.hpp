// The graph: a tape of operations in the order in which they were recorded, and the leaves they
// start from. Each thread has its own.
//
// Users meet it through Value and graph_statistics(). README.md in this folder prints a tape and
// explains its parts; each .cpp file here is one of them.
//
// Invariants
// 1. An id names a node and is its place in the arrays, negative for leaves. An operation uses
//    earlier operations and leaves only: counting times down, which are ids until places are used
//    again (stretches.hpp), visits every node after all nodes that use it.
// 2. The edges of the operations lie one behind the other, those of the last operation end at
//    edge_end. Each has one at least, but for no_grad.count of them: before edge_limit there is room
//    for operations too.
// 3. Every handle (Value) of a node is counted. An operation on top of the tape that has no handle
//    is dropped at once, one that lies deeper when its place is needed.
// 4. A leaf without a handle is used again when no operation that might use it is left.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <autograd/error.hpp>
#include <autograd/ops.hpp>
#include <autograd/system/growing_array.hpp>
#include <autograd/system/prefetch.hpp>
#include <autograd/tape/nodes.hpp>

namespace autograd {

class Value;

namespace detail {

struct Annotations;
struct CustomRule;
class Living;
class RunningCall;
struct Stretch;
struct Stretches;
class Strict;
struct Tracing;

struct Tape {
  // By id, negative for leaves.
  double* data = kNoLeaves + 2;
  // d(root)/d(node) of the last backward pass; of leaves added up, and -0.0 if there was none.
  double* adjoint = kNoLeaves + 2;
  Tag* tag = nullptr;

  Edge* edges = nullptr;
  Edge* edge_end = nullptr;  // behind the edges in use
  // Before it two edges may be written without asking make_room(). Null under a NoGradGuard.
  Edge* edge_limit = nullptr;
  Id size = 0;                 // operations on the tape
  std::uint32_t capacity = 0;  // of operations and of edges
  // Of the current stretch: up to here there is room for operations, and for edges.
  Id size_limit = 0;
  std::uint32_t edges_limit = 0;
  std::uint32_t thread = 0;  // names this tape
  Id sealed_end = 0;  // the operations below have been swept or indexed, and do not grow any more
  bool thread_ended = false;
  Reclaiming reclaiming = Reclaiming::kWhenFull;
  std::uint32_t most_operations = kMostOperations;  // and edges; fewer in a test
  std::uint32_t order_held = 0;                     // OrderHeld objects alive
  TimeMark* time_marks = nullptr;                   // the innermost
  Stretches* stretches = nullptr;  // null while the operations are 0, 1, 2, ... size - 1
  Tracing* tracing = nullptr;      // while a Function is traced
  Strict* strict = nullptr;        // while derivatives are strict

  LastSweep last_sweep;
  EdgeIndex index;
  Leaves leaves;
  NoGradState no_grad;
  struct {
    GrowingArray data, adjoint, tag, edges, index, free_leaves, dead_leaves;
  } memory;
  Annotations* annotations = nullptr;  // what few nodes have
  RunningCall* call = nullptr;         // the innermost that differentiates a function of Values
  std::size_t tie_count = 0;           // of max and its like, recorded of two nodes

  // ---- recording (tape.cpp) ----

  // Makes room for an operation with up to two edges.
  [[gnu::always_inline]] void room() {
    if (edge_end >= edge_limit) [[unlikely]]
      make_room(2);
  }
  // Appends an operation whose `count` edges have been written behind the last one.
  [[gnu::always_inline]] Id push(Code op, double result, std::uint16_t count) {
    const Id id = size;
    if (id < 0) __builtin_unreachable();
    data[id] = result;
    tag[id] = {op, 1, count};
    edge_end += count;
    prefetch<For::kWriting>(edge_end, kEdgesAhead);
    prefetch<For::kWriting>(data + id, kDataAhead);
    size = id + 1;
    return id;
  }
  // The same for any number of edges: room_for(), write them, push_many().
  Edge* room_for(std::size_t count);
  Id push_many(Code op, double result, std::size_t count);

  // Whether nobody would notice operation `id` growing by up to two edges: it has this code, one
  // handle, no label.
  bool may_grow(Id id, Code op) const {
    return tag[id].code == op && static_cast<unsigned>(tag[id].handles - 1) < 2 &&
           id >= sealed_end && static_cast<std::uint16_t>(tag[id].edges - 1) < kMany - 3;
  }
  // Sums that grow in place: the product on top of the tape, which nobody else names, becomes a
  // term of the sum it is added to.
  //   s += number * x   adds an edge to a Sum
  //   s += x * y        adds two edges to a Dot, whose edges are pairs of factors
  [[gnu::always_inline]] bool add_product(Id sum, Id product, double result) {
    const std::uint16_t terms = tag[product].edges;
    const Code kind = terms == 2 ? code<ops::Dot> : code<ops::Sum>;
    if (!may_grow(sum, kind) || edge_end[-1].id == sum || (terms == 2 && edge_end[-2].id == sum)) {
      return false;
    }
    data[sum] = result;
    tag[sum].edges = static_cast<std::uint16_t>(tag[sum].edges + terms);
    size = product;
    return true;
  }
  // The same where `first` is no such sum yet: the product becomes one, and `first` its second term.
  // Of a Dot that is the pair 1 * first. False if there is no room for it above the product.
  bool begin_sum(Id first, Id product, double result);
  bool is_product(Id id) const {
    return id == size - 1 && may_grow(id, code<ops::Mul>) && edge_limit != nullptr;
  }
  void begin_no_grad();
  void end_no_grad();
  void drop_edges();
  // Of an operation with a unique handle that is about to be kept.
  Id leaf_instead(Id id);

  // ---- handles (handles.cpp) ----

  // Makes a unique handle a shared one.
  void share(Id id) { tag[id].handles = 2; }
  // One more handle of a node that has no unique one.
  Handle acquire(Id id) {
    if (tag[id].handles == kMostHandles) [[unlikely]]
      return track(id);
    tag[id].handles = static_cast<std::uint8_t>(tag[id].handles + 2);
    return kShared;
  }
  // On every way through there is one store to the count: see handles.cpp.
  [[gnu::always_inline]] void release(Id id, Handle handle) {
    if (handle == kUnique) {
      tag[id].handles = 0;
    } else if (handle == kTracked) {
      untrack(id);
    } else {
      const unsigned left = tag[id].handles - 2u;
      tag[id].handles = static_cast<std::uint8_t>(left);
      if (left != 0) return;
    }
    after_release(id);
  }
  // Of an operand of the operation on top of the tape.
  [[gnu::always_inline]] void release_consumed(Id id, Handle handle) {
    if (id < 0 || handle != kUnique) return release(id, handle);
    tag[id].handles = 0;
  }
  // After a handle has ended that may have been the last of its node. If that is an operation below
  // the top there is nothing to do.
  [[gnu::always_inline]] void after_release(Id id) {
    if (static_cast<std::uint32_t>(id) + 1 >= static_cast<std::uint32_t>(size)) on_last_release(id);
  }
  Handle acquire_unknown(Id id);  // of a node that may have a unique handle, or none at all
  Handle track(Id id);
  void untrack(Id id);
  void on_last_release(Id id);
  void pop_unreferenced();
  void drop_operations(Id top, Edge* end);

  // ---- leaves (leaves.cpp) ----

  Id leaf(double x, Code kind) {
    if (leaves.free_count == 0) [[unlikely]]
      more_leaves();
    const Id id = leaves.free[--leaves.free_count];
    if (id >= kZero) __builtin_unreachable();
    adjoint[id] = -0.0;
    data[id] = x;
    tag[id] = {kind, 1, 0};
    leaves.recent[leaves.made++ % 8] = leaves.newest;
    leaves.newest = {id, edge_end};
    return id;
  }
  // Whether nothing leads to this leaf but its handle: it was made a moment ago, it is no operand
  // of an operation, has no label, is not frozen.
  bool is_fresh(Id id) const;
  // The same, for where the compiler sees how the leaf was made: most of it is known to it then.
  [[gnu::always_inline]] bool is_fresh_here(Id id) const {
    if (leaves.newest.id != id) return is_fresh(id);
    if (tag[id].code != kVariable || tag[id].edges != 0) return false;
    const Edge* const since = leaves.newest.since;
    if (since == edge_end) return true;
    if (edge_end <= since + 2) return edge_end[-1].id != id && since->id != id;
    return is_fresh(id);
  }
  // Undoes leaf() for a fresh one. Its number.
  double take_back(Id id) {
    const double x = data[id];
    tag[id] = {kUnused, 0, 0};
    leaves.free[leaves.free_count++] = id;
    return x;
  }
  // Where the edges that may lead to them lie is not known any more.
  void forget_recent_leaves() {
    for (auto& each : leaves.recent) each.id = 0;
    leaves.newest.id = 0;
  }
  // After edges from here on were dropped or moved. No leaf was made later than the newest.
  void forget_edges_from(const Edge* end) {
    if (leaves.newest.since <= end) return;
    for (auto& each : leaves.recent) each.since = std::min(each.since, end);
    leaves.newest.since = end;
  }
  void more_leaves();
  void on_dead_leaf(Id id);
  void collect_leaves();
  template <class Visit> void visit_leaf_edges(const Visit& visit) const;

  // ---- the order of recording (stretches.cpp) ----

  // Leaves have their id for a time: they come before all operations.
  Time time_of(Id id) const { return stretches == nullptr || id < 0 ? id : time_of_stretched(id); }
  Id at_time(Time t) const { return stretches == nullptr || t < 0 ? t : at_stretched(t); }
  Time now() const;  // of the next operation; so many are on the tape
  Time time_of_stretched(Id id) const;
  Id at_stretched(Time t) const;
  std::size_t stretch_count() const;
  Stretch stretch(std::size_t k) const;  // in the order of recording
  Id node_extent() const;                // no operation lies at this id or higher
  std::size_t total_edges() const;       // of all operations
  void enter(const Stretch& next);
  bool next_stretch();
  bool previous_stretch();
  void forget_stretches();
  void mark_now();                   // after operations have ended: no mark lies above the top
  bool reclaim(std::size_t needed);  // reclaim.cpp

  // ---- edges (tape.cpp) ----

  std::uint32_t edge_size() const { return static_cast<std::uint32_t>(edge_end - edges); }
  std::uint32_t first_edge(Id id);
  void room_in_index();
  std::span<const Edge> edges_of(Id id) {
    // What was recorded under a guard is not known to the index until its edges have been dropped.
    if (id >= index.from && id < index.known && tag[id].edges < kMany) [[likely]]
      return {edges + index.begin[id], tag[id].edges};
    return {edges + first_edge(id), edge_count(id)};
  }
  Code operation(Id id) const { return tag[id].code; }
  std::uint32_t edge_count(Id id) const {
    const unsigned count = tag[id].edges & kMany;
    return count < kMany ? count : many_edges(id);
  }
  // Whether it is a frozen leaf, or a result that has let go of its operands.
  bool is_constant(Id id) {
    if (id < 0) return id == kZero || (tag[id].code & kHasGradient) == 0;
    if (no_grad.guards > 0) drop_edges();
    return edge_count(id) == 0;
  }

  // ---- the reverse sweep (backward.cpp) ----

  void backward(Id root, double seed);
  // The sweep from operation `root` down to the time `floor`, with adjoints of its own in adj: by
  // id, for all leaves and operations there are. Those of operations from the floor on are set,
  // those of leaves added to; others are not for use.
  void backward_to(Time floor, Id root, double* adj);
  void backward_stretched(Id root, double seed);
  void prepare_sweep();
  bool has_been_swept(Id operation) const;

  // ---- memory (memory.cpp) ----

  void make_room(std::size_t edges);
  void set_edge_limit();
  void more_room(std::size_t edges);
  void enter_thread();  // names the tape, and sees to it that it ends with its thread
  void leave_thread();
  [[noreturn]] static void foreign_thread();
  [[noreturn]] static void out_of_memory();  // beside the arrays, which say so themselves

  // ---- what few nodes have (annotations.cpp) ----

  std::string_view label(Id id) const;
  void set_label(Id id, std::string text);
  void move_label(Id from, Id to);             // cannot fail
  const CustomRule* custom_rule(Id id) const;  // of an operation whose code is that of ops::Custom
  void set_custom_rule(Id id, std::shared_ptr<const CustomRule> rule);
  std::uint32_t many_edges(Id id) const;
  void set_edge_count(Id id, std::uint32_t count);
  void drop_annotations(Id from, Id to);        // of the operations from <= id < to
  void drop_annotations(const Living& living);  // of all that do not live
  Annotations& annotated();
};

extern constinit thread_local Tape tape;

// While one is alive nothing is reclaimed, and times do not change.
class OrderHeld {
 public:
  OrderHeld() { ++tape.order_held; }
  ~OrderHeld() { --tape.order_held; }
  OrderHeld(const OrderHeld&) = delete;
  OrderHeld& operator=(const OrderHeld&) = delete;
};

}  // namespace detail
}  // namespace autograd
