// Fit: what it promises about rows and history, and what it refuses.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_fit_cases.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using fit_cases::circle;
using fit_cases::small_network;
using helpers::contains;
using networks::Numbers;
using nn::Activation;
using nn::Epoch;
using nn::FitOptions;
using nn::FitResult;
using nn::Mlp;
using nn::Stop;

namespace {

// Row i is i -> i.
nn::Data numbered(std::size_t count) {
  nn::Data data;
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    data.push_back({{x}, {x}});
  }
  return data;
}

// Why it does not train, the network being left as it was.
std::string refusal(const FitOptions& options, const nn::Data& data = circle(20)) {
  Mlp net = small_network();
  const Numbers before = net.parameter_values();
  const std::string message = helpers::error_of([&] { nn::fit(net, data, options); });
  CHECK(net.parameter_values() == before);
  return message;
}

}  // namespace

// ---- rows ----

TEST_CASE("fit: every row is seen exactly once in every epoch, in an order of its own") {
  const nn::Data data = numbered(23);
  Mlp net({1, 1}, Activation::identity);
  std::vector<double> seen;
  const auto note = [&seen](std::span<const Value> y, std::span<const double> t) {
    seen.push_back(t[0]);
    return square(y[0] - t[0]);
  };
  const nn::Loss loss([note](std::span<const Value> y, auto t) -> Value {
    if constexpr (std::is_same_v<decltype(t), std::span<const double>>) return note(y, t);
    return square(y[0] - t[0]);
  });
  for (const bool shuffle : {true, false}) {
    nn::Trainer trainer(net, data,
                        {.loss = loss,
                         .optimizer = nn::Adam{},
                         .epochs = 4,
                         .batch_size = 5,
                         .shuffle = shuffle,
                         .execution = nn::Execution::kEager});
    CHECK(trainer.steps_per_epoch() == 5);
    std::vector<Numbers> orders;
    for (int epoch = 0; epoch < 4; ++epoch) {
      seen.clear();
      trainer.run_epoch();
      orders.push_back(seen);
      Numbers sorted = seen;
      std::sort(sorted.begin(), sorted.end());
      REQUIRE(sorted.size() == data.size());
      for (std::size_t i = 0; i < data.size(); ++i) CHECK(sorted[i] == data[i].targets[0]);
      CHECK((sorted == seen) == !shuffle);
    }
    CHECK((orders[0] != orders[1]) == shuffle);
    CHECK((orders[1] != orders[2]) == shuffle);
  }
}

TEST_CASE("fit: a straight line is found by batches of any size") {
  // Targets 3 x - 1, without noise.
  nn::Data data = numbered(10);
  for (nn::Sample& row : data) {
    row.inputs[0] = row.inputs[0] / 5 - 1;
    row.targets[0] = 3 * row.inputs[0] - 1;
  }
  for (const std::size_t size : {0u, 1u, 3u, 10u, 99u}) {
    CAPTURE(size);
    Mlp net({1, 1}, Activation::identity);
    nn::fit(net, data, {.optimizer = nn::GradientDescent{0.2}, .epochs = 400, .batch_size = size});
    CHECK(net.layer(0).weight(0, 0).data() == doctest::Approx(3).epsilon(1e-9));
    CHECK(net.layer(0).bias(0).data() == doctest::Approx(-1).epsilon(1e-9));
  }
}

TEST_CASE("fit: frozen parameters stay, also where weights decay and gather momentum") {
  Mlp net = small_network();
  Value frozen = net.parameters()[4];
  frozen.freeze();
  const double before = frozen.data(), other = net.parameters()[5].data();
  nn::fit(net, circle(20), {.optimizer = nn::AdamW{.rate = 0.1, .weight_decay = 0.5}});
  CHECK(frozen.data() == before);
  CHECK(net.parameters()[5].data() != other);
}

// ---- history ----

TEST_CASE("fit: the history tells the losses and accuracies that follow from the definitions") {
  const nn::Data train = circle(30), validation = circle(20, 1);
  Mlp net = small_network();
  const auto penalty = [](const Mlp& of) { return nn::l2_penalty(of, 0.01); };
  const Mlp before = net.clone();
  std::vector<Epoch> seen;
  Numbers validation_losses, validation_accuracies;
  const FitResult result = nn::fit(
      net, train,
      {.loss = nn::half_squared_error,
       .penalty = penalty,
       .optimizer = nn::GradientDescent{0.1},
       .epochs = 3,
       .validation = validation,
       .callbacks = {[&](const Epoch& epoch) {
         seen.push_back(epoch);
         const auto outputs = nn::predict(net, validation);
         validation_losses.push_back(nn::mean_loss(outputs, validation, nn::half_squared_error));
         validation_accuracies.push_back(nn::accuracy(outputs, validation));
         return true;
       }}});
  CHECK(result.stop == Stop::kEpochs);
  CHECK(result.history == seen);
  REQUIRE(seen.size() == 3);
  // The first step is taken from the first weights, with all rows.
  const auto outputs = nn::predict(before, train);
  CHECK(seen[0].loss == doctest::Approx(nn::mean_loss(outputs, train, nn::half_squared_error)));
  CHECK(seen[0].accuracy == nn::accuracy(outputs, train));
  CHECK(seen[0].penalty == doctest::Approx(penalty(before).data()));
  for (std::size_t e = 0; e < 3; ++e) {
    CHECK(seen[e].index == e);
    CHECK(seen[e].epochs == 3);
    CHECK(seen[e].rate == 0.1);
    CHECK(*seen[e].validation_loss == doctest::Approx(validation_losses[e]).epsilon(1e-13));
    CHECK(seen[e].validation_accuracy == validation_accuracies[e]);
  }
}

TEST_CASE(
    "fit: the loss of an epoch is the mean over its rows, also if the last batch is smaller") {
  // A rate of 0: all batches see the same weights.
  const nn::Data data = circle(25);
  Mlp net = small_network();
  const FitResult result =
      nn::fit(net, data, {.optimizer = nn::GradientDescent{0.0}, .epochs = 2, .batch_size = 8});
  const auto outputs = nn::predict(net, data);
  for (const Epoch& epoch : result.history) {
    CHECK(epoch.loss == doctest::Approx(nn::mean_loss(outputs, data, nn::half_squared_error)));
    CHECK(epoch.accuracy == nn::accuracy(outputs, data));
  }
}

TEST_CASE("fit: of many epochs the history keeps as few as is wished") {
  Mlp net = small_network();
  const FitResult result = nn::fit(net, circle(9), {.epochs = 25, .history_every = 10});
  std::vector<std::size_t> kept;
  for (const Epoch& epoch : result.history) kept.push_back(epoch.index);
  CHECK(kept == std::vector<std::size_t>{0, 10, 20, 24});
}

TEST_CASE("fit: accuracy is told of classes alone, and only if it is wished for") {
  const auto accuracy_of = [](const nn::Data& data, bool wished) {
    Mlp net({1, data[0].targets.size()}, Activation::identity);
    return nn::fit(net, data, {.epochs = 1, .accuracy = wished}).history[0].accuracy.has_value();
  };
  CHECK(accuracy_of({{{1}, {0}}, {{2}, {1}}}, true));
  CHECK(accuracy_of({{{1}, {-1}}, {{2}, {1}}}, true));
  CHECK(accuracy_of({{{1}, {0, 1}}, {{2}, {1, 0}}}, true));
  CHECK(!accuracy_of({{{1}, {0}}, {{2}, {1}}}, false));
  CHECK(!accuracy_of({{{1}, {0.5}}, {{2}, {1}}}, true));
  CHECK(!accuracy_of({{{1}, {-1}}, {{2}, {0}}, {{3}, {1}}}, true));
  CHECK(!accuracy_of({{{1}, {1, 1}}, {{2}, {1, 0}}}, true));
}

TEST_CASE("fit: schedules count epochs or steps, a plateau lowers the rate") {
  Mlp net = small_network();
  const auto rates = [&](FitOptions options) {
    options.epochs = 4;
    options.batch_size = 10;  // of 20: 2 steps an epoch
    Numbers result;
    for (const Epoch& epoch : nn::fit(net, circle(20), options).history)
      result.push_back(epoch.rate);
    return result;
  };
  const nn::Schedule falling = [](std::size_t step) { return 8 - static_cast<double>(step); };
  CHECK(rates({.optimizer = nn::GradientDescent{0}, .schedule = [](std::size_t step) {
                 return 1.0 / static_cast<double>(step + 1);
               }}) == Numbers{1.0, 1.0 / 2, 1.0 / 3, 1.0 / 4});
  CHECK(rates({.schedule = falling, .schedule_step = nn::Every::kStep}) == Numbers{7, 5, 3, 1});
  // With a threshold that no loss can pass, every second epoch is one too many.
  CHECK(rates({.optimizer = nn::GradientDescent{0.1},
               .on_plateau = nn::OnPlateau{.factor = 0.5, .patience = 2, .threshold = 1}}) ==
        Numbers{0.1, 0.1, 0.1, 0.05});
  // It is the validation loss that counts: here it grows while the other one falls.
  nn::Data opposite = circle(20);
  for (nn::Sample& row : opposite) row.targets[0] *= -1;
  net = small_network();
  CHECK(rates({.optimizer = nn::GradientDescent{0.1},
               .on_plateau = nn::OnPlateau{.factor = 0.5, .patience = 1},
               .validation = opposite}) == Numbers{0.1, 0.1, 0.05, 0.025});
}

// ---- errors ----

TEST_CASE("fit: what does not fit is refused in words, and nothing is changed") {
  CHECK(contains(refusal({}, {}), "at least one row"));
  CHECK(contains(refusal({}, {{{1}, {1}}}), "2 inputs"));
  CHECK(contains(refusal({}, {{{1, 2}, {}}}), "a target"));
  CHECK(contains(refusal({}, {{{1, 2}, {1}}, {{1, 2}, {1, 2}}}), "row 1"));
  CHECK(contains(refusal({}, {{{1, 2}, {1, 2}}}), "target"));
  CHECK(contains(refusal({.loss = nn::hinge_loss}, nn::xor_data()), "hinge"));
  CHECK(contains(refusal({.validation = {{{1}, {1}}}}), "validation"));
  CHECK(contains(refusal({.validation = circle(3), .validation_fraction = 0.5}), "both"));
  CHECK(contains(refusal({.validation_fraction = 1}), "validation_fraction"));
  CHECK(contains(refusal({.validation_fraction = 0.001}), "20 rows"));
  CHECK(contains(refusal({.early_stopping = nn::EarlyStopping{}}), "validation data"));
  CHECK(contains(
      refusal({.validation = circle(3), .early_stopping = nn::EarlyStopping{.patience = 0}}),
      "patience"));
  CHECK(contains(
      refusal({.validation = circle(3), .early_stopping = nn::EarlyStopping{.threshold = -1}}),
      "threshold"));
  CHECK(contains(refusal({.schedule = nn::constant_rate(1), .on_plateau = nn::OnPlateau{}}),
                 "schedule"));
  CHECK(contains(refusal({.history_every = 0}), "history_every"));
  CHECK(contains(refusal({.threads = 0}), "thread"));
  CHECK(contains(refusal({.callbacks = {nn::Callback()}}), "callbacks that are functions"));

  CHECK(
      contains(refusal({.on_plateau = nn::OnPlateau{.factor = 2}, .epochs = 0}), "nn::OnPlateau"));

  Mlp net = small_network(), other({2, 3, 1}, Activation::tanh);
  const FitResult result = nn::fit(net, circle(9), {.epochs = 1});
  const Numbers before = other.parameter_values();
  CHECK_THROWS_AS(nn::fit(other, circle(9), {}, result.state), Error);
  CHECK_THROWS_AS(nn::fit(net, circle(9), {.optimizer = nn::Momentum{}}, result.state), Error);
  CHECK(other.parameter_values() == before);
}

TEST_CASE("fit: a loss that is no function is refused") {
  const std::function<Value(std::span<const Value>, std::span<const Value>)> none;
  CHECK_THROWS_WITH_AS(nn::Loss{none}, "nn::Loss: expected a function, got an empty one.", Error);
  Value (*const nowhere)(std::span<const Value>, const nn::Targets&) = nullptr;
  CHECK_THROWS_AS(nn::Loss{nowhere}, Error);
}

TEST_CASE("fit: numbers that are not finite are refused with their place, before training") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  nn::Data data = circle(20);
  data[7].inputs[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal({}, data) ==
        "nn::fit: expected finite inputs and targets, got nan in row 7, input 1.");
  CHECK(contains(refusal({.validation = data}), "validation data: expected finite"));
  data = circle(20);
  data[2].targets[0] = -kInfinity;
  CHECK(contains(refusal({}, data), "got -inf in row 2, target 0."));
}
