// The error of a camera that sees a point: rotation by an angle and axis, translation, perspective,
// radial distortion.

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

// p, turned by |w| around w (Rodrigues' formula). Near angle 0, where w / |w| is not defined, to
// second order in w.
template <class T> std::array<T, 3> rotate(std::span<const T, 3> w, const std::array<T, 3>& p) {
  using std::cos, std::sin, std::sqrt;
  const T square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
  T sine_over_angle = 1.0 - square / 6.0, one_minus_cosine = 0.5 - square / 24.0;
  if (square > 1e-10) {
    const T angle = sqrt(square);
    sine_over_angle = sin(angle) / angle;
    one_minus_cosine = (1.0 - cos(angle)) / square;
  }
  const T along = (w[0] * p[0] + w[1] * p[1] + w[2] * p[2]) * one_minus_cosine;
  const T c = 1.0 - square * one_minus_cosine;
  return {c * p[0] + sine_over_angle * (w[1] * p[2] - w[2] * p[1]) + along * w[0],
          c * p[1] + sine_over_angle * (w[2] * p[0] - w[0] * p[2]) + along * w[1],
          c * p[2] + sine_over_angle * (w[0] * p[1] - w[1] * p[0]) + along * w[2]};
}

// Inputs: rotation 3, translation 3, focal length, two coefficients of distortion, point 3.
template <class T> std::array<T, 2> residuals(std::span<const T> x) {
  const std::array<T, 3> turned = rotate<T>(x.template first<3>(), {x[9], x[10], x[11]});
  const T z = turned[2] + x[5];
  const T u = -(turned[0] + x[3]) / z, v = -(turned[1] + x[4]) / z;
  const T r2 = u * u + v * v;
  const T scale = x[6] * (1.0 + r2 * (x[7] + x[8] * r2));
  return {scale * u + 62.0, scale * v - 31.0};
}

const auto cost = []<class T>(std::span<const T> x) {
  const std::array<T, 2> r = residuals(x);
  return T(0.5 * (r[0] * r[0] + r[1] * r[1]));
};

// As a cost function of Ceres.
struct Functor {
  template <class T> bool operator()(const T* const x, T* residual) const {
    const std::array<T, 2> r = residuals(std::span<const T>(x, 12));
    residual[0] = r[0];
    residual[1] = r[1];
    return true;
  }
};

}  // namespace

TEST_CASE("reprojection: a camera that is turned") {
  programs::check(cost, {0.02, -0.3, 0.4, 0.3, -0.2, -4, 400, -0.01, 0.002, 0.5, -0.4, 0.3});
  programs::check(cost, {1.2, -0.7, 2.1, 0.3, -0.2, -4, 400, -0.01, 0.002, 0.5, -0.4, 0.3}, 1e-9);
}

TEST_CASE("reprojection: angle 0, where the derivative of the turned point is the cross product") {
  programs::check(cost, {0, 0, 0, 0.3, -0.2, -4, 400, -0.01, 0.002, 0.5, -0.4, 0.3});

  const auto turned = []<class T>(std::span<const T> w) {
    return rotate<T>(w.template first<3>(), {T(0.5), T(-0.4), T(0.3)});
  };
  const autograd::Matrix j = autograd::jacobian(turned, {0, 0, 0});
  const double expected[3][3] = {{0, 0.3, 0.4}, {-0.3, 0, 0.5}, {-0.4, -0.5, 0}};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      CHECK(j(row, column) == doctest::Approx(expected[row][column]));
}

TEST_CASE("reprojection: a functor in the form of Ceres is adapted in one line") {
  const auto f = []<class T>(std::span<const T> x) {
    std::array<T, 2> r;
    Functor()(x.data(), r.data());
    return r;
  };
  const std::vector<double> x{0.02, -0.3, 0.4, 0.3, -0.2, -4, 400, -0.01, 0.002, 0.5, -0.4, 0.3};
  const autograd::Matrix j = autograd::jacobian(f, x);
  const std::vector<programs::Wide> wide(x.begin(), x.end());
  for (std::size_t row = 0; row < 2; ++row) {
    const auto one = [row](std::span<const programs::Wide> v) { return residuals(v)[row]; };
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto expected = static_cast<double>(programs::difference(one, wide, i));
      CHECK(j(row, i) == doctest::Approx(expected).epsilon(1e-10));
    }
  }
}
