// Cross-entropies of probabilities and logits, at the edges too.

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using autograd::Value;
using Numbers = std::vector<double>;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<Value> values(const Numbers& x) { return {x.begin(), x.end()}; }

// The loss of one prediction with one target, and its gradient; the target a number or a Value.
template <class Target, class Loss>
std::pair<double, double> at(const Loss& loss, double prediction, double target) {
  const std::vector<Value> p{prediction};
  const Value e = loss(p, std::vector<Target>{Target(target)});
  e.backward();
  return {e.data(), p[0].grad()};
}

const auto of_probabilities = [](std::span<const Value> p, const nn::Targets& t) {
  return nn::binary_cross_entropy(p, t);
};
const auto of_logits = [](std::span<const Value> z, const nn::Targets& t) {
  return nn::binary_cross_entropy_of_logits(z, t);
};

}  // namespace

TEST_CASE("cross-entropy: two classes, against the closed form") {
  const Numbers p{0.25, 0.5, 0.9}, t{1, 0, 0.75};
  double expected = 0;
  for (std::size_t i = 0; i < 3; ++i)
    expected -= t[i] * std::log(p[i]) + (1 - t[i]) * std::log(1 - p[i]);

  const std::vector<Value> in = values(p);
  const Value loss = nn::binary_cross_entropy(in, t);
  loss.backward();
  CHECK(loss.data() == doctest::Approx(expected).epsilon(1e-15));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(in[i].grad() == doctest::Approx((p[i] - t[i]) / (p[i] * (1 - p[i]))).epsilon(1e-14));
  CHECK(nn::mean_binary_cross_entropy(in, t).data() ==
        doctest::Approx(expected / 3).epsilon(1e-15));
}

TEST_CASE("cross-entropy: logits give what the sigmoids of them give, and the gradient p - t") {
  const Numbers z{-1.5, 0, 2.25}, t{1, 0, 0.3};
  const std::vector<Value> in = values(z);
  std::vector<Value> p;
  p.reserve(in.size());
  for (const Value& each : in) p.push_back(sigmoid(each));
  const Value loss = nn::binary_cross_entropy_of_logits(in, t);
  loss.backward();
  CHECK(loss.data() == doctest::Approx(nn::binary_cross_entropy(p, t).data()).epsilon(1e-14));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(in[i].grad() == doctest::Approx(1 / (1 + std::exp(-z[i])) - t[i]).epsilon(1e-14));
  CHECK(nn::mean_binary_cross_entropy_of_logits(in, t).data() ==
        doctest::Approx(loss.data() / 3).epsilon(1e-15));
}

TEST_CASE_TEMPLATE("cross-entropy: at the probabilities 0 and 1", Target, double, Value) {
  using Pair = std::pair<double, double>;
  CHECK(at<Target>(of_probabilities, 0, 1) == Pair{kInfinity, -kInfinity});
  CHECK(at<Target>(of_probabilities, 1, 0) == Pair{kInfinity, kInfinity});
  CHECK(at<Target>(of_probabilities, 0, 0) == Pair{0, 1});
  CHECK(at<Target>(of_probabilities, 1, 1) == Pair{0, -1});
  CHECK(!std::signbit(at<Target>(of_probabilities, 1, 1).first));
  CHECK(std::isnan(at<Target>(of_probabilities, kNaN, 1).first));
  // 1 - p is not rounded: -log(1 - 1e-300) is 1e-300.
  CHECK(at<Target>(of_probabilities, 1e-300, 0) == Pair{1e-300, 1});
}

TEST_CASE_TEMPLATE("cross-entropy: logits neither overflow nor round to 0", Target, double, Value) {
  using Pair = std::pair<double, double>;
  CHECK(at<Target>(of_logits, 1000, 0) == Pair{1000, 1});
  CHECK(at<Target>(of_logits, -1000, 1) == Pair{1000, -1});
  CHECK(at<Target>(of_logits, 1000, 1) == Pair{0, 0});
  const auto [small, slope] = at<Target>(of_logits, 50, 1);
  CHECK(small == doctest::Approx(std::exp(-50.0)).epsilon(1e-14));
  CHECK(slope == doctest::Approx(-std::exp(-50.0)).epsilon(1e-14));
  CHECK(at<Target>(of_logits, kInfinity, 1) == Pair{0, 0});
  CHECK(at<Target>(of_logits, -kInfinity, 0) == Pair{0, 0});
  CHECK(at<Target>(of_logits, -kInfinity, 1) == Pair{kInfinity, -1});
  CHECK(std::isnan(at<Target>(of_logits, kNaN, 0).first));
}

TEST_CASE("cross-entropy: the softmax of logits, against the closed form") {
  const Numbers z{0.5, -1, 2, 0.25}, t{0.1, 0.2, 0.3, 0.4};
  double sum = 0;
  for (const double each : z) sum += std::exp(each);

  SUBCASE("a class") {
    const std::vector<Value> in = values(z);
    const Value loss = nn::softmax_cross_entropy(in, 3);
    loss.backward();
    CHECK(loss.data() == doctest::Approx(std::log(sum) - 0.25).epsilon(1e-14));
    for (std::size_t k = 0; k < 4; ++k)
      CHECK(in[k].grad() == doctest::Approx(std::exp(z[k]) / sum - (k == 3)).epsilon(1e-14));
  }
  SUBCASE("the same class as 1 among 0s") {
    const std::vector<Value> in = values(z);
    const Value loss = nn::softmax_cross_entropy(in, {0.0, 0.0, 0.0, 1.0});
    CHECK(loss.data() == nn::softmax_cross_entropy(in, 3).data());
    CHECK(loss.data() ==
          nn::softmax_cross_entropy(in, {Value(0), Value(0), Value(0), Value(1)}).data());
  }
  SUBCASE("probabilities") {
    const std::vector<Value> in = values(z);
    double expected = 0;
    for (std::size_t k = 0; k < 4; ++k) expected -= t[k] * std::log(std::exp(z[k]) / sum);
    const Value loss = nn::softmax_cross_entropy(in, t);
    loss.backward();
    CHECK(loss.data() == doctest::Approx(expected).epsilon(1e-14));
    for (std::size_t k = 0; k < 4; ++k)
      CHECK(in[k].grad() == doctest::Approx(std::exp(z[k]) / sum - t[k]).epsilon(1e-14));
  }
}

TEST_CASE("cross-entropy: the softmax is stable, and a masked class is left out") {
  const std::vector<Value> far = values({1000, -1000});
  CHECK(nn::softmax_cross_entropy(far, 0) == 0);
  CHECK(nn::softmax_cross_entropy(far, 1) == 2000);

  const std::vector<Value> masked = values({1, -kInfinity, 1});
  const Value loss = nn::softmax_cross_entropy(masked, {0.5, 0.0, 0.5});
  loss.backward();
  CHECK(loss.data() == doctest::Approx(std::log(2.0)).epsilon(1e-15));
  CHECK(masked[1].grad() == 0);
  CHECK(nn::softmax_cross_entropy(masked, 1) == kInfinity);
  CHECK(std::isnan(nn::softmax_cross_entropy(values({kNaN, 0}), 1).data()));
}

TEST_CASE("cross-entropy: the softmax of a row is two or three nodes") {
  const std::vector<Value> z = values(Numbers(20, 0.5));
  const Numbers t(20, 0.05);
  const std::size_t before = autograd::graph_statistics().operations;
  const Value by_class = nn::softmax_cross_entropy(z, 7);
  CHECK(autograd::graph_statistics().operations == before + 2);
  const Value by_probabilities = nn::softmax_cross_entropy(z, t);
  CHECK(autograd::graph_statistics().operations == before + 5);
}

TEST_CASE("cross-entropy: gradients agree with differences, those of targets too") {
  const Numbers x{0.3, 0.6, 0.8, 0.25, 0.25, 0.5};
  const auto check = [&](const auto& loss) {
    const auto f = [&](std::span<const Value> in) { return loss(in.first(3), in.last(3)); };
    const autograd::GradientReport report = autograd::check_gradient(f, x);
    CHECK_MESSAGE(report.ok(), report.to_string());
  };
  using Values = std::span<const Value>;
  check([](Values p, Values t) { return nn::binary_cross_entropy(p, t); });
  check([](Values p, Values t) { return nn::mean_binary_cross_entropy(p, t); });
  check([](Values p, Values t) { return nn::binary_cross_entropy_of_logits(p, t); });
  check([](Values p, Values t) { return nn::mean_binary_cross_entropy_of_logits(p, t); });
  check([](Values p, Values t) { return nn::softmax_cross_entropy(p, t); });
  check([](Values p, Values) { return nn::softmax_cross_entropy(p, 1); });
}

TEST_CASE("cross-entropy: targets that are no probabilities are refused, as are wrong lengths") {
  const std::vector<Value> two = values({0.5, 0.5}), none;
  CHECK_THROWS_WITH_AS(nn::binary_cross_entropy(two, {1.0, -1.0}),
                       "nn::binary_cross_entropy: expected targets from 0 to 1, got -1.", Error);
  CHECK_THROWS_AS(nn::mean_binary_cross_entropy_of_logits(two, {2.0, 0.0}), Error);
  CHECK_THROWS_WITH_AS(
      nn::binary_cross_entropy_of_logits(two, {1.0}),
      "nn::binary_cross_entropy_of_logits: expected 2 targets, one per prediction, got 1.", Error);
  CHECK_THROWS_WITH_AS(nn::mean_binary_cross_entropy(none, Numbers{}),
                       "nn::mean_binary_cross_entropy: expected at least one prediction, got none.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::softmax_cross_entropy(two, 2),
                       "nn::softmax_cross_entropy: class: expected an index below 2, got 2.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::softmax_cross_entropy(two, {1.0, 0.5}),
                       "nn::softmax_cross_entropy: expected targets that add up to 1, got 1.5.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::softmax_cross_entropy(two, {1.5, -0.5}),
                       "nn::softmax_cross_entropy: expected targets of at least 0, got -0.5.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::softmax_cross_entropy(two, {1.0, 0.0, 0.0}),
                       "nn::softmax_cross_entropy: expected 2 targets, one per logit, got 3.",
                       Error);
  CHECK_THROWS_AS(nn::softmax_cross_entropy(none, Numbers{}), Error);
}
