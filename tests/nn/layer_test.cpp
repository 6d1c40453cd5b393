// Units and layers: shapes, parameters, biases, labels, and what is refused.

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using networks::numbers;
using nn::Activation;
using nn::Bias;
using nn::Layer;
using nn::Neuron;

namespace {

std::vector<std::string> labels(std::span<const Value> values) {
  std::vector<std::string> result;
  for (const Value& each : values) result.emplace_back(each.label());
  return result;
}

using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("neuron: the output is the activation of the weighted sum plus bias") {
  Neuron unit(2, Activation::tanh);
  unit.set_weights({0.5, -2});
  unit.set_bias(0.25);
  const auto [net, out] = unit.forward({3.0, 1.0});
  CHECK(net == -0.25);
  CHECK(out == std::tanh(-0.25));
  CHECK(unit({3.0, 1.0}) == out);
}

TEST_CASE("neuron: without bias it is a dot product of its inputs alone") {
  Neuron unit(2, Activation::identity, Bias::kOff);
  unit.set_weights({0.5, -2});
  CHECK(unit({3.0, 1.0}) == -0.5);
  CHECK(unit.parameters().size() == 2);
  CHECK(Neuron(1, Activation::identity, Bias::kOff)({Value(2)}).op() == "dot");
}

TEST_CASE("neuron: numbers and Values are inputs of equal standing, and mix") {
  Neuron unit(3, Activation::identity);
  unit.set_weights({1, 10, 100});
  Value x = 2;
  const std::vector<double> row{2, 3, 4};
  const std::vector<Value> values{2, 3, 4};
  CHECK(unit({2.0, 3.0, 4.0}) == 432);
  CHECK(unit(row) == 432);
  CHECK(unit(values) == 432);
  CHECK(unit({x, 3.0, 4.0}) == 432);
}

TEST_CASE("neuron: gradients of inputs, weights and bias are those of a weighted sum") {
  Neuron unit(2, Activation::identity);
  unit.set_weights({5, 7});
  Value a = 2, b = 3;
  unit({a, b}).backward();
  CHECK(a.grad() == 5);
  CHECK(b.grad() == 7);
  CHECK(unit.weight(0).grad() == 2);
  CHECK(unit.weight(1).grad() == 3);
  CHECK(unit.bias().grad() == 1);
}

TEST_CASE("neuron: the parameters are its weights and then its bias") {
  Neuron unit(2);
  unit.set_weights({5, 7});
  unit.set_bias(9);
  unit.set_labels();
  CHECK(numbers(unit.parameters()) == Numbers{5, 7, 9});
  CHECK(labels(unit.parameters()) == Names{"w[0]", "w[1]", "b"});
}

TEST_CASE("neuron: it outlives the layer or network it was taken from") {
  std::optional<nn::Mlp> net(std::in_place, std::vector<std::size_t>{1, 1, 1},
                             Activation::identity);
  net->layer(1).set_weights({{3}});
  net->layer(1).set_biases({1});
  Neuron unit = net->layer(1).neuron(0);
  net.reset();
  CHECK(unit({2.0}) == 7);
}

TEST_CASE("layer: each row of the matrix is a unit") {
  Layer layer(3, 2);
  layer.set_weights({{1, 2, 3}, {4, 5, 6}});
  layer.set_biases({0.5, 0.25});
  CHECK(numbers(layer({1.0, 10.0, 100.0})) == Numbers{321.5, 654.25});
  CHECK(layer.weight(1, 0) == 4);
  CHECK(layer.bias(1) == 0.25);
  CHECK(layer.inputs() == 3);
  CHECK(layer.units() == 2);
}

TEST_CASE("layer: the parameters are one range, unit by unit, weights and then bias") {
  SUBCASE("a bias for each unit") {
    Layer layer(2, 2);
    layer.set_labels("1");
    CHECK(labels(layer.parameters()) ==
          Names{"w1[0,0]", "w1[0,1]", "b1[0]", "w1[1,0]", "w1[1,1]", "b1[1]"});
    CHECK(&layer.parameters()[5] == &layer.bias(1));
  }
  SUBCASE("a shared bias comes last and appears once") {
    Layer layer(2, 2, Activation::tanh, Bias::kShared);
    layer.set_labels("2");
    CHECK(labels(layer.parameters()) == Names{"w2[0,0]", "w2[0,1]", "w2[1,0]", "w2[1,1]", "b2"});
    CHECK(&layer.bias(0) == &layer.bias(1));
    CHECK(layer.neuron(0).parameters().size() == 2);
  }
  SUBCASE("no bias") {
    Layer layer(2, 2, Activation::tanh, Bias::kOff);
    layer.set_labels();
    CHECK(labels(layer.parameters()) == Names{"w[0,0]", "w[0,1]", "w[1,0]", "w[1,1]"});
  }
}

TEST_CASE(
    "layer: the gradient of a shared bias is the sum over the units, and one step moves it once") {
  Layer layer(1, 3, Activation::square, Bias::kShared);
  layer.set_weights({{1}, {2}, {3}});
  layer.set_biases({0.5});
  const Layer::Forward forward = layer.forward({1.0});
  Value sum = forward.out[0] + forward.out[1] + forward.out[2];
  sum.backward();
  CHECK(numbers(forward.net) == Numbers{1.5, 2.5, 3.5});
  CHECK(layer.bias(0).grad() == 2 * (1.5 + 2.5 + 3.5));
  nn::GradientDescent{0.5}.step(layer.parameters());
  CHECK(layer.bias(2) == 0.5 - 7.5);
}

TEST_CASE("layer: net and out of every unit and their gradients can be read after the call") {
  Layer layer(1, 2, Activation::square);
  layer.set_weights({{1}, {-2}});
  const auto [net, out] = layer.forward({3.0});
  (2 * out[0] + out[1]).backward();
  CHECK(numbers(net) == Numbers{3, -6});
  CHECK(numbers(out) == Numbers{9, 36});
  CHECK(out[0].grad() == 2);
  CHECK(net[0].grad() == 12);
  CHECK(out[1].grad() == 1);
  CHECK(net[1].grad() == -12);
}

TEST_CASE("layer: a batch gives net, normalised and out by row and unit") {
  Layer layer(1, {.units = 2, .activation = Activation::square});
  layer.set_weights({{1}, {-2}});
  const Layer::Batch batch = layer.forward(std::vector<Numbers>{{3}, {5}}, {});
  CHECK(numbers(batch.net[1]) == Numbers{5, -10});
  CHECK(numbers(batch.normalised[1]) == Numbers{5, -10});
  CHECK(numbers(batch.out[0]) == Numbers{9, 36});
  CHECK(batch.means.empty());
  CHECK(layer.mask_size() == 0);
  CHECK(layer.statistics().empty());
}

TEST_CASE("layer: a weighted sum is one node of the graph") {
  Layer layer(20, 1, Activation::identity);
  const std::vector<Value> x(20, Value(0.5));
  const std::size_t before = autograd::graph_statistics().operations;
  const std::vector<Value> out = layer(x);
  CHECK(autograd::graph_statistics().operations == before + 1);
}

TEST_CASE("layer: a copy has the same parameters, and moving one keeps them") {
  Layer layer(1, 1);
  Layer copy = layer;
  copy.set_weights({{8}});
  CHECK(layer.weight(0, 0) == 8);
  const Layer moved = std::move(copy);
  CHECK(moved.parameters().data() == layer.parameters().data());
}

TEST_CASE("layer: starting values are drawn in the order of the parameters") {
  for (const Bias bias : {Bias::kOff, Bias::kPerUnit, Bias::kShared}) {
    Layer layer(2, 3, Activation::tanh, bias);
    nn::Random random(9), same(9);
    layer.initialise(nn::uniform(0, 1), random, nn::uniform(5, 6));
    for (const Value& each : layer.parameters()) {
      const double u = same.uniform();
      CHECK((each == u || each == std::fma(1.0, u, 5.0)));
    }
    CHECK(random.state() == same.state());
    if (bias != Bias::kOff) CHECK(layer.bias(2) >= 5);
  }
}

TEST_CASE("layer: an initialiser is told the inputs and the units of the layer") {
  Layer layer(3, 2);
  nn::Random random(0);
  layer.initialise([](std::size_t fan_in, std::size_t fan_out,
                      nn::Random&) { return static_cast<double>(10 * fan_in + fan_out); },
                   random, nn::constant(4));
  CHECK(layer.weight(1, 2) == 32);
  CHECK(layer.bias(1) == 4);
}

TEST_CASE("layer: wrong shapes are refused by name, and nothing is changed") {
  Layer layer(3, 2);
  layer.set_weights({{1, 2, 3}, {4, 5, 6}});
  CHECK_THROWS_WITH_AS(
      layer.set_weights({{7, 7, 7}, {7, 7, 7}, {7, 7, 7}}),
      "nn::Layer::set_weights: expected 2 rows of 3 weights, a row per unit, got 3 rows.", Error);
  CHECK_THROWS_WITH_AS(layer.set_weights({{7, 7, 7}, {7}}),
                       "nn::Layer::set_weights: expected 2 rows of 3 weights, a row per unit, got "
                       "1 weight in row 1.",
                       Error);
  CHECK(layer.weight(0, 0) == 1);
  CHECK_THROWS_WITH_AS(layer.set_biases({1}),
                       "nn::Layer::set_biases: expected 2 biases, one per unit, got 1.", Error);
  CHECK_THROWS_WITH_AS(layer.neuron(0).set_weights({1, 2}),
                       "nn::Neuron::set_weights: expected 3 weights, one per input, got 2.", Error);
  CHECK_THROWS_WITH_AS(layer({1.0, 2.0}),
                       "nn: call of a unit, layer or network: expected 3 inputs, got 2.", Error);
  CHECK_THROWS_WITH_AS(layer(std::vector<Value>{}),
                       "nn: call of a unit, layer or network: expected 3 inputs, got 0.", Error);
}

TEST_CASE("layer: biases must fit the kind of bias") {
  Layer none(1, 2, Activation::tanh, Bias::kOff), shared(1, 2, Activation::tanh, Bias::kShared);
  CHECK_THROWS_WITH_AS(none.set_biases({1, 2}),
                       "nn::Layer::set_biases: expected 0 biases (Bias::kOff), got 2.", Error);
  CHECK_THROWS_WITH_AS(shared.set_biases({1, 2}),
                       "nn::Layer::set_biases: expected 1 bias (Bias::kShared), got 2.", Error);
  CHECK_THROWS_WITH_AS(none.bias(0),
                       "nn: bias of a unit: expected a unit with a bias, got one with Bias::kOff.",
                       Error);
}

TEST_CASE("layer: units, weights and sizes that do not exist are refused") {
  Layer layer(3, 2);
  CHECK_THROWS_WITH_AS(layer.neuron(2), "nn: unit of a layer: expected an index below 2, got 2.",
                       Error);
  CHECK_THROWS_WITH_AS(layer.weight(0, 3),
                       "nn: weight of a unit: expected an index below 3, got 3.", Error);
  CHECK_THROWS_WITH_AS(
      Layer(0, 1),
      "nn: a layer: expected at least one input and one unit, got 0 inputs and 1 unit.", Error);
  CHECK_THROWS_AS(Layer(1, 0), Error);
  CHECK_THROWS_AS(Neuron(0), Error);
}
