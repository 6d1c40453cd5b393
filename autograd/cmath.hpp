// The rest of <cmath>, for every number type: functions that are made of operations, questions
// about a number, and functions whose results are plain numbers. They are found through their
// operands, and take plain numbers beside a recorded one.
//
// A plain number that is taken out of a recorded one has no derivative. While a Function is traced
// it is a guard: rows for which it would be another one are reported, as rows are for which a
// comparison goes the other way.
#pragma once

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <concepts>
#include <numbers>
#include <type_traits>

#include <autograd/ranges.hpp>

namespace autograd {

// ---- made of operations ----

auto fabs(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return abs(x...);
}

namespace detail {

inline constexpr OfPlainNumbers kFdim{
    [](const auto& x, const auto& y) { return select(le(x, y), 0.0, x - y); }};
inline constexpr OfPlainNumbers kFma{
    [](const auto& x, const auto& y, const auto& z) { return x * y + z; }};
inline constexpr OfPlainNumbers kHypot{
    []<class X, class Y, class Z>(const X& x, const Y& y, const Z& z) {
      using T = NumberAmong<X, Y, Z>;
      return norm(std::array<T, 3>{T(plain(x)), T(plain(y)), T(plain(z))});
    }};
inline constexpr OfPlainNumbers kLerp{
    [](const auto& a, const auto& b, const auto& t) { return (1.0 - t) * a + t * b; }};

}  // namespace detail

// fdim(x, y): x - y where that is positive, else 0, and there with derivatives of 0.
AUTOGRAD_FUNCTION_OF_TWO(fdim, detail::kFdim)
// fma(x, y, z): x y + z, rounded twice.
AUTOGRAD_FUNCTION_OF_THREE(fma, detail::kFma)
// hypot(x, y, z): sqrt(x^2 + y^2 + z^2), as norm().
AUTOGRAD_FUNCTION_OF_THREE(hypot, detail::kHypot)
// lerp(a, b, t): (1 - t) a + t b: a at t = 0, b at t = 1, exactly.
AUTOGRAD_FUNCTION_OF_THREE(lerp, detail::kLerp)

// x 2^n for a whole number n, in steps that do not overflow by themselves.
template <class... Operands>
requires detail::NumberAndPlain<Operands...>
auto ldexp(const Operands&... x_n) {
  return []<class X, class N>(const X& x, const N& n) -> detail::NumberAmong<X> {
    detail::NumberAmong<X> result = detail::plain(x);
    auto left = std::clamp<int>(static_cast<int>(n), -3000, 3000);
    for (; left > 1000; left -= 1000) result = result * 0x1p1000;
    for (; left < -1000; left += 1000) result = result * 0x1p-1000;
    return result * std::ldexp(1.0, left);
  }(x_n...);
}
template <class... Operands>
requires detail::NumberAndPlain<Operands...>
auto scalbn(const Operands&... x_n) {
  return ldexp(x_n...);
}
template <class... Operands>
requires detail::NumberAndPlain<Operands...>
auto scalbln(const Operands&... x_n) {
  return ldexp(x_n...);
}

template <class... Operands>
requires detail::TwoNumbers<Operands...>
auto nexttoward(const Operands&... x_y) {
  return nextafter(x_y...);
}

// The fraction of x, whose derivative is 1; the rest is in *whole.
template <class... Operands>
requires detail::NumberAndPlace<Operands...>
auto modf(const Operands&... x_whole) {
  return []<class X>(const X& x, X* whole) -> X {
    *whole = trunc(x);
    return select(eq(abs(x), ops::kInfinity), 0.0, x - *whole);
  }(x_whole...);
}

// Angles in degrees and in radians.
auto degrees(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& radians) { return radians * (180 / std::numbers::pi); }(operand...);
}
auto radians(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& degrees) { return degrees * (std::numbers::pi / 180); }(operand...);
}

// w log cosh(x / w): |x| with the kink rounded over a width of w > 0, a plain number. 0 at 0, and
// less than |x| by at most w log 2.
template <class... Operands>
requires detail::NumberAndPlain<Operands...>
auto smooth_abs(const Operands&... x_width) {
  return []<class X, class W>(const X& x, const W& width) {
    return width * log_cosh(x / width);
  }(x_width...);
}
// w log(e^(x/w) + e^(y/w)): more than max(x, y) by at most w log 2.
template <class... Operands>
requires detail::TwoNumbersAndPlain<Operands...>
auto smooth_max(const Operands&... x_y_width) {
  return []<class X, class Y, class W>(const X& x, const Y& y, const W& width) {
    return width * logaddexp(x / width, y / width);
  }(x_y_width...);
}
template <class... Operands>
requires detail::TwoNumbersAndPlain<Operands...>
auto smooth_min(const Operands&... x_y_width) {
  return []<class X, class Y, class W>(const X& x, const Y& y, const W& width) {
    return -smooth_max(-x, -y, width);
  }(x_y_width...);
}

// ---- questions ----

bool isnan(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) { return !(x == x); }(operand...);
}
bool isinf(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) { return x == ops::kInfinity || x == -ops::kInfinity; }(operand...);
}
bool isfinite(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) { return x < ops::kInfinity && x > -ops::kInfinity; }(operand...);
}
bool isnormal(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) {
    constexpr double kLeast = std::numeric_limits<double>::min();
    return isfinite(x) && (x >= kLeast || x <= -kLeast);
  }(operand...);
}
bool signbit(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) { return copysign(1.0, x) < 0.0; }(operand...);
}
int fpclassify(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) {
    if (isnan(x)) return FP_NAN;
    if (isinf(x)) return FP_INFINITE;
    if (x == 0.0) return FP_ZERO;
    return isnormal(x) ? FP_NORMAL : FP_SUBNORMAL;
  }(operand...);
}

template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool isgreater(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return x > y; }(x_y...);
}
template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool isgreaterequal(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return x >= y; }(x_y...);
}
template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool isless(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return x < y; }(x_y...);
}
template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool islessequal(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return x <= y; }(x_y...);
}
template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool islessgreater(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return x < y || x > y; }(x_y...);
}
template <class... Operands>
requires detail::TwoNumbers<Operands...>
bool isunordered(const Operands&... x_y) {
  return []<class X, class Y>(const X& x, const Y& y) { return !(x == x) || !(y == y); }(x_y...);
}

// ---- plain numbers ----

long lround(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return std::lround(value_of(round(x...)));
}
long long llround(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return std::llround(value_of(round(x...)));
}
long lrint(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return std::lrint(value_of(rint(x...)));
}
long long llrint(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return std::llrint(value_of(rint(x...)));
}

int ilogb(const Number auto&... operand)
requires(sizeof...(operand) == 1)
{
  return [](const auto& x) {
    const double exponent = value_of(logb(x));
    if (std::isnan(exponent)) return FP_ILOGBNAN;
    if (std::isinf(exponent)) return exponent < 0 ? FP_ILOGB0 : INT_MAX;
    return static_cast<int>(exponent);
  }(operand...);
}

// x 2^-n, between 1/2 and 1 in size, where n is in *exponent.
template <class... Operands>
requires detail::NumberAndIntPlace<Operands...>
auto frexp(const Operands&... x_exponent) {
  return []<class X>(const X& x, int* exponent) -> detail::NumberAmong<X> {
    *exponent = 0;
    if (x == 0.0 || !isfinite(x)) return x;
    *exponent = ilogb(x) + 1;
    return ldexp(x, -*exponent);
  }(x_exponent...);
}

// remainder(x, y), with the last bits of the quotient and its sign in *quotient.
template <class... Operands>
requires detail::TwoNumbersAndIntPlace<Operands...>
auto remquo(const Operands&... x_y_quotient) {
  return []<class X, class Y>(const X& x, const Y& y, int* quotient) {
    const auto r = remainder(x, y);
    *quotient = isnan(r) ? 0 : static_cast<int>(std::fmod(value_of(rint((x - r) / y)), 8));
    return r;
  }(x_y_quotient...);
}

}  // namespace autograd
