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
namespace detail {

// The number type of operands of which some are plain numbers; double if all are.
template <class... X> struct FirstRecorded {
  using Type = double;
};
template <class X, class... Rest> struct FirstRecorded<X, Rest...> {
  using Type = std::conditional_t<Differentiable<X>, X, typename FirstRecorded<Rest...>::Type>;
};
template <class... X> using NumberAmong = typename FirstRecorded<X...>::Type;
template <class... X>
concept NumbersTogether = ((Plain<X> || std::same_as<X, NumberAmong<X...>>)&&...);

}  // namespace detail

// ---- made of operations ----

auto fabs(const Number auto& x, detail::Nothing auto...) { return abs(x); }

// x - y where that is positive, else 0, and there with derivatives of 0.
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
auto fdim(const X& x, const Y& y, detail::Nothing auto...) {
  return select(le(x, y), 0.0, x - y);
}

// x y + z, rounded twice.
template <class X, class Y, class Z>
requires detail::NumbersTogether<X, Y, Z>
auto fma(const X& x, const Y& y, const Z& z, detail::Nothing auto...) {
  return detail::NumberAmong<X, Y, Z>(x * y + z);
}

// sqrt(x^2 + y^2 + z^2), as norm().
template <class X, class Y, class Z>
requires detail::NumbersTogether<X, Y, Z>
auto hypot(const X& x, const Y& y, const Z& z, detail::Nothing auto...) {
  using T = detail::NumberAmong<X, Y, Z>;
  return norm(std::array<T, 3>{T(detail::plain(x)), T(detail::plain(y)), T(detail::plain(z))});
}

// (1 - t) a + t b: a at t = 0, b at t = 1, exactly.
template <class A, class B, class T>
requires detail::NumbersTogether<A, B, T>
auto lerp(const A& a, const B& b, const T& t, detail::Nothing auto...) {
  return detail::NumberAmong<A, B, T>((1.0 - t) * a + t * b);
}

// x 2^n for a whole number n, in steps that do not overflow by themselves.
template <Number X, detail::Plain N>
detail::NumberAmong<X> ldexp(const X& x, const N& n, detail::Nothing auto...) {
  detail::NumberAmong<X> result = detail::plain(x);
  auto left = std::clamp<int>(static_cast<int>(n), -3000, 3000);
  for (; left > 1000; left -= 1000) result = result * 0x1p1000;
  for (; left < -1000; left += 1000) result = result * 0x1p-1000;
  return result * std::ldexp(1.0, left);
}
template <Number X, detail::Plain N> auto scalbn(const X& x, const N& n, detail::Nothing auto...) {
  return ldexp(x, n);
}
template <Number X, detail::Plain N> auto scalbln(const X& x, const N& n, detail::Nothing auto...) {
  return ldexp(x, n);
}

template <class X, class Y>
requires detail::NumbersTogether<X, Y>
auto nexttoward(const X& x, const Y& y, detail::Nothing auto...) {
  return nextafter(x, y);
}

// The fraction of x, whose derivative is 1; the rest is in *whole.
template <Number X> X modf(const X& x, X* whole, detail::Nothing auto...) {
  *whole = trunc(x);
  return select(eq(abs(x), ops::kInfinity), 0.0, x - *whole);
}

// Angles in degrees and in radians.
auto degrees(const Number auto& radians, detail::Nothing auto...) {
  return radians * (180 / std::numbers::pi);
}
auto radians(const Number auto& degrees, detail::Nothing auto...) {
  return degrees * (std::numbers::pi / 180);
}

// w log cosh(x / w): |x| with the kink rounded over a width of w > 0, a plain number. 0 at 0, and
// less than |x| by at most w log 2.
template <Number X, detail::Plain W>
auto smooth_abs(const X& x, const W& width, detail::Nothing auto...) {
  return width * log_cosh(x / width);
}
// w log(e^(x/w) + e^(y/w)): more than max(x, y) by at most w log 2.
template <Number X, detail::NumberBeside<X> Y, detail::Plain W>
auto smooth_max(const X& x, const Y& y, const W& width, detail::Nothing auto...) {
  return width * logaddexp(x / width, y / width);
}
template <Number X, detail::NumberBeside<X> Y, detail::Plain W>
auto smooth_min(const X& x, const Y& y, const W& width, detail::Nothing auto...) {
  return -smooth_max(-x, -y, width);
}

// ---- questions ----

bool isnan(const Number auto& x, detail::Nothing auto...) { return !(x == x); }
bool isinf(const Number auto& x, detail::Nothing auto...) {
  return x == ops::kInfinity || x == -ops::kInfinity;
}
bool isfinite(const Number auto& x, detail::Nothing auto...) {
  return x < ops::kInfinity && x > -ops::kInfinity;
}
bool isnormal(const Number auto& x, detail::Nothing auto...) {
  constexpr double kLeast = std::numeric_limits<double>::min();
  return isfinite(x) && (x >= kLeast || x <= -kLeast);
}
bool signbit(const Number auto& x, detail::Nothing auto...) { return copysign(1.0, x) < 0.0; }
int fpclassify(const Number auto& x, detail::Nothing auto...) {
  if (isnan(x)) return FP_NAN;
  if (isinf(x)) return FP_INFINITE;
  if (x == 0.0) return FP_ZERO;
  return isnormal(x) ? FP_NORMAL : FP_SUBNORMAL;
}

template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool isgreater(const X& x, const Y& y, detail::Nothing auto...) {
  return x > y;
}
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool isgreaterequal(const X& x, const Y& y, detail::Nothing auto...) {
  return x >= y;
}
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool isless(const X& x, const Y& y, detail::Nothing auto...) {
  return x < y;
}
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool islessequal(const X& x, const Y& y, detail::Nothing auto...) {
  return x <= y;
}
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool islessgreater(const X& x, const Y& y, detail::Nothing auto...) {
  return x < y || x > y;
}
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
bool isunordered(const X& x, const Y& y, detail::Nothing auto...) {
  return !(x == x) || !(y == y);
}

// ---- plain numbers ----

long lround(const Number auto& x, detail::Nothing auto...) {
  return std::lround(value_of(round(x)));
}
long long llround(const Number auto& x, detail::Nothing auto...) {
  return std::llround(value_of(round(x)));
}
long lrint(const Number auto& x, detail::Nothing auto...) { return std::lrint(value_of(rint(x))); }
long long llrint(const Number auto& x, detail::Nothing auto...) {
  return std::llrint(value_of(rint(x)));
}

int ilogb(const Number auto& x, detail::Nothing auto...) {
  const double exponent = value_of(logb(x));
  if (std::isnan(exponent)) return FP_ILOGBNAN;
  if (std::isinf(exponent)) return exponent < 0 ? FP_ILOGB0 : INT_MAX;
  return static_cast<int>(exponent);
}

// x 2^-n, between 1/2 and 1 in size, where n is in *exponent.
template <Number X>
detail::NumberAmong<X> frexp(const X& x, int* exponent, detail::Nothing auto...) {
  *exponent = 0;
  if (x == 0.0 || !isfinite(x)) return x;
  *exponent = ilogb(x) + 1;
  return ldexp(x, -*exponent);
}

// remainder(x, y), with the last bits of the quotient and its sign in *quotient.
template <class X, class Y>
requires detail::NumbersTogether<X, Y>
auto remquo(const X& x, const Y& y, int* quotient, detail::Nothing auto...) {
  const auto r = remainder(x, y);
  *quotient = isnan(r) ? 0 : static_cast<int>(std::fmod(value_of(rint((x - r) / y)), 8));
  return r;
}

}  // namespace autograd
