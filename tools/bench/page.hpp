// HTML pages that step through graphs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

struct PageResult {
  std::string graph;
  std::size_t bytes = 0, most_bytes = 0;  // and how many there may be
  double seconds = 0;                     // to make the text
};

std::vector<PageResult> measure_pages(const Options& options);

}  // namespace bench
