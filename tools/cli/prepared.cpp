#include "prepared.hpp"

#include <string_view>
#include <utility>

#include "output.hpp"

namespace cli {

namespace {

nn::Features features_of(const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return nn::playground_features(views);
}

}  // namespace

std::vector<double> Preparation::inputs(std::span<const double> row) const {
  std::vector<double> result(row.begin(), row.end());
  if (!features.empty()) result = nn::apply_features(features_of(features), result);
  return standardiser ? standardiser->apply(result) : result;
}

nn::Data Preparation::apply(nn::Data rows) const {
  if (!features.empty()) rows = nn::apply_features(features_of(features), std::move(rows));
  if (standardiser) rows = standardiser->apply(std::move(rows));
  if (target_standardiser) rows = target_standardiser->apply_to_targets(std::move(rows));
  if (has_signs)
    for (nn::Sample& row : rows) row.targets = {row.targets[1] > 0 ? 1.0 : -1.0};
  return rows;
}

Preparation preparation_for(const TrainingData& data, const PreparationOptions& options) {
  Preparation result{.features = options.features, .has_signs = options.has_signs};
  const std::size_t inputs = data.train.front().inputs.size();
  if (!result.features.empty() && inputs != 2)
    throw Failure("--features are those of two inputs, and there are " + std::to_string(inputs));
  if (options.is_raw) return result;
  // The sets that are drawn are of the size of 1 by themselves.
  if (data.columns || inputs > 2) {
    nn::Data rows = data.train;
    if (!result.features.empty())
      rows = nn::apply_features(features_of(result.features), std::move(rows));
    result.standardiser = nn::Standardiser::fit(rows);
  }
  if (data.columns && data.classes.empty())
    result.target_standardiser = nn::Standardiser::fit_targets(data.train);
  return result;
}

}  // namespace cli
