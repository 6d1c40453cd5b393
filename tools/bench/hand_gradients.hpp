// The gradient of each workload as one would write it by hand, on doubles.
//
// Each function returns the value at x and writes the gradient; both spans have the length of
// `start()`. They are the reference for every engine, and are themselves checked by central
// differences (check.hpp).
#pragma once

#include <span>

#include "workloads.hpp"

namespace bench {

double hand_gradient(const Reciprocal& f, std::span<const double> in, std::span<double> gradient);
double hand_gradient(const Xor& f, std::span<const double> p, std::span<double> gradient);
double hand_gradient(const Mlp& f, std::span<const double> p, std::span<double> gradient);
double hand_gradient(const Recurrence& f, std::span<const double> in, std::span<double> gradient);
double hand_gradient(const Rosenbrock& f, std::span<const double> x, std::span<double> gradient);
double hand_gradient(const BlackScholes& f, std::span<const double> in, std::span<double> gradient);

}  // namespace bench
