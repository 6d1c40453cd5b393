// The log-likelihood of points under a mixture of Gaussians, with a Wishart prior.
//
// Of n points x_i in d dimensions and k Gaussians with log-weights alpha_j and means mu_j, whose
// inverse covariance is Q_j^T Q_j, Q_j lower triangular with e^q on its diagonal and l below:
//
//   sum_i logsumexp_j(alpha_j + sum q_j - |Q_j (x_i - mu_j)|^2 / 2) - n logsumexp(alpha)
//     + sum_j (gamma^2 / 2 (|e^q_j|^2 + |l_j|^2) - m sum q_j)  + constants
//
// Source: the problem GMM of ADBench (Srajer, Kukelova, Fitzgibbon, "A benchmark of selected
//         algorithmic differentiation tools on some problems in computer vision and machine
//         learning", 2018), which GradBench has too.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>
#include "workloads.hpp"

namespace bench {

struct Gmm {
  static constexpr std::string_view name = "gmm";
  static constexpr std::string_view title = "mixture of Gaussians";
  static constexpr std::size_t n = 1000, d = 10, k = 5;
  static constexpr double gamma = 1, m = 2;
  static constexpr std::size_t below = d * (d - 1) / 2;  // entries of l

  std::vector<double> points = uniform(n * d, -1, 1, 71);

  // alpha, then all mu, all q, all l.
  std::vector<double> start() const { return uniform(k * (1 + 2 * d + below), -0.5, 0.5, 72); }

  template <class T> T operator()(std::span<const T> p) const {
    using std::exp;
    const auto alpha = p.first(k), mu = p.subspan(k, k * d), q = p.subspan(k + k * d, k * d),
               l = p.subspan(k + 2 * k * d);
    std::vector<T> scale(k * d), offset(k), scores(k);
    T result = 0.0;
    for (std::size_t j = 0; j < k; ++j) {
      T sum = 0.0, squares = 0.0;
      for (std::size_t a = 0; a < d; ++a) {
        scale[j * d + a] = exp(q[j * d + a]);
        sum += q[j * d + a];
        squares += scale[j * d + a] * scale[j * d + a];
      }
      for (std::size_t e = 0; e < below; ++e) squares += l[j * below + e] * l[j * below + e];
      offset[j] = alpha[j] + sum;
      result += 0.5 * gamma * gamma * squares - m * sum;
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        T distance = 0.0;
        const T* row = &l[j * below];
        for (std::size_t a = 0; a < d; ++a) {
          T y = scale[j * d + a] * (points[i * d + a] - mu[j * d + a]);
          for (std::size_t b = 0; b < a; ++b) y += row[b] * (points[i * d + b] - mu[j * d + b]);
          row += a;
          distance += y * y;
        }
        scores[j] = offset[j] - 0.5 * distance;
      }
      result += autograd::logsumexp(std::span<const T>(scores));
    }
    return result - static_cast<double>(n) * autograd::logsumexp(alpha);
  }
};

double hand_gradient(const Gmm& f, std::span<const double> p, std::span<double> gradient);

}  // namespace bench
