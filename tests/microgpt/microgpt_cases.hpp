// What the tests of microgpt share: recorded runs, and the example's own training beside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <examples/microgpt/training.hpp>
#include <tests/support/paths.hpp>

namespace microgpt_cases {

struct Step {
  std::string name;
  double loss = 0, norm = 0;
};

struct Run {
  std::vector<Step> steps;
  std::vector<std::string> samples;
};

// A run that the reference in Python has written down: tests/microgpt/<file>.
inline Run recorded(const std::string& file) {
  Run run;
  std::ifstream lines(paths::source("tests/microgpt") / file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Step step;
    words >> step.name;
    if (step.name == "sample") {
      words >> run.samples.emplace_back();
    } else if (step.name != "#") {
      words >> step.loss >> step.norm;
      run.steps.push_back(step);
    }
  }
  REQUIRE(run.samples.size() == 20);
  return run;
}

inline microgpt::Training training(const microgpt::Model& model, std::int64_t seed) {
  return microgpt::Training(
      model, microgpt::read_names(paths::source("examples/microgpt/names.txt")), seed);
}

}  // namespace microgpt_cases
