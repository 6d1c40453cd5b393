// Trigonometric and hyperbolic functions, and their inverses. Angles are in radians.
#pragma once

#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

inline constexpr std::string_view kRange =
    "the function ends there, and its slope is infinite at the end: keep what goes in inside, with "
    "min() and max()";

struct Sin {
  static constexpr Info info{"sin", "sin x", {"cos x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return sin(x); }
  static auto dx(auto x, auto) { return cos(x); }
};

struct Cos {
  static constexpr Info info{"cos", "cos x", {"-sin x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cos(x); }
  static auto dx(auto x, auto) { return -sin(x); }
};

struct Tan {
  static constexpr Info info{"tan", "tan x", {"1 + r^2"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tan(x); }
  static auto dx(auto, auto r) { return 1.0 + r * r; }
};

struct Asin {
  static constexpr Info info{.name = "asin",
                             .formula = "asin x",
                             .derivatives = {"1 / sqrt(1 - x^2)"},
                             .choice = "+inf at -1 and 1",
                             .cure = kRange};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return asin(x); }
  static auto dx(auto x, auto) { return 1.0 / sqrt((1.0 - x) * (1.0 + x)); }
};

struct Acos {
  static constexpr Info info{.name = "acos",
                             .formula = "acos x",
                             .derivatives = {"-1 / sqrt(1 - x^2)"},
                             .choice = "-inf at -1 and 1",
                             .cure = kRange};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return acos(x); }
  static auto dx(auto x, auto) { return -1.0 / sqrt((1.0 - x) * (1.0 + x)); }
};

struct Atan {
  static constexpr Info info{"atan", "atan x", {"1 / (1 + x^2)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return atan(x); }
  static auto dx(auto x, auto) { return 1.0 / (1.0 + x * x); }
};

// The angle of the point (y, x), in the order of std::atan2: the first operand is the ordinate.
struct Atan2 {
  static constexpr Info info{
      .name = "atan2",
      .formula = "atan2(x, y)",
      .derivatives = {"y / (x^2 + y^2)", "-x / (x^2 + y^2)"},
      .choice = "NaN at (0, 0)",
      .cure = "the origin has no angle: take the other side of a select() there"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return atan2(x, y); }
  static auto dx(auto x, auto y, auto) { return y / hypot(x, y) / hypot(x, y); }
  static auto dy(auto x, auto y, auto) { return -x / hypot(x, y) / hypot(x, y); }
  // The angle goes from pi to -pi where the point crosses the negative part of the axis.
  static auto jump_dx(auto x, auto y) { return select(eq(x, 0.0), le(y, 0.0), 0.0); }
  static auto jump_dy(auto x, auto y) { return select(eq(x, 0.0), eq(y, 0.0), 0.0); }
};

struct Hypot {
  static constexpr Info info{.name = "hypot",
                             .formula = "sqrt(x^2 + y^2)",
                             .derivatives = {"x / r", "y / r"},
                             .choice = "(0, 0) at (0, 0)",
                             .commutes = Commutes::kNearly,
                             .cure = kTooLarge,
                             .kink_cure = kSquaredLength};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return unless_nan(x, unless_nan(y, hypot(x, y))); }
  static auto dx(auto x, auto, auto r) { return select(eq(r, 0.0), 0.0, x / r); }
  static auto dy(auto, auto y, auto r) { return select(eq(r, 0.0), 0.0, y / r); }
  static auto kink(auto x, auto y) { return select(eq(x, 0.0), eq(y, 0.0), 0.0); }
};

struct Sinh {
  static constexpr Info info{
      .name = "sinh", .formula = "sinh x", .derivatives = {"cosh x"}, .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return sinh(x); }
  static auto dx(auto x, auto) { return cosh(x); }
};

struct Cosh {
  static constexpr Info info{
      .name = "cosh", .formula = "cosh x", .derivatives = {"sinh x"}, .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cosh(x); }
  static auto dx(auto x, auto) { return sinh(x); }
};

struct Tanh {
  static constexpr Info info{"tanh", "tanh x", {"1 - r^2"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tanh(x); }
  static auto dx(auto, auto r) { return 1.0 - r * r; }
};

struct Asinh {
  static constexpr Info info{"asinh", "asinh x", {"1 / sqrt(x^2 + 1)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return asinh(x); }
  static auto dx(auto x, auto) { return 1.0 / hypot(x, 1.0); }
};

struct Acosh {
  static constexpr Info info{.name = "acosh",
                             .formula = "acosh x",
                             .derivatives = {"1 / sqrt(x^2 - 1)"},
                             .choice = "+inf at 1",
                             .cure = kRange};
  static constexpr std::array domain{Interval{1, kInfinity}};
  static auto value(auto x) { return acosh(x); }
  static auto dx(auto x, auto) { return 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)); }
};

struct Atanh {
  static constexpr Info info{.name = "atanh",
                             .formula = "atanh x",
                             .derivatives = {"1 / (1 - x^2)"},
                             .choice = "+inf at -1 and 1",
                             .cure = kRange};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return atanh(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, 1.0 / ((1.0 - x) * (1.0 + x))); }
};

using Trigonometric =
    List<Sin, Cos, Tan, Asin, Acos, Atan, Atan2, Hypot, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh>;

}  // namespace ops

[[gnu::always_inline]] inline auto sin(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sin>(x...);
}
[[gnu::always_inline]] inline auto cos(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Cos>(x...);
}
[[gnu::always_inline]] inline auto tan(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Tan>(x...);
}
[[gnu::always_inline]] inline auto asin(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Asin>(x...);
}
[[gnu::always_inline]] inline auto acos(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Acos>(x...);
}
[[gnu::always_inline]] inline auto atan(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Atan>(x...);
}
[[gnu::always_inline]] inline auto sinh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sinh>(x...);
}
[[gnu::always_inline]] inline auto cosh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Cosh>(x...);
}
[[gnu::always_inline]] inline auto tanh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Tanh>(x...);
}
[[gnu::always_inline]] inline auto asinh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Asinh>(x...);
}
[[gnu::always_inline]] inline auto acosh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Acosh>(x...);
}
[[gnu::always_inline]] inline auto atanh(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Atanh>(x...);
}
AUTOGRAD_FUNCTION_OF_TWO(atan2, detail::applied<ops::Atan2>)
AUTOGRAD_FUNCTION_OF_TWO(hypot, detail::applied<ops::Hypot>)

}  // namespace autograd
