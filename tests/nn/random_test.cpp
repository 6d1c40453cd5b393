// The random numbers: the same bits everywhere, and distributed as they claim.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using nn::Random;

TEST_CASE("random: the bits are those of xoshiro256++ as published") {
  Random random(Random::State{1, 2, 3, 4});
  for (const std::uint64_t expected :
       {41943041ull, 58720359ull, 3588806011781223ull, 3591011842654386ull, 9228616714210784205ull,
        9973669472204895162ull, 14011001112246962877ull, 12406186145184390807ull,
        15849039046786891736ull, 10450023813501588000ull})
    CHECK(random.bits() == expected);
}

TEST_CASE("random: a seed is spread over the state by SplitMix64 as published") {
  CHECK(Random(1477776061723855037).state() ==
        Random::State{1985237415132408290ull, 2979275885539914483ull, 13511426838097143398ull,
                      8488337342461049707ull});
  CHECK(Random(0).state()[0] == 0xe220a8397b1dcdaf);
}

TEST_CASE("random: the same seed gives the same numbers, to the last bit") {
  Random uniform(0);
  CHECK(uniform.uniform() == 0x1.4c5d7585242c8p-2);
  CHECK(uniform.uniform() == 0x1.8769bcf70e034p-2);
  CHECK(uniform.uniform() == 0x1.703f7e47b269ep-2);
  Random normal(0);
  CHECK(normal.normal() == 0x1.703f7e47b269ep-2);
  CHECK(normal.normal() == 0x1.633e0b621080cp+0);
  CHECK(normal.normal() == 0x1.2e78698eb5bbap+0);
  CHECK(normal.normal() == 0x1.118a93aa9680cp+1);
}

TEST_CASE("random: other seeds give other numbers") {
  CHECK(Random(0).bits() != Random(1).bits());
  CHECK(Random(1).bits() != Random(2).bits());
}

TEST_CASE("random: a copy, or a generator made from the state, goes on with the same numbers") {
  Random random(7);
  random.normal();
  Random copy = random, restored(random.state());
  const std::uint64_t next = random.bits();
  CHECK(copy.bits() == next);
  CHECK(restored.bits() == next);
}

TEST_CASE("random: a state of zeros is refused") {
  CHECK_THROWS_WITH_AS(
      Random(Random::State{}),
      "nn::Random: expected a state that is not 0 everywhere, got 0, 0, 0, 0: only 0 "
      "would follow from it. Take a state from state(), or give a seed.",
      Error);
}

TEST_CASE("random: uniform numbers fill their range evenly") {
  constexpr int kDraws = 100000;
  Random random(3);
  std::array<int, 10> count{};
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.uniform(-2, 3);
    REQUIRE(x >= -2);
    REQUIRE(x <= 3);
    ++count[static_cast<std::size_t>(std::min(9.0, (x + 2) * 2))];
  }
  // Each count has mean 10000 and standard deviation 95.
  for (const int each : count) CHECK(std::abs(each - kDraws / 10) < 475);
}

TEST_CASE("random: normal numbers have the normal distribution function") {
  constexpr int kDraws = 40000;
  Random random(4);
  std::vector<double> x(kDraws);
  for (double& each : x) each = random.normal();
  std::sort(x.begin(), x.end());

  // Kolmogorov and Smirnov: beyond 1.95 / sqrt(n) once in a thousand seeds.
  double distance = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double below = 0.5 * std::erfc(-x[static_cast<std::size_t>(i)] / std::sqrt(2.0));
    distance = std::max({distance, below - i / double{kDraws}, (i + 1) / double{kDraws} - below});
  }
  CHECK(distance < 1.95 / std::sqrt(double{kDraws}));
  CHECK(x.front() < -3.5);
  CHECK(x.back() > 3.5);
}

TEST_CASE("random: normal numbers take a mean and a deviation") {
  Random standard(5), shifted(5);
  for (int i = 0; i < 5; ++i)
    CHECK(shifted.normal(10, 2) == std::fma(2.0, standard.normal(), 10.0));
}

TEST_CASE("initialisers: constant and zeros are what they say and draw nothing") {
  Random random(6);
  const Random::State before = random.state();
  CHECK(nn::zeros()(3, 4, random) == 0);
  CHECK(nn::constant(0.25)(3, 4, random) == 0.25);
  CHECK(random.state() == before);
}

TEST_CASE("initialisers: numbers that give no weights are refused") {
  const double nan = std::nan("");
  CHECK_THROWS_WITH_AS(nn::constant(nan), "nn::constant: expected a finite number, got nan.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::uniform(1, -1),
                       "nn::uniform: expected finite numbers low <= high, got 1 and -1.", Error);
  CHECK_THROWS_WITH_AS(
      nn::normal(0, -1),
      "nn::normal: expected a finite mean and a deviation of at least 0, got 0 and -1.", Error);
  CHECK_THROWS_AS(nn::uniform(nan, 1), Error);
  CHECK_THROWS_AS(nn::normal(nan, 1), Error);
}

TEST_CASE("initialisers: uniform and normal do not depend on the size of the layer") {
  Random a(6), b(6);
  CHECK(nn::uniform()(3, 4, a) == b.uniform(-1, 1));
  CHECK(nn::uniform(2, 3)(30, 40, a) == b.uniform(2, 3));
  CHECK(nn::normal(1, 2)(3, 4, a) == b.normal(1, 2));
}

TEST_CASE("initialisers: LeCun's keep the variance of a weighted sum at 1") {
  Random a(6), b(6);
  CHECK(nn::lecun_uniform()(3, 9, a) == b.uniform(-1, 1));
  CHECK(nn::lecun_uniform()(12, 9, a) == b.uniform(-0.5, 0.5));
  CHECK(nn::lecun_normal()(4, 9, a) == b.normal(0, 0.5));

  constexpr int kDraws = 20000;
  constexpr std::size_t kInputs = 8;
  for (const nn::Initialiser& draw : {nn::lecun_uniform(), nn::lecun_normal()}) {
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      double net = 0;
      for (std::size_t j = 0; j < kInputs; ++j) net += draw(kInputs, 1, a) * a.normal();
      squares += net * net;
    }
    CHECK(std::abs(squares / kDraws - 1) < 0.06);  // five standard deviations
  }
}

TEST_CASE("initialisers: Xavier and He scale with the size of the layer") {
  Random a(6), b(6);
  CHECK(nn::xavier_uniform()(2, 4, a) == b.uniform(-1, 1));
  CHECK(nn::xavier_normal()(1, 1, a) == b.normal(0, 1));
  CHECK(nn::xavier_normal()(6, 2, a) == b.normal(0, 0.5));
  CHECK(nn::he_uniform()(6, 9, a) == b.uniform(-1, 1));
  CHECK(nn::he_normal()(8, 9, a) == b.normal(0, 0.5));
}
