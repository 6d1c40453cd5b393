// Ensembles and several seeds: means of members, and exclusive or from nearly every seed.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using nn::Activation;
using nn::Mlp;

namespace {

Mlp xor_network(std::uint64_t seed) {
  return Mlp({2, 4, 1}, Activation::tanh, Activation::tanh, seed);
}

bool has_all_four_right(const Mlp& net) {
  const nn::Data data = nn::xor_data();
  return nn::accuracy(nn::predict(net, data), data) == 1;
}

nn::FitOptions xor_options() {
  return {.optimizer = nn::Adam{.rate = 0.1}, .epochs = 200, .accuracy = false};
}

}  // namespace

TEST_CASE("ensemble: it answers with the mean of its members, row by row") {
  const std::vector<Mlp> nets{xor_network(1), xor_network(2), xor_network(3)};
  const nn::Data data = nn::xor_data();
  const auto outputs = nn::predict(nets, data);
  REQUIRE(outputs.size() == 4);
  for (std::size_t r = 0; r < 4; ++r) {
    double sum = 0;
    for (const Mlp& net : nets) sum += net(data[r].inputs)[0].data();
    CHECK(outputs[r][0] == doctest::Approx(sum / 3).epsilon(1e-15));
  }
}

TEST_CASE("ensemble: its squared error is at most the mean of the members'") {
  const nn::Data data = nn::moons_data(40, 0.2);
  std::vector<Mlp> nets;
  double members = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    nets.push_back(xor_network(seed));
    members += nn::mean_loss(nn::predict(nets.back(), data), data, nn::squared_error) / 5;
  }
  const double together = nn::mean_loss(nn::predict(nets, data), data, nn::squared_error);
  CHECK(together < members);
}

TEST_CASE("ensemble: no members, and members of other shapes, are errors") {
  const nn::Data data = nn::xor_data();
  CHECK_THROWS_AS(nn::predict(std::vector<Mlp>(), data), Error);
  CHECK_THROWS_AS(nn::predict(std::vector{xor_network(1), Mlp({2, 2}, Activation::tanh)}, data),
                  Error);
  CHECK_THROWS_AS(nn::predict(std::vector{xor_network(1), Mlp({3, 1}, Activation::tanh)}, data),
                  Error);
  CHECK_THROWS_AS(nn::mean_of_members({}), Error);
}

TEST_CASE("seeds: 2-4-1 learns exclusive or from at least 19 of 20") {
  const nn::SeedRuns runs =
      nn::fit_seeds(xor_network, nn::xor_data(), xor_options(), nn::seeds(20), has_all_four_right);
  CAPTURE(runs.to_string());
  CHECK(runs.runs.size() == 20);
  CHECK(runs.successes() >= 19);
  // What counts as a success is true of the networks that are given back.
  for (const nn::SeedRun& run : runs.runs) CHECK(run.succeeded == has_all_four_right(run.net));
  CHECK(nn::predict(runs.nets(), nn::xor_data()).size() == 4);
}

TEST_CASE("seeds: a network without hidden units learns it from none") {
  const auto line = [](std::uint64_t seed) {
    return Mlp({2, 1}, Activation::tanh, Activation::tanh, seed);
  };
  const nn::SeedRuns runs =
      nn::fit_seeds(line, nn::xor_data(), xor_options(), nn::seeds(3, 5), has_all_four_right);
  CHECK(runs.success_rate() == 0);
  CHECK(runs.to_string() == "0 of 3 seeds succeeded");
}

TEST_CASE("seeds: those that failed are named, as long as they are not too many") {
  nn::SeedRuns runs;
  const auto add = [&](std::uint64_t seed, bool succeeded) {
    runs.runs.push_back({seed, xor_network(seed), {}, succeeded});
  };
  for (const std::uint64_t seed : nn::seeds(6, 4)) add(seed, seed % 3 != 0);
  CHECK(runs.to_string() == "4 of 6 seeds succeeded; not 6, 9");
  for (const std::uint64_t seed : nn::seeds(18, 10)) add(seed, false);
  CHECK(runs.to_string().ends_with(", 26, 27"));
  add(28, false);
  CHECK(runs.to_string().starts_with("4 of 25 seeds succeeded; not 6, 9, 10, 11, "));
  CHECK(runs.to_string().ends_with(", 26, 27, ..."));
}

TEST_CASE("seeds: each run is the one that fit() makes of this seed") {
  nn::FitOptions options = xor_options();
  options.epochs = 5;
  options.batch_size = 2;
  const nn::SeedRuns runs = nn::fit_seeds(xor_network, nn::xor_data(), options, nn::seeds(3, 7),
                                          [](const Mlp&) { return true; });
  CHECK(runs.to_string() == "3 of 3 seeds succeeded");
  for (const nn::SeedRun& run : runs.runs) {
    Mlp net = xor_network(run.seed);
    options.seed = run.seed;
    CHECK(nn::fit(net, nn::xor_data(), options).state == run.result.state);
    CHECK(net.parameter_values() == run.net.parameter_values());
  }
}

TEST_CASE("seeds: none at all, and empty functions") {
  const nn::SeedRuns runs = nn::fit_seeds(xor_network, nn::xor_data(), {}, {}, has_all_four_right);
  CHECK(std::isnan(runs.success_rate()));
  CHECK_THROWS_AS(nn::fit_seeds(xor_network, nn::xor_data(), {}, nn::seeds(1), nullptr), Error);
}
