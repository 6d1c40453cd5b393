// Save: a network, and what belongs to it, in one readable file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nn/activation.hpp>
#include <nn/columns.hpp>
#include <nn/features.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>
#include <nn/optimizer.hpp>
#include <nn/standardiser.hpp>

namespace nn {

// nn::save("iris.json", {.net = net, .standardiser = standardiser, .classes = table.classes});
// const nn::Model model = nn::load("iris.json");
struct Model {
  Mlp net;
  std::optional<Standardiser> standardiser = {};                     // of the inputs
  std::vector<std::string> inputs = {}, targets = {}, classes = {};  // names, as in Table

  // By which the network's outputs are brought back to the units of the targets.
  std::optional<Standardiser> target_standardiser = {};
  // How the cells of a file become inputs and targets.
  std::optional<Columns> columns = {};
  // Of playground_features(), by their names: what the network is given in place of two inputs. They
  // are computed before the inputs are standardised.
  std::vector<std::string> features = {};
  std::string loss = {};                // the name of what it was trained with
  std::vector<std::string> notes = {};  // lines about it, for people

  // To go on training.
  std::optional<Optimizer> optimizer = {};  // of all parameters
  std::optional<TrainingState> training = {};

  // The outputs for inputs as they were before features of them and standardising, in the units of the
  // targets. Leaves no graph behind.
  // Throws: Error if the number of inputs is another one.
  std::vector<double> predict(std::span<const double> row) const;
  std::vector<double> predict(std::initializer_list<double> row) const {
    return predict(std::span(row.begin(), row.size()));
  }
};

struct LoadOptions {
  // Activations of one's own in the network: a file has their names only.
  std::vector<Activation> activations = {};
  std::size_t max_bytes = std::size_t{1} << 26;
};

// The file is JSON; nn/guide/saving.md describes it. Every number reads back to the same bits, -0 too;
// NaN and infinities are the texts "nan", "inf" and "-inf", and all NaNs become one. Frozen
// parameters stay frozen; labels are not kept.
//
// Throws: Error if the parts of the model do not fit one another, a mean, a deviation or a running
//         variance cannot be one, a name comes twice or is not UTF-8, an activation of one's own has
//         the name of another one that named() knows, or the file cannot be written.
//         The file appears whole or not at all.
void save(const std::filesystem::path& path, const Model& model);

// Throws: Error, with line and column, if the file is not of this format and version, is damaged,
//         has what should not be there or lacks what should, or if numbers of weights, units or
//         names do not fit one another. The memory it takes has a limit in that of the file.
//         Error also if an activation is neither known nor given, or the file cannot be read, is no
//         regular file or is too long.
Model load(const std::filesystem::path& path, const LoadOptions& options = {});

// The same as text.
std::string to_json(const Model& model);
Model from_json(std::string_view text, const LoadOptions& options = {});

}  // namespace nn
