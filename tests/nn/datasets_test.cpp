// The data sets: where their points lie, what they are called, and that a seed brings them back.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using Numbers = std::vector<double>;

namespace {

struct Set {
  const char* name;
  nn::Data (*make)(std::size_t count, double noise, std::uint64_t seed);
  double reach;  // noise moves by this times U(-1, 1) noise; 0 if it does not
};
const Set kSets[] = {{"circle", nn::circle_data, 5}, {"xor cloud", nn::xor_cloud_data, 5},
                     {"gauss", nn::gauss_data, 0},   {"spiral", nn::spiral_data, 1},
                     {"plane", nn::plane_data, 6},   {"bumps", nn::bumps_data, 6},
                     {"moons", nn::moons_data, 0}};

double radius(const nn::Sample& row) { return std::hypot(row.inputs[0], row.inputs[1]); }

bool same(const nn::Data& a, const nn::Data& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const nn::Sample& x, const nn::Sample& y) {
                      return x.inputs == y.inputs && x.targets == y.targets;
                    });
}

Numbers mean_of(const nn::Data& data, double target) {
  Numbers sum{0, 0};
  double count = 0;
  for (const nn::Sample& row : data) {
    if (row.targets[0] != target) continue;
    sum[0] += row.inputs[0];
    sum[1] += row.inputs[1];
    ++count;
  }
  return {sum[0] / count, sum[1] / count};
}

}  // namespace

TEST_CASE("data sets: as many rows as asked for, of two inputs and one target") {
  for (const Set& set : kSets) {
    CAPTURE(set.name);
    for (const std::size_t count : {0u, 1u, 2u, 7u, 100u}) {
      const nn::Data data = set.make(count, 0.2, 1);
      CHECK(data.size() == count);
      for (const nn::Sample& row : data) {
        REQUIRE(row.inputs.size() == 2);
        REQUIRE(row.targets.size() == 1);
        CHECK(std::isfinite(row.inputs[0] + row.inputs[1]));
        CHECK(std::abs(row.targets[0]) <= 1.2);
      }
    }
  }
}

TEST_CASE("data sets: the seed decides") {
  for (const Set& set : kSets) {
    CAPTURE(set.name);
    CHECK(same(set.make(20, 0.1, 4), set.make(20, 0.1, 4)));
    CHECK_FALSE(same(set.make(20, 0.1, 4), set.make(20, 0.1, 5)));
  }
}

TEST_CASE("data sets: classes are equally large, with one more of class 1 if need be") {
  for (const Set& set : {kSets[0], kSets[2], kSets[3], kSets[6]}) {
    CAPTURE(set.name);
    const nn::Data data = set.make(7, 0, 1);
    CHECK(std::count_if(data.begin(), data.end(),
                        [](const nn::Sample& row) { return row.targets[0] == 1; }) == 4);
    CHECK(std::count_if(data.begin(), data.end(),
                        [](const nn::Sample& row) { return row.targets[0] == -1; }) == 3);
  }
}

TEST_CASE("data sets: noise moves the points by no more than it says, and no target") {
  constexpr double kNoise = 0.3;
  for (const Set& set : kSets) {
    if (set.reach == 0) continue;
    CAPTURE(set.name);
    const nn::Data clean = set.make(400, 0, 2), noisy = set.make(400, kNoise, 2);
    double farthest = 0;
    for (std::size_t i = 0; i < clean.size(); ++i) {
      CHECK(noisy[i].targets == clean[i].targets);
      for (std::size_t j : {0u, 1u})
        farthest = std::max(farthest, std::abs(noisy[i].inputs[j] - clean[i].inputs[j]));
    }
    CHECK(farthest <= set.reach * kNoise * (1 + 1e-12));
    CHECK(farthest > 0.95 * set.reach * kNoise);
  }
}

TEST_CASE("data sets: noise that is negative or not finite is refused") {
  for (const Set& set : kSets) {
    CAPTURE(set.name);
    CHECK_THROWS_WITH_AS(
        set.make(10, -0.1, 0),
        "nn: a data set: expected noise that is finite and not negative, got -0.1.", Error);
    CHECK_THROWS_AS(set.make(10, std::numeric_limits<double>::infinity(), 0), Error);
    CHECK_THROWS_AS(set.make(10, std::numeric_limits<double>::quiet_NaN(), 0), Error);
  }
}

TEST_CASE("data sets: more rows than there can be are refused") {
  const std::size_t many = (std::size_t{1} << 31) + 1,
                    most = std::numeric_limits<std::size_t>::max();
  for (const std::size_t count : {many, most}) {
    const std::string rows = "at most 2147483648 rows, got " + std::to_string(count) + ".";
    CHECK(helpers::error_of([&] { nn::circle_data(count); }) == "nn: a data set: expected " + rows);
    CHECK(helpers::error_of([&] { nn::plane_data(count); }) == "nn: a data set: expected " + rows);
    nn::Random random(0);
    CHECK(helpers::error_of([&] { nn::shuffled_indices(count, random); }) ==
          "nn::shuffled_indices: expected " + rows);
    CHECK(helpers::error_of([&] { nn::one_hot(0, count); }).find("at most 2147483648 numbers") !=
          std::string::npos);
    CHECK(helpers::error_of([&] { nn::seeds(count); }).find("at most 2147483648 seeds") !=
          std::string::npos);
    const nn::Mlp net(1, {{.units = 1, .dropout = {.keep = 0.5}}});
    CHECK(helpers::error_of([&] { net.draw_masks(count, random); }) ==
          "nn::Mlp::draw_masks: expected " + rows);
  }
}

TEST_CASE("circle: class 1 is a disc, class -1 a ring around it, in all directions") {
  const nn::Data data = nn::circle_data();
  CHECK(data.size() == 500);
  int quadrants[4] = {};
  for (const nn::Sample& row : data) {
    if (row.targets[0] == 1) {
      CHECK(radius(row) <= 2.5 + 1e-12);
    } else {
      CHECK(radius(row) >= 3.5 - 1e-12);
      CHECK(radius(row) <= 5 + 1e-12);
    }
    ++quadrants[(row.inputs[0] > 0 ? 1 : 0) + (row.inputs[1] > 0 ? 2 : 0)];
  }
  for (const int each : quadrants) CHECK(std::abs(each - 125) < 48);  // 5 standard deviations
}

TEST_CASE("exclusive or, as a cloud: the target is the sign of the product, away from the axes") {
  for (const nn::Sample& row : nn::xor_cloud_data()) {
    CHECK(row.targets[0] == (row.inputs[0] * row.inputs[1] > 0 ? 1 : -1));
    for (const double x : row.inputs) {
      CHECK(std::abs(x) >= 0.3);
      CHECK(std::abs(x) <= 5.3);
    }
  }
}

TEST_CASE("gauss: two clouds about (2, 2) and (-2, -2), wider with noise") {
  for (const double noise : {0.0, 0.5}) {
    const nn::Data data = nn::gauss_data(4000, noise, 1);
    const double variance = 0.5 + 7 * noise;
    for (const double target : {1.0, -1.0}) {
      const Numbers mean = mean_of(data, target);
      double sum = 0;
      for (const nn::Sample& row : data)
        if (row.targets[0] == target) sum += std::pow(row.inputs[0] - 2 * target, 2);
      // 2000 numbers: 5 standard deviations of their mean and of their mean square.
      CHECK(std::abs(mean[0] - 2 * target) < 5 * std::sqrt(variance / 2000));
      CHECK(std::abs(mean[1] - 2 * target) < 5 * std::sqrt(variance / 2000));
      CHECK(std::abs(sum / 2000 - variance) < 5 * variance * std::sqrt(2.0 / 2000));
    }
  }
}

TEST_CASE("spiral: the radius grows with the angle, and the arms are opposite") {
  const nn::Data data = nn::spiral_data(200);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(radius(data[i]) == doctest::Approx(0.05 * static_cast<double>(i)).epsilon(1e-12));
    CHECK(data[100 + i].inputs[0] == doctest::Approx(-data[i].inputs[0]).epsilon(1e-12));
    CHECK(data[100 + i].inputs[1] == doctest::Approx(-data[i].inputs[1]).epsilon(1e-12));
  }
  // i/n = 2/7: angle pi, that is (0, -10/7).
  const nn::Data sevenths = nn::spiral_data(14);
  CHECK(std::abs(sevenths[2].inputs[0]) < 1e-12);
  CHECK(sevenths[2].inputs[1] == doctest::Approx(-10.0 / 7).epsilon(1e-12));
}

TEST_CASE("plane: a tenth of the sum") {
  const nn::Data data = nn::plane_data();
  CHECK(data.size() == 1200);
  for (const nn::Sample& row : data) {
    CHECK(row.targets[0] == doctest::Approx((row.inputs[0] + row.inputs[1]) / 10).epsilon(1e-14));
    CHECK(std::abs(row.inputs[0]) <= 6);
  }
}

TEST_CASE("bumps: 0 away from the centres, falling by a half for each unit of distance from them") {
  int inside = 0;
  for (const nn::Sample& row : nn::bumps_data(2000)) {
    const double x1 = row.inputs[0], x2 = row.inputs[1];
    // The nearest centre: columns -4, 0, 4 with alternating signs, rows of opposite sign.
    const double column = x1 < -2 ? -4 : x1 > 2 ? 4 : 0;
    const double sign = (column == 0 ? -1 : 1) * (x2 > 0 ? 1 : -1);
    const double distance = std::hypot(x1 - column, std::abs(x2) - 2.5);
    const double expected = distance < 2 ? sign * (1 - distance / 2) : 0;
    CHECK(row.targets[0] == doctest::Approx(expected).epsilon(1e-12));
    if (expected != 0) ++inside;
  }
  CHECK(inside > 800);  // 6 discs of area 4 pi in a square of area 144: 1047 of 2000
}

TEST_CASE("moons: half circles about (0, 0) and (1, 1/2), upside down to each other") {
  const nn::Data data = nn::moons_data(100);
  for (const nn::Sample& row : data) {
    const double x1 = row.inputs[0], x2 = row.inputs[1];
    if (row.targets[0] == 1) {
      CHECK(std::hypot(x1, x2) == doctest::Approx(1).epsilon(1e-12));
      CHECK(x2 > -1e-12);
    } else {
      CHECK(std::hypot(x1 - 1, x2 - 0.5) == doctest::Approx(1).epsilon(1e-12));
      CHECK(x2 < 0.5 + 1e-12);
    }
  }
  CHECK(data[0].inputs == Numbers{1, 0});
  const nn::Data noisy = nn::moons_data(4000, 0.1, 1), clean = nn::moons_data(4000, 0, 1);
  double squares = 0;
  for (std::size_t i = 0; i < clean.size(); ++i)
    squares += std::pow(noisy[i].inputs[0] - clean[i].inputs[0], 2);
  CHECK(std::abs(squares / 4000 - 0.01) < 5 * 0.01 * std::sqrt(2.0 / 4000));
}

TEST_CASE("data sets: a few numbers as they were") {
  const auto check_row = [](const nn::Sample& row, double x1, double x2, double target) {
    CHECK(row.inputs[0] == doctest::Approx(x1).epsilon(1e-13));
    CHECK(row.inputs[1] == doctest::Approx(x2).epsilon(1e-13));
    CHECK(row.targets[0] == doctest::Approx(target).epsilon(1e-13));
  };
  check_row(nn::circle_data(4, 0.25, 7)[3], 2.987382311027226, 2.480596636007448, -1);
  check_row(nn::xor_cloud_data(4, 0.25, 7)[3], 2.624825084347242, -5.175951702522367, -1);
  check_row(nn::gauss_data(4, 0.25, 7)[3], -3.011414011419407, -2.208792427319332, -1);
  check_row(nn::spiral_data(4, 0.25, 7)[3], 1.879720500584639, -1.852847238190103, -1);
  check_row(nn::plane_data(4, 0.25, 7)[3], 2.78979010121669, -5.851142043026842,
            -0.1837086160756591);
  check_row(nn::bumps_data(4, 0.25, 7)[3], 2.78979010121669, -5.851142043026842, 0);
  check_row(nn::moons_data(4, 0.25, 7)[3], 1.831430998096765, 0.4652012621134446, -1);
}

// ---- iris ----

TEST_CASE("iris: means and deviations of each species as published") {
  const double means[3][4] = {
      {5.006, 3.428, 1.462, 0.246}, {5.936, 2.770, 4.260, 1.326}, {6.588, 2.974, 5.552, 2.026}};
  const double deviations[3][4] = {{0.352490, 0.379064, 0.173664, 0.105386},
                                   {0.516171, 0.313798, 0.469911, 0.197753},
                                   {0.635880, 0.322497, 0.551895, 0.274650}};
  const nn::Data data = nn::iris_data();
  REQUIRE(data.size() == 150);
  for (std::size_t species = 0; species < 3; ++species) {
    for (std::size_t j = 0; j < 4; ++j) {
      CAPTURE(species);
      CAPTURE(j);
      double sum = 0, squares = 0;
      for (std::size_t i = 50 * species; i < 50 * species + 50; ++i) {
        CHECK(data[i].targets == nn::one_hot(species, 3));
        sum += data[i].inputs[j];
        squares += std::pow(data[i].inputs[j] - means[species][j], 2);
      }
      CHECK(sum / 50 == doctest::Approx(means[species][j]).epsilon(1e-12));
      CHECK(std::abs(std::sqrt(squares / 49) - deviations[species][j]) < 1e-6);
    }
  }
}

TEST_CASE("iris: the correlations of each species as published") {
  // Sepal length with sepal width, sepal length with petal length, petal length with petal width.
  const double correlations[3][3] = {{0.742547, 0.267176, 0.331630},
                                     {0.525911, 0.754049, 0.786668},
                                     {0.457228, 0.864225, 0.322108}};
  const std::size_t pairs[3][2] = {{0, 1}, {0, 2}, {2, 3}};
  const nn::Data data = nn::iris_data();
  for (std::size_t species = 0; species < 3; ++species) {
    const auto begin = data.begin() + static_cast<std::ptrdiff_t>(50 * species);
    const nn::Data rows(begin, begin + 50);
    const nn::Data scaled = nn::Standardiser::fit(rows).apply(rows);
    for (std::size_t pair = 0; pair < 3; ++pair) {
      double sum = 0;
      for (const nn::Sample& row : scaled)
        sum += row.inputs[pairs[pair][0]] * row.inputs[pairs[pair][1]];
      CHECK(std::abs(sum / 50 - correlations[species][pair]) < 1e-6);
    }
  }
}

TEST_CASE("iris: rows 35 and 38 are Fisher's, not those of the copy of 1988") {
  const nn::Data data = nn::iris_data();
  CHECK(data[34].inputs == Numbers{4.9, 3.1, 1.5, 0.2});
  CHECK(data[37].inputs == Numbers{4.9, 3.6, 1.4, 0.1});
  CHECK(data[0].inputs == Numbers{5.1, 3.5, 1.4, 0.2});
  CHECK(data[149].inputs == Numbers{5.9, 3.0, 5.1, 1.8});
}

TEST_CASE("iris: the table has the names of columns and species") {
  const nn::Table table = nn::iris_table();
  CHECK(same(table.data, nn::iris_data()));
  CHECK(table.inputs ==
        std::vector<std::string>{"sepal length", "sepal width", "petal length", "petal width"});
  CHECK(table.targets == std::vector<std::string>{"species"});
  CHECK(table.classes == std::vector<std::string>{"setosa", "versicolor", "virginica"});
}
