#include "nn/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

void detail::check_temperature(double temperature) {
  if (temperature > 0 && std::isfinite(temperature)) return;
  fail("nn::softmax", "a finite temperature above 0", text::shortest(temperature));
}

std::vector<double> detail::cumulative(const char* function, std::span<const double> weights) try {
  if (weights.empty()) fail(function, "at least one weight", "none");
  std::vector<double> result;
  result.reserve(weights.size());
  double sum = 0;
  for (const double each : weights) {
    if (!(each >= 0)) fail(function, "weights of at least 0", text::shortest(each));
    result.push_back(sum += each);
  }
  if (!(sum > 0 && std::isfinite(sum))) {
    fail(function, "weights with a finite sum above 0", text::shortest(sum));
  }
  return result;
} catch (const std::bad_alloc&) {
  autograd::detail::out_of_memory();
}

std::size_t detail::first_above(std::span<const double> cumulative, double u) {
  const auto last = cumulative.end() - 1;
  return static_cast<std::size_t>(std::upper_bound(cumulative.begin(), last, u * *last) -
                                  cumulative.begin());
}

std::size_t categorical(std::span<const double> weights, double u) {
  if (!(u >= 0 && u < 1)) {
    detail::fail("nn::categorical", "a number 0 <= u < 1", text::shortest(u));
  }
  return detail::first_above(detail::cumulative("nn::categorical", weights), u);
}

std::size_t categorical(std::span<const double> weights, Random& random) {
  return categorical(weights, random.uniform());
}

}  // namespace nn
