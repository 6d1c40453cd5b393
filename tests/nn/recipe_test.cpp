// The recipe: each step finds the mistake it is there for.

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using helpers::contains;
using nn::Activation;
using nn::Mlp;

namespace {

nn::Data iris() {
  const nn::Data data = nn::iris_data();
  return nn::Standardiser::fit(data).apply(data);
}

nn::Data some_irises() { return nn::split(iris(), 0.04, 3).train; }  // 6

}  // namespace

TEST_CASE("recipe: n equally likely classes have the loss log n") {
  CHECK(nn::expected_initial_loss(2) == doctest::Approx(0.69314718055994531));
  CHECK(nn::expected_initial_loss(10) == doctest::Approx(2.3025850929940457));
  CHECK_THROWS_AS(nn::expected_initial_loss(1), Error);
  // With all weights 0 it is exactly that.
  Mlp net({4, 5, 3}, Activation::tanh);
  nn::Random random(0);
  net.initialise(nn::zeros(), random);
  const nn::InitialLoss check = nn::check_initial_loss(net, iris(), nn::softmax_cross_entropy,
                                                       nn::expected_initial_loss(3), 1 + 1e-12);
  CHECK(check.ok());
  CHECK(check.actual == doctest::Approx(std::log(3.0)));
}

TEST_CASE("recipe: fresh weights have about that loss, large ones do not") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Mlp net({4, 5, 3}, Activation::tanh, Activation::identity, seed);
    CAPTURE(seed);
    CHECK(nn::check_initial_loss(net, iris(), nn::softmax_cross_entropy, std::log(3.0)).ok());
  }
  Mlp net({4, 5, 3}, Activation::tanh);
  nn::Random random(0);
  net.initialise(nn::normal(0, 10), random);
  const nn::InitialLoss large =
      nn::check_initial_loss(net, iris(), nn::softmax_cross_entropy, std::log(3.0));
  CHECK(!large.ok());
  CHECK(contains(large.to_string(), "too large"));
  CHECK(contains(nn::InitialLoss{1, 0.4, 2}.to_string(), "too small"));
  CHECK(contains(nn::InitialLoss{1, 1.9, 2}.to_string(), "as it should be"));
  CHECK_THROWS_AS(nn::check_initial_loss(net, iris(), nn::softmax_cross_entropy, 1, 0.5), Error);
  CHECK(!nn::InitialLoss{1, std::nan(""), 2}.ok());
  CHECK(contains(nn::InitialLoss{1, std::nan(""), 2}.to_string(), "not finite"));
}

TEST_CASE("recipe: the gradient of a whole model is confirmed, with all there is in it") {
  Mlp net(4,
          {{.units = 4, .activation = Activation::tanh, .batch_norm = {.on = true}},
           {.units = 3, .activation = Activation::gelu, .dropout = {.keep = 0.6}},
           {.units = 3}},
          2);
  net.set_labels();
  const std::vector<double> before = net.parameter_values();
  const autograd::GradientReport report =
      nn::check_model(net, some_irises(), nn::softmax_cross_entropy,
                      [](const Mlp& of) { return nn::l2_penalty(of, 0.1); });
  CHECK_MESSAGE(report.ok(), report.to_string());
  CHECK(report.inputs.size() == net.parameters().size());
  CHECK(net.parameter_values() == before);
}

TEST_CASE("recipe: a wrong derivative in the middle of a model is found") {
  using Operands = std::span<const double>;
  const auto wrong = autograd::custom(
      "wrong", [](Operands x) { return x[0] * x[0]; }, [](Operands x) { return -2 * x[0]; });
  const Activation activation("wrong", [wrong](const Value& x) { return wrong(std::span(&x, 1)); });
  Mlp net({4, 3, 1}, activation, Activation::tanh, 1);
  nn::Data data = some_irises();
  for (nn::Sample& row : data) row.targets = {row.targets[0]};
  const autograd::GradientReport report = nn::check_model(net, data, nn::half_squared_error);
  CHECK(!report.ok());
  CHECK(contains(report.to_string(), "-1"));
}

TEST_CASE("recipe: a few rows are learnt by heart, and the network stays as it was") {
  const Mlp net({4, 5, 3}, Activation::tanh, Activation::identity, 1);
  const std::vector<double> before = net.parameter_values();
  const nn::OverfitReport report = nn::overfit(
      net, some_irises(),
      {.loss = nn::softmax_cross_entropy, .optimizer = nn::Adam{.rate = 0.05}, .epochs = 2000},
      1e-2);
  CHECK(report.ok());
  CHECK(report.first > 0.3);
  CHECK(report.best <= 1e-2);
  CHECK(report.epochs < 2000);
  CHECK(report.stop == nn::Stop::kCallback);
  CHECK(contains(report.to_string(), "by heart"));
  CHECK(net.parameter_values() == before);
}

TEST_CASE("recipe: it says how far it came where the rows cannot be learnt") {
  // A line through exclusive or: at best every output is 1/2, half a squared error of 1/8.
  const Mlp net({2, 1}, Activation::identity, Activation::identity, 1);
  const nn::OverfitReport report =
      nn::overfit(net, nn::xor_data(), {.optimizer = nn::GradientDescent{0.5}, .epochs = 300});
  CHECK(!report.ok());
  CHECK(report.best == doctest::Approx(0.125).epsilon(1e-6));
  CHECK(report.epochs == 300);
  CHECK(contains(report.to_string(), "not reached"));
  CHECK_THROWS_AS(nn::overfit(net, nn::xor_data(), {}, -1), Error);

  const nn::OverfitReport diverged =
      nn::overfit(net, nn::xor_data(), {.optimizer = nn::GradientDescent{100}, .epochs = 1000});
  CHECK(diverged.stop == nn::Stop::kNotFinite);
  CHECK(contains(diverged.to_string(), "not finite"));
}
