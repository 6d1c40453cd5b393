// The words in which rules are written.
//
// A rule is generic in the number type: `double` when a graph is recorded, a number type when a
// derivative is itself differentiated, SIMD lanes when a Function runs. It names its operands x and
// y and its result r. Rules branch with select(), never with if, so that one rule also serves many
// rows at once. A derivative that is a constant is returned as a plain double.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <numbers>

#include <autograd/ops/info.hpp>
#include <autograd/ops/list.hpp>
#include <autograd/ops/number.hpp>
#include <autograd/ops/signatures.hpp>
#include <autograd/ops/temporaries.hpp>

namespace autograd::ops {

using detail::apply, detail::apply_range;

// Number types other than double bring these words of their own, found by ADL.
inline bool lt(double x, double y) { return x < y; }
inline bool gt(double x, double y) { return x > y; }
inline bool le(double x, double y) { return x <= y; }
inline bool eq(double x, double y) { return x == y; }
inline bool ne(double x, double y) { return x != y; }
inline double select(bool condition, double yes, double no) { return condition ? yes : no; }

using std::abs, std::acos, std::acosh, std::asin, std::asinh, std::atan, std::atan2, std::atanh,
    std::cbrt, std::ceil, std::cos, std::cosh, std::erf, std::erfc, std::exp, std::exp2, std::expm1,
    std::floor, std::hypot, std::log, std::log10, std::log1p, std::log2, std::pow, std::rint,
    std::round, std::sin, std::sinh, std::sqrt, std::tan, std::tanh, std::trunc;

// What a rule asks of a number, beside the functions of <cmath> that it calls: arithmetic, a way
// from double, and the six words lt gt le eq ne select.
template <class T>
concept RuleNumber = std::convertible_to<double, T> && requires(T x, T y) {
  { x + y } -> std::convertible_to<T>;
  { x - y } -> std::convertible_to<T>;
  { x* y } -> std::convertible_to<T>;
  { x / y } -> std::convertible_to<T>;
  { -x } -> std::convertible_to<T>;
  { select(lt(x, y), x, y) } -> std::convertible_to<T>;
  { select(gt(x, y), x, y) } -> std::convertible_to<T>;
  { select(le(x, y), x, y) } -> std::convertible_to<T>;
  { select(eq(x, y), x, y) } -> std::convertible_to<T>;
  { select(ne(x, y), x, y) } -> std::convertible_to<T>;
};

// v, but NaN where x is NaN.
inline auto unless_nan(auto x, auto v) { return select(eq(x, x), v, x); }
// x cut to +-1000, so that a factor that has died out there is not multiplied by infinity.
inline auto bounded(auto x) { return select(gt(x, 1e3), 1e3, select(lt(x, -1e3), -1e3, x)); }

}  // namespace autograd::ops
