#include "autograd/minimize/directions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>

namespace autograd::detail {

namespace {

// L with L L^T = H + t 1, or nothing if that is not positive definite.
std::optional<Matrix> cholesky(const Matrix& hessian, double t) {
  const std::size_t n = hessian.rows;
  Matrix lower{n, n, std::vector<double>(n * n, 0.0)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k <= i; ++k) {
      double sum = hessian(i, k) + (i == k ? t : 0.0);
      for (std::size_t j = 0; j < k; ++j) sum -= lower(i, j) * lower(k, j);
      if (i != k) {
        lower(i, k) = sum / lower(k, k);
      } else {
        if (!(sum > 0) || !std::isfinite(sum)) return {};
        lower(i, i) = std::sqrt(sum);
      }
    }
  }
  return lower;
}

// L L^T x = b
std::vector<double> solve(const Matrix& lower, std::vector<double> b) {
  const std::size_t n = lower.rows;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= lower(i, k) * b[k];
    b[i] /= lower(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= lower(k, i) * b[k];
    b[i] /= lower(i, i);
  }
  return b;
}

}  // namespace

double inner_product(std::span<const double> x, std::span<const double> y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

std::vector<double> newton_direction(const Matrix& hessian, std::span<const double> gradient) {
  double least = hessian(0, 0), size = 0;
  for (std::size_t i = 0; i < hessian.rows; ++i) least = std::min(least, hessian(i, i));
  for (const double each : hessian.data) size = std::max(size, std::abs(each));
  // A little of the size of H, so that the directions stay of a length that can be computed with.
  const double little = size > 0 ? 1e-3 * size : 1.0;
  double t = least > 0 ? 0.0 : little - least;
  for (int trial = 0; trial < 60; ++trial) {
    if (const auto lower = cholesky(hessian, t)) {
      std::vector<double> result = solve(*lower, {gradient.begin(), gradient.end()});
      for (double& each : result) each = -each;
      return result;
    }
    t = std::max(2 * t, little);
  }
  return {};
}

InverseHessian::InverseHessian(std::size_t size)
    : inverse_{size, size, std::vector<double>(size * size, 0.0)} {
  for (std::size_t i = 0; i < size; ++i) inverse_(i, i) = 1;
}

std::vector<double> InverseHessian::direction(std::span<const double> gradient) const {
  std::vector<double> result(gradient.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::span row(inverse_.data.data() + i * inverse_.columns, inverse_.columns);
    result[i] = -inner_product(row, gradient);
  }
  return result;
}

void InverseHessian::update(const Minimum::Place& before, const Minimum::Place& after) {
  const std::size_t n = after.x.size();
  std::vector<double> step(n), change(n);  // s and y of the book
  for (std::size_t i = 0; i < n; ++i) {
    step[i] = after.x[i] - before.x[i];
    change[i] = after.gradient[i] - before.gradient[i];
  }
  const double curvature = inner_product(step, change);
  if (!(curvature > 0)) return;
  if (is_first_) {  // (6.20): the size of the Hessian, from its first trace
    const double scale = curvature / inner_product(change, change);
    for (std::size_t i = 0; i < n; ++i) inverse_(i, i) = scale;
    is_first_ = false;
  }
  // (6.17): H <- (1 - s y^T / (y^T s)) H (1 - y s^T / (y^T s)) + s s^T / (y^T s)
  std::vector<double> image = direction(change);  // -H y
  const double factor = (1 - inner_product(change, image) / curvature) / curvature;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      inverse_(i, k) +=
          factor * step[i] * step[k] + (image[i] * step[k] + step[i] * image[k]) / curvature;
    }
  }
}

}  // namespace autograd::detail
