// The derivative of a function of one number, by differences alone.
//
// Quotients over steps h, h/4, h/16, ... are extrapolated to h = 0. Large steps suffer from the
// curvature of the function, small ones from the rounding of its values: the step with the least of
// both is taken, and both are part of the error that is stated.
#pragma once

#include <functional>

namespace autograd::detail {

struct Slope {
  double value = 0.0;
  double error = 0.0;  // an estimate of how far the value may be off; infinite if nothing is known
  double step = 0.0;

  bool is_known() const;  // to three digits or so
};

struct Slopes {
  Slope central, left, right;
  double largest = 0.0;  // |f| at the points used
  bool has_jump = false;

  // Whether left and right differ by more than their errors.
  bool has_kink() const;
};

// Of f around x, where it is f_x. Where f is not finite it is left out. Cost: some 20 calls of f,
// up to 70 where it is not smooth.
Slopes find_slopes(const std::function<double(double)>& f, double x, double f_x);

}  // namespace autograd::detail
