// How much memory the graph of a thread takes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace autograd {

// What the graph of the calling thread holds. Operations that have ended are among these until their
// places are needed: in a loop that keeps its last result the numbers go up and down, and stay below
// a bound. If they grow from turn to turn, a result keeps its history: longest_histories() tells
// which one.
struct GraphStatistics {
  std::size_t operations = 0, leaves = 0, edges = 0;
  std::size_t bytes = 0;  // what is recorded: 12 a node and 12 an edge
  std::size_t bytes_reserved =
      0;  // held from the system, for gradients too (8 a node) and for what comes next
};
GraphStatistics graph_statistics();

// A result that is kept, with all that it was computed from.
struct History {
  std::string label, operation;
  double data;
  std::size_t operations;  // without those that a newer result was computed from too
};
// The results that keep most of the graph of the calling thread, the one with most operations first.
//
//   total += loss;                                   // and not total += loss.data()
//   longest_histories(1)[0].operations               // grows from turn to turn
//
// Cost: one look at every operation.
std::vector<History> longest_histories(std::size_t most = 5);

}  // namespace autograd
