// Recipe: what to try before a long training, in this order. A network that fails one of these has
// a mistake in it that no training will cure.
//
// Source: A. Karpathy, "A recipe for training neural networks", 2019.
#pragma once

#include <cstddef>
#include <string>

#include <autograd/autograd.hpp>
#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>

namespace nn {

// ---- 1. the loss before any training ----

// log n: the cross-entropy of a network that thinks all n classes equally likely.
// Throws: Error unless n >= 2.
double expected_initial_loss(std::size_t classes);

struct InitialLoss {
  double expected, actual, factor;

  // expected / factor <= actual <= expected factor
  bool ok() const { return actual >= expected / factor && actual <= expected * factor; }
  std::string to_string() const;
};

// The mean loss of the network as it is, without penalty. Freshly drawn weights give outputs that
// are not quite 0, and a loss that is somewhat above log n.
// Throws: Error if there are no rows, a number in them is not finite, they do not fit the network
//         or the loss, or unless factor >= 1.
InitialLoss check_initial_loss(const Mlp& net, const Data& data, const Loss& loss, double expected,
                               double factor = 2);

// ---- 2. the gradient of the whole model ----

// The gradient of the mean loss of all rows, plus the penalty if there is one, held against
// differences, weight by weight: in training, with the batch's statistics,
// and with dropout by masks that stay the same.
//
//   std::cout << nn::check_model(net, batch, nn::half_squared_error).to_string();
//
// Give it a few rows.
// Throws: Error as above.
// Cost:   about 20 passes for every weight.
autograd::GradientReport check_model(const Mlp& net, const Data& data, const Loss& loss,
                                     const Penalty& penalty = {});

// ---- 3. a few rows must be learnt by heart ----

struct OverfitReport {
  double goal, first, best;  // losses
  std::size_t epochs;        // done
  Stop stop;

  bool ok() const { return best <= goal; }
  std::string to_string() const;
};

// Trains a copy of the network on these rows, all in one batch, until the loss is at the goal: it
// gets there if the network has enough units and the gradient is right. Penalty, validation and
// early stopping of the options are left out.
// Throws: Error as fit() does, or unless goal >= 0.
OverfitReport overfit(const Mlp& net, const Data& rows, FitOptions options, double goal = 1e-3);

}  // namespace nn
