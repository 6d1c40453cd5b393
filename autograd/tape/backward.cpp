#include <algorithm>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// One loop from the root down. Stops at the lowest operation that was reached, so that older graphs
// cost nothing.
//
// An operation with one or two edges, as nearly all have, hands the adjoint of the operation just
// below it on in g, if it has an edge to it: reading a double that has just been stored takes a
// dozen cycles.
void Tape::backward(Id root, double seed) {
  double* const adj = adjoint;
  std::fill(adj + swept_to, adj + std::max(swept_to, std::min(swept_from + 1, adjoints_cleared_to)),
            0.0);
  swept_from = -1;
  swept_to = 0;
  if (root < 0) {
    if (root != kZero) adj[root] += seed;
    return;
  }
  if (guards > 0) drop_edges();
  std::fill(adj + std::min(adjoints_cleared_to, root + 1), adj + root + 1, 0.0);
  adjoints_cleared_to = std::max(adjoints_cleared_to, root + 1);
  sealed_end = std::max(sealed_end, adjoints_cleared_to);

  adj[root] = seed;
  auto lowest = static_cast<std::uint32_t>(root);  // of those not handed on
  double g = seed;
  const auto flow = [&](std::int64_t to, double partial) { return adj[to] += g * partial; };
  const auto reach = [&](std::int64_t id) {
    lowest = std::min(lowest, static_cast<std::uint32_t>(id));  // a leaf's is large as unsigned
  };

  std::int64_t i = root;
  const Tag* node = tag + root;
  const Edge* e = root == size - 1 ? edge_end : edges + first_edge(root + 1);
  // The plain number below operation 0 has no edges: there the loop ends at the latest.
  for (;;) {
    const unsigned count = (node--)->edges;
    --i;
    if (count == 2) {
      e -= 2;
      if (g != 0) {
        const std::int64_t x = e[0].id, y = e[1].id;
        const double at_y = flow(y, e[1].partial);
        const double at_x = flow(x, e[0].partial);
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
        const double at_x = flow(x, e->partial);
        if (x == i) {
          g = at_x;
          continue;
        }
        reach(x);
      }
    } else {
      const Edge* edge = e;
      e -= count != kMany ? count : edge_count(static_cast<Id>(i) + 1);
      if (g != 0) {
        for (; edge - e >= 4; edge -= 4) {
          for (int k = 1; k <= 4; ++k) flow(edge[-k].id, edge[-k].partial);
          for (int k = 1; k <= 4; ++k) reach(edge[-k].id);
        }
        while (edge != e) {
          --edge;
          flow(edge->id, edge->partial);
          reach(edge->id);
        }
      }
    }
    if (i < static_cast<std::int64_t>(lowest)) break;
    g = adj[i];
  }
  swept_from = root;
  swept_to = std::min(static_cast<Id>(lowest), static_cast<Id>(std::max<std::int64_t>(i + 1, 0)));
}

}  // namespace autograd::detail
