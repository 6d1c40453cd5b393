// Where the boxes of a graph go: in columns, operands to the left of what uses them.
#pragma once

#include <cstddef>
#include <vector>

namespace autograd::detail {

struct LayeredLayout {
  struct Point {
    double x = 0, y = 0;
  };
  struct Box {
    double width = 0, height = 0;
  };
  // An operand and the box that uses it, by their places; the operand stands before the user.
  struct Edge {
    std::size_t from, to;
  };

  std::vector<Point> centre;                // by box
  std::vector<std::vector<Point>> between;  // by edge: the points that it goes through
  double width = 0, height = 0;
};

// Sugiyama's method: columns by the longest path, an order within them that crosses few edges,
// heights near those of the neighbours.
//
// Cost:     linear in the edges, times the number of columns that they cross.
// Source:   Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system
//           structures", IEEE Trans. SMC 11(2), 1981.
LayeredLayout layered_layout(const std::vector<LayeredLayout::Box>& boxes,
                             const std::vector<LayeredLayout::Edge>& edges);

}  // namespace autograd::detail
