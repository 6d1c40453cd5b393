// Evaluators: a Function for one row after the other, with the bits of the graph.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/failing_allocations.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Evaluator;
using autograd::Function;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

bool is_same(double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }

Value rosenbrock(Values x) {
  Value sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i]);
  return sum;
}

}  // namespace

TEST_CASE("evaluator: value and gradient of a small function, at one point after the other") {
  Evaluator f(Function::trace([](Values p, Values x) { return 1 / (p[0] * x[0] + p[1]); },
                              {-2.0, 4.0}, {3.0}));
  Numbers dp(2), dx(1);
  CHECK(f.value({-2.0, 4.0}, {3.0}) == -0.5);
  CHECK(f.gradient({-2.0, 4.0}, {3.0}, dp, dx) == -0.5);
  CHECK(dp == Numbers{-0.75, -0.25});
  CHECK(dx == Numbers{0.5});
  CHECK(f.gradient({1.0, 1.0}, {3.0}, dp, {}) == 0.25);
  CHECK(dp == Numbers{-3.0 / 16, -1.0 / 16});
  CHECK(dx == Numbers{0.5});  // was not asked for
  CHECK(f.function().parameters() == 2);
}

TEST_CASE("evaluator: random expressions have the bits of the graph, and its gradient") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto expression = random_expressions::random_expression(seed);
    CAPTURE(expression.text());
    const auto callable = [&](Values x) { return expression(x); };
    Evaluator f(Function::trace(callable, expression.at));
    const std::vector<Value> x(expression.at.begin(), expression.at.end());
    const Value y = expression(Values(x));
    y.backward();
    Numbers dx(x.size());
    CHECK(is_same(f.value({}, expression.at), y.data()));
    CHECK(is_same(f.gradient({}, expression.at, {}, dx), y.data()));
    double scale = 1;
    for (const Value& each : x)
      if (std::isfinite(each.grad())) scale = std::max(scale, std::abs(each.grad()));
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(i);
      CHECK_MESSAGE((is_same(dx[i], x[i].grad()) || std::abs(dx[i] - x[i].grad()) <= 1e-11 * scale),
                    dx[i] << " is to be " << x[i].grad());
    }
  }
}

TEST_CASE("evaluator: several outputs, of which the first is differentiated") {
  const auto callable = [](Values p, Values x) {
    return std::vector<Value>{p[0] * x[0] * x[1], x[0] / x[1], x[1] < 3.0 ? x[1] : x[0]};
  };
  Evaluator f(Function::trace(callable, {2.0}, {3.0, 0.5}));
  Numbers outputs(3), dp(1), dx(2);
  f.values({2.0}, {3.0, 0.5}, outputs);
  CHECK(outputs == Numbers{3, 6, 0.5});
  CHECK(f.value({2.0}, {3.0, 0.5}) == 3);
  CHECK(f.gradient({2.0}, {3.0, 0.5}, dp, dx) == 3);
  CHECK(dp == Numbers{1.5});
  CHECK(dx == Numbers{1, 6});
  CHECK_THROWS_AS(f.values({2.0}, {3.0, 4.0}, outputs), autograd::Error);
}

TEST_CASE("evaluator: operations of many operands") {
  Numbers at(100);
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = std::sin(static_cast<double>(i));
  const auto callable = [](Values x) {
    return logsumexp(x) + norm(x.first(70)) + softmax(x.first(3))[1] + mean(x) + dot(x, x) * sum(x);
  };
  Evaluator f(Function::trace(callable, at));
  const std::vector<Value> x(at.begin(), at.end());
  const Value y = callable(x);
  y.backward();
  Numbers dx(at.size());
  CHECK(f.gradient({}, at, {}, dx) == doctest::Approx(y.data()).epsilon(1e-14));
  CHECK(failing_allocations::check_every_allocation([&] { (void)f.gradient({}, at, {}, dx); }) ==
        0);
  for (std::size_t i = 0; i < at.size(); ++i)
    CHECK(dx[i] == doctest::Approx(x[i].grad()).epsilon(1e-12));
}

TEST_CASE("evaluator: a loop that was found again has the numbers of the Function") {
  Numbers at(200);
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = 0.01 * static_cast<double>(i);
  const Function f = Function::trace([](Values x) { return log(1 + rosenbrock(x)) * x[3]; }, at);
  Evaluator evaluator(f);
  Numbers dx(at.size());
  const Function::Gradient expected = f.gradient({}, at);
  CHECK(evaluator.value({}, at) == expected.value);
  CHECK(evaluator.gradient({}, at, {}, dx) == expected.value);
  CHECK(dx == expected.inputs);
}

TEST_CASE("evaluator: copies are independent, and nothing is allocated in a call") {
  Evaluator f(
      Function::trace([](Values x) { return exp(x[0]) * sin(x[1]) + norm(x); }, {1.0, 2.0}));
  Evaluator copy = f;
  Numbers dx(2), other(2);
  (void)f.gradient({}, {1.0, 2.0}, {}, dx);
  (void)copy.gradient({}, {3.0, 4.0}, {}, other);
  CHECK(dx[0] != other[0]);
  Evaluator moved = std::move(copy);
  copy = f;
  CHECK(copy.value({}, {1.0, 2.0}) == f.value({}, {1.0, 2.0}));
  const Numbers at{0.5, 0.25};
  CHECK(failing_allocations::check_every_allocation(
            [&] { (void)moved.gradient({}, at, {}, dx); }) == 0);
}

TEST_CASE(
    "evaluator: another branch, wrong counts and functions that it does not take are errors") {
  Evaluator f(Function::trace(
      [](Values p, Values x) { return x[0] < p[0] ? x[0] * 2 : p[0] + x[0]; }, {1.0}, {0.5}));
  CHECK(f.value({1.0}, {0.75}) == 1.5);
  const auto error = [](const auto& call) { return helpers::error_of(call); };
  CHECK(helpers::contains(error([&] { (void)f.value({1.0}, {2.0}); }), "another branch"));
  CHECK(
      helpers::contains(error([&] { (void)f.gradient({1.0}, {2.0}, {}, {}); }), "another branch"));
  CHECK(f.value({3.0}, {2.0}) == 4);
  CHECK(helpers::contains(error([&] {
                            (void)f.value({1.0, 2.0}, {2.0});
                          }),
                          "parameters are 1, but 2 were given"));
  CHECK(helpers::contains(error([&] { (void)f.value({1.0}, {}); }), "inputs are 1, but 0"));
  Numbers wrong(3);
  CHECK(helpers::contains(error([&] { (void)f.gradient({1.0}, {0.5}, wrong, {}); }),
                          "derivatives by parameters are 1, but 3"));
  CHECK(helpers::contains(error([&] { (void)f.gradient({1.0}, {0.5}, {}, wrong); }),
                          "derivatives by inputs are 1, but 3"));
  CHECK(helpers::contains(error([&] { f.values({1.0}, {0.5}, wrong); }), "outputs are 1, but 3"));
  const auto mean = [](Values x) { return autograd::mean_over_rows(x); };
  CHECK(helpers::contains(error([&] { (void)Evaluator(Function::trace(mean, {1.0})); }),
                          "of many rows"));
}
