// Functions whose derivatives of every order are computed by themselves, since formulas made of
// other operations would cancel; and the gamma functions.
//
// They are functions of plain numbers: a replay calls them lane by lane. Those of long double are
// as exact as its digits allow, and serve as a reference.
#pragma once

#include <concepts>

#include <autograd/ops/rule.hpp>

namespace autograd::ops {

// As in <cmath>, but lgamma does not write to a variable that all threads share.
double lgamma(double x);
long double lgamma(long double x);
inline double tgamma(double x) { return std::tgamma(x); }
inline long double tgamma(long double x) { return std::tgamma(x); }

// The derivative of lgamma, and the n-th derivative of that.
double digamma(double x);
long double digamma(long double x);
double polygamma(double n, double x);
long double polygamma(long double n, long double x);

// The n-th derivatives of log_normal_cdf, sinc, expm1_over_x and log1p_over_x, for whole n from
// 1 to 100; else NaN.
double log_normal_cdf_derivative(double n, double x);
long double log_normal_cdf_derivative(long double n, long double x);
double sinc_derivative(double n, double x);
long double sinc_derivative(long double n, long double x);
double expm1_over_x_derivative(double n, double x);
long double expm1_over_x_derivative(long double n, long double x);
double log1p_over_x_derivative(double n, double x);
long double log1p_over_x_derivative(long double n, long double x);

// The n-th derivative of a function as an operation: x is the order, a plain number, and y is what
// the function is of.
template <class Derivative> struct NthDerivative {
  static constexpr std::array domain{kReals, kReals};
  static auto value(std::floating_point auto x, std::floating_point auto y) {
    return Derivative::at(x, y);
  }
  static double dx(auto, auto, auto) { return kNaN; }
  static auto dy(auto x, auto y, auto) { return apply<Derivative>(x + 1.0, y); }
};

}  // namespace autograd::ops
