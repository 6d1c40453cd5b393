// The two ways of training, replayed and recorded anew, do the same; and so does a loop by hand.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_fit_cases.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Value;
using nn::Activation;
using nn::Execution;
using nn::FitOptions;
using nn::Mlp;
using nn::Trainer;

namespace {

// After any step of any training here, weights and losses of the two ways differ by less than this
// times 1 + |number|. It is rounding alone: sums in another order.
constexpr double kBound = 1e-11;

bool are_close(double a, double b) { return std::abs(a - b) <= kBound * (1 + std::abs(a)); }

// Trains both ways and compares after every step, and what is left at the end.
void check_paths(const Mlp& net, const nn::Data& data, FitOptions options) {
  Mlp replayed = net.clone(), eager = net.clone();
  Trainer a(replayed, data, options);
  options.execution = Execution::kEager;
  Trainer b(eager, data, options);
  std::size_t steps = 0;
  while (a.step()) {
    CAPTURE(steps);
    REQUIRE(b.step());
    REQUIRE(are_close(a.loss(), b.loss()));
    REQUIRE(are_close(a.penalty(), b.penalty()));
    for (std::size_t i = 0; i < a.weights().size(); ++i) {
      CAPTURE(i);
      REQUIRE(are_close(a.gradient()[i], b.gradient()[i]));
      REQUIRE(are_close(a.weights()[i], b.weights()[i]));
    }
    ++steps;
  }
  CHECK(steps == options.epochs * a.steps_per_epoch());
  CHECK(!b.step());
  a.write_back();
  b.write_back();
  for (std::size_t i = 0; i < replayed.statistics().size(); ++i)
    CHECK(are_close(replayed.statistics()[i], eager.statistics()[i]));
  bool has_moved = false;
  for (std::size_t i = 0; i < net.parameters().size(); ++i)
    has_moved = has_moved || net.parameters()[i].data() != replayed.parameters()[i].data();
  CHECK(has_moved);

  REQUIRE(a.history().size() == b.history().size());
  for (std::size_t e = 0; e < a.history().size(); ++e) {
    const nn::Epoch &x = a.history()[e], &y = b.history()[e];
    CHECK(are_close(x.loss, y.loss));
    CHECK(are_close(x.penalty, y.penalty));
    CHECK(x.accuracy == y.accuracy);
    CHECK(x.validation_loss.has_value() == y.validation_loss.has_value());
    if (x.validation_loss) CHECK(are_close(*x.validation_loss, *y.validation_loss));
    CHECK(x.validation_accuracy == y.validation_accuracy);
    CHECK(are_close(x.rate, y.rate));
  }
}

// 29 rows: batches of 8 leave 5.
nn::Data rows() { return fit_cases::circle(29, 3); }

FitOptions small_batches() {
  return {.optimizer = nn::Momentum{.rate = 0.1}, .epochs = 6, .batch_size = 8, .seed = 5};
}

}  // namespace

TEST_CASE("paths: small batches, one row at a time, and all rows agree after every step") {
  const Mlp net({2, 5, 3, 1}, Activation::tanh, Activation::tanh, 1);
  FitOptions options = small_batches();
  for (const std::size_t size : {std::size_t{8}, std::size_t{1}, std::size_t{0}}) {
    options.batch_size = size;
    check_paths(net, rows(), options);
  }
}

TEST_CASE("paths: dropout, inverted and original, drops the same units") {
  FitOptions options = small_batches();
  for (const bool inverted : {true, false}) {
    const nn::Dropout dropout{.keep = 0.7, .inverted = inverted};
    const Mlp net(2, {{.units = 6, .activation = Activation::tanh, .dropout = dropout},
                      {.units = 5, .activation = Activation::relu, .dropout = {.keep = 0.5}},
                      {.units = 1, .activation = Activation::tanh}});
    options.validation_fraction = 0.25;
    check_paths(net, rows(), options);
    options.batch_size = 0;
    check_paths(net, rows(), options);
  }
}

TEST_CASE(
    "paths: batch normalisation has the statistics of each batch, and validation the running") {
  const nn::BatchNorm on{.on = true};
  FitOptions options = small_batches();
  options.validation = rows();
  for (const nn::Bias bias : {nn::Bias::kPerUnit, nn::Bias::kShared, nn::Bias::kOff}) {
    const Mlp net(2, {{.units = 6, .activation = Activation::tanh, .bias = bias, .batch_norm = on},
                      {.units = 4,
                       .activation = Activation::sigmoid,
                       .batch_norm = on,
                       .dropout = {.keep = 0.8}},
                      {.units = 1}});
    check_paths(net, rows(), options);
  }
}

TEST_CASE("paths: penalties, clipping, schedules and every optimizer") {
  const Mlp net({2, 6, 1}, Activation::silu, Activation::tanh, 2);
  FitOptions options = small_batches();
  options.penalty = [](const Mlp& of) {
    return nn::l2_penalty(of, 1e-2) + nn::l1_penalty(of.parameters(), 1e-3);
  };
  options.schedule = nn::warm_up(5, nn::exponential_decay(0.05, 0.95));
  options.schedule_step = nn::Every::kStep;
  const std::vector<nn::OptimizerRule> rules{
      nn::GradientDescent{0.1}, nn::Momentum{0.1}, nn::Nesterov{0.1}, nn::Adagrad{0.1},
      nn::RmsProp{0.01},        nn::Adam{0.01},    nn::AdamW{0.01}};
  for (const nn::OptimizerRule& rule : rules) {
    options.optimizer = std::visit(
        [](const auto& each) { return nn::Optimizer(each, {.value = 0.1, .norm = 0.2}); }, rule);
    CAPTURE(options.optimizer.name());
    check_paths(net, rows(), options);
  }
}

TEST_CASE(
    "paths: three classes with a softmax cross-entropy, frozen weights, a loss of one's own") {
  Mlp net({4, 5, 3}, Activation::tanh, Activation::identity, 4);
  net.parameters()[3].freeze();
  net.layer(1).bias(2).freeze();
  nn::Data iris = nn::iris_data();
  iris = nn::Standardiser::fit(iris).apply(iris);
  FitOptions options = small_batches();
  options.epochs = 2;
  options.batch_size = 16;
  options.optimizer = nn::AdamW{.rate = 0.01, .weight_decay = 0.1};
  options.loss = nn::softmax_cross_entropy;
  check_paths(net, iris, options);
  options.loss = [](std::span<const Value> y, auto t) {
    return square(y[0] - t[0]) + abs(y[1] - t[1]) + square(y[2] - t[2]) * 0.5;
  };
  check_paths(net, iris, options);
  options.loss = [](std::span<const Value> y, std::span<const Value> t) {
    return log1p(exp(y[0] * t[1])) + square(y[2]);
  };
  check_paths(net, iris, options);
}

TEST_CASE("paths: a loop by hand, with dropout and normalisation, takes the same steps") {
  const nn::Data data = rows();
  // Without a bias before the normalisation, whose gradient is nothing but rounding: Adam would
  // make steps of it.
  Mlp net(2, {{.units = 6,
               .activation = Activation::tanh,
               .bias = nn::Bias::kOff,
               .batch_norm = {.on = true},
               .dropout = {.keep = 0.8}},
              {.units = 1, .activation = Activation::tanh}});
  Mlp by_hand = net.clone();
  const FitOptions options{
      .loss = nn::squared_error, .optimizer = nn::Adam{.rate = 0.02}, .epochs = 10, .seed = 9};
  nn::fit(net, data, options);

  nn::Random random(9);
  nn::Optimizer optimizer = nn::Adam{.rate = 0.02};
  std::vector<std::vector<double>> inputs;
  for (const nn::Sample& row : data) inputs.push_back(row.inputs);
  for (int epoch = 0; epoch < 10; ++epoch) {
    const std::vector<double> masks = by_hand.draw_masks(data.size(), random);
    const Mlp::Batch batch = by_hand.forward(inputs, {.mode = nn::Mode::kTrain, .masks = masks});
    Value loss = 0.0;
    for (std::size_t r = 0; r < data.size(); ++r)
      loss += square(batch.out()[r][0] - data[r].targets[0]);
    nn::zero_grad(by_hand.parameters());
    (loss / static_cast<double>(data.size())).backward();
    optimizer.step(by_hand.parameters());
    by_hand.update_statistics(batch);
  }
  for (std::size_t i = 0; i < net.parameters().size(); ++i)
    CHECK(are_close(by_hand.parameters()[i].data(), net.parameters()[i].data()));
  for (std::size_t i = 0; i < net.statistics().size(); ++i)
    CHECK(are_close(by_hand.statistics()[i], net.statistics()[i]));
}

TEST_CASE("paths: where the rows take different branches, the error names the other way") {
  const Activation kinked("kinked", [](const Value& x) { return x < 0.1 ? 0.1 * x : x; });
  Mlp net({2, 6, 1}, kinked, Activation::identity, 1);
  const std::vector<double> before = net.parameter_values();
  FitOptions options = small_batches();
  const std::string message = helpers::error_of([&] { nn::fit(net, rows(), options); });
  CHECK(message.find("another branch") != std::string::npos);
  CHECK(message.find("Execution::kEager") != std::string::npos);
  CHECK(net.parameter_values() == before);

  options.execution = Execution::kEager;
  const nn::FitResult result = nn::fit(net, rows(), options);
  CHECK(result.history.back().loss < result.history.front().loss);
}
