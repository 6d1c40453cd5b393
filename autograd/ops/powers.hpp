// Powers, exponentials, logarithms.
#pragma once

#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

inline constexpr std::string_view kLogarithm =
    "keep what goes in above 0: add a small number to it, or take a form that never rounds it to "
    "0: logsumexp(x) for log(sum(exp(x))), -softplus(-x) for log(sigmoid(x)), log1p(x) for "
    "log(1 + x), a loss from logits instead of probabilities";
inline constexpr std::string_view kExponential =
    "a double ends at about e^709: take a form that does not overflow (logsumexp, softplus, "
    "softmax, sigmoid, tanh), or bound what goes in with min()";

struct Pow {
  static constexpr Info info{
      .name = "pow",
      .formula = "x^y",
      .derivatives = {"y x^(y-1)", "r log x"},
      .choice =
          "x < 0 for whole y only; dx is 0 where y = 0; at x = 0, dy is 0 for y >= 0, -inf for y < "
          "0",
      .cure =
          "a negative number has no power that is not an integer, and 0 none that is negative: "
          "keep the base above 0, or make the exponent a plain integer"};
  static constexpr std::array domain{kPositive, kReals};
  static auto value(auto x, auto y) { return unless_nan(x, unless_nan(y, pow(x, y))); }
  static auto dx(auto x, auto y, auto) {
    const auto power = pow(x, y - 1.0);
    const auto slope = unless_nan(x, y * power);
    // The derivative of the slope by y is not 0 where y is.
    return select(lt(abs(power), kInfinity), slope, select(eq(y, 0.0), 0.0, slope));
  }
  static auto dy(auto x, auto y, auto r) {
    // 0 at x = 0, with the slope by x that x^y log x has there: -inf up to y = 1, 0 above.
    const auto at_zero = 0.0 - sqrt(x) * select(le(y, 1.0), 1.0, 0.0);
    return select(eq(x, 0.0), unless_nan(y, select(lt(y, 0.0), -kInfinity, at_zero)), r * log(x));
  }
  static auto pole(auto x, auto y) { return select(eq(x, 0.0), lt(y, 0.0), 0.0); }
  static auto jump_dy(auto x, auto y) { return select(eq(x, 0.0), eq(y, 0.0), 0.0); }
  static auto edge_dx(auto x, auto y) { return select(eq(x, 0.0), ne(y, floor(y)), 0.0); }
  static auto edge_dy(auto x, auto) { return lt(x, 0.0); }  // NaN between whole numbers
};

struct Exp {
  static constexpr Info info{
      .name = "exp", .formula = "e^x", .derivatives = {"r"}, .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return exp(x); }
  static auto dx(auto, auto r) { return r; }
};

struct Exp2 {
  static constexpr Info info{
      .name = "exp2", .formula = "2^x", .derivatives = {"r log 2"}, .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return exp2(x); }
  static auto dx(auto, auto r) { return r * std::numbers::ln2; }
};

struct Expm1 {
  static constexpr Info info{
      .name = "expm1", .formula = "e^x - 1", .derivatives = {"e^x"}, .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return expm1(x); }
  static auto dx(auto x, auto) { return exp(x); }
};

struct Log {
  static constexpr Info info{.name = "log",
                             .formula = "log x",
                             .derivatives = {"1 / x"},
                             .choice = "+inf at 0, NaN below",
                             .cure = kLogarithm};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, 1.0 / (x + 0.0)); }
};

struct Log2 {
  static constexpr Info info{.name = "log2",
                             .formula = "log x / log 2",
                             .derivatives = {"1 / (x log 2)"},
                             .choice = "+inf at 0, NaN below",
                             .cure = kLogarithm};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log2(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, std::numbers::log2e / (x + 0.0)); }
};

struct Log10 {
  static constexpr Info info{.name = "log10",
                             .formula = "log x / log 10",
                             .derivatives = {"1 / (x log 10)"},
                             .choice = "+inf at 0, NaN below",
                             .cure = kLogarithm};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log10(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, std::numbers::log10e / (x + 0.0)); }
};

struct Log1p {
  static constexpr Info info{.name = "log1p",
                             .formula = "log(1 + x)",
                             .derivatives = {"1 / (1 + x)"},
                             .choice = "+inf at -1, NaN below",
                             .cure = "keep what goes in above -1"};
  static constexpr std::array domain{Interval{-1, kInfinity}};
  static auto value(auto x) { return log1p(x); }
  static auto dx(auto x, auto r) { return select(gt(x, -1.0), 1.0 / (1.0 + x), -r); }
};

struct Sqrt {
  static constexpr Info info{
      .name = "sqrt",
      .formula = "sqrt x",
      .derivatives = {"1 / (2 r)"},
      .choice = "+inf at 0",
      .cure =
          "keep what goes in above 0, where the slope is infinite: for a length take hypot() or "
          "norm(), whose gradient at 0 is 0; else add a small number under the root"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return sqrt(x); }
  static auto dx(auto, auto r) { return 0.5 / (r + 0.0); }  // -0 + 0 is 0
};

struct Cbrt {
  static constexpr Info info{.name = "cbrt",
                             .formula = "x^(1/3)",
                             .derivatives = {"1 / (3 r^2)"},
                             .choice = "+inf at 0",
                             .cure = "the slope at 0 is infinite: keep what goes in away from 0"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cbrt(x); }
  static auto dx(auto, auto r) { return 1.0 / (3.0 * r * r); }
  static auto edge(auto x) { return eq(x, 0.0); }
};

using Powers = List<Pow, Exp, Exp2, Expm1, Log, Log2, Log10, Log1p, Sqrt, Cbrt>;

}  // namespace ops

AUTOGRAD_FUNCTION_OF_TWO(pow, detail::applied<ops::Pow>)
[[gnu::always_inline]] inline auto exp(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Exp>(x...);
}
[[gnu::always_inline]] inline auto exp2(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Exp2>(x...);
}
[[gnu::always_inline]] inline auto expm1(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Expm1>(x...);
}
[[gnu::always_inline]] inline auto log(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log>(x...);
}
[[gnu::always_inline]] inline auto log2(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log2>(x...);
}
[[gnu::always_inline]] inline auto log10(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log10>(x...);
}
[[gnu::always_inline]] inline auto log1p(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log1p>(x...);
}
[[gnu::always_inline]] inline auto sqrt(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sqrt>(x...);
}
[[gnu::always_inline]] inline auto cbrt(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Cbrt>(x...);
}

}  // namespace autograd
