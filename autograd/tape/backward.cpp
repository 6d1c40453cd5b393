// The reverse sweep: d(root)/d(node) of every node that the root was computed from.
#include <algorithm>

#include <autograd/tape/tape.hpp>

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
// With a floor it ends above operation `floor` - 1 at the latest.
template <bool kHasFloor> [[gnu::always_inline]] inline Swept sweep(Tape& tape, double* const adj,
                                                                    Id root, double seed,
                                                                    [[maybe_unused]] Id floor) {
  adj[root] = seed;
  auto lowest = static_cast<std::uint32_t>(root);  // of those not handed on
  double g = seed;
  const auto pass = [&](std::int64_t to, double partial) { return adj[to] += g * partial; };
  const auto reach = [&](std::int64_t id) {
    lowest = std::min(lowest, static_cast<std::uint32_t>(id));  // a leaf's is large as unsigned
  };

  std::int64_t i = root;
  const Tag* node = tape.tag + root;
  const Edge* e = root == tape.size - 1 ? tape.edge_end : tape.edges + tape.first_edge(root + 1);
  // The plain number below operation 0 has no edges: there the loop ends at the latest.
  for (;;) {
    if constexpr (kHasFloor)
      if (i < floor) break;
    const unsigned count = (node--)->edges;
    --i;
    if (count == 2) {
      e -= 2;
      if (g != 0) {
        const std::int64_t x = e[0].id, y = e[1].id;
        const double at_y = pass(y, e[1].partial);
        const double at_x = pass(x, e[0].partial);
        if (x == i) {
          reach(y);
          g = at_x;
          continue;
        }
        reach(x);
        if (y == i) {
          g = at_y;
          continue;
        }
        reach(y);
      }
    } else if (count == 1) {
      --e;
      if (g != 0) {
        const std::int64_t x = e->id;
        const double at_x = pass(x, e->partial);
        if (x == i) {
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
        while (edge != e) {
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

void Tape::backward(Id root, double seed) {
  double* const adj = adjoint;
  std::fill(adj + last_sweep.to,
            adj + std::max(last_sweep.to, std::min(last_sweep.from + 1, last_sweep.cleared_to)),
            0.0);
  last_sweep.from = -1;
  last_sweep.to = 0;
  if (root < 0) {
    if (root != kZero) adj[root] += seed;
    return;
  }
  if (no_grad.guards > 0) drop_edges();
  std::fill(adj + std::min(last_sweep.cleared_to, root + 1), adj + root + 1, 0.0);
  last_sweep.cleared_to = std::max(last_sweep.cleared_to, root + 1);
  sealed_end = std::max(sealed_end, last_sweep.cleared_to);

  const Swept swept = sweep<false>(*this, adj, root, seed, 0);
  last_sweep.from = root;
  last_sweep.to = std::min(static_cast<Id>(swept.lowest),
                           static_cast<Id>(std::max<std::int64_t>(swept.below + 1, 0)));
}

void Tape::backward_to(Id floor, Id root, double* adj) {
  if (root < floor) return;
  std::fill(adj + floor, adj + root + 1, 0.0);
  sweep<true>(*this, adj, root, 1.0, floor);
}

}  // namespace autograd::detail
