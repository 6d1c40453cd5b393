// Strict derivatives: right, or NaN.
//
// By default nothing flows out of an adjoint that is exactly 0, and at a kink a slope is chosen (see
// special-values.md). Both are right nearly always, and where they are not a finite number comes out
// that is not the derivative: d/dx square(sqrt(x)) at 0 is 0, not 1. Strict derivatives take nothing
// on trust:
//
// - 0 is a number like any other, and 0 times infinity is NaN.
// - A derivative that hangs on the slope chosen at a kink or a jump is NaN.
// - A comparison by bool (x < y, x == y) of equal numbers that depend on the inputs is an Error.
// - Out of the untaken side of a select() nothing flows, as ever.
//
// A strict derivative that is a number is what the default gives. find_singular() names the nodes
// that made one NaN.
//
//   gradient(f, x, strict);                // an argument of the functional calls
//   Function::trace(f, parameters, inputs, strict);
//   const StrictGuard guard;               // or a scope, for backward() and derivatives()
#pragma once

#include <span>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/hessian.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/tape/strict.hpp>

namespace autograd {

// While one is alive on a thread, backward() and derivatives() are strict there. The functional calls
// are not: they have an argument for it.
class StrictGuard {
 public:
  StrictGuard() = default;
  StrictGuard(const StrictGuard&) = delete;
  StrictGuard& operator=(const StrictGuard&) = delete;

 private:
  detail::Strict strict_;
};

struct StrictDerivatives {};
inline constexpr StrictDerivatives strict{};

namespace detail {

std::vector<Id> ids_of(std::span<const Value> values);

// A run of a function on Values, with strict derivatives by its inputs.
class StrictRun {
 public:
  explicit StrictRun(Point x) : inputs_(x), strict_(ids_of(inputs_.values())) {}

  std::span<const Value> inputs() const { return inputs_.values(); }
  const RunningCall& call() const { return inputs_.call(); }
  std::vector<double> gradient_of(const Value& y) const;
  Matrix jacobian_of(std::span<const Value> outputs) const;
  Matrix hessian_of(const Value& y) const;

 private:
  RecordedInputs inputs_;
  Strict strict_;
};

// sum_i matrix(j, i) x_i, without the terms where x_i is 0.
std::vector<double> along(const Matrix& matrix, std::span<const double> x);

}  // namespace detail

// The functional calls of gradient.hpp, jacobian.hpp and hessian.hpp.
//
// Cost: f runs on Values, and every sweep looks at the operands of each operation: some ten times
// the cost of derivatives that are not strict.
template <class F> ValueAndGradient value_and_gradient(F&& f, Point x, StrictDerivatives) {
  const detail::StrictRun run(x);
  const Value y = f(run.inputs());
  return {y.data(), run.gradient_of(y)};
}
template <class F> std::vector<double> gradient(F&& f, Point x, StrictDerivatives) {
  return value_and_gradient(f, x, strict).gradient;
}
template <class F> ValuesAndJacobian values_and_jacobian(F&& f, Point x, StrictDerivatives) {
  const detail::StrictRun run(x);
  const auto y = detail::outputs(f(run.inputs()));
  return {detail::data_of(y), run.jacobian_of(y)};
}
template <class F> Matrix jacobian(F&& f, Point x, StrictDerivatives) {
  return values_and_jacobian(f, x, strict).jacobian;
}
// Throws: Error if the direction is not as long as x.
// Cost: that of the Jacobian.
template <class F> Jvp jvp(F&& f, Point x, Point direction, StrictDerivatives) {
  detail::require_size("jvp", "the direction", "input", x.size(), direction.size());
  ValuesAndJacobian y = values_and_jacobian(f, x, strict);
  return {std::move(y.values), detail::along(y.jacobian, direction)};
}
// Throws: Error if there is not a weight for each output.
template <class F> Vjp vjp(F&& f, Point x, Point weights, StrictDerivatives) {
  const detail::StrictRun run(x);
  const auto y = detail::outputs(f(run.inputs()));
  detail::require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  return {detail::data_of(y), run.gradient_of(dot(y, weights))};
}
template <class F> Matrix hessian(F&& f, Point x, StrictDerivatives) {
  const detail::StrictRun run(x);
  return run.hessian_of(f(run.inputs()));
}
// Throws: Error if v is not as long as x.
// Cost: that of the Hessian.
template <class F>
std::vector<double> hessian_vector_product(F&& f, Point x, Point v, StrictDerivatives) {
  detail::require_size("hessian_vector_product", "the vector", "input", x.size(), v.size());
  return detail::along(hessian(f, x, strict), v);
}

}  // namespace autograd
