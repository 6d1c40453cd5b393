#include "nn/history.hpp"

namespace nn {

std::string_view to_string(Stop stop) {
  switch (stop) {
    case Stop::kEpochs:
      return "all epochs are done";
    case Stop::kEarly:
      return "the validation loss has stopped falling";
    case Stop::kCallback:
      return "a callback ended it";
    case Stop::kNotFinite:
      break;
  }
  return "the loss or a weight is not finite: try a smaller rate, clip the gradient, or take a "
         "loss of logits";
}

}  // namespace nn
