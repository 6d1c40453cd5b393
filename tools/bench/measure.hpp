// Everything measured about one workload.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cold.hpp"
#include "engine.hpp"

namespace bench {

struct Result {
  const Engine* engine = nullptr;
  double error = 0;  // relative, against the hand-written gradient
  bool agrees = false;
  double seconds = 0;      // per gradient; 0 if it was not timed
  double graph_bytes = 0;  // of one gradient; 0 if the engine does not say
  std::optional<Cold> cold;
};

struct Measurement {
  std::string_view workload;
  std::string_view title;
  std::size_t inputs = 0;
  std::size_t operations = 0;  // elementary ones, in one evaluation of the function
  std::vector<Result> results;
  double plain_seconds = 0;
  double hand_seconds = 0;
};

struct Options {
  std::vector<std::string> workloads;
  std::vector<const Engine*> engines;  // begins with "plain" and "hand"
  int repetitions = 11;
  bool only_check = false;
  bool cold = false;
  std::string program;  // for cold: how to run this program again
};

// Checks all engines against the hand-written gradient, then times those that agree.
Measurement measure(std::string_view workload, const Options& options);

}  // namespace bench
