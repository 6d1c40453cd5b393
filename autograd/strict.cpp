#include "autograd/strict.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/derivatives.hpp>

namespace autograd::detail {

std::vector<Id> ids_of(std::span<const Value> values) {
  return with_memory_errors([&] {
    std::vector<Id> result;
    for (const Value& each : values) result.push_back(each.id());
    return result;
  });
}

std::vector<double> StrictRun::gradient_of(const Value& y) const {
  call().require_no_outer(std::span(&y, 1));
  return with_memory_errors([&] {
    std::vector<double> result;
    if (y.id() < 0) {
      for (const Value& x : inputs()) result.push_back(x.id() == y.id() ? 1.0 : 0.0);
      return result;
    }
    const ByNode<StrictAdjoint> adjoint = strict_sweep(y.id(), strict_.dependent(y.id()));
    for (const Value& x : inputs()) result.push_back(adjoint[x.id()].value());
    return result;
  });
}

Matrix StrictRun::jacobian_of(std::span<const Value> outputs) const {
  Matrix result{outputs.size(), inputs().size(), {}};
  for (const Value& y : outputs) {
    const std::vector<double> row = gradient_of(y);
    result.data.insert(result.data.end(), row.begin(), row.end());
  }
  return result;
}

// Where the function is not finite there are no slopes.
Matrix StrictRun::hessian_of(const Value& y) const {
  Matrix result = jacobian_of(derivatives(y, inputs()));
  if (!std::isfinite(y.number())) std::ranges::fill(result.data, ops::kNaN);
  return result;
}

std::vector<double> along(const Matrix& matrix, std::span<const double> x) {
  std::vector<double> result(matrix.rows, 0.0);
  for (std::size_t j = 0; j < matrix.rows; ++j) {
    for (std::size_t i = 0; i < x.size(); ++i)
      if (x[i] != 0) result[j] += matrix(j, i) * x[i];
  }
  return result;
}

}  // namespace autograd::detail
