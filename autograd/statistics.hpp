// How much memory the graph of a thread takes.
#pragma once

#include <cstddef>

namespace autograd {

// What the graph of the calling thread holds.
struct GraphStatistics {
  std::size_t operations = 0, leaves = 0, edges = 0;
  std::size_t bytes = 0;  // what is recorded: 12 a node and 12 an edge
  std::size_t bytes_reserved =
      0;  // held from the system, for gradients too (8 a node) and for what comes next
};
GraphStatistics graph_statistics();

}  // namespace autograd
