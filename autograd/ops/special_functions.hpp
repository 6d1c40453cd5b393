// Special functions: the error function, its inverse, and the normal distribution.
#pragma once

#include <autograd/ops/nth_derivatives.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

struct Erf {
  static constexpr Info info{"erf", "erf x", {"2 e^(-x^2) / sqrt(pi)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return erf(x); }
  static auto dx(auto x, auto) { return 2.0 * std::numbers::inv_sqrtpi * exp(-(x * x)); }
};

struct Erfc {
  static constexpr Info info{"erfc", "1 - erf x", {"-2 e^(-x^2) / sqrt(pi)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return erfc(x); }
  static auto dx(auto x, auto) { return -2.0 * std::numbers::inv_sqrtpi * exp(-(x * x)); }
};

// The first guess is Winitzki's (2008), 0.2 % off: with k = 0.147 and l = log(1 - x^2) / k,
// y^2 = sqrt(b^2 - l) - b where b = 2 / (pi k) + k l / 2. Each of Halley's steps triples them.
struct Erfinv {
  static constexpr Info info{.name = "erfinv",
                             .formula = "the y with erf y = x",
                             .derivatives = {"sqrt(pi) e^(r^2) / 2"},
                             .choice = "+inf at -1 and 1",
                             .cure =
                                 "the function ends there, and its slope is infinite at the "
                                 "end: keep what goes in inside, with min() and max()"};
  static constexpr std::array domain{Interval{-1, 1}};
  static constexpr double kSlopeAtZero = 0.5 / std::numbers::inv_sqrtpi;
  // Inlined, so that each file of kernels has it with instructions of its own.
  template <std::floating_point T> [[gnu::always_inline]] static T value(T x) {
    const T a = std::abs(x);
    if (!(a < 1))
      return a == 1 ? std::copysign(static_cast<T>(kInfinity), x) : static_cast<T>(kNaN);
    if (a < T(1e-8)) return static_cast<T>(kSlopeAtZero) * x;
    const T logarithm = std::log1p(-a * a) / T(0.147),
            b = T(4.330746750799873) + T(0.0735) * logarithm;
    const T root = std::sqrt(b * b - logarithm);
    T y = std::sqrt(b > 0 ? -logarithm / (root + b) : root - b);
    for (int i = 0; i < 3; ++i) {
      const T excess = a < T(0.5) ? std::erf(y) - a : (1 - a) - std::erfc(y);
      const T step = excess * static_cast<T>(kSlopeAtZero) * std::exp(y * y);
      y -= step / (1 + y * step);
    }
    return std::copysign(y, x);
  }
  static auto dx(auto, auto r) { return kSlopeAtZero * exp(r * r); }
};

// Distribution function of the standard normal distribution.
struct NormalCdf {
  static constexpr Info info{"normal_cdf", "erfc(-x / sqrt 2) / 2", {"e^(-x^2 / 2) / sqrt(2 pi)"}};
  static constexpr std::array domain{kReals};
  static constexpr double kRootHalf = 0.5 * std::numbers::sqrt2;
  static auto value(auto x) { return 0.5 * erfc(-kRootHalf * x); }
  static auto dx(auto x, auto) {
    const auto z = bounded(x);
    return (kRootHalf * std::numbers::inv_sqrtpi) * exp(-0.5 * z * z);
  }
};

struct LogNormalCdfDerivative : NthDerivative<LogNormalCdfDerivative> {
  static constexpr Info info{.name = "log_normal_cdf derivative",
                             .formula = "the x-th derivative of log_normal_cdf at y",
                             .derivatives = {"none", "the next derivative"}};
  static auto at(auto n, auto x) { return log_normal_cdf_derivative(n, x); }
};

// Below -30 the first terms of the asymptotic series, -x^2/2 - log(-x sqrt(2 pi)) - 1/x^2 + ...
struct LogNormalCdf {
  static constexpr Info info{.name = "log_normal_cdf",
                             .formula = "log(erfc(-x / sqrt 2) / 2)",
                             .derivatives = {"e^(-x^2 / 2 - r) / sqrt(2 pi)"},
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    const auto half = 0.5 * erfc(NormalCdf::kRootHalf * abs(x));
    const auto t = select(lt(x, -30.0), -x, 30.0), u = 1.0 / (t * t);
    const auto series = u * (u * (3.0 - u * (15.0 - u * (105.0 - 945.0 * u))) - 1.0);
    const auto tail = log1p(series) - (0.9189385332046727418 + log(t)) - 0.5 * t * t;
    return select(gt(x, 0.0), log1p(-half), select(lt(x, -30.0), tail, log(half)));
  }
  static auto dx(auto x, auto) { return apply<LogNormalCdfDerivative>(1.0, x); }
};

using SpecialFunctions = List<Erf, Erfc, Erfinv, NormalCdf, LogNormalCdf>;

}  // namespace ops

[[gnu::always_inline]] inline auto erf(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Erf>(x...);
}
[[gnu::always_inline]] inline auto erfc(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Erfc>(x...);
}
[[gnu::always_inline]] inline auto erfinv(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Erfinv>(x...);
}
[[gnu::always_inline]] inline auto normal_cdf(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::NormalCdf>(x...);
}
[[gnu::always_inline]] inline auto log_normal_cdf(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::LogNormalCdf>(x...);
}

}  // namespace autograd
