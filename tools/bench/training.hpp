// One step of training a network: forward, backward, and Adam.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

struct Step {
  std::string network;
  std::size_t rows = 0, parameters = 0;
  double seconds = 0;
};

std::vector<Step> measure_training(const Options& options);

// The memory of the process after some steps of training a network of 2-4-1 units, and after
// 1,000,000 more.
struct LongTraining {
  double bytes_before = 0, bytes_after = 0;
};
LongTraining measure_long_training();

}  // namespace bench
