// Batch normalisation: formulas, gradients through mean and variance, running statistics.

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
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
using nn::BatchNorm;
using nn::Mlp;
using nn::Mode;

namespace {

const Matrix kRows{{0.5, -1}, {1.5, 0.25}, {-0.75, 2}, {0.1, 0.2}, {-2, -1}};

// 2-3-2-1, normalised, gamma and beta moved off 1 and 0.
Mlp normalised_network(double keep = 1) {
  Mlp net(2,
          {{.units = 3,
            .activation = Activation::tanh,
            .batch_norm = {.on = true},
            .dropout = {.keep = keep}},
           {.units = 2, .activation = Activation::sigmoid, .batch_norm = {.on = true}},
           {1}},
          3);
  nn::Random random(5);
  for (std::size_t l = 0; l < 2; ++l)
    for (std::size_t k = 0; k < net.layer(l).units(); ++k) {
      net.layer(l).gamma(k).set_data(random.uniform(0.5, 2));
      net.layer(l).beta(k).set_data(random.uniform(-1, 1));
    }
  return net;
}

Value loss_of(const Mlp::Batch& batch) {
  std::vector<Value> terms;
  for (std::size_t r = 0; r < batch.out().size(); ++r)
    terms.push_back(square(batch.out()[r][0] - 0.5 * static_cast<double>(r)));
  return autograd::sum(terms);
}

}  // namespace

TEST_CASE("batch norm: over the rows the net input gets mean beta and deviation gamma") {
  Mlp net(2, {{.units = 3, .batch_norm = {.on = true, .epsilon = 0}}});
  net.layer(0).gamma(1).set_data(2.5);
  net.layer(0).beta(1).set_data(-4);
  const Mlp::Batch batch = net.forward(kRows, {.mode = Mode::kTrain});
  const auto n = static_cast<double>(kRows.size());
  for (std::size_t k = 0; k < 3; ++k) {
    double net_mean = 0, net_squares = 0, mean = 0, squares = 0;
    for (std::size_t r = 0; r < kRows.size(); ++r) {
      const double in = batch.layers[0].net[r][k].data(), out = batch.out()[r][k].data();
      net_mean += in / n;
      net_squares += in * in / n;
      mean += out / n;
      squares += out * out / n;
    }
    const double beta = k == 1 ? -4 : 0, gamma = k == 1 ? 2.5 : 1;
    CHECK(mean == doctest::Approx(beta).epsilon(1e-14));
    CHECK(std::sqrt(squares - mean * mean) == doctest::Approx(gamma).epsilon(1e-12));
    CHECK(batch.layers[0].means[k].data() == doctest::Approx(net_mean).epsilon(1e-13));
    CHECK(batch.layers[0].variances[k].data() ==
          doctest::Approx(net_squares - net_mean * net_mean).epsilon(1e-12));
  }
}

TEST_CASE("batch norm: the gradient is that of the closed form, through mean and variance") {
  const Numbers x{0.5, -1, 2, 0.25}, upstream{1, -2, 0.5, 3};
  const double gamma = 1.5, beta = -0.5, epsilon = 0.1;
  const std::vector<Value> in(x.begin(), x.end());
  Value g = gamma, b = beta;
  const BatchNorm::Batch batch = BatchNorm{.on = true, .epsilon = epsilon}.train(in, g, b);
  autograd::dot(batch.normalised, upstream).backward();

  double mean = 0, variance = 0;
  for (const double each : x) mean += each / 4;
  for (const double each : x) variance += (each - mean) * (each - mean) / 4;
  const double deviation = std::sqrt(variance + epsilon);
  double mean_g = 0, mean_gz = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    mean_g += upstream[i] / 4;
    mean_gz += upstream[i] * (x[i] - mean) / deviation / 4;
  }
  CHECK(batch.mean.data() == doctest::Approx(mean).epsilon(1e-15));
  CHECK(batch.variance.data() == doctest::Approx(variance).epsilon(1e-15));
  for (std::size_t i = 0; i < 4; ++i) {
    const double z = (x[i] - mean) / deviation;
    CHECK(batch.normalised[i].data() == doctest::Approx(gamma * z + beta).epsilon(1e-14));
    CHECK(batch.normalised[i].grad() == upstream[i]);
    CHECK(in[i].grad() ==
          doctest::Approx(gamma / deviation * (upstream[i] - mean_g - z * mean_gz)).epsilon(1e-13));
  }
  CHECK(g.grad() == doctest::Approx(4 * mean_gz).epsilon(1e-14));
  CHECK(b.grad() == doctest::Approx(4 * mean_g).epsilon(1e-14));
}

TEST_CASE("batch norm: gradients of all parameters agree with differences, with dropout too") {
  Mlp net = normalised_network(0.6);
  nn::Random random(7);
  const Numbers masks = net.draw_masks(kRows.size(), random);
  for (const Mode mode : {Mode::kTrain, Mode::kEvaluate}) {
    networks::check_gradients(
        net,
        [&] {
          return loss_of(net.forward(kRows, {mode, masks}));
        },
        1e-7);
  }
}

TEST_CASE("batch norm: gradients of the inputs agree with differences, to second order") {
  const Mlp net = normalised_network();
  const auto loss = [&](std::span<const Value> x) {
    std::vector<std::vector<Value>> rows;
    for (std::size_t i = 0; i < x.size(); i += 2) rows.push_back({x[i], x[i + 1]});
    return loss_of(net.forward(rows, {.mode = Mode::kTrain}));
  };
  const Numbers x{0.5, -1, 1.5, 0.25, -0.75, 2};
  const autograd::GradientReport report = autograd::check_gradient(loss, x);
  CHECK_MESSAGE(report.ok(), report.to_string());

  const std::vector<Value> in(x.begin(), x.end());
  const Value first = derivatives(loss(in), in)[2], second = derivatives(first, in)[3];
  const auto slope = [&](const Numbers& at) {
    const std::vector<Value> moved(at.begin(), at.end());
    loss(moved).backward();
    return moved[2].grad();
  };
  CHECK(first.data() == doctest::Approx(slope(x)).epsilon(1e-13));
  CHECK(second.data() == doctest::Approx(helpers::slope(slope, x, 3)).epsilon(1e-7));
}

TEST_CASE("batch norm: a bias before it has no gradient, and the size of the weights no effect") {
  Mlp net(2, {{.units = 2, .batch_norm = {.on = true, .epsilon = 0}}, {1}});
  const Mlp::Batch before = net.forward(kRows, {.mode = Mode::kTrain});
  loss_of(before).backward();
  CHECK(std::abs(net.layer(0).bias(0).grad()) < 1e-14);
  CHECK(std::abs(net.layer(0).bias(1).grad()) < 1e-14);
  CHECK(std::abs(net.layer(0).gamma(0).grad()) > 1e-3);

  for (std::size_t j = 0; j < 2; ++j) {
    Value& w = net.layer(0).weight(0, j);
    w.set_data(8 * w.data());
  }
  const Mlp::Batch after = net.forward(kRows, {.mode = Mode::kTrain});
  for (std::size_t r = 0; r < kRows.size(); ++r)
    CHECK(after.out()[r][0].data() == doctest::Approx(before.out()[r][0].data()).epsilon(1e-13));
}

TEST_CASE("batch norm: rows that are all equal, or only one, become beta, without a gradient") {
  for (const std::size_t rows : {1u, 3u}) {
    Mlp net(2, {{.units = 1, .batch_norm = {.on = true}}});
    net.layer(0).beta(0).set_data(0.75);
    const Mlp::Batch batch = net.forward(Matrix(rows, {0.5, -1}), {.mode = Mode::kTrain});
    batch.out()[0][0].backward();
    CHECK(batch.out()[0][0] == 0.75);
    CHECK(batch.layers[0].variances[0] == 0);
    CHECK(net.layer(0).beta(0).grad() == 1);
    CHECK(std::isfinite(net.layer(0).weight(0, 0).grad()));
    if (rows == 1) CHECK(net.layer(0).weight(0, 0).grad() == 0);
  }
}

TEST_CASE("batch norm: a unit is 3 nodes a row, and 5 more in training") {
  const Value gamma = 1, beta = 0;
  const std::vector<Value> x{1, 2, 4, 8};
  const BatchNorm norm{.on = true};
  const std::size_t before = autograd::graph_statistics().operations;
  const BatchNorm::Batch batch = norm.train(x, gamma, beta);
  CHECK(autograd::graph_statistics().operations == before + std::size_t{3} * 4 + 5);
  const Value evaluated = norm.evaluate(x[0], 0, 1, gamma, beta);
  CHECK(autograd::graph_statistics().operations == before + std::size_t{3} * 4 + 5 + 3);
}

TEST_CASE("batch norm: net, normalised and out of every row and unit have gradients to read") {
  Mlp net(1, {{1, Activation::square, nn::Bias::kOff, {.on = true, .epsilon = 0}}});
  net.layer(0).set_weights({{2}});
  const Mlp::Batch batch = net.forward(Matrix{{1}, {3}}, {.mode = Mode::kTrain});
  const nn::Layer::Batch& layer = batch.layers[0];
  CHECK(layer.net[1][0] == 6);
  CHECK(layer.normalised[0][0] == -1);
  CHECK(layer.normalised[1][0] == 1);
  CHECK(layer.out[0][0] == 1);
  CHECK(layer.means[0] == 4);
  CHECK(layer.variances[0] == 4);
  layer.out[1][0].backward();
  CHECK(layer.out[1][0].grad() == 1);
  CHECK(layer.normalised[1][0].grad() == 2);
  CHECK(layer.normalised[0][0].grad() == 0);
  CHECK(layer.net[1][0].grad() == 0);  // two rows are always -1 and 1

  const Mlp plain({1, 1}, Activation::identity);
  const nn::Layer::Batch same = plain.forward(Matrix{{2}}, {}).layers[0];
  CHECK(same.normalised[0][0].id() == same.net[0][0].id());
  CHECK(same.out[0][0].id() == same.net[0][0].id());
}

TEST_CASE("batch norm: its gamma and beta are parameters behind those of the layer") {
  Mlp net(1, {{.units = 2, .bias = nn::Bias::kShared, .batch_norm = {.on = true}}, {1}});
  net.set_labels();
  std::vector<std::string> labels;
  for (const Value& each : net.parameters()) labels.emplace_back(each.label());
  CHECK(labels == std::vector<std::string>{"w1[0,0]", "w1[1,0]", "b1", "gamma1[0]", "gamma1[1]",
                                           "beta1[0]", "beta1[1]", "w2[0,0]", "w2[0,1]", "b2[0]"});
  CHECK(&net.parameters()[4] == &net.layer(0).gamma(1));
  CHECK(&net.parameters()[5] == &net.layer(0).beta(0));
  CHECK(net.layer(0).parameters().size() == 7);
  CHECK(net.layer(0).gamma(1) == 1);
  CHECK(net.layer(0).beta(1) == 0);
}

TEST_CASE("batch norm: running statistics move by the momentum, the variance with n - 1") {
  Mlp net(1, {{1, Activation::identity, nn::Bias::kOff, {.on = true, .momentum = 0.25}}});
  net.layer(0).set_weights({{1}});
  CHECK(Numbers(net.statistics().begin(), net.statistics().end()) == Numbers{0, 1});
  // Mean 4, variance 8 / 3 divided by n, 4 divided by n - 1.
  net.update_statistics(net.forward(Matrix{{2}, {4}, {6}}, {.mode = Mode::kTrain}));
  CHECK(net.statistics()[0] == 0.25 * 4);
  CHECK(net.statistics()[1] == doctest::Approx(0.75 * 1 + 0.25 * 4).epsilon(1e-15));
  net.update_statistics(Numbers{5, 9}, 2);
  CHECK(net.statistics()[0] == 0.75 * 1 + 0.25 * 5);
  CHECK(net.statistics()[1] == doctest::Approx(0.75 * 1.75 + 0.25 * 18).epsilon(1e-15));
  const double variance = net.statistics()[1];
  net.update_statistics(Numbers{2, 0}, 1);
  CHECK(net.statistics()[0] == 0.75 * 2 + 0.25 * 2);
  CHECK(net.statistics()[1] == variance);
}

TEST_CASE("batch norm: statistics are one range, layer by layer, means and then variances") {
  Mlp net = normalised_network();
  const Mlp::Batch batch = net.forward(kRows, {.mode = Mode::kTrain});
  const std::vector<Value> statistics = batch.statistics();
  CHECK(net.statistics().size() == 2 * 3 + 2 * 2);
  CHECK(statistics.size() == net.statistics().size());
  CHECK(statistics[1].id() == batch.layers[0].means[1].id());
  CHECK(statistics[3].id() == batch.layers[0].variances[0].id());
  CHECK(statistics[9].id() == batch.layers[1].variances[1].id());
  CHECK(net.layer(1).statistics().data() == &net.statistics()[6]);

  net.update_statistics(batch);
  const auto n = static_cast<double>(kRows.size());
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const bool is_mean = i < 3 || i == 6 || i == 7;
    const double expected =
        is_mean ? 0.1 * statistics[i].data() : 0.9 + 0.1 * statistics[i].data() * n / (n - 1);
    CHECK(net.statistics()[i] == doctest::Approx(expected).epsilon(1e-14));
  }
}

TEST_CASE("batch norm: evaluation normalises by the running statistics, row by row") {
  Mlp net(1, {{1, Activation::tanh, nn::Bias::kOff, {.on = true}}});
  net.layer(0).set_weights({{3}});
  net.layer(0).gamma(0).set_data(2);
  net.layer(0).beta(0).set_data(0.5);
  net.statistics()[0] = 4;
  net.statistics()[1] = 9;
  const double normalised = 2 * (3 * 1.5 - 4) / std::sqrt(9 + 1e-5) + 0.5;
  const nn::Layer::Batch layer = net.forward(Matrix{{1.5}, {7}}, {}).layers[0];
  CHECK(layer.net[0][0] == 4.5);
  CHECK(layer.normalised[0][0].data() == doctest::Approx(normalised).epsilon(1e-15));
  CHECK(net({1.5})[0].data() == doctest::Approx(std::tanh(normalised)).epsilon(1e-15));
  CHECK(layer.means.empty());
}

TEST_CASE("batch norm: a pass that evaluates is the plain call, to the last bit") {
  Mlp net = normalised_network(0.5);
  nn::Random random(8);
  const Numbers masks = net.draw_masks(kRows.size(), random);
  net.update_statistics(net.forward(kRows, {Mode::kTrain, masks}));
  const Mlp::Batch batch = net.forward(kRows, {.mode = Mode::kEvaluate});
  for (std::size_t r = 0; r < kRows.size(); ++r) {
    CHECK(numbers(batch.out()[r]) == numbers(net(kRows[r])));
    const Mlp::Forward forward = net.forward(kRows[r]);
    for (std::size_t l = 0; l < 3; ++l) {
      CHECK(numbers(batch.layers[l].net[r]) == numbers(forward.layers[l].net));
      CHECK(numbers(batch.layers[l].out[r]) == numbers(forward.layers[l].out));
    }
  }
}

TEST_CASE("batch norm: evaluation with the statistics of a batch is what training on it was") {
  Mlp net = normalised_network();
  const Mlp::Batch trained = net.forward(kRows, {.mode = Mode::kTrain});
  const Numbers batch = numbers(trained.statistics());
  for (std::size_t i = 0; i < batch.size(); ++i) net.statistics()[i] = batch[i];
  for (std::size_t r = 0; r < kRows.size(); ++r)
    CHECK(numbers(net(kRows[r])) == numbers(trained.out()[r]));
}

TEST_CASE("batch norm: starting values are set again by initialise()") {
  Mlp net = normalised_network();
  net.update_statistics(net.forward(kRows, {.mode = Mode::kTrain}));
  nn::Random random(0);
  net.initialise(nn::xavier_uniform(), random);
  const Mlp fresh(2, {{.units = 3, .activation = Activation::tanh, .batch_norm = {.on = true}},
                      {.units = 2, .batch_norm = {.on = true}},
                      {1}});
  CHECK(net.parameter_values() == fresh.parameter_values());
  CHECK(Numbers(net.statistics().begin(), net.statistics().end()) ==
        Numbers{0, 0, 0, 1, 1, 1, 0, 0, 1, 1});
}

TEST_CASE("batch norm: what does not fit is refused, and nothing is changed") {
  const auto make = [](const BatchNorm& norm) {
    return Mlp(1, {{.units = 1, .batch_norm = norm}});
  };
  CHECK_THROWS_WITH_AS(make({.on = true, .epsilon = -1}),
                       "nn::BatchNorm: expected an epsilon of at least 0, got -1.", Error);
  CHECK_THROWS_WITH_AS(make({.on = true, .momentum = 1.5}),
                       "nn::BatchNorm: expected a momentum from 0 to 1, got 1.5.", Error);
  CHECK_THROWS_AS(make({.on = true, .epsilon = std::numeric_limits<double>::quiet_NaN()}), Error);

  Mlp net = make({.on = true});
  CHECK_THROWS_WITH_AS(
      net.update_statistics(Numbers{1}, 2),
      "nn::Mlp::update_statistics: expected 2 numbers of a pass in training, got 1.", Error);
  CHECK_THROWS_WITH_AS(net.update_statistics(Numbers{1, 1}, 0),
                       "nn::Mlp::update_statistics: expected at least one row, got none.", Error);
  CHECK_THROWS_AS(net.update_statistics(net.forward(Matrix{{1}}, {})), Error);
  CHECK(Numbers(net.statistics().begin(), net.statistics().end()) == Numbers{0, 1});

  Mlp plain({1, 1}, Activation::tanh);
  CHECK_THROWS_WITH_AS(
      plain.layer(0).gamma(0),
      "nn: gamma or beta of a unit: expected a layer with batch normalisation, got one without.",
      Error);
  CHECK_THROWS_AS(plain.layer(0).beta(0), Error);
  CHECK_THROWS_AS(net.layer(0).beta(1), Error);
  plain.update_statistics(plain.forward(Matrix{{1}}, {.mode = Mode::kTrain}));  // nothing to do
}

TEST_CASE("batch norm: training and evaluation of an equal data set agree in the long run") {
  Mlp net(2, {{.units = 2, .batch_norm = {.on = true}}});
  for (int i = 0; i < 400; ++i) net.update_statistics(net.forward(kRows, {.mode = Mode::kTrain}));
  const nn::Layer::Batch trained = net.forward(kRows, {.mode = Mode::kTrain}).layers[0];
  const nn::Layer::Batch evaluated = net.forward(kRows, {}).layers[0];
  // The running variance is 5 / 4 of that of these five rows.
  for (std::size_t r = 0; r < kRows.size(); ++r)
    CHECK(evaluated.normalised[r][0].data() * std::sqrt(1.25) ==
          doctest::Approx(trained.normalised[r][0].data()).epsilon(1e-4));
}
