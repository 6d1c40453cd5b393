// The example microgpt against a reference in Python: with a wrong rule, order or += anywhere its
// losses could not come out.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tests/microgpt/microgpt_cases.hpp>
#include <tests/support/helpers.hpp>

namespace {

using microgpt_cases::Run;

double norm(const std::vector<double>& x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

// Trains for `steps` of 1,000 steps. The names are those of the recorded run; the losses, those of
// plain numbers too, and the norms of the gradients differ by less than 1e-12.
void check_steps(microgpt::Training& training, const Run& run, std::size_t steps, bool generic) {
  double off = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const microgpt_cases::Step& expected = run.steps[i];
    CAPTURE(i);
    REQUIRE(training.names[i] == expected.name);
    const double plain = training.model.loss(std::span<const double>(training.weights),
                                             training.tokens(expected.name));
    const double loss = training.step(i, 1000, generic);
    off = std::max({off, std::abs(loss - expected.loss), std::abs(plain - expected.loss),
                    std::abs(norm(training.gradient) - expected.norm)});
    REQUIRE(off < 1e-12);
  }
}

void check_samples(microgpt::Training& training, const Run& run) {
  for (const std::string& expected : run.samples) CHECK(training.sample() == expected);
}

// The first 50 steps and the 20 names after them.
void check_short(const std::string& file, const microgpt::Model& model, std::int64_t seed) {
  const Run run = microgpt_cases::recorded(file);
  for (const bool generic : {false, true}) {
    CAPTURE(generic);
    auto training = microgpt_cases::training(model, seed);
    check_steps(training, run, 50, generic);
    check_samples(training, run);
  }
}

}  // namespace

// Where each step takes much longer, with sanitizers, its first steps.
TEST_CASE("microgpt: 1,000 losses to 1e-12, then the 20 names") {
  const Run run = microgpt_cases::recorded("seed_42.txt");
  REQUIRE(run.steps.size() == 1000);
  const auto steps = static_cast<std::size_t>(helpers::scaled(1000, 10));
  for (const bool generic : {false, true}) {
    CAPTURE(generic);
    auto training = microgpt_cases::training({}, 42);
    check_steps(training, run, steps, generic);
    if (steps == 1000) check_samples(training, run);
  }
}

TEST_CASE("microgpt: the published figures are those of the recorded run") {
  const Run run = microgpt_cases::recorded("seed_42.txt");
  double sum = 0;
  for (const auto& step : run.steps) sum += step.loss;
  const auto less = [](const auto& x, const auto& y) { return x.loss < y.loss; };
  const auto least = std::min_element(run.steps.begin(), run.steps.end(), less);
  CHECK(run.steps.back().loss == 2.6496944697407585);
  CHECK(sum / 1000 == doctest::Approx(2.4517).epsilon(1e-5));
  CHECK(least - run.steps.begin() + 1 == 537);
  CHECK(least->loss == doctest::Approx(1.5782).epsilon(5e-5));
  CHECK(run.samples.front() == "kamon");
  CHECK(run.samples.back() == "anton");
}

TEST_CASE("microgpt: another seed") { check_short("seed_7.txt", {}, 7); }

TEST_CASE("microgpt: two layers") { check_short("layers_2.txt", {.layers = 2}, 42); }

TEST_CASE("microgpt: two layers, three heads, an embedding of 12") {
  check_short("heads_3.txt", {.layers = 2, .heads = 3, .embedding = 12}, 5);
}
