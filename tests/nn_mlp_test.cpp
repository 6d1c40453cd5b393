// Networks: parameters, seeds, and the backward pass against matrix formulas.

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <nn/nn.hpp>
#include <string>
#include <utility>
#include <vector>

using autograd::Error;
using autograd::Value;
using nn::Activation;
using nn::Bias;
using nn::Mlp;

namespace {

std::vector<double> numbers(std::span<const Value> values) {
  std::vector<double> result;
  for (const Value& each : values) result.push_back(each.data());
  return result;
}

}  // namespace

TEST_CASE("mlp: all parameters are one range, layer by layer") {
  Mlp net(2, {{2, Activation::tanh},
              {1, Activation::identity, Bias::kOff},
              {2, Activation::relu, Bias::kShared}});
  net.set_labels();
  std::vector<std::string> labels;
  for (const Value& each : net.parameters()) labels.emplace_back(each.label());
  CHECK(labels == std::vector<std::string>{"w1[0,0]", "w1[0,1]", "b1[0]", "w1[1,0]", "w1[1,1]",
                                           "b1[1]", "w2[0,0]", "w2[0,1]", "w3[0,0]", "w3[1,0]",
                                           "b3"});
  CHECK(&net.parameters()[6] == &net.layer(1).weight(0, 0));
  CHECK(&net.parameters()[10] == &net.layer(2).bias(1));
  CHECK(net.layer(0).parameters().data() == net.parameters().data());
}

TEST_CASE("mlp: sizes and activations of the short form") {
  const Mlp net({3, 5, 4, 2}, Activation::relu, Activation::sigmoid);
  CHECK(net.inputs() == 3);
  CHECK(net.outputs() == 2);
  CHECK(net.layers().size() == 3);
  CHECK(net.layer(0).activation().name() == "relu");
  CHECK(net.layer(1).activation().name() == "relu");
  CHECK(net.layer(2).activation().name() == "sigmoid");
  CHECK(net.parameters().size() == 4 * 5 + 6 * 4 + 5 * 2);
  CHECK(Mlp({1, 1, 1}, Activation::relu).layer(1).activation().name() == "identity");
}

TEST_CASE("mlp: calling it and forward() give the same outputs") {
  const Mlp net({2, 3, 2}, Activation::tanh);
  const Mlp::Forward forward = net.forward({0.5, -1.0});
  CHECK(forward.layers.size() == 2);
  CHECK(forward.layers[0].net.size() == 3);
  CHECK(numbers(net({0.5, -1.0})) == numbers(forward.out()));
}

TEST_CASE("mlp: the same seed gives the same network, to the last bit") {
  const std::vector<std::size_t> sizes{2, 4, 1};
  const Mlp a(sizes, Activation::tanh, Activation::tanh, 5),
      b(sizes, Activation::relu, Activation::relu, 5);
  const Mlp other(sizes, Activation::tanh, Activation::tanh, 6);
  CHECK(numbers(a.parameters()) == numbers(b.parameters()));
  CHECK(numbers(a.parameters()) != numbers(other.parameters()));
  // Golden: 2 inputs and 4 units make +-1 the range of Xavier's.
  CHECK(Mlp(sizes, Activation::tanh).layer(0).weight(0, 0) ==
        std::fma(2.0, 0x1.4c5d7585242c8p-2, -1.0));
}

TEST_CASE("mlp: it starts from small weights that differ and from zero biases") {
  const Mlp net({2, 4, 1}, Activation::tanh);
  const auto first = net.layer(0).neuron(0).parameters(),
             second = net.layer(0).neuron(1).parameters();
  CHECK(first[0] != second[0]);
  CHECK(std::abs(first[0].data()) <= 1);
  CHECK(first[2] == 0);
}

TEST_CASE("mlp: equal weights receive equal gradients") {
  Mlp net({2, 3, 1}, Activation::tanh);
  nn::Random random(0);
  net.initialise(nn::constant(0.5), random, nn::constant(0.1));
  nn::half_squared_error(net({1.0, 2.0}), std::vector<double>{1}).backward();
  const nn::Layer& hidden = net.layer(0);
  CHECK(hidden.weight(0, 0).grad() != 0);
  for (std::size_t k = 1; k < 3; ++k)
    for (std::size_t j = 0; j < 2; ++j)
      CHECK(hidden.weight(k, j).grad() == hidden.weight(0, j).grad());
}

TEST_CASE("mlp: a copy is the same network, and moving one keeps its parameters") {
  Mlp net({1, 1}, Activation::tanh);
  Mlp copy = net;
  copy.layer(0).set_weights({{8}});
  CHECK(net.parameters()[0] == 8);
  const Value* const parameters = net.parameters().data();
  const Mlp moved = std::move(net);
  CHECK(moved.parameters().data() == parameters);
  CHECK(moved({2.0})[0] == 16);
}

// W z + b layer after layer, then delta = (W^T delta) f'(net) back, in plain numbers:
// dE/dW = delta z^T.  E = sum (z - t)^2 / 2, tanh in all layers.
TEST_CASE("mlp: gradients agree with the matrix formulas at any depth") {
  for (const std::vector<std::size_t>& sizes :
       {std::vector<std::size_t>{2, 1}, {2, 3, 3}, {3, 4, 3, 2}, {1, 2, 3, 4, 5, 6}}) {
    Mlp net(sizes, Activation::tanh, Activation::tanh, 11);
    nn::Random random(12);
    net.initialise(nn::xavier_uniform(), random, nn::uniform(-0.5, 0.5));
    std::vector<std::vector<double>> z(1);
    for (std::size_t j = 0; j < sizes[0]; ++j) z[0].push_back(random.uniform(-1, 1));
    const std::vector<double> target(sizes.back(), 0.25);

    Value loss = nn::half_squared_error(net(z[0]), target);
    loss.backward();

    for (const nn::Layer& layer : net.layers()) {
      std::vector<double> out;
      for (std::size_t k = 0; k < layer.units(); ++k) {
        double sum = layer.bias(k).data();
        for (std::size_t j = 0; j < layer.inputs(); ++j)
          sum += layer.weight(k, j).data() * z.back()[j];
        out.push_back(std::tanh(sum));
      }
      z.push_back(out);
    }
    std::vector<double> upstream = z.back();
    for (double& each : upstream) each -= 0.25;
    for (std::size_t l = sizes.size() - 1; l-- > 0;) {
      const nn::Layer& layer = net.layer(l);
      std::vector<double> below(layer.inputs());
      for (std::size_t k = 0; k < layer.units(); ++k) {
        const double delta = upstream[k] * (1 - z[l + 1][k] * z[l + 1][k]);
        CHECK(layer.bias(k).grad() == doctest::Approx(delta).epsilon(1e-12));
        for (std::size_t j = 0; j < layer.inputs(); ++j) {
          CHECK(layer.weight(k, j).grad() == doctest::Approx(delta * z[l][j]).epsilon(1e-12));
          below[j] += layer.weight(k, j).data() * delta;
        }
      }
      upstream = below;
    }
  }
}

TEST_CASE("mlp: networks without layers, inputs or units are refused") {
  CHECK_THROWS_WITH_AS(Mlp(2, {}), "nn::Mlp: expected at least one layer, got none.", Error);
  CHECK_THROWS_WITH_AS(
      Mlp({2}, Activation::tanh),
      "nn::Mlp: expected the number of inputs and of units in at least one layer, got 1 number.",
      Error);
  CHECK_THROWS_WITH_AS(
      Mlp({2, 0, 1}, Activation::tanh),
      "nn: a layer: expected at least one input and one unit, got 2 inputs and 0 units.", Error);
  const Mlp net({2, 1}, Activation::tanh);
  CHECK_THROWS_WITH_AS(net({1.0}),
                       "nn: call of a unit, layer or network: expected 2 inputs, got 1.", Error);
  CHECK_THROWS_WITH_AS(net.layer(1), "nn: layer of a network: expected an index below 1, got 1.",
                       Error);
}
