// Schedules: the learning rate as training goes on.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>

namespace nn {

// The rate of step 0, 1, 2, ...; what a step is, an update or an epoch, is up to the caller:
//   optimizer.set_rate(schedule(epoch));
// Schedules remember nothing: to go on where one stood, count on from the same step.
using Schedule = std::function<double(std::size_t step)>;

// Throws: Error, all of them, if a rate is negative or not finite, a factor not 0 < factor <= 1, or
//         a number of steps 0.

// rate
Schedule constant_rate(double rate);

// rate factor^floor(step / every): a drop every so many steps.
Schedule step_decay(double rate, std::size_t every, double factor = 0.1);

// rate factor^step
Schedule exponential_decay(double rate, double factor);

// low + (rate - low) (1 + cos(pi step / steps)) / 2, and `low` from step `steps` on.
// Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR
//         2017, eq. 5.
Schedule cosine_decay(double rate, std::size_t steps, double low = 0);

// after(0) (step + 1) / (steps + 1) for the first `steps` steps, never 0; then after(step - steps).
// Throws: Error if `after` is empty.
// Source: P. Goyal et al., "Accurate, large minibatch SGD", arXiv:1706.02677, 2017, section 2.2.
Schedule warm_up(std::size_t steps, Schedule after);

// Lowers the rate when the loss has stopped falling: after `patience` epochs in a row whose loss is
// not below the best one by more than threshold |best|, the rate is multiplied by factor.
// (PyTorch's ReduceLROnPlateau waits for one epoch more.) A plain struct: a copy goes on like it.
//
//   optimizer.set_rate(on_plateau(optimizer.rate(), loss));
struct OnPlateau {
  double factor = 0.1;
  std::size_t patience = 10;
  double threshold = 1e-4;
  double lowest_rate = 0;

  struct State {
    double best = std::numeric_limits<double>::infinity();
    std::size_t epochs_waited = 0;
    bool operator==(const State&) const = default;
  } state = {};

  // The rate of the next epoch, after one that had this loss. NaN is no improvement.
  double operator()(double rate, double loss);

  // Throws: Error unless 0 < factor <= 1, patience > 0, threshold >= 0 and lowest_rate >= 0, the
  //         last two finite.
  void check() const;
};

}  // namespace nn
