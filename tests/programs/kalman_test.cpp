// The likelihood of a Kalman filter: level and slope of a series that both wander.

#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

// A level that wanders by 0.5, seen through noise of 1.
std::vector<double> series(int n) {
  std::mt19937 random(1);
  const auto noise = [&random] {  // close to normal, and the same everywhere
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random()) / 0x1p32;
    return sum;
  };
  std::vector<double> result;
  double level = 0;
  for (int i = 0; i < n; ++i) {
    level += 0.5 * noise();
    result.push_back(level + noise());
  }
  return result;
}

// -log p(y | x). x: the logarithms of the variances of observation, level and slope.
template <class T> T negative_log_likelihood(std::span<const T> x, const std::vector<double>& y) {
  using std::exp, std::log;
  const T observed = exp(x[0]), level_wanders = exp(x[1]), slope_wanders = exp(x[2]);
  T level = y[0], slope = 0.0;
  T p00 = 10.0, p01 = 0.0, p11 = 10.0;  // their covariance, symmetric
  T sum = 0.0;
  for (const double each : y) {
    level += slope;  // predict
    p00 += 2.0 * p01 + p11 + level_wanders;
    p01 += p11;
    p11 += slope_wanders;
    const T error = each - level, variance = p00 + observed;
    sum += log(variance) + error * error / variance;
    const T to_level = p00 / variance, to_slope = p01 / variance;  // update
    level += to_level * error;
    slope += to_slope * error;
    p11 -= to_slope * p01;
    p01 -= to_slope * p00;
    p00 -= to_level * p00;
  }
  return T(0.5 * (sum + static_cast<double>(y.size()) * std::log(2 * std::numbers::pi)));
}

}  // namespace

TEST_CASE("kalman filter: the gradient of its likelihood") {
  const std::vector<double> y = series(150);
  const auto f = [&y]<class T>(std::span<const T> x) { return negative_log_likelihood(x, y); };
  programs::check(f, {-0.5, -1.0, -3.0});
  programs::check(f, {2.0, -8.0, 0.5});
}

TEST_CASE("kalman filter: where it is best the gradient is 0 and the Hessian positive") {
  const std::vector<double> y = series(150);
  const auto f = [&y]<class T>(std::span<const T> x) { return negative_log_likelihood(x, y); };
  std::vector<double> x{0, 0};
  const auto of_two = [&f]<class T>(std::span<const T> v) {
    const std::array<T, 3> all{v[0], v[1], T(-6.0)};
    return f(std::span<const T>(all));
  };
  for (int step = 0; step < 40; ++step) {  // Newton's method, damped
    const auto g = autograd::gradient(of_two, x);
    const auto h = autograd::hessian(of_two, x);
    const double damping = step < 20 ? 0.5 : 0;
    const double a = h(0, 0) + damping, b = h(0, 1), c = h(1, 1) + damping, det = a * c - b * b;
    x[0] -= (c * g[0] - b * g[1]) / det;
    x[1] -= (a * g[1] - b * g[0]) / det;
  }
  const auto g = autograd::gradient(of_two, x);
  CHECK(std::abs(g[0]) < 1e-9);
  CHECK(std::abs(g[1]) < 1e-9);
  const auto h = autograd::hessian(of_two, x);
  CHECK(h(0, 0) > 0);
  CHECK(h(0, 0) * h(1, 1) > h(0, 1) * h(1, 0));
  CHECK(std::exp(x[0]) == doctest::Approx(1).epsilon(0.5));
  CHECK(std::exp(x[1]) == doctest::Approx(0.25).epsilon(0.8));
}
