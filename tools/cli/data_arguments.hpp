// Rows to learn from: a file or a built-in set, and what its columns mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <nn/nn.hpp>
#include "cell_arguments.hpp"

namespace cli {

// Targets of classes are one-hot here, whatever the network is to learn.
struct TrainingData {
  std::string source = {};                  // "iris", "cars.csv"
  std::optional<nn::Columns> columns = {};  // of a file
  std::vector<std::string> inputs = {}, targets = {}, classes = {};
  nn::Data train = {}, validation = {}, test = {};
};

class DataArguments {
 public:
  void add_to(CLI::App& command);
  // Of these the option --data and how a file is read: for rows of a model that knows its columns.
  void add_source_to(CLI::App& command);
  bool is_given() const { return !data_.empty(); }
  // The columns are those of `known` if it is given: to go on with a model.
  // Throws: Failure or Error if there is no such file or set, or its text is no such table.
  TrainingData read(std::uint64_t seed, const nn::Columns* known = nullptr) const;

 private:
  TrainingData read_set(std::uint64_t seed) const;
  TrainingData read_file(std::uint64_t seed, const nn::Columns* known) const;
  nn::ColumnOptions column_options() const;

  CellArguments cells_;
  std::string data_, test_file_, test_rows_, missing_ = "error", class_weights_ = "none";
  std::vector<std::string> targets_, inputs_, dropped_, one_hot_, ordinal_;
  std::string weight_;
  bool is_classification_ = false;
  double noise_ = 0, validation_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace cli
