// Dropout: while training, outputs of units are set to 0 at random, so that none relies on another.
#pragma once

#include <cstddef>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/random.hpp>

namespace nn {

using autograd::Value;

// keep is the probability of KEEPING a unit, m is its mask: 1 keeps it, 0 drops it.
//
//                       training        evaluation
//   inverted            out m / keep    out
//   original            out m           out keep
//
// Either way what comes in training is, on average, what comes in evaluation.
// Gradient: m / keep, or m, into the unit: 0 if it is dropped.
// Source:   N. Srivastava et al., "Dropout: a simple way to prevent neural networks from
//           overfitting", JMLR 15, 2014: section 4 is the original, section 10 the inverted one.
struct Dropout {
  double keep = 1;  // 1 is no dropout
  bool inverted = true;

  bool is_on() const { return keep < 1; }

  // A mask is a number or a Value.
  template <class Mask> Value train(const Value& out, const Mask& mask) const {
    return inverted ? out * (mask / keep) : out * mask;
  }
  Value evaluate(const Value& out) const { return is_on() && !inverted ? out * keep : out; }

  // 1 with probability keep, else 0.
  double draw_mask(Random& random) const { return random.uniform() < keep ? 1.0 : 0.0; }

  // Throws: Error unless 0 < keep <= 1.
  void check() const;
};

}  // namespace nn
