// The text of an explained step.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <numeric>
#include <string>
#include <vector>

#include <autograd/text.hpp>
#include <nn/explain_step.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

using autograd::text::TableRow;

std::string number(double x) { return autograd::text::rounded(x, 5); }

// As a factor: (-2).
std::string factor(double x) { return "(" + number(x) + ")"; }

// The rows by the size of what they contribute.
std::vector<StepExplanation::Row> by_size(std::vector<StepExplanation::Row> rows) {
  std::ranges::stable_sort(rows, [](const auto& x, const auto& y) {
    return std::abs(x.contribution) > std::abs(y.contribution);
  });
  return rows;
}

}  // namespace

std::string StepExplanation::text(std::size_t most_rows) const try {
  const std::string derivative = "dE/d" + parameter;
  const std::string count = std::to_string(rows.size());
  std::string result;
  if (is_frozen) {
    result = parameter + " stays " + number(before) + ": it is frozen\n";
  } else {
    result = parameter + " goes from " + number(before) + " to " + number(after) + " in step " +
             std::to_string(step) + " of " + optimizer + "\n";
  }
  result += "E = " + number(loss + penalty) + ", the mean loss of " +
            detail::counted(rows.size(), "row") + (penalty != 0 ? " plus the penalty" : "") +
            "\n\n";

  std::vector<TableRow> table;
  const bool has_factors =
      std::ranges::all_of(rows, [](const Row& row) { return row.x.has_value(); });
  const std::string over = rows.size() == 1 ? "" : "/" + count;
  const std::vector<Row> sorted = by_size(rows);
  std::size_t shown = 0;
  while (shown < std::min(sorted.size(), most_rows) && sorted[shown].contribution != 0) ++shown;
  if (shown + 1 == sorted.size() && sorted.back().contribution != 0) ++shown;  // as short as folded
  for (std::size_t i = 0; i < shown; ++i) {
    const Row& row = sorted[i];
    table.push_back({"  row " + std::to_string(row.row),
                     has_factors ? factor(row.delta) + factor(*row.x) + over + " =" : "",
                     number(row.contribution)});
  }
  if (shown < sorted.size()) {
    double others = 0;
    for (std::size_t i = shown; i < sorted.size(); ++i) others += sorted[i].contribution;
    const std::size_t count_of_others = sorted.size() - shown;
    table.push_back({"  " + detail::counted(count_of_others, shown > 0 ? "other row" : "row"), "",
                     number(others)});
  }
  if (penalty_derivative != 0) table.push_back({"  penalty", "", number(penalty_derivative)});
  table.push_back({derivative, "", number(gradient)});
  if (clipped != gradient) table.push_back({"  clipped", "", number(clipped)});
  result += "Each row adds ";
  result += has_factors ? "dL/dnet times what the weight multiplies" : "dL/d" + parameter;
  result += rows.size() == 1 ? ":\n" : ", divided by " + count + ":\n";
  result += autograd::text::table(table, "lrr");

  if (!paths.empty()) {
    table.clear();
    for (const Path& each : paths)
      table.push_back({"  " + each.through, number(each.contribution)});
    result += "\nThe same by the units that it acts through:\n";
    result += autograd::text::table(table, "lr");
  }

  if (!lines.empty()) {
    std::size_t width = 0;
    for (const Line& each : lines) width = std::max(width, each.name.size());
    result += "\n" + optimizer + ", with g = " + number(clipped) + ":\n";
    for (const Line& each : lines) {
      const std::string name = each.name + std::string(width - each.name.size(), ' ');
      result += "  " + name + " <- " + each.formula + "\n";
      result += std::string(width + 4, ' ') + "= " + each.with_numbers + " = " +
                autograd::text::rounded(each.value, 6) + "\n";
    }
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
