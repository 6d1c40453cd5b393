// Saved models: what is written reads back to the same bits, and what is wrong is refused with its
// place.

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <nn/nn.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/nn_files.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using autograd::Value;
using helpers::error_of;
using networks::Numbers;
using nn::Activation;
using nn::Bias;
using nn::Mlp;
using nn::Model;

namespace {

namespace fs = files::fs;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// NaN is NaN, and -0 is not 0.
bool same(double x, double y) { return bits(x) == bits(y) || (x != x && y != y); }
bool same(std::span<const double> x, std::span<const double> y) {
  return std::ranges::equal(x, y, [](double a, double b) { return same(a, b); });
}

std::string error_of_json(const std::string& text, const nn::LoadOptions& options = {}) {
  return error_of([&] { nn::from_json(text, options); });
}

// A bit of everything.
Mlp motley_network() {
  Mlp net(3,
          {{.units = 4,
            .activation = Activation::tanh,
            .bias = Bias::kShared,
            .batch_norm = {.on = true, .epsilon = 1e-3, .momentum = 0.25},
            .dropout = {.keep = 0.8, .inverted = false}},
           {.units = 2, .activation = Activation::leaky_relu, .bias = Bias::kOff},
           {.units = 2, .activation = Activation::named("sin"), .dropout = {.keep = 0.1}}},
          7);
  nn::Random random(3);
  for (double& each : net.statistics()) each = random.uniform(0.5, 2);
  net.parameters()[0].freeze();
  net.parameters()[20].freeze();
  return net;
}

Model motley_model() {
  return {.net = motley_network(),
          .standardiser = nn::Standardiser{{0.1, -2, 1e300}, {1, 3, 1e-300}},
          .inputs = {"length", "width \"cm\"", "tab\t, backslash \\, \xc3\xbc, \x01"},
          .targets = {"species"},
          .classes = {"setosa", "nan"}};
}

}  // namespace

TEST_CASE("save: a network reads back with its architecture") {
  const Model model = nn::from_json(nn::to_json(motley_model()));
  const Mlp expected = motley_network();
  REQUIRE(model.net.inputs() == 3);
  REQUIRE(model.net.layers().size() == 3);
  for (std::size_t l = 0; l < 3; ++l) {
    const nn::LayerSpec &got = model.net.layer(l).spec(), &spec = expected.layer(l).spec();
    CHECK(got.units == spec.units);
    CHECK(got.activation.name() == spec.activation.name());
    CHECK(got.bias == spec.bias);
    CHECK(got.batch_norm.on == spec.batch_norm.on);
    CHECK(got.batch_norm.epsilon == spec.batch_norm.epsilon);
    CHECK(got.batch_norm.momentum == spec.batch_norm.momentum);
    CHECK(got.dropout.keep == spec.dropout.keep);
    CHECK(got.dropout.inverted == spec.dropout.inverted);
  }
  CHECK(same(model.net.parameter_values(), expected.parameter_values()));
  CHECK(same(model.net.statistics(), expected.statistics()));
  for (std::size_t i = 0; i < expected.parameters().size(); ++i) {
    CAPTURE(i);
    CHECK(model.net.parameters()[i].is_frozen() == (i == 0 || i == 20));
  }
}

TEST_CASE("save: the names and the standardisation read back, and are enough to predict") {
  const Model expected = motley_model(), model = nn::from_json(nn::to_json(expected));
  CHECK(model.inputs == expected.inputs);
  CHECK(model.targets == expected.targets);
  CHECK(model.classes == expected.classes);
  REQUIRE(model.standardiser);
  CHECK(same(model.standardiser->mean, expected.standardiser->mean));
  CHECK(same(model.standardiser->deviation, expected.standardiser->deviation));
  CHECK_FALSE(model.optimizer);
  CHECK_FALSE(model.training);

  const Numbers row{0.7, -1.25, 1e300};
  const std::vector<Value> outputs =
      expected.net({(0.7 - 0.1) / 1, (-1.25 - -2) / 3, (1e300 - 1e300) / 1e-300});
  CHECK(same(model.predict(row), Numbers{outputs[0].data(), outputs[1].data()}));
  CHECK(same(model.predict({0.7, -1.25, 1e300}), model.predict(row)));
  CHECK(error_of([&] { model.predict({1, 2}); }).find('3') != std::string::npos);
}

TEST_CASE("save: every number reads back to the same bits") {
  Numbers numbers{0.0,     -0.0,         0.1,          -1.0 / 3,  DBL_MIN,
                  DBL_MAX, -DBL_MAX,     DBL_TRUE_MIN, kInfinity, -kInfinity,
                  kNaN,    0x1p53 + 2.0, 1e22,         1e23,      123456789012345678.0};
  nn::Random random(1);
  while (numbers.size() < 1000) numbers.push_back(std::bit_cast<double>(random.bits()));
  Mlp net(numbers.size(), {{.units = 1, .bias = Bias::kOff}});
  net.set_parameter_values(numbers);
  CHECK(same(nn::from_json(nn::to_json({net})).net.parameter_values(), numbers));
}

TEST_CASE("save: another program reads the file") {
  const Mlp net = motley_network();
  const auto json = nlohmann::json::parse(nn::to_json(motley_model()));
  CHECK(json.at("format") == "autograd.nn");
  CHECK(json.at("version") == 1);
  CHECK(json.at("input_names")[2] == "tab\t, backslash \\, \xc3\xbc, \x01");
  CHECK(json.at("frozen") == nlohmann::json({0, 20}));
  CHECK(json.at("layers")[1].at("weights")[1][3] == net.layer(1).weight(1, 3).data());
  CHECK(json.at("layers")[0].at("biases") == nlohmann::json({net.layer(0).bias(0).data()}));
  CHECK(json.at("layers")[0].at("gammas")[2] == net.layer(0).gamma(2).data());
  CHECK(json.at("layers")[0].at("betas")[2] == net.layer(0).beta(2).data());
  CHECK(json.at("layers")[0].at("running_means")[3] == net.statistics()[3]);
  CHECK(json.at("layers")[0].at("running_variances")[3] == net.statistics()[7]);
}

TEST_CASE("save: a small file, as it looks") {
  Mlp net(2, {{.units = 2, .activation = Activation::tanh, .batch_norm = {.on = true}},
              {.units = 1, .activation = Activation::sigmoid}});
  net.layer(0).set_weights({{0.5, -1}, {kInfinity, 0.1}});
  net.layer(1).set_weights({{kNaN, 3}});
  nn::Optimizer optimizer = nn::Momentum{};
  Numbers weights(net.parameters().size()), gradient(weights.size(), 0.5);
  optimizer.step(weights, gradient);
  golden::check("model.json", nn::to_json({.net = net,
                                           .standardiser = nn::Standardiser{{1, 2}, {3, 4}},
                                           .inputs = {"x", "y"},
                                           .classes = {"no", "yes"},
                                           .optimizer = optimizer}));
}

TEST_CASE("save: an optimizer of each rule goes on as if there had been no interruption") {
  const std::vector<nn::OptimizerRule> rules{
      nn::GradientDescent{0.1, 0.01}, nn::Momentum{.momentum = 0.8},
      nn::Nesterov{.rate = 0.02},     nn::Adagrad{.epsilon = 1e-9},
      nn::RmsProp{.rho = 0.95},       nn::Adam{.beta1 = 0.85, .weight_decay = 0.1},
      nn::AdamW{.beta2 = 0.99}};
  for (const nn::OptimizerRule& rule : rules) {
    Mlp net({2, 3, 1}, Activation::tanh);
    nn::Optimizer optimizer(rule, {.value = 0.75, .norm = kInfinity});
    CAPTURE(optimizer.name());
    Numbers weights = net.parameter_values(), gradient = weights;
    for (int i = 0; i < 3; ++i) optimizer.step(weights, gradient);

    Model model = nn::from_json(nn::to_json({.net = net, .optimizer = optimizer}));
    REQUIRE(model.optimizer);
    CHECK(model.optimizer->name() == optimizer.name());
    CHECK(model.optimizer->clip().value == 0.75);
    CHECK(model.optimizer->clip().norm == kInfinity);
    CHECK(model.optimizer->state() == optimizer.state());
    Numbers same_weights = weights;
    for (int i = 0; i < 3; ++i) {
      optimizer.step(weights, gradient);
      model.optimizer->step(same_weights, gradient);
    }
    CHECK(same(same_weights, weights));
  }
}

TEST_CASE("save: a training goes on from a file as if there had been no interruption") {
  const auto make = [] {
    return Mlp(2, {{.units = 4, .activation = Activation::tanh, .dropout = {.keep = 0.9}}, {1}}, 1);
  };
  const nn::Data data = nn::moons_data(40, 0.1);
  nn::FitOptions options{.epochs = 6, .batch_size = 8, .validation_fraction = 0.25};
  options.early_stopping = nn::EarlyStopping{.patience = 10, .restores_best = false};
  Mlp without = make();
  const nn::TrainingState expected = nn::fit(without, data, options).state;

  Mlp before = make();
  options.epochs = 3;
  const nn::TrainingState half = nn::fit(before, data, options).state;
  Model model = nn::from_json(nn::to_json({.net = before, .training = half}));
  REQUIRE(model.training);
  CHECK(*model.training == half);
  options.epochs = 6;
  const nn::TrainingState state = nn::fit(model.net, data, options, *model.training).state;
  CHECK(state == expected);
  CHECK(same(model.net.parameter_values(), without.parameter_values()));
}

TEST_CASE("save: activations of one's own are known by name alone") {
  const Activation sine("my sine", [](const Value& x) { return sin(x); });
  const Mlp net(1, {{1, sine}});
  const std::string text = nn::to_json({net});

  CHECK(error_of_json(text) ==
        "nn::from_json, line 8, column 21: expected the name of a built-in activation or of one in "
        "LoadOptions::activations, got 'my sine'.");
  const Model model = nn::from_json(text, {.activations = {sine}});
  CHECK(model.net({0.25})[0].data() == net({0.25})[0].data());
  CHECK(model.net({0.25})[0].data() ==
        std::sin(0.25 * net.layer(0).weight(0, 0).data() + net.layer(0).bias(0).data()));

  const Activation other_tanh("tanh", [](const Value& x) { return 2 * tanh(x); });
  CHECK(error_of([&] {
          nn::to_json({Mlp(1, {{1, other_tanh}})});
        }) ==
        "nn::save: expected an activation with a name of its own, got 'tanh', the name of another "
        "one. Give yours another name.");
}

TEST_CASE("save: the built-in activations are all known") {
  for (const std::string_view name : Activation::names()) {
    CAPTURE(name);
    const Model model = nn::from_json(nn::to_json({Mlp(1, {{1, Activation::named(name)}})}));
    CHECK(model.net.layer(0).activation().name() == name);
  }
}

TEST_CASE("save: parts that do not fit are refused before anything is written") {
  const Mlp net({2, 3}, Activation::tanh);
  const auto error = [](const Model& model) { return error_of([&] { nn::to_json(model); }); };
  CHECK(error({.net = net, .standardiser = nn::Standardiser{{1}, {1}}}) ==
        "nn::save: expected means and deviations of 2 inputs to standardise, got 1 and 1.");
  CHECK(error({.net = net, .inputs = {"x"}}) == "nn::save: expected 2 input names, got 1.");
  CHECK(error({.net = net, .classes = {"a", "b"}}) == "nn::save: expected 3 class names, got 2.");
  CHECK(error({.net = net, .targets = {"a", "b"}}) == "nn::save: expected 3 target names, got 2.");
  CHECK(error({.net = net, .targets = {"a", "b", "c"}, .classes = {"d", "e", "f"}}) ==
        "nn::save: expected 1 target name, got 3.");
  nn::Optimizer optimizer = nn::Adam{};
  Numbers weights(5), gradient(5);
  optimizer.step(weights, gradient);
  CHECK(error({.net = net, .optimizer = optimizer}) == "nn::save: expected 9 weights, got 5.");
  nn::TrainingState training{.weights = {1, 2}};
  CHECK(error({.net = net, .training = training}) == "nn::save: expected 9 weights, got 2.");
  CHECK(error({.net = Mlp({2, 1}, Activation::tanh), .classes = {"a", "b"}}) == "");
}

TEST_CASE("save: files appear whole or not at all, and errors have their name") {
  const files::Folder in;
  const fs::path& folder = in.path;
  const fs::path path = folder / "model.json";
  const Mlp net({2, 2, 1}, Activation::tanh);

  nn::save(path, {net});
  CHECK(same(nn::load(path).net.parameter_values(), net.parameter_values()));
  CHECK(files::read(path) == nn::to_json({net}));
  CHECK_THROWS_AS(nn::save(path, {.net = net, .inputs = {"x"}}), Error);
  CHECK(files::read(path) == nn::to_json({net}));
  nn::save(path, {Mlp({1, 1}, Activation::tanh)});
  CHECK(nn::load(path).net.inputs() == 1);
  CHECK(in.files() == 1);

  const fs::path link = folder / "link";
  fs::create_symlink("model.json", link);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  nn::save(link, {net});
  CHECK(fs::is_symlink(link));
  CHECK(files::read(path) == nn::to_json({net}));
  CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));

  const fs::path pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of([&] { nn::save(pipe, {net}); }) ==
        "cannot write '" + pipe.string() + "': expected a regular file, got a device or a pipe.");
  CHECK(fs::is_fifo(pipe));
  CHECK_THROWS_AS(nn::save(folder, {net}), Error);
  CHECK_THROWS_AS(nn::save(folder / "nowhere" / "model.json", {net}), Error);
  CHECK_THROWS_AS(nn::load(folder / "nothing.json"), Error);
  CHECK_THROWS_AS(nn::load(folder), Error);
  CHECK_THROWS_AS(nn::load(path, {.max_bytes = 10}), Error);
  files::write(path, "{\"format\": \"other\"}");
  CHECK(error_of([&] { nn::load(path); }) == "nn::load '" + path.string() +
                                                 "', line 1, column 12: expected 'autograd.nn', "
                                                 "got 'other'.");
}
