// Linear maps by matrices that lie in one range of parameters, for models that are written once for
// every number type.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/labels.hpp>

namespace nn {

namespace detail {

// Throws: Error unless `count` weights are whole rows of `columns`.
void check_whole_rows(std::size_t count, std::size_t columns);
// Throws: Error if there is no such row.
void check_row(const char* function, std::size_t row, std::size_t rows);
// Throws: Error unless there is one input for each column.
void check_linear_inputs(std::size_t inputs, std::size_t columns);

}  // namespace detail

// A view of a matrix whose rows lie one behind the other: a row for each unit.
template <autograd::Number T> class WeightMatrix {
 public:
  // Throws: Error if these are not whole rows.
  WeightMatrix(std::span<const T> weights, std::size_t columns)
      : weights_(weights), columns_(columns) {
    detail::check_whole_rows(weights.size(), columns);
  }

  std::span<const T> weights() const { return weights_; }
  std::size_t rows() const { return weights_.size() / columns_; }
  std::size_t columns() const { return columns_; }
  // Throws: Error if there is no such row.
  std::span<const T> row(std::size_t index) const {
    detail::check_row("nn::WeightMatrix::row", index, rows());
    return weights_.subspan(index * columns_, columns_);
  }

  // For drawings: <name>[row,column]. Of numbers that are no Values nothing is labelled.
  void set_labels(const std::string& name) const {
    for (std::size_t i = 0; i < rows(); ++i)
      nn::set_labels(row(i), name, "[" + std::to_string(i) + ",");
  }

 private:
  std::span<const T> weights_;
  std::size_t columns_;
};

// W x: the dot product of every row with x.
//
// Shapes: W m rows of n, x n numbers; the result m.
// Throws: Error if the shapes differ.
// Cost:   m nodes.
template <autograd::Number T, autograd::NumberRange X>
auto linear(const WeightMatrix<T>& w, const X& x) {
  const std::size_t rows = w.rows(), columns = w.columns();
  detail::check_linear_inputs(std::ranges::size(x), columns);
  std::vector<decltype(autograd::dot(w.weights(), x))> result;
  result.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i)
    result.push_back(autograd::dot(w.weights().subspan(i * columns, columns), x));
  return result;
}

}  // namespace nn
