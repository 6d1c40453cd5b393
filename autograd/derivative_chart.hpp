// A function of one number and its derivative, drawn.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include <autograd/chart.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct DerivativeChartOptions {
  std::string name = "f", x_name = "x";
  bool derivative = true;    // otherwise the function alone
  std::size_t points = 400;  // at least 2
};

// f(x) and df/dx for x from low to high. Where f jumps or has no number there is a gap, and where it
// goes to infinity the chart ends a little above the other values.
//
//   derivative_chart([](const Value& x) { return x * sin(x); }, -6, 6).save("curve.svg");
//
// Throws: Error unless low is below high, both finite, and for fewer than two points.
// Cost:   a gradient for each point, and some 40 more where the curve is steep.
Chart derivative_chart(const std::function<Value(const Value& x)>& f, double low, double high,
                       const DerivativeChartOptions& options = {});

}  // namespace autograd
