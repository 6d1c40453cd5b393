#include <nn/gradient_descent.hpp>

namespace nn {

void zero_grad(std::span<const Value> parameters) {
  for (const Value& each : parameters) each.zero_grad();
}

void GradientDescent::step(std::span<Value> parameters) const {
  for (Value& w : parameters) w.set_data(w.data() - rate * w.grad());
}

}  // namespace nn
