// Dropout: masks, both scalings, and gradients.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using networks::Matrix;
using networks::Numbers;
using networks::numbers;
using nn::Activation;
using nn::Dropout;
using nn::Mlp;
using nn::Mode;

namespace {

// x passes through: as many units as inputs, weights 1 on the diagonal.
void make_identity(nn::Layer& layer) {
  Matrix rows(layer.units(), Numbers(layer.inputs()));
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k][k] = 1;
  layer.set_weights(rows);
}

}  // namespace

TEST_CASE("dropout: training multiplies by the mask and, if inverted, divides by keep") {
  const Value out = 6;
  CHECK(Dropout{.keep = 0.75}.train(out, 1.0) == 8);
  CHECK(Dropout{.keep = 0.75}.train(out, 0.0) == 0);
  CHECK(Dropout{.keep = 0.75, .inverted = false}.train(out, 1.0) == 6);
  CHECK(Dropout{.keep = 0.75, .inverted = false}.train(out, 0.0) == 0);
}

TEST_CASE("dropout: evaluation multiplies by keep only if training did not divide by it") {
  const Value out = 6;
  CHECK(Dropout{.keep = 0.75}.evaluate(out).id() == out.id());
  CHECK(Dropout{.keep = 0.75, .inverted = false}.evaluate(out) == 4.5);
  CHECK(Dropout{.keep = 1, .inverted = false}.evaluate(out).id() == out.id());
}

TEST_CASE("dropout: the mean over all masks, each by its probability, is the evaluation") {
  constexpr std::size_t kUnits = 4;
  for (const bool inverted : {true, false}) {
    CAPTURE(inverted);
    const Dropout dropout{.keep = 0.7, .inverted = inverted};
    Mlp net(2, {{.units = kUnits, .activation = Activation::tanh, .dropout = dropout}, {2}});
    const Matrix rows{{0.3, -1.2}};
    Numbers mean(2);
    for (unsigned pattern = 0; pattern < 1u << kUnits; ++pattern) {
      Numbers masks;
      double probability = 1;
      for (std::size_t k = 0; k < kUnits; ++k) {
        masks.push_back((pattern >> k) & 1u);
        probability *= masks[k] != 0 ? 0.7 : 0.3;
      }
      const Mlp::Batch batch = net.forward(rows, {Mode::kTrain, masks});
      for (std::size_t k = 0; k < 2; ++k) mean[k] += probability * batch.out()[0][k].data();
    }
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(net(rows[0])[k].data() == doctest::Approx(mean[k]).epsilon(1e-13));
  }
}

TEST_CASE("dropout: masks come row by row, within a row layer by layer, unit by unit") {
  const Dropout original{.keep = 0.5, .inverted = false};
  Mlp net(2, {{.units = 2, .dropout = original}, {2}, {.units = 2, .dropout = original}});
  for (nn::Layer& each : net.layers()) make_identity(each);
  CHECK(net.mask_size() == 4);
  CHECK(net.layer(0).mask_size() == 2);
  CHECK(net.layer(1).mask_size() == 0);

  // Any number is a mask: products tell which ones a unit was given.
  const Numbers masks{2, 3, 5, 7, 11, 13, 17, 19};
  const Matrix rows{{1, 1}, {1, 100}};
  const Mlp::Batch batch = net.forward(rows, {Mode::kTrain, masks});
  CHECK(numbers(batch.layers[0].out[0]) == Numbers{2, 3});
  CHECK(numbers(batch.out()[0]) == Numbers{2 * 5, 3 * 7});
  CHECK(numbers(batch.layers[0].out[1]) == Numbers{11, 1300});
  CHECK(numbers(batch.out()[1]) == Numbers{11 * 17, 1300 * 19});
  const nn::Layer::Batch alone = net.layer(2).forward(rows, {Mode::kTrain, Numbers{2, 3, 5, 7}});
  CHECK(numbers(alone.out[1]) == Numbers{5, 700});
}

TEST_CASE("dropout: masks are drawn 1 with the probability of keeping a unit, by layer") {
  const Mlp net(1, {{.units = 2, .dropout = {.keep = 0.9}},
                    {3, Activation::tanh},
                    {.units = 1, .dropout = {.keep = 0.3}}});
  constexpr std::size_t kRows = 10000;
  nn::Random random(2), again(2);
  const Numbers masks = net.draw_masks(kRows, random);
  CHECK(masks == net.draw_masks(kRows, again));
  CHECK(masks.size() == 3 * kRows);
  CHECK(net.draw_masks(0, random).empty());
  Numbers kept(3);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    REQUIRE((masks[i] == 0 || masks[i] == 1));
    kept[i % 3] += masks[i];
  }
  // Standard deviations 30, 30 and 46.
  CHECK(std::abs(kept[0] - 9000) < 150);
  CHECK(std::abs(kept[1] - 9000) < 150);
  CHECK(std::abs(kept[2] - 3000) < 230);
}

TEST_CASE("dropout: a dropped unit receives and passes on no gradient") {
  Mlp net(2, {{.units = 3, .activation = Activation::tanh, .dropout = {.keep = 0.5}}, {1}});
  const Matrix rows{{0.5, -1}};
  const Mlp::Batch batch = net.forward(rows, {Mode::kTrain, Numbers{1, 0, 1}});
  nn::half_squared_error(batch.out()[0], {2.0}).backward();
  CHECK(batch.layers[0].out[0][1] == 0);
  for (std::size_t j = 0; j < 2; ++j) {
    CHECK(net.layer(0).weight(0, j).grad() != 0);
    CHECK(net.layer(0).weight(1, j).grad() == 0);
    CHECK(net.layer(0).weight(2, j).grad() != 0);
  }
  CHECK(net.layer(0).bias(1).grad() == 0);
  CHECK(net.layer(1).weight(0, 1).grad() == 0);
}

TEST_CASE("dropout: gradients through masks agree with differences, in both scalings") {
  const Matrix rows{{0.5, -1}, {1.5, 0.25}, {-0.75, 2}};
  for (const bool inverted : {true, false}) {
    const Dropout dropout{.keep = 0.6, .inverted = inverted};
    Mlp net(2, {{.units = 3, .activation = Activation::tanh, .dropout = dropout},
                {.units = 2, .activation = Activation::sigmoid, .dropout = dropout},
                {1}});
    nn::Random random(4);
    const Numbers masks = net.draw_masks(rows.size(), random);
    const auto loss = [&] {
      const Mlp::Batch batch = net.forward(rows, {Mode::kTrain, masks});
      Value sum = 0.0;
      for (const auto& out : batch.out()) sum += square(out[0] - 1);
      return sum;
    };
    networks::check_gradients(net, loss, 1e-8);
  }
}

TEST_CASE("dropout: masks and rows may be Values, with gradients of their own") {
  Mlp net(1, {{.units = 2, .activation = Activation::tanh, .dropout = {.keep = 0.5}}, {1}});
  net.layer(1).set_weights({{3, 5}});
  const std::vector<std::vector<Value>> rows{{Value(0.75)}};
  const std::vector<Value> masks{1, 0};
  const Mlp::Batch symbolic = net.forward(rows, {Mode::kTrain, masks});
  const Mlp::Batch plain = net.forward(Matrix{{0.75}}, {Mode::kTrain, Numbers{1, 0}});
  CHECK(symbolic.out()[0][0] == plain.out()[0][0]);

  symbolic.out()[0][0].backward();
  const Numbers hidden = numbers(net.layer(0)({0.75}));
  CHECK(masks[0].grad() == doctest::Approx(3 * hidden[0] / 0.5).epsilon(1e-15));
  CHECK(masks[1].grad() == doctest::Approx(5 * hidden[1] / 0.5).epsilon(1e-15));
  const double slope = 3 / 0.5 * (1 - hidden[0] * hidden[0]);
  CHECK(rows[0][0].grad() ==
        doctest::Approx(slope * net.layer(0).weight(0, 0).data()).epsilon(1e-14));
}

TEST_CASE("dropout: a pass that evaluates is the plain call and ignores masks") {
  for (const bool inverted : {true, false}) {
    const Mlp net(2, {{.units = 3,
                       .activation = Activation::tanh,
                       .dropout = {.keep = 0.5, .inverted = inverted}},
                      {2}});
    const Matrix rows{{0.5, -1}, {2, 3}};
    const Mlp::Batch batch = net.forward(rows, {});
    const Mlp::Batch masked = net.forward(rows, {Mode::kEvaluate, Numbers{0, 0}});
    for (std::size_t r = 0; r < rows.size(); ++r) {
      CHECK(numbers(batch.out()[r]) == numbers(net(rows[r])));
      CHECK(numbers(masked.out()[r]) == numbers(net.forward(rows[r]).out()));
    }
  }
}

TEST_CASE("dropout: without it training needs no masks and is the plain call") {
  const Mlp net({2, 3, 1}, Activation::tanh);
  const Matrix rows{{0.5, -1}, {2, 3}};
  CHECK(net.mask_size() == 0);
  const Mlp::Batch batch = net.forward(rows, {.mode = Mode::kTrain});
  for (std::size_t r = 0; r < rows.size(); ++r)
    CHECK(numbers(batch.out()[r]) == numbers(net(rows[r])));
}

TEST_CASE("dropout: wrong probabilities and wrong counts of masks or rows are refused") {
  const auto make = [](double keep) { return Mlp(1, {{.units = 1, .dropout = {.keep = keep}}}); };
  CHECK_THROWS_WITH_AS(
      make(0),
      "nn::Dropout: expected a probability of keeping a unit above 0 and at most 1, got 0.", Error);
  CHECK_THROWS_AS(make(1.5), Error);
  CHECK_THROWS_AS(make(std::numeric_limits<double>::quiet_NaN()), Error);

  const Mlp net(2, {{.units = 3, .dropout = {.keep = 0.5}}, {1}});
  const Matrix rows{{1, 2}, {3, 4}};
  CHECK_THROWS_WITH_AS(net.forward(rows, {Mode::kTrain, Numbers(3)}),
                       "nn: a pass over a batch: expected 6 masks, 3 for every row, got 3.", Error);
  CHECK_THROWS_WITH_AS(net.forward(rows, {Mode::kTrain}),
                       "nn: a pass over a batch: expected 6 masks, 3 for every row, got 0.", Error);
  CHECK_THROWS_WITH_AS(net.forward(Matrix{{1, 2}, {3}}, {}),
                       "nn: a pass over a batch: expected 2 inputs in every row, got 1 in row 1.",
                       Error);
  CHECK_THROWS_WITH_AS(net.forward(Matrix{}, {}),
                       "nn: a pass over a batch: expected at least one row, got none.", Error);
}
