// Where the time of a gradient of Values goes: recording, and the sweep.
#pragma once

#include <string_view>
#include <vector>

#include "measure.hpp"

namespace bench {

struct Phases {
  std::string_view workload;
  std::size_t operations = 0;
  // Seconds: of the plain function; of recording it and letting the graph go; of clearing the
  // adjoints and the sweep.
  double plain = 0, record = 0, sweep = 0;
};

std::vector<Phases> measure_phases(const Options& options);

}  // namespace bench
