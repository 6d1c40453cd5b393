// The rule of an optimizer for one parameter, line by line with its numbers.
#pragma once

#include <cstddef>
#include <vector>

#include <nn/explain_step.hpp>
#include <nn/optimizer.hpp>

namespace nn::detail {

// The next step of parameter `index`, whose value is w and whose gradient, clipped, is g.
std::vector<StepExplanation::Line> recurrence(const Optimizer& optimizer, std::size_t index,
                                              double w, double g);

}  // namespace nn::detail
