// Rows: data as one block of numbers, and which of them have the right class.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nn/data.hpp>

namespace nn::detail {

// [inputs, targets] of every row, one row after the other; with the weight behind them if there is one
// that is not 1.
struct PackedRows {
  // Throws: Error if there are no rows, their lengths differ, they have another number of inputs or
  //         no targets, a number is not finite, or a weight is negative.
  PackedRows(const std::string& what, const Data& data, std::size_t input_count);

  std::span<const double> row(std::size_t index) const {
    return std::span(numbers).subspan(index * columns(), columns());
  }
  std::span<const double> targets_of(std::size_t index) const {
    return row(index).subspan(inputs, targets);
  }
  std::size_t columns() const { return inputs + targets + (is_weighted ? 1 : 0); }

  std::size_t count, inputs, targets;
  bool is_weighted;
  std::vector<double> numbers;
};

// The classes that targets stand for: one-hot rows, or single numbers that are all 0 or 1, or all
// -1 or 1.
class Classes {
 public:
  // Nothing if they are not those of classes.
  static std::optional<Classes> of(const Data& data);

  bool is_right(std::size_t row, std::span<const double> outputs) const;

 private:
  double threshold_ = 0;
  std::vector<std::size_t> right_;
};

}  // namespace nn::detail
