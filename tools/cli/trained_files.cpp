#include "trained_files.hpp"

#include <system_error>
#include <unistd.h>

#include <autograd/file.hpp>
#include "output.hpp"
#include "scores.hpp"

namespace cli {

namespace fs = std::filesystem;

void require_writable(const fs::path& folder) {
  std::error_code ignored;
  fs::path there = fs::absolute(folder, ignored);
  while (!fs::exists(there, ignored) && there.has_relative_path()) there = there.parent_path();
  if (!fs::is_directory(there, ignored)) throw Failure("'" + there.string() + "' is no folder");
  if (::access(there.c_str(), W_OK) != 0)
    throw Failure("the folder '" + there.string() + "' cannot be written to");
}

void TrainedFiles::add_model(const nn::Model& model) {
  files_.emplace_back("model.json", nn::to_json(model));
}

void TrainedFiles::add_history(const nn::History& history) {
  files_.emplace_back("history.csv", history_csv(history));
  if (history.size() > 1) files_.emplace_back("loss.svg", nn::loss_chart(history).to_svg());
}

void TrainedFiles::add_confusion(const nn::ConfusionMatrix& matrix) {
  files_.emplace_back("confusion.csv", confusion_csv(matrix));
}

void TrainedFiles::add_boundary(const nn::Mlp& net, const nn::Data& rows,
                                const Preparation& preparation) {
  if (rows.empty() || rows[0].inputs.size() != 2 || net.outputs() != 1) return;
  // The chart is in the units of the inputs; what the network is given are features of these.
  nn::Features features;
  for (std::size_t i = 0; i < net.inputs(); ++i) {
    features.push_back({std::to_string(i), [&preparation, i](std::span<const double> x) {
                          return preparation.inputs(x)[i];
                        }});
  }
  nn::Data targets = rows;
  if (preparation.has_signs)
    for (nn::Sample& row : targets) row.targets = {row.targets[1] > 0 ? 1.0 : -1.0};
  if (preparation.target_standardiser)
    targets = preparation.target_standardiser->apply_to_targets(std::move(targets));
  files_.emplace_back("boundary.svg", nn::decision_chart(net, targets, features).to_svg());
}

void TrainedFiles::add_page(const nn::Mlp& net, const nn::Data& prepared, const nn::Loss& loss) {
  constexpr std::size_t kMostWeights = 60;
  if (net.parameters().size() > kMostWeights || !net.statistics().empty()) return;
  files_.emplace_back("page.html", nn::to_page(net, prepared, {.loss = loss}));
}

void TrainedFiles::write() const {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem)
    throw Failure("the folder '" + folder_.string() + "' cannot be made: " + problem.message());
  for (const auto& [name, text] : files_) autograd::file::write(folder_ / name, text);
}

std::vector<std::string> TrainedFiles::names() const {
  std::vector<std::string> result;
  for (const auto& [name, text] : files_) result.push_back((folder_ / name).string());
  return result;
}

std::string TrainedFiles::listed() const {
  std::string result;
  for (const auto& [name, text] : files_)
    result += result.empty() ? (folder_ / name).string() : ", " + name;
  return result;
}

}  // namespace cli
