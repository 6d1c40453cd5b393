// A Function of one row beside the graph, and what was found in it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace one_row {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;
using Callable = std::function<Value(Values parameters, Values inputs)>;

inline Numbers uniform(std::size_t count, double low, double high, std::uint64_t seed = 1) {
  numeric::Random random(seed);
  Numbers result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(random.between(low, high));
  return result;
}

inline Function::Gradient eager(const Callable& f, const Numbers& p, const Numbers& x) {
  const std::vector<Value> parameters(p.begin(), p.end()), inputs(x.begin(), x.end());
  const Value y = f(parameters, inputs);
  y.backward();
  Function::Gradient result{y.data(), {}, {}};
  for (const Value& each : parameters) result.parameters.push_back(each.grad());
  for (const Value& each : inputs) result.inputs.push_back(each.grad());
  return result;
}

inline bool is_near(double x, double y, double scale) {
  return (std::isnan(x) && std::isnan(y)) || x == y || std::abs(x - y) <= 1e-11 * scale;
}
inline void check_near(const Function::Gradient& given, const Function::Gradient& expected) {
  double scale = 1 + std::abs(expected.value);
  for (const auto* all : {&expected.parameters, &expected.inputs})
    for (const double x : *all) scale = std::isfinite(x) ? std::max(scale, std::abs(x)) : scale;
  CHECK_MESSAGE(is_near(given.value, expected.value, scale), given.value << " " << expected.value);
  REQUIRE(given.parameters.size() == expected.parameters.size());
  for (std::size_t i = 0; i < given.parameters.size(); ++i)
    CHECK_MESSAGE(
        is_near(given.parameters[i], expected.parameters[i], scale),
        "parameter " << i << ": " << given.parameters[i] << " " << expected.parameters[i]);
  REQUIRE(given.inputs.size() == expected.inputs.size());
  for (std::size_t i = 0; i < given.inputs.size(); ++i)
    CHECK_MESSAGE(is_near(given.inputs[i], expected.inputs[i], scale),
                  "input " << i << ": " << given.inputs[i] << " " << expected.inputs[i]);
}

// The first lines of stages(), which tell the loops; "" if there are none.
inline std::string loops_in(const Function& f) {
  const std::string text = f.stages();
  constexpr std::string_view kTitle = "reroll, for one row\n";
  if (!text.starts_with(kTitle)) return "";
  return text.substr(kTitle.size(), text.find("\n\n") - kTitle.size());
}

// Traces f at one point, and compares it with the graph there and at another one; one row with the
// same row twice, for which there are no loops.
inline std::string check(const Callable& f, const Numbers& p, const Numbers& x) {
  const Function traced = Function::trace(f, p, x);
  Numbers p2 = p, x2 = x;
  numeric::Random random(77);
  for (double& each : p2) each *= random.between(0.9, 1.1);
  for (double& each : x2) each *= random.between(0.9, 1.1);
  check_near(traced.gradient(p, x), eager(f, p, x));
  check_near(traced.gradient(p2, x2), eager(f, p2, x2));
  CHECK(traced.value(p2, x2) == doctest::Approx(eager(f, p2, x2).value).epsilon(1e-12));
  std::string loops = loops_in(traced);  // makes the whole trace
  Numbers twice = x2;
  twice.insert(twice.end(), x2.begin(), x2.end());
  if (!x.empty()) {
    const auto whole = traced.value_and_gradient(p2, Rows(twice, x.size()));
    const auto one = traced.gradient(p2, x2);
    CHECK(whole.value == doctest::Approx(one.value).epsilon(1e-11));
    check_near({one.value, one.parameters, {}}, {whole.value, whole.gradient, {}});
  }
  return loops;
}

}  // namespace one_row
