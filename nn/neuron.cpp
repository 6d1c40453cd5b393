#include "nn/neuron.hpp"

#include <new>
#include <utility>

#include <nn/layer.hpp>
#include <nn/text/errors.hpp>

namespace nn {

using detail::counted;

namespace {

// w_0 x_0 + ... + w_n x_n + b: one node.
template <class X>
Value weighted_sum(const Value* weights, const Value* bias, std::span<const X> x) {
  const std::span<const Value> w(weights, x.size());
  return bias != nullptr ? autograd::dot(w, x, *bias) : autograd::dot(w, x);
}

}  // namespace

Neuron::Neuron(std::size_t inputs, const Activation& activation, Bias bias, std::uint64_t seed) try
    : Neuron(Layer(inputs, 1, activation, bias, seed).neuron(0)) {
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Neuron::Neuron(std::shared_ptr<Value[]> weights, std::size_t inputs, std::shared_ptr<Value> bias,
               Activation activation)
    : weights_(std::move(weights)),
      inputs_(inputs),
      bias_(std::move(bias)),
      activation_(std::move(activation)) {}

Value Neuron::net(Inputs x) const {
  if (x.size() != inputs_) {
    detail::fail("nn: call of a unit, layer or network", counted(inputs_, "input"),
                 std::to_string(x.size()));
  }
  return x.visit([&](auto xs) { return weighted_sum(weights_.get(), bias_.get(), xs); });
}

Neuron::Forward Neuron::forward(Inputs x) const {
  Forward result;
  result.net = net(x);
  result.out = activation_(result.net);
  return result;
}

void Neuron::check_weight(std::size_t input) const {
  detail::check_index("nn: weight of a unit", input, inputs_);
}

void Neuron::check_bias() const {
  if (!has_bias()) {
    throw autograd::Error(
        "nn: bias of a unit: expected a unit with a bias, got one with Bias::kOff.");
  }
}

void Neuron::set_weights(const std::vector<double>& weights) {
  if (weights.size() != inputs_) {
    detail::fail("nn::Neuron::set_weights", counted(inputs_, "weight") + ", one per input",
                 std::to_string(weights.size()));
  }
  for (std::size_t j = 0; j < inputs_; ++j) weight(j).set_data(weights[j]);
}

void Neuron::set_labels() {
  for (std::size_t j = 0; j < inputs_; ++j) weight(j).set_label("w[" + std::to_string(j) + "]");
  if (has_bias()) bias().set_label("b");
}

}  // namespace nn
