// Which part of a graph each node is in: the names that Scope gave.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// Part 0 is the whole graph. A part stands after the one that it lies in.
struct PartTree {
  struct Part {
    std::string name;
    std::size_t parent = 0, depth = 0;
  };

  std::vector<Part> parts{1};
  std::vector<std::size_t> part_of;  // by node of the view
};

// Parts deeper than `depth` are counted as the part that they lie in. A leaf or a plain number is in
// the part of the operations that use it if all of them are in one, otherwise in part 0.
// Cost: linear in the nodes, times the logarithm of the number of scopes.
PartTree part_tree(const GraphView& view, std::size_t depth);

}  // namespace autograd::detail
