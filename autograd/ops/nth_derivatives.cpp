#include "autograd/ops/nth_derivatives.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <autograd/ops/real.hpp>

namespace autograd::ops {
namespace {

constexpr Real kEpsilon = std::numeric_limits<Real>::epsilon();
constexpr std::size_t kHighestOrder = 100;

// The coefficients of a Taylor series, as many as are asked for.
struct Series {
  Real at[kHighestOrder + 1];
};

// ---- log_normal_cdf ----

// The n-th coefficient, n > 0, of log(c_0 + c_1 h + ...), from k c_k = sum_j j l_j c_(k-j).
Real logarithm_of_series(const Series& c, std::size_t n) {
  Series l;
  Real last = 0;
  for (std::size_t k = 1; k <= n; ++k) {
    Real rest = static_cast<Real>(k) * c.at[k];
    for (std::size_t j = 1; j < k; ++j) rest -= static_cast<Real>(j) * l.at[j] * c.at[k - j];
    last = l.at[k] = rest / (static_cast<Real>(k) * c.at[0]);
  }
  return last;
}

// Taylor's series of the distribution function at x: the derivatives of the density are Hermite's
// polynomials times it.
Series series_of_distribution(std::size_t n, Real x) {
  constexpr Real kDensityAtZero = std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
  Series c;
  c.at[0] = std::erfc(-x / std::numbers::sqrt2_v<Real>) / 2;
  const Real density = std::exp(-x * x / 2) * kDensityAtZero;
  Real before = 0, hermite = 1, factorial = 1;
  for (std::size_t k = 1; k <= n; ++k) {
    factorial *= static_cast<Real>(k);
    c.at[k] = (k % 2 == 1 ? density : -density) * hermite / factorial;
    before = std::exchange(hermite, x * hermite - static_cast<Real>(k - 1) * before);
  }
  return c;
}

// Taylor's series at t > 0 of Mills' ratio R(t) = e^(t^2/2) (1 - cdf(t)), up to a factor. With
// (-1)^k c_k = the integral of s^k e^(-ts - s^2/2) / k! over s > 0 this is the solution of
// c_(k-1) = t c_k + (k+1) c_(k+1) that falls, which Miller's algorithm finds from above.
Series series_of_mills_ratio(std::size_t n, Real t) {
  constexpr Real kLarge = 0x1p500L;
  Series c;
  Real above = 0, here = 1;
  const std::size_t first = n + 20 + static_cast<std::size_t>(600 / (t * t));
  for (std::size_t k = first; k > 0; --k) {
    above = std::exchange(here, t * here + static_cast<Real>(k + 1) * above);
    if (k - 1 <= n) c.at[k - 1] = here;
    if (here < kLarge) continue;
    here /= kLarge;
    above /= kLarge;
    for (std::size_t i = k - 1; i <= n; ++i) c.at[i] /= kLarge;
  }
  for (std::size_t k = 1; k <= n; k += 2) c.at[k] = -c.at[k];
  return c;
}

Real log_normal_cdf_derivative_of(std::size_t n, Real x) {
  Real factorial = 1;
  for (std::size_t k = 2; k <= n; ++k) factorial *= static_cast<Real>(k);
  if (x > 1e3L) return 0;
  if (x >= -2) return factorial * logarithm_of_series(series_of_distribution(n, x), n);
  // log cdf(x) = -x^2/2 + log R(-x) + a constant.
  const Real of_square = n == 1 ? -x : n == 2 ? -1 : 0;
  if (x < -1e150L) return of_square;
  const Real of_ratio = factorial * logarithm_of_series(series_of_mills_ratio(n, -x), n);
  return of_square + (n % 2 == 0 ? of_ratio : -of_ratio);
}

// ---- sinc ----

// The n-th derivative of sin(pi x) / (pi x), by Taylor's series near 0; else from
// y S^(k) + k S^(k-1) = sin(y + k pi/2), which S = sin(y) / y fulfils.
Real sinc_derivative_of(std::size_t n, Real x) {
  if (std::isinf(x)) return 0;
  const Real y = kPi * x, order = static_cast<Real>(n);
  const Real scale = std::pow(kPi, order);
  if (std::abs(y) < order / std::numbers::e_v<Real> + 1) {
    Real sum = 0, power = 1;  // y^j / j!
    for (std::size_t j = 0; j < 200; ++j) {
      if ((n + j) % 2 == 0) {
        const Real term = power / static_cast<Real>(n + j + 1);
        sum += (n + j) % 4 == 0 ? term : -term;
        if (j > n && std::abs(term) < std::abs(sum) * kEpsilon / 4) break;
      }
      power *= y / static_cast<Real>(j + 1);
    }
    return scale * sum;
  }
  const Real r = x - 2 * std::round(x / 2);
  const Real sine = std::sin(kPi * (std::abs(r) > 0.5L ? std::copysign(1.0L, r) - r : r));
  const Real cosine = std::sin(kPi * (0.5L - std::abs(r)));
  const Real waves[] = {sine, cosine, -sine, -cosine};
  Real result = sine / y;
  for (std::size_t k = 1; k <= n; ++k) result = (waves[k % 4] - static_cast<Real>(k) * result) / y;
  return scale * result;
}

// ---- expm1_over_x ----

// The n-th derivative of (e^x - 1) / x is the integral of t^n e^(xt) over 0 < t < 1: a series of
// positive terms near 0, else from x M_k + k M_(k-1) = e^x.
Real expm1_over_x_derivative_of(std::size_t n, Real x) {
  if (std::isinf(x)) return x > 0 ? x : 0;
  const Real order = static_cast<Real>(n), size = std::abs(x);
  if (size > std::max(40.0L, 2 * order)) {
    if (x > 11000) return kInfinity;
    Real result = std::expm1(x) / x;
    for (std::size_t k = 1; k <= n; ++k) result = (std::exp(x) - static_cast<Real>(k) * result) / x;
    return result;
  }
  Real sum = 0, power = x > 0 ? 1 : 1 / (order + 1);
  for (Real k = 1; k < 10000; ++k) {
    const Real term = x > 0 ? power / (order + k) : power;
    sum += term;
    if (k > size && term < sum * kEpsilon / 8) break;
    power *= x > 0 ? size / k : size / (order + 1 + k);
  }
  return x > 0 ? sum : std::exp(x) * sum;
}

// ---- log1p_over_x ----

// The n-th derivative of log(1 + x) / x is (-1)^n n! J_n, where J_n is the integral of
// t^n / (1 + xt)^(n+1) over 0 < t < 1: a series of positive terms near 0, else from
// x J_k = J_(k-1) - (1 + x)^-k / k.
Real log1p_over_x_derivative_of(std::size_t n, Real x) {
  if (!(x >= -1)) return kNaN;
  const Real order = static_cast<Real>(n);
  Real factor = n % 2 == 0 ? 1 : -1;
  for (std::size_t k = 2; k <= n; ++k) factor *= static_cast<Real>(k);
  if (x == -1) return factor * kInfinity;
  if (x == kInfinity) return 0;
  if (x < -0.5L || x > 0.5L) {
    Real result = std::log1p(x) / x;
    for (std::size_t k = 1; k <= n; ++k)
      result = (result - std::pow(1 + x, -static_cast<Real>(k)) / static_cast<Real>(k)) / x;
    return factor * result;
  }
  // Below 0 in powers of -x, above in powers of x / (1 + x).
  const Real base = x < 0 ? -x : x / (1 + x);
  Real sum = 0, power = 1;
  for (Real k = 0; k < 10000; ++k) {
    const Real term = power / (order + 1 + k);
    sum += term;
    if (k > order && term < sum * kEpsilon / 8) break;
    power *= x < 0 ? base * (order + k + 1) / (k + 1) : base;
  }
  return factor * (x < 0 ? sum : sum * std::pow(1 + x, -order - 1));
}

// f of a whole order above 0, else NaN.
template <class F> Real of_order(Real n, Real x, F f) {
  if (!(n > 0 && n <= kHighestOrder) || std::floor(n) != n || std::isnan(x)) return kNaN;
  return f(static_cast<std::size_t>(n), x);
}

}  // namespace

long double log_normal_cdf_derivative(long double n, long double x) {
  return of_order(n, x, log_normal_cdf_derivative_of);
}
long double sinc_derivative(long double n, long double x) {
  return of_order(n, x, sinc_derivative_of);
}
long double expm1_over_x_derivative(long double n, long double x) {
  return of_order(n, x, expm1_over_x_derivative_of);
}
long double log1p_over_x_derivative(long double n, long double x) {
  return of_order(n, x, log1p_over_x_derivative_of);
}

double log_normal_cdf_derivative(double n, double x) {
  return static_cast<double>(log_normal_cdf_derivative(Real(n), Real(x)));
}
double sinc_derivative(double n, double x) {
  return static_cast<double>(sinc_derivative(Real(n), Real(x)));
}
double expm1_over_x_derivative(double n, double x) {
  return static_cast<double>(expm1_over_x_derivative(Real(n), Real(x)));
}
double log1p_over_x_derivative(double n, double x) {
  return static_cast<double>(log1p_over_x_derivative(Real(n), Real(x)));
}

}  // namespace autograd::ops
