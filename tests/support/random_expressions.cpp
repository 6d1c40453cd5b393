#include "tests/support/random_expressions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <tests/support/numeric.hpp>

namespace operations {

template const std::vector<Calls<Dual<1>>>& calls();
template const std::vector<Calls<Dual<2>>>& calls();
template const std::vector<Calls<Dual<3>>>& calls();
template const std::vector<Calls<Dual<4>>>& calls();
template const std::vector<Calls<Dual<1, Dual<1>>>>& calls();
template const std::vector<Calls<Dual<2, Dual<2>>>>& calls();
template const std::vector<Calls<Dual<3, Dual<3>>>>& calls();
template const std::vector<Calls<Dual<4, Dual<4>>>>& calls();
template const std::vector<Calls<Active<double>>>& calls();
template const std::vector<Calls<Active<Dual<8>>>>& calls();

}  // namespace operations

namespace random_expressions {

using operations::Operation;

namespace {

// Whether the operation has a kink, a jump, a cut or an end of its domain within some distance of the
// operands.
bool is_near_kink(std::string_view name, double x, double y, double within) {
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

}  // namespace

bool Expression::has(std::string_view name) const {
  return std::ranges::any_of(
      steps, [&](const Step& step) { return operations::all()[step.operation].info.name == name; });
}

std::string Expression::text() const {
  std::string result = "seed " + std::to_string(seed) + " at " + numeric::point(at) + ":";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const Operation& operation = operations::all()[step.operation];
    const std::string x = step.form == Step::Form::kWithLeft
                              ? numeric::text(step.number)
                              : std::string("r") + std::to_string(step.x);
    const std::string y = step.form == Step::Form::kWithRight
                              ? numeric::text(step.number)
                              : std::string("r") + std::to_string(step.y);
    result += " r" + std::to_string(at.size() + i) + " = " + operation.name() + "(" + x +
              (operation.arity() == 2 ? ", " + y : "") + ");";
  }
  return result;
}

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
    Step step{below(operations::all().size()), Step::Form::kBoth, pick(), pick(),
              random.between(-3, 3)};
    const Operation& operation = operations::all()[step.operation];
    const std::string_view name = operation.info.name;
    if (below(3) == 0) step.number = std::round(step.number);
    const bool has_parameter = name == "leaky_relu" || name == "elu";
    if (name == "polygamma") step.form = Step::Form::kWithLeft;
    if (name != "polygamma" && operation.arity() == 2 && (has_parameter || below(3) == 0)) {
      const bool right = has_parameter || below(2) == 0;
      step.form = right ? Step::Form::kWithRight : Step::Form::kWithLeft;
    }
    const double x = step.form == Step::Form::kWithLeft ? step.number : values[step.x];
    const double y = step.form == Step::Form::kWithRight ? step.number : values[step.y];
    const double value = operation.value(x, y);
    const auto slopes = operation.derivatives(x, y);
    const auto is_mild = [](double number, double most) { return std::abs(number) <= most; };
    const bool x_is_mild = step.form == Step::Form::kWithLeft || is_mild(slopes[0], 6);
    const bool y_is_mild = step.form == Step::Form::kWithRight || is_mild(slopes[1], 6);
    if (!is_mild(value, 30) || !x_is_mild || !y_is_mild) continue;
    if (is_near_kink(name, x, y, 0.02)) result.is_smooth = false;
    result.steps.push_back(step);
    values.push_back(value);
  }
  return result;
}

bool rounding_decides(const Expression& f, const Numbers& at) {
  Numbers values = at;
  for (const Step& step : f.steps) {
    const Operation& operation = operations::all()[step.operation];
    const bool has_x = step.form != Step::Form::kWithLeft;
    const bool has_y = step.form != Step::Form::kWithRight && operation.arity() == 2;
    const double x = has_x ? values[step.x] : step.number;
    const double y = step.form != Step::Form::kWithRight ? values[step.y] : step.number;
    const bool is_exact = (!has_x || step.x < at.size()) && (!has_y || step.y < at.size());
    const bool is_same = has_x && has_y && step.x == step.y;
    if (!is_exact && !is_same && is_near_kink(operation.info.name, x, y, 1e-9)) return true;
    values.push_back(operation.value(x, y));
  }
  return false;
}

}  // namespace random_expressions
