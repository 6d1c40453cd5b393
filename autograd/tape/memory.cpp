// The memory of a thread's tape: how its arrays grow, and how they end with the thread.
#include <algorithm>
#include <atomic>
#include <bit>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/arrays.hpp>
#include <autograd/tape/histories.hpp>
#include <autograd/tape/stretches.hpp>

namespace autograd::detail {

constinit thread_local Tape tape;

namespace {

std::atomic<std::uint32_t> threads{0};

// Frees the tape when its thread ends. Tape itself needs no destructor, and so its use no check
// whether it has been constructed.
struct ThreadExitHook {
  ~ThreadExitHook() { tape.leave_thread(); }
  void arm() {}
};
thread_local ThreadExitHook thread_exit_hook;

}  // namespace

void Tape::enter_thread() {
  thread_exit_hook.arm();
  if (thread == 0) thread = ++threads;
}

// For one more operation with this many edges.
void Tape::make_room(std::size_t more_edges) {
  if (leaves.capacity == 0) more_leaves();
  if (no_grad.guards > 0) drop_edges();
  const std::size_t needed = std::max<std::size_t>(more_edges, 2);
  const auto has_room = [&] { return size < size_limit && edges_limit - edge_size() >= needed; };
  // While a graph grows that has no gaps, every second doubling alone is preceded by a look at all.
  bool may_reclaim =
      stretches != nullptr || std::countr_zero(capacity) % 2 == 1 || capacity > most_operations / 2;
  if (reclaiming == Reclaiming::kAlways && reclaim(needed)) may_reclaim = false;
  while (!has_room()) {
    if (next_stretch()) continue;
    if (may_reclaim && reclaim(needed)) {
      may_reclaim = false;
      continue;
    }
    more_room(needed);
  }
  set_edge_limit();
}

namespace {

[[noreturn]] void graph_is_full() {
  throw Error(with_memory_errors([] {
    return "the graph is full: it holds at most 2^30 operations and edges per thread. What keeps "
           "most of it: " +
           text_of(longest_histories(3)) +
           ". Where a result is needed as a number only, keep its data() or detach() it.";
  }));
}

}  // namespace

// At the end of the last stretch, where nothing lies behind it.
void Tape::more_room(std::size_t edges_needed) {
  const std::size_t used = edge_size();
  const std::size_t at_least = std::max(used + edges_needed, static_cast<std::size_t>(size) + 1);
  if (at_least > most_operations) graph_is_full();
  const std::size_t doubled = 2 * std::max<std::size_t>(edges_limit, 4096);
  const auto wanted = static_cast<std::uint32_t>(
      std::min<std::size_t>(std::max(at_least, doubled), most_operations));
  if (wanted > capacity) {
    const auto before = static_cast<std::size_t>(leaves.capacity);
    data = array_around<double>(memory.data, before, wanted);
    adjoint = array_around<double>(memory.adjoint, before, wanted);
    tag = array_around<Tag>(memory.tag, before, wanted);
    edges = array<Edge>(memory.edges, wanted, kMostOperations);
    edge_end = edges + used;
    forget_recent_leaves();
    capacity = wanted;
  }
  size_limit = static_cast<Id>(wanted);
  edges_limit = wanted;
}

void Tape::set_edge_limit() {
  edge_limit = nullptr;
  if (no_grad.guards > 0 || edges == nullptr) return;
  edge_limit = edges;
  if (reclaiming == Reclaiming::kAlways) return;
  const auto nodes = static_cast<std::ptrdiff_t>(size_limit) - size;
  const auto more_edges = static_cast<std::ptrdiff_t>(edges_limit) - edge_size() - 1;
  edge_limit = edge_end + std::max<std::ptrdiff_t>(std::min(nodes, more_edges), 0);
}

// Called at the end of the thread. Handles in statics may outlive it: then the last of them calls
// this again.
void Tape::leave_thread() {
  thread_ended = true;
  const Id leaves_alive = leaves.capacity == 0 ? 0 : leaves.capacity - 2 - leaves.free_count;
  if (now() > 0 || leaves_alive > 0) return;
  for (GrowingArray* array : {&memory.data, &memory.adjoint, &memory.tag, &memory.edges,
                              &memory.index, &memory.free_leaves, &memory.dead_leaves}) {
    array->free();
  }
  delete annotations;
  const std::uint32_t same_thread = thread;
  *this = Tape{};
  thread = same_thread;
  thread_ended = true;
}

void Tape::foreign_thread() {
  throw Error(
      "a Value was used on a thread other than the one that made it. Each thread has a graph of "
      "its own: pass numbers (data()) between threads and make new Values from them.");
}

void Tape::out_of_memory() { detail::out_of_memory(); }

}  // namespace autograd::detail
