// Lennard-Jones with a cut-off, and a cubic spline that looks its interval up.

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/programs.hpp>

namespace {

constexpr double kCutOff = 2.5;

// The energy of points in space: 4 (r^-12 - r^-6), shifted to be 0 at the cut-off, 0 beyond it.
template <class T> T energy(std::span<const T> x) {
  const double at_cut_off = 4 * (std::pow(kCutOff, -12) - std::pow(kCutOff, -6));
  T sum = 0.0;
  for (std::size_t i = 0; i < x.size(); i += 3)
    for (std::size_t j = 0; j < i; j += 3) {
      const T a = x[i] - x[j], b = x[i + 1] - x[j + 1], c = x[i + 2] - x[j + 2];
      const T square = a * a + b * b + c * c;
      if (square >= kCutOff * kCutOff) continue;
      const T r6 = 1.0 / (square * square * square);
      sum += 4.0 * r6 * (r6 - 1.0) - at_cut_off;
    }
  return sum;
}

// Natural cubic spline through (i, y_i): second derivatives at the knots by elimination.
template <class T> class Spline {
 public:
  explicit Spline(std::span<const T> y) : y_(y.begin(), y.end()), second_(y.size(), T(0.0)) {
    const std::size_t n = y_.size();
    std::vector<T> c(n, T(0.0)), d(n, T(0.0));
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const T pivot = 4.0 - c[i - 1];
      c[i] = 1.0 / pivot;
      d[i] = (6.0 * (y_[i + 1] - 2.0 * y_[i] + y_[i - 1]) - d[i - 1]) / pivot;
    }
    for (std::size_t i = n - 2; i > 0; --i) second_[i] = d[i] - c[i] * second_[i + 1];
  }
  T operator()(const T& x) const {
    std::size_t i = 0;
    while (i + 2 < y_.size() && x >= static_cast<double>(i + 1)) ++i;
    const T b = x - static_cast<double>(i), a = 1.0 - b;
    return T(a * y_[i] + b * y_[i + 1] +
             ((a * a * a - a) * second_[i] + (b * b * b - b) * second_[i + 1]) / 6.0);
  }

 private:
  std::vector<T> y_, second_;
};

}  // namespace

TEST_CASE("lennard-jones: forces, with pairs inside and outside of the cut-off") {
  const std::vector<double> x{0, 0, 0, 1.1, 0.1, -0.2, 0.3, 1.2, 0.4, 3.5, 0.2, 0.1, 1.9, 1.4, 0.6};
  const auto f = []<class T>(std::span<const T> v) { return energy(v); };
  const auto found = programs::check(f, x);
  for (std::size_t axis = 0; axis < 3; ++axis) {  // forces of pairs add up to 0
    double sum = 0;
    for (std::size_t i = axis; i < x.size(); i += 3) sum += found.gradient[i];
    CHECK(std::abs(sum) < 1e-12);
  }
  // Two points at r: -dE/dr = 24 (2 r^-13 - r^-7).
  const double r = 1.3;
  const auto pair = autograd::gradient(f, {0, 0, 0, r, 0, 0});
  CHECK(-pair[3] == doctest::Approx(24 * (2 * std::pow(r, -13) - std::pow(r, -7))));
  CHECK(pair[0] == -pair[3]);
}

TEST_CASE("spline: by its point and by its table") {
  // Inputs: the point, then the table.
  const auto f = []<class T>(std::span<const T> x) { return Spline<T>(x.subspan(1))(x[0]); };
  for (const double at : {0.3, 1.7, 2.5, 4.9})
    programs::check(f, {at, 1.0, 0.2, -0.5, 0.4, 2.0, 1.5});
  // A spline is linear in its table: the derivatives times the table are the value.
  const std::vector<double> x{3.2, 1.0, 0.2, -0.5, 0.4, 2.0, 1.5};
  const auto [value, gradient] = autograd::value_and_gradient(f, x);
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) sum += gradient[i] * x[i];
  CHECK(sum == doctest::Approx(value).epsilon(1e-13));
}
