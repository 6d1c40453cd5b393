// The graph: a tape of operations in the order in which they were recorded, and the leaves they
// start from.
//
// Each thread has its own. Users meet it only through Value and graph_statistics().
//
// Invariants
// 1. An id names a node: operations are 0, 1, 2, ... in order of recording, leaves are negative. An
// operation uses
//    earlier operations and leaves only, so that counting ids down visits every node after all that
//    use it.
// 2. The edges of the operations lie one behind the other: those of the last operation end at
// edge_end. There are at most as many operations as edges and `edgeless_count` ones together, so that room
// for the edges is room for the operation.
// 3. Every handle (Value) of a node is counted. An operation on top of the tape without a handle is
// dropped at once;
//    one that lies deeper is dropped together with what lies above it.
// 4. A leaf without a handle is used again when no operation that might use it is left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/error.hpp>
#include <autograd/ops.hpp>
#include <autograd/system/growing_array.hpp>

namespace autograd {

class Value;

namespace detail {

struct CustomRule;
struct Tracing;

using Id = std::int32_t;
// The code of an operation is its place in ops::All and these bits.
inline constexpr Code kLabelled = 0x40, kHasTracked = 0x80;
static_assert(ops::All::size <= kLabelled);
// The code of a leaf is made of these bits.
// Without kHasGradient it is a constant, or frozen.
inline constexpr Code kLeaf = 0x40, kHasGradient = 1, kListed = 2, kReferenced = 4, kUnused = 8;
inline constexpr Code kConstant = kLeaf, kVariable = kLeaf | kHasGradient;

inline constexpr Id kNumber =
    -1;  // where the edge of a plain number leads; the number is the edge's partial
inline constexpr Id kZero =
    -2;  // what a default-constructed or moved-from Value names: the constant 0

// From an operation to one of its operands.
struct [[gnu::packed]] Edge {
  double partial;  // the local derivative
  Id id;
};
static_assert(sizeof(Edge) == 12);

struct Tag {
  std::uint16_t code : 8;     // Code
  std::uint16_t handles : 8;  // 0: none but tracked; 1: an only one; n + 1: n counted ones
  std::uint16_t edges;        // kMany = see Extras::edges
};
inline constexpr std::uint16_t kMostHandles = 0xff, kMany = 0xffff;

// How a handle is counted.
//   kUnique     In Tag::handles, which is 1: no other was made from it. Nothing is read when it ends.
//   kShared  In Tag::handles.
//   kTracked      In Extras::tracked: one made from the id of a node that has an only handle, and those
//   for
//             which Tag::handles has no room.
enum Handle : std::uint32_t { kShared, kUnique, kTracked };

// What data and adjoint lead to before the first leaf is made: the zeros of kZero and kNumber.
inline constinit double kNoLeaves[2] = {};

struct Tape {
  // By id, negative for leaves.
  double* data = kNoLeaves + 2;
  double* adjoint =
      kNoLeaves +
      2;  // d(root)/d(node) of the last backward pass; of leaves: added up, -0.0 if none yet
  Tag* tag = nullptr;
  Edge* edges = nullptr;
  Edge* edge_end = nullptr;    // behind the edges in use
  Edge* edge_limit = nullptr;  // before it two edges may be written without asking make_room();
                               // null under a NoGradGuard
  Id size = 0;                 // operations on the tape
  std::uint32_t capacity = 0;  // of operations and of edges
  std::uint32_t thread = 0;    // names this tape
  Id swept_from = -1,
     swept_to =
         0;  // operations whose adjoints the last backward pass wrote: swept_to <= id <= swept_from
  Id adjoints_cleared_to = 0;  // adjoints of operations from here on have not been set to 0
  std::uint32_t* edge_begin = nullptr;  // by operation, found when asked for: see first_edge()
  Id indexed = 0;                       // how many of these are known
  std::uint32_t index_capacity = 0;
  Id sealed_end =
      0;  // the operations below have been swept or indexed and must not change any more

  Id* free_leaves = nullptr;  // stacks of leaf ids
  Id* dead_leaves = nullptr;  // no handle, but an operation may still use it
  Id free_leaf_count = 0, dead_leaf_count = 0, dead_leaf_limit = 0;
  Id leaf_capacity = 0;
  Id edgeless_count = 0;       // at least as many as there are operations without edges
  std::uint32_t guards = 0;    // NoGradGuards alive
  Id no_grad_begin = 0;        // while there are any: operations from here on lose their edges
  bool thread_ended = false;   // the thread has ended
  Tracing* tracing = nullptr;  // while a Function is traced
  struct {
    GrowingArray data, adjoint, tag, edges, edge_begin, free_leaves, dead_leaves;
  } memory;
  struct Extras;  // what few nodes have
  Extras* extras = nullptr;

  Id leaf(double x, Code kind) {
    if (free_leaf_count == 0) [[unlikely]]
      more_leaves();
    const Id id = free_leaves[--free_leaf_count];
    data[id] = x;
    adjoint[id] = -0.0;
    tag[id] = {kind, 1, 0};
    return id;
  }

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
  // term of the sum it was added to.
  //   s += number * x   adds an edge to a Sum
  //   s += x * y        adds two edges to a Dot, whose edges are pairs of factors; the first pair
  //   is 1 * (what s was).
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
  // The same where `first` is no such sum yet: then the product becomes one.
  void begin_sum(Id first, Id product, double result);
  bool is_product(Id id) const {
    return id == size - 1 && may_grow(id, code<ops::Mul>) && edge_limit != nullptr;
  }

  // Makes an only handle a counted one.
  void share(Id id) { tag[id].handles = 2; }
  // One more handle of a node that has no only one.
  Handle acquire(Id id) {
    if (tag[id].handles == kMostHandles) [[unlikely]]
      return track(id);
    tag[id].handles = static_cast<std::uint8_t>(tag[id].handles + 1);
    return kShared;
  }
  [[gnu::always_inline]] void release(Id id, Handle handle) {
    if (handle == kUnique) {
      tag[id].handles = 0;
    } else if (handle == kTracked) {
      untrack(id);
    } else {
      tag[id].handles = static_cast<std::uint8_t>(tag[id].handles - 1);
      if (tag[id].handles > 1) return;
      tag[id].handles = 0;
    }
    check_last_release(id);
  }
  // Of an operand of the operation on top.
  [[gnu::always_inline]] void release_consumed(Id id, Handle handle) {
    if (id < 0 || handle != kUnique) return release(id, handle);
    tag[id].handles = 0;
  }
  // After a handle has ended that may have been the last: for an operation that is not on top there
  // is nothing to do.
  [[gnu::always_inline]] void check_last_release(Id id) {
    if (static_cast<std::uint32_t>(id) + 1 >= static_cast<std::uint32_t>(size)) on_last_release(id);
  }

  void make_room(std::size_t edges);
  void set_edge_limit();
  void more_leaves();
  Handle acquire_unknown(Id id);  // of a node that may have an only handle, or none at all
  Handle track(Id id);
  void untrack(Id id);
  void on_last_release(Id id);
  void pop_unreferenced();
  void collect_leaves();
  void leave_thread();
  Extras& more();

  void backward(Id root, double seed);
  // Whether it is a frozen leaf, or a result that has let go of its operands.
  bool is_constant(Id id) {
    if (id < 0) return id == kZero || (tag[id].code & kHasGradient) == 0;
    if (guards > 0) drop_edges();
    return tag[id].edges == 0;
  }
  std::uint32_t edge_size() const { return static_cast<std::uint32_t>(edge_end - edges); }
  std::uint32_t first_edge(Id id);
  std::span<const Edge> edges_of(Id id) {
    if (guards == 0 && id < indexed && tag[id].edges != kMany) [[likely]]
      return {edges + edge_begin[id], tag[id].edges};
    return {edges + first_edge(id), edge_count(id)};
  }
  Code operation(Id id) const { return static_cast<Code>(tag[id].code & (kLabelled - 1)); }
  std::uint32_t edge_count(Id id) const;
  void set_edge_count(Id id, std::uint32_t count);
  [[noreturn]] static void foreign_thread();
  [[noreturn]] static void out_of_memory();  // beside the arrays, which say so themselves
  std::string_view label(Id id) const;
  void set_label(Id id, std::string text);
  const CustomRule* custom_rule(Id id) const;  // of an operation whose code is that of ops::Custom
  void set_custom_rule(Id id, std::shared_ptr<const CustomRule> rule);
  void drop_edges();
};

// What there is of an operation of the user's own, beside its node.
struct CustomRule {
  std::string name;
  std::function<std::vector<Value>(std::span<const Value>)>
      derivatives;      // empty if they are known as numbers only
  bool traced = false;  // the last operand is its value, written with operations of the library

  // Error unless there is a local derivative for each operand.
  void require(std::size_t operands, std::size_t given) const;
};

extern constinit thread_local Tape tape;

}  // namespace detail
}  // namespace autograd
