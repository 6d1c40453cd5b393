#include "gmm.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bench {

namespace {

// log sum e^x, and x becomes e^x / sum e^x.
double softmax(std::span<double> x) {
  const double largest = *std::ranges::max_element(x);
  double sum = 0;
  for (double& each : x) sum += each = std::exp(each - largest);
  for (double& each : x) each /= sum;
  return largest + std::log(sum);
}

}  // namespace

double hand_gradient(const Gmm& f, std::span<const double> p, std::span<double> gradient) {
  constexpr std::size_t n = Gmm::n, d = Gmm::d, k = Gmm::k, below = Gmm::below;
  constexpr double gamma = Gmm::gamma, m = Gmm::m;
  const double *const alpha = p.data(), *const mu = alpha + k, *const q = mu + k * d,
                      *const l = q + k * d;
  double *const by_alpha = gradient.data(), *const by_mu = by_alpha + k,
                *const by_q = by_mu + k * d, *const by_l = by_q + k * d;
  std::array<double, k * d> scale;
  std::array<double, k> offset, share;
  double result = 0;
  for (std::size_t j = 0; j < k; ++j) {
    double sum = 0, squares = 0;
    for (std::size_t a = j * d; a < (j + 1) * d; ++a) {
      scale[a] = std::exp(q[a]);
      sum += q[a];
      squares += scale[a] * scale[a];
      by_q[a] = gamma * gamma * scale[a] * scale[a] - m;
      by_mu[a] = 0;
    }
    for (std::size_t e = j * below; e < (j + 1) * below; ++e) {
      squares += l[e] * l[e];
      by_l[e] = gamma * gamma * l[e];
    }
    offset[j] = alpha[j] + sum;
    share[j] = alpha[j];
    result += 0.5 * gamma * gamma * squares - m * sum;
  }
  result -= n * softmax(share);
  for (std::size_t j = 0; j < k; ++j) by_alpha[j] = -static_cast<double>(n) * share[j];
  std::array<double, k * d> difference, y;
  for (std::size_t i = 0; i < n; ++i) {
    const double* const x = &f.points[i * d];
    for (std::size_t j = 0; j < k; ++j) {
      const double* row = l + j * below;
      double* const delta = &difference[j * d];
      double distance = 0;
      for (std::size_t a = 0; a < d; ++a) {
        delta[a] = x[a] - mu[j * d + a];
        double sum = scale[j * d + a] * delta[a];
        for (std::size_t b = 0; b < a; ++b) sum += row[b] * delta[b];
        row += a;
        y[j * d + a] = sum;
        distance += sum * sum;
      }
      share[j] = offset[j] - 0.5 * distance;
    }
    result += softmax(share);
    for (std::size_t j = 0; j < k; ++j) {
      const double r = share[j];
      const double* row = l + j * below;
      double* by_row = by_l + j * below;
      by_alpha[j] += r;
      for (std::size_t a = 0; a < d; ++a) {
        const double ry = r * y[j * d + a];
        by_q[j * d + a] += r - ry * scale[j * d + a] * difference[j * d + a];
        by_mu[j * d + a] += ry * scale[j * d + a];
        for (std::size_t b = 0; b < a; ++b) {
          by_row[b] -= ry * difference[j * d + b];
          by_mu[j * d + b] += ry * row[b];
        }
        row += a;
        by_row += a;
      }
    }
  }
  return result;
}

}  // namespace bench
