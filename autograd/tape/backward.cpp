// The reverse sweep: d(root)/d(node) of every node that the root was computed from.
#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include <autograd/tape/stretches.hpp>

namespace autograd::detail {

namespace {

// The operations whose adjoints were written lie at `lowest` or above, those that were looked at
// above `below`.
struct Swept {
  std::uint32_t lowest;
  std::int64_t below;
};

// One loop from the root down: what has arrived at an operation goes on to its operands, multiplied
// by the local derivatives on the edges. It ends at the lowest operation that was reached, so that
// older graphs cost nothing.
//
// An operation with one or two edges, as nearly all have, hands the adjoint of the operation just
// below it on in g, if it has an edge to it: reading a double that has just been stored takes a
// dozen cycles.
//
// `lowest` is the lowest operation that an adjoint has arrived at and that is not handed on: the
// root, or one below it that was reached from elsewhere.
//
// With a floor it ends above operation `floor` - 1 at the latest, and tells on_outside(id) of the
// operations below the floor and above the root that it came to.
template <bool kHasFloor, class OnOutside>
[[gnu::always_inline]] inline Swept sweep(Tape& tape, double* const adj, Id root, double g,
                                          std::uint32_t lowest, [[maybe_unused]] Id floor,
                                          [[maybe_unused]] const OnOutside& on_outside) {
  const auto pass = [&](std::int64_t to, double partial) { return adj[to] += g * partial; };
  const auto reach = [&](std::int64_t id) {
    if constexpr (kHasFloor) {
      if (id < floor || id > root) {
        if (id >= 0) on_outside(static_cast<Id>(id));
        return;
      }
    }
    lowest = std::min(lowest, static_cast<std::uint32_t>(id));  // a leaf's is large as unsigned
  };
  std::int64_t i = root;
  const auto comes_next = [&](std::int64_t id) {
    if constexpr (kHasFloor) return id == i && id >= floor;
    return id == i;
  };

  const Tag* node = tape.tag + root;
  const Edge* e = root == tape.size - 1
                      ? tape.edge_end
                      : tape.edges + (tape.first_edge(root) + tape.edge_count(root));
  // The plain number below operation 0 has no edges: there the loop ends at the latest.
  for (;;) {
    if constexpr (kHasFloor)
      if (i < floor) break;
    const unsigned count = (node--)->edges;
    --i;
    if (count == 2) {
      // Not for others: between those of many edges, which the processor itself reads ahead, it is in
      // the way.
      prefetch<For::kReading>(e, -kEdgesAhead);
      e -= 2;
      if (g != 0) [[likely]] {
        const std::int64_t x = e[0].id, y = e[1].id;
        const double at_y = pass(y, e[1].partial);
        const double at_x = pass(x, e[0].partial);
        if (comes_next(x)) {
          reach(y);
          g = at_x;
          continue;
        }
        reach(x);
        if (comes_next(y)) {
          g = at_y;
          continue;
        }
        reach(y);
      }
    } else if (count == 1) {
      --e;
      if (g != 0) [[likely]] {
        const std::int64_t x = e->id;
        const double at_x = pass(x, e->partial);
        if (comes_next(x)) {
          g = at_x;
          continue;
        }
        reach(x);
      }
    } else {
      const Edge* edge = e;
      e -= count < kMany ? count : tape.edge_count(static_cast<Id>(i) + 1);
      if (g != 0) {
        for (; edge - e >= 4; edge -= 4) {
          for (int k = 1; k <= 4; ++k) pass(edge[-k].id, edge[-k].partial);
          for (int k = 1; k <= 4; ++k) reach(edge[-k].id);
        }
        while (edge > e) {  // not !=, for which g++ keeps constants in registers
          --edge;
          pass(edge->id, edge->partial);
          reach(edge->id);
        }
      }
    }
    if (i < static_cast<std::int64_t>(lowest)) break;
    g = adj[i];
  }
  return {lowest, i};
}

}  // namespace

namespace {

// Stores zeros. Where there are few a call takes longer than a loop.
[[gnu::always_inline]] inline void clear(double* from, double* to) {
  constexpr std::ptrdiff_t kFew = 16;
  if (to - from > kFew) {
    std::fill(from, to, 0.0);
    return;
  }
  for (; from < to; ++from) {
    *from = 0.0;
    asm("" : "+r"(from));  // else g++ makes a call of it
  }
}

}  // namespace

void Tape::backward(Id root, double seed) {
  double* const adj = adjoint;
  if (stretches != nullptr) [[unlikely]]
    return backward_stretched(root, seed);
  clear(adj + last_sweep.to, adj + std::min(last_sweep.from + 1, last_sweep.cleared_to));
  last_sweep.from = -1;
  last_sweep.to = 0;
  if (root < 0) [[unlikely]] {
    if (root != kZero) adj[root] += seed;
    return;
  }
  if (no_grad.guards > 0) [[unlikely]]
    drop_edges();
  clear(adj + last_sweep.cleared_to, adj + root + 1);
  last_sweep.cleared_to = std::max(last_sweep.cleared_to, root + 1);
  sealed_end = std::max(sealed_end, last_sweep.cleared_to);

  adj[root] = seed;
  const Swept swept =
      sweep<false>(*this, adj, root, seed, static_cast<std::uint32_t>(root), 0, nullptr);
  last_sweep.from = root;
  last_sweep.to = std::min(static_cast<Id>(swept.lowest),
                           static_cast<Id>(std::max<std::int64_t>(swept.below + 1, 0)));
}

// ---- where there are several stretches ----

namespace {

// From the root, whose adjoint is set, down to the time `floor`. Calls on_swept(lowest, highest) for
// each part that was swept.
template <class OnSwept>
void sweep_stretches(Tape& tape, double* adj, Id root, Time floor, const OnSwept& on_swept) {
  Stretches& stretches = *tape.stretches;
  std::size_t k = stretches.find(root), reached = 1;
  stretches.order[k].reached = {root, root};
  for (;; --k) {
    Stretch& now = stretches.order[k];
    const auto [lowest, highest] = std::exchange(now.reached, {});
    if (highest < 0) continue;
    const Id to = now.begin + std::max(floor - now.time, 0);
    if (highest >= to) {
      const auto from = static_cast<std::uint32_t>(std::max(lowest, to));
      const Swept swept = sweep<true>(tape, adj, highest, adj[highest], from, to, [&](Id id) {
        const std::size_t at = stretches.find(id);
        if (at == k) return;  // below the floor
        Reached& there = stretches.order[at].reached;
        if (there.highest < 0) ++reached;
        there = {std::min(there.lowest, id), std::max(there.highest, id)};
      });
      on_swept(std::min(static_cast<Id>(swept.lowest), static_cast<Id>(swept.below + 1)), highest);
    }
    if (--reached == 0) return;
  }
}

}  // namespace

void Tape::backward_stretched(Id root, double seed) {
  double* const adj = adjoint;
  std::vector<std::pair<Id, Id>>& written = stretches->written;
  prepare_sweep();
  if (last_sweep.from >= 0) written.emplace_back(last_sweep.to, last_sweep.from);
  for (const auto& [to, from] : written) std::fill(adj + to, adj + from + 1, 0.0);
  written.clear();
  last_sweep.from = -1;
  last_sweep.to = 0;
  if (root < 0) {
    if (root != kZero) adj[root] += seed;
    return;
  }
  if (no_grad.guards > 0) drop_edges();
  const std::size_t at = stretches->find(root);
  for (; stretches->cleared < at; ++stretches->cleared) {
    Stretch& each = stretches->order[stretches->cleared];
    each.cleared_to = each.end;
  }
  Id& cleared_to =
      at == stretches->current ? last_sweep.cleared_to : stretches->order[at].cleared_to;
  std::fill(adj + std::min(cleared_to, root + 1), adj + root + 1, 0.0);
  cleared_to = std::max(cleared_to, root + 1);
  sealed_end = std::max(sealed_end, last_sweep.cleared_to);

  adj[root] = seed;
  sweep_stretches(*this, adj, root, 0, [&](Id to, Id from) { written.emplace_back(to, from); });
}

// All that may fail of a sweep over several stretches.
void Tape::prepare_sweep() try {
  room_in_index();
  stretches->written.reserve(stretches->written.size() + stretches->order.size() + 1);
} catch (const std::bad_alloc&) {
  out_of_memory();
}

bool Tape::has_been_swept(Id operation) const {
  if (operation >= index.from && operation < size) return operation < last_sweep.cleared_to;
  return operation < stretches->order[stretches->find(operation)].cleared_to;
}

void Tape::backward_to(Time floor, Id root, double* adj) {
  if (time_of(root) < floor) return;
  if (stretches == nullptr) {
    std::fill(adj + floor, adj + root + 1, 0.0);
    adj[root] = 1.0;
    sweep<true>(*this, adj, root, 1.0, static_cast<std::uint32_t>(root), floor, [](Id) {});
    return;
  }
  room_in_index();
  const std::size_t last = stretches->find(root);
  for (std::size_t k = 0; k <= last; ++k) {
    const Stretch each = stretch(k);
    const Id from = each.begin + std::max(floor - each.time, 0);
    const Id end = k == last ? root + 1 : each.end;
    if (from < end) std::fill(adj + from, adj + end, 0.0);
  }
  adj[root] = 1.0;
  sweep_stretches(*this, adj, root, floor, [](Id, Id) {});
}

}  // namespace autograd::detail
