// The gamma function, its logarithm, and the derivatives of that.
#pragma once

#include <autograd/ops/nth_derivatives.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

inline constexpr std::string_view kPoles =
    "the function has a pole at 0 and at every negative integer: keep what goes in above 0";

inline auto is_at_pole_of_gamma(auto x) { return select(le(x, 0.0), eq(x, floor(x)), 0.0); }

// x is the order, a plain whole number from 0 to 1000.
struct Polygamma : NthDerivative<Polygamma> {
  static constexpr Info info{
      .name = "polygamma",
      .formula = "the x-th derivative of digamma at y",
      .derivatives = {"0 / 0", "polygamma(x + 1, y)"},
      .choice =
          "at a pole +inf for odd x, NaN for even x; NaN unless x is whole and 0 <= x <= 1000",
      .cure = kPoles};
  static auto at(auto n, auto x) { return polygamma(n, x); }
  static auto pole(auto, auto x) { return is_at_pole_of_gamma(x); }
  static auto edge_dx(auto n, auto) { return eq(n, n); }  // NaN between whole numbers
};

struct Digamma {
  static constexpr Info info{.name = "digamma",
                             .formula = "the derivative of lgamma",
                             .derivatives = {"polygamma(1, x)"},
                             .choice =
                                 "-inf at 0, +inf at -0, NaN at negative integers, where the "
                                 "derivative is +inf",
                             .cure = kPoles};
  static constexpr std::array domain{kReals};
  static auto value(std::floating_point auto x) { return digamma(x); }
  static auto dx(auto x, auto) { return apply<Polygamma>(1.0, x); }
  static auto pole(auto x) { return is_at_pole_of_gamma(x); }
};

struct LGamma {
  static constexpr Info info{.name = "lgamma",
                             .formula = "log |gamma x|",
                             .derivatives = {"digamma x"},
                             .choice =
                                 "+inf at 0 and negative integers; there the derivative is "
                                 "that of digamma",
                             .cure = kPoles};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return lgamma(x); }
  static auto dx(auto x, auto) { return apply<Digamma>(x); }
  static auto pole(auto x) { return is_at_pole_of_gamma(x); }
};

struct TGamma {
  static constexpr Info info{.name = "tgamma",
                             .formula = "the gamma function of x",
                             .derivatives = {"r digamma x"},
                             .choice = "+-inf at +-0, NaN at negative integers",
                             .cure = kPoles};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tgamma(x); }
  static auto dx(auto x, auto r) { return r * apply<Digamma>(x); }
  static auto pole(auto x) { return is_at_pole_of_gamma(x); }
};

using GammaFunctions = List<LGamma, TGamma, Digamma, Polygamma>;

}  // namespace ops

[[gnu::always_inline]] inline auto lgamma(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::LGamma>(x...);
}
[[gnu::always_inline]] inline auto tgamma(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::TGamma>(x...);
}
[[gnu::always_inline]] inline auto digamma(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Digamma>(x...);
}
// polygamma(order, x)
template <class... X>
requires detail::PlainAndNumber<X...>
[[gnu::always_inline]] inline auto polygamma(const X&... order_x) {
  return detail::apply<ops::Polygamma>(order_x...);
}

}  // namespace autograd
