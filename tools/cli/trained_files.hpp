// The files that a training leaves in its folder.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nn/nn.hpp>
#include "prepared.hpp"

namespace cli {

// Throws: Failure if this is no folder that can be written to or made.
void require_writable(const std::filesystem::path& folder);

// Made ready first, then written, so that nothing is there if one of them cannot be made.
class TrainedFiles {
 public:
  explicit TrainedFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add_model(const nn::Model& model);
  void add_history(const nn::History& history);  // as CSV, and the loss as a picture
  void add_confusion(const nn::ConfusionMatrix& matrix);
  // Of two inputs and one output; else nothing.
  void add_boundary(const nn::Mlp& net, const nn::Data& rows, const Preparation& preparation);

  // Of a network of at most 60 weights: its chain rule step by step, on rows that are prepared.
  void add_page(const nn::Mlp& net, const nn::Data& prepared, const nn::Loss& loss);

  // Throws: Failure or Error if one cannot be written.
  void write() const;
  std::vector<std::string> names() const;
  std::string listed() const;  // "trained/model.json, loss.svg"

 private:
  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::string>> files_;  // name, text
};

}  // namespace cli
