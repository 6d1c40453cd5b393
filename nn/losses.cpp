#include "nn/losses.hpp"

#include <new>
#include <string>

#include <autograd/text.hpp>
#include <nn/training/loss_terms.hpp>

namespace nn {

namespace text = autograd::text;

using detail::mean_of;
using detail::sum_over;
using detail::Terms;

namespace {

using Predictions = std::span<const Value>;

Value squares(const char* loss, Predictions predictions, const Targets& targets) {
  return sum_over(loss, predictions, targets, [](Terms& terms, const Value& p, const auto& t) {
    terms.push_back(square(p - t));
  });
}

Value distances(const char* loss, Predictions predictions, const Targets& targets) {
  return sum_over(loss, predictions, targets,
                  [](Terms& terms, const Value& p, const auto& t) { terms.push_back(abs(p - t)); });
}

Value huber(const char* loss, Predictions predictions, const Targets& targets, double delta) try {
  if (!(delta > 0)) detail::fail(loss, "a delta above 0", text::shortest(delta));
  return sum_over(loss, predictions, targets, [=](Terms& terms, const Value& p, const auto& t) {
    const Value error = p - t, distance = abs(error);
    terms.push_back(
        select(lt(distance, delta), 0.5 * square(error), delta * (distance - delta / 2)));
  });
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

Value hinge(const char* loss, Predictions predictions, const Targets& targets) try {
  targets.visit([&](auto all) {
    for (const auto& each : all)
      detail::check_target(loss, "targets 1 or -1", each, [](double t) { return t * t == 1; });
  });
  return sum_over(loss, predictions, targets, [](Terms& terms, const Value& p, const auto& t) {
    terms.push_back(relu(1 - t * p));
  });
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

}  // namespace

Value half_squared_error(Predictions predictions, const Targets& targets) {
  return 0.5 * squares("nn::half_squared_error", predictions, targets);
}
Value squared_error(Predictions predictions, const Targets& targets) {
  return squares("nn::squared_error", predictions, targets);
}
Value mean_squared_error(Predictions predictions, const Targets& targets) {
  return mean_of(squares("nn::mean_squared_error", predictions, targets), predictions);
}

Value absolute_error(Predictions predictions, const Targets& targets) {
  return distances("nn::absolute_error", predictions, targets);
}
Value mean_absolute_error(Predictions predictions, const Targets& targets) {
  return mean_of(distances("nn::mean_absolute_error", predictions, targets), predictions);
}

Value huber_error(Predictions predictions, const Targets& targets, double delta) {
  return huber("nn::huber_error", predictions, targets, delta);
}
Value mean_huber_error(Predictions predictions, const Targets& targets, double delta) {
  return mean_of(huber("nn::mean_huber_error", predictions, targets, delta), predictions);
}

Value hinge_loss(Predictions predictions, const Targets& targets) {
  return hinge("nn::hinge_loss", predictions, targets);
}
Value mean_hinge_loss(Predictions predictions, const Targets& targets) {
  return mean_of(hinge("nn::mean_hinge_loss", predictions, targets), predictions);
}

}  // namespace nn
