// Dropout, batch normalisation and penalties of the lectures, number by number.

#include <cmath>
#include <cstddef>
#include <vector>

#include <tests/support/lecture_cases.hpp>

using namespace lectures;

TEST_CASE("lectures: 002, dropout as on the slide and inverted, in training and evaluation") {
  const Json& example = find_case("002-dropout");
  const auto activations = example.at("activations").get<Numbers>();
  const auto mask = example.at("mask").get<Numbers>();
  const double keep = example.at("p_keep");
  const nn::Dropout original{.keep = keep, .inverted = false}, inverted{.keep = keep};

  Json got;
  const auto train = [&](const nn::Dropout& dropout, const char* out_name, const char* grad_name) {
    const std::vector<Value> in(activations.begin(), activations.end());
    std::vector<Value> out;
    for (std::size_t k = 0; k < in.size(); ++k) out.push_back(dropout.train(in[k], mask[k]));
    autograd::sum(out).backward();
    got[out_name] = data_of(out);
    got[grad_name] = grad_of(in);
  };
  train(original, "as_on_slide", "grad_as_on_slide");
  train(inverted, "inverted", "grad_inverted");
  for (const double each : activations) {
    got["eval_standard_scaled_by_p"].push_back(original.evaluate(each).data());
    got["eval_inverted"].push_back(inverted.evaluate(each).data());
  }
  check_all(got, example.at("expected"), "002-dropout");
}

TEST_CASE("lectures: 002, dropout within a layer of a network") {
  const Json& example = find_case("002-dropout");
  const auto activations = example.at("activations").get<Numbers>();
  const Json& expected = example.at("expected");
  for (const bool inverted : {true, false}) {
    nn::Mlp net(1, {{.units = 4,
                     .bias = nn::Bias::kOff,
                     .dropout = {.keep = example.at("p_keep"), .inverted = inverted}}});
    for (std::size_t k = 0; k < 4; ++k) net.layer(0).weight(k, 0).set_data(activations[k]);
    const auto mask = example.at("mask").get<Numbers>();
    const nn::Mlp::Batch trained = net.forward(Matrix{{1}}, {nn::Mode::kTrain, mask});
    check_all(data_of(trained.out()[0]), expected.at(inverted ? "inverted" : "as_on_slide"),
              "training");
    check_all(data_of(net({1.0})),
              expected.at(inverted ? "eval_inverted" : "eval_standard_scaled_by_p"), "evaluation");
  }
}

// The lecture subtracts the mean of the minibatch and divides by its deviation, without numbers.
// Eight rows with mean 5 and deviation 2 make all of them exact, the gradients as well: with
// z = (x - 5) / 2 and the upstream gradients g, dx = (g - mean of g - z (mean of g z)) / 2.
TEST_CASE("lectures: 002, batch normalisation of eight rows, all numbers exact") {
  const Matrix rows{{2}, {4}, {4}, {4}, {5}, {5}, {7}, {9}};
  const Numbers upstream{8, 0, 0, 0, 0, 0, 0, -8};
  nn::Mlp net(1, {{.units = 1, .batch_norm = {.on = true, .epsilon = 0}}});
  net.layer(0).set_weights({{1}});

  const nn::Mlp::Batch batch = net.forward(rows, {.mode = nn::Mode::kTrain});
  Value e = 0.0;
  for (std::size_t r = 0; r < rows.size(); ++r) e += upstream[r] * batch.out()[r][0];
  e.backward();

  Json normalised, gradient;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    normalised.push_back(batch.layers[0].normalised[r][0].data());
    gradient.push_back(batch.layers[0].net[r][0].grad());
  }
  CHECK(batch.layers[0].means[0] == 5);
  CHECK(batch.layers[0].variances[0] == 4);
  CHECK(normalised == Json({-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0}));
  CHECK(gradient == Json({1.375, -0.875, -0.875, -0.875, 0.0, 0.0, 1.75, -0.5}));
  CHECK(net.layer(0).gamma(0).grad() == -28);  // sum of g z
  CHECK(net.layer(0).beta(0).grad() == 0);     // sum of g
  CHECK(net.layer(0).bias(0).grad() == 0);
  CHECK(net.layer(0).weight(0, 0).grad() == 0);  // sum of dx x: a larger weight changes nothing
}

TEST_CASE("lectures: 002, penalties on the weights by name") {
  const Json& example = find_case("002-l1-l2");
  const auto numbers = example.at("weights").get<Numbers>();
  const double lambda = example.at("lam");
  const auto check = [&](const char* name, auto penalty_of) {
    const std::vector<Value> weights(numbers.begin(), numbers.end());
    const Value penalty = penalty_of(weights);
    penalty.backward();
    check_all({{"value", penalty.data()}, {"grad", grad_of(weights)}},
              example.at("expected").at(name), name);
  };
  using Values = std::span<const Value>;
  check("l1", [&](Values w) { return nn::l1_penalty(w, lambda); });
  check("l2_half", [&](Values w) { return nn::l2_penalty(w, lambda); });
  check("l2_full", [&](Values w) { return nn::l2_penalty(w, 2 * lambda); });
}
