// Trainer: training step by step, for those who want to look on; fit() is a loop of epochs.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include <nn/data.hpp>
#include <nn/fit.hpp>
#include <nn/mlp.hpp>

namespace nn {

//   nn::Trainer trainer(net, data, {.batch_size = 10});
//   while (trainer.run_epoch()) ...
//
// It works on an array of its own; the network has the weights when write_back() was called, which
// run_epoch() does if there are callbacks.
class Trainer {
 public:
  // Throws: the same as fit().
  Trainer(Mlp& net, const Data& data, const FitOptions& options = {});
  Trainer(Mlp& net, const Data& data, const FitOptions& options, const TrainingState& state);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // One batch: one step of the optimizer. The last one of an epoch ends it: validation, history,
  // callbacks. False if nothing was done, as the training has ended.
  bool step();
  // The rest of the epoch. False if the training ended with it or before.
  bool run_epoch();

  // Why the training has ended; empty while it goes on.
  std::optional<Stop> stop() const;
  const History& history() const;
  // At the end of the last epoch that is over.
  const TrainingState& state() const;
  std::span<const double> weights() const;   // as they are now
  std::span<const double> gradient() const;  // of the last step, before clipping
  double loss() const;                       // of the last step
  double penalty() const;
  std::size_t steps_per_epoch() const;

  // Gives the network the weights and running statistics as they are now,
  // or those of the best epoch.
  void write_back();
  void write_back_best();

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace nn
