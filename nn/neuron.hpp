// Neuron: one unit, net = sum_j w_j x_j + b, out = f(net).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/activation.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>

namespace nn {

// kOff: none.  kPerUnit: one for each unit.  kShared: one for all units of a layer, whose gradient
// is then the sum over the units.
enum class Bias { kOff, kPerUnit, kShared };

// A view on parameters that may belong to a layer or a network as well, and that live as long as
// any view. Copies have the same parameters, as copies of a Value are the same node.
class Neuron {
 public:
  struct Forward {
    Value net, out;  // one node if the activation is the identity
  };

  // A unit on its own.  Starts from xavier_uniform() weights and, if it has one, the bias 0.
  // Throws: Error if there are no inputs.
  explicit Neuron(std::size_t inputs, const Activation& activation = Activation::identity,
                  Bias bias = Bias::kPerUnit, std::uint64_t seed = 0);

  Forward forward(Inputs x) const;
  Value operator()(Inputs x) const { return forward(x).out; }

  // The weights, then the bias; without it if the unit shares it with others.
  std::span<Value> parameters() { return {weights_.get(), parameter_count()}; }
  std::span<const Value> parameters() const { return {weights_.get(), parameter_count()}; }

  std::size_t inputs() const { return inputs_; }
  const Activation& activation() const { return activation_; }
  bool has_bias() const { return bias_ != nullptr; }

  // Throws: Error if there is no such weight, or no bias.
  Value& weight(std::size_t input) { return check_weight(input), weights_.get()[input]; }
  const Value& weight(std::size_t input) const {
    return check_weight(input), weights_.get()[input];
  }
  Value& bias() { return check_bias(), *bias_; }
  const Value& bias() const { return check_bias(), *bias_; }

  // Throws: Error if the counts differ, or there is no bias.
  void set_weights(const std::vector<double>& weights);
  void set_bias(double bias) { this->bias().set_data(bias); }

  // The weights are labelled w[0], w[1], ... and the bias b.
  void set_labels();

 private:
  friend class Layer;

  Neuron(std::shared_ptr<Value[]> weights, std::size_t inputs, std::shared_ptr<Value> bias,
         Activation activation);
  Value net(Inputs x) const;
  void check_weight(std::size_t input) const;
  void check_bias() const;
  bool bias_is_next() const { return bias_.get() == weights_.get() + inputs_; }
  std::size_t parameter_count() const { return inputs_ + (bias_is_next() ? 1 : 0); }

  std::shared_ptr<Value[]> weights_;
  std::size_t inputs_;
  std::shared_ptr<Value> bias_;
  Activation activation_;
};

}  // namespace nn
