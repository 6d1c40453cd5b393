// Minimisers: to where a function of several numbers is least, step by step.
//
//   const auto rosenbrock = [](auto x) {
//     return 100.0 * square(x[1] - x[0] * x[0]) + square(1.0 - x[0]);
//   };
//   const Minimum found = minimize(rosenbrock, {-1.2, 1.0});   // BFGS
//   found.x();                                                 // 1, 1
//
// For functions of up to some hundreds of numbers, of which the way to the minimum is of interest;
// networks are trained by nn::fit.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/hessian.hpp>
#include <autograd/matrix.hpp>

namespace autograd {

enum class Minimiser {
  kGradientDescent,  // x - rate * gradient
  kNewton,           // x - H^-1 gradient, with a multiple of 1 added to an H that leads upwards
  kBfgs,             // H^-1 estimated from the gradients on the way
};

struct MinimizeOptions {
  Minimiser method = Minimiser::kBfgs;
  // Of gradient descent: the same for all steps. Without it, and for the other methods, each step is
  // as long as it takes for the value to fall (the weak Wolfe conditions).
  std::optional<double> rate = {};
  std::size_t most_steps = 1000;
  double tolerance = 1e-8;  // it is over where no slope is larger
};

struct Minimum {
  enum class End {
    kConverged,  // no slope is larger than the tolerance
    kMostSteps,  // all steps are done
    kNoDescent,  // no step goes down: rounding, a kink, or a gradient that is wrong
    kUnbounded,  // the value falls without end
    kNotFinite,  // the value or a slope is NaN or infinite
  };
  struct Place {
    std::vector<double> x;
    double value;
    std::vector<double> gradient;
  };

  std::vector<Place> path;  // from the start on; never empty
  End end = End::kConverged;
  std::size_t calls = 0;  // of the function, each with its gradient

  const std::vector<double>& x() const { return path.back().x; }
  double value() const { return path.back().value; }
  bool converged() const { return end == End::kConverged; }
};

// "no slope is larger than the tolerance", ...
std::string_view to_string(Minimum::End end);

namespace detail {

struct FunctionToMinimize {
  std::function<ValueAndGradient(Point)> value_and_gradient;
  std::function<Matrix(Point)> hessian;
};
Minimum minimize(const FunctionToMinimize& f, Point start, const MinimizeOptions& options);

}  // namespace detail

// Goes down from `start`. f is a callable as in gradient.hpp. The minimum is one nearby: there may be
// lower ones elsewhere. The path ends where the value is the last finite one.
//
// Throws: Error if there are no inputs, the tolerance is negative, or a rate is not above 0.
// Cost:   one or two gradients for each step; of Newton's method the Hessian and (inputs)^3 / 6
//         multiplications beside; of BFGS (inputs)^2 numbers of memory.
// Source: J. Nocedal, S. J. Wright, "Numerical optimization", 2nd ed., 2006: algorithms 3.3 (Newton)
//         and 6.1 (BFGS). A. S. Lewis, M. L. Overton, "Nonsmooth optimization via quasi-Newton
//         methods", Mathematical Programming 141, 2013: algorithm 2.6 (the length of a step).
template <class F> Minimum minimize(F&& f, Point start, const MinimizeOptions& options = {}) {
  return detail::minimize(
      {[&f](Point x) { return value_and_gradient(f, x); }, [&f](Point x) { return hessian(f, x); }},
      start, options);
}

}  // namespace autograd
