// Rows of data: dealing them out, standardising them, and features of them.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using Numbers = std::vector<double>;

namespace {

// Rows 0, 1, 2, ... with their number as input and target.
nn::Data numbered(std::size_t count) {
  nn::Data result;
  for (std::size_t i = 0; i < count; ++i) {
    const auto number = static_cast<double>(i);
    result.push_back({{number}, {-number}});
  }
  return result;
}

std::vector<double> column(const nn::Data& data, std::size_t j) {
  std::vector<double> result;
  for (const nn::Sample& row : data) result.push_back(row.inputs[j]);
  return result;
}

}  // namespace

TEST_CASE("split: every row is in one of the two parts, once, with its target") {
  const auto [train, test] = nn::split(numbered(10), 0.7, 3);
  CHECK(train.size() == 7);
  CHECK(test.size() == 3);
  Numbers all = column(train, 0);
  const Numbers rest = column(test, 0);
  all.insert(all.end(), rest.begin(), rest.end());
  std::sort(all.begin(), all.end());
  CHECK(all == column(numbered(10), 0));
  for (const nn::Sample& row : train) CHECK(row.targets[0] == -row.inputs[0]);
}

TEST_CASE("split: the count is rounded, and all or nothing is possible") {
  CHECK(nn::split(numbered(4), 0.6).train.size() == 2);
  CHECK(nn::split(numbered(4), 0.7).train.size() == 3);
  CHECK(nn::split(numbered(4), 0).train.empty());
  CHECK(nn::split(numbered(4), 1).test.empty());
  CHECK(nn::split({}, 0.5).train.empty());
}

TEST_CASE("split: rows are shuffled, by the seed") {
  const Numbers order = column(nn::split(numbered(20), 1, 5).train, 0);
  CHECK(order != column(numbered(20), 0));
  CHECK(order == column(nn::split(numbered(20), 1, 5).train, 0));
  CHECK(order != column(nn::split(numbered(20), 1, 6).train, 0));
}

TEST_CASE("split: a fraction outside of 0 to 1 is refused") {
  CHECK_THROWS_WITH_AS(nn::split(numbered(4), 1.5),
                       "nn::split: expected a fraction between 0 and 1, got 1.5.", Error);
  CHECK_THROWS_AS(nn::split(numbered(4), -0.1), Error);
  CHECK_THROWS_AS(nn::split(numbered(4), std::numeric_limits<double>::quiet_NaN()), Error);
}

TEST_CASE("shuffled indices: each order is as likely as any other") {
  constexpr int kDraws = 24000;
  nn::Random random(1);
  std::array<int, 256> count{};  // by the order as a number in base 4
  for (int i = 0; i < kDraws; ++i) {
    std::size_t code = 0;
    for (const std::size_t each : nn::shuffled_indices(4, random)) code = 4 * code + each;
    ++count[code];
  }
  // 24 orders, each with mean 1000 and standard deviation 31.
  CHECK(std::count_if(count.begin(), count.end(), [](int n) { return n > 0; }) == 24);
  for (const int each : count)
    if (each > 0) CHECK(std::abs(each - 1000) < 155);
}

TEST_CASE("one-hot: a 1 at the index, 0 elsewhere") {
  CHECK(nn::one_hot(1, 3) == Numbers{0, 1, 0});
  CHECK_THROWS_WITH_AS(nn::one_hot(3, 3), "nn::one_hot: expected an index below 3, got 3.", Error);
}

// ---- Standardiser ----

TEST_CASE("standardiser: training inputs get mean 0 and deviation 1, targets stay") {
  const nn::Data data = nn::iris_data();
  const nn::Data scaled = nn::Standardiser::fit(data).apply(data);
  for (std::size_t j = 0; j < 4; ++j) {
    double sum = 0, squares = 0;
    for (const double x : column(scaled, j)) {
      sum += x;
      squares += x * x;
    }
    CHECK(std::abs(sum / 150) < 1e-14);
    CHECK(squares / 150 == doctest::Approx(1).epsilon(1e-13));
  }
  for (std::size_t i = 0; i < data.size(); ++i) CHECK(scaled[i].targets == data[i].targets);
}

TEST_CASE("standardiser: by hand, on rows it was not fit to, and back again") {
  const nn::Standardiser s = nn::Standardiser::fit({{{1, 10}, {}}, {{3, 50}, {}}});
  CHECK(s.mean == Numbers{2, 30});
  CHECK(s.deviation == Numbers{1, 20});
  CHECK(s.apply(Numbers{5, 0}) == Numbers{3, -1.5});
  CHECK(s.undo(Numbers{3, -1.5}) == Numbers{5, 0});
  const nn::Data others{{{5, 0}, {7}}};
  CHECK(s.undo(s.apply(others))[0].inputs == Numbers{5, 0});
  CHECK(s.undo(s.apply(others))[0].targets == Numbers{7});
}

TEST_CASE("standardiser: a constant column becomes 0, whatever its sum rounds to") {
  nn::Data data;
  for (int i = 0; i < 10; ++i) data.push_back({{0.1, static_cast<double>(i)}, {}});
  const nn::Standardiser s = nn::Standardiser::fit(data);
  CHECK(s.mean[0] == 0.1);
  CHECK(s.deviation[0] == 1);
  for (const nn::Sample& row : s.apply(data)) CHECK(row.inputs[0] == 0);
}

TEST_CASE("standardiser: huge and tiny numbers neither overflow nor vanish") {
  const nn::Standardiser s = nn::Standardiser::fit({{{1e200, 1e-200}, {}}, {{3e200, 3e-200}, {}}});
  CHECK(s.deviation[0] == doctest::Approx(1e200));
  CHECK(s.deviation[1] == doctest::Approx(1e-200));
}

TEST_CASE("standardiser: rows that do not fit are refused") {
  CHECK_THROWS_WITH_AS(nn::Standardiser::fit({}),
                       "nn::Standardiser::fit: expected at least one row, got none.", Error);
  CHECK_THROWS_WITH_AS(nn::Standardiser::fit({{{1, 2}, {}}, {{1}, {}}}),
                       "nn::Standardiser::fit: expected 2 inputs, as in row 0, got 1 in row 1.",
                       Error);
  CHECK_THROWS_WITH_AS(
      nn::Standardiser::fit({{{1, 2}, {}}, {{1, std::numeric_limits<double>::infinity()}, {}}}),
      "nn::Standardiser::fit: expected finite inputs, got inf in row 1, column 1.", Error);
  const nn::Standardiser s = nn::Standardiser::fit({{{1, 2}, {}}});
  CHECK_THROWS_WITH_AS(s.apply(Numbers{1}),
                       "nn::Standardiser: expected 2 inputs, as in the rows it was fit to, got 1.",
                       Error);
  CHECK_THROWS_AS(s.undo(Numbers{1, 2, 3}), Error);
}

// ---- Features ----

TEST_CASE("features: the seven of the Playground") {
  const nn::Features features = nn::playground_features();
  CHECK(nn::apply_features(features, Numbers{2, -3}) ==
        Numbers{2, -3, 4, 9, -6, std::sin(2.0), std::sin(-3.0)});
  const std::vector<std::string_view> names{"x1",    "x2",     "x1^2",  "x2^2",
                                            "x1 x2", "sin x1", "sin x2"};
  REQUIRE(features.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(features[i].name == names[i]);
}

TEST_CASE("features: chosen by name, in the order asked for") {
  const nn::Features features = nn::playground_features({"x1 x2", "x1"});
  CHECK(nn::apply_features(features, Numbers{2, -3}) == Numbers{-6, 2});
  CHECK_THROWS_WITH_AS(nn::playground_features({"x3"}),
                       "nn::playground_features: expected one of x1, x2, x1^2, x2^2, x1 x2, sin "
                       "x1, sin x2, got 'x3'.",
                       Error);
}

TEST_CASE("features: one's own, for all rows, without touching the targets") {
  const nn::Features radius{
      {"r^2", [](std::span<const double> x) { return x[0] * x[0] + x[1] * x[1]; }}};
  const nn::Data data = nn::apply_features(radius, nn::Data{{{3, 4}, {1}}, {{0, 1}, {-1}}});
  CHECK(data[0].inputs == Numbers{25});
  CHECK(data[1].inputs == Numbers{1});
  CHECK(data[0].targets == Numbers{1});
}

TEST_CASE("features: those of the plane need two inputs") {
  CHECK_THROWS_WITH_AS(nn::apply_features(nn::playground_features(), Numbers{1}),
                       "nn: feature 'x1': expected at least 2 inputs, got 1.", Error);
}

TEST_CASE("features: one without a function is refused by its name") {
  CHECK_THROWS_WITH_AS(nn::apply_features({{"mine", {}}}, Numbers{1}),
                       "nn: feature 'mine': expected a function, got an empty one.", Error);
}
