// Losses: how far predictions are from their targets, as one Value.
#pragma once

#include <autograd/autograd.hpp>
#include <span>

namespace nn {

using autograd::Value;

// Squared errors of n predictions p with targets t.  What the literature calls "MSE" may be any of
// these.
//
//   half_squared_error   sum_i (p_i - t_i)^2 / 2    gradient p_i - t_i
//   squared_error        sum_i (p_i - t_i)^2        gradient 2 (p_i - t_i)
//   mean_squared_error   sum_i (p_i - t_i)^2 / n    gradient 2 (p_i - t_i) / n
//
// Shapes: predictions n, targets n; the result is a scalar.
// Throw:  Error if the lengths differ or are 0.  NaN in, NaN out.
// Cost:   3n nodes.
Value half_squared_error(std::span<const Value> predictions, std::span<const double> targets);
Value squared_error(std::span<const Value> predictions, std::span<const double> targets);
Value mean_squared_error(std::span<const Value> predictions, std::span<const double> targets);

}  // namespace nn
