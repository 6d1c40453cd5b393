// Fit: what it promises about rows, history, early ends, states, threads and memory.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <nn/nn.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "helpers.hpp"

using autograd::Error;
using autograd::Value;
using nn::Activation;
using nn::Epoch;
using nn::FitOptions;
using nn::FitResult;
using nn::Mlp;
using nn::Stop;
using nn::TrainingState;

namespace {

using Numbers = std::vector<double>;

Mlp small_network(std::uint64_t seed = 1) {
  return Mlp({2, 5, 1}, Activation::tanh, Activation::tanh, seed);
}

nn::Data circle(std::size_t count, std::uint64_t seed = 0) {
  nn::Data data = nn::circle_data(count, 0.1, seed);
  for (nn::Sample& row : data)
    for (double& x : row.inputs) x /= 5;
  return data;
}

// Row i is i -> i.
nn::Data numbered(std::size_t count) {
  nn::Data data;
  for (std::size_t i = 0; i < count; ++i) {
    const auto x = static_cast<double>(i);
    data.push_back({{x}, {x}});
  }
  return data;
}

// Everything that has a state.
FitOptions everything() {
  return {.penalty = [](const Mlp& net) { return nn::l2_penalty(net, 1e-3); },
          .optimizer = {nn::Adam{.rate = 0.02}, {.norm = 1}},
          .on_plateau = nn::OnPlateau{.factor = 0.5, .patience = 2, .threshold = 0.05},
          .epochs = 12,
          .batch_size = 7,
          .validation_fraction = 0.3,
          .early_stopping = nn::EarlyStopping{.patience = 8},
          .seed = 11};
}

Mlp network_with_everything() {
  return Mlp(2, {{.units = 6,
                  .activation = Activation::tanh,
                  .batch_norm = {.on = true},
                  .dropout = {.keep = 0.8}},
                 {.units = 1, .activation = Activation::tanh}});
}

std::string error_of(const FitOptions& options, const nn::Data& data = circle(20)) {
  Mlp net = small_network();
  const Numbers before = net.parameter_values();
  std::string message;
  try {
    nn::fit(net, data, options);
  } catch (const Error& error) {
    message = error.what();
  }
  CHECK(net.parameter_values() == before);
  return message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
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
                         .path = nn::Path::kEager});
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

// ---- ends ----

TEST_CASE("fit: a callback ends it, and sees the network as it is") {
  Mlp net = small_network();
  const Numbers start = net.parameter_values();
  std::vector<Numbers> weights;
  const FitResult result =
      nn::fit(net, circle(20), {.epochs = 100, .callbacks = {[&](const Epoch& epoch) {
                                                 weights.push_back(net.parameter_values());
                                                 return epoch.index < 4;
                                               }}});
  CHECK(result.stop == Stop::kCallback);
  CHECK(result.history.size() == 5);
  CHECK(result.state.epoch == 5);
  REQUIRE(weights.size() == 5);
  CHECK(weights[0] != start);
  CHECK(weights[0] != weights[1]);
  CHECK(weights.back() == net.parameter_values());
  CHECK(result.state.weights == weights.back());
}

TEST_CASE("fit: early stopping waits patiently, then gives back the best weights") {
  // Outputs w x on their way from 0 to x pass by those of the validation rows, 0.3 x.
  const nn::Data data{{{-1}, {-1}}, {{1}, {1}}}, modest{{{-1}, {-0.3}}, {{1}, {0.3}}};
  const auto start = [] {
    Mlp net({1, 1}, Activation::identity);
    net.layer(0).set_weights({{0}});
    return net;
  };
  Mlp net = start();
  std::vector<Numbers> weights;
  FitOptions options{.optimizer = nn::GradientDescent{0.05},
                     .epochs = 500,
                     .validation = modest,
                     .early_stopping = nn::EarlyStopping{.patience = 3},
                     .callbacks = {[&](const Epoch&) {
                       weights.push_back(net.parameter_values());
                       return true;
                     }}};
  const FitResult result = nn::fit(net, data, options);
  CHECK(result.stop == Stop::kEarly);
  std::size_t best = 0;
  for (const Epoch& epoch : result.history)
    if (*epoch.validation_loss < *result.history[best].validation_loss) best = epoch.index;
  REQUIRE(best > 2);
  CHECK(result.history.size() == best + 4);
  CHECK(result.state.early_stopping.best_epoch == best);
  CHECK(net.parameter_values() == weights[best]);
  CHECK(net.layer(0).weight(0, 0).data() == doctest::Approx(0.3).epsilon(0.1));

  options.early_stopping->restores_best = false;
  net = start();
  weights.clear();
  const FitResult last = nn::fit(net, data, options);
  CHECK(last.history == result.history);
  CHECK(net.parameter_values() == weights.back());
}

TEST_CASE("early stopping: NaN is no improvement, the threshold must be passed") {
  nn::EarlyStopping stopping{.patience = 2, .threshold = 0.1};
  CHECK(!stopping.improves(std::nan("")));
  CHECK(!stopping.should_stop());
  CHECK(stopping.improves(1));
  CHECK(!stopping.improves(0.95));
  CHECK(stopping.improves(0.85));
  CHECK(!stopping.improves(0.8));
  CHECK(!stopping.should_stop());
  CHECK(!stopping.improves(0.8));
  CHECK(stopping.should_stop());
  CHECK(stopping.state.best_epoch == 3);
  nn::EarlyStopping hopeless{.patience = 1};
  hopeless.improves(std::nan(""));
  CHECK(hopeless.should_stop());
}

TEST_CASE("fit: a loss that is not finite ends it, with the weights from before that epoch") {
  for (const nn::Path path : {nn::Path::kReplay, nn::Path::kEager}) {
    Mlp net({2, 3, 1}, Activation::square, Activation::identity, 1);
    std::vector<Numbers> weights{net.parameter_values()};
    FitOptions options{
        .optimizer = nn::GradientDescent{0.9}, .epochs = 1000, .batch_size = 4, .path = path};
    options.callbacks = {[&](const Epoch&) {
      weights.push_back(net.parameter_values());
      return true;
    }};
    const FitResult result = nn::fit(net, nn::circle_data(10), options);
    CHECK(result.stop == Stop::kNotFinite);
    CHECK(result.history.size() < 100);
    CHECK(result.history.size() + 1 == weights.size());
    CHECK(net.parameter_values() == weights.back());
    CHECK(result.state.epoch == result.history.size());
    for (const double weight : net.parameter_values()) CHECK(std::isfinite(weight));
    CHECK(contains(std::string(to_string(result.stop)), "not finite"));
  }
}

TEST_CASE("fit: an epoch that is not finite half way does not count at all") {
  nn::Data data = circle(12);
  data[9].inputs[0] = std::numeric_limits<double>::quiet_NaN();
  Mlp net = network_with_everything();
  const Mlp before = net.clone();
  const FitOptions options{.epochs = 5, .batch_size = 4, .shuffle = false};
  const FitResult result = nn::fit(net, data, options);
  CHECK(result.stop == Stop::kNotFinite);
  CHECK(result.history.empty());
  CHECK(net.parameter_values() == before.parameter_values());
  CHECK(std::equal(net.statistics().begin(), net.statistics().end(), before.statistics().begin()));
  CHECK(result.state.epoch == 0);
  CHECK(result.state.optimizer.steps == 0);
}

TEST_CASE("fit: weights that are not finite end it, though the loss still was") {
  // w 1 + b for a target of 100: the first step is one of 1e308 100.
  Mlp net({1, 1}, Activation::identity);
  const Numbers before = net.parameter_values();
  const FitResult result =
      nn::fit(net, {{{1}, {100}}}, {.optimizer = nn::GradientDescent{1e308}, .epochs = 1});
  CHECK(result.stop == Stop::kNotFinite);
  CHECK(result.history.empty());
  CHECK(net.parameter_values() == before);
}

TEST_CASE("fit: without epochs nothing happens") {
  Mlp net = small_network();
  const Numbers before = net.parameter_values();
  const FitResult result = nn::fit(net, circle(10), {.epochs = 0});
  CHECK(result.stop == Stop::kEpochs);
  CHECK(result.history.empty());
  CHECK(net.parameter_values() == before);
}

TEST_CASE("fit: what a callback throws gets through, and the network has that epoch's weights") {
  Mlp net = small_network();
  const Numbers before = net.parameter_values();
  const FitOptions options{
      .callbacks = {[](const Epoch&) -> bool { throw std::runtime_error("enough"); }}};
  CHECK_THROWS_WITH_AS(nn::fit(net, circle(10), options), "enough", std::runtime_error);
  CHECK(net.parameter_values() != before);
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

// ---- the same bits ----

TEST_CASE("fit: one seed gives the same bits, on any number of threads; another seed others") {
  const nn::Data data = circle(400);
  const auto trained = [&](std::uint64_t seed, std::size_t threads) {
    Mlp net = network_with_everything();
    FitOptions options = everything();
    options.epochs = 3;
    options.batch_size = 300;
    options.seed = seed;
    options.threads = threads;
    const FitResult result = nn::fit(net, data, options);
    return result.state;
  };
  const TrainingState once = trained(1, 1);
  CHECK(trained(1, 1) == once);
  CHECK(trained(1, 2) == once);
  CHECK(trained(1, 3) == once);
  CHECK(trained(2, 1).weights != once.weights);
}

TEST_CASE("fit: goes on from a state to the same bits, wherever it was interrupted") {
  const nn::Data data = circle(40);
  for (const nn::Path path : {nn::Path::kReplay, nn::Path::kEager}) {
    FitOptions options = everything();
    options.path = path;
    Mlp net = network_with_everything();
    const FitResult whole = nn::fit(net, data, options);
    REQUIRE(whole.history.size() == 12);
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{11}}) {
      CAPTURE(at);
      Mlp first = network_with_everything();
      FitOptions interrupted = options;
      interrupted.epochs = at;
      FitResult begun = nn::fit(first, data, interrupted);
      CHECK(begun.state.epoch == at);
      // Another network of the same shape, as if read from a file.
      Mlp second = network_with_everything();
      const FitResult rest = nn::fit(second, data, options, begun.state);
      CHECK(rest.state == whole.state);
      CHECK(rest.stop == whole.stop);
      CHECK(rest.history.size() == 12 - at);
      for (std::size_t e = 0; e < rest.history.size(); ++e)
        CHECK(rest.history[e] == whole.history[at + e]);
      CHECK(second.parameter_values() == net.parameter_values());
      CHECK(std::equal(second.statistics().begin(), second.statistics().end(),
                       net.statistics().begin()));
    }
  }
}

TEST_CASE("fit: goes on from where a callback ended it, several times") {
  const nn::Data data = circle(40);
  Mlp whole_net = network_with_everything(), net = network_with_everything();
  const FitOptions options = everything();
  const FitResult whole = nn::fit(whole_net, data, options);
  FitOptions stopping = options;
  stopping.callbacks = {[](const Epoch& epoch) { return epoch.index % 3 != 2; }};
  FitResult part = nn::fit(net, data, stopping);
  int parts = 1;
  while (part.stop == Stop::kCallback) {
    part = nn::fit(net, data, stopping, part.state);
    ++parts;
  }
  CHECK(parts == 4);
  CHECK(part.state == whole.state);
  CHECK(net.parameter_values() == whole_net.parameter_values());
}

// ---- memory ----

TEST_CASE("fit: memory stays flat over ten thousands of steps") {
  const auto grows = [](nn::Path path, std::size_t epochs) {
    Mlp net({2, 4, 1}, Activation::tanh, Activation::tanh);
    nn::Trainer trainer(net, nn::xor_data(), {.epochs = 2 * epochs, .batch_size = 2, .path = path});
    for (std::size_t e = 0; e < epochs; ++e) trainer.run_epoch();
    const autograd::GraphStatistics before = autograd::graph_statistics();
    const std::size_t resident = helpers::resident_bytes();
    for (std::size_t e = 0; e < epochs; ++e) trainer.run_epoch();
    const autograd::GraphStatistics after = autograd::graph_statistics();
    CHECK(trainer.stop() == Stop::kEpochs);
    CHECK(after.operations == before.operations);
    CHECK(after.leaves == before.leaves);
    CHECK(after.edges == before.edges);
    CHECK(after.bytes_reserved == before.bytes_reserved);
    // The history is all that grows.
    CHECK(helpers::resident_bytes() <= resident + 4 * epochs * sizeof(Epoch) + (1u << 20));
  };
  grows(nn::Path::kReplay, 15000);
  grows(nn::Path::kEager, 1000);
}

TEST_CASE("fit: leaves nothing in the graph, also if it throws") {
  const autograd::GraphStatistics before = autograd::graph_statistics();
  {
    Mlp net = network_with_everything();
    const autograd::GraphStatistics with_net = autograd::graph_statistics();
    nn::fit(net, circle(40), everything());
    CHECK(autograd::graph_statistics().leaves == with_net.leaves);
    CHECK_THROWS_AS(nn::fit(net, nn::xor_data(), {.loss = nn::hinge_loss}), Error);
    CHECK(autograd::graph_statistics().leaves == with_net.leaves);
  }
  CHECK(autograd::graph_statistics().leaves == before.leaves);
  CHECK(autograd::graph_statistics().operations == before.operations);
}

// ---- errors ----

TEST_CASE("fit: what does not fit is refused in words, and nothing is changed") {
  CHECK(contains(error_of({}, {}), "at least one row"));
  CHECK(contains(error_of({}, {{{1}, {1}}}), "2 inputs"));
  CHECK(contains(error_of({}, {{{1, 2}, {}}}), "a target"));
  CHECK(contains(error_of({}, {{{1, 2}, {1}}, {{1, 2}, {1, 2}}}), "row 1"));
  CHECK(contains(error_of({}, {{{1, 2}, {1, 2}}}), "target"));
  CHECK(contains(error_of({.loss = nn::hinge_loss}, nn::xor_data()), "hinge"));
  CHECK(contains(error_of({.validation = {{{1}, {1}}}}), "validation"));
  CHECK(contains(error_of({.validation = circle(3), .validation_fraction = 0.5}), "both"));
  CHECK(contains(error_of({.validation_fraction = 1}), "validation_fraction"));
  CHECK(contains(error_of({.validation_fraction = 0.001}), "20 rows"));
  CHECK(contains(error_of({.early_stopping = nn::EarlyStopping{}}), "validation data"));
  CHECK(contains(
      error_of({.validation = circle(3), .early_stopping = nn::EarlyStopping{.patience = 0}}),
      "patience"));
  CHECK(contains(
      error_of({.validation = circle(3), .early_stopping = nn::EarlyStopping{.threshold = -1}}),
      "threshold"));
  CHECK(contains(error_of({.schedule = nn::constant_rate(1), .on_plateau = nn::OnPlateau{}}),
                 "schedule"));
  CHECK(contains(error_of({.history_every = 0}), "history_every"));
  CHECK(contains(error_of({.threads = 0}), "thread"));

  Mlp net = small_network(), other({2, 3, 1}, Activation::tanh);
  const FitResult result = nn::fit(net, circle(9), {.epochs = 1});
  const Numbers before = other.parameter_values();
  CHECK_THROWS_AS(nn::fit(other, circle(9), {}, result.state), Error);
  CHECK_THROWS_AS(nn::fit(net, circle(9), {.optimizer = nn::Momentum{}}, result.state), Error);
  CHECK(other.parameter_values() == before);
}
