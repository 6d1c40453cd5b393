// How good a network is, in numbers and as a table.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nn/nn.hpp>
#include "output.hpp"
#include "prepared.hpp"

namespace cli {

struct Score {
  std::string rows;  // "training"
  std::size_t count = 0;
  double value = 0;  // the accuracy, or R^2
  std::optional<double>
      rms;  // of a single number: the root of the mean squared error, in its units
};

// Of rows that are prepared.
Score score_of(const std::string& rows, const nn::Mlp& net, const nn::Data& prepared,
               const Preparation& preparation, bool has_classes);

std::string score_table(const std::vector<Score>& scores, bool has_classes);
Json json_of(const std::vector<Score>& scores, bool has_classes);

nn::ConfusionMatrix confusion_of(const nn::Mlp& net, const nn::Data& prepared,
                                 const std::vector<std::string>& classes);
std::string confusion_csv(const nn::ConfusionMatrix& matrix);
std::string history_csv(const nn::History& history);

}  // namespace cli
