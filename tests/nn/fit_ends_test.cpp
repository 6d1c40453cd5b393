// Fit: how it ends, and what the network is left with.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_fit_cases.hpp>
#include <tests/support/nn_helpers.hpp>

using namespace fit_cases;
using helpers::contains;
using networks::Numbers;
using nn::Activation;
using nn::Epoch;
using nn::FitOptions;
using nn::FitResult;
using nn::Mlp;
using nn::Stop;

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
  for (const nn::Execution execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    Mlp net({2, 3, 1}, Activation::square, Activation::identity, 1);
    std::vector<Numbers> weights{net.parameter_values()};
    FitOptions options{.optimizer = nn::GradientDescent{0.9},
                       .epochs = 1000,
                       .batch_size = 4,
                       .execution = execution};
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
  data[9].targets[0] = 1e200;  // whose square is infinite
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
