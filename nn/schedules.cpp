#include "nn/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>
#include <string>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

void check_rate(const std::string& what, double rate) {
  if (std::isfinite(rate) && rate >= 0) return;
  detail::fail(what, "a rate that is finite and not negative", text::shortest(rate));
}

void check_factor(const std::string& what, double factor) {
  if (!(factor > 0 && factor <= 1)) {
    detail::fail(what, "0 < factor <= 1", text::shortest(factor));
  }
}

void check_steps(const std::string& what, std::size_t steps) {
  if (steps == 0) detail::fail(what, "at least one step", "0");
}

}  // namespace

Schedule constant_rate(double rate) try {
  check_rate("nn::constant_rate", rate);
  return [rate](std::size_t) { return rate; };
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Schedule step_decay(double rate, std::size_t every, double factor) try {
  check_rate("nn::step_decay", rate);
  check_steps("nn::step_decay", every);
  check_factor("nn::step_decay", factor);
  return [=](std::size_t step) {
    const std::size_t times = step / every;
    return rate * std::pow(factor, static_cast<double>(times));
  };
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Schedule exponential_decay(double rate, double factor) try {
  check_rate("nn::exponential_decay", rate);
  check_factor("nn::exponential_decay", factor);
  return [=](std::size_t step) { return rate * std::pow(factor, static_cast<double>(step)); };
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Schedule cosine_decay(double rate, std::size_t steps, double low) try {
  check_rate("nn::cosine_decay", rate);
  check_rate("nn::cosine_decay", low);
  check_steps("nn::cosine_decay", steps);
  return [=](std::size_t step) {
    const double done = static_cast<double>(std::min(step, steps)) / static_cast<double>(steps);
    return low + (rate - low) * (1 + std::cos(std::numbers::pi * done)) / 2;
  };
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Schedule warm_up(std::size_t steps, Schedule after) try {
  check_steps("nn::warm_up", steps);
  if (!after) detail::fail("nn::warm_up", "a schedule to go on with", "an empty one");
  return [steps, after = std::move(after)](std::size_t step) {
    if (step >= steps) return after(step - steps);
    return after(0) * static_cast<double>(step + 1) / static_cast<double>(steps + 1);
  };
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

double OnPlateau::operator()(double rate, double loss) {
  check_rate("nn::OnPlateau", rate);
  check();
  const double margin = std::isinf(state.best) ? 0 : threshold * std::abs(state.best);
  if (loss < state.best - margin) {
    state = {.best = loss, .epochs_waited = 0};
    return rate;
  }
  if (++state.epochs_waited < patience) return rate;
  state.epochs_waited = 0;
  return std::min(rate, std::max(lowest_rate, rate * factor));
}

void OnPlateau::check() const {
  const std::string what = "nn::OnPlateau";
  check_factor(what, factor);
  if (patience == 0) detail::fail(what, "a patience of at least 1 epoch", "0");
  if (!(std::isfinite(threshold) && threshold >= 0)) {
    detail::fail(what, "a threshold that is finite and not negative", text::shortest(threshold));
  }
  check_rate(what, lowest_rate);
}

}  // namespace nn
