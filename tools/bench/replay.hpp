// Recorded once and replayed over many rows, against the plain function on the same rows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

struct Replayed {
  std::string name;
  double error = 0;  // of the gradient, relative, against the hand-written one
  bool agrees = false;
  double seconds = 0;  // for all rows; 0 if it was not timed
};

struct ReplayOf {
  std::string workload, title;
  std::size_t rows = 0;
  std::vector<Replayed> results;  // the first is the plain function
};

std::vector<ReplayOf> measure_replay(const Options& options);

}  // namespace bench
