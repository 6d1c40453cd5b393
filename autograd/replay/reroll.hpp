// Rerolling: finds the loops that were unrolled while a function was traced.
//
// A sum of terms that are one expression, but for the leaves and numbers that stand in it, was a
// loop. Its terms become rows: what differs between them, columns; what does not, shared. Then the
// loop is a function of a row, which is run as a batch is. Outputs that are alike are rows too, and
// so are guards.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <autograd/replay/recorded.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

struct Loop {
  // Of a row. Its parameters are `shared`, its inputs the columns; its outputs the term of the sum,
  // or 0 if there is none, then values and guards.
  Trace body;
  bool has_sum = false;
  // Outputs of the function: for each value of the body one for each row, for each guard that of
  // the first row.
  std::vector<std::uint32_t> values, guards;
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
  std::vector<std::uint32_t> outputs;  // of the function that `rest` has: the first, and others
};

// Of a function whose last outputs are guards, and in whose trace `one` is the number 1. No loops if
// what is left, or the same in all rows, would be more than half of it. The first output, whose derivatives are wanted, and
// what leads to it are in a loop only as a sum.
// Cost: a few looks at each node.
Rerolled reroll(const Trace& function, std::span<const Guard> guards, Trace::Node one);

}  // namespace autograd::detail
