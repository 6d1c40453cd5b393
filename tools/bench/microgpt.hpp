// The loss of the example microgpt and its gradient, name by name.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "measure.hpp"

namespace bench {

struct MicrogptResult {
  std::string_view name;
  double error = 0;  // relative, of value and gradient, against Values
  bool agrees = false;
  double seconds = 0;      // a name; 0 if it was not timed
  double graph_bytes = 0;  // an operation; 0 if there is no graph
};

struct Microgpt {
  std::size_t names = 0, weights = 0;
  double operations = 0;                // elementary ones, in the loss of a name; the mean
  std::vector<MicrogptResult> results;  // the first is the plain loss
};

// Throws: std::runtime_error if the loss of the first name is not the published one.
Microgpt measure_microgpt(const Options& options);

}  // namespace bench
