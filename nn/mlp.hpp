// Mlp: a multilayer perceptron, layer after layer, each fully connected to the one before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/activation.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>
#include <nn/layer.hpp>
#include <nn/random.hpp>

namespace nn {

// A view, as Neuron is: copies have the same parameters and running statistics.
class Mlp {
 public:
  struct Forward {
    std::vector<Layer::Forward> layers;
    const std::vector<Value>& out() const { return layers.back().out; }
    // For drawings: net<layer>[unit] and out<layer>[unit], counted as Mlp::set_labels() does.  With
    // the identity, where both are one, it is out.
    void set_labels();
  };
  struct Batch {
    std::vector<Layer::Batch> layers;
    const std::vector<std::vector<Value>>& out() const { return layers.back().out; }  // [row][unit]
    // The means and variances of the rows, in the order of Mlp::statistics().
    std::vector<Value> statistics() const;
  };

  // Mlp(2, {{4, Activation::tanh}, {1, Activation::identity, Bias::kOff}}).
  // Starts from xavier_uniform() weights, zero biases, gamma 1 and beta 0.
  // Throws: Error if there are no inputs, no layers, no units or more than 2^31 weights in one of
  //         them, or for what Dropout and BatchNorm refuse.
  Mlp(std::size_t inputs, const std::vector<LayerSpec>& layers, std::uint64_t seed = 0);
  // Mlp({2, 4, 1}, Activation::tanh): the inputs, then the units of each layer.
  Mlp(const std::vector<std::size_t>& sizes, const Activation& hidden,
      const Activation& output = Activation::identity, std::uint64_t seed = 0);

  // An independent network with the same numbers and labels, frozen where this is, gradients 0.
  Mlp clone() const;

  // Evaluates one row.
  Forward forward(Inputs x) const;
  std::vector<Value> operator()(Inputs x) const;

  // Evaluates or trains on the rows of a batch:
  //
  //   const std::vector<double> masks = net.draw_masks(rows.size(), random);
  //   const Mlp::Batch batch = net.forward(rows, {.mode = Mode::kTrain, .masks = masks});
  //   ... a loss of batch.out()[row], backward(), a step ...
  //   net.update_statistics(batch);
  //
  // Throws: Error if there are no rows, or a row or the masks have another length than they should.
  Batch forward(const InputRows& rows, const Pass& pass) const;

  // How many masks a row takes: layer after layer, one for each unit if the layer has dropout.
  std::size_t mask_size() const;
  // New masks for so many rows, each 1 with the probability keep of its layer.
  // Throws: Error for more than 2^31 rows.
  std::vector<double> draw_masks(std::size_t rows, Random& random) const;

  // Those of the layers, one layer after the other.
  std::span<Value> parameters() { return {parameters_.get(), parameter_count_}; }
  std::span<const Value> parameters() const { return {parameters_.get(), parameter_count_}; }

  // The weights alone: no biases, no gamma and beta.  What penalties are for.
  std::vector<Value> weights() const;

  // All parameters as numbers.
  // Throws: Error if the count differs; then nothing has been changed.
  std::vector<double> parameter_values() const;
  void set_parameter_values(std::span<const double> values);

  // The running means and variances of batch normalisation, layer after layer: the means of its
  // units, then their variances.  They start from 0 and 1.
  std::span<double> statistics() { return {statistics_.get(), statistics_size_}; }
  std::span<const double> statistics() const { return {statistics_.get(), statistics_size_}; }

  // running <- (1 - momentum) running + momentum batch, after a pass in training.
  //
  // Of a batch of n rows the variance is taken times n / (n - 1), as the source of BatchNorm does:
  // the running variance is to be that of all data, of which the rows are a sample, and the
  // variance divided by n is too small by this factor on average.
  // One row knows no variance: only the means are updated.
  //
  // The second form takes batch.statistics() as numbers, of a batch with so many rows.
  // Throws: Error if the count differs or there are no rows; then nothing has been changed.
  void update_statistics(const Batch& batch);
  void update_statistics(std::span<const double> batch, std::size_t rows);

  std::size_t inputs() const { return layers_.front().inputs(); }
  std::size_t outputs() const { return layers_.back().units(); }
  std::span<Layer> layers() { return layers_; }
  std::span<const Layer> layers() const { return layers_; }
  // Layer 0 is the one next to the inputs.
  // Throws: Error if there is no such layer.
  Layer& layer(std::size_t index) { return check_layer(index), layers_[index]; }
  const Layer& layer(std::size_t index) const { return check_layer(index), layers_[index]; }

  // New starting values, drawn in the order of parameters(); gamma 1, beta 0, running means 0 and
  // variances 1.
  // Throws: Error if an initialiser is empty.
  void initialise(const Initialiser& weights, Random& random, const Initialiser& biases = zeros());

  // Weights are labelled w<layer>[unit,input], biases b<layer>[unit], shared ones b<layer>, those
  // of batch normalisation gamma<layer>[unit] and beta<layer>[unit].
  // Layers count from 1, units and inputs from 0.
  void set_labels();

 private:
  void check_layer(std::size_t index) const;

  std::shared_ptr<Value[]> parameters_;
  std::shared_ptr<double[]> statistics_;
  std::size_t parameter_count_ = 0, statistics_size_ = 0;
  std::vector<Layer> layers_;
};

}  // namespace nn
