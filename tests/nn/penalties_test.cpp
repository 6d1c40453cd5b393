// Penalties on weights, and which weights those of a network are.

#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>

using autograd::Error;
using autograd::Value;
using nn::Activation;

TEST_CASE("penalties: sizes and half squares of the weights, and their gradients") {
  const std::vector<Value> w{0.5, -2, 0, 3};
  SUBCASE("L1") {
    const Value penalty = nn::l1_penalty(w, 0.25);
    penalty.backward();
    CHECK(penalty == 0.25 * 5.5);
    CHECK(w[0].grad() == 0.25);
    CHECK(w[1].grad() == -0.25);
    CHECK(w[2].grad() == 0);
  }
  SUBCASE("L2, with the 1/2") {
    const Value penalty = nn::l2_penalty(w, 0.25);
    penalty.backward();
    CHECK(penalty == 0.125 * 13.25);
    for (const Value& each : w) CHECK(each.grad() == 0.25 * each.data());
  }
}

TEST_CASE("penalties: a network's are on its weights, not on biases, gammas and betas") {
  nn::Mlp net(2, {{.units = 2, .activation = Activation::tanh, .batch_norm = {.on = true}}, {1}});
  net.layer(0).set_weights({{1, -2}, {3, 4}});
  net.layer(0).set_biases({100, 100});
  net.layer(1).set_weights({{-5, 6}});
  net.layer(1).set_biases({100});
  net.set_labels();
  std::vector<std::string> labels;
  for (const Value& each : net.weights()) labels.emplace_back(each.label());
  CHECK(labels ==
        std::vector<std::string>{"w1[0,0]", "w1[0,1]", "w1[1,0]", "w1[1,1]", "w2[0,0]", "w2[0,1]"});
  CHECK(nn::l1_penalty(net, 2) == 2 * 21);
  CHECK(nn::l2_penalty(net, 2) == 91);

  nn::zero_grad(net.parameters());
  nn::l2_penalty(net, 0.5).backward();
  CHECK(net.layer(0).weight(0, 1).grad() == -1);
  CHECK(net.layer(0).bias(0).grad() == 0);
  CHECK(net.layer(0).gamma(0).grad() == 0);
  CHECK(nn::l1_penalty(net.parameters(), 1) == 21 + 300 + 2);
}

TEST_CASE("penalties: one step of gradient descent on L2 alone takes rate times strength of all") {
  std::vector<Value> w{4, -8};
  nn::l2_penalty(w, 0.5).backward();
  nn::GradientDescent{0.25}.step(w);
  CHECK(w[0] == 4 * (1 - 0.125));
  CHECK(w[1] == -8 * (1 - 0.125));
}

TEST_CASE("penalties: of no weights 0; a strength below 0 is refused") {
  const std::vector<Value> none, one{1};
  CHECK(nn::l1_penalty(none, 1) == 0);
  CHECK(nn::l2_penalty(none, 1) == 0);
  CHECK_THROWS_WITH_AS(nn::l1_penalty(one, -1),
                       "nn::l1_penalty: expected a strength of at least 0, got -1.", Error);
  CHECK_THROWS_AS(nn::l2_penalty(one, std::numeric_limits<double>::quiet_NaN()), Error);
}
