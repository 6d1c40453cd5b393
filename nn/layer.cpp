#include "nn/layer.hpp"

#include <new>
#include <utility>

#include <nn/text/errors.hpp>

namespace nn {

using detail::counted;

std::shared_ptr<Value[]> detail::new_parameters(std::size_t count) {
  // Not of `new Value[count]`, which g++ 12 destroys twice where memory runs out.
  std::shared_ptr<Value[]> result = std::make_shared<Value[]>(count);
  for (std::size_t i = 0; i < count; ++i) result.get()[i] = Value(0.0);
  return result;
}

std::shared_ptr<double[]> detail::new_statistics(std::size_t count) {
  return std::make_shared<double[]>(count);
}

void detail::check_batch(const InputRows& rows, const Pass& pass, std::size_t inputs,
                         std::size_t mask_size) {
  const std::string what = "nn: a pass over a batch";
  if (rows.size() == 0) fail(what, "at least one row", "none");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].size() == inputs) continue;
    fail(what, counted(inputs, "input") + " in every row",
         std::to_string(rows[r].size()) + " in row " + std::to_string(r));
  }
  const std::size_t masks = pass.mode == Mode::kTrain ? rows.size() * mask_size : 0;
  if (pass.mode == Mode::kTrain && pass.masks.size() != masks) {
    fail(what, counted(masks, "mask") + ", " + std::to_string(mask_size) + " for every row",
         std::to_string(pass.masks.size()));
  }
}

std::size_t Layer::own_parameter_count(std::size_t inputs, const LayerSpec& spec) {
  switch (spec.bias) {
    case Bias::kOff:
      return spec.units * inputs;
    case Bias::kShared:
      return spec.units * inputs + 1;
    case Bias::kPerUnit:
      break;
  }
  return spec.units * (inputs + 1);
}

std::size_t Layer::parameter_count(std::size_t inputs, const LayerSpec& spec) {
  return own_parameter_count(inputs, spec) + (spec.batch_norm.on ? 2 * spec.units : 0);
}

void Layer::check(std::size_t inputs, const LayerSpec& spec) {
  if (inputs == 0 || spec.units == 0) {
    detail::fail("nn: a layer", "at least one input and one unit",
                 counted(inputs, "input") + " and " + counted(spec.units, "unit"));
  }
  constexpr std::size_t kMost = std::size_t{1} << 31;  // the graph counts no further
  if (inputs > kMost / spec.units) {
    detail::fail("nn: a layer", "at most " + counted(kMost, "weight"),
                 counted(inputs, "input") + " times " + counted(spec.units, "unit"));
  }
  spec.batch_norm.check();
  spec.dropout.check();
}

Layer::Layer(std::size_t inputs, std::size_t units, const Activation& activation, Bias bias,
             std::uint64_t seed) try
    : Layer(inputs, LayerSpec{units, activation, bias}, seed) {
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Layer::Layer(std::size_t inputs, const LayerSpec& spec, std::uint64_t seed) try
    : Layer((check(inputs, spec), detail::new_parameters(parameter_count(inputs, spec))),
            detail::new_statistics(statistics_size(spec)), inputs, spec) {
  Random random(seed);
  initialise(xavier_uniform(), random);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Layer::Layer(std::shared_ptr<Value[]> parameters, std::shared_ptr<double[]> statistics,
             std::size_t inputs, const LayerSpec& spec)
    : parameters_(std::move(parameters)),
      statistics_(std::move(statistics)),
      inputs_(inputs),
      spec_(spec) {
  const auto at = [&](std::size_t i) { return parameters_.get() + i; };
  const std::size_t stride = bias() == Bias::kPerUnit ? inputs + 1 : inputs;
  neurons_.reserve(spec.units);
  for (std::size_t unit = 0; unit < spec.units; ++unit) {
    const std::size_t begin = unit * stride;
    std::shared_ptr<Value> unit_bias;
    if (bias() == Bias::kPerUnit) unit_bias = {parameters_, at(begin + inputs)};
    if (bias() == Bias::kShared) unit_bias = {parameters_, at(spec.units * inputs)};
    neurons_.push_back(
        Neuron({parameters_, at(begin)}, inputs, std::move(unit_bias), spec.activation));
  }
}

Layer::Forward Layer::forward(Inputs x) const try {
  Forward result;
  result.net.reserve(units());
  result.out.reserve(units());
  autograd::Scope scope("unit", 0);
  for (std::size_t k = 0; k < units(); ++k) {
    scope.next(k);
    result.net.push_back(neurons_[k].net(x));
    result.out.push_back(evaluate_out(k, result.net.back()));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

// As out of forward(), but each net ends as soon as it has been used.
std::vector<Value> Layer::operator()(Inputs x) const try {
  std::vector<Value> out;
  out.reserve(units());
  autograd::Scope scope("unit", 0);
  for (std::size_t k = 0; k < units(); ++k) {
    scope.next(k);
    out.push_back(evaluate_out(k, neurons_[k].net(x)));
  }
  return out;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Layer::Batch Layer::forward(const InputRows& rows, const Pass& pass) const try {
  detail::check_batch(rows, pass, inputs_, mask_size());
  return forward(rows, pass.mode, {pass.masks, mask_size(), 0});
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Layer::Batch Layer::forward(const InputRows& rows, Mode mode, const Masks& masks) const {
  Batch batch;
  batch.net.resize(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    autograd::Scope scope("unit", 0);
    batch.net[r].reserve(units());
    for (std::size_t k = 0; k < units(); ++k) {
      scope.next(k);
      batch.net[r].push_back(neurons_[k].net(rows[r]));
    }
  }
  normalise(batch, mode);
  batch.out.resize(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    autograd::Scope scope("unit", 0);
    batch.out[r].reserve(units());
    for (std::size_t k = 0; k < units(); ++k) {
      scope.next(k);
      const Value out = activation()(batch.normalised[r][k]);
      const auto drop = [&](auto all) {
        return dropout().train(out, all[r * masks.stride + masks.first + k]);
      };
      const bool drops = mode == Mode::kTrain && dropout().is_on();
      batch.out[r].push_back(drops ? masks.all.visit(drop) : dropout().evaluate(out));
    }
  }
  return batch;
}

void Layer::normalise(Batch& batch, Mode mode) const {
  batch.normalised = batch.net;
  if (!batch_norm().on) return;
  for (std::size_t k = 0; k < units(); ++k) {
    const autograd::Scope scope("unit", k);
    if (mode == Mode::kEvaluate) {
      for (std::size_t r = 0; r < batch.net.size(); ++r)
        batch.normalised[r][k] = evaluate_normalised(k, batch.net[r][k]);
      continue;
    }
    std::vector<Value> column;
    column.reserve(batch.net.size());
    for (const std::vector<Value>& row : batch.net) column.push_back(row[k]);
    BatchNorm::Batch unit = batch_norm().train(column, gamma(k), beta(k));
    for (std::size_t r = 0; r < column.size(); ++r)
      batch.normalised[r][k] = std::move(unit.normalised[r]);
    batch.means.push_back(std::move(unit.mean));
    batch.variances.push_back(std::move(unit.variance));
  }
}

Value Layer::evaluate_normalised(std::size_t unit, const Value& net) const {
  const std::span<const double> running = statistics();
  return batch_norm().evaluate(net, running[unit], running[units() + unit], gamma(unit),
                               beta(unit));
}

Value Layer::evaluate_out(std::size_t unit, const Value& net) const {
  Value out = batch_norm().on ? activation()(evaluate_normalised(unit, net)) : activation()(net);
  if (dropout().is_on()) out = dropout().evaluate(out);
  return out;
}

void Layer::check_normalised(std::size_t unit) const {
  check_unit(unit);
  if (!batch_norm().on) {
    throw autograd::Error(
        "nn: gamma or beta of a unit: expected a layer with batch normalisation, got one without.");
  }
}

void Layer::check_unit(std::size_t unit) const {
  detail::check_index("nn: unit of a layer", unit, units());
}

void Layer::set_weights(const std::vector<std::vector<double>>& rows) {
  const std::string expected =
      counted(units(), "row") + " of " + counted(inputs_, "weight") + ", a row per unit";
  if (rows.size() != units()) {
    detail::fail("nn::Layer::set_weights", expected, counted(rows.size(), "row"));
  }
  for (std::size_t k = 0; k < units(); ++k) {
    if (rows[k].size() != inputs_) {
      detail::fail("nn::Layer::set_weights", expected,
                   counted(rows[k].size(), "weight") + " in row " + std::to_string(k));
    }
  }
  for (std::size_t k = 0; k < units(); ++k) neurons_[k].set_weights(rows[k]);
}

void Layer::set_biases(const std::vector<double>& biases) {
  const std::size_t count = bias() == Bias::kOff ? 0 : bias() == Bias::kShared ? 1 : units();
  if (biases.size() != count) {
    const std::string why = bias() == Bias::kOff      ? " (Bias::kOff)"
                            : bias() == Bias::kShared ? " (Bias::kShared)"
                                                      : ", one per unit";
    detail::fail("nn::Layer::set_biases",
                 (count == 1 ? "1 bias" : std::to_string(count) + " biases") + why,
                 std::to_string(biases.size()));
  }
  for (std::size_t k = 0; k < count; ++k) neurons_[k].set_bias(biases[k]);
}

void Layer::initialise(const Initialiser& weights, Random& random, const Initialiser& biases) {
  if (!weights || !biases) detail::fail("nn: initialise", "an initialiser", "an empty function");
  for (Neuron& each : neurons_) {
    for (std::size_t j = 0; j < inputs_; ++j) {
      each.weight(j).set_data(weights(inputs_, units(), random));
    }
    const bool own_bias =
        bias() == Bias::kPerUnit || (bias() == Bias::kShared && &each == &neurons_.back());
    if (own_bias) each.set_bias(biases(inputs_, units(), random));
  }
  if (!batch_norm().on) return;
  for (std::size_t k = 0; k < units(); ++k) {
    gamma(k).set_data(1);
    beta(k).set_data(0);
    statistics()[k] = 0;
    statistics()[units() + k] = 1;
  }
}

void Layer::set_labels(const std::string& name) try {
  for (std::size_t k = 0; k < units(); ++k) {
    const std::string unit = std::to_string(k);
    for (std::size_t j = 0; j < inputs_; ++j) {
      weight(k, j).set_label("w" + name + "[" + unit + "," + std::to_string(j) + "]");
    }
    if (bias() == Bias::kPerUnit) bias(k).set_label("b" + name + "[" + unit + "]");
    if (!batch_norm().on) continue;
    gamma(k).set_label("gamma" + name + "[" + unit + "]");
    beta(k).set_label("beta" + name + "[" + unit + "]");
  }
  if (bias() == Bias::kShared) bias(0).set_label("b" + name);
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace nn
