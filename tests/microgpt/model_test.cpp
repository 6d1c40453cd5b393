// The example microgpt: its first gradient, its memory, its data.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/microgpt/microgpt_cases.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_files.hpp>

namespace {

double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double each : x) sum += each * each;
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("microgpt: the first gradient has 3,728 of 4,192 numbers that are not 0") {
  auto training = microgpt_cases::training({}, 42);
  REQUIRE(training.weights.size() == 4192);
  const auto name = training.tokens(training.names[0]);
  for (const bool generic : {false, true}) {
    CAPTURE(generic);
    std::ranges::fill(training.gradient, std::nan(""));
    if (generic)
      training.loss_by_callable(name);
    else
      training.loss_by_values(name);
    CHECK(std::ranges::count_if(training.gradient, [](double g) { return g != 0; }) == 3728);
    CHECK(norm(training.gradient) == doctest::Approx(2.06182704635954).epsilon(1e-14));
  }
}

TEST_CASE("microgpt: the gradient agrees with differences") {
  const microgpt::Model model{
      .vocabulary = 5, .layers = 2, .heads = 2, .embedding = 4, .context = 3};
  const std::vector<std::size_t> name{4, 1, 0, 1, 3, 4};  // longer than the context
  nn::Random random(1);
  std::vector<double> weights(model.weight_count());
  for (double& each : weights) each = random.normal(0, 0.5);
  const auto report =
      autograd::check_gradient([&](auto w) { return model.loss(w, name); }, weights);
  CHECK_MESSAGE(report.ok(), report.to_string());
}

TEST_CASE("microgpt: nothing is left of a step, and memory does not grow") {
  auto training = microgpt_cases::training({}, 42);
  const auto longest = std::ranges::max_element(
      training.names, {}, [](const std::string& name) { return name.size(); });
  std::swap(training.names[0], *longest);
  const auto steps = static_cast<std::size_t>(helpers::scaled(500, 20));
  for (const bool generic : {false, true}) {
    CAPTURE(generic);
    const autograd::GraphStatistics empty = autograd::graph_statistics();
    training.step(0, steps, generic);
    const autograd::GraphStatistics first = autograd::graph_statistics();
    const std::size_t resident = helpers::resident_bytes();
    for (std::size_t i = 1; i < steps; ++i) training.step(i, steps, generic);
    const autograd::GraphStatistics last = autograd::graph_statistics();
    CHECK(last.bytes == empty.bytes);
    CHECK(last.leaves == empty.leaves);
    CHECK(last.bytes_reserved == first.bytes_reserved);
    CHECK(helpers::resident_bytes() <= resident + (1u << 20));
  }
}

TEST_CASE("microgpt: a file of other names, with letters of its own") {
  const files::Folder folder;
  files::write(folder.path / "names.txt", "Zoe\n\nEva\nBob\n");
  const auto names = microgpt::read_names(folder.path / "names.txt");
  REQUIRE(names.size() == 3);
  microgpt::Training training({}, names, 1);
  CHECK(training.letters == "BEZabeov");
  CHECK(training.tokens("Bob") == std::vector<std::size_t>{8, 0, 6, 4, 8});
  CHECK(training.weights.size() == (2 * 9 + 16) * 16 + 12 * 256);
  for (std::size_t i = 0; i < 30; ++i) training.step(i, 30, true);
  CHECK(training.sample().size() <= 16);
  CHECK_THROWS_AS(microgpt::read_names(folder.path / "none.txt"), autograd::Error);
}

TEST_CASE("microgpt: a Function of the weights and tokens, traced once for each length") {
  const microgpt::Model model{
      .vocabulary = 5, .layers = 1, .heads = 2, .embedding = 4, .context = 6};
  nn::Random random(2);
  std::vector<double> weights(model.weight_count());
  for (double& each : weights) each = random.normal(0, 0.5);
  const std::vector<double> first{4, 0, 1, 4};
  const auto f = autograd::Function::trace(
      [&](auto w, auto tokens) { return model.loss(w, tokens); }, weights, first);
  for (const std::vector<std::size_t>& name :
       {std::vector<std::size_t>{4, 0, 1, 4}, {4, 3, 3, 4}, {4, 2, 0, 4}}) {
    const auto [value, gradient] =
        autograd::value_and_gradient([&](auto w) { return model.loss(w, name); }, weights);
    const auto replayed = f.gradient(weights, std::vector<double>(name.begin(), name.end()));
    CHECK(replayed.value == doctest::Approx(value).epsilon(1e-14));
    for (std::size_t i = 0; i < weights.size(); ++i)
      CHECK(replayed.parameters[i] == doctest::Approx(gradient[i]).epsilon(1e-12));
  }
}
