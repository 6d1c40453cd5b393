// Schedules of the learning rate, at points worked out by hand.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using Numbers = std::vector<double>;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("schedules: at points worked out by hand") {
  const auto check = [](const nn::Schedule& schedule, const std::vector<double>& expected) {
    for (std::size_t step = 0; step < expected.size(); ++step) {
      CAPTURE(step);
      CHECK(std::abs(schedule(step) - expected[step]) < 1e-15);
    }
  };
  SUBCASE("constant") { check(nn::constant_rate(0.3), {0.3, 0.3, 0.3}); }
  SUBCASE("step") {
    check(nn::step_decay(0.8, 2, 0.5), {0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1});
    check(nn::step_decay(1, 1), {1, 0.1, 0.01});
  }
  SUBCASE("exponential") { check(nn::exponential_decay(0.8, 0.5), {0.8, 0.4, 0.2, 0.1}); }
  SUBCASE("cosine") {
    const double r = std::sqrt(0.5);
    check(nn::cosine_decay(1, 4), {1, (1 + r) / 2, 0.5, (1 - r) / 2, 0, 0, 0});
    check(nn::cosine_decay(0.5, 2, 0.1), {0.5, 0.3, 0.1, 0.1});
  }
  SUBCASE("warm-up before another one") {
    check(nn::warm_up(3, nn::exponential_decay(0.8, 0.5)), {0.2, 0.4, 0.6, 0.8, 0.4, 0.2});
    check(nn::warm_up(1, nn::warm_up(1, nn::constant_rate(1))), {0.25, 0.5, 1, 1});
  }
}

TEST_CASE("schedules: settings out of range are refused") {
  CHECK_THROWS_WITH_AS(
      nn::constant_rate(-1),
      "nn::constant_rate: expected a rate that is finite and not negative, got -1.", Error);
  CHECK_THROWS_WITH_AS(nn::step_decay(1, 0), "nn::step_decay: expected at least one step, got 0.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::exponential_decay(1, 1.5),
                       "nn::exponential_decay: expected 0 < factor <= 1, got 1.5.", Error);
  CHECK_THROWS_AS(nn::step_decay(1, 1, 0), Error);
  CHECK_THROWS_AS(nn::cosine_decay(1, 0), Error);
  CHECK_THROWS_AS(nn::cosine_decay(1, 5, kNan), Error);
  CHECK_THROWS_AS(nn::warm_up(0, nn::constant_rate(1)), Error);
  CHECK_THROWS_WITH_AS(nn::warm_up(5, {}),
                       "nn::warm_up: expected a schedule to go on with, got an empty one.", Error);
}

TEST_CASE("on plateau: the rate falls after `patience` epochs without improvement") {
  nn::OnPlateau on_plateau{.factor = 0.5, .patience = 2};
  double rate = 0.8;
  std::vector<double> rates;
  for (const double loss : {1.0, 0.9, 0.9, 0.95, 0.9, 0.5, 0.6, kNan, 0.4}) {
    rate = on_plateau(rate, loss);
    rates.push_back(rate);
  }
  CHECK(rates == Numbers{0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2});
  CHECK(on_plateau.state.best == 0.4);
}

TEST_CASE("on plateau: an improvement counts if it is larger than the threshold") {
  nn::OnPlateau on_plateau{.factor = 0.5, .patience = 1, .threshold = 0.1};
  CHECK(on_plateau(0.8, 10) == 0.8);
  CHECK(on_plateau(0.8, 9.5) == 0.4);
  CHECK(on_plateau(0.4, 8.9) == 0.4);
  nn::OnPlateau negative{.factor = 0.5, .patience = 1, .threshold = 0.1};
  CHECK(negative(0.8, -10) == 0.8);
  CHECK(negative(0.8, -10.5) == 0.4);
  CHECK(negative(0.4, -11.1) == 0.4);
}

TEST_CASE("on plateau: the rate does not fall below the lowest, and never rises") {
  nn::OnPlateau on_plateau{.factor = 0.1, .patience = 1, .lowest_rate = 0.05};
  CHECK(on_plateau(0.2, 1) == 0.2);
  CHECK(on_plateau(0.2, 1) == 0.05);
  CHECK(on_plateau(0.05, 1) == 0.05);
  CHECK(on_plateau(0.01, 1) == 0.01);
}

TEST_CASE("on plateau: settings out of range are refused, at once") {
  const auto refused = [](const nn::OnPlateau& settings, const char* expected) {
    nn::OnPlateau copy = settings;
    CHECK_THROWS_WITH_AS(settings.check(), doctest::Contains(expected), Error);
    CHECK_THROWS_AS(copy(1, 1), Error);
  };
  refused({.factor = 1.5}, "nn::OnPlateau: expected 0 < factor <= 1, got 1.5.");
  refused({.patience = 0}, "a patience of at least 1 epoch, got 0");
  refused({.threshold = -1}, "a threshold that is finite and not negative, got -1");
  refused({.threshold = kNan}, "threshold");
  refused({.lowest_rate = -1}, "a rate that is finite and not negative, got -1");
  nn::OnPlateau{}.check();
}

TEST_CASE("on plateau: another one with the same state goes on alike") {
  nn::OnPlateau first{.patience = 2}, second{.patience = 2};
  first(1, 5);
  first(1, 6);
  second.state = first.state;
  CHECK(second(1, 6) == first(1, 6));
  CHECK(second.state == first.state);
  CHECK_THROWS_AS(first(-1, 6), Error);
  CHECK(second.state == first.state);
}
