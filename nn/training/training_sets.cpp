#include "nn/training/training_sets.hpp"

#include <string>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace text = autograd::text;

namespace {

void check(const FitOptions& options) {
  const std::string what = "nn::FitOptions";
  if (options.schedule && options.on_plateau) {
    fail(what, "a schedule or on_plateau", "both");
  }
  const double fraction = options.validation_fraction;
  if (!(fraction >= 0 && fraction < 1)) {
    fail(what, "0 <= validation_fraction < 1", text::shortest(fraction));
  }
  if (fraction > 0 && !options.validation.empty()) {
    fail(what, "validation or validation_fraction", "both");
  }
  if (options.threads == 0) fail(what, "at least 1 thread", "0");
  if (options.history_every == 0) fail(what, "history_every of at least 1", "0");
  for (const Callback& each : options.callbacks)
    if (!each) fail(what, "callbacks that are functions", "an empty one");
  if (options.on_plateau) options.on_plateau->check();
  if (!options.early_stopping) return;
  options.early_stopping->check();
  if (fraction == 0 && options.validation.empty()) {
    fail(what, "validation data for early stopping", "none");
  }
}

}  // namespace

TrainingSets training_sets(const Data& data, const FitOptions& options) {
  check(options);
  if (options.validation_fraction == 0) return {data, options.validation};
  Split parts = split(data, 1 - options.validation_fraction, options.seed);
  if (parts.train.empty() || parts.test.empty()) {
    fail("nn::FitOptions", "a validation_fraction that leaves rows for training and for validation",
         text::shortest(options.validation_fraction) + " of " + counted(data.size(), "row"));
  }
  return {std::move(parts.train), std::move(parts.test)};
}

}  // namespace nn::detail
