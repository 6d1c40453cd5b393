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

}  // namespace bench
