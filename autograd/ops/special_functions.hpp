// Special functions: the error function.
#pragma once

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

using SpecialFunctions = List<Erf, Erfc>;

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

}  // namespace autograd
