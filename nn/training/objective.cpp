#include "nn/training/objective.hpp"

#include <algorithm>
#include <string>

#include <nn/optimizers.hpp>

namespace nn::detail {

using autograd::Function;

namespace {

// How the outputs of the recorded function lie:
//   with a penalty  objective, loss, penalty, statistics, outputs
//   without         loss, statistics, outputs
constexpr std::size_t losses(bool has_penalty) { return has_penalty ? 3 : 1; }

}  // namespace

Objective::Objective(Mlp& net, const FitOptions& options, std::size_t targets, bool is_weighted)
    : net_(net),
      row_loss_(options.loss),
      row_penalty_(options.penalty),
      targets_(targets),
      weights_(is_weighted ? 1 : 0),
      masks_(net.mask_size()),
      threads_(options.threads),
      wants_outputs_(options.accuracy),
      gradient_(net.parameters().size()),
      statistics_(net.statistics().size()) {
  const bool is_eager = options.execution == Execution::kEager;
  first_output_ = is_eager ? 0 : losses(bool(row_penalty_)) + statistics_.size();
  stride_ = first_output_ + net.outputs();
  for (std::size_t i = 0; i < net.parameters().size(); ++i)
    if (net.parameters()[i].is_frozen()) frozen_.push_back(i);
  if (is_eager) return;
  function_ = with_cure([&] { return recorded(); });
  totals_.resize(stride_);
}

Value Objective::row_loss(std::span<const Value> outputs, auto targets_and_weight) const {
  const Value loss = row_loss_(outputs, targets_and_weight.first(targets_));
  return weights_ == 0 ? loss : targets_and_weight[targets_] * loss;
}

Function Objective::recorded() const {
  Mlp net = net_.clone();
  const std::vector<double> weights = net_.parameter_values();
  // Ones are good masks, and targets of any loss.
  const std::vector<double> row(columns(), 1.0);
  const auto objective = [&](std::span<const Value> parameters, std::span<const Value> x) {
    std::ranges::copy(parameters, net.parameters().begin());
    const std::vector<std::span<const Value>> rows{x.first(net.inputs())};
    const Mlp::Batch batch = net.forward(rows, {.mode = Mode::kTrain, .masks = x.last(masks_)});
    const Value loss = row_loss(batch.out()[0], x.subspan(net.inputs(), targets_ + weights_));
    std::vector<Value> outputs{loss};
    if (row_penalty_) {
      const Value penalty = row_penalty_(net);
      outputs = {loss + penalty, loss, penalty};
    }
    for (const auto& more : {batch.statistics(), batch.out()[0]})
      outputs.insert(outputs.end(), more.begin(), more.end());
    return outputs;
  };
  return Function::trace(objective, weights, row);
}

void Objective::run(std::span<const double> weights, std::span<const double> rows) {
  function_ ? replay(weights, rows) : run_eagerly(weights, rows);
}

void Objective::replay(std::span<const double> weights, std::span<const double> rows) {
  if (wants_outputs_) values_.resize(rows.size() / columns() * stride_);
  autograd::Request request;
  request.totals = totals_;
  request.gradient = gradient_;
  request.values = values_;
  request.threads = threads_;
  with_cure([&] { function_->run(weights, autograd::Rows(rows, columns()), request); });
  loss_ = totals_[row_penalty_ ? 1 : 0];
  penalty_ = row_penalty_ ? totals_[2] : 0;
  std::copy_n(totals_.begin() + static_cast<std::ptrdiff_t>(losses(bool(row_penalty_))),
              statistics_.size(), statistics_.begin());
  for (const std::size_t i : frozen_) gradient_[i] = 0;
}

void Objective::run_eagerly(std::span<const double> weights, std::span<const double> rows) {
  const std::size_t count = rows.size() / columns();
  std::vector<std::span<const double>> inputs;
  mask_numbers_.clear();
  for (std::size_t r = 0; r < count; ++r) {
    const auto row = rows.subspan(r * columns(), columns());
    inputs.push_back(row.first(net_.inputs()));
    mask_numbers_.insert(mask_numbers_.end(), row.end() - static_cast<std::ptrdiff_t>(masks_),
                         row.end());
  }
  net_.set_parameter_values(weights);
  zero_grad(net_.parameters());
  const Mlp::Batch batch = net_.forward(inputs, {.mode = Mode::kTrain, .masks = mask_numbers_});

  std::vector<Value> row_losses;
  values_.clear();
  for (std::size_t r = 0; r < count; ++r) {
    const auto targets = rows.subspan(r * columns() + net_.inputs(), targets_ + weights_);
    row_losses.push_back(row_loss(batch.out()[r], targets));
    for (const Value& each : batch.out()[r]) values_.push_back(each.data());
  }
  Value objective = mean(row_losses);
  loss_ = objective.data();
  penalty_ = 0;
  if (row_penalty_) {
    const Value penalty = row_penalty_(net_);
    penalty_ = penalty.data();
    objective = objective + penalty;
  }
  objective.backward();
  for (std::size_t i = 0; i < gradient_.size(); ++i) gradient_[i] = net_.parameters()[i].grad();
  const std::vector<Value> statistics = batch.statistics();
  std::ranges::transform(statistics, statistics_.begin(), [](const Value& x) { return x.data(); });
}

}  // namespace nn::detail
