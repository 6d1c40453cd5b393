// Metrics, against numbers counted and added up by hand.

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using autograd::Value;
using Rows = std::vector<std::vector<double>>;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

nn::Data with_targets(const Rows& targets) {
  nn::Data result;
  for (const auto& each : targets) result.push_back({{}, each});
  return result;
}

// Rows of three classes as one-hot targets, and outputs that are largest at the class predicted.
struct Example {
  nn::Data data;
  Rows outputs;
  void add(std::size_t right, std::size_t predicted, int times) {
    for (int i = 0; i < times; ++i) {
      data.push_back({{}, nn::one_hot(right, 3)});
      outputs.push_back({0.1, -0.2, 0.05});
      outputs.back()[predicted] = 0.3;
    }
  }
};

// Class 0: 5 found, 1 missed, 2 others taken for it. Class 1: 3, 2, 1. Class 2: 4, 1, 1.
Example example() {
  Example result;
  result.add(0, 0, 5);
  result.add(0, 1, 1);
  result.add(1, 1, 3);
  result.add(1, 0, 1);
  result.add(1, 2, 1);
  result.add(2, 2, 4);
  result.add(2, 0, 1);
  return result;
}

}  // namespace

TEST_CASE("class of: one number is compared with the threshold, several with each other") {
  CHECK(nn::class_of(std::vector{0.6}, 0.5) == 1u);
  CHECK(nn::class_of(std::vector{0.5}, 0.5) == 0u);
  CHECK(nn::class_of(std::vector{-0.1}, 0) == 0u);
  CHECK(nn::class_of(std::vector{-3.0, -1.0, -2.0}, 0.5) == 1u);
  CHECK(nn::class_of(std::vector{2.0, 7.0, 7.0}, 0.5) == 1u);
  CHECK_FALSE(nn::class_of(std::vector{kNan}, 0.5).has_value());
  CHECK_FALSE(nn::class_of(std::vector{1.0, kNan}, 0.5).has_value());
  CHECK_THROWS_WITH_AS(nn::class_of({}, 0.5),
                       "nn::class_of: expected at least one number, got none.", Error);
}

TEST_CASE("accuracy: targets 0 and 1 are told apart at 1/2, -1 and 1 at 0") {
  const Rows outputs{{0.9}, {0.2}, {0.4}, {-0.3}};
  CHECK(nn::class_threshold(with_targets({{1}, {0}})) == 0.5);
  CHECK(nn::accuracy(outputs, with_targets({{1}, {0}, {1}, {0}})) == 0.75);
  CHECK(nn::class_threshold(with_targets({{1}, {-1}})) == 0);
  CHECK(nn::accuracy(outputs, with_targets({{1}, {-1}, {1}, {-1}})) == 0.75);
  CHECK(nn::accuracy(outputs, with_targets({{1}, {1}, {1}, {-1}})) == 1);
}

TEST_CASE("accuracy: a threshold of one's own") {
  const Rows outputs{{0.9}, {0.2}, {0.4}};
  CHECK(nn::accuracy(outputs, with_targets({{1}, {0}, {1}}), 0.3) == 1);
  CHECK(nn::accuracy(outputs, with_targets({{1}, {0}, {1}}), 0.1) == 2.0 / 3);
}

TEST_CASE("accuracy: the largest of several outputs is the class, NaN is wrong") {
  const auto [data, outputs] = example();
  CHECK(nn::accuracy(outputs, data) == 12.0 / 16);
  CHECK(nn::accuracy(Rows{{kNan, 0, 0}, {0, 1, 0}}, with_targets({{1, 0, 0}, {0, 1, 0}})) == 0.5);
  CHECK(nn::accuracy(Rows{{kNan}, {0.2}}, with_targets({{0}, {0}})) == 0.5);
}

TEST_CASE("confusion matrix: counted, with precision, recall and F1 of each class") {
  const auto [data, outputs] = example();
  const nn::ConfusionMatrix matrix = nn::confusion_matrix(outputs, data);
  using Counts = std::vector<std::vector<std::size_t>>;
  CHECK(matrix.counts == Counts{{5, 1, 0}, {1, 3, 1}, {1, 0, 4}});
  CHECK(matrix.accuracy() == 12.0 / 16);
  CHECK(matrix.precision(0) == 5.0 / 7);
  CHECK(matrix.recall(0) == 5.0 / 6);
  CHECK(matrix.precision(1) == 3.0 / 4);
  CHECK(matrix.recall(1) == 3.0 / 5);
  for (const std::size_t k : {0u, 1u, 2u}) {
    const double p = matrix.precision(k), r = matrix.recall(k);
    CHECK(matrix.f1(k) == doctest::Approx(2 * p * r / (p + r)).epsilon(1e-14));
  }
}

TEST_CASE("confusion matrix: a class nobody predicts has no precision, but F1 0") {
  const nn::ConfusionMatrix matrix =
      nn::confusion_matrix(Rows{{0.1}, {0.2}}, with_targets({{1}, {0}}));
  CHECK(std::isnan(matrix.precision(1)));
  CHECK(matrix.recall(1) == 0);
  CHECK(matrix.f1(1) == 0);
  CHECK(matrix.precision(0) == 0.5);
  CHECK(matrix.recall(0) == 1);
  CHECK(matrix.f1(0) == doctest::Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE(
    "confusion matrix: a class that does not occur has no recall, and no F1 if not predicted") {
  const nn::ConfusionMatrix absent =
      nn::confusion_matrix(Rows{{1, 0, 0}, {0, 1, 0}}, with_targets({{1, 0, 0}, {1, 0, 0}}));
  CHECK(absent.precision(1) == 0);
  CHECK(std::isnan(absent.recall(1)));
  CHECK(absent.f1(1) == 0);
  CHECK(std::isnan(absent.precision(2)));
  CHECK(std::isnan(absent.recall(2)));
  CHECK(std::isnan(absent.f1(2)));
}

TEST_CASE("confusion matrix: rows with NaN are counted apart, and as missed") {
  const nn::ConfusionMatrix matrix =
      nn::confusion_matrix(Rows{{kNan}, {0.9}, {0.1}}, with_targets({{1}, {1}, {0}}));
  CHECK(matrix.undecided == std::vector<std::size_t>{0, 1});
  CHECK(matrix.recall(1) == 0.5);
  CHECK(matrix.precision(1) == 1);
  CHECK(matrix.accuracy() == doctest::Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE("confusion matrix: as a table to read") {
  const auto [data, outputs] = example();
  CHECK(nn::confusion_matrix(outputs, data, {"oak", "b\xC3\xBCrch", "ash"}).to_string() ==
        "class \\ predicted  oak  b\xC3\xBCrch  ash  precision  recall    f1\n"
        "oak                  5      1    0       0.71    0.83  0.77\n"
        "b\xC3\xBCrch                1      3    1       0.75    0.60  0.67\n"
        "ash                  1      0    4       0.80    0.80  0.80\n");
  CHECK(nn::confusion_matrix(Rows{{kNan}, {0.1}}, with_targets({{1}, {0}})).to_string() ==
        "class \\ predicted  0  1  (NaN)  precision  recall    f1\n"
        "0                  1  0      0       1.00    1.00  1.00\n"
        "1                  0  0      1          -    0.00  0.00\n");
}

TEST_CASE("R squared: 1 for right, 0 for the mean, below for worse") {
  const std::vector<double> targets{1, 2, 3, 6};
  CHECK(nn::r_squared(targets, targets) == 1);
  CHECK(nn::r_squared(std::vector<double>{3, 3, 3, 3}, targets) == 0);
  // Residuals 1, 0, -1, 0 and deviations -2, -1, 0, 3: 1 - 2/14.
  CHECK(nn::r_squared(std::vector<double>{2, 2, 2, 6}, targets) ==
        doctest::Approx(6.0 / 7).epsilon(1e-15));
  CHECK(nn::r_squared(std::vector<double>{6, 3, 2, 1}, targets) < 0);
}

TEST_CASE("R squared: of constant targets there is none") {
  const std::vector<double> constant{0.1, 0.1, 0.1};
  CHECK(std::isnan(nn::r_squared(constant, constant)));
  CHECK(std::isnan(nn::r_squared(std::vector<double>{1, 2, 3}, constant)));
}

TEST_CASE("R squared: of several outputs the mean over them") {
  const Rows outputs{{1, 2}, {2, 2}, {3, 2}, {6, 6}};
  const nn::Data data = with_targets({{1, 1}, {2, 2}, {3, 3}, {6, 6}});
  CHECK(nn::r_squared(outputs, data) == doctest::Approx((1 + 6.0 / 7) / 2).epsilon(1e-15));
}

TEST_CASE("mean loss: of any loss, over the rows") {
  const Rows outputs{{1, 2}, {0, 0}};
  const nn::Data data = with_targets({{0, 0}, {3, 1}});
  const auto before = autograd::graph_statistics();
  CHECK(nn::mean_loss(outputs, data, nn::half_squared_error) == (2.5 + 5) / 2);
  CHECK(nn::mean_loss(outputs, data, nn::mean_squared_error) == (2.5 + 5) / 2);
  // -log(e^1 / (e^1 + e^2)) and -log(1/2), for one-hot targets.
  CHECK(nn::mean_loss(outputs, with_targets({{1, 0}, {0, 1}}), nn::softmax_cross_entropy) ==
        doctest::Approx((std::log1p(std::exp(1.0)) + std::log(2.0)) / 2).epsilon(1e-14));
  const double weight = 3;
  const auto own = [weight](std::span<const Value> p, std::span<const double> t) {
    return weight * (p[0] - t[1]);
  };
  CHECK(nn::mean_loss(outputs, data, own) == (3.0 - 3.0) / 2);
  nn::Data weighted = data;
  weighted[1].weight = 4;
  CHECK(nn::mean_loss(outputs, weighted, nn::half_squared_error) == (2.5 + 4 * 5) / 2);
  CHECK(autograd::graph_statistics().operations == before.operations);
  CHECK(autograd::graph_statistics().leaves == before.leaves);
}

TEST_CASE("metrics: shapes that do not fit are refused") {
  const nn::Data two = with_targets({{1}, {0}});
  CHECK_THROWS_WITH_AS(nn::accuracy(Rows{{1}}, two),
                       "nn::accuracy: expected outputs for 2 rows, got 1.", Error);
  CHECK_THROWS_WITH_AS(nn::accuracy(Rows{}, {}),
                       "nn::accuracy: expected at least one row, got none.", Error);
  CHECK_THROWS_WITH_AS(nn::r_squared(Rows{{1}, {1, 2}}, two),
                       "nn::r_squared: expected as many outputs as targets in every row, at least "
                       "one, got 2 outputs and 1 target in row 1.",
                       Error);
  CHECK_THROWS_AS(nn::mean_loss(Rows{{}, {}}, with_targets({{}, {}}), nn::squared_error), Error);
  CHECK_THROWS_WITH_AS(nn::confusion_matrix(Rows{{1}, {0}}, two, {"a"}),
                       "nn::confusion_matrix: expected 2 names, one per class, got 1.", Error);
  CHECK_THROWS_WITH_AS(nn::confusion_matrix(Rows{{1}, {0}}, with_targets({{1}, {kNan}})),
                       "nn::confusion_matrix: expected targets that are numbers, got NaN in row 1.",
                       Error);
  CHECK_THROWS_WITH_AS(nn::confusion_matrix(Rows{{1}, {0}}, two).recall(2),
                       "nn: class of a confusion matrix: expected an index below 2, got 2.", Error);
  CHECK_THROWS_WITH_AS(nn::r_squared(std::vector<double>{1}, std::vector<double>{1, 2}),
                       "nn::r_squared: expected 2 predictions, one per target, got 1.", Error);
  CHECK_THROWS_AS(nn::r_squared(std::vector<double>{}, std::vector<double>{}), Error);
}
