#include "nn/early_stopping.hpp"

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

bool EarlyStopping::improves(double loss) {
  const std::size_t epoch = state.epochs++;
  if (!(loss < state.best - threshold)) return false;
  state.best = loss;
  state.best_epoch = epoch;
  return true;
}

std::size_t EarlyStopping::epochs_waited() const {
  const bool has_best = state.best < std::numeric_limits<double>::infinity();
  return has_best ? state.epochs - 1 - state.best_epoch : state.epochs;
}

void EarlyStopping::check() const {
  if (patience == 0) detail::fail("nn::EarlyStopping", "a patience of at least 1 epoch", "0");
  if (!(threshold >= 0)) {
    detail::fail("nn::EarlyStopping", "a threshold of at least 0", text::shortest(threshold));
  }
}

}  // namespace nn
