// Rerolling: finds the loops that were unrolled while a function was traced.
//
// A sum of terms that are one expression, but for the leaves and numbers that stand in it, was a
// loop. Its terms become rows: what differs between them, columns; what does not, shared. Then the
// loop is a function of a row, which is run as a batch is.
#pragma once

#include <cstdint>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

struct Loop {
  Trace body;                       // of a row. Its parameters are `shared`, its inputs the columns
  std::vector<Trace::Node> shared;  // leaves of the function
  // Leaves and numbers of the function, one column behind the other: first those of leaves.
  std::vector<Trace::Node> columns;
  std::uint32_t rows = 0, leaf_columns = 0;
};

struct Rerolled {
  std::vector<Loop> loops;
  // The function without them. Its parameters are their sums over the rows, its inputs `leaves`.
  Trace rest;
  std::vector<Trace::Node> leaves;
};

// Of a function with one output, in whose trace `one` is the number 1. No loops if what is left
// would be more than half of it.
// Cost: a few looks at each node.
Rerolled reroll(const Trace& function, Trace::Node one);

}  // namespace autograd::detail
