#include "nn/ensemble.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include <nn/text/errors.hpp>

namespace nn {

using detail::counted;

std::vector<double> mean_of_members(Outputs members) try {
  if (members.empty()) detail::fail("nn::mean_of_members", "at least one member", "none");
  std::vector<double> result(members[0].size(), 0.0);
  for (const std::vector<double>& each : members) {
    if (each.size() != result.size()) {
      detail::fail("nn::mean_of_members", counted(result.size(), "output") + " of every member",
                   std::to_string(each.size()));
    }
    for (std::size_t k = 0; k < result.size(); ++k) result[k] += each[k];
  }
  for (double& each : result) each /= static_cast<double>(members.size());
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<std::vector<double>> predict(std::span<const Mlp> ensemble, const Data& data) try {
  if (ensemble.empty()) detail::fail("nn::predict", "at least one network", "none");
  std::vector<std::vector<std::vector<double>>> outputs;  // [member][row][output]
  outputs.reserve(ensemble.size());
  for (const Mlp& net : ensemble) outputs.push_back(predict(net, data));
  std::vector<std::vector<double>> result;
  result.reserve(data.size());
  for (std::size_t r = 0; r < data.size(); ++r) {
    std::vector<std::vector<double>> members;
    members.reserve(outputs.size());
    for (const auto& each : outputs) members.push_back(each[r]);
    result.push_back(mean_of_members(members));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// ---- seeds ----

std::size_t SeedRuns::successes() const {
  return static_cast<std::size_t>(std::ranges::count_if(runs, &SeedRun::succeeded));
}

double SeedRuns::success_rate() const {
  if (runs.empty()) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(successes()) / static_cast<double>(runs.size());
}

std::vector<Mlp> SeedRuns::nets() const try {
  std::vector<Mlp> result;
  for (const SeedRun& each : runs) result.push_back(each.net);
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::string SeedRuns::to_string() const try {
  std::string result =
      std::to_string(successes()) + " of " + counted(runs.size(), "seed") + " succeeded";
  if (successes() == 0) return result;
  constexpr std::size_t kMostListed = 20;
  std::size_t listed = 0;
  for (const SeedRun& each : runs) {
    if (each.succeeded) continue;
    if (listed == kMostListed) return result + ", ...";
    result += (listed++ == 0 ? "; not " : ", ") + std::to_string(each.seed);
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

SeedRuns fit_seeds(const std::function<Mlp(std::uint64_t)>& make_network, const Data& data,
                   FitOptions options, std::span<const std::uint64_t> seeds,
                   const std::function<bool(const Mlp&)>& succeeded) {
  if (!make_network || !succeeded) {
    detail::fail("nn::fit_seeds", "functions that make a network and judge it", "an empty one");
  }
  SeedRuns result;
  for (const std::uint64_t seed : seeds) {
    Mlp net = make_network(seed);
    options.seed = seed;
    FitResult fitted = fit(net, data, options);
    const bool is_success = succeeded(net);
    result.runs.push_back({seed, std::move(net), std::move(fitted), is_success});
  }
  return result;
}

std::vector<std::uint64_t> seeds(std::size_t count, std::uint64_t first) try {
  detail::check_count("nn::seeds", count, "seed");
  std::vector<std::uint64_t> result(count);
  std::iota(result.begin(), result.end(), first);
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
