#include "nn/columns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <optional>
#include <set>

#include <autograd/text.hpp>
#include <nn/text/csv_reader.hpp>
#include <nn/text/dates.hpp>
#include <nn/text/errors.hpp>
#include <nn/text/natural_order.hpp>

namespace nn {

namespace text = autograd::text;

using detail::excerpt;
using detail::listed;
using Names = std::vector<std::string>;

namespace {

bool has(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// A cell of a column, with where it is.
struct Cell {
  const Cells& cells;
  const Cells::Row& row;
  const std::string& column;
  const std::string& text;

  [[noreturn]] void fail(const std::string& expected, const std::string& given) const {
    detail::fail(cells.source + ", line " + std::to_string(row.line) + ", column '" + column + "'",
                 expected, given);
  }
};

// f(Cell) for the cells of a column.
template <class F> void each_cell(const Cells& cells, const std::string& column, F f) {
  const std::size_t place = cells.column(column);
  for (const Cells::Row& row : cells.rows) f(Cell{cells, row, column, row.cells[place]});
}

bool is_number(const std::string& text) {
  double x = 0;
  return text::read_number(text, x) != text::Reading::kNoNumber;
}

double number_in(const Cell& cell) {
  double x = 0;
  const text::Reading reading = text::read_number(cell.text, x);
  if (reading == text::Reading::kNumber && std::isfinite(x)) return x;
  if (reading != text::Reading::kNoNumber)
    cell.fail("a finite number in the range of double", excerpt(cell.text));
  if (detail::looks_like_date(cell.text))
    cell.fail("a number (a date is none: drop the column, or make numbers of it, as the year)",
              excerpt(cell.text));
  if (detail::looks_like_number(cell.text))
    cell.fail("a number with a point (or CellOptions::decimal_comma)", excerpt(cell.text));
  cell.fail("a number (a column of text is one_hot, ordinal or dropped)", excerpt(cell.text));
}

// The different texts of a column, in natural order.
Names categories_of(const Cells& cells, const std::string& column) {
  std::set<std::string> different;
  each_cell(cells, column, [&](const Cell& cell) {
    if (cell.text.empty()) return;
    different.insert(cell.text);
    if (different.size() > detail::kMostClasses)
      cell.fail("at most " + std::to_string(detail::kMostClasses) + " categories",
                "one more, " + excerpt(cell.text));
  });
  Names result(different.begin(), different.end());
  std::ranges::sort(result, detail::comes_before);
  return result;
}

std::optional<std::size_t> place_of(const Names& categories, const std::string& text) {
  const auto found = std::ranges::find(categories, text);
  if (found != categories.end()) return static_cast<std::size_t>(found - categories.begin());
  if (!text.ends_with('.')) return {};
  return place_of(categories, text.substr(0, text.size() - 1));
}

// Chooses the columns, step by step.
class Chooser {
 public:
  Chooser(const Cells& cells, const ColumnOptions& options) : cells_(cells), options_(options) {}

  Columns choose() && {
    if (cells_.rows.empty()) detail::fail(cells_.source, "at least one row", "none");
    check_names();
    choose_targets();
    for (const std::string& name : input_columns()) result_.inputs.push_back(input(name));
    if (result_.inputs.empty())
      detail::fail(cells_.source, "at least one column of inputs", "none");
    return std::move(result_);
  }

 private:
  // Each is there, and has one part to play.
  void check_names() const {
    std::set<std::string> seen;
    const auto check = [&](const Names& names) {
      for (const std::string& name : names) {
        (void)cells_.column(name);
        if (!seen.insert(name).second)
          detail::fail(cells_.source, "one part for each column", excerpt(name) + " twice");
      }
    };
    check(options_.targets);
    check(options_.dropped);
    check(options_.weight.empty() ? Names{} : Names{options_.weight});
    std::set<std::string> others = seen;
    check(options_.one_hot);
    check(options_.ordinal);
    seen = std::move(others);
    check(options_.inputs);
  }

  void choose_targets() {
    result_.weight = options_.weight;
    result_.class_targets = options_.class_targets;
    result_.targets = options_.targets;
    if (result_.targets.empty()) {
      Names rest;
      std::ranges::copy_if(cells_.names, std::back_inserter(rest), [&](const std::string& name) {
        return !has(options_.dropped, name) && name != options_.weight;
      });
      if (rest.empty()) detail::fail(cells_.source, "a column to predict", "none");
      result_.targets = {rest.back()};
    }
    if (result_.targets.size() != 1) return;
    const std::string& target = result_.targets[0];
    bool has_names = false, has_numbers = false;
    each_cell(cells_, target, [&](const Cell& cell) {
      if (cell.text.empty()) return;
      (is_number(cell.text) ? has_numbers : has_names) = true;
      if (detail::looks_like_date(cell.text)) (void)number_in(cell);
    });
    if (!options_.numbers_are_classes && (!has_names || has_numbers)) return;
    result_.classes = categories_of(cells_, target);
    if (result_.class_targets != ClassTargets::kOneHot && result_.classes.size() != 2)
      detail::fail(cells_.source, "two classes for a target that is one number",
                   std::to_string(result_.classes.size()) + ": " + listed(result_.classes));
  }

  Names input_columns() const {
    Names result;
    for (const std::string& name : options_.inputs.empty() ? cells_.names : options_.inputs) {
      const bool is_other =
          has(result_.targets, name) || has(options_.dropped, name) || name == options_.weight;
      if (!is_other) result.push_back(name);
    }
    return result;
  }

  Columns::Input input(const std::string& name) const {
    Columns::Input result{.name = name};
    if (has(options_.one_hot, name)) result.kind = Columns::Kind::kOneHot;
    if (has(options_.ordinal, name)) result.kind = Columns::Kind::kOrdinal;
    if (result.kind != Columns::Kind::kNumber) result.categories = categories_of(cells_, name);
    result.may_miss = options_.missing != Missing::kError;
    if (options_.missing == Missing::kNumber) result.missing = options_.missing_number;
    if (options_.missing == Missing::kColumnMean && result.kind != Columns::Kind::kOneHot)
      result.missing = mean(result);
    return result;
  }

  // Of the numbers that are there; 0 if none is missing or none is there.
  double mean(const Columns::Input& input) const {
    std::vector<double> numbers;
    each_cell(cells_, input.name, [&](const Cell& cell) {
      if (cell.text.empty()) return;
      numbers.push_back(input.kind == Columns::Kind::kNumber
                            ? number_in(cell)
                            : static_cast<double>(*place_of(input.categories, cell.text)));
    });
    if (numbers.empty())
      detail::fail(cells_.source, "at least one number to take the mean of",
                   "none in column " + excerpt(input.name));
    double result = 0;
    for (const double each : numbers) result += each / static_cast<double>(numbers.size());
    return result;
  }

  const Cells& cells_;
  const ColumnOptions& options_;
  Columns result_;
};

void add_input(const Columns::Input& input, const Cell& cell, std::vector<double>& to) {
  const bool is_missing = cell.text.empty();
  if (is_missing && !input.may_miss)
    cell.fail("a number (or another ColumnOptions::missing)", "none: it is missing");
  if (input.kind == Columns::Kind::kNumber)
    return to.push_back(is_missing ? input.missing : number_in(cell));
  std::optional<std::size_t> place;
  if (!is_missing) {
    place = place_of(input.categories, cell.text);
    if (!place) cell.fail("one of the categories " + listed(input.categories), excerpt(cell.text));
  }
  if (input.kind == Columns::Kind::kOrdinal)
    return to.push_back(place ? static_cast<double>(*place) : input.missing);
  for (std::size_t k = 0; k < input.categories.size(); ++k) to.push_back(place == k ? 1.0 : 0.0);
}

void add_target(const Columns& columns, const Cell& cell, std::vector<double>& to) {
  if (cell.text.empty()) cell.fail("a target", "none: it is missing");
  if (columns.classes.empty()) return to.push_back(number_in(cell));
  const auto place = place_of(columns.classes, cell.text);
  if (!place) cell.fail("one of the classes " + listed(columns.classes), excerpt(cell.text));
  if (columns.class_targets == ClassTargets::kOneHot) {
    to = one_hot(*place, columns.classes.size());
  } else {
    to.push_back(*place == 1 ? 1.0 : columns.class_targets == ClassTargets::kZeroOne ? 0.0 : -1.0);
  }
}

Data read(const Columns& columns, const Cells& cells, bool with_targets) {
  Data result(cells.rows.size());
  for (const Columns::Input& input : columns.inputs) {
    std::size_t row = 0;
    each_cell(cells, input.name,
              [&](const Cell& cell) { add_input(input, cell, result[row++].inputs); });
  }
  if (!with_targets) return result;
  for (const std::string& target : columns.targets) {
    std::size_t row = 0;
    each_cell(cells, target,
              [&](const Cell& cell) { add_target(columns, cell, result[row++].targets); });
  }
  if (columns.weight.empty()) return result;
  std::size_t row = 0;
  each_cell(cells, columns.weight, [&](const Cell& cell) {
    const double weight = number_in(cell);
    if (weight < 0) cell.fail("a weight of at least 0", excerpt(cell.text));
    result[row++].weight = weight;
  });
  return result;
}

}  // namespace

Columns Columns::choose(const Cells& cells, const ColumnOptions& options) try {
  return Chooser(cells, options).choose();
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<std::string> Columns::input_names() const {
  Names result;
  for (const Input& input : inputs) {
    if (input.kind != Kind::kOneHot)
      result.push_back(input.name);
    else
      for (const std::string& each : input.categories) result.push_back(input.name + '=' + each);
  }
  return result;
}

Table Columns::table(const Cells& cells) const try {
  return {read(*this, cells, true), input_names(), targets, classes};
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data Columns::rows(const Cells& cells) const try {
  return read(*this, cells, false);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
