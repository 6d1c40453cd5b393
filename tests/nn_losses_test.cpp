// Losses and steps of gradient descent, against closed forms.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nn/nn.hpp>
#include <vector>

using autograd::Error;
using autograd::Value;

TEST_CASE("losses: half sum, sum and mean of squared errors, and their gradients") {
  const std::vector<double> targets{1, -2, 5};
  std::vector<Value> p{4, -2.5, 5};  // errors 3, -0.5, 0

  SUBCASE("half the sum") {
    Value loss = nn::half_squared_error(p, targets);
    loss.backward();
    CHECK(loss == 4.625);
    CHECK(p[0].grad() == 3);
    CHECK(p[1].grad() == -0.5);
    CHECK(p[2].grad() == 0);
  }
  SUBCASE("the sum") {
    Value loss = nn::squared_error(p, targets);
    loss.backward();
    CHECK(loss == 9.25);
    CHECK(p[0].grad() == 6);
    CHECK(p[1].grad() == -1);
  }
  SUBCASE("the mean") {
    Value loss = nn::mean_squared_error(p, targets);
    loss.backward();
    CHECK(loss == 9.25 / 3);
    CHECK(p[0].grad() == doctest::Approx(2.0).epsilon(1e-15));
    CHECK(p[1].grad() == doctest::Approx(-1.0 / 3).epsilon(1e-15));
  }
}

TEST_CASE("losses: NaN in, NaN out") {
  const std::vector<Value> p{std::numeric_limits<double>::quiet_NaN(), 1};
  CHECK(std::isnan(nn::squared_error(p, std::vector<double>{0, 0}).data()));
}

TEST_CASE("losses: different lengths, or none, are refused") {
  const std::vector<Value> two{1, 2}, none;
  const std::vector<double> one{1}, nothing;
  CHECK_THROWS_WITH_AS(nn::half_squared_error(two, one),
                       "nn::half_squared_error: expected 2 targets, one per prediction, got 1.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::squared_error(two, nothing),
                       "nn::squared_error: expected 2 targets, one per prediction, got 0.", Error);
  CHECK_THROWS_WITH_AS(nn::mean_squared_error(none, nothing),
                       "nn::mean_squared_error: expected at least one prediction, got none.",
                       Error);
}

TEST_CASE("gradient descent: a step goes against the gradient, at the given rate") {
  std::vector<Value> w{3, -1};
  Value loss = w[0] * w[0] + 4 * w[1];
  loss.backward();
  nn::GradientDescent{0.25}.step(w);
  CHECK(w[0] == 3 - 0.25 * 6);
  CHECK(w[1] == -1 - 0.25 * 4);
}

TEST_CASE("gradient descent: gradients add up until they are set to 0") {
  std::vector<Value> w{3};
  square(w[0]).backward();
  square(w[0]).backward();
  CHECK(w[0].grad() == 12);
  nn::zero_grad(w);
  CHECK(w[0].grad() == 0);
}

TEST_CASE("gradient descent: the result of an operation cannot be stepped") {
  Value leaf = 2;
  std::vector<Value> w{leaf * leaf};
  CHECK_THROWS_AS(nn::GradientDescent{0.1}.step(w), Error);
}
