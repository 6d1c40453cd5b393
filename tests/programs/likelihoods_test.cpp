// Likelihoods of counts and of lifetimes.

#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

struct Lifetime {
  double time;
  bool ended;  // else it went on when it was last seen
};
const std::vector<Lifetime> kLifetimes{{0.5, true}, {1.7, true},  {2.2, false}, {3.1, true},
                                       {0.9, true}, {4.0, false}, {2.8, true},  {1.1, true}};

// Weibull, with censored lifetimes. x: the logarithms of shape and scale.
const auto weibull = []<class T>(std::span<const T> x) {
  using std::exp, std::log, std::pow;
  const T shape = exp(x[0]), scale = exp(x[1]);
  T sum = 0.0;
  for (const Lifetime& each : kLifetimes) {
    const T part = each.time / scale;
    sum += pow(part, shape);
    if (each.ended) sum -= log(shape / scale) + (shape - 1.0) * log(part);
  }
  return sum;
};

// Counts that vary more than Poisson's: negative binomial, of mean mu = exp(a + b x) and variance
// mu + mu^2 / r. x: a, b and the logarithm of r.
struct Count {
  double x;
  int count;
};
const std::vector<Count> kCounts{{-1, 0}, {-0.5, 3}, {0, 1}, {0.3, 7}, {0.8, 2}, {1.2, 12}};

const auto negative_binomial = []<class T>(std::span<const T> x) {
  using std::exp, std::lgamma, std::log;
  const T r = exp(x[2]);
  T sum = 0.0;
  for (const auto& [at, count] : kCounts) {
    const T mu = exp(x[0] + x[1] * at), n = T(static_cast<double>(count));
    sum += lgamma(n + r) - lgamma(r) - std::lgamma(count + 1.0) - r * log(1.0 + mu / r) -
           n * log(1.0 + r / mu);
  }
  return T(-sum);
};

}  // namespace

TEST_CASE("negative binomial: the score in closed form, of which digamma is a finite sum") {
  const std::vector<double> x{0.7, 0.9, 0.4};
  const auto found = programs::check(negative_binomial, x);
  // d/da = -sum r (n - mu) / (r + mu), and with psi(n + r) - psi(r) = sum_(k < n) 1 / (r + k):
  // d/d(log r) = -r sum [psi(n + r) - psi(r) + log(r / (r + mu)) + (mu - n) / (r + mu)]
  const double r = std::exp(x[2]);
  double by_a = 0, by_b = 0, by_r = 0;
  for (const auto& [at, count] : kCounts) {
    const double mu = std::exp(x[0] + x[1] * at), residual = (mu - count) / (r + mu);
    by_a += r * residual;
    by_b += r * residual * at;
    double term = std::log(r / (r + mu)) + residual;
    for (int k = 0; k < count; ++k) term += 1 / (r + k);
    by_r -= r * term;
  }
  CHECK(found.gradient[0] == doctest::Approx(by_a).epsilon(1e-13));
  CHECK(found.gradient[1] == doctest::Approx(by_b).epsilon(1e-13));
  CHECK(found.gradient[2] == doctest::Approx(by_r).epsilon(1e-13));
}

TEST_CASE("weibull: the gradient by the scale in closed form") {
  const std::vector<double> x{0.4, 0.9};
  const auto found = programs::check(weibull, x);
  // d/d(log scale) of sum (t/s)^k - ended (log k - log s + (k - 1) log(t/s)): -k (t/s)^k + ended k
  const double shape = std::exp(x[0]), scale = std::exp(x[1]);
  double expected = 0;
  for (const auto& [time, ended] : kLifetimes)
    expected += shape * ((ended ? 1 : 0) - std::pow(time / scale, shape));
  CHECK(found.gradient[1] == doctest::Approx(expected).epsilon(1e-13));
}
