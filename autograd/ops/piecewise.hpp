// Functions made of pieces: steps, the larger and the smaller of two numbers, rounding.
#pragma once

#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

struct Step {
  static constexpr Info info{
      "step", "1 where x > 0, else 0", {"0"}, "step(0) = 0; derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(gt(x, 0.0), 1.0, unless_nan(x, 0.0)); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(x, 0.0); }
};

struct Sign {
  static constexpr Info info{"sign", "-1, 0 or 1", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(gt(x, 0.0), 1.0, select(lt(x, 0.0), -1.0, x)); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(x, 0.0); }
};

struct Abs {
  static constexpr Info info{.name = "abs",
                             .formula = "|x|",
                             .derivatives = {"sign x"},
                             .choice = "0 at 0",
                             .symbol = "|x|",
                             .kink_cure =
                                 "where its square is meant write square(x), which has "
                                 "no kink; else take sqrt(square(x) + a small number)"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return abs(x); }
  static auto dx(auto x, auto) { return apply<Sign>(x); }
  static auto kink(auto x) { return eq(x, 0.0); }
};

// At a tie with a plain number the derivative is 0: of all the slopes between the two beside the
// kink the one that moves least, as of relu.
inline constexpr std::string_view kTies =
    "1/2 each at a tie, 0 at a tie with a plain number; NaN if either is NaN";

struct Max {
  static constexpr Info info{.name = "max",
                             .formula = "max(x, y)",
                             .derivatives = {"1 where x > y, else 1/2 where x == y, else 0",
                                             "1 where y > x, else 1/2 where x == y, else 0"},
                             .choice = kTies,
                             .commutes = Commutes::kNearly};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, y), x, unless_nan(x, y)); }
  static auto dx(auto x, auto y, auto r) {
    return select(gt(x, y), 1.0, select(eq(x, y), 0.5, unless_nan(r, 0.0)));
  }
  static auto dy(auto x, auto y, auto r) { return dx(y, x, r); }
  static auto kink(auto x, auto y) { return eq(x, y); }
  static auto dx_beside_number(auto x, auto y, auto r) {
    return select(gt(x, y), 1.0, unless_nan(r, 0.0));
  }
  static auto dy_beside_number(auto x, auto y, auto r) { return dx_beside_number(y, x, r); }
};

struct Min {
  static constexpr Info info{.name = "min",
                             .formula = "min(x, y)",
                             .derivatives = {"1 where x < y, else 1/2 where x == y, else 0",
                                             "1 where y < x, else 1/2 where x == y, else 0"},
                             .choice = kTies,
                             .commutes = Commutes::kNearly};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(lt(x, y), x, unless_nan(x, y)); }
  static auto dx(auto x, auto y, auto r) { return Max::dx(y, x, r); }
  static auto dy(auto x, auto y, auto r) { return Max::dx(x, y, r); }
  static auto kink(auto x, auto y) { return eq(x, y); }
  static auto dx_beside_number(auto x, auto y, auto r) { return Max::dx_beside_number(y, x, r); }
  static auto dy_beside_number(auto x, auto y, auto r) { return Max::dx_beside_number(x, y, r); }
};

struct Floor {
  static constexpr Info info{
      "floor", "the integer at or below x", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return floor(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(x, floor(x)); }
};

struct Ceil {
  static constexpr Info info{"ceil", "the integer at or above x", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return ceil(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(x, floor(x)); }
};

struct Round {
  static constexpr Info info{
      "round", "the nearest integer, halves away from 0", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return round(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(abs(x) - floor(abs(x)), 0.5); }
};

using Piecewise = List<Step, Sign, Abs, Max, Min, Floor, Ceil, Round>;

}  // namespace ops

namespace detail {

[[gnu::always_inline]] inline auto clamped(const auto& x, const auto& low, const auto& high) {
  return apply<ops::Min>(apply<ops::Max>(x, low), high);
}

}  // namespace detail

[[gnu::always_inline]] inline auto step(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Step>(x...);
}
[[gnu::always_inline]] inline auto sign(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Sign>(x...);
}
[[gnu::always_inline]] inline auto abs(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Abs>(x...);
}
[[gnu::always_inline]] inline auto floor(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Floor>(x...);
}
[[gnu::always_inline]] inline auto ceil(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Ceil>(x...);
}
[[gnu::always_inline]] inline auto round(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Round>(x...);
}
// Of numbers of one recorded type: see NumberBase.
template <class... X>
requires detail::TwoNumbers<X...>
[[gnu::always_inline]] inline auto max(const X&... x) {
  return detail::apply<ops::Max>(x...);
}
template <class... X>
requires detail::TwoNumbers<X...>
[[gnu::always_inline]] inline auto min(const X&... x) {
  return detail::apply<ops::Min>(x...);
}

// With a temporary number, as T(0) in max(x, T(0)): it is recorded as a plain one.
template <Differentiable X> [[gnu::always_inline]] inline X max(const X& x, X&& y) {
  return detail::apply_consuming<ops::Max, const X&, X>(x, y);
}
template <Differentiable X> [[gnu::always_inline]] inline X max(X&& x, const X& y) {
  return detail::apply_consuming<ops::Max, X, const X&>(x, y);
}
template <Differentiable X> [[gnu::always_inline]] inline X max(X&& x, X&& y) {
  return detail::apply_consuming<ops::Max, X, X>(x, y);
}
template <Differentiable X> [[gnu::always_inline]] inline X min(const X& x, X&& y) {
  return detail::apply_consuming<ops::Min, const X&, X>(x, y);
}
template <Differentiable X> [[gnu::always_inline]] inline X min(X&& x, const X& y) {
  return detail::apply_consuming<ops::Min, X, const X&>(x, y);
}
template <Differentiable X> [[gnu::always_inline]] inline X min(X&& x, X&& y) {
  return detail::apply_consuming<ops::Min, X, X>(x, y);
}
// clamp(x, low, high): min(max(x, low), high).
template <class... X>
requires detail::NumbersBesidePlain<X...>
[[gnu::always_inline]] inline auto clamp(const X&... x_low_high) {
  return detail::clamped(x_low_high...);
}
template <Differentiable X> [[gnu::always_inline]] inline X clamp(const X& x, X&& low, X&& high) {
  return min(max(x, static_cast<X&&>(low)), static_cast<X&&>(high));
}

}  // namespace autograd
