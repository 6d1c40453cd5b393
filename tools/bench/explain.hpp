// Explanations of large graphs: by parts, and step by step.
#pragma once

#include <cstddef>
#include <vector>

#include "measure.hpp"

namespace bench {

struct ExplainResult {
  std::size_t nodes = 0;
  double by_parts = 0, by_steps = 0, formula = 0;  // seconds
};

std::vector<ExplainResult> measure_explain(const Options& options);

}  // namespace bench
