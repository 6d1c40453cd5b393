// Quotients that are 0 / 0 at x = 0, where the functions and all their derivatives are smooth.
#pragma once

#include <autograd/ops/nth_derivatives.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

// sin(pi x), exactly 0 at integers: x is reduced to the nearest one first.
inline auto sin_pi(auto x) {
  const auto r = x - 2.0 * round(0.5 * x);  // -1 <= r <= 1
  const auto turned = select(gt(r, 0.0), 1.0 - r, -1.0 - r);
  return sin(std::numbers::pi * select(gt(abs(r), 0.5), turned, r));
}

struct SincDerivative : NthDerivative<SincDerivative> {
  static constexpr Info info{.name = "sinc derivative",
                             .formula = "the x-th derivative of sinc at y",
                             .derivatives = {"none", "the next derivative"}};
  static auto at(auto n, auto x) { return sinc_derivative(n, x); }
};

// The normalised one, as in NumPy, PyTorch and JAX.
struct Sinc {
  static constexpr Info info{
      "sinc", "sin(pi x) / (pi x)", {"(cos(pi x) - r) / x"}, "1 at 0, derivative 0"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    return select(eq(x, 0.0), 1.0,
                  select(eq(abs(x), kInfinity), 0.0, sin_pi(x) / (std::numbers::pi * x)));
  }
  static auto dx(auto x, auto) { return apply<SincDerivative>(1.0, x); }
};

struct Expm1OverXDerivative : NthDerivative<Expm1OverXDerivative> {
  static constexpr Info info{.name = "expm1_over_x derivative",
                             .formula = "the x-th derivative of expm1_over_x at y",
                             .derivatives = {"none", "the next derivative"}};
  static auto at(auto n, auto x) { return expm1_over_x_derivative(n, x); }
};

// e^x / x is finite a little longer than e^x.
struct Expm1OverX {
  static constexpr Info info{.name = "expm1_over_x",
                             .formula = "(e^x - 1) / x",
                             .derivatives = {"(e^x - r) / x"},
                             .choice = "1 at 0, derivative 1/2",
                             .cure = kExponential};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    const auto root = exp(0.5 * select(lt(x, 1e3), x, 1e3));
    return select(
        eq(x, 0.0), 1.0,
        select(gt(x, 1e3), kInfinity, select(gt(x, 700.0), root / x * root, expm1(x) / x)));
  }
  static auto dx(auto x, auto) { return apply<Expm1OverXDerivative>(1.0, x); }
};

struct Log1pOverXDerivative : NthDerivative<Log1pOverXDerivative> {
  static constexpr Info info{.name = "log1p_over_x derivative",
                             .formula = "the x-th derivative of log1p_over_x at y",
                             .derivatives = {"none", "the next derivative"}};
  static auto at(auto n, auto x) { return log1p_over_x_derivative(n, x); }
};

struct Log1pOverX {
  static constexpr Info info{.name = "log1p_over_x",
                             .formula = "log(1 + x) / x",
                             .derivatives = {"(1 / (1 + x) - r) / x"},
                             .choice = "1 at 0, derivative -1/2; +inf at -1, derivative -inf",
                             .cure = "keep what goes in above -1"};
  static constexpr std::array domain{Interval{-1, kInfinity}};
  static auto value(auto x) {
    return select(eq(x, 0.0), 1.0, select(eq(x, kInfinity), 0.0, log1p(x) / x));
  }
  static auto dx(auto x, auto) { return apply<Log1pOverXDerivative>(1.0, x); }
};

using RemovableSingularities = List<Sinc, Expm1OverX, Log1pOverX>;

}  // namespace ops

[[gnu::always_inline]] inline auto sinc(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sinc>(x...);
}
[[gnu::always_inline]] inline auto expm1_over_x(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Expm1OverX>(x...);
}
[[gnu::always_inline]] inline auto log1p_over_x(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Log1pOverX>(x...);
}

}  // namespace autograd
