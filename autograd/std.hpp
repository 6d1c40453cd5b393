// std::exp(x), std::max(x, y) and the like for the library's numbers, for code that is written with
// qualified names.
//
//   #include <autograd/std.hpp>   // first
//   #include "their_code.hpp"     // template <class T> T f(T x) { return std::exp(-x * x); }
//
//   double slope = autograd::gradient([](auto x) { return f(x[0]); }, {0.5})[0];
//
// It must be included before the code that calls: a qualified name is looked up where a template is
// defined, not where it is used. Code with `using std::exp; exp(x)` does without this header.
//
// The standard does not allow programs to add functions to namespace std: formally the behaviour of
// a program that includes this file is undefined. In practice the file adds overloads for the
// library's numbers that no others can be confused with, as other libraries of this kind do. Calls
// with plain numbers stay those of the standard library.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include <autograd/autograd.hpp>

// NOLINTBEGIN(cert-dcl58-cpp)
namespace std {

using autograd::abs, autograd::acos, autograd::acosh, autograd::asin, autograd::asinh,
    autograd::atan, autograd::atan2, autograd::atanh, autograd::cbrt, autograd::ceil,
    autograd::copysign, autograd::cos, autograd::cosh, autograd::erf, autograd::erfc, autograd::exp,
    autograd::exp2, autograd::expm1, autograd::fabs, autograd::fdim, autograd::floor, autograd::fma,
    autograd::fmax, autograd::fmin, autograd::fmod, autograd::fpclassify, autograd::frexp,
    autograd::hypot, autograd::ilogb, autograd::isfinite, autograd::isgreater,
    autograd::isgreaterequal, autograd::isinf, autograd::isless, autograd::islessequal,
    autograd::islessgreater, autograd::isnan, autograd::isnormal, autograd::isunordered,
    autograd::ldexp, autograd::lerp, autograd::lgamma, autograd::llrint, autograd::llround,
    autograd::log, autograd::log10, autograd::log1p, autograd::log2, autograd::logb,
    autograd::lrint, autograd::lround, autograd::modf, autograd::nearbyint, autograd::nextafter,
    autograd::nexttoward, autograd::pow, autograd::remainder, autograd::remquo, autograd::rint,
    autograd::round, autograd::scalbln, autograd::scalbn, autograd::signbit, autograd::sin,
    autograd::sinh, autograd::sqrt, autograd::tan, autograd::tanh, autograd::tgamma,
    autograd::trunc;

template <class T>
requires autograd::Differentiable<T>
T max(const T& x, const T& y) {
  return T::template record<autograd::ops::Max>(x, y);
}
template <class T>
requires autograd::Differentiable<T>
T min(const T& x, const T& y) {
  return T::template record<autograd::ops::Min>(x, y);
}
template <class T>
requires autograd::Differentiable<T>
T max(initializer_list<T> x) {
  T result = *x.begin();
  for (const T* each = x.begin() + 1; each != x.end(); ++each) result = max(result, *each);
  return result;
}
template <class T>
requires autograd::Differentiable<T>
T min(initializer_list<T> x) {
  T result = *x.begin();
  for (const T* each = x.begin() + 1; each != x.end(); ++each) result = min(result, *each);
  return result;
}

}  // namespace std
// NOLINTEND(cert-dcl58-cpp)
