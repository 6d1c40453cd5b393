// Batch normalisation: a unit's net input, shifted and scaled so that over the rows of a batch it
// has mean beta and deviation gamma.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <autograd/autograd.hpp>

namespace nn {

using autograd::Value;

// x is the net input of one unit, in each of n rows:
//
//   normalised = gamma (x - mean) / sqrt(variance + epsilon) + beta
//   training:    mean = sum x / n,  variance = sum (x - mean)^2 / n
//   evaluation:  mean and variance are the running ones, plain numbers
//
// gamma and beta are parameters of the unit and start from 1 and 0.  A bias before the
// normalisation is taken away with the mean: its gradient is 0 up to rounding.
// Gradient: to x_i, with z = (x - mean) / sqrt(variance + epsilon) and the upstream gradients g:
//           gamma / sqrt(variance + epsilon) (g_i - mean of g - z_i (mean of g z)).
//           It flows through mean and variance; a batch of one row lets nothing through.
// Cost:     3n + 5 nodes a unit in training, 3n in evaluation.
// Source:   S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
//           reducing internal covariate shift", ICML 2015, algorithms 1 and 2.
struct BatchNorm {
  bool on = false;
  double epsilon = 1e-5;  // keeps what is equal in all rows from being divided by 0
  double momentum = 0.1;  // of the running statistics

  struct Batch {
    std::vector<Value> normalised;  // by row
    Value mean, variance;           // of the batch; variance is divided by n
  };

  Batch train(std::span<const Value> x, const Value& gamma, const Value& beta) const;
  Value evaluate(const Value& x, double mean, double variance, const Value& gamma,
                 const Value& beta) const;

  // running <- (1 - momentum) running + momentum batch, of a running mean or variance.
  double updated(double running, double batch) const {
    return (1 - momentum) * running + momentum * batch;
  }

  // Throws: Error unless epsilon >= 0 and 0 <= momentum <= 1.
  void check() const;
};

}  // namespace nn
