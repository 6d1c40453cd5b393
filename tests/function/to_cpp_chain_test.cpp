// Chains as C++: loops for the value and for the gradient, with little memory.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/chains.hpp>
#include <tests/support/compiled_functions.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/one_row.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Function;
using compiled_functions::Case;
using compiled_functions::check;
using compiled_functions::compiled;
using compiled_functions::Numbers;
using compiled_functions::ramp;
using compiled_functions::Value;
using compiled_functions::Values;

Function traced(const Case& c) { return Function::trace(c.f, c.p, c.x); }

bool is_chain(const Case& c) { return one_row::loops_in(traced(c)).starts_with("  chain"); }

Value recurrence(Values p, Values x) {
  Value s = x[0];
  for (int i = 0; i < 300; ++i) s = s + 0.01 * sin(s) * p[0] - p[1] * s * s;
  return s;
}

// `steps` steps of a pendulum with friction, pushed at each of them by one of the inputs.
auto pendulum(std::size_t steps) {
  return [steps](Values p, Values x) {
    Value angle = 0.1 * p[0], speed = 0.0;
    for (std::size_t i = 0; i < steps; ++i) {
      const Value force = -p[0] * sin(angle) - exp(p[1]) * speed + x[i % x.size()];
      speed = speed + 0.05 * force;
      angle = angle + 0.05 * speed;
    }
    return square(angle) + 0.5 * square(speed) * p[1];
  };
}

std::vector<Case> several_chains() {
  const auto fibonacci = [](Values p, Values x) {
    Value before = x[0], s = x[1];
    for (int i = 0; i < 40; ++i) {
      const Value next = 0.5 * s + p[0] * before;
      before = s;
      s = next;
    }
    return s * before;
  };
  const auto swapped = [](Values p, Values x) {
    Value a = x[0], b = x[1];
    for (int i = 0; i < 30; ++i) {
      const Value before = a;
      a = b * 1.0;
      b = before * p[0] + b * p[1];
    }
    return a * b;
  };
  const auto columns = [](Values p, Values x) {
    Value s = tanh(p[0]), sum = 0.0;
    const Value scale = exp(p[1]);
    for (std::size_t t = 0; t < x.size(); ++t) {
      s = tanh(scale * s + x[t] * p[2]) * (t % 3 == 0 ? 0.5 : 0.75);
      sum += square(s - x[x.size() - 1 - t]);
    }
    return sqrt(sum) + s * p[0] * scale;
  };
  const auto one_with_columns = [](Values p, Values x) {
    Value s = 1.0;
    for (std::size_t t = 0; t < 60; ++t) s = s + 0.1 * sin(s) * x[7 * t % x.size()] - p[t] * p[60];
    return s * p[60];
  };
  const auto newton = [](Values p, Values x) {
    Value y = x[0];
    for (int i = 0; i < 40; ++i) y = y - (y * y * y - p[0]) / (3.0 * y * y);
    return y;
  };
  const auto constant = [](Values p, Values) {  // begins with a number
    Value s = 1.0;
    for (int i = 0; i < 30; ++i) s = s * cos(s * p[0]) + 0.5;
    return s;
  };
  return {
      {"recurrence", recurrence, {0.7, 0.02}, {1}, {0.8, 0.01}, {0.5}},
      {"rotation", chains::rotation, {0.4, -0.3}, {0.1, 0.2, 0.3}, {0.5, -0.2}, {0.3, 0.1, -0.2}},
      {"swapped", swapped, {0.4, 0.3}, {0.1, 0.2}, {0.5, 0.6}, {1, -0.5}},
      {"fibonacci", fibonacci, {0.4}, {0.1, 0.2}, {0.5}, {1, -0.5}},
      {"columns",
       columns,
       {0.3, -0.4, 0.8},
       ramp(90, -1, 0.02),
       {0.2, 0.1, 0.5},
       ramp(90, 1, -0.03)},
      {"one_with_columns", one_with_columns, ramp(61, 0, 0.01), ramp(9, 0.5, 0.1),
       ramp(61, 0.1, -0.01), ramp(9, -0.5, 0.1)},
      {"newton", newton, {5}, {1.5}, {4}, {2}},
      {"constant", constant, {0.3}, {}, {0.6}, {}},
      {"pendulum", pendulum(120), {1.3, 0.2}, {0.4, -0.1, 0.2}, {1.2, 0.3}, {0.1, 0.2, 0.3}},
      {"segments", pendulum(3001), {1.3, 0.2}, {0.4, -0.1, 0.2}, {1.2, 0.3}, {0.1, 0.2, 0.3}}};
}

}  // namespace

TEST_CASE("to_cpp of a chain: loops") {
  const std::vector<Case> cases = several_chains();
  for (const Case& each : cases) CHECK_MESSAGE(is_chain(each), each.name);
  check(cases, 1e-13);
  // Values have the bits of the graph.
  const std::vector<Numbers> results = compiled(cases);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(cases[i].name);
    CHECK(results[i][0] == compiled_functions::eager(cases[i])[0]);
    CHECK(results[i][1] == results[i][0]);
  }
}

TEST_CASE("to_cpp of a chain: a step costs text, steps do not") {
  const auto text_of = [](std::size_t steps) {
    return traced({"f", pendulum(steps), {1.3, 0.2}, {0.5}, {}, {}}).to_cpp("f");
  };
  const std::string text = text_of(3000);
  CHECK(text.size() < 8000);
  CHECK(text_of(30'000).size() < text.size() + 100);
}

TEST_CASE("to_cpp of a chain: memory is bounded") {
  // Functions whose variables take more than 48 kB are errors.
  const std::string options = "-O1 -Wframe-larger-than=49152";
  const std::vector<Case> cases{
      {"one_segment", pendulum(600), {1.3, 0.2}, {0.4}, {1.2, 0.3}, {0.1}},
      {"segments", pendulum(20'000), {1.3, 0.2}, {0.4}, {1.2, 0.3}, {0.1}}};
  const std::vector<Numbers> results = compiled(cases, options);
  for (std::size_t i = 0; i < cases.size(); ++i)
    CHECK(results[i][0] == compiled_functions::eager(cases[i])[0]);
  CHECK(helpers::contains(traced(cases[0]).to_cpp("f"), "double kept["));
  CHECK_FALSE(helpers::contains(traced(cases[0]).to_cpp("f"), "double began["));
  CHECK(helpers::contains(traced(cases[1]).to_cpp("f"), "double began["));
}

TEST_CASE("to_cpp of a chain: zeros that meet infinite slopes, ties, and NaN") {
  std::vector<Case> cases;
  const auto add = [&](const auto& f, const Numbers& p, const Numbers& x, const Numbers& at_p,
                       const Numbers& at_x) {
    cases.push_back({"f" + std::to_string(cases.size()), f, p, x, at_p, at_x});
    CHECK(is_chain(cases.back()));
  };
  const auto roots = [](Values p, Values x) {
    Value s = x[0];
    for (int i = 0; i < 40; ++i) s = sqrt(s * p[0]) * p[1];
    return min(s, -1.0) + s * x[1];
  };
  const auto roots_of_inputs = [](Values p, Values x) {  // whose steps are run backward
    Value s = x[0];
    for (std::size_t i = 0; i < 40; ++i) s = sqrt(s * p[i]);
    return min(s, -1.0) + s * x[1];
  };
  for (const double x0 : {0.0, 1.0, -1.0, std::nan("")}) {
    for (const double x1 : {0.0, 1.0, std::numeric_limits<double>::infinity()}) {
      add(roots, {1, 1}, {0.5, 1}, {1, 1}, {x0, x1});
      add(roots_of_inputs, Numbers(40, 1.0), {0.5, 1}, Numbers(40, 1.0), {x0, x1});
    }
  }
  const auto ties = [](Values p, Values x) {
    Value s = x[0];
    for (int i = 0; i < 40; ++i) s = max(s, p[0]) + max(s, 1.0) + abs(s - 1.0) - s;
    return s;
  };
  for (const double at : {0.5, 1.0, 0.3, 2.0}) add(ties, {0.3}, {0.5}, {1}, {at});
  // What came before a step that is flat counts for nothing, even if it is infinite.
  for (const int steps : {40, 41}) {
    const auto flat = [steps](Values p, Values x) {
      Value s = x[0];
      for (int i = 0; i < steps; ++i) s = relu(p[0] - sqrt(s)) * p[1];
      return s;
    };
    for (const double at : {0.0, 0.25, 4.0}) add(flat, {1, 1}, {0.5}, {0.5, 1}, {at});
  }
  check(cases, 1e-13);
}

TEST_CASE("to_cpp of a chain: random expressions as steps") {
  std::vector<Case> cases;
  const std::uint64_t seeds = helpers::kSanitized ? 50 : 150;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto chain = chains::random_chain(seed);
    if (!chain) continue;
    const Case each{"f" + std::to_string(seed), chain->f, chain->p, chain->x, chain->p, chain->x};
    if (!is_chain(each)) continue;
    try {
      (void)traced(each).to_cpp("f");
    } catch (const autograd::Error& error) {  // a function that C++ does not have
      CHECK(helpers::contains(error.what(), "cannot be written"));
      continue;
    }
    cases.push_back(each);
  }
  CHECK(cases.size() > seeds / 8);
  check(cases, 1e-10);
}
