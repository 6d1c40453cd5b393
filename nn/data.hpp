// Data: examples to learn from.
#pragma once

#include <vector>

namespace nn {

struct Sample {
  std::vector<double> inputs, targets;
};
using Data = std::vector<Sample>;

// Exclusive or: (0, 0) -> 0, (0, 1) -> 1, (1, 0) -> 1, (1, 1) -> 0.  No line separates the 0s from
// the 1s.
Data xor_data();

}  // namespace nn
