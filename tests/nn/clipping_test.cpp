// Clipping against closed forms.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using networks::Numbers;
using nn::Optimizer;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("clipping: by value, component by component") {
  Numbers g{3, -0.5, -7, 1, kNan, kInfinity, -kInfinity};
  nn::clip_values(g, 1);
  CHECK(Numbers(g.begin(), g.begin() + 4) == Numbers{1, -0.5, -1, 1});
  CHECK(std::isnan(g[4]));
  CHECK(g[5] == 1);
  CHECK(g[6] == -1);
}

TEST_CASE("clipping: by norm, only if it is larger") {
  Numbers g{3, -4};
  CHECK(nn::clip_norm(g, 5) == 5);
  CHECK(g == Numbers{3, -4});
  CHECK(nn::clip_norm(g, 2.5) == 5);
  CHECK(g == Numbers{1.5, -2});
}

TEST_CASE("clipping: the norm of many, huge, tiny and odd numbers") {
  Numbers ramp;
  for (int i = 1; i <= 24; ++i) ramp.push_back(i);  // 1^2 + ... + 24^2 = 70^2
  CHECK(nn::norm_of(ramp) == 70);
  CHECK(nn::norm_of(Numbers{3e200, -4e200}) == doctest::Approx(5e200).epsilon(1e-15));
  CHECK(nn::norm_of(Numbers{3e-200, 4e-200}) == doctest::Approx(5e-200).epsilon(1e-15));
  CHECK(nn::norm_of(Numbers{}) == 0);
  CHECK(nn::norm_of(Numbers{0, -0.0}) == 0);
  CHECK(nn::norm_of(Numbers{1, -kInfinity}) == kInfinity);
  CHECK(std::isnan(nn::norm_of(Numbers{kNan, kInfinity})));

  Numbers infinite{1, kInfinity}, nan{1, kNan};
  CHECK(nn::clip_norm(infinite, 1) == kInfinity);
  CHECK(infinite[0] == 0);
  CHECK(std::isnan(infinite[1]));
  nn::clip_norm(nan, 1);
  CHECK(nan[0] == 1);
}

TEST_CASE("clipping: limits that are not above 0 are refused") {
  Numbers g{3};
  CHECK_THROWS_WITH_AS(nn::clip_values(g, 0), "nn::clip_values: expected a limit above 0, got 0.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::clip_norm(g, -1), "nn::clip_norm: expected a limit above 0, got -1.",
                       Error);
  CHECK_THROWS_AS(nn::clip_norm(g, kNan), Error);
  CHECK(g[0] == 3);
}

TEST_CASE("clipping: an optimizer clips a copy, by value and then by norm") {
  Numbers w{0, 0};
  const Numbers g{30, -4};
  Optimizer(nn::GradientDescent{1}, {.value = 3}).step(w, g);
  CHECK(w == Numbers{-3, 3});
  w = {0, 0};
  Optimizer(nn::GradientDescent{1}, {.norm = std::sqrt(916.0) / 2}).step(w, g);
  CHECK(w[0] == doctest::Approx(-15).epsilon(1e-14));
  CHECK(w[1] == doctest::Approx(2).epsilon(1e-14));
  w = {0, 0};
  Optimizer(nn::GradientDescent{1}, {.value = 3, .norm = std::sqrt(18.0) / 2}).step(w, g);
  CHECK(w[0] == doctest::Approx(-1.5).epsilon(1e-14));
  CHECK(w[1] == doctest::Approx(1.5).epsilon(1e-14));
  CHECK(g == Numbers{30, -4});

  std::vector<Value> parameters{0, 0};
  (30 * parameters[0] - 4 * parameters[1]).backward();
  Optimizer(nn::GradientDescent{1}, {.value = 3}).step(parameters);
  CHECK(parameters[0] == -3);
  CHECK(parameters[1] == 3);
}
