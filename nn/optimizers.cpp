#include "nn/optimizers.hpp"

#include <nn/training/check_leaves.hpp>

namespace nn {

void zero_grad(std::span<const Value> parameters) {
  for (const Value& each : parameters) each.zero_grad();
}

void GradientDescent::step(std::span<Value> parameters) const {
  detail::check_leaves("nn::GradientDescent::step", parameters);
  for (Value& w : parameters) {
    if (!w.is_frozen()) w.set_data(w.data() - rate * (w.grad() + weight_decay * w.data()));
  }
}

}  // namespace nn
