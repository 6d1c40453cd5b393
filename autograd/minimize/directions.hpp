// The directions in which the methods go down.
#pragma once

#include <span>
#include <vector>

#include <autograd/matrix.hpp>
#include <autograd/minimize.hpp>

namespace autograd::detail {

double inner_product(std::span<const double> x, std::span<const double> y);

// -(H + t 1)^-1 gradient, with the least t of 0, s, 2s, 4s, ... for which H + t 1 is positive
// definite. Empty if there is none, as H is not finite.
std::vector<double> newton_direction(const Matrix& hessian, std::span<const double> gradient);

// The inverse of the Hessian, estimated.
class InverseHessian {
 public:
  explicit InverseHessian(std::size_t size);

  // -H^-1 gradient
  std::vector<double> direction(std::span<const double> gradient) const;
  // From one place to the next one. Nothing where the slope along the step does not grow.
  void update(const Minimum::Place& before, const Minimum::Place& after);

 private:
  Matrix inverse_;
  bool is_first_ = true;
};

}  // namespace autograd::detail
