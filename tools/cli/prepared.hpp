// Rows as a network is given them: features, standardised numbers, targets as the loss wants them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nn/nn.hpp>
#include "data_arguments.hpp"

namespace cli {

// Fitted to the training rows, then applied to all others.
struct Preparation {
  std::vector<std::string> features = {};  // of playground_features()
  std::optional<nn::Standardiser> standardiser = {}, target_standardiser = {};
  bool has_signs = false;  // two classes are -1 and 1

  nn::Data apply(nn::Data rows) const;
  // Of a single row of inputs.
  std::vector<double> inputs(std::span<const double> row) const;
};

struct PreparationOptions {
  std::vector<std::string> features = {};
  bool has_signs = false;
  bool is_raw = false;  // nothing is standardised
};
// Inputs of files are standardised, those of built-in sets and features of them are not. So are
// targets that are numbers.
Preparation preparation_for(const TrainingData& data, const PreparationOptions& options);

}  // namespace cli
