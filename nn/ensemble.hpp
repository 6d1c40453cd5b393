// Ensembles: several networks that answer together, and several seeds in one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/metrics.hpp>
#include <nn/mlp.hpp>

namespace nn {

// The mean of each number over the members: as good a guess as their mean, and for a squared error
// at least as good as they are on average, by Jensen's inequality.
// Throws: Error if there are no members, or they have different numbers of outputs.
// Source: T. G. Dietterich, "Ensemble methods in machine learning", MCS 2000.
std::vector<double> mean_of_members(Outputs members);

// The mean outputs of the networks for every row.
// Throws: Error also if a network has another number of inputs.
std::vector<std::vector<double>> predict(std::span<const Mlp> ensemble, const Data& data);

// ---- the same training from several seeds ----

struct SeedRun {
  std::uint64_t seed;
  Mlp net;  // trained
  FitResult result;
  bool succeeded;
};

struct SeedRuns {
  std::vector<SeedRun> runs;

  std::size_t successes() const;
  double success_rate() const;    // NaN of no runs
  std::vector<Mlp> nets() const;  // to be an ensemble
  // "19 of 20 seeds succeeded; not 7". At most 20 are listed, and none if none succeeded.
  std::string to_string() const;
};

// Trains make_network(seed) with each seed, which also is that of the options.
// Throws: what fit(), make_network and succeeded throw; Error if a function is empty.
SeedRuns fit_seeds(const std::function<Mlp(std::uint64_t seed)>& make_network, const Data& data,
                   FitOptions options, std::span<const std::uint64_t> seeds,
                   const std::function<bool(const Mlp& net)>& succeeded);

// first, first + 1, ...
// Throws: Error for more than 2^31 seeds.
std::vector<std::uint64_t> seeds(std::size_t count, std::uint64_t first = 0);

}  // namespace nn
