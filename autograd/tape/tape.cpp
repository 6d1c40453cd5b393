#include "autograd/tape/tape.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <new>
#include <unordered_map>

namespace autograd::detail {

constinit thread_local Tape tape;

namespace {

constexpr std::uint32_t kMostOperations = 1u << 30;  // and as many leaves and edges, per thread

std::atomic<std::uint32_t> threads{0};

// Made beforehand: when it is thrown there may be no memory for its text.
const Error kOutOfMemory(
    "out of memory: what was asked of the graph does not fit. Let results go out of scope earlier, "
    "or detach() what needs no gradient.");

// Frees the tape when its thread ends. Touched when the tape first takes memory, so that Tape
// itself needs no destructor and its use no check.
struct ThreadExitHook {
  ~ThreadExitHook() { tape.leave_thread(); }
  void arm() {}
};
thread_local ThreadExitHook thread_exit_hook;

template <class T> T* array(GrowingArray& block, std::size_t count, std::size_t most) {
  return static_cast<T*>(block.grow(count * sizeof(T), most * sizeof(T)));
}

// For arrays indexed by leaves and operations alike, which start behind the leaves.
template <class T> T* array_around(GrowingArray& block, std::size_t leaves, std::size_t more) {
  return array<T>(block, leaves + more, 2 * std::size_t{kMostOperations}) + leaves;
}

template <class T>
void shift(T*& base, std::size_t leaves, std::size_t operations, std::size_t more_leaves) {
  std::memmove(base - leaves + more_leaves, base - leaves, (leaves + operations) * sizeof(T));
  base += more_leaves;
}

}  // namespace

struct Tape::Extras {
  std::map<Id, std::string> labels;
  std::map<Id, std::shared_ptr<const CustomRule>> custom_rules;
  std::map<Id, std::uint32_t> edges;  // of operations with kMany or more
  std::unordered_map<Id, std::size_t> tracked;
};

Edge* Tape::room_for(std::size_t count) {
  make_room(count);
  return edge_end;
}

Id Tape::push_many(Code op, double result, std::size_t count) {
  if (count >= kMany) set_edge_count(size, static_cast<std::uint32_t>(count));  // what may fail
  const Id id = push(op, result, 0);
  set_edge_count(id, static_cast<std::uint32_t>(count));
  edge_end += count;
  if (count == 0) {
    ++edgeless_count;
    set_edge_limit();
  }
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

void Tape::make_room(std::size_t more_edges) {
  if (leaf_capacity == 0) more_leaves();
  if (guards > 0) drop_edges();
  const std::size_t used = edge_size();
  const std::size_t at_least =
      used + std::max<std::size_t>(more_edges, 1) + static_cast<std::size_t>(edgeless_count);
  if (at_least <= capacity) return set_edge_limit();
  if (at_least > kMostOperations) {
    throw Error("the graph is full: it holds at most 2^30 operations and edges per thread");
  }
  const std::size_t doubled = std::max({at_least, std::size_t{2} * capacity, std::size_t{1024}});
  const auto wanted = static_cast<std::uint32_t>(std::min<std::size_t>(doubled, kMostOperations));
  const auto leaves = static_cast<std::size_t>(leaf_capacity);
  data = array_around<double>(memory.data, leaves, wanted);
  adjoint = array_around<double>(memory.adjoint, leaves, wanted);
  tag = array_around<Tag>(memory.tag, leaves, wanted);
  edges = array<Edge>(memory.edges, wanted, kMostOperations);
  edge_end = edges + used;
  capacity = wanted;
  set_edge_limit();
}

void Tape::set_edge_limit() {
  const auto kept = static_cast<std::uint32_t>(edgeless_count) + 1;
  edge_limit = guards > 0 || capacity <= kept ? nullptr : edges + (capacity - kept);
}

void Tape::more_leaves() {
  thread_exit_hook.arm();
  if (thread == 0) thread = ++threads;
  const Id more = leaf_capacity == 0 ? 64 : leaf_capacity;
  if (leaf_capacity > static_cast<Id>(kMostOperations) - more) {
    throw Error("the graph is full: it holds at most 2^30 leaves per thread");
  }
  const auto leaves = static_cast<std::size_t>(leaf_capacity),
             added = static_cast<std::size_t>(more);
  const auto operations = static_cast<std::size_t>(size);
  free_leaves = array<Id>(memory.free_leaves, leaves + added, kMostOperations);
  dead_leaves = array<Id>(memory.dead_leaves, leaves + added, kMostOperations);
  data = array_around<double>(memory.data, leaves, capacity + added);
  adjoint = array_around<double>(memory.adjoint, leaves, capacity + added);
  tag = array_around<Tag>(memory.tag, leaves, capacity + added);
  // Nothing below can fail.
  shift(data, leaves, operations, added);
  shift(adjoint, leaves, operations, added);
  shift(tag, leaves, operations, added);
  for (Id id = -leaf_capacity - more; id < -leaf_capacity; ++id) {
    data[id] = adjoint[id] = 0.0;
    tag[id] = {kUnused, 0, 0};
    if (id < kZero) free_leaves[free_leaf_count++] = id;
  }
  if (leaf_capacity == 0) tag[kNumber] = tag[kZero] = {kConstant, 1, 0};
  leaf_capacity += more;
}

// Under a NoGradGuard an operation is recorded as always, and loses its edges when anybody asks for
// the graph again.
void Tape::drop_edges() {
  const Id last = size - 1;
  if (last < no_grad_begin || tag[last].edges == 0) return;
  edge_end -= edge_count(last);
  set_edge_count(last, 0);
  ++edgeless_count;
}

// ---- lifetime ----

Handle Tape::acquire_unknown(Id id) {
  if (tag[id].handles == 1) return track(id);
  if (tag[id].handles > 1) return acquire(id);
  tag[id].handles = 2;
  return kShared;
}

Handle Tape::track(Id id) try {
  ++more().tracked[id];
  tag[id].code |= kHasTracked;
  return kTracked;
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void Tape::untrack(Id id) {
  const auto tracked = extras->tracked.find(id);
  if (--tracked->second > 0) return;
  extras->tracked.erase(tracked);
  tag[id].code &= static_cast<Code>(~kHasTracked);
}

void Tape::on_last_release(Id id) {
  if (id >= 0) return pop_unreferenced();
  if ((tag[id].code & kListed) == 0) {
    tag[id].code |= kListed;
    dead_leaves[dead_leaf_count++] = id;
  }
  if (size == 0 || dead_leaf_count >= dead_leaf_limit) collect_leaves();
  if (thread_ended) leave_thread();
}

// Drops operations from the top as long as they have no handle.
void Tape::pop_unreferenced() {
  Id top = size;
  std::uint32_t end = edge_size();
  for (constexpr Id kBlock = 64; top >= kBlock; top -= kBlock) {
    std::uint32_t tags[kBlock];
    std::memcpy(tags, tag + top - kBlock, sizeof tags);
    std::uint32_t all = 0, many = 0, count = 0;
    for (const std::uint32_t each : tags) {
      all |= each;
      many |= (each >> 16) + 1;  // 0x10000 for kMany
      count += each >> 16;
    }
    if ((all & (0xff00 | kHasTracked)) != 0 || (many & 0x10000) != 0) break;
    end -= count;
  }
  while (top > 0 && tag[top - 1].handles == 0 && (tag[top - 1].code & kHasTracked) == 0) {
    end -= edge_count(--top);
  }
  size = top;
  edge_end = edges + end;
  adjoints_cleared_to = std::min(adjoints_cleared_to, top);
  sealed_end = std::min(sealed_end, top);
  no_grad_begin = std::min(no_grad_begin, top);
  edgeless_count = std::min(edgeless_count, top);
  swept_from = std::min(swept_from, top - 1);
  indexed = std::min(indexed, top);
  if (extras != nullptr) {
    extras->labels.erase(extras->labels.lower_bound(top), extras->labels.end());
    extras->edges.erase(extras->edges.lower_bound(top), extras->edges.end());
    // A rule may hold Values, whose end comes back here: so the rules end last, and outside of the
    // map.
    std::map<Id, std::shared_ptr<const CustomRule>> ended;
    while (!extras->custom_rules.empty() && extras->custom_rules.rbegin()->first >= top) {
      ended.insert(extras->custom_rules.extract(std::prev(extras->custom_rules.end())));
    }
  }
  if (size == 0) {
    if (dead_leaf_count > 0) collect_leaves();
    if (thread_ended) leave_thread();
  }
}

// Frees the leaves without a handle that no operation uses. Its cost is that of a look at every
// edge, so that it waits until there are many such leaves.
void Tape::collect_leaves() {
  for (const Edge* e = edges; e != edge_end; ++e) {
    if (e->id < 0) tag[e->id].code |= kReferenced;
  }
  Id kept = 0;
  for (Id i = 0; i < dead_leaf_count; ++i) {
    const Id id = dead_leaves[i];
    if (tag[id].handles > 0 || (tag[id].code & kHasTracked) != 0) {
      tag[id].code &= static_cast<Code>(~kListed);
    } else if ((tag[id].code & kReferenced) != 0) {
      dead_leaves[kept++] = id;
    } else {
      if (extras != nullptr) extras->labels.erase(id);
      tag[id] = {kUnused, 0, 0};
      free_leaves[free_leaf_count++] = id;
    }
  }
  dead_leaf_count = kept;
  for (const Edge* e = edges; e != edge_end; ++e) {
    if (e->id < 0) tag[e->id].code &= static_cast<Code>(~kReferenced);
  }
  dead_leaf_limit = std::max({Id{64}, 2 * kept, static_cast<Id>(edge_size() / 16)});
}

// Called at the end of the thread. Handles in statics may outlive it: then the last of them calls
// this again.
void Tape::leave_thread() {
  thread_ended = true;
  const Id leaves_alive = leaf_capacity == 0 ? 0 : leaf_capacity - 2 - free_leaf_count;
  if (size > 0 || leaves_alive > 0) return;
  for (GrowingArray* block : {&memory.data, &memory.adjoint, &memory.tag, &memory.edges,
                              &memory.edge_begin, &memory.free_leaves, &memory.dead_leaves}) {
    block->free();
  }
  delete extras;
  const std::uint32_t same_thread = thread;
  *this = Tape{};
  thread = same_thread;
  thread_ended = true;
}

void Tape::foreign_thread() {
  throw Error(
      "a Value was used on a thread other than the one that made it. Each thread has a graph of "
      "its own: pass "
      "numbers (data()) between threads and make new Values from them.");
}

void Tape::out_of_memory() { throw Error(kOutOfMemory); }

// ---- what few nodes have, or few callers ask for ----

std::uint32_t Tape::edge_count(Id id) const {
  return tag[id].edges != kMany ? tag[id].edges : extras->edges.at(id);
}

void Tape::set_edge_count(Id id, std::uint32_t count) try {
  if (count >= kMany) more().edges[id] = count;
  tag[id].edges = static_cast<std::uint16_t>(std::min<std::uint32_t>(count, kMany));
} catch (const std::bad_alloc&) {
  out_of_memory();
}

// Where the edges of operation `id` begin. Amortised cost: one look at each operation on the tape.
std::uint32_t Tape::first_edge(Id id) {
  if (guards > 0) drop_edges();
  if (id >= indexed) {
    if (index_capacity < capacity) {
      edge_begin = array<std::uint32_t>(memory.edge_begin, capacity, kMostOperations);
      index_capacity = capacity;
    }
    std::uint32_t begin = indexed == 0 ? 0 : edge_begin[indexed - 1] + edge_count(indexed - 1);
    for (Id i = indexed; i < size; ++i) {
      edge_begin[i] = begin;
      begin += tag[i].edges != kMany ? tag[i].edges : edge_count(i);
    }
    indexed = size;
    sealed_end = std::max(sealed_end, indexed);
  }
  return edge_begin[id];
}

Tape::Extras& Tape::more() {
  if (extras == nullptr) extras = new Extras;
  return *extras;
}

std::string_view Tape::label(Id id) const {
  if (extras == nullptr) return {};
  const auto found = extras->labels.find(id);
  return found == extras->labels.end() ? std::string_view{} : found->second;
}

void Tape::set_label(Id id, std::string text) try {
  const bool text_is_empty = text.empty();
  if (text_is_empty && extras == nullptr) return;
  if (text_is_empty) {
    extras->labels.erase(id);
  } else {
    more().labels[id] = std::move(text);
  }
  if (id >= 0) {
    tag[id].code &= static_cast<Code>(~kLabelled);
    if (!text_is_empty) tag[id].code |= kLabelled;
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void CustomRule::require(std::size_t operands, std::size_t given) const {
  if (given != operands) {
    throw Error("custom operation '" + name + "': " + std::to_string(operands) + " operands, but " +
                std::to_string(given) + " local derivatives; there must be one for each");
  }
}

const CustomRule* Tape::custom_rule(Id id) const { return extras->custom_rules.at(id).get(); }

void Tape::set_custom_rule(Id id, std::shared_ptr<const CustomRule> rule) try {
  more().custom_rules[id] = std::move(rule);
} catch (const std::bad_alloc&) {
  out_of_memory();
}

}  // namespace autograd::detail
