// Networks: parameters, seeds, and the backward pass against matrix formulas.

#include <array>
#include <cmath>
#include <cstddef>
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
using nn::Mlp;

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

TEST_CASE("mlp: a clone starts with the same numbers and goes its own way") {
  Mlp net(2,
          {{.units = 2,
            .activation = Activation::tanh,
            .bias = Bias::kShared,
            .batch_norm = {.on = true, .momentum = 0.5},
            .dropout = {.keep = 0.5, .inverted = false}},
           {1}},
          9);
  net.set_labels();
  net.layer(0).gamma(1).set_data(3);
  net.layer(1).bias(0).freeze();
  net.statistics()[2] = 7;
  Mlp twin = net.clone();
  CHECK(twin.parameter_values() == net.parameter_values());
  CHECK(numbers(twin({0.5, -1.0})) == numbers(net({0.5, -1.0})));
  CHECK(twin.parameters()[4].label() == "b1");
  CHECK(twin.layer(1).bias(0).is_frozen());
  CHECK(!twin.layer(1).weight(0, 0).is_frozen());
  CHECK(twin.layer(0).batch_norm().momentum == 0.5);
  CHECK(!twin.layer(0).dropout().inverted);
  CHECK(twin.layer(0).bias() == Bias::kShared);

  const std::vector<double> before = numbers(net({0.5, -1.0}));
  twin.layer(0).set_weights({{8, 8}, {8, 8}});
  twin.layer(0).gamma(0).set_data(5);
  twin.statistics()[0] = 4;
  CHECK(numbers(net({0.5, -1.0})) == before);
  CHECK(numbers(twin({0.5, -1.0})) != before);
  CHECK(net.statistics()[0] == 0);
  CHECK(net.statistics()[2] == 7);
}

TEST_CASE("mlp: all parameters are read and written as numbers, in their order") {
  Mlp net(1, {{.units = 1, .batch_norm = {.on = true}}, {1}});
  net.set_parameter_values(std::vector<double>{2, 3, 5, 7, 11, 13});
  CHECK(net.layer(0).weight(0, 0) == 2);
  CHECK(net.layer(0).bias(0) == 3);
  CHECK(net.layer(0).gamma(0) == 5);
  CHECK(net.layer(0).beta(0) == 7);
  CHECK(net.layer(1).weight(0, 0) == 11);
  CHECK(net.parameter_values() == std::vector<double>{2, 3, 5, 7, 11, 13});
  CHECK_THROWS_WITH_AS(net.set_parameter_values(std::vector<double>{1, 2}),
                       "nn::Mlp::set_parameter_values: expected 6 values, got 2.", Error);
  CHECK(net.parameter_values() == std::vector<double>{2, 3, 5, 7, 11, 13});
}

TEST_CASE("mlp: a batch takes rows of numbers or Values in any container") {
  const Mlp net({2, 3, 2}, Activation::tanh);
  const std::vector<double> expected = numbers(net({0.5, -1.0}));
  const auto first = [&](const nn::InputRows& rows) {
    return numbers(net.forward(rows, {}).out()[0]);
  };
  CHECK(first(std::vector<std::vector<double>>{{0.5, -1}, {1, 1}}) == expected);
  CHECK(first(std::vector<std::vector<Value>>{{0.5, -1}}) == expected);
  CHECK(first(std::array<std::array<double, 2>, 1>{{{0.5, -1}}}) == expected);
  const std::vector<double> row{0.5, -1};
  CHECK(first(std::vector<std::span<const double>>{row}) == expected);
  CHECK(first(std::vector<nn::Inputs>{row, expected}) == expected);
}

TEST_CASE("mlp: net and out of every unit can be given labels to be drawn with") {
  const Mlp net({2, 2, 1}, Activation::tanh);
  Mlp::Forward forward = net.forward({1.0, 2.0});
  forward.set_labels();
  CHECK(forward.layers[0].net[1].label() == "net1[1]");
  CHECK(forward.layers[0].out[1].label() == "out1[1]");
  CHECK(forward.layers[1].net[0].label() == "out2[0]");  // one node with out
  CHECK(forward.out()[0].label() == "out2[0]");
  CHECK(autograd::to_dot(forward.out()[0]).find("net1[0]") != std::string::npos);
}

TEST_CASE("mlp: the summary counts the parameters of every layer") {
  const Mlp net(2, {{.units = 16,
                     .activation = Activation::tanh,
                     .batch_norm = {.on = true},
                     .dropout = {.keep = 0.8}},
                    {1, Activation::identity, Bias::kOff}});
  CHECK(nn::summary(net) ==
        "layer  activation  shape    weights  biases  batch norm  dropout   parameters\n"
        "1      tanh        2 -> 16       32      16          32  keep 0.8          80\n"
        "2      identity    16 -> 1       16                                        16\n"
        "total                            48      16          32                    96\n");
  CHECK(nn::summary(Mlp({2, 3, 1}, Activation::relu)) ==
        "layer  activation  shape   weights  biases  parameters\n"
        "1      relu        2 -> 3        6       3           9\n"
        "2      identity    3 -> 1        3       1           4\n"
        "total                            9       4          13\n");
}

// Exclusive or, 2-2-1 tanh with an identity output, half squared error, rate 0.1, full batches.
TEST_CASE("mlp: zero weights learn a constant, equal ones a single unit") {
  const auto train = [](Mlp& net) {
    double loss = 0;
    for (int epoch = 0; epoch < 1000; ++epoch) {
      nn::zero_grad(net.parameters());
      loss = 0;
      for (const auto& [inputs, targets] : nn::xor_data()) {
        const Value e = nn::half_squared_error(net(inputs), targets);
        e.backward();
        loss += e.data();
      }
      nn::GradientDescent{0.1}.step(net.parameters());
    }
    return loss;
  };
  Mlp net({2, 2, 1}, Activation::tanh);
  nn::Random random(0);

  SUBCASE("zeros: hidden outputs are 0, so that only the bias of the output ever moves") {
    net.initialise(nn::zeros(), random);
    CHECK(train(net) == doctest::Approx(0.5).epsilon(1e-12));
    const std::vector<double> after = net.parameter_values();
    CHECK(after.back() == doctest::Approx(0.5).epsilon(1e-12));
    for (std::size_t i = 0; i + 1 < after.size(); ++i) CHECK(after[i] == 0);
  }
  SUBCASE("one number for all: the units move, and stay equal to the last bit") {
    net.initialise(nn::constant(0.5), random);
    CHECK(train(net) > 0.3);
    const nn::Layer &hidden = net.layer(0), &output = net.layer(1);
    CHECK(hidden.weight(0, 0) != 0.5);
    CHECK(numbers(hidden.neuron(0).parameters()) == numbers(hidden.neuron(1).parameters()));
    CHECK(output.weight(0, 0) == output.weight(0, 1));
  }
  SUBCASE("different weights learn it") {
    net.initialise(nn::xavier_uniform(), random);
    CHECK(train(net) < 0.01);
    CHECK(net.layer(0).weight(0, 0) != net.layer(0).weight(1, 0));
  }
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
  // Two times so many wraps around to a few.
  CHECK_THROWS_WITH_AS(Mlp({std::size_t{1} << 63, 2}, Activation::tanh),
                       "nn: a layer: expected at most 2147483648 weights, got 9223372036854775808 "
                       "inputs times 2 units.",
                       Error);
  Mlp net({2, 1}, Activation::tanh);
  nn::Random random(0);
  CHECK_THROWS_WITH_AS(net.initialise({}, random),
                       "nn: initialise: expected an initialiser, got an empty function.", Error);
  CHECK_THROWS_WITH_AS(net({1.0}),
                       "nn: call of a unit, layer or network: expected 2 inputs, got 1.", Error);
  CHECK_THROWS_WITH_AS(net.layer(1), "nn: layer of a network: expected an index below 1, got 1.",
                       Error);
}

TEST_CASE("mlp: operations are in the parts of their layer and unit") {
  const Mlp net({2, 3, 1}, Activation::tanh, Activation::identity);
  const std::vector<double> x{1, 2};
  using Names = std::vector<std::string>;
  const Mlp::Forward forward = net.forward(x);
  CHECK(autograd::parts_of(forward.layers[0].net[2]) == Names{"layer 1", "unit 2"});
  CHECK(autograd::parts_of(forward.layers[1].out[0]) == Names{"layer 2", "unit 0"});
  CHECK(autograd::parts_of(net(x)[0]) == Names{"layer 2", "unit 0"});
}
