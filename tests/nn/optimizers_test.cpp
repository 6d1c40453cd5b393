// Optimizer: its state, its settings, frozen parameters, what is refused.

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/lecture_cases.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using networks::Numbers;
using nn::Optimizer;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A gradient that depends on the step and the weight.
double slope(int step, std::size_t i, double w) {
  return 0.5 * w + std::sin(1.7 * step + static_cast<double>(i));
}

const Numbers kStart{1.0, -2.0, 0.25, 0.0, 3.0, -0.5, 1e-3};

const std::vector<Optimizer> kAll{nn::GradientDescent{0.1, 0.01},
                                  nn::Momentum{.rate = 0.1, .weight_decay = 0.01},
                                  nn::Nesterov{.rate = 0.1},
                                  nn::Adagrad{.rate = 0.1},
                                  nn::RmsProp{.rate = 0.1},
                                  nn::Adam{.rate = 0.1},
                                  Optimizer(nn::AdamW{.rate = 0.1}, {.value = 1, .norm = 1.5})};

}  // namespace

TEST_CASE("optimizers: one that is given the state of another goes on to the last bit") {
  for (const Optimizer& original : kAll) {
    CAPTURE(std::string(original.name()));
    Optimizer first = original;
    Numbers w = kStart, g(kStart.size());
    const auto steps = [&g](Optimizer& optimizer, Numbers& weights, int from, int to) {
      for (int step = from; step < to; ++step) {
        for (std::size_t i = 0; i < weights.size(); ++i) g[i] = slope(step, i, weights[i]);
        optimizer.step(weights, g);
      }
    };
    steps(first, w, 0, 7);
    Numbers v = w;
    const nn::OptimizerState saved = first.state();
    steps(first, w, 7, 20);
    CHECK(saved != first.state());

    Optimizer second = original;
    second.set_state(saved);
    steps(second, v, 7, 20);
    CHECK(v == w);
    CHECK(second.state() == first.state());
  }
}

TEST_CASE("optimizers: copies step on their own") {
  Optimizer a = nn::Momentum{.rate = 0.1};
  Numbers w{1};
  a.step(w, Numbers{1});
  Optimizer b = a;
  b.step(w, Numbers{1});
  CHECK(a.state().steps == 1);
  CHECK(a.state().first == Numbers{1});
  CHECK(b.state().first == Numbers{1.9});
}

TEST_CASE("optimizers: the rate can be changed between steps, and what was remembered stays") {
  Optimizer optimizer = nn::Momentum{.rate = 0.5, .momentum = 0.5};
  CHECK(optimizer.rate() == 0.5);
  Numbers w{0};
  optimizer.step(w, Numbers{1});
  optimizer.set_rate(0.25);
  optimizer.step(w, Numbers{1});
  CHECK(w[0] == -0.5 - 0.25 * 1.5);
  CHECK(std::get<nn::Momentum>(optimizer.rule()).rate == 0.25);
}

TEST_CASE("optimizers: Values are stepped as numbers are") {
  for (const Optimizer& original : kAll) {
    CAPTURE(std::string(original.name()));
    Optimizer with_values = original, with_numbers = original;
    std::vector<Value> parameters(kStart.begin(), kStart.end());
    Numbers w = kStart;
    for (int step = 0; step < 3; ++step) {
      nn::zero_grad(parameters);
      autograd::norm(parameters).backward();
      Numbers g;
      for (const Value& each : parameters) g.push_back(each.grad());
      with_values.step(parameters);
      with_numbers.step(w, g);
    }
    for (std::size_t i = 0; i < w.size(); ++i) CHECK(parameters[i].data() == w[i]);
  }
}

TEST_CASE("optimizers: gradient descent does the same without an Optimizer") {
  const nn::GradientDescent rule{.rate = 0.25, .weight_decay = 0.5};
  std::vector<Value> w{3, -1};
  (w[0] * w[0] + 4 * w[1]).backward();
  rule.step(w);
  CHECK(w[0] == 3 - 0.25 * (6 + 1.5));
  CHECK(w[1] == -1 - 0.25 * (4 - 0.5));
}

TEST_CASE("optimizers: frozen parameters stay, also under momentum and decay") {
  for (const Optimizer& original : kAll) {
    CAPTURE(std::string(original.name()));
    Optimizer optimizer = original;
    std::vector<Value> w{3, -1};
    const auto step = [&] {
      nn::zero_grad(w);
      (w[0] * w[0] + w[1] * w[1]).backward();
      optimizer.step(w);
    };
    step();
    const double frozen_at = w[1].data(), other = w[0].data();
    w[1].freeze();
    step();
    CHECK(w[1] == frozen_at);
    CHECK(w[0] < other);
    w[1].thaw();
    step();
    CHECK(w[1] != frozen_at);
  }
  std::vector<Value> w{3};
  w[0].freeze();
  nn::GradientDescent{.rate = 0.1, .weight_decay = 1}.step(w);
  CHECK(w[0] == 3);
}

TEST_CASE("optimizers: NaN in, NaN out, at its own place only") {
  for (Optimizer optimizer : kAll) {
    if (optimizer.clip().norm < kInfinity) continue;  // there the norm is NaN, too
    Numbers w{1, 2};
    optimizer.step(w, Numbers{kNan, 1});
    CHECK(std::isnan(w[0]));
    CHECK(std::isfinite(w[1]));
  }
}

TEST_CASE("optimizers: what does not fit is refused, and nothing changes") {
  Optimizer optimizer = nn::Adam{};
  Numbers w{1, 2};
  optimizer.step(w, Numbers{1, 1});
  const nn::OptimizerState before = optimizer.state();
  const Numbers kept = w;
  CHECK_THROWS_WITH_AS(optimizer.step(w, Numbers{1}),
                       "nn::Optimizer::step: expected 2 derivatives, one per weight, got 1.",
                       Error);
  Numbers three{1, 2, 3}, none;
  CHECK_THROWS_WITH_AS(optimizer.step(three, Numbers{1, 1, 1}),
                       "nn::Optimizer::step: expected 2 weights, as in the steps before, got 3.",
                       Error);
  CHECK_THROWS_WITH_AS(optimizer.step(none, none),
                       "nn::Optimizer::step: expected at least one weight, got none.", Error);
  Value leaf = 2;
  (3 * leaf).backward();
  std::vector<Value> mixed{leaf, leaf * leaf};
  CHECK_THROWS_WITH_AS(
      optimizer.step(mixed),
      "nn::Optimizer::step: expected leaves, which can be changed, got the result of 'mul'.",
      Error);
  CHECK(leaf == 2);
  CHECK_THROWS_AS(nn::GradientDescent{0.1}.step(mixed), Error);
  CHECK(leaf == 2);
  CHECK(w == kept);
  CHECK(three == Numbers{1, 2, 3});
  CHECK(optimizer.state() == before);

  Optimizer descent = nn::GradientDescent{0.1};
  descent.step(w, Numbers{1, 1});
  CHECK_THROWS_AS(descent.step(three, Numbers{1, 1, 1}), Error);
}

TEST_CASE("optimizers: settings out of range are refused") {
  const auto message = [](const auto& rule, nn::Clip clip = {}) {
    return helpers::error_of([&] { Optimizer(rule, clip); });
  };
  const std::string not_negative = "expected a finite number that is not negative, got ";
  CHECK(message(nn::GradientDescent{-1}) == "nn::GradientDescent: rate: " + not_negative + "-1.");
  CHECK(message(nn::GradientDescent{kNan}) ==
        "nn::GradientDescent: rate: " + not_negative + "nan.");
  CHECK(message(nn::Adam{.rate = kInfinity}) == "nn::Adam: rate: " + not_negative + "inf.");
  CHECK(message(nn::Adagrad{.weight_decay = -1}) ==
        "nn::Adagrad: weight_decay: " + not_negative + "-1.");
  CHECK(message(nn::RmsProp{.epsilon = -1}) == "nn::RmsProp: epsilon: " + not_negative + "-1.");
  CHECK(message(nn::RmsProp{.rho = 1}) == "nn::RmsProp: rho: expected 0 <= x < 1, got 1.");
  CHECK(message(nn::Momentum{.momentum = 1}) ==
        "nn::Momentum: momentum: expected 0 <= x < 1, got 1.");
  CHECK(message(nn::Nesterov{.momentum = -0.5}) ==
        "nn::Nesterov: momentum: expected 0 <= x < 1, got -0.5.");
  CHECK(message(nn::Adam{.beta1 = 1}) == "nn::Adam: beta1: expected 0 <= x < 1, got 1.");
  CHECK(message(nn::AdamW{.beta2 = kNan}) == "nn::AdamW: beta2: expected 0 <= x < 1, got nan.");
  CHECK(message(nn::Adam{}, {.norm = 0}) == "nn::Clip: expected limits above 0, got 0.");
  CHECK(message(nn::Adam{}, {.value = kNan}) == "nn::Clip: expected limits above 0, got nan.");
  Optimizer optimizer = nn::Adam{};
  CHECK_THROWS_AS(optimizer.set_rate(-1), Error);
  CHECK(optimizer.rate() == 0.001);
}

TEST_CASE("optimizers: a state of another rule or of other lengths is refused") {
  Optimizer momentum = nn::Momentum{}, adam = nn::Adam{};
  Numbers w{1, 2};
  momentum.step(w, Numbers{1, 1});
  CHECK_THROWS_WITH_AS(adam.set_state(momentum.state()),
                       "nn::Optimizer::set_state of Adam: expected 1 step of 2 weights, first 2, "
                       "squares 2, got 1 step of 2 weights, first 2, squares 0.",
                       Error);
  CHECK(adam.state() == nn::OptimizerState{});
  nn::OptimizerState cut = momentum.state();
  cut.first.pop_back();
  CHECK_THROWS_AS(momentum.set_state(cut), Error);
  CHECK_THROWS_AS(momentum.set_state({.steps = 3}), Error);
  momentum.set_state({});
  CHECK(momentum.state().steps == 0);
}

TEST_CASE("lectures: 002, gradient descent by batches on plain numbers, bit by bit") {
  const auto& example = lectures::find_case("002-gd-variants");
  const auto data = example.at("data").get<lectures::Matrix>();
  Optimizer optimizer = nn::GradientDescent{example.at("eta").get<double>()};
  const auto& expected = example.at("expected").at("batch_3_epochs_mean");
  Numbers weights{0, 0};
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    Numbers gradient{0, 0};
    for (const auto& point : data) {
      const double error = weights[0] * point[0] + weights[1] - point[1];
      gradient[0] += error * point[0] / 4;
      gradient[1] += error / 4;
    }
    optimizer.step(weights, gradient);
    CHECK(weights[0] == expected.at("w")[epoch].get<double>());
    CHECK(weights[1] == expected.at("b")[epoch].get<double>());
  }
}
