// The memory of a thread's tape: how its arrays grow, and how they end with the thread.
#include <algorithm>
#include <atomic>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/arrays.hpp>

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
  const std::size_t used = edge_size();
  const std::size_t at_least =
      used + std::max<std::size_t>(more_edges, 1) + static_cast<std::size_t>(no_grad.count);
  if (at_least <= capacity) return set_edge_limit();
  if (at_least > kMostOperations) {
    throw Error("the graph is full: it holds at most 2^30 operations and edges per thread");
  }
  const std::size_t doubled = std::max({at_least, std::size_t{2} * capacity, std::size_t{1024}});
  const auto wanted = static_cast<std::uint32_t>(std::min<std::size_t>(doubled, kMostOperations));
  const auto before = static_cast<std::size_t>(leaves.capacity);
  data = array_around<double>(memory.data, before, wanted);
  adjoint = array_around<double>(memory.adjoint, before, wanted);
  tag = array_around<Tag>(memory.tag, before, wanted);
  edges = array<Edge>(memory.edges, wanted, kMostOperations);
  edge_end = edges + used;
  for (auto& each : leaves.recent) each.id = 0;  // where their edges lie is not known any more
  capacity = wanted;
  set_edge_limit();
}

void Tape::set_edge_limit() {
  const auto kept = static_cast<std::uint32_t>(no_grad.count) + 1;
  edge_limit = no_grad.guards > 0 || capacity <= kept ? nullptr : edges + (capacity - kept);
}

// Called at the end of the thread. Handles in statics may outlive it: then the last of them calls
// this again.
void Tape::leave_thread() {
  thread_ended = true;
  const Id leaves_alive = leaves.capacity == 0 ? 0 : leaves.capacity - 2 - leaves.free_count;
  if (size > 0 || leaves_alive > 0) return;
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
