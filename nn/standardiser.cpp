#include "nn/standardiser.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;

namespace {

void check_rows(const Data& rows) {
  const std::string what = "nn::Standardiser::fit";
  if (rows.empty()) detail::fail(what, "at least one row", "none");
  const std::size_t columns = rows[0].inputs.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string where = " in row " + std::to_string(i);
    if (rows[i].inputs.size() != columns) {
      detail::fail(what, counted(columns, "input") + ", as in row 0",
                   std::to_string(rows[i].inputs.size()) + where);
    }
    for (std::size_t j = 0; j < columns; ++j) {
      if (std::isfinite(rows[i].inputs[j])) continue;
      detail::fail(what, "finite inputs",
                   text::shortest(rows[i].inputs[j]) + where + ", column " + std::to_string(j));
    }
  }
}

void check_inputs(std::size_t inputs, std::size_t columns) {
  if (inputs != columns) {
    detail::fail("nn::Standardiser", counted(columns, "input") + ", as in the rows it was fit to",
                 std::to_string(inputs));
  }
}

}  // namespace

Standardiser Standardiser::fit(const Data& rows) try {
  check_rows(rows);
  const double n = static_cast<double>(rows.size());
  Standardiser result;
  for (std::size_t j = 0; j < rows[0].inputs.size(); ++j) {
    const double first = rows[0].inputs[j];
    double mean = 0, range = 0, variance = 0;
    for (const Sample& row : rows) mean += row.inputs[j] / n;
    const bool constant = std::all_of(rows.begin(), rows.end(),
                                      [&](const Sample& row) { return row.inputs[j] == first; });
    if (constant) mean = first;  // without rounding
    for (const Sample& row : rows) range = std::max(range, std::abs(row.inputs[j] - mean));
    // Relative to the range, so that the squares neither overflow nor vanish.
    for (const Sample& row : rows) {
      const double from_mean = range == 0 ? 0 : (row.inputs[j] - mean) / range;
      variance += from_mean * from_mean / n;
    }
    const double deviation = range * std::sqrt(variance);
    result.mean.push_back(mean);
    result.deviation.push_back(deviation == 0 ? 1 : deviation);
  }
  result.check();
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Standardiser Standardiser::fit_targets(const Data& rows) try {
  Data targets;
  for (const Sample& row : rows) targets.push_back({row.targets, {}});
  return fit(targets);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

void Standardiser::check() const {
  const std::string what = "nn::Standardiser";
  if (deviation.size() != mean.size())
    detail::fail(what, counted(mean.size(), "deviation") + ", one per mean",
                 std::to_string(deviation.size()));
  for (std::size_t j = 0; j < mean.size(); ++j) {
    if (std::isfinite(mean[j]) && std::isfinite(deviation[j]) && deviation[j] > 0) continue;
    detail::fail(what, "a finite mean and a finite deviation above 0",
                 text::shortest(mean[j]) + " and " + text::shortest(deviation[j]) + " in column " +
                     std::to_string(j));
  }
}

std::vector<double> Standardiser::apply(std::span<const double> inputs) const try {
  check_inputs(inputs.size(), mean.size());
  std::vector<double> result(inputs.size());
  for (std::size_t j = 0; j < inputs.size(); ++j) result[j] = (inputs[j] - mean[j]) / deviation[j];
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::vector<double> Standardiser::undo(std::span<const double> inputs) const try {
  check_inputs(inputs.size(), mean.size());
  std::vector<double> result(inputs.size());
  for (std::size_t j = 0; j < inputs.size(); ++j) result[j] = mean[j] + deviation[j] * inputs[j];
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data Standardiser::apply(Data data) const try {
  for (Sample& row : data) row.inputs = apply(row.inputs);
  return data;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data Standardiser::apply_to_targets(Data data) const try {
  for (Sample& row : data) row.targets = apply(row.targets);
  return data;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data Standardiser::undo(Data data) const try {
  for (Sample& row : data) row.inputs = undo(row.inputs);
  return data;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
