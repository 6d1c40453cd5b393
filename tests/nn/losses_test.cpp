// Losses and steps of gradient descent, against closed forms.

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

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

TEST_CASE("losses: absolute errors, their mean and the signs that are their gradients") {
  const std::vector<double> targets{1, -2, 5};
  const std::vector<Value> p{4, -2.5, 5};
  const Value sum = nn::absolute_error(p, targets), mean = nn::mean_absolute_error(p, targets);
  CHECK(sum == 3.5);
  CHECK(mean == 3.5 / 3);
  sum.backward();
  CHECK(p[0].grad() == 1);
  CHECK(p[1].grad() == -1);
  CHECK(p[2].grad() == 0);
}

TEST_CASE("losses: Huber's is a square near the target and straight from delta on") {
  const std::vector<Value> p{0.5, 2, -3, 6};
  const Value loss = nn::huber_error(p, {0.0, 0.0, 0.0, 0.0}, 2);
  CHECK(loss == 0.125 + 2 + 2 * (3 - 1) + 2 * (6 - 1));
  CHECK(nn::mean_huber_error(p, {0.0, 0.0, 0.0, 0.0}, 2) == loss.data() / 4);
  loss.backward();
  CHECK(p[0].grad() == 0.5);
  CHECK(p[1].grad() == 2);  // at delta
  CHECK(p[2].grad() == -2);
  CHECK(p[3].grad() == 2);
  CHECK(nn::huber_error(p, {0.0, 0.0, 0.0, 0.0}) == 0.125 + 1.5 + 2.5 + 5.5);
}

TEST_CASE("losses: Huber's gradient stays delta for an infinite error") {
  const std::vector<Value> p{-std::numeric_limits<double>::infinity()};
  const Value loss = nn::huber_error(p, {1.0}, 3);
  loss.backward();
  CHECK(loss == std::numeric_limits<double>::infinity());
  CHECK(p[0].grad() == -3);
}

TEST_CASE("losses: hinge is 0 from the margin on, and falls by the label before") {
  const std::vector<Value> p{0.25, -0.5, 3, -2, 1};
  const std::vector<double> labels{1, 1, 1, -1, 1};
  const Value loss = nn::hinge_loss(p, labels);
  CHECK(loss == 0.75 + 1.5);
  CHECK(nn::mean_hinge_loss(p, labels) == 2.25 / 5);
  loss.backward();
  CHECK(p[0].grad() == -1);
  CHECK(p[1].grad() == -1);
  CHECK(p[2].grad() == 0);
  CHECK(p[3].grad() == 0);
  CHECK(p[4].grad() == 0);  // at the kink
  const std::vector<Value> wrong{2};
  nn::hinge_loss(wrong, {-1.0}).backward();
  CHECK(wrong[0].grad() == 1);
  // At the kink as max, clamp and relu have it, by every number type.
  using Values = std::span<const Value>;
  const auto loss_of = [](Values x) { return nn::hinge_loss(x, {1.0}); };
  const auto by_max = [](auto x) { return max(1.0 - x[0], 0.0); };
  const auto by_clamp = [](auto x) {
    return clamp(1.0 - x[0], 0.0, std::numeric_limits<double>::infinity());
  };
  CHECK(autograd::gradient(loss_of, {1.0})[0] == 0);
  CHECK(autograd::gradient(by_max, {1.0})[0] == 0);
  CHECK(autograd::gradient(by_clamp, {1.0})[0] == 0);
  CHECK(autograd::Function::trace(loss_of, {0.3}).gradient({}, {1.0}).inputs[0] == 0);
  CHECK(autograd::hessian(loss_of, autograd::Point{1.0})(0, 0) == 0);
}

TEST_CASE("losses: targets are numbers or Values alike, and gradients agree with differences") {
  using Values = std::span<const Value>;
  using Loss = Value (*)(Values, const nn::Targets&);
  const Loss losses[] = {
      nn::half_squared_error,
      nn::squared_error,
      nn::mean_squared_error,
      nn::absolute_error,
      nn::mean_absolute_error,
      nn::hinge_loss,
      nn::mean_hinge_loss,
      [](Values p, const nn::Targets& t) { return nn::huber_error(p, t, 0.75); },
      [](Values p, const nn::Targets& t) { return nn::mean_huber_error(p, t, 0.75); },
  };
  // Predictions, then targets.
  const std::vector<double> x{0.3, -1.25, 2, 1, -1, 1}, targets(x.begin() + 3, x.end());
  for (const Loss loss : losses) {
    const auto f = [&](Values in) { return loss(in.first(3), in.last(3)); };
    const autograd::GradientReport report = autograd::check_gradient(f, x);
    CHECK_MESSAGE(report.ok(), report.to_string());
    const std::vector<Value> in(x.begin(), x.end());
    CHECK(f(in) == loss(Values(in).first(3), targets));
  }
}

TEST_CASE("losses: they cost the nodes that are said") {
  const std::vector<Value> p{1, 2, 4, 8};
  const std::vector<double> t{1, -1, 1, -1};
  const auto nodes = [&](Value (*loss)(std::span<const Value>, const nn::Targets&)) {
    const std::size_t before = autograd::graph_statistics().operations;
    const Value kept = loss(p, t);
    return autograd::graph_statistics().operations - before;
  };
  CHECK(nodes(nn::mean_squared_error) == 2 * 4 + 2);
  CHECK(nodes(nn::mean_absolute_error) == 2 * 4 + 2);
  CHECK(nodes(nn::mean_hinge_loss) == 3 * 4 + 2);
  CHECK(nodes([](std::span<const Value> x, const nn::Targets& targets) {
          return nn::mean_huber_error(x, targets);
        }) == 8 * 4 + 2);
}

TEST_CASE("losses: NaN in, NaN out") {
  const std::vector<Value> p{std::numeric_limits<double>::quiet_NaN(), 1};
  CHECK(std::isnan(nn::squared_error(p, std::vector<double>{0, 0}).data()));
  CHECK(std::isnan(nn::absolute_error(p, {0.0, 0.0}).data()));
  CHECK(std::isnan(nn::huber_error(p, {0.0, 0.0}).data()));
  CHECK(std::isnan(nn::hinge_loss(p, {1.0, 1.0}).data()));
  CHECK(std::isnan(nn::hinge_loss(std::vector<Value>{1}, {p[0].data()}).data()));
}

TEST_CASE("losses: labels other than 1 and -1, and deltas not above 0, are refused") {
  const std::vector<Value> two{1, 2};
  CHECK_THROWS_WITH_AS(nn::hinge_loss(two, {1.0, 0.0}),
                       "nn::hinge_loss: expected targets 1 or -1, got 0.", Error);
  CHECK_THROWS_WITH_AS(nn::mean_huber_error(two, {1.0, 0.0}, 0),
                       "nn::mean_huber_error: expected a delta above 0, got 0.", Error);
  CHECK_THROWS_AS(nn::huber_error(two, {1.0, 0.0}, std::numeric_limits<double>::quiet_NaN()),
                  Error);
  CHECK_THROWS_AS(nn::huber_error(two, {1.0}), Error);
  CHECK_THROWS_AS(nn::absolute_error(two, {1.0}), Error);
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
