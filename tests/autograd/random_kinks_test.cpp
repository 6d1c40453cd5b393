// Random expressions at points where kinks, jumps, poles and zeros meet: all number types agree, and
// strict derivatives are right or NaN.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Function;
using autograd::StrictGuard;
using autograd::Value;
using autograd::Verdict;
using random_expressions::Expression;
using random_expressions::Numbers;
using random_expressions::Step;
using Values = std::span<const Value>;

// Small numbers that collide: 0, ties, whole numbers, halves, ends of domains.
Expression kinked_expression(std::uint64_t seed) {
  numeric::Random random(seed);
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(random.between(0, static_cast<double>(n)));
  };
  const auto number = [&] {
    constexpr double kNumbers[] = {0, 0, 0, 1, 1, -1, 2, 0.5, -2, 0.3, -1.7};
    return kNumbers[below(std::size(kNumbers))];
  };
  Expression result{seed, {}, {}};
  const std::size_t inputs = seed % 5 == 0 ? 6 : 1 + seed % 4;
  for (std::size_t i = 0; i < inputs; ++i) result.at.push_back(number());
  const std::vector<operations::Operation>& all = operations::all();
  std::vector<std::size_t> pieces;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::string_view name :
         {"abs",  "relu",  "leaky_relu", "elu", "sign", "step",      "max", "min",
          "sqrt", "cbrt",  "square",     "mul", "mul",  "add",       "sub", "exp",
          "log",  "hypot", "gt",         "le",  "eq",   "reciprocal"})
      if (all[i].info.name == name) pieces.push_back(i);
  }
  const std::size_t steps = 3 + below(6);
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t known = inputs + i;
    const std::size_t chosen = below(4) == 0 ? below(all.size()) : pieces[below(pieces.size())];
    Step step{chosen, Step::Form::kBoth, below(known), below(known), number()};
    const std::string_view name = all[chosen].info.name;
    const bool has_parameter = name == "leaky_relu" || name == "elu";
    if (all[chosen].arity() == 2 && (has_parameter || below(3) == 0)) {
      const bool right = has_parameter || below(2) == 0;
      step.form = right ? Step::Form::kWithRight : Step::Form::kWithLeft;
    }
    result.steps.push_back(step);
  }
  return result;
}

Numbers of(const std::vector<Value>& values) {
  Numbers result;
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

Numbers by_backward(const Expression& f) {
  const std::vector<Value> in(f.at.begin(), f.at.end());
  f(Values(in)).backward();
  Numbers result;
  for (const Value& each : in) result.push_back(each.grad());
  return result;
}
Numbers by_graph(const Expression& f) {
  const std::vector<Value> in(f.at.begin(), f.at.end());
  return of(autograd::derivatives(f(Values(in)), in));
}
Numbers by_call(const Expression& f) {
  return autograd::gradient([&](auto x) { return f(x); }, f.at);
}
Numbers by_function(const Expression& f) {
  const Function traced =
      Function::trace([&](Values x) { return f(x); }, Numbers(f.at.size(), 0.7));
  return traced.gradient({}, f.at).inputs;
}

double scale_of(const Numbers& x) {
  double result = 1;
  for (const double each : x)
    if (std::isfinite(each)) result = std::max(result, std::abs(each));
  return result;
}
bool is_same(double x, double y, double scale) {
  return x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= 1e-11 * scale;
}
bool are_same(const Numbers& x, const Numbers& y) {
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!is_same(x[i], y[i], scale_of(x))) return false;
  return true;
}
// Whether x is y, or NaN.
bool are_same_or_nan(const Numbers& x, const Numbers& y) {
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!std::isnan(x[i]) && !is_same(x[i], y[i], scale_of(y))) return false;
  return true;
}

// Whether differences say that a number is not the derivative. What cancels to less than the digits
// of what it was computed from seems to jump.
bool is_refuted(const autograd::CheckedDerivative& each) {
  const bool cancels = std::abs(each.numerical) + each.error < 1e-9;
  const bool is_nothing = cancels && std::abs(each.analytic) < 1e-9;
  return ((each.verdict == Verdict::kKink || each.verdict == Verdict::kJump) && !cancels) ||
         ((each.verdict == Verdict::kWrongFactor || each.verdict == Verdict::kDisagrees) &&
          !is_nothing);
}

// nextafter() leaves a kink by less than differences can tell.
bool can_be_measured(const Expression& f) {
  return f.text().find("nextafter(") == std::string::npos;
}

}  // namespace

TEST_CASE("random kinks: Values, graphs, generic callables and Functions agree") {
  for (std::uint64_t seed = 1; seed <= helpers::cases(4000); ++seed) {
    const Expression f = kinked_expression(seed);
    const Numbers swept = by_backward(f);
    if (!are_same(swept, by_graph(f)) || !are_same(swept, by_call(f)) ||
        !are_same(swept, by_function(f)))
      FAIL_CHECK(f.text(), "\nbackward ", numeric::point(swept), "\ngraph ",
                 numeric::point(by_graph(f)), "\ncall ", numeric::point(by_call(f)), "\nFunction ",
                 numeric::point(by_function(f)));
  }
}

TEST_CASE("random kinks: strict derivatives are those that are not, or NaN, in every way to ask") {
  std::uint64_t withheld = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= helpers::cases(4000); ++seed) {
    const Expression f = kinked_expression(seed);
    const Numbers swept = by_backward(f);
    const Numbers asked =
        autograd::gradient([&](Values x) { return f(x); }, f.at, autograd::strict);
    Numbers in_scope, graph;
    {
      const StrictGuard guard;
      in_scope = by_backward(f);
      graph = by_graph(f);
    }
    if (!are_same_or_nan(asked, swept) || !are_same(asked, in_scope) || !are_same(asked, graph))
      FAIL_CHECK(f.text(), "\nnot strict ", numeric::point(swept), "\nasked ",
                 numeric::point(asked), "\nscope ", numeric::point(in_scope), "\ngraph ",
                 numeric::point(graph));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      ++all;
      if (std::isnan(asked[i]) && !std::isnan(swept[i])) ++withheld;
    }
  }
  CAPTURE(all);
  CHECK(withheld > all / 20);
  CHECK(withheld < all / 2);
}

TEST_CASE("random kinks: a strict Function has a row diverge, or gives the number or NaN") {
  std::uint64_t diverged = 0, kept = 0;
  for (std::uint64_t seed = 1; seed <= helpers::cases(2000); ++seed) {
    const Expression f = kinked_expression(seed);
    const Numbers swept = by_backward(f);
    const Numbers asked =
        autograd::gradient([&](Values x) { return f(x); }, f.at, autograd::strict);
    Numbers row;
    try {
      row = Function::trace([&](Values x) { return f(x); }, Numbers(f.at.size(), 0.7),
                            autograd::strict)
                .gradient({}, f.at)
                .inputs;
    } catch (const autograd::Error&) {
      ++diverged;
      continue;
    }
    ++kept;
    if (!are_same(asked, row))
      FAIL_CHECK(f.text(), "\nnot strict ", numeric::point(swept), "\nasked ",
                 numeric::point(asked), "\nFunction ", numeric::point(row));
  }
  CHECK(diverged > helpers::cases(2000) / 20);
  CHECK(kept > helpers::cases(2000) / 20);
}

TEST_CASE("random kinks: what a strict gradient gives is what differences give") {
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= helpers::cases(3000); ++seed) {
    const Expression f = kinked_expression(seed);
    if (!can_be_measured(f)) continue;
    const auto on_values = [&](Values x) { return f(x); };
    const Numbers asked = autograd::gradient(on_values, f.at, autograd::strict);
    const auto report = autograd::check_gradient(on_values, f.at);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (!std::isfinite(asked[i])) continue;
      ++compared;
      if (is_refuted(report.inputs[i]))
        FAIL_CHECK(f.text(), "\n", numeric::point(asked), "\n", report.to_string());
    }
  }
  CHECK(compared > helpers::cases(3000) / 3);
}

TEST_CASE("random kinks: what a strict Hessian gives is what differences of gradients give") {
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 1; seed <= helpers::cases(500); ++seed) {
    const Expression f = kinked_expression(seed);
    if (!can_be_measured(f)) continue;
    const auto on_values = [&](Values x) { return f(x); };
    const auto h = autograd::hessian(on_values, f.at, autograd::strict);
    const auto report = autograd::check_hessian(on_values, f.at);
    for (std::size_t i = 0; i < h.data.size(); ++i) {
      if (!std::isfinite(h.data[i])) continue;
      ++compared;
      if (is_refuted(report.inputs[i])) FAIL_CHECK(f.text(), "\n", report.to_string());
    }
  }
  CHECK(compared > 300);
}
