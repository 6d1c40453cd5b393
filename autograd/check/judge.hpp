// The verdict on one derivative.
#pragma once

#include <cstddef>
#include <string>

#include <autograd/check.hpp>
#include <autograd/inspect/finite_differences.hpp>

namespace autograd::detail {

// Compares input.analytic with the differences, and writes what they say into `input`: the numbers,
// the verdict, and the sentence.
// `steepest` is the largest derivative of `function` with respect to any of its `inputs` inputs.
void judge(CheckedDerivative& input, const DifferenceEstimates& differences, double steepest,
           std::size_t inputs, const std::string& function);

}  // namespace autograd::detail
