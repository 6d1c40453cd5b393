// Elementary functions over many numbers: <cmath> one by one, a Function, and SLEEF if it is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

// Seconds for one number, and the largest distance to <cmath> in units of the last place.
struct Way {
  double seconds = 0, error = 0;
};

struct Elementary {
  std::string name;
  double low, high;  // where it is measured
  double cmath_seconds = 0;
  Way function;
  std::optional<Way> sleef;
};

std::vector<Elementary> measure_elementary(const Options& options);

}  // namespace bench
