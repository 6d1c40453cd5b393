#include "nn/training/evaluation.hpp"

#include <algorithm>
#include <cmath>

#include <nn/training/objective.hpp>

namespace nn::detail {

using autograd::Function;

void check_targets(const Loss& loss, const PackedRows& rows, std::size_t outputs) {
  const autograd::NoGradGuard guard;
  const std::vector<Value> zeros(outputs, Value(0.0));
  for (std::size_t r = 0; r < rows.count; ++r) loss(zeros, rows.targets_of(r));
}

// ---- batch normalisation, folded into the weights ----

Mlp without_batch_norm(const Mlp& net) {
  std::vector<LayerSpec> specs;
  for (const Layer& layer : net.layers()) {
    specs.push_back(layer.spec());
    if (!layer.batch_norm().on) continue;
    specs.back().batch_norm = {};
    specs.back().bias = Bias::kPerUnit;
  }
  return Mlp(net.inputs(), specs);
}

void fold(const Mlp& net, Mlp& folded) {
  for (std::size_t l = 0; l < net.layers().size(); ++l) {
    const Layer& from = net.layers()[l];
    Layer& to = folded.layers()[l];
    const bool is_normalised = from.batch_norm().on;
    for (std::size_t k = 0; k < from.units(); ++k) {
      double factor = 1, mean = 0, beta = 0;
      if (is_normalised) {
        const double variance = from.statistics()[from.units() + k];
        mean = from.statistics()[k];
        factor = from.gamma(k).data() / std::sqrt(variance + from.batch_norm().epsilon);
        beta = from.beta(k).data();
      }
      for (std::size_t j = 0; j < from.inputs(); ++j)
        to.weight(k, j).set_data(factor * from.weight(k, j).data());
      if (!to.neuron(k).has_bias()) continue;
      const double bias = from.neuron(k).has_bias() ? from.bias(k).data() : 0;
      to.bias(k).set_data(factor * (bias - mean) + beta);
    }
  }
}

// ---- Evaluation ----

Evaluation::Evaluation(const Mlp& net, const Data& data, const FitOptions& options)
    : net_(net),
      row_loss_(options.loss),
      threads_(options.threads),
      rows_("nn::fit: validation data", data, net.inputs()) {
  check_targets(row_loss_, rows_, net.outputs());
  if (options.accuracy && rows_.targets == net.outputs()) classes_ = Classes::of(data);
  if (options.execution == Execution::kEager) return;
  if (!net.statistics().empty()) folded_ = without_batch_norm(net);
  Mlp traced = (folded_ ? *folded_ : net).clone();
  const auto loss_and_outputs = [&](std::span<const Value> parameters, std::span<const Value> x) {
    std::ranges::copy(parameters, traced.parameters().begin());
    std::vector<Value> outputs = traced(x.first(rows_.inputs));
    Value loss = row_loss_(outputs, x.subspan(rows_.inputs, rows_.targets));
    if (rows_.is_weighted) loss = x.back() * loss;
    outputs.insert(outputs.begin(), loss);
    return outputs;
  };
  const std::vector<double> row(rows_.columns(), 1.0);
  function_ =
      with_cure([&] { return Function::trace(loss_and_outputs, traced.parameter_values(), row); });
  totals_.resize(1 + net.outputs());
  if (classes_) values_.resize(rows_.count * totals_.size());
}

void Evaluation::run() {
  function_ ? replay() : run_eagerly();
  if (!classes_) return;
  const std::size_t stride = 1 + net_.outputs();
  std::size_t right = 0;
  for (std::size_t r = 0; r < rows_.count; ++r)
    right += classes_->is_right(r, std::span(values_).subspan(r * stride + 1, stride - 1)) ? 1 : 0;
  accuracy_ = static_cast<double>(right) / static_cast<double>(rows_.count);
}

void Evaluation::replay() {
  if (folded_) fold(net_, *folded_);
  autograd::Request request;
  request.totals = totals_;
  request.values = values_;
  request.threads = threads_;
  const std::vector<double> weights = (folded_ ? *folded_ : net_).parameter_values();
  with_cure(
      [&] { function_->run(weights, autograd::Rows(rows_.numbers, rows_.columns()), request); });
  loss_ = totals_[0];
}

void Evaluation::run_eagerly() {
  const autograd::NoGradGuard guard;
  values_.clear();
  loss_ = 0;
  for (std::size_t r = 0; r < rows_.count; ++r) {
    const std::span<const double> row = rows_.row(r);
    const std::vector<Value> outputs = net_(row.first(rows_.inputs));
    const double weight = rows_.is_weighted ? row.back() : 1.0;
    values_.push_back(weight * row_loss_(outputs, rows_.targets_of(r)).data());
    loss_ += values_.back();
    for (const Value& each : outputs) values_.push_back(each.data());
  }
  loss_ /= static_cast<double>(rows_.count);
}

}  // namespace nn::detail
