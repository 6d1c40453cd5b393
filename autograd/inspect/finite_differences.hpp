// The derivative of a function of one number, estimated by finite differences alone.
//
// Quotients over steps h, h/4, h/16, ... are extrapolated to h = 0 (Richardson's extrapolation).
// Large steps suffer from the curvature of the function, small ones from the rounding of its values:
// the step with the least of both is taken, and both are part of the error that is stated.
#pragma once

#include <functional>

namespace autograd::detail {

struct DifferenceEstimate {
  double value = 0.0;
  double error = 0.0;  // an estimate of how far the value may be off; infinite if nothing is known
  double step = 0.0;

  bool is_known() const;  // to three digits or so
};

// From both sides of x together, and from each side alone.
struct DifferenceEstimates {
  DifferenceEstimate central, left, right;
  double largest = 0.0;   // |f| at the points used
  bool has_jump = false;  // f changes over the smallest step as much as over a larger one

  // Whether left and right differ by more than their errors.
  bool has_kink() const;
};

// The derivative of f at x, where f is f_x. Points where f is not finite are left out.
// Cost: some 20 calls of f, up to 70 where it is not smooth.
DifferenceEstimates finite_differences(const std::function<double(double)>& f, double x,
                                       double f_x);

}  // namespace autograd::detail
