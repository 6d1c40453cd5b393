// Gradient descent: one step downhill.
#pragma once

#include <autograd/autograd.hpp>
#include <span>

namespace nn {

using autograd::Value;

// backward() adds to the gradients: set them to 0 before the first backward() of every step.
void zero_grad(std::span<const Value> parameters);

// w <- w - rate dE/dw.  Updates are apart from backward(), so that all gradients are those at the
// old weights.
struct GradientDescent {
  double rate;

  void step(std::span<Value> parameters) const;
};

}  // namespace nn
