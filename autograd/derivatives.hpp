// The gradient as a graph: derivatives that can be drawn, computed with, and differentiated again.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

// dy/dx for each of xs, as Values recorded from the same local rules: to any order.
//
//   Value x = 2, y = pow(x, 3);
//   Value dy = derivatives(y, {x})[0];    // 3 x^2 = 12
//   Value d2y = derivatives(dy, {x})[0];  // 6 x = 12
//
// xs may be leaves or results of operations. What y does not depend on has the derivative 0.
// Where a rule has branches (max, abs, ...) the derivative is that of the branch taken by the data.
// Cost: a few operations per operation between xs and y.
std::vector<Value> derivatives(const Value& y, std::span<const Value> xs);
inline std::vector<Value> derivatives(const Value& y, std::initializer_list<Value> xs) {
  return derivatives(y, std::span<const Value>(xs.begin(), xs.size()));
}

namespace detail {

// treat_as_independent: xs are independent of one another, whatever they were computed from.
std::vector<Value> derivatives(const Value& y, std::span<const Value> xs,
                               bool treat_as_independent);

}  // namespace detail
}  // namespace autograd
