#include <cmath>
#include <new>

#include <autograd/text.hpp>
#include <nn/columns.hpp>
#include <nn/metrics.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace {

std::size_t class_count(const Data& data) {
  if (data.empty()) detail::fail("nn::balanced_class_weights", "at least one row", "none");
  const std::size_t targets = data[0].targets.size();
  return targets == 1 ? 2 : targets;
}

std::size_t class_of_row(const Sample& row, double threshold, std::size_t count) {
  const auto place = class_of(row.targets, threshold);
  if (!place || *place >= count)
    detail::fail("nn::balanced_class_weights", "targets that are those of classes", "others");
  return *place;
}

}  // namespace

std::vector<double> balanced_class_weights(const Data& data) try {
  const std::size_t count = class_count(data);
  const double threshold = class_threshold(data);
  std::vector<double> rows(count, 0.0);
  for (const Sample& row : data) ++rows[class_of_row(row, threshold, count)];
  std::vector<double> result(count, 1.0);
  for (std::size_t k = 0; k < count; ++k)
    if (rows[k] > 0)
      result[k] = static_cast<double>(data.size()) / (static_cast<double>(count) * rows[k]);
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Data with_class_weights(Data data, const std::vector<double>& weights) {
  const std::size_t count = class_count(data);
  if (weights.size() != count)
    detail::fail("nn::with_class_weights",
                 detail::counted(count, "weight") + ", one for each class",
                 std::to_string(weights.size()));
  for (const double each : weights)
    if (!(each >= 0 && std::isfinite(each)))
      detail::fail("nn::with_class_weights", "finite weights of at least 0",
                   autograd::text::shortest(each));
  const double threshold = class_threshold(data);
  for (Sample& row : data) row.weight *= weights[class_of_row(row, threshold, count)];
  return data;
}

}  // namespace nn
