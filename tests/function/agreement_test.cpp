// Random expressions, replayed over rows: the same values and derivatives as the graph that is
// recorded at each of them, to second order and with every set of instructions.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/instructions.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Function;
using autograd::Reduce;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using random_expressions::Expression;
using random_expressions::Numbers;
using random_expressions::random_expression;
using Values = std::span<const Value>;

// y as it is, or sum_i (i + 1) dy/dx_i.
Value first_order(const Expression& f, Values x) { return f(x); }
Value second_order(const Expression& f, Values x) {
  const std::vector<Value> slopes = derivatives(f(x), x);
  Value result = 0;
  for (std::size_t i = 0; i < slopes.size(); ++i)
    result = result + slopes[i] * static_cast<double>(i + 1);
  return result;
}

// What the graph recorded at one point gives.
struct Eager {
  double value;
  Numbers gradient;
  double largest = 1;  // of all numbers and gradients in the graph: the scale of its rounding
};

template <class Build> Eager eager(const Build& build, const Numbers& at) {
  const std::vector<Value> in(at.begin(), at.end());
  const Value y = build(Values(in));
  y.backward();
  Eager result{y.data(), {}};
  for (const Value& each : autograd::topological_order(y)) {
    const double most = std::abs(each.data()) + std::abs(each.grad());
    result.largest = std::isnan(most) ? HUGE_VAL : std::max(result.largest, most);
  }
  for (const Value& each : in) result.gradient.push_back(each.grad());
  return result;
}

// Points at which no number in the graph is large, from the recorded one on. The parameters are the
// same in all of them.
std::vector<std::pair<Numbers, Eager>> mild_points(const auto& build, const Expression& f,
                                                   std::size_t parameters, double most) {
  numeric::Random random(f.seed);
  std::vector<std::pair<Numbers, Eager>> result;
  for (int i = 0; i < 11; ++i) {
    Numbers x = f.at;
    for (std::size_t k = parameters; i > 0 && k < x.size(); ++k) x[k] += random.between(-0.5, 0.5);
    Eager expected = eager(build, x);
    if (expected.largest <= most && !rounding_decides(f, x))
      result.emplace_back(std::move(x), std::move(expected));
  }
  return result;
}

struct Count {
  int rows = 0, expressions = 0;
};

// Traces one expression, whose first operands are parameters, and compares it at mild points.
void compare(const Expression& f, const auto& build, std::size_t parameters, double most,
             double tolerance, Count& count) {
  const auto points = mild_points(build, f, parameters, most);
  if (points.empty()) return;
  const std::size_t inputs = f.at.size() - parameters;
  const auto p = std::span(f.at).first(parameters), x = std::span(f.at).subspan(parameters);
  const Function replay = Function::trace(
      [&](Values first, Values others) {
        std::vector<Value> in(first.begin(), first.end());
        in.insert(in.end(), others.begin(), others.end());
        return build(Values(in));
      },
      Numbers(p.begin(), p.end()), Numbers(x.begin(), x.end()));
  ++count.expressions;
  count.rows += static_cast<int>(points.size());

  Numbers rows, expected_gradient(parameters);
  double largest = 1, expected_total = 0;
  for (const auto& [at, expected] : points) {
    rows.insert(rows.end(), at.begin() + static_cast<std::ptrdiff_t>(parameters), at.end());
    for (std::size_t i = 0; i < parameters; ++i) expected_gradient[i] += expected.gradient[i];
    expected_total += expected.value;
    largest = std::max(largest, expected.largest);
  }
  for (const auto& set : instructions::usable()) {
    Numbers values(points.size()), total(1), gradient(parameters), slopes(rows.size());
    Request request{values, total, gradient, slopes, {}};
    request.reduce = Reduce::kSum;
    request.instructions = set.value;
    replay.run(Numbers(p.begin(), p.end()), Rows(rows, inputs), request);
    const auto agree = [&](const std::string& what, double given, double expected, double scale) {
      if (std::abs(given - expected) <= tolerance * scale) return true;
      FAIL_CHECK(set.name, ": ", what, " is ", numeric::text(given), ", expected ",
                 numeric::text(expected), "\n", f.text(), "\n", parameters, " parameters, rows ",
                 numeric::point(rows), "\n", replay.to_string());
      return false;
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Eager& expected = points[i].second;
      const std::string row = " of row " + std::to_string(i);
      if (!agree("the value" + row, values[i], expected.value, expected.largest)) return;
      for (std::size_t k = 0; k < inputs; ++k) {
        if (!agree("derivative " + std::to_string(k) + row, slopes[i * inputs + k],
                   expected.gradient[parameters + k], expected.largest))
          return;
      }
    }
    const double scale = largest * static_cast<double>(points.size());
    if (!agree("the total", total[0], expected_total, scale)) return;
    for (std::size_t i = 0; i < parameters; ++i) {
      if (!agree("derivative by parameter " + std::to_string(i), gradient[i], expected_gradient[i],
                 scale))
        return;
    }
  }
}

}  // namespace

TEST_CASE("function agreement: values and derivatives of random expressions") {
  Count count;
  const std::uint64_t expressions = helpers::cases(8000);
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    const auto build = [&](Values x) { return first_order(f, x); };
    compare(f, build, seed % f.at.size(), 1e4, 1e-10, count);
  }
  CAPTURE(count.expressions);
  CHECK(count.rows > 8 * count.expressions);
  CHECK(count.expressions > expressions * 8 / 10);
}

TEST_CASE("function agreement: second derivatives of random expressions") {
  Count count;
  const std::uint64_t expressions = helpers::cases(3000);
  for (std::uint64_t seed = 1; seed <= expressions; ++seed) {
    const Expression f = random_expression(seed);
    const auto build = [&](Values x) { return second_order(f, x); };
    compare(f, build, 0, 1e5, 1e-10, count);
  }
  CAPTURE(count.expressions);
  CHECK(count.rows > 6 * count.expressions);
  CHECK(count.expressions > expressions * 8 / 10);
}
