#include <cstddef>
#include <nn/detail/errors.hpp>
#include <nn/losses.hpp>
#include <string>

namespace nn {

namespace {

Value sum_of_squares(const std::string& loss, std::span<const Value> predictions,
                     std::span<const double> targets) {
  if (predictions.empty()) detail::fail("nn::" + loss, "at least one prediction", "none");
  if (targets.size() != predictions.size()) {
    detail::fail("nn::" + loss,
                 detail::counted(predictions.size(), "target") + ", one per prediction",
                 std::to_string(targets.size()));
  }
  Value sum = square(predictions[0] - targets[0]);
  for (std::size_t i = 1; i < predictions.size(); ++i) sum += square(predictions[i] - targets[i]);
  return sum;
}

}  // namespace

Value half_squared_error(std::span<const Value> predictions, std::span<const double> targets) {
  return 0.5 * sum_of_squares("half_squared_error", predictions, targets);
}

Value squared_error(std::span<const Value> predictions, std::span<const double> targets) {
  return sum_of_squares("squared_error", predictions, targets);
}

Value mean_squared_error(std::span<const Value> predictions, std::span<const double> targets) {
  return sum_of_squares("mean_squared_error", predictions, targets) /
         static_cast<double>(predictions.size());
}

}  // namespace nn
