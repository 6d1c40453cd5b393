// Matrices of plain numbers, as Jacobians and Hessians come in.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <autograd/error.hpp>

namespace autograd {

// Row by row.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> data;

  double& operator()(std::size_t row, std::size_t column) { return data[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const {
    return data[row * columns + column];
  }
};

// The same with sizes known to the compiler, in no memory but its own.
template <std::size_t kRows, std::size_t kColumns> struct MatrixOf {
  static constexpr std::size_t rows = kRows, columns = kColumns;
  std::array<double, kRows * kColumns> data;

  double& operator()(std::size_t row, std::size_t column) { return data[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const {
    return data[row * columns + column];
  }
  operator Matrix() const {
    return detail::with_memory_errors([this] {
      return Matrix{rows, columns, {data.begin(), data.end()}};
    });
  }
};

}  // namespace autograd
