// Columns: what the columns of a table mean, and how their cells become numbers. Decided by the rows
// that are trained on; other rows are then read alike.
//
//   const nn::Cells cells = nn::read_cells("titanic.csv");
//   const nn::Columns columns = nn::Columns::choose(
//       cells, {.targets = {"Survived"}, .dropped = {"Name"}, .one_hot = {"Sex"},
//               .missing = nn::Missing::kColumnMean, .numbers_are_classes = true});
//   const nn::Table table = columns.table(cells);
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nn/cells.hpp>
#include <nn/csv.hpp>
#include <nn/data.hpp>

namespace nn {

struct ColumnOptions {
  std::vector<std::string> targets = {};  // the last column if there are none
  std::vector<std::string> inputs = {};   // if there are any, no other column is an input
  std::vector<std::string> dropped = {};
  // Columns of text, or of numbers that are names: a number for each category, 0 but for a 1; or the
  // place of the category, 0, 1, 2, ..., in natural order.
  std::vector<std::string> one_hot = {}, ordinal = {};
  std::string weight = {};  // of the rows, numbers of at least 0; no input

  Missing missing = Missing::kError;
  double missing_number = 0;  // with Missing::kNumber

  bool numbers_are_classes = false;  // of a single target
  ClassTargets class_targets = ClassTargets::kOneHot;
};

struct Columns {
  enum class Kind { kNumber, kOneHot, kOrdinal };
  struct Input {
    std::string name = {};
    Kind kind = Kind::kNumber;
    std::vector<std::string> categories = {};  // in natural order: 1, 2, 10
    // Whether a cell may be missing: it is then `missing`, or 0 for each category.
    bool may_miss = false;
    double missing = 0;

    bool operator==(const Input&) const = default;
  };

  std::vector<Input> inputs = {};
  std::vector<std::string> targets = {};
  std::vector<std::string> classes = {};  // in natural order; none if the targets are numbers
  ClassTargets class_targets = ClassTargets::kOneHot;
  std::string weight = {};

  // Throws: Error that names the column, and the line if there is one: a column that is not there or
  //         has two parts to play; text in a column of numbers, with what can be done about it; a
  //         date; a number that is missing, or too large; more than 1000 categories or classes; a
  //         target of two classes that has more or less; no inputs or no rows.
  static Columns choose(const Cells& cells, const ColumnOptions& options = {});

  // One for each number that the network is given: "age", "city=Rome".
  std::vector<std::string> input_names() const;

  // Rows with targets. Columns go by their names, in any order; others are passed over.
  // A class that ends in a point is that without it, if only that is known.
  // Throws: Error as above, and for a category or a class that is unknown.
  Table table(const Cells& cells) const;
  // Rows to predict: the targets need not be there, and are empty.
  Data rows(const Cells& cells) const;

  bool operator==(const Columns&) const = default;
};

// A weight for each class, by which those of the rows are multiplied: n / (classes * rows of the
// class) makes all classes count alike.
std::vector<double> balanced_class_weights(const Data& data);
// Throws: Error if the targets are not those of classes, there is not one weight for each, or one is
//         negative or not finite.
Data with_class_weights(Data data, const std::vector<double>& weights);

}  // namespace nn
