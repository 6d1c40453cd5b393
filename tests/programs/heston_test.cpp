// The price of a call in Heston's model, from its characteristic function: complex numbers of the
// library's types.

#include <cmath>
#include <complex>
#include <numbers>
#include <span>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

// E exp(i u (log S_T - log S_0)), no interest, in the form without jumps of the logarithm (Albrecher
// and others, "The little Heston trap", 2007).
// x: speed of reversion, long variance, volatility of the variance, correlation, variance now.
template <class T>
std::complex<T> characteristic(std::span<const T> x, std::complex<T> u, double t) {
  using C = std::complex<T>;
  const C i(T(0.0), T(1.0));
  const C b = x[0] - x[2] * x[3] * i * u;
  const C d = sqrt(b * b + x[2] * x[2] * (i * u + u * u));
  const C g = (b - d) / (b + d);
  const C decay = exp(d * T(-t)), one(T(1.0), T(0.0));
  const T scale = x[2] * x[2];
  const C mean =
      (x[0] * x[1] / scale) * ((b - d) * T(t) - T(2.0) * log((one - g * decay) / (one - g)));
  return exp(mean + (x[4] / scale) * (b - d) * (one - decay) / (one - g * decay));
}

// Of a call with strike 100 on a price of x[5], by Lewis' integral of
// Re(characteristic(u - i/2) exp(i u moneyness)) / (u^2 + 1/4) over all u > 0, with u = sinh(v) / 2:
// an even function without edges, for which the trapezoidal rule is exact to many digits.
template <class T> T call(std::span<const T> x, double t) {
  using std::exp, std::log, std::sqrt;
  using C = std::complex<T>;
  constexpr int kSteps = 200;
  constexpr double kStrike = 100, kStep = 7.0 / kSteps;
  const T moneyness = log(x[5] / kStrike);
  T sum = 0.0;
  for (int k = 0; k < kSteps; ++k) {
    const double u = 0.5 * std::sinh(k * kStep);
    const C z = characteristic<T>(x, C(T(u), T(-0.5)), t) * exp(C(T(0.0), T(u) * moneyness));
    sum = sum + (k == 0 ? 0.5 : 1.0) / std::cosh(k * kStep) * z.real();
  }
  return T(x[5] - sqrt(x[5] * kStrike) / std::numbers::pi * (2 * kStep) * sum);
}

const std::vector<double> kPoint{1.5768, 0.0398, 0.5751, -0.5711, 0.0175, 100};

}  // namespace

TEST_CASE("heston: the published price, and its derivatives") {
  const auto price = []<class T>(std::span<const T> x) { return call(x, 1.0); };
  const autograd::ValueAndGradient found = programs::check(price, kPoint, 1e-9);
  // Fang and Oosterlee, "A novel pricing method for European options based on Fourier-cosine series
  // expansions" (2008): 5.785155450.
  CHECK(found.value == doctest::Approx(5.785155450).epsilon(1e-8));
  CHECK(found.value == doctest::Approx(5.785155434376).epsilon(1e-12));  // Heston's own integrals
}

TEST_CASE("heston: ten years") {
  const auto price = []<class T>(std::span<const T> x) { return call(x, 10.0); };
  CHECK(programs::check(price, kPoint, 1e-9).value == doctest::Approx(22.318945791).epsilon(1e-8));
}

TEST_CASE("complex numbers: the equations of Cauchy and Riemann") {
  // d Re w/dx = d Im w/dy = Re w', and -d Re w/dy = d Im w/dx = Im w'.
  using autograd::jacobian;
  const std::complex<double> z(0.7, -1.3);
  const auto check = [&](const auto& f, std::complex<double> derivative) {
    const autograd::Matrix j = jacobian(f, {z.real(), z.imag()});
    CHECK(j(0, 0) == doctest::Approx(derivative.real()).epsilon(1e-13));
    CHECK(j(0, 1) == doctest::Approx(-derivative.imag()).epsilon(1e-13));
    CHECK(j(1, 0) == doctest::Approx(derivative.imag()).epsilon(1e-13));
    CHECK(j(1, 1) == doctest::Approx(derivative.real()).epsilon(1e-13));
  };
  const auto of = [](const auto& w) {
    return [&w]<class T>(std::span<const T> x) {
      const std::complex<T> result = w(std::complex<T>(x[0], x[1]));
      return std::array<T, 2>{result.real(), result.imag()};
    };
  };
  check(of([](const auto& w) { return w * w * w; }), 3.0 * z * z);
  check(of([](const auto& w) { return exp(w); }), std::exp(z));
  check(of([](const auto& w) { return log(w); }), 1.0 / z);
  check(of([](const auto& w) { return sqrt(w); }), 0.5 / std::sqrt(z));
  check(of([](const auto& w) { return w / (w * w + w); }), -1.0 / ((z + 1.0) * (z + 1.0)));
}
