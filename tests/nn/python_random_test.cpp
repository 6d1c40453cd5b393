// PythonRandom: the numbers of CPython's module random, which tests/golden/python_random.py wrote
// down.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <nn/nn.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/paths.hpp>

using autograd::Error;
using nlohmann::json;
using nn::PythonRandom;

namespace {

using Words = std::vector<std::uint32_t>;

json golden_draws() {
  return json::parse(golden::read(paths::source("tests/golden/python_random.json")));
}

// 0, 1, ..., length - 1, shuffled; the first ten of them.
std::vector<int> shuffled(PythonRandom& random, std::size_t length) {
  std::vector<int> x(length);
  std::iota(x.begin(), x.end(), 0);
  random.shuffle(x);
  if (x.size() > 10) x.resize(10);
  return x;
}

}  // namespace

TEST_CASE("python random: every number is that of CPython, bit for bit") {
  const json all = golden_draws();
  REQUIRE(all.size() == 15);
  for (const json& draws : all) {
    CAPTURE(draws["seed"].get<std::string>());
    const Words words = draws["words"].get<Words>();
    PythonRandom random{std::span<const std::uint32_t>(words)};

    for (const double expected : draws["random"]) CHECK(random.random() == expected);
    const unsigned bits[] = {0, 1, 31, 32, 33, 53, 64};
    for (std::size_t i = 0; i < 7; ++i)
      CHECK(random.getrandbits(bits[i]) == draws["bits"][i].get<std::uint64_t>());
    const double ends[3][2] = {{-1, 1}, {3, 10}, {0.1, 0.7}};
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(random.uniform(ends[i][0], ends[i][1]) == draws["uniform"][i].get<double>());
    CHECK(random.gauss(0, 0.08) == draws["gauss"][0].get<double>());
    CHECK(random.random() == draws["gauss"][1].get<double>());
    CHECK(random.gauss(10, 3) == draws["gauss"][2].get<double>());
    CHECK(random.gauss() == draws["gauss"][3].get<double>());
    std::size_t i = 0;
    for (const std::size_t length : {0u, 1u, 2u, 3u, 10u, 700u})
      CHECK(shuffled(random, length) == draws["shuffled"][i++].get<std::vector<int>>());
    CHECK(random.choices(std::vector{0.1, 2.5, 0.0, 3.3, 0.7}, 20) ==
          draws["choices"].get<std::vector<std::size_t>>());
    std::vector<int> hundred(100);
    std::iota(hundred.begin(), hundred.end(), 0);
    const json& range = draws["range"];
    CHECK(random.randrange(10) == range[0].get<std::int64_t>());
    CHECK(random.randrange(-5, 6) == range[1].get<std::int64_t>());
    CHECK(random.randint(1, 6) == range[2].get<std::int64_t>());
    CHECK(random.choice(hundred) == range[3].get<std::int64_t>());
    CHECK(random.randrange(std::int64_t{1} << 62) == range[4].get<std::int64_t>());
    CHECK(random.randint(std::numeric_limits<std::int64_t>::min(), 0) ==
          range[5].get<std::int64_t>());
    for (const double expected : draws["kept"]) CHECK(random.gauss() == expected);
    random.seed(std::span<const std::uint32_t>(words));
    CHECK(random.gauss() == draws["again"][0].get<double>());
    CHECK(random.random() == draws["again"][1].get<double>());
  }
}

TEST_CASE("python random: a whole number is the seed that its magnitude's words are") {
  const auto first = [](auto seed) { return PythonRandom(seed).random(); };
  const auto first_of_words = [](const Words& words) {
    return PythonRandom(std::span<const std::uint32_t>(words)).random();
  };
  CHECK(first(42) == 0.6394267984578837);  // random.seed(42); random.random()
  CHECK(first(-42) == first(42));
  CHECK(first(0) == first_of_words({}));
  CHECK(first(7u) == first_of_words({7, 0, 0}));
  CHECK(first(std::numeric_limits<std::int64_t>::min()) == first_of_words({0, 0x80000000}));
  CHECK(first(std::numeric_limits<std::uint64_t>::max()) ==
        first_of_words({0xffffffff, 0xffffffff}));
  CHECK(first(std::int8_t{-128}) == first(128));
}

TEST_CASE("python random: a copy goes on with the same numbers, the kept one of gauss() too") {
  PythonRandom random(3);
  random.gauss();
  PythonRandom copy = random;
  CHECK(copy.gauss() == random.gauss());
  CHECK(copy.random() == random.random());
}

TEST_CASE("python random: what there is nothing of is refused") {
  PythonRandom random(1);
  const auto at = random;
  CHECK_THROWS_WITH_AS(random.below(0),
                       "nn::PythonRandom: expected something to choose from, got nothing.", Error);
  CHECK_THROWS_AS(random.choice(std::vector<int>{}), Error);
  CHECK_THROWS_WITH_AS(random.randrange(3, 3),
                       "nn::PythonRandom::randrange: expected a start below the stop, got 3 and 3.",
                       Error);
  CHECK_THROWS_WITH_AS(
      random.randint(3, 2),
      "nn::PythonRandom::randint: expected numbers a <= b, b below 2^63 - 1, got 3 and 2.", Error);
  CHECK_THROWS_AS(random.randint(0, std::numeric_limits<std::int64_t>::max()), Error);
  CHECK_THROWS_WITH_AS(random.getrandbits(65),
                       "nn::PythonRandom::getrandbits: expected at most 64 bits, got 65.", Error);
  CHECK_THROWS_WITH_AS(random.choices({}),
                       "nn::PythonRandom::choices: expected at least one weight, got none.", Error);
  PythonRandom untouched = at;
  CHECK(random.random() == untouched.random());
}
