#include "data_arguments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <utility>

#include <autograd/text.hpp>
#include "commands.hpp"
#include "output.hpp"

namespace cli {

namespace {

using Drawn = nn::Data (*)(std::size_t count, double noise, std::uint64_t seed);

struct DrawnSet {
  std::string_view name;
  Drawn draw;
  std::size_t rows;
  bool has_classes;
};
constexpr std::array kDrawnSets{DrawnSet{"circle", nn::circle_data, 500, true},
                                DrawnSet{"xor-cloud", nn::xor_cloud_data, 500, true},
                                DrawnSet{"gauss", nn::gauss_data, 500, true},
                                DrawnSet{"spiral", nn::spiral_data, 500, true},
                                DrawnSet{"moons", nn::moons_data, 500, true},
                                DrawnSet{"plane", nn::plane_data, 1200, false},
                                DrawnSet{"bumps", nn::bumps_data, 1200, false}};

// Targets 0 or -1, and 1, as those of two classes.
nn::Data with_classes(nn::Data data) {
  for (nn::Sample& row : data) row.targets = nn::one_hot(row.targets[0] > 0 ? 1 : 0, 2);
  return data;
}

void split_off_validation(TrainingData& data, double share, std::uint64_t seed) {
  if (share == 0) return;
  auto [train, validation] = nn::split(data.train, 1 - share, seed);
  data.train = std::move(train);
  data.validation = std::move(validation);
}

// The rows to train on, and a share to validate, drawn with the seed.
std::pair<nn::Cells, nn::Cells> split_cells(const nn::Cells& cells, double share,
                                            std::uint64_t seed) {
  const auto count = static_cast<double>(cells.rows.size());
  const auto train = static_cast<std::size_t>(std::llround((1 - share) * count));
  nn::Random random(seed);
  const std::vector<std::size_t> order = nn::shuffled_indices(cells.rows.size(), random);
  const std::span all(order);
  return {cells.selected(all.first(train)), cells.selected(all.subspan(train))};
}

}  // namespace

void DataArguments::add_source_to(CLI::App& command) {
  command.add_option("--data", data_, "With --model: rows with targets, a file or a built-in set")
      ->type_name("DATA");
  cells_.add_to(command);
}

void DataArguments::add_to(CLI::App& command) {
  command
      .add_option("data", data_,
                  "A file; or xor circle xor-cloud gauss spiral moons plane bumps iris")
      ->type_name("DATA")
      ->required();
  const auto names = [&](const char* name, std::vector<std::string>& to, const char* words) {
    add_names(command, name, to, words)->group("Columns");
  };
  names("--target", targets_, "To be predicted; the last column if none is named");
  names("--inputs", inputs_, "These columns alone, instead of all others");
  names("--drop", dropped_, "Columns to leave out");
  names("--one-hot", one_hot_, "Columns of text: an input for each category");
  names("--ordinal", ordinal_, "Columns of text: 0, 1, 2, ... in natural order");
  command.add_flag("--classify", is_classification_, "Numbers in the target are names of classes")
      ->group("Columns");
  command
      .add_option("--missing", missing_, "What stands for a missing input: error, mean or a number")
      ->type_name("WORD")
      ->group("Columns");
  command.add_option("--weights", weight_, "A column with the weights of the rows")
      ->type_name("NAME")
      ->group("Columns");
  command
      .add_option("--class-weights", class_weights_,
                  "none, or balanced: rare classes count as much as others")
      ->check(CLI::IsMember({"none", "balanced"}))
      ->type_name("WORD")
      ->group("Columns");
  command.add_option("--validation", validation_, "This share of the rows is not trained on")
      ->check(CLI::Range(0.0, 0.99))
      ->type_name("SHARE")
      ->group("Rows");
  command.add_option("--test", test_file_, "A second file, which is only tested on")
      ->type_name("FILE")
      ->group("Rows");
  command
      .add_option("--test-rows", test_rows_, "Rows to test on: those in which a column says this")
      ->type_name("NAME=TEXT")
      ->group("Rows");
  command.add_option("--noise", noise_, "Of the sets that are drawn, 0 to 0.5")
      ->check(not_negative())
      ->type_name("NUMBER")
      ->group("Rows");
  command.add_option("--rows", rows_, "How many rows of the sets that are drawn")
      ->check(CLI::Range(1, 10'000'000))
      ->default_str("")
      ->group("Rows");
  cells_.add_to(command);
}

TrainingData DataArguments::read(std::uint64_t seed, const nn::Columns* known) const {
  const bool is_file = std::filesystem::exists(data_);
  TrainingData result = is_file ? read_file(seed, known) : read_set(seed);
  if (result.train.empty())
    throw Failure("--validation " + autograd::text::shortest(validation_) +
                  " leaves no rows to train on");
  if (class_weights_ != "balanced") return result;
  if (result.classes.empty()) throw Failure("--class-weights is for classes, not for numbers");
  const std::vector<double> weights = nn::balanced_class_weights(result.train);
  result.train = nn::with_class_weights(std::move(result.train), weights);
  return result;
}

TrainingData DataArguments::read_set(std::uint64_t seed) const {
  TrainingData result{.source = data_, .columns = {}, .inputs = {"x1", "x2"}, .targets = {"y"}};
  const auto drawn = std::ranges::find(kDrawnSets, data_, &DrawnSet::name);
  if (drawn != kDrawnSets.end()) {
    result.train = drawn->draw(rows_ == 0 ? drawn->rows : rows_, noise_, seed);
    if (drawn->has_classes) {
      result.train = with_classes(std::move(result.train));
      result.classes = {"-1", "1"};
    }
  } else if (data_ == "xor") {
    result.train = with_classes(nn::xor_data());
    result.classes = {"0", "1"};
  } else if (data_ == "iris") {
    nn::Table table = nn::iris_table();
    result.train = std::move(table.data);
    result.inputs = std::move(table.inputs);
    result.targets = std::move(table.targets);
    result.classes = std::move(table.classes);
  } else {
    throw Failure("there is no file '" + data_ +
                  "', and it is no built-in set: xor, circle, xor-cloud, gauss, spiral, moons, "
                  "plane, bumps or iris");
  }
  split_off_validation(result, validation_, seed);
  return result;
}

nn::ColumnOptions DataArguments::column_options() const {
  nn::ColumnOptions result{.targets = names_in(targets_),
                           .inputs = names_in(inputs_),
                           .dropped = names_in(dropped_),
                           .one_hot = names_in(one_hot_),
                           .ordinal = names_in(ordinal_),
                           .weight = weight_,
                           .numbers_are_classes = is_classification_};
  if (missing_ == "mean") {
    result.missing = nn::Missing::kColumnMean;
  } else if (missing_ != "error") {
    result.missing = nn::Missing::kNumber;
    if (autograd::text::read_number(missing_, result.missing_number) !=
        autograd::text::Reading::kNumber)
      throw Failure("expected --missing error, mean or a number, got '" + missing_ + "'");
  }
  if (!test_rows_.empty()) result.dropped.push_back(test_rows_.substr(0, test_rows_.find('=')));
  return result;
}

TrainingData DataArguments::read_file(std::uint64_t seed, const nn::Columns* known) const {
  TrainingData result{.source = data_};
  nn::Cells cells = cells_.read(data_), test{};
  if (!test_rows_.empty()) {
    const std::size_t equals = test_rows_.find('=');
    if (equals == std::string::npos)
      throw Failure("expected --test-rows NAME=TEXT, as in set=test, got '" + test_rows_ + "'");
    std::tie(test, cells) =
        cells.divided(test_rows_.substr(0, equals), test_rows_.substr(equals + 1));
    if (test.rows.empty()) throw Failure("no row is chosen by --test-rows " + test_rows_);
  }
  if (!test_file_.empty()) test = cells_.read(test_file_);
  nn::Cells validation{};
  if (validation_ > 0) std::tie(cells, validation) = split_cells(cells, validation_, seed);
  if (cells.rows.empty()) return result;

  result.columns = known != nullptr ? *known : nn::Columns::choose(cells, column_options());
  nn::Table table = result.columns->table(cells);
  result.train = std::move(table.data);
  result.inputs = std::move(table.inputs);
  result.targets = std::move(table.targets);
  result.classes = std::move(table.classes);
  if (!validation.rows.empty()) result.validation = result.columns->table(validation).data;
  if (!test.rows.empty()) result.test = result.columns->table(test).data;
  return result;
}

}  // namespace cli
