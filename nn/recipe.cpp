#include "nn/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <autograd/text.hpp>
#include <nn/metrics.hpp>
#include <nn/text/errors.hpp>
#include <nn/training/evaluation.hpp>
#include <nn/training/rows.hpp>

namespace nn {

namespace text = autograd::text;

double expected_initial_loss(std::size_t classes) {
  if (classes < 2) {
    detail::fail("nn::expected_initial_loss", "at least 2 classes", std::to_string(classes));
  }
  return std::log(static_cast<double>(classes));
}

std::string InitialLoss::to_string() const try {
  const std::string numbers =
      "initial loss " + text::rounded(actual, 4) + ", expected about " + text::rounded(expected, 4);
  if (ok()) return numbers + ": as it should be.";
  if (!std::isfinite(actual)) return numbers + ": not finite; see find_nonfinite().";
  return numbers + (actual > expected
                        ? ": too large. Are the starting weights too large, the inputs not "
                          "standardised, the targets not those of this loss?"
                        : ": too small. Does the network know the targets already?");
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

InitialLoss check_initial_loss(const Mlp& net, const Data& data, const Loss& loss, double expected,
                               double factor) try {
  if (!(factor >= 1))
    detail::fail("nn::check_initial_loss", "a factor of at least 1", text::shortest(factor));
  const FitOptions options{.loss = loss, .accuracy = false, .execution = Execution::kEager};
  detail::Evaluation evaluation(net, data, options);
  evaluation.run();
  return {expected, evaluation.loss(), factor};
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

autograd::GradientReport check_model(const Mlp& net, const Data& data, const Loss& loss,
                                     const Penalty& penalty) try {
  const detail::PackedRows rows("nn::check_model", data, net.inputs());
  detail::check_targets(loss, rows, net.outputs());
  Random random(0);
  const std::vector<double> masks = net.draw_masks(rows.count, random);
  std::vector<std::span<const double>> inputs;
  for (const Sample& row : data) inputs.push_back(row.inputs);
  const auto objective = [&] {
    const Mlp::Batch batch = net.forward(inputs, {.mode = Mode::kTrain, .masks = masks});
    std::vector<Value> losses;
    for (std::size_t r = 0; r < rows.count; ++r) {
      losses.push_back(loss(batch.out()[r], data[r].targets));
      if (data[r].weight != 1) losses.back() *= data[r].weight;
    }
    const Value mean_loss = mean(losses);
    return penalty ? mean_loss + penalty(net) : mean_loss;
  };
  return autograd::check_gradient(objective, net.parameters());
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::string OverfitReport::to_string() const try {
  const std::string numbers = "loss " + text::rounded(first, 4) + " -> " + text::rounded(best, 4) +
                              " in " + detail::counted(epochs, "epoch") + ", goal " +
                              text::shortest(goal);
  if (ok()) return numbers + ": the rows were learnt by heart.";
  if (stop == Stop::kNotFinite)
    return numbers + ": not reached; " + std::string(nn::to_string(stop)) + '.';
  return numbers +
         ": not reached. Does the network have enough units, the rate the right size, is the same "
         "input given two targets, does the gradient agree (check_model)?";
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

OverfitReport overfit(const Mlp& net, const Data& rows, FitOptions options, double goal) {
  if (!(goal >= 0)) detail::fail("nn::overfit", "a goal of at least 0", text::shortest(goal));
  Mlp copy = net.clone();
  options.batch_size = 0;
  options.penalty = {};
  options.validation = {};
  options.validation_fraction = 0;
  options.early_stopping = {};
  options.callbacks.push_back([goal](const Epoch& epoch) { return epoch.loss > goal; });
  const FitResult result = fit(copy, rows, options);
  OverfitReport report{goal, std::numeric_limits<double>::quiet_NaN(),
                       std::numeric_limits<double>::infinity(), result.history.size(), result.stop};
  if (!result.history.empty()) report.first = result.history.front().loss;
  for (const Epoch& epoch : result.history) report.best = std::min(report.best, epoch.loss);
  return report;
}

}  // namespace nn
