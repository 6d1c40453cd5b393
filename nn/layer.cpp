#include <nn/detail/errors.hpp>
#include <nn/layer.hpp>
#include <utility>

namespace nn {

using detail::counted;

std::shared_ptr<Value[]> detail::new_parameters(std::size_t count) {
  std::shared_ptr<Value[]> result(new Value[count]);
  for (std::size_t i = 0; i < count; ++i) result.get()[i] = Value(0.0);
  return result;
}

std::size_t Layer::parameter_count(std::size_t inputs, std::size_t units, Bias bias) {
  if (inputs == 0 || units == 0) {
    detail::fail("nn: a layer", "at least one input and one unit",
                 counted(inputs, "input") + " and " + counted(units, "unit"));
  }
  switch (bias) {
    case Bias::kOff:
      return units * inputs;
    case Bias::kShared:
      return units * inputs + 1;
    case Bias::kPerUnit:
      break;
  }
  return units * (inputs + 1);
}

Layer::Layer(std::size_t inputs, std::size_t units, const Activation& activation, Bias bias,
             std::uint64_t seed)
    : Layer(detail::new_parameters(parameter_count(inputs, units, bias)), inputs, units, activation,
            bias) {
  Random random(seed);
  initialise(xavier_uniform(), random);
}

Layer::Layer(std::shared_ptr<Value[]> parameters, std::size_t inputs, std::size_t units,
             const Activation& activation, Bias bias)
    : parameters_(std::move(parameters)), inputs_(inputs), bias_(bias) {
  const auto at = [&](std::size_t i) { return parameters_.get() + i; };
  const std::size_t stride = bias == Bias::kPerUnit ? inputs + 1 : inputs;
  neurons_.reserve(units);
  for (std::size_t unit = 0; unit < units; ++unit) {
    const std::size_t begin = unit * stride;
    std::shared_ptr<Value> unit_bias;
    if (bias == Bias::kPerUnit) unit_bias = {parameters_, at(begin + inputs)};
    if (bias == Bias::kShared) unit_bias = {parameters_, at(units * inputs)};
    neurons_.push_back(Neuron({parameters_, at(begin)}, inputs, std::move(unit_bias), activation));
  }
}

Layer::Forward Layer::forward(Inputs x) const {
  Forward result;
  result.net.reserve(units());
  result.out.reserve(units());
  for (const Neuron& each : neurons_) {
    auto [net, out] = each.forward(x);
    result.net.push_back(std::move(net));
    result.out.push_back(std::move(out));
  }
  return result;
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
  const std::size_t count = bias_ == Bias::kOff ? 0 : bias_ == Bias::kShared ? 1 : units();
  if (biases.size() != count) {
    const std::string why = bias_ == Bias::kOff      ? " (Bias::kOff)"
                            : bias_ == Bias::kShared ? " (Bias::kShared)"
                                                     : ", one per unit";
    detail::fail("nn::Layer::set_biases",
                 (count == 1 ? "1 bias" : std::to_string(count) + " biases") + why,
                 std::to_string(biases.size()));
  }
  for (std::size_t k = 0; k < count; ++k) neurons_[k].set_bias(biases[k]);
}

void Layer::initialise(const Initialiser& weights, Random& random, const Initialiser& biases) {
  for (Neuron& each : neurons_) {
    for (std::size_t j = 0; j < inputs_; ++j) {
      each.weight(j).set_data(weights(inputs_, units(), random));
    }
    const bool own_bias =
        bias_ == Bias::kPerUnit || (bias_ == Bias::kShared && &each == &neurons_.back());
    if (own_bias) each.set_bias(biases(inputs_, units(), random));
  }
}

void Layer::set_labels(const std::string& name) {
  for (std::size_t k = 0; k < units(); ++k) {
    const std::string unit = std::to_string(k);
    for (std::size_t j = 0; j < inputs_; ++j) {
      weight(k, j).set_label("w" + name + "[" + unit + "," + std::to_string(j) + "]");
    }
    if (bias_ == Bias::kPerUnit) bias(k).set_label("b" + name + "[" + unit + "]");
  }
  if (bias_ == Bias::kShared) bias(0).set_label("b" + name);
}

}  // namespace nn
