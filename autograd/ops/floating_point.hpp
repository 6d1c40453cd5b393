// The functions of <cmath> that look at numbers as they are stored: remainders, rounding, signs,
// neighbours. Functions that are made of others are in cmath.hpp.
#pragma once

#include <autograd/ops/arithmetic.hpp>
#include <autograd/ops/piecewise.hpp>
#include <autograd/ops/powers.hpp>
#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

struct Trunc {
  static constexpr Info info{"trunc", "x without its fraction", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return trunc(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return select(eq(x, 0.0), 0.0, eq(x, trunc(x))); }
};

struct Rint {
  static constexpr Info info{
      "rint", "the nearest integer, halves to even", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return rint(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto jump(auto x) { return eq(abs(x) - floor(abs(x)), 0.5); }
};

inline constexpr std::string_view kTiesOfNumbers =
    "1/2 each at a tie, 0 at a tie with a plain number; NaN if both are NaN";

// As in C, a NaN is not there.
struct FMax {
  static constexpr Info info{.name = "fmax",
                             .formula = "max(x, y), but y where x is NaN and x where y is",
                             .derivatives = {"1/2 where x == y, else 1 where r == x, else 0",
                                             "1/2 where x == y, else 1 where r == y, else 0"},
                             .choice = kTiesOfNumbers,
                             .commutes = Commutes::kNearly};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) {
    return select(eq(x, x), select(eq(y, y), Max::value(x, y), x), y);
  }
  static auto dx(auto x, auto y, auto r) { return derivative(x, y, r, Max::dx(x, y, r)); }
  static auto dy(auto x, auto y, auto r) { return derivative(y, x, r, Max::dy(x, y, r)); }
  static auto dx_beside_number(auto x, auto y, auto r) {
    return derivative(x, y, r, Max::dx_beside_number(x, y, r));
  }
  static auto dy_beside_number(auto x, auto y, auto r) { return dx_beside_number(y, x, r); }
  // To x, where `both` is the derivative of two numbers.
  static auto derivative(auto x, auto y, auto r, auto both) {
    return unless_nan(r, select(eq(x, x), select(eq(y, y), both, 1.0), 0.0));
  }
  static auto kink(auto x, auto y) { return eq(x, y); }
};

struct FMin {
  static constexpr Info info{.name = "fmin",
                             .formula = "min(x, y), but y where x is NaN and x where y is",
                             .derivatives = {"1/2 where x == y, else 1 where r == x, else 0",
                                             "1/2 where x == y, else 1 where r == y, else 0"},
                             .choice = kTiesOfNumbers,
                             .commutes = Commutes::kNearly};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) {
    return select(eq(x, x), select(eq(y, y), Min::value(x, y), x), y);
  }
  static auto dx(auto x, auto y, auto r) { return FMax::derivative(x, y, r, Min::dx(x, y, r)); }
  static auto dy(auto x, auto y, auto r) { return FMax::derivative(y, x, r, Min::dy(x, y, r)); }
  static auto dx_beside_number(auto x, auto y, auto r) {
    return FMax::derivative(x, y, r, Min::dx_beside_number(x, y, r));
  }
  static auto dy_beside_number(auto x, auto y, auto r) { return dx_beside_number(y, x, r); }
  static auto kink(auto x, auto y) { return eq(x, y); }
};

// r = x - n y with a whole number n, exact: x / y, rounded as Rest::at() does it.
template <class Rest> struct RemainderOf {
  static constexpr std::array domain{kReals, kReals};
  static auto value(std::floating_point auto x, std::floating_point auto y) {
    return Rest::at(x, y);
  }
  static auto dx(auto, auto, auto r) { return unless_nan(r, 1.0); }
  static auto dy(auto x, auto y, auto r) { return apply<Rint>((r - x) / y); }
  static auto pole(auto, auto y) { return eq(y, 0.0); }
  static auto jump_dx(auto x, auto y) { return Rest::jump_between(x, y, apply<Rest>(x, y)); }
  static auto jump_dy(auto x, auto y) { return Rest::jump_between(x, y, apply<Rest>(x, y)); }
};

struct FMod : RemainderOf<FMod> {
  static constexpr Info info{.name = "fmod",
                             .formula = "x - y trunc(x / y)",
                             .derivatives = {"1", "-trunc(x / y)"},
                             .choice = "at a jump as beside it",
                             .cure = kDivision};
  static auto at(auto x, auto y) { return std::fmod(x, y); }
  static auto jump_between(auto x, auto, auto r) { return select(eq(x, 0.0), 0.0, eq(r, 0.0)); }
};

struct Remainder : RemainderOf<Remainder> {
  static constexpr Info info{.name = "remainder",
                             .formula = "x - y rint(x / y)",
                             .derivatives = {"1", "-rint(x / y)"},
                             .choice = "at a jump as beside it",
                             .cure = kDivision};
  static auto at(auto x, auto y) { return std::remainder(x, y); }
  static auto jump_between(auto, auto y, auto r) { return eq(abs(r), 0.5 * abs(y)); }
};

struct CopySign {
  static constexpr Info info{.name = "copysign",
                             .formula = "|x| with the sign of y",
                             .derivatives = {"sign(x) sign(r)", "0"},
                             .choice = "0 at x = 0"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(std::floating_point auto x, std::floating_point auto y) {
    return std::isnan(y) ? y : std::copysign(x, y);
  }
  static auto dx(auto x, auto, auto r) { return apply<Sign>(x) * apply<Sign>(r); }
  static auto dy(auto, auto y, auto) { return unless_nan(y, 0.0); }
  static auto kink_dx(auto x, auto) { return eq(x, 0.0); }
  static auto jump_dy(auto x, auto y) { return select(eq(x, 0.0), 0.0, eq(y, 0.0)); }
};

struct NextAfter {
  static constexpr Info info{.name = "nextafter",
                             .formula = "the number next to x on the way to y",
                             .derivatives = {"1", "0"},
                             .choice = "the same everywhere",
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals, kReals};
  static auto value(std::floating_point auto x, std::floating_point auto y) {
    return std::nextafter(x, y);
  }
  static auto dx(auto, auto, auto r) { return unless_nan(r, 1.0); }
  static auto dy(auto, auto, auto r) { return unless_nan(r, 0.0); }
};

struct LogB {
  static constexpr Info info{.name = "logb",
                             .formula = "the exponent of x, floor(log2 |x|)",
                             .derivatives = {"0"},
                             .choice = "-inf at 0; derivative 0 everywhere",
                             .cure = kLogarithm};
  static constexpr std::array domain{kReals};
  static auto value(std::floating_point auto x) { return std::logb(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
  static auto pole(auto x) { return eq(x, 0.0); }
  static auto jump(auto x) {
    return select(eq(x, 0.0), 0.0, eq(abs(x), exp2(apply<LogB>(abs(x)))));
  }
};

using FloatingPoint = List<Trunc, Rint, FMax, FMin, FMod, Remainder, CopySign, NextAfter, LogB>;

}  // namespace ops

[[gnu::always_inline]] inline auto trunc(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Trunc>(x...);
}
// In the rounding mode that programs start with.
[[gnu::always_inline]] inline auto rint(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Rint>(x...);
}
[[gnu::always_inline]] inline auto nearbyint(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Rint>(x...);
}
AUTOGRAD_FUNCTION_OF_TWO(fmax, detail::applied<ops::FMax>)
AUTOGRAD_FUNCTION_OF_TWO(fmin, detail::applied<ops::FMin>)
AUTOGRAD_FUNCTION_OF_TWO(fmod, detail::applied<ops::FMod>)
AUTOGRAD_FUNCTION_OF_TWO(remainder, detail::applied<ops::Remainder>)
AUTOGRAD_FUNCTION_OF_TWO(copysign, detail::applied<ops::CopySign>)
AUTOGRAD_FUNCTION_OF_TWO(nextafter, detail::applied<ops::NextAfter>)
[[gnu::always_inline]] inline auto logb(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::LogB>(x...);
}

}  // namespace autograd
