// Random expressions over all elementary operations, for any number type.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/ops.hpp>
#include <tests/support/numeric.hpp>

namespace random_expressions {

namespace ops = autograd::ops;
using Numbers = std::vector<double>;

// ---- operations at run time ----

// An operation for number type T: on its operands; one of two operands also with a plain number in
// the place of the other.
template <class T> struct Operation {
  T (*both)(const T& x, const T& y);
  T (*with_right)(const T& x, double y) = nullptr;
  T (*with_left)(double x, const T& y) = nullptr;
};

template <class T> const std::vector<Operation<T>>& operations() {
  static const auto result = [] {
    std::vector<Operation<T>> all;
    ops::Elementary::for_each([&]<class Op> {
      if constexpr (Op::domain.size() == 1) {
        all.push_back({[](const T& x, const T&) -> T { return autograd::detail::apply<Op>(x); }});
      } else {
        all.push_back(
            {[](const T& x, const T& y) -> T { return autograd::detail::apply<Op>(x, y); },
             [](const T& x, double y) -> T { return autograd::detail::apply<Op>(x, y); },
             [](double x, const T& y) -> T { return autograd::detail::apply<Op>(x, y); }});
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

inline const std::vector<Rule>& rules() {
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

// Whether the operation has a kink, a jump, a cut or an end of its domain within some distance of the
// operands.
inline bool is_near_kink(std::string_view name, double x, double y, double within = 0.02) {
  const auto near = [&](double distance) { return std::abs(distance) < within; };
  const auto is = [&](auto... names) { return ((name == names) || ...); };
  if (is("abs", "relu", "leaky_relu", "elu", "sign", "step", "cbrt")) return near(x);
  const auto from_whole = [](double q) { return q - std::round(q); };
  if (is("floor", "ceil", "trunc")) return near(from_whole(x));
  if (is("round", "rint")) return near(from_whole(x - 0.5));
  if (is("fmod")) return near(from_whole(x / y)) || near(from_whole(x / y) * y);
  if (is("remainder")) return near(from_whole(x / y - 0.5)) || near(from_whole(x / y - 0.5) * y);
  if (is("copysign")) return near(x) || near(y);
  if (is("logb")) return near(from_whole(std::log2(std::abs(x))));
  if (is("max", "min", "fmax", "fmin", "nextafter", "lt", "le", "gt", "ge", "eq", "ne"))
    return near(x - y);
  if (is("atan2")) return near(x) && y < within;
  if (is("hypot")) return near(x) && near(y);
  if (is("pow")) return near(x);
  if (is("asin", "acos", "atanh", "acosh")) return near(std::abs(x) - 1);
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

  bool has(std::string_view name) const {
    return std::ranges::any_of(steps,
                               [&](const Step& step) { return rules()[step.rule].name == name; });
  }

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

inline Expression random_expression(std::uint64_t seed) {
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
    if (rule.name == "polygamma") step.form = Step::Form::kWithLeft;
    if (rule.name != "polygamma" && rule.arity == 2 && (has_parameter || below(3) == 0)) {
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

// Whether f has a kink or a jump so near to a point that how its operands were rounded decides on
// the side. Inputs and numbers are not rounded.
inline bool rounding_decides(const Expression& f, const Numbers& at) {
  Numbers values = at;
  for (const Step& step : f.steps) {
    const bool has_x = step.form != Step::Form::kWithLeft;
    const bool has_y = step.form != Step::Form::kWithRight && rules()[step.rule].arity == 2;
    const double x = has_x ? values[step.x] : step.number;
    const double y = step.form != Step::Form::kWithRight ? values[step.y] : step.number;
    const bool is_exact = (!has_x || step.x < at.size()) && (!has_y || step.y < at.size());
    const bool is_same = has_x && has_y && step.x == step.y;
    const Rule& rule = rules()[step.rule];
    if (!is_exact && !is_same && is_near_kink(rule.name, x, y, 1e-9)) return true;
    values.push_back(rule.value(x, y));
  }
  return false;
}

}  // namespace random_expressions
