// Fit: the same bits on any number of threads and after any interruption; no memory is lost.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_fit_cases.hpp>

using namespace fit_cases;
using autograd::Error;
using nn::Activation;
using nn::Epoch;
using nn::FitOptions;
using nn::FitResult;
using nn::Mlp;
using nn::Stop;
using nn::TrainingState;

// ---- the same bits ----

TEST_CASE("fit: one seed gives the same bits, on any number of threads; another seed others") {
  // Enough work for each batch that all three threads are woken.
  const nn::Data data = circle(1000);
  const auto trained = [&](std::uint64_t seed, std::size_t threads) {
    Mlp net(2, {{.units = 24,
                 .activation = Activation::tanh,
                 .batch_norm = {.on = true},
                 .dropout = {.keep = 0.8}},
                {.units = 24, .activation = Activation::tanh},
                {.units = 1, .activation = Activation::tanh}});
    FitOptions options = everything();
    options.epochs = 3;
    options.batch_size = 600;  // of 700: a batch of 100 is left
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
  for (const nn::Execution execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    FitOptions options = everything();
    options.execution = execution;
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
  const auto grows = [](nn::Execution execution, std::size_t epochs) {
    Mlp net({2, 4, 1}, Activation::tanh, Activation::tanh);
    nn::Trainer trainer(net, nn::xor_data(),
                        {.epochs = 2 * epochs, .batch_size = 2, .execution = execution});
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
  grows(nn::Execution::kReplay, 15000);
  grows(nn::Execution::kEager, 1000);
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
