// Why a parameter moves in a step: what rows, paths and the optimizer's rule add up to.

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;
using doctest::Approx;
using nn::Activation;
using nn::StepExplanation;
using nn::StepOptions;

namespace {

nn::Mlp example(const std::vector<nn::LayerSpec>& layers) {
  nn::Mlp net(2, layers, 3);
  std::vector<double> values = net.parameter_values();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * std::sin(double(i));
  net.set_parameter_values(values);
  return net;
}

// E with one parameter moved, by a pass in training that knows nothing of derivatives.
double objective(const nn::Mlp& net, const nn::Data& rows, const StepOptions& options,
                 std::size_t index, double at, const std::vector<double>& masks) {
  nn::Mlp moved = net.clone();
  moved.parameters()[index].set_data(at);
  std::vector<std::vector<double>> inputs;
  for (const nn::Sample& each : rows) inputs.push_back(each.inputs);
  const nn::Mlp::Batch batch = moved.forward(inputs, {.mode = nn::Mode::kTrain, .masks = masks});
  double sum = 0;
  for (std::size_t r = 0; r < rows.size(); ++r)
    sum += options.loss(batch.out()[r], rows[r].targets).data();
  return sum / double(rows.size()) + (options.penalty ? options.penalty(moved).data() : 0.0);
}

double sum_of_rows(const StepExplanation& step) {
  double sum = 0;
  for (const auto& each : step.rows) sum += each.contribution;
  return sum;
}

// Every parameter: its rows, its paths and the penalty against a difference, its step against the
// optimizer's own.
void check_all(const nn::Mlp& net, const nn::Data& rows, const StepOptions& options,
               const std::vector<double>& masks) {
  nn::Mlp labelled = net.clone();
  labelled.set_labels();
  for (std::size_t i = 0; i < net.parameters().size(); ++i) {
    const std::string name(labelled.parameters()[i].label());
    CAPTURE(name);
    const StepExplanation step = nn::explain_step(net, rows, name, options);
    const double at = net.parameters()[i].data(), h = 1e-5;
    const double slope = (objective(net, rows, options, i, at + h, masks) -
                          objective(net, rows, options, i, at - h, masks)) /
                         (2 * h);
    CHECK(step.before == at);
    CHECK(step.loss + step.penalty == Approx(objective(net, rows, options, i, at, masks)));
    CHECK(step.gradient == Approx(slope).epsilon(1e-6).scale(1e-3));
    CHECK(sum_of_rows(step) + step.penalty_derivative == Approx(step.gradient).epsilon(1e-12));
    if (!step.paths.empty()) {
      double through = 0;
      for (const auto& each : step.paths) through += each.contribution;
      CHECK(through == Approx(sum_of_rows(step)).epsilon(1e-12).scale(1));
    }
    for (const auto& row : step.rows) {
      if (row.x)
        CHECK(row.delta * *row.x / double(rows.size()) == Approx(row.contribution).epsilon(1e-12));
    }
    REQUIRE(!step.lines.empty());
    CHECK(step.lines.back().value == Approx(step.after).epsilon(1e-12));
    for (const auto& line : step.lines) {
      const double shown = autograd::Expression(line.with_numbers).evaluate().data();
      CHECK(shown == Approx(line.value).epsilon(1e-4).scale(0.01));
    }
  }
}

const nn::Data kRows{{{0.5, -1}, {0.25}}, {{1, 2}, {-1}}, {{-0.75, 0.5}, {0.5}}};

}  // namespace

TEST_CASE("explain step: rows and paths add up to the derivative, the lines to the step") {
  const nn::Mlp net = example({{3, Activation::tanh}, {2, Activation::sigmoid}, {1}});
  check_all(net, kRows, {}, {});
  check_all(net, {kRows[0]}, {.loss = nn::squared_error}, {});
}

TEST_CASE("explain step: shared biases, batch normalisation, dropout, penalties") {
  SUBCASE("a bias that units share") {
    check_all(example({{3, Activation::tanh, nn::Bias::kShared}, {1, Activation::identity}}), kRows,
              {}, {});
    check_all(example({{2, Activation::tanh}, {1, Activation::identity, nn::Bias::kShared}}), kRows,
              {.penalty = [](const nn::Mlp& net) { return nn::l2_penalty(net, 0.1); }}, {});
  }
  SUBCASE("rows that batch normalisation ties together") {
    check_all(example({{.units = 3, .activation = Activation::tanh, .batch_norm = {.on = true}},
                       {2, Activation::tanh},
                       {1}}),
              kRows, {}, {});
  }
  SUBCASE("dropped units") {
    const std::vector<double> masks{1, 0, 1, 1, 1, 0, 0, 1, 1};
    const nn::Mlp net =
        example({{.units = 3, .activation = Activation::tanh, .dropout = {.keep = 0.5}}, {1}});
    check_all(net, kRows, {.masks = masks}, masks);
    check_all(net, kRows, {}, std::vector<double>(9, 1.0));
  }
}

TEST_CASE("explain step: every optimizer, also in the middle of training and with clipping") {
  const nn::Mlp net = example({{2, Activation::tanh}, {1}});
  std::vector<nn::Optimizer> optimizers{nn::GradientDescent{.rate = 0.1},
                                        nn::GradientDescent{.rate = 0.1, .weight_decay = 0.2},
                                        nn::Momentum{.rate = 0.1, .weight_decay = 0.2},
                                        nn::Nesterov{.rate = 0.1},
                                        nn::Adagrad{.rate = 0.1},
                                        nn::RmsProp{.rate = 0.1, .weight_decay = 0.2},
                                        nn::Adam{.rate = 0.1},
                                        nn::AdamW{.rate = 0.1, .weight_decay = 0.2},
                                        {nn::Adam{.rate = 0.1}, {.norm = 0.05}},
                                        {nn::GradientDescent{.rate = 0.1}, {.value = 0.01}}};
  for (nn::Optimizer& each : optimizers) {
    CAPTURE(each.name());
    check_all(net, kRows, {.optimizer = each}, {});
    std::vector<double> weights = net.parameter_values(), gradient(weights.size());
    for (int i = 0; i < 3; ++i) {
      for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] = std::cos(double(k) + i);
      each.step(weights, gradient);
    }
    check_all(net, kRows, {.optimizer = each}, {});
    CHECK(nn::explain_step(net, kRows, "b2[0]", {.optimizer = each}).step == 4);
  }
}

TEST_CASE("explain step: neither the network nor its gradients change") {
  nn::Mlp net = example({{2, Activation::tanh}, {1}});
  const std::vector<double> before = net.parameter_values();
  nn::explain_step(net, kRows, "w1[0,1]");
  CHECK(net.parameter_values() == before);
  for (const Value& each : net.parameters()) {
    CHECK_FALSE(each.has_grad());
    CHECK(each.label() == "");
  }
  net.layer(0).weight(0, 1).freeze();
  const StepExplanation frozen = nn::explain_step(net, kRows, "w1[0,1]");
  CHECK(frozen.after == frozen.before);
  CHECK(frozen.gradient != 0);
  CHECK(frozen.text().starts_with("w1[0,1] stays "));
}

TEST_CASE("explain step: the text of one step on XOR") {
  nn::Mlp net({2, 2, 1}, Activation::tanh);
  net.layer(0).set_weights({{0.5, -0.25}, {1, 0.5}});
  net.layer(0).set_biases({0, -0.5});
  net.layer(1).set_weights({{0.75, -1}});
  net.layer(1).set_biases({0.25});
  CHECK(nn::explain_step(net, nn::xor_data(), "w1[1,0]", {.optimizer = nn::Momentum{.rate = 0.5}})
            .text(2) == R"(w1[1,0] goes from 1 to 0.8977 in step 1 of Momentum
E = 0.27944, the mean loss of 4 rows

Each row adds dL/dnet times what the weight multiplies, divided by 4:
  row 2         (0.68069)(1)/4 =   0.17017
  row 3         (0.13771)(1)/4 =  0.034428
  2 other rows                           0
dE/dw1[1,0]                         0.2046

The same by the units that it acts through:
  layer 2, unit 0  0.2046

Momentum, with g = 0.2046:
  v <- momentum*v + g
     = 0.9*0 + 0.204601 = 0.204601
  w <- w - rate*v
     = 1 - 0.5*0.204601 = 0.897699
)");
}

TEST_CASE("explain step: what cannot be explained is an Error") {
  const nn::Mlp net = example({{2, Activation::tanh}, {1}});
  const auto error = [&](const nn::Data& rows, const char* name, const StepOptions& options) {
    return helpers::error_of([&] { nn::explain_step(net, rows, name, options); });
  };
  CHECK(error(kRows, "w1", {}) ==
        "nn::explain_step: expected the name of a parameter, as 'w1[0,0]' or 'b2[0]', got 'w1'.");
  CHECK(error(kRows, "w3[0,0]", {}).find("got 'w3[0,0]'") != std::string::npos);
  CHECK(error({}, "b1[0]", {}) == "nn::explain_step: expected at least one row, got none.");
  CHECK(error({{{1}, {1}}}, "b1[0]", {}) != "");
  CHECK(error({{{1, 2}, {1, 2}}}, "b1[0]", {}) != "");
  const std::vector<double> masks{1};
  CHECK(error(kRows, "b1[0]", {.masks = masks}).find("0 masks") != std::string::npos);
}
