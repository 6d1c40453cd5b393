// Cross-entropies: losses of predictions that are probabilities, or logits from which these follow.
//
// Prefer logits: sigmoid or softmax and the logarithm then become one formula that neither
// overflows nor rounds to 0 or 1.
//
// Targets are plain numbers or Values.  NaN in, NaN out.
//
// Throws: Error if the lengths differ or are 0.
#pragma once

#include <cstddef>
#include <span>

#include <autograd/autograd.hpp>
#include <nn/inputs.hpp>

namespace nn {

using autograd::Value;

// Two classes.  sum_i -(t_i log p_i + (1 - t_i) log(1 - p_i)) for the probability p_i of class 1;
// mean_ divides by n.  t_i is 1 or 0, or a probability itself.
//
// Shapes:   n probabilities, n targets; the result is a scalar.
// Gradient: (p_i - t_i) / (p_i (1 - p_i)).
//           At p_i = 0 and 1, where t_i is the other one, the loss is inf, with the gradient -inf
//           at 0 and +inf at 1; where t_i is the same, it is 0, with +1 at 0 and -1 at 1.
// Throws:   Error if a target that is a plain number is not from 0 to 1.
// Cost:     3n + 2 nodes for targets 0 and 1, at most 10n + 2.
// Source:   Bishop 2006, eq. 5.21.
Value binary_cross_entropy(std::span<const Value> probabilities, const Targets& targets);
Value mean_binary_cross_entropy(std::span<const Value> probabilities, const Targets& targets);

// The same of logits z_i, p_i = sigmoid(z_i): sum_i t_i log(1 + e^-z_i) + (1 - t_i) log(1 + e^z_i).
//
// Gradient: p_i - t_i.
Value binary_cross_entropy_of_logits(std::span<const Value> logits, const Targets& targets);
Value mean_binary_cross_entropy_of_logits(std::span<const Value> logits, const Targets& targets);

// One of n classes, for one row: logsumexp(z) - z_c, which is -log softmax(z)_c, of the class c.
//
// Shapes:   n logits, one for each class; the result is a scalar.
// Gradient: softmax(z)_k - (k == c).
// Throws:   Error if there is no such class.
// Cost:     2 nodes.
// Source:   Bishop 2006, eq. 5.24.
Value softmax_cross_entropy(std::span<const Value> logits, std::size_t target_class);

// The same of a probability t_k of every class: logsumexp(z) - sum_k t_k z_k.  1 for one class and
// 0 for the others is the form above.
//
// Shapes:   n logits, n targets.
// Gradient: softmax(z)_k - t_k.
// Requires: t_1 + ... + t_n = 1.
// Throws:   Error if targets that are plain numbers are below 0 or do not add up to 1.
// Cost:     3 nodes.
Value softmax_cross_entropy(std::span<const Value> logits, const Targets& targets);

}  // namespace nn
