// Clipping: gradients cut down to size, so that a single one cannot throw the weights far away.
#pragma once

#include <limits>
#include <span>

namespace nn {

// What an Optimizer does to a gradient before it steps; no limit unless given. With both limits,
// the components are cut first.
struct Clip {
  double value = std::numeric_limits<double>::infinity();
  double norm = std::numeric_limits<double>::infinity();
};

// sqrt(sum g^2), without overflow on the way. NaN in, NaN out.
double norm_of(std::span<const double> gradient);

// g <- min(max(g, -limit), limit), component by component. NaN stays NaN.
// Throws: Error if the limit is not above 0.
void clip_values(std::span<double> gradient, double limit);

// g <- g limit / norm(g) if norm(g) > limit: the direction stays. Gives the norm before. If it is
// infinite, components that are so become NaN and the others 0; if it is NaN, nothing changes.
// Throws: Error if the limit is not above 0.
// Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
//         networks", ICML 2013, algorithm 1.
double clip_norm(std::span<double> gradient, double limit);

}  // namespace nn
