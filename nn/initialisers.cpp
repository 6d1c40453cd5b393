#include "nn/initialisers.hpp"

#include <cmath>
#include <string>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn {

namespace text = autograd::text;

namespace {

void check(bool is_right, const std::string& name, const std::string& expected, double a,
           double b) {
  if (is_right && std::isfinite(a) && std::isfinite(b)) return;
  detail::fail("nn::" + name, expected, text::shortest(a) + " and " + text::shortest(b));
}

}  // namespace

Initialiser zeros() { return constant(0); }

Initialiser constant(double x) {
  if (!std::isfinite(x)) detail::fail("nn::constant", "a finite number", text::shortest(x));
  return [x](std::size_t, std::size_t, Random&) { return x; };
}

Initialiser uniform(double low, double high) {
  check(low <= high, "uniform", "finite numbers low <= high", low, high);
  return [=](std::size_t, std::size_t, Random& random) { return random.uniform(low, high); };
}

Initialiser normal(double mean, double deviation) {
  check(deviation >= 0, "normal", "a finite mean and a deviation of at least 0", mean, deviation);
  return [=](std::size_t, std::size_t, Random& random) { return random.normal(mean, deviation); };
}

Initialiser lecun_uniform() {
  return [](std::size_t fan_in, std::size_t, Random& random) {
    const double limit = std::sqrt(3.0 / static_cast<double>(fan_in));
    return random.uniform(-limit, limit);
  };
}

Initialiser lecun_normal() {
  return [](std::size_t fan_in, std::size_t, Random& random) {
    return random.normal(0, std::sqrt(1.0 / static_cast<double>(fan_in)));
  };
}

Initialiser xavier_uniform() {
  return [](std::size_t fan_in, std::size_t fan_out, Random& random) {
    const double limit = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
    return random.uniform(-limit, limit);
  };
}

Initialiser xavier_normal() {
  return [](std::size_t fan_in, std::size_t fan_out, Random& random) {
    return random.normal(0, std::sqrt(2.0 / static_cast<double>(fan_in + fan_out)));
  };
}

Initialiser he_uniform() {
  return [](std::size_t fan_in, std::size_t, Random& random) {
    const double limit = std::sqrt(6.0 / static_cast<double>(fan_in));
    return random.uniform(-limit, limit);
  };
}

Initialiser he_normal() {
  return [](std::size_t fan_in, std::size_t, Random& random) {
    return random.normal(0, std::sqrt(2.0 / static_cast<double>(fan_in)));
  };
}

}  // namespace nn
