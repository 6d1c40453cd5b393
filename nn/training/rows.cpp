#include "nn/training/rows.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/text.hpp>
#include <nn/metrics.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace text = autograd::text;

namespace {

// `kind`: "input" or "target".
void check_finite(const std::string& what, std::span<const double> numbers, const std::string& kind,
                  std::size_t row) {
  const auto wrong = std::ranges::find_if(numbers, [](double x) { return !std::isfinite(x); });
  if (wrong == numbers.end()) return;
  fail(what, "finite inputs and targets",
       text::shortest(*wrong) + " in row " + std::to_string(row) + ", " + kind + ' ' +
           std::to_string(wrong - numbers.begin()));
}

}  // namespace

PackedRows::PackedRows(const std::string& what, const Data& data, std::size_t input_count)
    : count(data.size()),
      inputs(input_count),
      targets(data.empty() ? 0 : data[0].targets.size()),
      is_weighted(std::ranges::any_of(data, [](const Sample& row) { return row.weight != 1; })) {
  if (data.empty()) fail(what, "at least one row", "none");
  numbers.reserve(count * columns());
  for (std::size_t r = 0; r < count; ++r) {
    const Sample& row = data[r];
    if (row.inputs.size() != inputs || row.targets.size() != targets || targets == 0) {
      fail(what,
           counted(inputs, "input") + " and " +
               (targets == 0 ? "a target" : counted(targets, "target")) + " in every row",
           counted(row.inputs.size(), "input") + " and " + counted(row.targets.size(), "target") +
               " in row " + std::to_string(r));
    }
    check_finite(what, row.inputs, "input", r);
    check_finite(what, row.targets, "target", r);
    numbers.insert(numbers.end(), row.inputs.begin(), row.inputs.end());
    numbers.insert(numbers.end(), row.targets.begin(), row.targets.end());
    if (!is_weighted) continue;
    if (!(row.weight >= 0 && std::isfinite(row.weight)))
      fail(what, "finite weights of at least 0",
           text::shortest(row.weight) + " in row " + std::to_string(r));
    numbers.push_back(row.weight);
  }
}

namespace {

bool is_one_hot(const std::vector<double>& targets) {
  const auto ones = std::ranges::count(targets, 1.0), zeros = std::ranges::count(targets, 0.0);
  return ones == 1 && ones + zeros == std::ssize(targets);
}

bool are_classes(const Data& data) {
  if (data[0].targets.size() > 1) {
    return std::ranges::all_of(data, [](const Sample& row) { return is_one_hot(row.targets); });
  }
  const auto are = [&](double low) {
    return std::ranges::all_of(
        data, [low](const Sample& row) { return row.targets[0] == low || row.targets[0] == 1; });
  };
  return are(0) || are(-1);
}

}  // namespace

std::optional<Classes> Classes::of(const Data& data) {
  if (!are_classes(data)) return {};
  Classes result;
  result.threshold_ = class_threshold(data);
  for (const Sample& row : data) result.right_.push_back(*class_of(row.targets, result.threshold_));
  return result;
}

bool Classes::is_right(std::size_t row, std::span<const double> outputs) const {
  return class_of(outputs, threshold_) == right_[row];
}

}  // namespace nn::detail
