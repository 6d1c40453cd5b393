// Layer: units with the same inputs and the same activation.
#pragma once

#include <autograd/autograd.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nn/activation.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>
#include <nn/neuron.hpp>
#include <nn/random.hpp>
#include <span>
#include <string>
#include <vector>

namespace nn {

// A view, as Neuron is: copies have the same parameters.
class Layer {
 public:
  struct Forward {
    std::vector<Value> net, out;  // by unit
  };

  // A layer on its own.  Starts from xavier_uniform() weights and zero biases.
  // Throws: Error if there are no inputs or no units.
  Layer(std::size_t inputs, std::size_t units, const Activation& activation = Activation::identity,
        Bias bias = Bias::kPerUnit, std::uint64_t seed = 0);

  Forward forward(Inputs x) const;
  std::vector<Value> operator()(Inputs x) const { return forward(x).out; }

  // Unit by unit, its weights and then its bias; a shared bias comes last.
  std::span<Value> parameters() { return {parameters_.get(), parameter_count()}; }
  std::span<const Value> parameters() const { return {parameters_.get(), parameter_count()}; }

  std::size_t inputs() const { return inputs_; }
  std::size_t units() const { return neurons_.size(); }
  Bias bias() const { return bias_; }
  const Activation& activation() const { return neurons_[0].activation(); }

  // Throw Error if there is no such unit, weight or bias.
  Neuron& neuron(std::size_t unit) { return check_unit(unit), neurons_[unit]; }
  const Neuron& neuron(std::size_t unit) const { return check_unit(unit), neurons_[unit]; }
  Value& weight(std::size_t unit, std::size_t input) { return neuron(unit).weight(input); }
  const Value& weight(std::size_t unit, std::size_t input) const {
    return neuron(unit).weight(input);
  }
  Value& bias(std::size_t unit) { return neuron(unit).bias(); }
  const Value& bias(std::size_t unit) const { return neuron(unit).bias(); }

  // Shapes: rows[unit][input]; biases[unit], or a single one if it is shared.
  // Throw:  Error if the shapes differ; then nothing has been changed.
  void set_weights(const std::vector<std::vector<double>>& rows);
  void set_biases(const std::vector<double>& biases);

  // New starting values, drawn in the order of parameters().
  void initialise(const Initialiser& weights, Random& random, const Initialiser& biases = zeros());

  // The weights are labelled w<name>[unit,input], the biases b<name>[unit], a shared one b<name>.
  void set_labels(const std::string& name = "");

 private:
  friend class Mlp;

  // A layer whose parameters are those from `parameters` on.
  Layer(std::shared_ptr<Value[]> parameters, std::size_t inputs, std::size_t units,
        const Activation& activation, Bias bias);
  void check_unit(std::size_t unit) const;
  static std::size_t parameter_count(std::size_t inputs, std::size_t units, Bias bias);
  std::size_t parameter_count() const { return parameter_count(inputs_, units(), bias_); }

  std::shared_ptr<Value[]> parameters_;
  std::size_t inputs_;
  Bias bias_;
  std::vector<Neuron> neurons_;
};

namespace detail {

// Parameters with the value 0.
std::shared_ptr<Value[]> new_parameters(std::size_t count);

}  // namespace detail
}  // namespace nn
