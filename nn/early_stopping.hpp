// Early stopping: training ends when the validation loss has stopped falling.
#pragma once

#include <cstddef>
#include <limits>

namespace nn {

// Stops after `patience` epochs in a row whose loss is not below the best one by more than
// `threshold`. A plain struct: a copy goes on like it.
// Source: L. Prechelt, "Early stopping - but when?", in "Neural networks: tricks of the trade",
//         1998.
struct EarlyStopping {
  std::size_t patience = 10;
  double threshold = 0;
  bool restores_best = true;  // fit() ends with the weights of the best epoch, else of the last

  struct State {
    double best = std::numeric_limits<double>::infinity();
    std::size_t epochs = 0;      // seen so far
    std::size_t best_epoch = 0;  // 0 is the first
    bool operator==(const State&) const = default;
  } state = {};

  // Takes the loss of the next epoch: is it the best so far? NaN never is.
  bool improves(double loss);
  // How many epochs there have been since the best one, or at all if none was.
  std::size_t epochs_waited() const;
  bool should_stop() const { return state.epochs > 0 && epochs_waited() >= patience; }

  // Throws: Error unless patience > 0 and threshold >= 0.
  void check() const;
};

}  // namespace nn
