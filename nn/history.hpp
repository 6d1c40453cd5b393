// History: what a training was like, epoch by epoch.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace nn {

// One pass over all rows. Loss and accuracy of the training rows are means over the epoch, of each
// batch as it was before its step, with dropout if there is any. Those of the validation rows are
// of the network as it is at the end of the epoch.
struct Epoch {
  std::size_t index = 0;                // 0, 1, 2, ...
  std::size_t epochs = 0;               // how many there are to be
  double loss = 0;                      // of the data alone
  double penalty = 0;                   // of the weights; 0 without one
  double rate = 0;                      // the learning rate of its last step
  std::optional<double> accuracy = {};  // if the targets stand for classes
  std::optional<double> validation_loss = {}, validation_accuracy = {};

  bool operator==(const Epoch&) const = default;
};

using History = std::vector<Epoch>;

// Sees every epoch when it is over and the network has its weights; false ends the training.
// One with a state of its own is given as std::ref(callback): functions are copied.
using Callback = std::function<bool(const Epoch&)>;

// Why a training ended.
enum class Stop {
  kEpochs,     // all epochs are done
  kEarly,      // the validation loss has stopped falling
  kCallback,   // a callback wished so
  kNotFinite,  // loss or weights have become NaN or infinite
};

// "all epochs are done", ...
std::string_view to_string(Stop stop);

}  // namespace nn
