#include "autograd/jacobian.hpp"

#include <algorithm>

#include <autograd/ranges.hpp>

namespace autograd::detail {

std::vector<double> data_of(std::span<const Value> values) {
  std::vector<double> result = room_for<double>(values.size());
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

Matrix jacobian_of_values(std::span<const Value> outputs, const RecordedInputs& inputs) {
  const std::size_t rows = outputs.size(), columns = inputs.values().size();
  if (rows <= columns) return {rows, columns, inputs.gradients_of(outputs)};
  Matrix result{rows, columns, zeros<double>(rows * columns)};
  std::vector<double> direction = zeros<double>(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    direction[i] = 1;
    const std::vector<double> column = inputs.tangents_of(outputs, direction);
    for (std::size_t j = 0; j < rows; ++j) result(j, i) = column[j];
    direction[i] = 0;
  }
  return result;
}

std::vector<double> pull_back(std::span<const Value> outputs, const RecordedInputs& inputs,
                              Point weights) {
  return inputs.gradient_of(dot(outputs, weights));
}

}  // namespace autograd::detail
