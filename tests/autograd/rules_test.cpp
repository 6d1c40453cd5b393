// Properties of every rule in ops.hpp. A new operation is tested because it is in the list.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/complex_step.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>

namespace {

using autograd::Value;
using numeric::text;
using numeric::Wide;
using operations::Operation;
namespace ops = autograd::ops;

// A point, or as many numbers of another type: the second is not used if there is one operand.
using Point = std::array<double, 2>;

// A rule as functions of plain numbers, also of more digits, and into the complex plane.
struct Rule : Operation {
  std::string name;
  long double (*wide_value)(std::array<Wide, 2>);
  bool (*has_complex_step)(Point);  // null where the function is not analytic
  double (*complex_step)(Point, std::size_t operand);
  bool is_comparison, is_rounding;
  bool has_parameter;  // the second operand, which part of the function does not use

  double value_at(Point at) const { return value(at[0], at[1]); }
  double derivative(Point at, std::size_t operand) const {
    return derivatives(at[0], at[1])[operand];
  }

  // "pow(0.5, 2)"
  std::string call(Point at) const {
    return name + "(" + text(at[0]) + (arity() == 2 ? ", " + text(at[1]) : "") + ")";
  }
  bool contains(Point at) const {
    for (std::size_t i = 0; i < arity(); ++i)
      if (!(at[i] >= domain[i].low && at[i] <= domain[i].high)) return false;
    return true;
  }
};

// With more digits: of a rule for plain numbers only, as one of long double.
template <class Op> long double wide_value(std::array<Wide, 2> x) {
  if constexpr (requires { Op::value(x[0]); }) {
    return Wide(Op::value(x[0])).v;
  } else if constexpr (requires { Op::value(x[0], x[1]); }) {
    return Wide(Op::value(x[0], x[1])).v;
  } else if constexpr (Op::domain.size() == 1) {
    return Op::value(x[0].v);
  } else {
    return Op::value(x[0].v, x[1].v);
  }
}

std::vector<Rule> all_rules() {
  std::vector<Rule> result;
  for (const Operation& each : operations::all()) {
    Rule rule{each, each.name(), {}, {}, {}, {}, {}, {}};
    const auto is_one_of = [&](auto... names) { return ((each.info.name == names) || ...); };
    rule.is_comparison = is_one_of("lt", "le", "gt", "ge", "eq", "ne");
    rule.is_rounding = is_one_of("floor", "ceil", "round", "trunc", "rint");
    rule.has_parameter = is_one_of("leaky_relu", "elu");
    result.push_back(rule);
  }
  std::size_t next = 0;
  ops::Elementary::for_each([&]<class Op> {
    Rule& rule = result[next++];
    rule.wide_value = wide_value<Op>;
    if constexpr (complex_step::is_known<Op>) {
      rule.has_complex_step = complex_step::can_be_taken<Op>;
      rule.complex_step = complex_step::derivative<Op>;
    }
  });
  return result;
}

const std::vector<Rule> kRules = all_rules();

// The gamma function and its relatives have poles at 0 and the negative integers.
bool has_poles(const Rule& rule) {
  return rule.name == "lgamma" || rule.name == "tgamma" || rule.name == "digamma";
}

// Points within the domain where there is nothing to look at.
bool is_undefined(const Rule& rule, Point at) {
  const auto is_pole = [](double x) { return x <= 0 && std::floor(x) == x; };
  if (has_poles(rule)) return is_pole(at[0]);
  if (rule.name == "polygamma") return is_pole(at[1]) || at[0] < 0 || std::floor(at[0]) != at[0];
  return rule.name == "logdiffexp" && at[0] < at[1];
}

// The order of a derivative, which is not a number to differentiate by.
bool is_order(const Rule& rule, std::size_t operand) {
  return rule.name == "polygamma" && operand == 0;
}

// Where a rule is looked at: around 0 and the kinks, in the tails, at and next to the edges of its
// domain, and at random; pairs of fewer numbers if it has two operands.
std::vector<Point> points(const Rule& rule) {
  std::vector<double> numbers = {0.0};
  const auto add = [&](double x) { numbers.insert(numbers.end(), {x, -x}); };
  numeric::Random random(1);
  std::vector<Point> result;
  if (rule.arity() == 1) {
    for (const double x :
         {1e-310, 1e-200, 1e-20, 1e-8,  1e-3,  0.1,    0.25, 0.5,  0.7,  1.0,   1.3,
          1.5,    2.0,    2.5,   3.0,   5.0,   8.0,    12.0, 20.0, 26.0, 30.0,  36.0,
          50.0,   100.0,  700.0, 709.0, 740.0, 1000.0, 1e4,  1e8,  1e20, 1e150, 1e300})
      add(x);
    for (const double edge : {rule.domain[0].low, rule.domain[0].high})
      if (std::isfinite(edge))
        for (const double away : {0.0, 1e-15, 1e-10, 1e-5, 0.1, 0.5})
          numbers.insert(numbers.end(), {edge - away, edge + away});
    for (int i = 0; i < 20; ++i) {
      add(std::exp(random.between(-20, 7)));
      numbers.push_back(random.between(-3, 3));
    }
    for (const double x : numbers) result.push_back({x, 0});
  } else {
    for (const double x : {1e-200, 1e-8, 0.5, 1.0, 2.0, 3.0, 30.0, 700.0, 1e150}) add(x);
    for (const double x : numbers)
      for (const double y : numbers) result.push_back({x, y});
    for (int i = 0; i < 100; ++i) result.push_back({random.between(-3, 3), random.between(-3, 3)});
  }
  std::erase_if(result, [&](Point at) { return !rule.contains(at) || is_undefined(rule, at); });
  return result;
}

// cmath_test.cpp looks at these between their jumps.
bool has_many_jumps(const Rule& rule) {
  return rule.name == "fmod" || rule.name == "remainder" || rule.name == "logb";
}

// Where numbers say nothing of a derivative: the jump of the angle at the origin, where x^y changes
// by 1 between 0 and the next number, and where all steps lead to zeros of a wave.
bool cannot_be_told(const Rule& rule, Point at) {
  if (has_many_jumps(rule)) return true;
  if (rule.name == "sinc") return std::fabs(at[0]) >= 8 && std::floor(at[0]) == at[0];
  if (rule.name == "atan2") return at == Point{};
  return rule.name == "pow" && std::fabs(at[0]) < 1e-100 && std::fabs(at[1]) < 1e-100;
}

bool same(double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }

}  // namespace

TEST_CASE("rules: every derivative lies between the slopes on the left and on the right") {
  for (const Rule& rule : kRules) {
    int asked = 0, judged = 0;
    for (const Point at : points(rule)) {
      if (cannot_be_told(rule, at)) continue;
      for (std::size_t i = 0; i < rule.arity(); ++i) {
        if (is_order(rule, i)) continue;
        const auto along = [&](long double x) {
          std::array<Wide, 2> in{at[0], at[1]};
          in[i] = x;
          return rule.wide_value(in);
        };
        auto [low, high] = rule.domain[i];
        if (rule.is_rounding) low = at[i] - 0.4, high = at[i] + 0.4;  // steps within a flat part
        const numeric::Judgement judgement =
            numeric::judge(along, at[i], low, high, rule.derivative(at, i));
        ++asked;
        judged += judgement.is_judged;
        if (!judgement.agrees)
          FAIL_CHECK(rule.call(at), ", operand ", i + 1, ": ", judgement.reason);
      }
    }
    // Elsewhere the slope is infinite or numbers cannot tell it.
    CHECK_MESSAGE(judged >= 0.6 * asked, rule.name, ": ", judged, " of ", asked);
  }
}

TEST_CASE("rules: every analytic derivative agrees with a step into the complex plane") {
  int rules = 0;
  for (const Rule& rule : kRules) {
    if (rule.complex_step == nullptr) continue;
    ++rules;
    int compared = 0;
    for (const Point at : points(rule)) {
      if (!rule.has_complex_step(at)) continue;
      for (std::size_t i = 0; i < rule.arity(); ++i) {
        const double slope = rule.derivative(at, i), expected = rule.complex_step(at, i);
        const double size = std::fmin(1.0, std::fabs(rule.value_at(at)));
        ++compared;
        const bool agrees =
            std::fabs(slope - expected) <= 1e-12 * std::fabs(expected) + 1e-15 * size;
        if (!agrees)
          FAIL_CHECK(rule.call(at), ", operand ", i + 1, ": derivative ", text(slope),
                     ", expected ", text(expected));
      }
    }
    CHECK_MESSAGE(compared > 20, rule.name);
  }
  CHECK(rules >= 30);
}

TEST_CASE("rules: NaN in, NaN out") {
  // Into the value; into the derivative unless it is the same everywhere. Comparisons give numbers.
  for (const Rule& rule : kRules) {
    const bool leaves_nan_out = rule.name == "fmax" || rule.name == "fmin";
    if (rule.is_comparison || leaves_nan_out) continue;
    for (std::size_t i = 0; i < (rule.has_parameter ? 1 : rule.arity()); ++i)
      for (const double other : {-2.0, 0.0, 1.0, 2.0, ops::kInfinity}) {
        const auto with = [&](double x) {
          Point at{other, other};
          at[i] = x;
          return at;
        };
        const Point at = with(ops::kNaN);
        CHECK_MESSAGE(std::isnan(rule.value_at(at)), rule.call(at));
        const double slope = rule.derivative(at, i);
        if (std::isnan(slope)) continue;
        for (const double x : {0.25, 0.5, 1.0, 3.0})
          CHECK_MESSAGE(rule.derivative(with(x), i) == slope, rule.call(at), ", operand ", i + 1);
      }
  }
}

TEST_CASE("rules: outside the domain, value and derivative are NaN") {
  int outside = 0;
  for (const Rule& rule : kRules) {
    if (rule.arity() != 1) continue;
    for (const double away : {1e-12, 0.5, 10.0, 1e300, ops::kInfinity})
      for (const double x : {rule.domain[0].low - away, rule.domain[0].high + away}) {
        const Point at{x, 0};
        if (rule.contains(at)) continue;
        ++outside;
        CHECK_MESSAGE(std::isnan(rule.value_at(at)), rule.call(at));
        CHECK_MESSAGE(std::isnan(rule.derivative(at, 0)), rule.call(at));
      }
  }
  CHECK(outside >= 50);
}

TEST_CASE("rules: at infinity, value and derivative are where they were going") {
  // A limit of the numbers seen on the way: 0, infinity or a constant; none of a wave.
  const auto check = [](const std::string& what, double at, double before, double near) {
    if (std::isnan(at)) {
      CHECK_MESSAGE(std::fabs(near) < 1e3, what);  // a wave
      CHECK_MESSAGE(before != near, what);
    } else if (std::fabs(near) < 1e-90) {
      CHECK_MESSAGE(at == 0, what);
    } else if (before == near) {
      CHECK_MESSAGE(at == near, what);
    } else {
      CHECK_MESSAGE(std::isinf(at), what);
      CHECK_MESSAGE(std::signbit(at) == std::signbit(near), what);
    }
  };
  for (const Rule& rule : kRules) {
    if (rule.arity() != 1) continue;
    for (const double sign : {-1.0, 1.0}) {
      const Point at{sign * ops::kInfinity, 0}, before{sign * 1e290, 0}, near{sign * 1e300, 0};
      if (!rule.contains(at) || (sign < 0 && has_poles(rule))) continue;
      check(rule.call(at), rule.value_at(at), rule.value_at(before), rule.value_at(near));
      check("derivative of " + rule.call(at), rule.derivative(at, 0), rule.derivative(before, 0),
            rule.derivative(near, 0));
    }
  }
}

TEST_CASE("rules: comparisons answer as those of C++ do") {
  int comparisons = 0;
  const auto check = [&](std::string_view name, bool (*compare)(double, double)) {
    for (const Rule& rule : kRules) {
      if (rule.name != name) continue;
      ++comparisons;
      for (const double x : {-1.0, -0.0, 0.0, 2.0, ops::kInfinity, ops::kNaN})
        for (const double y : {-1.0, -0.0, 0.0, 2.0, ops::kInfinity, ops::kNaN})
          CHECK_MESSAGE(rule.value_at({x, y}) == (compare(x, y) ? 1 : 0), rule.call({x, y}));
    }
  };
  check("lt", [](double x, double y) { return x < y; });
  check("le", [](double x, double y) { return x <= y; });
  check("gt", [](double x, double y) { return x > y; });
  check("ge", [](double x, double y) { return x >= y; });
  check("eq", [](double x, double y) { return x == y; });
  check("ne", [](double x, double y) { return x != y; });
  CHECK(comparisons == 6);
}

TEST_CASE("rules: a recorded operation has the value and the derivatives of its rule") {
  const auto check = [](const Rule& rule, const Value& y, const Value& operand, Point at,
                        std::size_t i, double slope) {
    operand.zero_grad();
    y.backward();
    const double value = rule.value_at(at);
    if (!same(y.data(), value) || !same(operand.grad(), slope) || y.op() != rule.name ||
        y.inputs().size() != rule.arity())
      FAIL_CHECK(rule.call(at), ", operand ", i + 1, ": recorded as ", y.op(), " = ",
                 text(y.data()), ", derivative ", text(operand.grad()), ", expected ", text(value),
                 " and ", text(slope));
  };
  for (const Rule& rule : kRules) {
    const auto& [both, with_right, with_left] = rule.on_values;
    for (const Point at : points(rule)) {
      const Value x = at[0], y = at[1], r = both(x, y);
      for (std::size_t i = 0; i < rule.arity(); ++i)
        check(rule, r, i == 0 ? x : y, at, i, rule.derivative(at, i));
      if (rule.arity() == 1) continue;
      // At a tie with a plain number some derivatives are others.
      const auto [dx, dy] = rule.derivatives_beside_number(at[0], at[1]);
      check(rule, with_right(x, at[1]), x, at, 0, dx);
      check(rule, with_left(at[0], y), y, at, 1, dy);
    }
  }
}
