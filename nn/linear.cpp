#include "nn/linear.hpp"

#include <nn/text/errors.hpp>

namespace nn::detail {

void check_whole_rows(std::size_t count, std::size_t columns) {
  if (columns != 0 && count % columns == 0) [[likely]]
    return;
  fail("nn::WeightMatrix", "whole rows of at least one column",
       counted(count, "weight") + " and " + counted(columns, "column"));
}

void check_row(const char* function, std::size_t row, std::size_t rows) {
  check_index(function, row, rows);
}

void check_linear_inputs(std::size_t inputs, std::size_t columns) {
  if (inputs == columns) [[likely]]
    return;
  fail("nn::linear", counted(columns, "input") + ", one for each column", std::to_string(inputs));
}

}  // namespace nn::detail
