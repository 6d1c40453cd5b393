// Embedding: a row of learned numbers for each symbol of a vocabulary.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <autograd/autograd.hpp>
#include <nn/linear.hpp>

namespace nn {

// The row of the symbol `index`, which is what a one-hot vector times the table would give. A view:
// the numbers are the parameters themselves, and their labels are those of the table.
//
// Shapes:   table v rows of n, one row a symbol; the result n.
// Gradient: that of the result to this row, 0 to all other rows.
// Throws:   Error if there is no such row.
// Cost:     no node.
// Source:   Y. Bengio et al., "A neural probabilistic language model", JMLR 3, 2003, section 2 (the
//           mapping C).
template <autograd::Number T>
std::span<const T> embedding(const WeightMatrix<T>& table, std::size_t index) {
  detail::check_row("nn::embedding", index, table.rows());
  return table.weights().subspan(index * table.columns(), table.columns());
}

// The same where the symbol is a number of any type: an input of a Function among others, of which
// every row has its own symbol. The result is a copy, for which autograd::pick_row() is used.
// Throws: Error unless the index is that of a row.
template <autograd::Number T, autograd::Number I>
requires(!std::integral<I>)
auto embedding(const WeightMatrix<T>& table, const I& index) {
  return autograd::pick_row(table.weights(), table.columns(), index);
}

}  // namespace nn
