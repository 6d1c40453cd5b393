// Penalties: terms that a loss is given to keep weights small.  They are Values of their own, so
// that the loss of the data can be shown apart from them:
//
//   const Value error = ..., penalty = nn::l2_penalty(net, 1e-3);
//   (error + penalty).backward();
#pragma once

#include <span>

#include <autograd/autograd.hpp>
#include <nn/mlp.hpp>

namespace nn {

using autograd::Value;

// strength sum_i |w_i|.  It takes the same from weights of any size: small ones become 0.
//
// Gradient: strength times the sign of w_i; 0 at 0.
// Throws:   Error unless strength >= 0.
// Cost:     n + 2 nodes.
// Source:   R. Tibshirani, "Regression shrinkage and selection via the lasso", JRSS B 58(1), 1996.
Value l1_penalty(std::span<const Value> weights, double strength);

// strength / 2 sum_i w_i^2.
// A step takes the share rate * strength from every weight, which is called weight decay.
//
// Gradient: strength w_i.  Formulas without the 1/2 mean twice this strength.
// Cost:     2 nodes.
// Source:   Bishop 2006, eq. 5.112.
Value l2_penalty(std::span<const Value> weights, double strength);

// Of the weights of a network, net.weights(): biases, gammas and betas are left out, as they move
// or stretch what a unit computes and do not make it bend more.  With these:
// l2_penalty(net.parameters(), strength).
Value l1_penalty(const Mlp& net, double strength);
Value l2_penalty(const Mlp& net, double strength);

}  // namespace nn
