#include "nn/clipping.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

void check_limit(const std::string& what, double limit) {
  if (!(limit > 0)) detail::fail(what, "a limit above 0", text::shortest(limit));
}

// In eight interleaved parts, which processors add up side by side.
double sum_of_squares(std::span<const double> x) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + sums.size() <= x.size(); i += sums.size()) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += x[i + k] * x[i + k];
  }
  double sum = 0;
  for (; i < x.size(); ++i) sum += x[i] * x[i];
  for (const double each : sums) sum += each;
  return sum;
}

}  // namespace

double norm_of(std::span<const double> gradient) {
  const double sum = sum_of_squares(gradient);
  if (std::isnan(sum) || (std::isfinite(sum) && sum > 1e-280)) return std::sqrt(sum);
  // Squares have overflown or vanished: again, relative to the largest.
  double largest = 0, relative_sum = 0;
  for (const double g : gradient) largest = std::max(largest, std::abs(g));
  if (largest == 0 || std::isinf(largest)) return largest;
  for (const double g : gradient) relative_sum += (g / largest) * (g / largest);
  return largest * std::sqrt(relative_sum);
}

void clip_values(std::span<double> gradient, double limit) {
  check_limit("nn::clip_values", limit);
  for (double& g : gradient) g = std::min(std::max(g, -limit), limit);
}

double clip_norm(std::span<double> gradient, double limit) {
  check_limit("nn::clip_norm", limit);
  const double norm = norm_of(gradient);
  if (!(norm > limit)) return norm;
  const double scale = limit / norm;
  for (double& g : gradient) g *= scale;
  return norm;
}

}  // namespace nn
