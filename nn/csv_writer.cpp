#include <algorithm>
#include <cmath>
#include <new>
#include <set>

#include <autograd/file.hpp>
#include <autograd/text.hpp>
#include <nn/csv.hpp>
#include <nn/text/csv_reader.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;

namespace {

const std::string kWhat = "nn::to_csv";

// The field as parse_csv() reads it back, in quotes if it has to be.
std::string field_of(const std::string& text, char separator) {
  const auto is_control = [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n') || c == 0x7f;
  };
  if (text.empty() || std::any_of(text.begin(), text.end(), is_control)) {
    detail::fail(kWhat, "names of text without control characters", detail::excerpt(text));
  }
  const bool plain = text.find_first_of(std::string("\"\n") + separator) == std::string::npos &&
                     detail::trimmed(text) == text && text != "NA" && text != "?" &&
                     !text.starts_with("\xEF\xBB\xBF");  // a byte order mark
  if (plain) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

// The class that the targets of a row stand for.
std::size_t class_of_row(const Sample& row, std::size_t classes, std::size_t row_number) {
  const std::vector<double>& targets = row.targets;
  if (targets.size() == 1 && classes == 2) {
    if (targets[0] == 1) return 1;
    if (targets[0] == 0 || targets[0] == -1) return 0;
  }
  const auto one = std::find(targets.begin(), targets.end(), 1.0);
  if (targets.size() == classes && one != targets.end() &&
      targets == one_hot(static_cast<std::size_t>(one - targets.begin()), classes)) {
    return static_cast<std::size_t>(one - targets.begin());
  }
  std::string given;
  for (const double each : targets) given += (given.empty() ? "" : ", ") + text::shortest(each);
  detail::fail(kWhat, "targets that stand for one of " + std::to_string(classes) + " classes",
               given + " in row " + std::to_string(row_number));
}

void check_shapes(const Table& table) {
  if (table.data.empty()) detail::fail(kWhat, "at least one row", "none");
  const std::size_t inputs = table.data[0].inputs.size();
  const std::size_t targets = table.data[0].targets.size();
  for (std::size_t i = 0; i < table.data.size(); ++i) {
    const Sample& row = table.data[i];
    if (row.inputs.size() == inputs && row.targets.size() == targets) continue;
    detail::fail(kWhat, counted(inputs, "input") + " and " + counted(targets, "target"),
                 std::to_string(row.inputs.size()) + " and " + std::to_string(row.targets.size()) +
                     " in row " + std::to_string(i));
  }
  const std::size_t target_columns = table.classes.empty() ? targets : 1;
  if (inputs == 0 || target_columns == 0) {
    detail::fail(kWhat, "at least one input and one target",
                 counted(inputs, "input") + " and " + counted(target_columns, "target"));
  }
  const bool named = !table.inputs.empty() || !table.targets.empty();
  if (named && (table.inputs.size() != inputs || table.targets.size() != target_columns)) {
    detail::fail(
        kWhat,
        "names for " + counted(inputs, "input") + " and " +
            counted(target_columns, "target column"),
        std::to_string(table.inputs.size()) + " and " + std::to_string(table.targets.size()));
  }
}

void check_different(const std::vector<std::string>& names, const std::string& of) {
  std::set<std::string> different;
  for (const std::string& name : names) {
    if (!different.insert(name).second)
      detail::fail(kWhat, of + " with different names", detail::excerpt(name) + " twice");
  }
}

// What the reader would not take for names.
void check_names(const Table& table) {
  std::vector<std::string> columns = table.inputs;
  columns.insert(columns.end(), table.targets.begin(), table.targets.end());
  check_different(columns, "columns");
  const auto is_number = [](const std::string& name) {
    return detail::number_in(name).has_value();
  };
  if (!columns.empty() && std::ranges::all_of(columns, is_number))
    detail::fail(kWhat, "a name of a column that is not a number", "numbers only");
  check_different(table.classes, "classes");
  if (table.classes.size() > detail::kMostClasses) {
    detail::fail(kWhat, "at most " + std::to_string(detail::kMostClasses) + " classes",
                 std::to_string(table.classes.size()));
  }
  for (const std::string& name : table.classes) {
    if (std::isnan(detail::number_in(name).value_or(0)))
      detail::fail(kWhat, "classes with names that are not NaN", detail::excerpt(name));
  }
}

double checked_target(double x, std::size_t row) {
  if (std::isnan(x))
    detail::fail(kWhat, "targets that are numbers", "NaN in row " + std::to_string(row));
  return x;
}

}  // namespace

std::string to_csv(const Table& table, char separator) try {
  detail::check_separator(kWhat, separator);
  check_shapes(table);
  check_names(table);
  std::string result;
  bool first = true;
  const auto add = [&](const std::string& field) {
    if (!first) result += separator;
    result += field;
    first = false;
  };
  const auto end_line = [&] {
    result += '\n';
    first = true;
  };
  for (const auto* names : {&table.inputs, &table.targets}) {
    for (const std::string& name : *names) add(field_of(name, separator));
  }
  if (!first) end_line();
  for (std::size_t i = 0; i < table.data.size(); ++i) {
    const Sample& row = table.data[i];
    for (const double x : row.inputs) add(text::shortest(x));
    if (table.classes.empty()) {
      for (const double x : row.targets) add(text::shortest(checked_target(x, i)));
    } else {
      add(field_of(table.classes[class_of_row(row, table.classes.size(), i)], separator));
    }
    end_line();
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void write_csv(const std::filesystem::path& path, const Table& table, char separator) try {
  autograd::file::write(path, to_csv(table, separator));
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
