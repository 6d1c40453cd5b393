// Evaluation: loss and accuracy of rows that are not trained on.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>
#include <nn/training/rows.hpp>

namespace nn::detail {

// A network that computes what `net` does when it is evaluated, without batch normalisation:
// with f = gamma / sqrt(variance + epsilon), its weights are f w and its biases f (b - mean) +
// beta. fold() gives it these numbers.
Mlp without_batch_norm(const Mlp& net);
void fold(const Mlp& net, Mlp& folded);

class Evaluation {
 public:
  // `net` is to live longer.
  // Throws: Error if the rows do not fit the network or the loss, or these cannot be recorded.
  Evaluation(const Mlp& net, const Data& data, const FitOptions& options);

  // With the net as it is.
  void run();
  double loss() const { return loss_; }
  std::optional<double> accuracy() const { return accuracy_; }

 private:
  void replay();
  void run_eagerly();

  const Mlp& net_;
  Loss row_loss_;
  std::size_t threads_;
  PackedRows rows_;
  std::optional<Classes> classes_;
  std::optional<Mlp> folded_;  // of a network with batch normalisation
  std::optional<autograd::Function> function_;
  std::vector<double> totals_, values_;  // loss and outputs
  double loss_ = 0;
  std::optional<double> accuracy_;
};

// Throws: what the loss throws for targets that it refuses, in any of the rows.
void check_targets(const Loss& loss, const PackedRows& rows, std::size_t outputs);

}  // namespace nn::detail
