#include "autograd/ops/gamma_functions.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <autograd/ops/real.hpp>

namespace autograd::ops {
namespace {

// Bernoulli's numbers B_2, B_4, ...
constexpr std::array<Real, 15> kBernoulli{1 / 6.0L,
                                          -1 / 30.0L,
                                          1 / 42.0L,
                                          -1 / 30.0L,
                                          5 / 66.0L,
                                          -691 / 2730.0L,
                                          7 / 6.0L,
                                          -3617 / 510.0L,
                                          43867 / 798.0L,
                                          -174611 / 330.0L,
                                          854513 / 138.0L,
                                          -236364091 / 2730.0L,
                                          8553103 / 6.0L,
                                          -23749461029 / 870.0L,
                                          8615841276005 / 14322.0L};

// The distance from the nearest integer, exact.
Real fraction(Real x) { return x - std::round(x); }

Real cotangent_of_pi(Real x) {
  const Real f = fraction(x);
  return std::abs(f) == 0.5L ? 0 : 1 / std::tan(kPi * f);
}

// log x - 1/(2x) - sum B_2k / (2k x^2k) for x >= 12, and what lies between from
// digamma(x + 1) = digamma(x) + 1/x.
Real digamma_of_positive(Real x) {
  Real rest = 0;
  for (; x < 12; ++x) rest += 1 / x;
  const Real square = 1 / (x * x);
  Real power = square, series = 0;
  for (std::size_t k = 0; k < kBernoulli.size(); ++k, power *= square)
    series += kBernoulli[k] / static_cast<Real>(2 * k + 2) * power;
  return std::log(x) - 0.5L / x - series - rest;
}

Real digamma_of(Real x) {
  if (x == 0) return std::copysign(kInfinity, -x);
  if (x > 0) return x == kInfinity ? x : digamma_of_positive(x);
  if (!(x < 0) || fraction(x) == 0) return kNaN;
  return digamma_of_positive(1 - x) - kPi * cotangent_of_pi(x);
}

// scale times Hurwitz' zeta function, the sum of (x + k)^-s over k = 0, 1, ..., for x > 0: by the
// formula of Euler and Maclaurin. The sum alone may be too small for a number.
Real zeta_of_positive(Real s, Real x, Real scale) {
  const auto term = [&](Real at) { return scale * std::pow(at, -s); };
  Real sum = 0;
  for (const Real last = 12 + s / 2; x < last; ++x) {
    const Real next = term(x);
    sum += next;
    // What is left is less than x / (s - 1) terms.
    if (next * (1 + x / (s - 1)) < sum * std::numeric_limits<Real>::epsilon() / 4) return sum;
  }
  const Real first = term(x);
  Real series = x / (s - 1) + 0.5L, factor = s / x;
  for (std::size_t k = 0; k < kBernoulli.size(); ++k) {
    const Real j = static_cast<Real>(2 * k);
    series += kBernoulli[k] * (factor /= (j + 1) * (j + 2));
    factor *= (s + j + 1) * (s + j + 2) / (x * x);
  }
  return sum + first * series;
}

// scale times the same of any x: for x < 0 the sum over all integers, which has the period 1, less
// that of the k below 0.
Real zeta_of(Real s, Real x, Real scale, bool is_even) {
  const Real sign = is_even ? 1 : -1, f = fraction(x);
  if (x > 0) return x == kInfinity ? 0 : zeta_of_positive(s, x, scale);
  if (std::isinf(x)) return kNaN;
  if (f == 0) return is_even ? kInfinity : x == 0 ? std::copysign(kInfinity, x) : kNaN;
  const Real nearest = scale * std::pow(std::abs(f), -s) * (f < 0 ? sign : 1);
  return nearest + zeta_of_positive(s, 1 + f, scale) +
         sign * (zeta_of_positive(s, 1 - f, scale) - zeta_of_positive(s, 1 - x, scale));
}

// (-1)^(n+1) n! zeta(n + 1, x).
Real polygamma_of(Real n, Real x) {
  if (n == 0) return digamma_of(x);
  if (!(n > 0 && n <= 1000) || std::floor(n) != n || std::isnan(x)) return kNaN;
  const bool is_odd = std::fmod(n, 2) == 1;
  const Real sum = zeta_of(n + 1, x, std::tgamma(n + 1), is_odd);
  return is_odd ? sum : -sum;
}

}  // namespace

// lgamma of the C library stores the sign of gamma where every thread writes it.
#if defined(__GLIBC__) || defined(__APPLE__)
double lgamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
#else
double lgamma(double x) { return std::lgamma(x); }
#endif
#if defined(__GLIBC__)
long double lgamma(long double x) {
  int sign = 0;
  return ::lgammal_r(x, &sign);
}
#else
long double lgamma(long double x) { return std::lgamma(x); }
#endif

double digamma(double x) { return static_cast<double>(digamma_of(x)); }
long double digamma(long double x) { return digamma_of(x); }
double polygamma(double n, double x) { return static_cast<double>(polygamma_of(n, x)); }
long double polygamma(long double n, long double x) { return polygamma_of(n, x); }

}  // namespace autograd::ops
