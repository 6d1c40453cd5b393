#include "nn/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

using detail::counted;

void detail::check_outputs(const std::string& what, Outputs outputs, const Data& data) {
  if (data.empty()) fail(what, "at least one row", "none");
  if (outputs.size() != data.size()) {
    fail(what, "outputs for " + counted(data.size(), "row"), std::to_string(outputs.size()));
  }
  const std::size_t columns = data[0].targets.size();
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t targets = data[i].targets.size(), numbers = outputs[i].size();
    if (columns > 0 && targets == columns && numbers == columns) continue;
    fail(what, "as many outputs as targets in every row, at least one",
         counted(numbers, "output") + " and " + counted(targets, "target") + " in row " +
             std::to_string(i));
  }
}

double class_threshold(const Data& data) {
  const bool any_negative = std::any_of(data.begin(), data.end(), [](const Sample& row) {
    return std::any_of(row.targets.begin(), row.targets.end(), [](double t) { return t < 0; });
  });
  return any_negative ? 0 : 0.5;
}

std::optional<std::size_t> class_of(std::span<const double> y, double threshold) {
  if (y.empty()) detail::fail("nn::class_of", "at least one number", "none");
  if (std::any_of(y.begin(), y.end(), [](double each) { return std::isnan(each); })) return {};
  if (y.size() == 1) return y[0] > threshold ? 1 : 0;
  return static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
}

double accuracy(Outputs outputs, const Data& data, std::optional<double> threshold) {
  detail::check_outputs("nn::accuracy", outputs, data);
  return confusion_matrix(outputs, data, {}, threshold).accuracy();
}

ConfusionMatrix confusion_matrix(Outputs outputs, const Data& data,
                                 const std::vector<std::string>& names,
                                 std::optional<double> threshold) try {
  const std::string what = "nn::confusion_matrix";
  detail::check_outputs(what, outputs, data);
  const std::size_t classes = std::max<std::size_t>(2, data[0].targets.size());
  if (!names.empty() && names.size() != classes) {
    detail::fail(what, counted(classes, "name") + ", one per class", std::to_string(names.size()));
  }
  ConfusionMatrix result{.counts = std::vector(classes, std::vector<std::size_t>(classes)),
                         .undecided = std::vector<std::size_t>(classes),
                         .names = names};
  for (std::size_t k = result.names.size(); k < classes; ++k) {
    result.names.push_back(std::to_string(k));
  }
  const double limit = threshold ? *threshold : class_threshold(data);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::optional<std::size_t> right = class_of(data[i].targets, limit);
    if (!right) detail::fail(what, "targets that are numbers", "NaN in row " + std::to_string(i));
    const std::optional<std::size_t> predicted = class_of(outputs[i], limit);
    ++(predicted ? result.counts[*right][*predicted] : result.undecided[*right]);
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// ---- ConfusionMatrix ----

double ConfusionMatrix::accuracy() const {
  double right = 0, all = 0;
  for (std::size_t k = 0; k < classes(); ++k) {
    right += static_cast<double>(counts[k][k]);
    all += static_cast<double>(undecided[k]);
    for (const std::size_t each : counts[k]) all += static_cast<double>(each);
  }
  return right / all;
}

ConfusionMatrix::Counts ConfusionMatrix::count(std::size_t of_class) const {
  detail::check_index("nn: class of a confusion matrix", of_class, classes());
  std::size_t row = undecided[of_class], column = 0;
  for (std::size_t k = 0; k < classes(); ++k) {
    row += counts[of_class][k];
    column += counts[k][of_class];
  }
  const std::size_t found = counts[of_class][of_class];
  return {static_cast<double>(found), static_cast<double>(column - found),
          static_cast<double>(row - found)};
}

double ConfusionMatrix::precision(std::size_t of_class) const {
  const auto [tp, fp, fn] = count(of_class);
  return tp / (tp + fp);
}

double ConfusionMatrix::recall(std::size_t of_class) const {
  const auto [tp, fp, fn] = count(of_class);
  return tp / (tp + fn);
}

double ConfusionMatrix::f1(std::size_t of_class) const {
  const auto [tp, fp, fn] = count(of_class);
  return 2 * tp / (2 * tp + fp + fn);
}

namespace {

std::string two_digits(double x) { return std::isnan(x) ? "-" : text::fixed(x, 2); }

}  // namespace

std::string ConfusionMatrix::to_string() const try {
  const bool any_undecided =
      std::any_of(undecided.begin(), undecided.end(), [](std::size_t n) { return n > 0; });
  text::TableRow heading{"class \\ predicted"};
  heading.insert(heading.end(), names.begin(), names.end());
  if (any_undecided) heading.push_back("(NaN)");
  for (const char* each : {"precision", "recall", "f1"}) heading.push_back(each);
  std::vector<text::TableRow> rows{heading};
  for (std::size_t k = 0; k < classes(); ++k) {
    text::TableRow row{names[k]};
    for (const std::size_t each : counts[k]) row.push_back(std::to_string(each));
    if (any_undecided) row.push_back(std::to_string(undecided[k]));
    for (const double each : {precision(k), recall(k), f1(k)}) row.push_back(two_digits(each));
    rows.push_back(row);
  }
  return text::table(rows, "lr");
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// ---- numbers ----

double r_squared(std::span<const double> predictions, std::span<const double> targets) {
  if (targets.empty()) detail::fail("nn::r_squared", "at least one target", "none");
  if (predictions.size() != targets.size()) {
    detail::fail("nn::r_squared", counted(targets.size(), "prediction") + ", one per target",
                 std::to_string(predictions.size()));
  }
  const bool constant =
      std::all_of(targets.begin(), targets.end(), [&](double t) { return t == targets[0]; });
  if (constant) return std::numeric_limits<double>::quiet_NaN();
  double mean = 0, residual = 0, total = 0;
  for (const double t : targets) mean += t / static_cast<double>(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    residual += (predictions[i] - targets[i]) * (predictions[i] - targets[i]);
    total += (targets[i] - mean) * (targets[i] - mean);
  }
  return 1 - residual / total;
}

double r_squared(Outputs outputs, const Data& data) try {
  detail::check_outputs("nn::r_squared", outputs, data);
  const std::size_t columns = data[0].targets.size();
  std::vector<double> predictions(data.size()), targets(data.size());
  double sum = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      predictions[i] = outputs[i][j];
      targets[i] = data[i].targets[j];
    }
    sum += r_squared(predictions, targets);
  }
  return sum / static_cast<double>(columns);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

double mean_loss(Outputs outputs, const Data& data,
                 Value (*loss)(std::span<const Value> predictions, const Targets& targets)) {
  return mean_loss(outputs, data,
                   [loss](std::span<const Value> predictions, std::span<const double> targets) {
                     return loss(predictions, targets);
                   });
}

}  // namespace nn
