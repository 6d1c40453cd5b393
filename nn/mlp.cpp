#include <nn/detail/errors.hpp>
#include <nn/mlp.hpp>
#include <string>
#include <utility>

namespace nn {

namespace {

std::size_t inputs_of(const std::vector<std::size_t>& sizes) {
  if (sizes.size() < 2) {
    detail::fail("nn::Mlp", "the number of inputs and of units in at least one layer",
                 detail::counted(sizes.size(), "number"));
  }
  return sizes.front();
}

std::vector<LayerSpec> specs(const std::vector<std::size_t>& sizes, const Activation& hidden,
                             const Activation& output) {
  std::vector<LayerSpec> result;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    result.push_back({sizes[i], i + 1 < sizes.size() ? hidden : output});
  }
  return result;
}

}  // namespace

Mlp::Mlp(const std::vector<std::size_t>& sizes, const Activation& hidden, const Activation& output,
         std::uint64_t seed)
    : Mlp(inputs_of(sizes), specs(sizes, hidden, output), seed) {}

Mlp::Mlp(std::size_t inputs, const std::vector<LayerSpec>& layers, std::uint64_t seed) {
  if (layers.empty()) detail::fail("nn::Mlp", "at least one layer", "none");
  std::size_t from = inputs;
  for (const auto& [units, activation, bias] : layers) {
    parameter_count_ += Layer::parameter_count(from, units, bias);
    from = units;
  }
  parameters_ = detail::new_parameters(parameter_count_);
  from = inputs;
  Value* begin = parameters_.get();
  layers_.reserve(layers.size());
  for (const auto& [units, activation, bias] : layers) {
    layers_.push_back(Layer({parameters_, begin}, from, units, activation, bias));
    begin += layers_.back().parameter_count();
    from = units;
  }
  Random random(seed);
  initialise(xavier_uniform(), random);
}

Mlp::Forward Mlp::forward(Inputs x) const {
  Forward result;
  result.layers.reserve(layers_.size());
  for (const Layer& each : layers_) {
    result.layers.push_back(each.forward(result.layers.empty() ? x : Inputs(result.out())));
  }
  return result;
}

std::vector<Value> Mlp::operator()(Inputs x) const {
  std::vector<Value> out = layers_.front()(x);
  for (std::size_t i = 1; i < layers_.size(); ++i) out = layers_[i](out);
  return out;
}

void Mlp::check_layer(std::size_t index) const {
  detail::check_index("nn: layer of a network", index, layers_.size());
}

void Mlp::initialise(const Initialiser& weights, Random& random, const Initialiser& biases) {
  for (Layer& each : layers_) each.initialise(weights, random, biases);
}

void Mlp::set_labels() {
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].set_labels(std::to_string(i + 1));
}

}  // namespace nn
