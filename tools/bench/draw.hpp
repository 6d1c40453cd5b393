// Pictures of large graphs.
#pragma once

#include <cstddef>
#include <vector>

#include "measure.hpp"

namespace bench {

struct DrawResult {
  std::size_t nodes = 0;
  double dot_text = 0, tape_picture = 0, folded = 0;  // seconds
  std::size_t dot_bytes = 0, tape_bytes = 0;
};

std::vector<DrawResult> measure_draw(const Options& options);

}  // namespace bench
