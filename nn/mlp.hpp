// Mlp: a multilayer perceptron, layer after layer, each fully connected to the one before.
#pragma once

#include <autograd/autograd.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nn/activation.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>
#include <nn/layer.hpp>
#include <nn/random.hpp>
#include <span>
#include <vector>

namespace nn {

struct LayerSpec {
  std::size_t units;
  Activation activation = Activation::identity;
  Bias bias = Bias::kPerUnit;
};

// A view, as Neuron is: copies have the same parameters.
class Mlp {
 public:
  struct Forward {
    std::vector<Layer::Forward> layers;
    const std::vector<Value>& out() const { return layers.back().out; }
  };

  // Mlp(2, {{4, Activation::tanh}, {1, Activation::identity, Bias::kOff}}).
  // Starts from xavier_uniform() weights and zero biases.
  // Throws: Error if there are no inputs, no layers, or no units in one of them.
  Mlp(std::size_t inputs, const std::vector<LayerSpec>& layers, std::uint64_t seed = 0);
  // Mlp({2, 4, 1}, Activation::tanh): the inputs, then the units of each layer.
  Mlp(const std::vector<std::size_t>& sizes, const Activation& hidden,
      const Activation& output = Activation::identity, std::uint64_t seed = 0);

  Forward forward(Inputs x) const;
  std::vector<Value> operator()(Inputs x) const;

  // Those of the layers, one layer after the other.
  std::span<Value> parameters() { return {parameters_.get(), parameter_count_}; }
  std::span<const Value> parameters() const { return {parameters_.get(), parameter_count_}; }

  std::size_t inputs() const { return layers_.front().inputs(); }
  std::size_t outputs() const { return layers_.back().units(); }
  std::span<Layer> layers() { return layers_; }
  std::span<const Layer> layers() const { return layers_; }
  // Throw Error if there is no such layer; 0 is the one next to the inputs.
  Layer& layer(std::size_t index) { return check_layer(index), layers_[index]; }
  const Layer& layer(std::size_t index) const { return check_layer(index), layers_[index]; }

  // New starting values, drawn in the order of parameters().
  void initialise(const Initialiser& weights, Random& random, const Initialiser& biases = zeros());

  // Weights are labelled w<layer>[unit,input], biases b<layer>[unit], shared ones b<layer>; layers
  // count from 1, units and inputs from 0.
  void set_labels();

 private:
  void check_layer(std::size_t index) const;

  std::shared_ptr<Value[]> parameters_;
  std::size_t parameter_count_ = 0;
  std::vector<Layer> layers_;
};

}  // namespace nn
