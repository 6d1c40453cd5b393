// The rules of optimizers against their recurrences written out.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using networks::Numbers;
using nn::Optimizer;

namespace {

// A gradient that depends on the step and the weight.
double slope(int step, std::size_t i, double w) {
  return 0.5 * w + std::sin(1.7 * step + static_cast<double>(i));
}

const Numbers kStart{1.0, -2.0, 0.25, 0.0, 3.0, -0.5, 1e-3};

// Steps the optimizer 20 times, and the same number of times each weight alone by
//   next(step, w, g, memory), step = 1, 2, ..., with memory that starts as 0, 0.
// Tolerance: roundings, which fused multiplications may change.
struct Memory {
  double a = 0, b = 0;
};
template <class Next> void check_recurrence(Optimizer optimizer, const Next& next) {
  Numbers w = kStart, expected = kStart, gradient(kStart.size());
  std::vector<Memory> memory(kStart.size());
  for (int step = 1; step <= 20; ++step) {
    for (std::size_t i = 0; i < w.size(); ++i) gradient[i] = slope(step, i, w[i]);
    optimizer.step(w, gradient);
    for (std::size_t i = 0; i < w.size(); ++i) {
      CAPTURE(step);
      CAPTURE(i);
      expected[i] = next(step, expected[i], slope(step, i, expected[i]), memory[i]);
      CHECK(std::abs(w[i] - expected[i]) < 1e-12);
    }
  }
  CHECK(optimizer.state().steps == 20);
  CHECK(optimizer.state().weights == kStart.size());
}

const std::vector<Optimizer> kAll{nn::GradientDescent{0.1, 0.01},
                                  nn::Momentum{.rate = 0.1, .weight_decay = 0.01},
                                  nn::Nesterov{.rate = 0.1},
                                  nn::Adagrad{.rate = 0.1},
                                  nn::RmsProp{.rate = 0.1},
                                  nn::Adam{.rate = 0.1},
                                  Optimizer(nn::AdamW{.rate = 0.1}, {.value = 1, .norm = 1.5})};

}  // namespace

TEST_CASE("gradient descent: w - rate (g + decay w)") {
  check_recurrence(nn::GradientDescent{0.3},
                   [](int, double w, double g, Memory&) { return w - 0.3 * g; });
  check_recurrence(nn::GradientDescent{.rate = 0.3, .weight_decay = 0.2},
                   [](int, double w, double g, Memory&) { return w - 0.3 * (g + 0.2 * w); });
}

TEST_CASE("momentum: the gradients of all steps, the older the less") {
  check_recurrence(nn::Momentum{.rate = 0.1, .momentum = 0.8, .weight_decay = 0.05},
                   [](int, double w, double g, Memory& v) {
                     v.a = 0.8 * v.a + g + 0.05 * w;
                     return w - 0.1 * v.a;
                   });
}

TEST_CASE("momentum: a constant gradient is followed at the rate / (1 - momentum) in the end") {
  Optimizer optimizer = nn::Momentum{.rate = 0.1, .momentum = 0.5};
  Numbers w{0}, last{0};
  for (int step = 1; step <= 60; ++step) {
    last = w;
    optimizer.step(w, Numbers{1});
    // v = 1 + 1/2 + 1/4 + ... = 2 - 2^(1 - step)
    CHECK(last[0] - w[0] == doctest::Approx(0.1 * (2 - std::ldexp(2, -step))).epsilon(1e-12));
  }
}

TEST_CASE("Nesterov: the gradient once more beside the momentum") {
  check_recurrence(nn::Nesterov{.rate = 0.1, .momentum = 0.8, .weight_decay = 0.05},
                   [](int, double w, double g, Memory& v) {
                     g += 0.05 * w;
                     v.a = 0.8 * v.a + g;
                     return w - 0.1 * (g + 0.8 * v.a);
                   });
}

TEST_CASE("Nesterov: the same path as the original, whose gradient is taken ahead of its weight") {
  // Sutskever: v <- 0.8 v - 0.1 g(w + 0.8 v), w <- w + v; ours is w + 0.8 v.
  const auto g = [](double w) { return 3 * w - 1; };
  double original = 2, v = 0;
  Optimizer optimizer = nn::Nesterov{.rate = 0.1, .momentum = 0.8};
  Numbers w{2};
  for (int step = 0; step < 30; ++step) {
    v = 0.8 * v - 0.1 * g(original + 0.8 * v);
    original += v;
    optimizer.step(w, Numbers{g(w[0])});
    CHECK(w[0] == doctest::Approx(original + 0.8 * v).epsilon(1e-12));
  }
}

TEST_CASE("Adagrad: divided by the root of all squares so far, epsilon outside") {
  check_recurrence(nn::Adagrad{.rate = 0.5, .epsilon = 0.01, .weight_decay = 0.05},
                   [](int, double w, double g, Memory& s) {
                     g += 0.05 * w;
                     s.a += g * g;
                     return w - 0.5 * g / (std::sqrt(s.a) + 0.01);
                   });
}

TEST_CASE("Adagrad: a constant gradient is followed as rate / sqrt(step), whatever its size") {
  Optimizer optimizer = nn::Adagrad{.rate = 0.1, .epsilon = 0};
  Numbers w{0, 0};
  double expected = 0;
  for (int step = 1; step <= 50; ++step) {
    optimizer.step(w, Numbers{1e-6, -7e5});
    expected -= 0.1 / std::sqrt(step);
    CHECK(w[0] == doctest::Approx(expected).epsilon(1e-12));
    CHECK(w[1] == doctest::Approx(-expected).epsilon(1e-12));
  }
}

TEST_CASE("RMSprop: divided by the root of the mean square, epsilon outside") {
  check_recurrence(nn::RmsProp{.rate = 0.05, .rho = 0.8, .epsilon = 0.01, .weight_decay = 0.05},
                   [](int, double w, double g, Memory& s) {
                     g += 0.05 * w;
                     s.a = 0.8 * s.a + (1 - 0.8) * g * g;
                     return w - 0.05 * g / (std::sqrt(s.a) + 0.01);
                   });
}

TEST_CASE("Adam: algorithm 1 of the paper, line by line") {
  check_recurrence(nn::Adam{.rate = 0.05, .beta1 = 0.7, .beta2 = 0.9, .epsilon = 0.01},
                   [](int t, double w, double g, Memory& memory) {
                     memory.a = 0.7 * memory.a + (1 - 0.7) * g;
                     memory.b = 0.9 * memory.b + (1 - 0.9) * g * g;
                     const double m = memory.a / (1 - std::pow(0.7, t));
                     const double v = memory.b / (1 - std::pow(0.9, t));
                     return w - 0.05 * m / (std::sqrt(v) + 0.01);
                   });
}

TEST_CASE("Adam: decay goes through the gradient") {
  check_recurrence(nn::Adam{.rate = 0.05, .weight_decay = 0.3},
                   [](int t, double w, double g, Memory& memory) {
                     g += 0.3 * w;
                     memory.a = 0.9 * memory.a + (1 - 0.9) * g;
                     memory.b = 0.999 * memory.b + (1 - 0.999) * g * g;
                     const double m = memory.a / (1 - std::pow(0.9, t));
                     const double v = memory.b / (1 - std::pow(0.999, t));
                     return w - 0.05 * m / (std::sqrt(v) + 1e-8);
                   });
}

TEST_CASE("Adam: every step against a constant gradient has the length of the rate") {
  Optimizer optimizer = nn::Adam{.rate = 0.001, .epsilon = 0};
  Numbers w{0, 0};
  for (int step = 1; step <= 100; ++step) {
    optimizer.step(w, Numbers{1e-6, -300});
    CHECK(w[0] == doctest::Approx(-0.001 * step).epsilon(1e-10));
    CHECK(w[1] == doctest::Approx(0.001 * step).epsilon(1e-10));
  }
}

TEST_CASE("AdamW: decay beside the gradient") {
  check_recurrence(nn::AdamW{.rate = 0.05, .weight_decay = 0.3},
                   [](int t, double w, double g, Memory& memory) {
                     w -= 0.05 * 0.3 * w;
                     memory.a = 0.9 * memory.a + (1 - 0.9) * g;
                     memory.b = 0.999 * memory.b + (1 - 0.999) * g * g;
                     const double m = memory.a / (1 - std::pow(0.9, t));
                     const double v = memory.b / (1 - std::pow(0.999, t));
                     return w - 0.05 * m / (std::sqrt(v) + 1e-8);
                   });
}

TEST_CASE("AdamW: without a gradient weights shrink by 1 - rate decay; with Adam they run to 0") {
  Optimizer apart = nn::AdamW{.rate = 0.1, .weight_decay = 0.5};
  Optimizer within = nn::Adam{.rate = 0.1, .epsilon = 0, .weight_decay = 0.5};
  Numbers w{8}, v{8};
  apart.step(w, Numbers{0});
  within.step(v, Numbers{0});
  CHECK(w[0] == doctest::Approx(8 * 0.95).epsilon(1e-15));
  CHECK(v[0] == doctest::Approx(8 - 0.1).epsilon(1e-14));
}

TEST_CASE("optimizers: the defaults are those of the papers") {
  CHECK(nn::Momentum{}.momentum == 0.9);
  CHECK(nn::RmsProp{}.rho == 0.9);
  CHECK(nn::Adam{}.rate == 0.001);
  CHECK(nn::Adam{}.beta1 == 0.9);
  CHECK(nn::Adam{}.beta2 == 0.999);
  CHECK(nn::Adam{}.epsilon == 1e-8);
  CHECK(nn::AdamW{}.weight_decay == 0.01);
}

TEST_CASE("optimizers: all of them find the lowest point of a bowl") {
  for (Optimizer optimizer : kAll) {
    CAPTURE(std::string(optimizer.name()));
    const nn::Schedule rate = nn::cosine_decay(0.2, 3000);
    Numbers w{3, -2};
    for (std::size_t step = 0; step < 3000; ++step) {
      optimizer.set_rate(rate(step));
      optimizer.step(w, Numbers{2 * (w[0] - 1), 6 * w[1]});
    }
    CHECK(std::abs(w[0] - 1) < 0.02);  // decay pulls some of them towards 0
    CHECK(std::abs(w[1]) < 0.02);
  }
}
