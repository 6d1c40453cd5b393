// Jacobians, Hessians and checkpoints, each against one gradient of the same function.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "measure.hpp"

namespace bench {

struct Derivative {
  std::string_view name;
  double error = 0;  // relative, against the hand-written derivative
  bool agrees = false;
  double seconds = 0;     // 0 if it was not timed
  double peak_bytes = 0;  // of the graph, where it is of interest
};

struct DerivativesOf {
  std::string_view function;
  std::size_t inputs = 0, outputs = 0;
  std::vector<Derivative> results;  // the first is one gradient; of several outputs, of their sum
};

// Checks the hand-written derivatives, compares all others with them, and times those that agree.
// Throws std::runtime_error if a hand-written one is wrong.
std::vector<DerivativesOf> measure_derivatives(const Options& options);

}  // namespace bench
