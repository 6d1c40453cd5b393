#include "derivative_functions.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "hand_gradients.hpp"

namespace bench {
namespace {

// Compares the columns of a matrix with central differences of f, whose outputs are the rows.
template <class F> void check_columns(const std::string& name, const F& f,
                                      std::span<const double> x, std::span<const double> matrix) {
  constexpr double step = 1e-3;
  const auto at = [&](std::size_t i, double by) {
    std::vector<double> moved(x.begin(), x.end());
    moved[i] += by;
    return f(std::span<const double>(moved));
  };
  double size = 0;
  for (const double each : matrix) size = std::max(size, std::abs(each));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto right = at(i, step), left = at(i, -step);
    const auto further_right = at(i, 2 * step), further_left = at(i, -2 * step);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const double numeric =
          (8 * (right[j] - left[j]) - (further_right[j] - further_left[j])) / (12 * step);
      const double given = matrix[j * x.size() + i];
      if (!(std::abs(given - numeric) <= 1e-8 * size)) {
        throw std::runtime_error("the hand-written " + name + " is wrong: entry (" +
                                 std::to_string(j) + ", " + std::to_string(i) + ") is " +
                                 std::to_string(numeric) + ", not " + std::to_string(given));
      }
    }
  }
}

}  // namespace

std::vector<double> hand_jacobian(const Layers& f, std::span<const double> x) {
  std::vector<double> a(Layers::hidden), result(f.outputs() * f.inputs());
  for (std::size_t k = 0; k < a.size(); ++k) {
    double s = 0;
    for (std::size_t i = 0; i < x.size(); ++i) s += f.first(k, i) * x[i];
    a[k] = std::tanh(s);
  }
  for (std::size_t j = 0; j < f.outputs(); ++j) {
    double s = 0;
    for (std::size_t k = 0; k < a.size(); ++k) s += f.second(j, k) * a[k];
    const double y = std::tanh(s);
    for (std::size_t k = 0; k < a.size(); ++k) {
      const double slope = (1 - y * y) * f.second(j, k) * (1 - a[k] * a[k]);
      for (std::size_t i = 0; i < x.size(); ++i) result[j * x.size() + i] += slope * f.first(k, i);
    }
  }
  return result;
}

std::vector<double> hand_hessian(const Rosenbrock&, std::span<const double> x) {
  const std::size_t n = x.size();
  std::vector<double> result(n * n);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    result[i * n + i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
    result[i * n + i + 1] = result[(i + 1) * n + i] = -400 * x[i];
    result[(i + 1) * n + i + 1] += 200;
  }
  return result;
}

void check_hand_jacobian(const Layers& f) {
  const std::vector<double> x = f.start();
  check_columns("Jacobian", f, x, hand_jacobian(f, x));
}

void check_hand_hessian(const Rosenbrock& f, std::span<const double> x) {
  const auto gradient = [&](std::span<const double> at) {
    std::vector<double> result(at.size());
    hand_gradient(f, at, result);
    return result;
  };
  check_columns("Hessian", gradient, x, hand_hessian(f, x));
}

}  // namespace bench
