// The error of finite differences against their step width, as a curve.
//
// Central differences with a step h are off by the curvature of f, which grows with h^2, and by
// rounding, which grows with 1 / h: where the derivative they are held against is right, the error
// is a V. Where it is wrong the curve is flat at the bottom, as high as the derivative is wrong.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <autograd/chart.hpp>
#include <autograd/check.hpp>

namespace autograd {

struct StepCurve {
  struct Point {
    double step = 0.0, quotient = 0.0;
    double error = 0.0;  // |quotient - derivative|
  };

  std::string name;  // of the input
  double derivative = 0.0;
  std::vector<Point> points;  // from wide steps to narrow ones; only where f is finite

  // The least error, and where it is; not of a curve without points.
  Point best() const;
  // The curve in characters, logarithmic on both axes.
  std::string to_string() const;
  // The curve as a picture, logarithmic on both axes. An error of 0 is a gap.
  Chart chart() const;
};

namespace detail {

StepCurve step_curve(std::size_t input, double derivative, Point at,
                     const std::function<double(std::span<const double>)>& f);

}  // namespace detail

// Of the derivative of f by input i at x, for steps 1, 1/2, 1/4, ... 2^-52 times the size of x[i],
// or of 1 where x[i] is 0. f is a callable as in gradient.hpp.
//
//   std::cout << step_curve([](auto x) { return x[0] * sin(x[1]); }, {1.5, 0.3}, 0).to_string();
//
// Throws: Error if there is no input i.
// Cost: a gradient, and about 100 calls of f.
template <class F> StepCurve step_curve(F&& f, Point x, std::size_t i) {
  const std::vector<double> slopes = gradient(f, x);
  if (i >= x.size()) {
    throw Error("step_curve(): there is no input " + std::to_string(i) + ", only " +
                std::to_string(x.size()));
  }
  return detail::step_curve(i, slopes[i], x,
                            [&f](std::span<const double> at) { return detail::value_at(f, at); });
}

}  // namespace autograd
