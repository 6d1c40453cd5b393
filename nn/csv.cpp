#include "nn/csv.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <optional>
#include <set>
#include <utility>

#include <autograd/file.hpp>
#include <autograd/text.hpp>
#include <nn/text/csv_reader.hpp>
#include <nn/text/errors.hpp>
#include <nn/text/natural_order.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;
using detail::CsvReader;
using detail::listed;
using Field = CsvReader::Field;

namespace {

// The table, as it is read line by line.
class TableReader {
 public:
  TableReader(std::string_view text, const CsvOptions& options, std::string what)
      : options_(options), what_(std::move(what)), reader_(text, options.separator, what_) {}

  Table read() {
    std::vector<Field> fields;
    bool more = reader_.next(fields);
    if (more) read_names(fields);
    if (more && options_.header) more = reader_.next(fields);
    check_classes();
    if (!more) detail::fail(what_, "at least one row of numbers", "none");
    for (; more; more = reader_.next(fields)) read_row(fields);
    fill_in_means();
    if (has_classes_) name_classes();
    return std::move(table_);
  }

 private:
  void read_names(const std::vector<Field>& fields) {
    column_count_ = fields.size();
    std::vector<std::string> names;
    std::set<std::string> different;
    for (std::size_t j = 0; j < column_count_; ++j) {
      names.push_back(options_.header ? fields[j].text : std::to_string(j + 1));
      if (!different.insert(names.back()).second) {
        reader_.fail_at(j, "columns with different names",
                        detail::excerpt(names.back()) + " again");
      }
    }
    const auto is_number = [](const std::string& name) {
      return detail::number_in(name).has_value();
    };
    if (options_.header && std::all_of(names.begin(), names.end(), is_number)) {
      reader_.fail_at(0, "the names of the columns (or CsvOptions::header = false)",
                      "numbers only");
    }
    choose_columns(names);
  }

  void check_classes() const {
    const std::set<std::string> different(options_.classes.begin(), options_.classes.end());
    if (different.size() == options_.classes.size()) return;
    detail::fail(what_, "classes with different names", listed(options_.classes));
  }

  void choose_columns(const std::vector<std::string>& names) {
    if (options_.targets.empty()) target_columns_ = {column_count_ - 1};
    for (const std::string& target : options_.targets) {
      const auto found = std::find(names.begin(), names.end(), target);
      if (found == names.end()) {
        detail::fail(what_, "a target that is one of the columns " + listed(names),
                     detail::excerpt(target));
      }
      const auto column = static_cast<std::size_t>(found - names.begin());
      if (std::count(target_columns_.begin(), target_columns_.end(), column) > 0) {
        detail::fail(what_, "different columns as targets", detail::excerpt(target) + " again");
      }
      target_columns_.push_back(column);
    }
    for (std::size_t j = 0; j < column_count_; ++j) {
      if (std::count(target_columns_.begin(), target_columns_.end(), j) > 0) continue;
      input_columns_.push_back(j);
      if (options_.header) table_.inputs.push_back(names[j]);
    }
    if (input_columns_.empty()) {
      detail::fail(what_, "at least one column besides the targets",
                   counted(column_count_, "column"));
    }
    for (const std::size_t j : target_columns_) {
      if (options_.header) table_.targets.push_back(names[j]);
    }
    means_.resize(input_columns_.size());
  }

  void read_row(const std::vector<Field>& fields) {
    if (fields.size() != column_count_) {
      reader_.fail_at(std::min(fields.size(), column_count_) - 1,
                      counted(column_count_, "field") + ", as in the first line",
                      std::to_string(fields.size()));
    }
    Sample row;
    row.inputs.reserve(input_columns_.size());
    for (std::size_t i = 0; i < input_columns_.size(); ++i) row.inputs.push_back(input(fields, i));
    if (table_.data.empty()) decide_about_classes(fields);
    for (const std::size_t j : target_columns_) {
      if (is_missing(fields[j])) reader_.fail_at(j, "a target", "none: it is missing");
      row.targets.push_back(has_classes_ ? class_in(fields[j], j) : number(fields[j], j));
    }
    table_.data.push_back(std::move(row));
  }

  // Here a NaN with quotes is missing too.
  static bool is_missing(const Field& field) {
    return detail::is_missing(field) || std::isnan(detail::number_in(field.text).value_or(0));
  }

  double number(const Field& field, std::size_t column) const {
    double x = 0;
    const text::Reading read = text::read_number(field.text, x);
    if (read == text::Reading::kOutOfRange) {
      reader_.fail_at(column, "a number in the range of double", detail::excerpt(field.text));
    }
    if (read == text::Reading::kNoNumber) {
      reader_.fail_at(column, "a number", detail::excerpt(field.text));
    }
    return x;
  }

  double input(const std::vector<Field>& fields, std::size_t i) {
    const std::size_t column = input_columns_[i];
    if (!is_missing(fields[column])) {
      ++means_[i].count;
      return number(fields[column], column);
    }
    switch (options_.missing) {
      case Missing::kError:
        reader_.fail_at(column, "a number (or another CsvOptions::missing)", "none: it is missing");
      case Missing::kNumber:
        return options_.missing_number;
      case Missing::kColumnMean:
        break;
    }
    means_[i].missing_rows.push_back(table_.data.size());
    return 0;
  }

  void fill_in_means() {
    for (std::size_t i = 0; i < means_.size(); ++i) {
      const auto& [count, missing_rows] = means_[i];
      if (!missing_rows.empty() && count == 0) {
        detail::fail(what_, "at least one number to take the mean of",
                     "none in column " + std::to_string(input_columns_[i] + 1));
      }
      const double mean = missing_rows.empty() ? 0 : mean_of_column(i);
      for (const std::size_t row : missing_rows) table_.data[row].inputs[i] = mean;
    }
  }

  // Of the numbers that are there.
  double mean_of_column(std::size_t i) const {
    const Mean& column = means_[i];
    const auto count = static_cast<double>(column.count);
    auto missing = column.missing_rows.begin();
    double sum = 0, sum_of_shares = 0;
    for (std::size_t row = 0; row < table_.data.size(); ++row) {
      if (missing != column.missing_rows.end() && *missing == row) {
        ++missing;
        continue;
      }
      const double x = table_.data[row].inputs[i];
      if (!std::isfinite(x)) {
        detail::fail(what_, "finite numbers to take the mean of",
                     text::shortest(x) + " in column " + std::to_string(input_columns_[i] + 1));
      }
      sum += x;
      sum_of_shares += x / count;
    }
    return std::isfinite(sum) ? sum / count : sum_of_shares;
  }

  // ---- classes ----

  void decide_about_classes(const std::vector<Field>& first_row) {
    class_names_ = options_.classes;
    for (std::size_t k = 0; k < class_names_.size(); ++k) class_index_.emplace(class_names_[k], k);
    if (target_columns_.size() != 1) return;
    const Field& field = first_row[target_columns_[0]];
    has_classes_ = options_.numbers_are_classes || !class_names_.empty() ||
                   (!is_missing(field) && is_name(field) && !detail::looks_like_number(field.text));
    first_line_ = reader_.line();
  }

  static bool is_name(const Field& field) {
    double x = 0;
    return text::read_number(field.text, x) == text::Reading::kNoNumber;
  }

  // The class by the order in which the names came.
  double class_in(const Field& field, std::size_t column) {
    const bool known = class_index_.contains(field.text);
    if (!known && !options_.classes.empty()) {
      reader_.fail_at(column, "one of the classes " + listed(options_.classes),
                      detail::excerpt(field.text));
    }
    const bool is_number = !is_name(field) || detail::looks_like_number(field.text);
    if (!known && !options_.numbers_are_classes && is_number) {
      reader_.fail_at(column,
                      "the name of a class, as in line " + std::to_string(first_line_) +
                          " (or CsvOptions::numbers_are_classes)",
                      "the number " + detail::excerpt(field.text));
    }
    if (class_names_.size() == detail::kMostClasses && !known) {
      reader_.fail_at(column, "at most " + std::to_string(detail::kMostClasses) + " classes",
                      "one more, " + detail::excerpt(field.text));
    }
    if (!known) {
      class_index_.emplace(field.text, class_names_.size());
      class_names_.push_back(field.text);
    }
    return static_cast<double>(class_index_[field.text]);
  }

  // Puts the numbers that stand for a class where class_in() has left its index.
  void name_classes() {
    table_.classes = class_names_;
    if (options_.classes.empty()) std::ranges::sort(table_.classes, detail::comes_before);
    const std::size_t count = table_.classes.size();
    const bool one_hot_targets = options_.class_targets == ClassTargets::kOneHot;
    if (!one_hot_targets && count != 2) {
      detail::fail(what_, "two classes for targets that are one number",
                   std::to_string(count) + ": " + listed(table_.classes));
    }
    for (std::size_t k = 0; k < count; ++k) class_index_[table_.classes[k]] = k;
    const double first = options_.class_targets == ClassTargets::kZeroOne ? 0 : -1;
    for (Sample& row : table_.data) {
      const std::string& name = class_names_[static_cast<std::size_t>(row.targets[0])];
      const std::size_t k = class_index_[name];
      row.targets = one_hot_targets ? one_hot(k, count) : std::vector{k == 1 ? 1.0 : first};
    }
  }

  struct Mean {
    std::size_t count = 0;
    std::vector<std::size_t> missing_rows;
  };

  const CsvOptions& options_;
  std::string what_;
  CsvReader reader_;
  Table table_;
  std::size_t column_count_ = 0, first_line_ = 0;
  std::vector<std::size_t> input_columns_, target_columns_;
  std::vector<Mean> means_;  // by input
  bool has_classes_ = false;
  std::vector<std::string> class_names_;
  std::map<std::string, std::size_t> class_index_;
};

}  // namespace

Table parse_csv(std::string_view text, const CsvOptions& options) try {
  return TableReader(text, options, "nn::parse_csv").read();
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Table read_csv(const std::filesystem::path& path, const CsvOptions& options) try {
  const std::string text = autograd::file::read(path, options.max_bytes);
  return TableReader(text, options, "nn::read_csv: '" + path.string() + "'").read();
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
