// Optimizers: how weights follow their gradient downhill.
// The rules are here; optimizer.hpp has the class that applies them.
//
// w are the weights, g = dE/dw their gradient; all is element by element. `rate` is the learning
// rate; Schedule (schedules.hpp) changes it as training goes on.
//
// weight_decay d adds d w to the gradient, as a penalty d/2 sum w^2 in the loss would; the formulas
// below leave this out. AdamW alone decays apart from the gradient.
// The decay pulls at all parameters that are stepped, biases too.
#pragma once

#include <span>
#include <string_view>

#include <autograd/autograd.hpp>

namespace nn {

using autograd::Value;

// backward() adds to the gradients: set them to 0 before the first backward() of every step.
void zero_grad(std::span<const Value> parameters);

// w <- w - rate g
struct GradientDescent {
  static constexpr std::string_view name = "GradientDescent";
  double rate;
  double weight_decay = 0;

  // Remembers nothing, so that it needs no Optimizer. Updates are apart from backward(), so that
  // all gradients are those at the old weights. Frozen parameters stay as they are.
  // Throws: Error if one of them is the result of an operation; then nothing has been changed.
  void step(std::span<Value> parameters) const;
};

// v <- momentum v + g,  w <- w - rate v                                           (v = 0 at first)
//
// As in PyTorch (there with dampening 0). Polyak and Sutskever write v <- momentum v - rate g,
// w <- w + v: the same while the rate stays the same; here a new rate acts on all of v at once.
// Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
//         Computational Mathematics and Mathematical Physics 4(5), 1964.
struct Momentum {
  static constexpr std::string_view name = "Momentum";
  double rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 0;
};

// v <- momentum v + g,  w <- w - rate (g + momentum v)                            (v = 0 at first)
//
// As in PyTorch. Nesterov and Sutskever take the gradient at the point ahead, w - rate momentum v;
// here w is that point, so that the gradient is the one backward() gives.
// Source: I. Sutskever et al., "On the importance of initialization and momentum in deep learning",
//         ICML 2013; the form is that of Y. Bengio et al., "Advances in optimizing recurrent
//         networks", ICASSP 2013, eq. 7.
struct Nesterov {
  static constexpr std::string_view name = "Nesterov";
  double rate = 0.01;
  double momentum = 0.9;
  double weight_decay = 0;
};

// s <- s + g^2,  w <- w - rate g / (sqrt(s) + epsilon)                            (s = 0 at first)
//
// epsilon outside the root, as in the paper (there delta) and PyTorch.
// Source: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and
//         stochastic optimization", JMLR 12, 2011.
struct Adagrad {
  static constexpr std::string_view name = "Adagrad";
  double rate = 0.01;
  double epsilon = 1e-10;
  double weight_decay = 0;
};

// s <- rho s + (1 - rho) g^2,  w <- w - rate g / (sqrt(s) + epsilon)              (s = 0 at first)
//
// epsilon outside the root, as in PyTorch (whose rho, alpha there, is 0.99 if not given); Hinton
// has none, TensorFlow's was inside.
// Source: G. Hinton, "Neural networks for machine learning", lecture 6e, 2012: rho 0.9.
struct RmsProp {
  static constexpr std::string_view name = "RmsProp";
  double rate = 0.001;
  double rho = 0.9;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

// m <- beta1 m + (1 - beta1) g,  s <- beta2 s + (1 - beta2) g^2               (m = s = 0 at first)
// w <- w - rate m^ / (sqrt(s^) + epsilon),  m^ = m / (1 - beta1^t),  s^ = s / (1 - beta2^t)
// in step t = 1, 2, ...
//
// epsilon outside the root of the corrected s^, as in algorithm 1 of the paper and PyTorch.
// Source: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
struct Adam {
  static constexpr std::string_view name = "Adam";
  double rate = 0.001;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

// The step of Adam without decay, and w <- w - rate weight_decay w beside it: the decay does not go
// through m and s, and so is not divided by sqrt(s^).
//
// As in PyTorch. In the paper the decay is multiplied by the schedule's factor, not by the rate.
// Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
struct AdamW {
  static constexpr std::string_view name = "AdamW";
  double rate = 0.001;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

}  // namespace nn
