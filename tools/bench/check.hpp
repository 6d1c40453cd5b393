// Whether gradients are right: the hand-written ones against central differences, and the engines'
// against the hand-written ones.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine.hpp"

namespace bench {

// What an engine may differ from the hand-written gradient by, and still be timed.
inline constexpr double kTolerance = 1e-10;

// Throws std::runtime_error if the hand-written gradient of the workload is not what central
// differences give, at about 24 inputs and along two directions that change all inputs at once.
void check_hand_gradient(std::string_view workload);

// max |a - b| / max |b|. NaN if any number is NaN.
double relative_error(std::span<const double> a, std::span<const double> b);

// Runs the job once, and compares it with the reference, which has been run: the larger of the
// relative errors of value and gradient. A job without a gradient is compared by value.
double error_of(Job& job, const Job& reference, bool has_gradient);

}  // namespace bench
