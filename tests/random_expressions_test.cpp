// Random expressions over all elementary operations: every way to differentiate them agrees with
// every other, and with differences.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <autograd/autograd.hpp>
#include <autograd/detail/slopes.hpp>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tests/numeric.hpp>
#include <vector>

namespace {

using autograd::Dual;
using autograd::Folded;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;
namespace ops = autograd::ops;

// ---- operations at run time ----

// An operation for number type T: on two of them, or on one and a plain number.
template <class T> struct Operation {
  T (*both)(const T& x, const T& y);
  T (*with_right)(const T& x, double y);
  T (*with_left)(double x, const T& y);
};

template <class T> const std::vector<Operation<T>>& operations() {
  static const auto result = [] {
    std::vector<Operation<T>> all;
    ops::Elementary::for_each([&]<class Op> {
      if constexpr (Op::domain.size() == 1) {
        all.push_back({[](const T& x, const T&) -> T { return autograd::apply<Op>(x); },
                       [](const T& x, double) -> T { return autograd::apply<Op>(x); },
                       [](double, const T& y) -> T { return autograd::apply<Op>(y); }});
      } else {
        all.push_back({[](const T& x, const T& y) -> T { return autograd::apply<Op>(x, y); },
                       [](const T& x, double y) -> T { return autograd::apply<Op>(x, y); },
                       [](double x, const T& y) -> T { return autograd::apply<Op>(x, y); }});
      }
    });
    return all;
  }();
  return result;
}

// What the generator has to know of one.
struct Rule {
  std::string_view name;
  std::size_t arity;
  double (*value)(double x, double y);
  std::array<double, 2> (*derivatives)(double x, double y);
};

const std::vector<Rule>& rules() {
  static const auto result = [] {
    std::vector<Rule> all;
    ops::Elementary::for_each([&]<class Op> {
      if constexpr (Op::domain.size() == 1) {
        all.push_back({Op::info.name, 1, [](double x, double) { return Op::value(x); },
                       [](double x, double) {
                         return std::array<double, 2>{Op::dx(x, Op::value(x)), 0.0};
                       }});
      } else {
        all.push_back({Op::info.name, 2, [](double x, double y) { return Op::value(x, y); },
                       [](double x, double y) {
                         const double r = Op::value(x, y);
                         return std::array<double, 2>{Op::dx(x, y, r), Op::dy(x, y, r)};
                       }});
      }
    });
    return all;
  }();
  return result;
}

// Whether the operation has a kink, a jump or a cut within a small distance of the operands.
bool is_near_kink(std::string_view name, double x, double y) {
  const auto near = [](double distance) { return std::abs(distance) < 0.02; };
  const auto is = [&](auto... names) { return ((name == names) || ...); };
  if (is("abs", "relu", "leaky_relu", "elu", "sign", "step", "cbrt")) return near(x);
  if (is("floor", "ceil")) return near(x - std::round(x));
  if (is("round")) return near(x - 0.5 - std::round(x - 0.5));
  if (is("max", "min", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"))
    return near(x - y);
  if (is("atan2")) return near(x) && y < 0.02;
  if (is("hypot")) return near(x) && near(y);
  if (is("pow")) return near(x);
  return false;
}

// ---- expressions ----

struct Step {
  enum class Form { kBoth, kWithRight, kWithLeft };
  std::size_t rule;
  Form form;
  std::size_t x, y;  // which earlier results; the inputs are the first
  double number;     // in place of one of them
};

struct Expression {
  std::uint64_t seed;
  Numbers at;
  std::vector<Step> steps;
  bool is_smooth = true;

  template <class T> T operator()(std::span<const T> in) const {
    std::vector<T> r(in.begin(), in.end());
    for (const Step& step : steps) {
      const Operation<T>& operation = operations<T>()[step.rule];
      switch (step.form) {
        case Step::Form::kBoth:
          r.push_back(operation.both(r[step.x], r[step.y]));
          break;
        case Step::Form::kWithRight:
          r.push_back(operation.with_right(r[step.x], step.number));
          break;
        case Step::Form::kWithLeft:
          r.push_back(operation.with_left(step.number, r[step.y]));
          break;
      }
    }
    return r[r.size() - 1] + r[r.size() - 2] * r[r.size() - 3];
  }

  // "seed 7 at (0.5, 1): r2 = sin(r0); ..."
  std::string text() const {
    std::string result = "seed " + std::to_string(seed) + " at " + numeric::point(at) + ":";
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const Rule& rule = rules()[step.rule];
      const std::string x = step.form == Step::Form::kWithLeft
                                ? numeric::text(step.number)
                                : std::string("r") + std::to_string(step.x);
      const std::string y = step.form == Step::Form::kWithRight
                                ? numeric::text(step.number)
                                : std::string("r") + std::to_string(step.y);
      result += " r" + std::to_string(at.size() + i) + " = " + std::string(rule.name) + "(" + x +
                (rule.arity == 2 ? ", " + y : "") + ");";
    }
    return result;
  }
};

Expression random_expression(std::uint64_t seed) {
  numeric::Random random(seed);
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(random.between(0, static_cast<double>(n)));
  };
  Expression result{seed, {}, {}};
  const std::size_t inputs = seed % 3 == 0 ? 6 : 2 + seed % 2;
  for (std::size_t i = 0; i < inputs; ++i) result.at.push_back(random.between(-2, 2));
  Numbers values = result.at;
  const std::size_t steps = 3 + below(12);
  while (result.steps.size() < steps) {
    // Recent results are taken more often; the same one may be taken twice.
    const auto pick = [&] {
      const std::size_t recent = std::min<std::size_t>(values.size(), 4);
      return below(3) == 0 ? below(values.size()) : values.size() - 1 - below(recent);
    };
    Step step{below(rules().size()), Step::Form::kBoth, pick(), pick(), random.between(-3, 3)};
    const Rule& rule = rules()[step.rule];
    if (below(3) == 0) step.number = std::round(step.number);
    const bool has_parameter = rule.name == "leaky_relu" || rule.name == "elu";
    if (rule.arity == 2 && (has_parameter || below(3) == 0)) {
      const bool right = has_parameter || below(2) == 0;
      step.form = right ? Step::Form::kWithRight : Step::Form::kWithLeft;
    }
    const double x = step.form == Step::Form::kWithLeft ? step.number : values[step.x];
    const double y = step.form == Step::Form::kWithRight ? step.number : values[step.y];
    const double value = rule.value(x, y);
    const auto slopes = rule.derivatives(x, y);
    const auto is_mild = [](double number, double most) { return std::abs(number) <= most; };
    const bool x_is_mild = step.form == Step::Form::kWithLeft || is_mild(slopes[0], 6);
    const bool y_is_mild = step.form == Step::Form::kWithRight || is_mild(slopes[1], 6);
    if (!is_mild(value, 30) || !x_is_mild || !y_is_mild) continue;
    if (is_near_kink(rule.name, x, y)) result.is_smooth = false;
    result.steps.push_back(step);
    values.push_back(value);
  }
  return result;
}

// ---- ways to differentiate ----

struct Reverse {
  double value;
  Numbers gradient, graph;
  double largest;  // of all gradients in the graph: the scale of its rounding
};

Reverse on_values(const Expression& f) {
  const std::vector<Value> in(f.at.begin(), f.at.end());
  const Value y = f(Values(in));
  y.backward();
  Reverse result{y.data(), {}, {}, 1.0};
  for (const Value& each : autograd::topological_order(y))
    result.largest = std::max(result.largest, std::abs(each.grad()));
  for (const Value& each : in) result.gradient.push_back(each.grad());
  for (const Value& each : autograd::derivatives(y, in)) result.graph.push_back(each.data());
  return result;
}

Numbers on_dual_numbers(const Expression& f) {
  Numbers result;
  for (std::size_t i = 0; i < f.at.size(); ++i) {
    std::vector<Dual<1>> in(f.at.begin(), f.at.end());
    in[i] = {f.at[i], {1.0}};
    result.push_back(f(std::span<const Dual<1>>(in)).slopes()[0]);
  }
  return result;
}

bool is_close(const Numbers& x, const Numbers& y, double scale) {
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(x[i] - y[i]) <= 1e-11 * scale)) return false;
  return true;
}

}  // namespace

TEST_CASE(
    "random expressions: Values, graphs of derivatives, the folded tape and dual numbers agree") {
  int kinks = 0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    const Expression f = random_expression(seed);
    kinks += f.is_smooth ? 0 : 1;
    const Reverse reverse = on_values(f);
    Numbers folded(f.at.size());
    const double value = autograd::detail::gradient_folded(f, f.at, folded);
    const bool agree = std::abs(value - reverse.value) <= 1e-12 * std::max(1.0, std::abs(value)) &&
                       is_close(reverse.graph, reverse.gradient, reverse.largest) &&
                       is_close(folded, reverse.gradient, reverse.largest) &&
                       is_close(on_dual_numbers(f), reverse.gradient, reverse.largest);
    if (!agree) {
      FAIL_CHECK(f.text(), "\nValues ", numeric::point(reverse.gradient), "\ngraph ",
                 numeric::point(reverse.graph), "\nfolded ", numeric::point(folded), "\ndual ",
                 numeric::point(on_dual_numbers(f)));
    }
  }
  CHECK(kinks > 500);
  CHECK(kinks < 3500);
}

TEST_CASE("random expressions: gradients agree with differences where the function is smooth") {
  int confirmed = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    const Expression f = random_expression(seed);
    if (!f.is_smooth) continue;
    const auto report = autograd::check_gradient([&](Values x) { return f(x); }, f.at);
    for (const auto& each : report.inputs) {
      ++all;
      if (each.verdict == autograd::Verdict::kAgrees) ++confirmed;
      if (each.verdict == autograd::Verdict::kWrongFactor ||
          each.verdict == autograd::Verdict::kDisagrees ||
          each.verdict == autograd::Verdict::kNotFinite)
        FAIL_CHECK(f.text(), "\n", report.to_string());
    }
  }
  CAPTURE(all);
  CHECK(confirmed > all * 99 / 100);
  CHECK(all > 1000);
}

TEST_CASE("random expressions: Hessians are symmetric and agree with differences of gradients") {
  int confirmed = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Expression f = random_expression(seed);
    if (!f.is_smooth) continue;
    const auto on_value = [&](Values x) { return f(x); };
    const autograd::Matrix h = autograd::hessian(on_value, f.at);
    double largest = 1;
    for (const double each : h.data) largest = std::max(largest, std::abs(each));
    const std::size_t i = seed % f.at.size();
    for (std::size_t k = 0; k < f.at.size(); ++k) {
      if (!(std::abs(h(i, k) - h(k, i)) <= 1e-8 * largest))
        FAIL_CHECK(f.text(), "\n", h(i, k), " and ", h(k, i), " in row ", i, ", column ", k);
      const auto slope_i = [&](double at) {
        Numbers x = f.at;
        x[k] = at;
        return autograd::gradient(on_value, x)[i];
      };
      const auto slope = autograd::detail::find_slopes(slope_i, f.at[k], slope_i(f.at[k])).central;
      ++all;
      if (slope.error <= 1e-6 * largest) ++confirmed;
      if (!(std::abs(h(i, k) - slope.value) <= 1e-6 * largest + 8 * slope.error))
        FAIL_CHECK(f.text(), "\nHessian ", h(i, k), ", differences ", slope.value, " +- ",
                   slope.error, " in row ", i, ", column ", k);
    }
  }
  CAPTURE(all);
  CHECK(confirmed > all * 95 / 100);
  CHECK(all > 500);
}
