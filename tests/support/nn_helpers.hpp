// What tests of networks share: numbers of Values, gradients held against differences.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

namespace networks {

using autograd::Value;
using Numbers = std::vector<double>;
using Matrix = std::vector<Numbers>;

inline Numbers numbers(std::span<const Value> values) {
  Numbers result;
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

// The gradients of all parameters of loss() agree with differences: those that check_gradient()
// takes, and plain central ones, to `tolerance`.
template <class Loss> void check_gradients(nn::Mlp& net, const Loss& loss, double tolerance) {
  const autograd::GradientReport report = autograd::check_gradient(loss, net.parameters());
  CHECK_MESSAGE(report.ok(), report.to_string());

  const Value error = loss();
  nn::zero_grad(net.parameters());
  error.backward();
  const Numbers start = net.parameter_values();
  const auto at = [&](const Numbers& values) {
    net.set_parameter_values(values);
    return loss().data();
  };
  for (std::size_t i = 0; i < start.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(net.parameters()[i].grad() - helpers::slope(at, start, i)) < tolerance);
  }
  net.set_parameter_values(start);
}

}  // namespace networks
