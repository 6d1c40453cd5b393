// Objective: what training makes smaller, with its gradient, for one batch after the other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>

namespace nn::detail {

// mean over the rows of weight * loss(outputs, targets), plus penalty(weights); in training, that is with
// dropout and the batch's own statistics.
class Objective {
 public:
  // `net` is where eager work is done; it is to live longer.
  // Throws: Error, with a cure, if the network, the loss or the penalty cannot be recorded.
  Objective(Mlp& net, const FitOptions& options, std::size_t targets, bool is_weighted);

  // [inputs, targets, weight if there is one, masks] of every row, one row after the other.
  void run(std::span<const double> weights, std::span<const double> rows);

  std::size_t columns() const { return net_.inputs() + targets_ + weights_ + masks_; }

  // The parameters that were frozen when this was made, by place.
  const std::vector<std::size_t>& frozen() const { return frozen_; }

  // Of the last run. Frozen parameters have the gradient 0.
  double loss() const { return loss_; }
  double penalty() const { return penalty_; }
  std::span<const double> gradient() const { return gradient_; }
  std::span<const double> statistics() const { return statistics_; }  // of batch normalisation
  // If accuracy is wanted.
  std::span<const double> outputs(std::size_t row) const {
    return std::span(values_).subspan(row * stride_ + first_output_, net_.outputs());
  }

 private:
  // Of one row.
  Value row_loss(std::span<const Value> outputs, auto targets_and_weight) const;
  autograd::Function recorded() const;
  void replay(std::span<const double> weights, std::span<const double> rows);
  void run_eagerly(std::span<const double> weights, std::span<const double> rows);

  Mlp& net_;
  Loss row_loss_;
  Penalty row_penalty_;
  std::size_t targets_, weights_, masks_, threads_;  // weights_: 1 if rows have one
  bool wants_outputs_;
  std::optional<autograd::Function> function_;  // empty: eager

  double loss_ = 0, penalty_ = 0;
  std::vector<double> gradient_, statistics_;
  std::vector<double> totals_, values_;  // of the function's outputs; by row
  std::size_t stride_, first_output_;    // in values_
  std::vector<double> mask_numbers_;
  std::vector<std::size_t> frozen_;
};

// f(), which records or runs a Function. Its errors are given the cure that is known here.
template <class F> auto with_cure(F&& f) {
  try {
    return f();
  } catch (const autograd::Error& error) {
    throw autograd::Error(std::string(error.what()) +
                          " Or train with Execution::kEager, which records every batch anew.");
  }
}

}  // namespace nn::detail
