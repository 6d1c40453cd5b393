// Layer: units with the same inputs and the same activation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/activation.hpp>
#include <nn/batch_norm.hpp>
#include <nn/dropout.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>
#include <nn/neuron.hpp>
#include <nn/random.hpp>

namespace nn {

// What a layer is made of: net = w x + b, batch normalisation of net, the activation, dropout.
//
//   {4, Activation::tanh}
//   {.units = 16, .activation = Activation::relu, .batch_norm = {.on = true},
//    .dropout = {.keep = 0.8}}
struct LayerSpec {
  std::size_t units;
  Activation activation = Activation::identity;
  Bias bias = Bias::kPerUnit;
  BatchNorm batch_norm = {};
  Dropout dropout = {};
};

// A view, as Neuron is: copies have the same parameters and running statistics.
class Layer {
 public:
  struct Forward {
    std::vector<Value> net, out;  // by unit
  };
  // [row][unit].  What does nothing adds no node: without batch normalisation net and normalised
  // are one, with the identity and without dropout normalised and out are.
  struct Batch {
    std::vector<std::vector<Value>> net, normalised, out;
    // By unit, of the rows; nothing unless they are normalised by them.
    std::vector<Value> means, variances;
  };

  // A layer on its own.  Starts from xavier_uniform() weights and zero biases, gamma 1 and beta 0.
  // Throws: Error if there are no inputs or no units, more than 2^31 weights, or for what Dropout
  //         and BatchNorm refuse.
  Layer(std::size_t inputs, const LayerSpec& spec, std::uint64_t seed = 0);
  Layer(std::size_t inputs, std::size_t units, const Activation& activation = Activation::identity,
        Bias bias = Bias::kPerUnit, std::uint64_t seed = 0);

  // Evaluates one row.
  Forward forward(Inputs x) const;
  std::vector<Value> operator()(Inputs x) const;

  // Throws: Error if there are no rows, or a row or the masks have another length than they should.
  Batch forward(const InputRows& rows, const Pass& pass) const;

  // How many masks a row takes: one for each unit if there is dropout.
  std::size_t mask_size() const { return dropout().is_on() ? units() : 0; }

  // Unit by unit, its weights and then its bias; then a shared bias; then, if it is normalised, the
  // gamma of every unit and the beta of every unit.
  std::span<Value> parameters() { return {parameters_.get(), parameter_count(inputs_, spec_)}; }
  std::span<const Value> parameters() const {
    return {parameters_.get(), parameter_count(inputs_, spec_)};
  }

  // Running statistics: the mean of every unit, then the variance of every unit;
  // nothing without batch normalisation.
  std::span<double> statistics() { return {statistics_.get(), statistics_size()}; }
  std::span<const double> statistics() const { return {statistics_.get(), statistics_size()}; }

  std::size_t inputs() const { return inputs_; }
  std::size_t units() const { return neurons_.size(); }
  const LayerSpec& spec() const { return spec_; }
  Bias bias() const { return spec_.bias; }
  const Activation& activation() const { return spec_.activation; }
  const BatchNorm& batch_norm() const { return spec_.batch_norm; }
  const Dropout& dropout() const { return spec_.dropout; }

  // A neuron is its weighted sum and activation alone.
  // Throws: Error if there is no such unit, weight or bias, or no batch normalisation.
  Neuron& neuron(std::size_t unit) { return check_unit(unit), neurons_[unit]; }
  const Neuron& neuron(std::size_t unit) const { return check_unit(unit), neurons_[unit]; }
  Value& weight(std::size_t unit, std::size_t input) { return neuron(unit).weight(input); }
  const Value& weight(std::size_t unit, std::size_t input) const {
    return neuron(unit).weight(input);
  }
  Value& bias(std::size_t unit) { return neuron(unit).bias(); }
  const Value& bias(std::size_t unit) const { return neuron(unit).bias(); }
  Value& gamma(std::size_t unit) { return check_normalised(unit), scales()[unit]; }
  const Value& gamma(std::size_t unit) const { return check_normalised(unit), scales()[unit]; }
  Value& beta(std::size_t unit) { return check_normalised(unit), scales()[units() + unit]; }
  const Value& beta(std::size_t unit) const {
    return check_normalised(unit), scales()[units() + unit];
  }

  // Shapes: rows[unit][input]; biases[unit], or a single one if it is shared.
  // Throws: Error if the shapes differ; then nothing has been changed.
  void set_weights(const std::vector<std::vector<double>>& rows);
  void set_biases(const std::vector<double>& biases);

  // New starting values, drawn in the order of parameters(); gamma 1, beta 0, running means 0 and
  // variances 1.
  // Throws: Error if an initialiser is empty.
  void initialise(const Initialiser& weights, Random& random, const Initialiser& biases = zeros());

  // The weights are labelled w<name>[unit,input], the biases b<name>[unit], a shared one b<name>,
  // those of batch normalisation gamma<name>[unit] and beta<name>[unit].
  void set_labels(const std::string& name = "");

 private:
  friend class Mlp;

  // Where the masks of a layer are: in row r, from r stride + first on.
  struct Masks {
    Inputs all;
    std::size_t stride, first;
  };

  // A layer whose parameters and statistics are those from `parameters` and `statistics` on.
  Layer(std::shared_ptr<Value[]> parameters, std::shared_ptr<double[]> statistics,
        std::size_t inputs, const LayerSpec& spec);
  Batch forward(const InputRows& rows, Mode mode, const Masks& masks) const;
  void normalise(Batch& batch, Mode mode) const;
  Value evaluate_normalised(std::size_t unit, const Value& net) const;
  Value evaluate_out(std::size_t unit, const Value& net) const;
  void check_unit(std::size_t unit) const;
  void check_normalised(std::size_t unit) const;
  static void check(std::size_t inputs, const LayerSpec& spec);
  // own_: without gamma and beta.
  static std::size_t own_parameter_count(std::size_t inputs, const LayerSpec& spec);
  static std::size_t parameter_count(std::size_t inputs, const LayerSpec& spec);
  static std::size_t statistics_size(const LayerSpec& spec) {
    return spec.batch_norm.on ? 2 * spec.units : 0;
  }
  std::size_t statistics_size() const { return statistics_size(spec_); }
  // The gammas, then the betas.
  Value* scales() const { return parameters_.get() + own_parameter_count(inputs_, spec_); }

  std::shared_ptr<Value[]> parameters_;
  std::shared_ptr<double[]> statistics_;
  std::size_t inputs_;
  LayerSpec spec_;
  std::vector<Neuron> neurons_;
};

namespace detail {

// Parameters with the value 0.
std::shared_ptr<Value[]> new_parameters(std::size_t count);

// Zeros.
std::shared_ptr<double[]> new_statistics(std::size_t count);

// Throws: Error if there are no rows, a row has another number of values than `inputs`, or, in
//         training, there are not `mask_size` masks for each row.
void check_batch(const InputRows& rows, const Pass& pass, std::size_t inputs,
                 std::size_t mask_size);

}  // namespace detail
}  // namespace nn
