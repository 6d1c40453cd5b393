// Histories: which results keep how much of the graph.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// A result that has a handle. The operations it was computed from count for the newest result that
// was computed from them.
struct History {
  Id result;
  std::size_t operations;
};

// Those with most operations, the longest first.
// Cost: linear in the graph; 8 bytes for each operation.
std::vector<History> longest_histories(std::size_t most);

// "'total' (add, 1000 operations), tanh (20 operations)"
std::string text_of(const std::vector<History>& histories);

}  // namespace autograd::detail
