// Losses of predictions that are numbers: how far they are from their targets, as one Value.  Of
// predictions that are probabilities: cross_entropy.hpp.
//
// A name by itself is the sum over the predictions, mean_ is that divided by their count n.
//
// Shapes: predictions n, targets n, plain numbers or Values; the result is a scalar.
// Throws: Error if the lengths differ or are 0.  NaN in, NaN out.
#pragma once

#include <span>

#include <autograd/autograd.hpp>
#include <nn/inputs.hpp>

namespace nn {

using autograd::Value;

// Squared errors of predictions p with targets t.
// What the literature calls "MSE" may be any of these.
//
//   half_squared_error   sum_i (p_i - t_i)^2 / 2    gradient p_i - t_i
//   squared_error        sum_i (p_i - t_i)^2        gradient 2 (p_i - t_i)
//   mean_squared_error   sum_i (p_i - t_i)^2 / n    gradient 2 (p_i - t_i) / n
//
// Cost:   2n + 2 nodes.
// Source: C. M. Bishop, "Pattern recognition and machine learning", 2006, eq. 5.11 (half the sum).
Value half_squared_error(std::span<const Value> predictions, const Targets& targets);
Value squared_error(std::span<const Value> predictions, const Targets& targets);
Value mean_squared_error(std::span<const Value> predictions, const Targets& targets);

// sum_i |p_i - t_i|: a single far target counts no more than its distance.
//
// Gradient: the sign of p_i - t_i, 0 at 0.
// Cost:     2n + 2 nodes.
Value absolute_error(std::span<const Value> predictions, const Targets& targets);
Value mean_absolute_error(std::span<const Value> predictions, const Targets& targets);

// sum_i h(p_i - t_i): squared errors near the target, absolute ones far from it.
//
//   h(e) = e^2 / 2  where |e| < delta,  else  delta (|e| - delta / 2)
//
// Gradient: p_i - t_i, cut to +-delta.
// Throws:   Error unless delta > 0.
// Cost:     8n + 2 nodes.
// Source:   P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical
//           Statistics 35(1), 1964.
Value huber_error(std::span<const Value> predictions, const Targets& targets, double delta = 1);
Value mean_huber_error(std::span<const Value> predictions, const Targets& targets,
                       double delta = 1);

// sum_i max(0, 1 - t_i p_i): 0 for what lies on the right side of 0, by at least 1.
//
// Gradient: -t_i where t_i p_i < 1, else 0; 0 at the kink.
// Throws:   Error if a target that is a plain number is neither 1 nor -1.
// Cost:     3n + 2 nodes.
// Source:   C. Cortes, V. Vapnik, "Support-vector networks", Machine Learning 20, 1995 (the slack
//           variables).
Value hinge_loss(std::span<const Value> predictions, const Targets& targets);
Value mean_hinge_loss(std::span<const Value> predictions, const Targets& targets);

}  // namespace nn
