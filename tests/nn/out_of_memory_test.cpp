// Memory that runs out anywhere in the networks is an Error, and leaves everything usable.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/failing_allocations.hpp>
#include <tests/support/nn_files.hpp>

using autograd::Value;
using failing_allocations::check_every_allocation;
using nn::Activation;
using nn::Mlp;

namespace {

nn::Table small_table() {
  return {.data = {{{1, 2}, {1, 0}}, {{3, 4}, {0, 1}}},
          .inputs = {"a long name of a column", "another long name of one"},
          .targets = {"what is to be predicted"},
          .classes = {"the first of the classes", "the second of the classes"}};
}

// Made beforehand, as the memory of arguments is the caller's affair.
const std::vector<nn::LayerSpec>& small_layers() {
  static const std::vector<nn::LayerSpec> result{{.units = 2,
                                                  .activation = Activation::tanh,
                                                  .batch_norm = {.on = true},
                                                  .dropout = {.keep = 0.5}},
                                                 {.units = 1, .bias = nn::Bias::kShared}};
  return result;
}

Mlp small_network() { return Mlp(2, small_layers()); }

}  // namespace

TEST_CASE("out of memory: a network is made, evaluated, labelled and cloned, or nothing is") {
  CHECK(check_every_allocation([] { small_network(); }) > 3);
  const std::vector<std::size_t> sizes{2, 3, 1};
  check_every_allocation([&] { Mlp(sizes, Activation::tanh); });
  check_every_allocation([] { nn::Layer(2, 3, Activation::tanh, nn::Bias::kShared); });
  check_every_allocation([] { nn::Neuron(3, Activation::tanh); });
  Mlp net = small_network();
  const std::vector<double> before = net.parameter_values();
  const auto is_as_it_was = [&] { CHECK(net.parameter_values() == before); };
  check_every_allocation([&] { net.clone(); }, is_as_it_was);
  check_every_allocation([&] { net({0.5, 0.25}); }, is_as_it_was);
  check_every_allocation([&] { net.forward({0.5, 0.25}).set_labels(); }, is_as_it_was);
  check_every_allocation([&] { net.weights(); });
  check_every_allocation([&] { nn::summary(net); });
  const std::vector<std::vector<double>> rows{{1, 2}, {3, 4}};
  nn::Random random(0);
  check_every_allocation([&] {
    const std::vector<double> masks = net.draw_masks(rows.size(), random);
    net.forward(rows, {.mode = nn::Mode::kTrain, .masks = masks}).statistics();
  });
}

TEST_CASE("out of memory: CSV") {
  const nn::Table table = small_table();
  const std::string text = nn::to_csv(table);
  check_every_allocation([&] { nn::to_csv(table); });
  CHECK(check_every_allocation([&] { nn::parse_csv(text); }) > 10);
  check_every_allocation(
      [] { nn::parse_csv("a,b,c\n1,2,3\n,4,5\n", {.missing = nn::Missing::kColumnMean}); });
  const files::Folder folder;
  const std::filesystem::path path = folder.path / "table.csv";
  const auto is_whole = [&] {
    CHECK(files::read(path) == text);
    CHECK(folder.files() == 1);
  };
  check_every_allocation([&] { nn::write_csv(path, table); }, is_whole);
  check_every_allocation([&] { nn::read_csv(path); });
}

TEST_CASE("out of memory: saving and loading") {
  Mlp net = small_network();
  nn::FitOptions options{.epochs = 1};
  const nn::TrainingState training = nn::fit(net, nn::moons_data(6), options).state;
  const nn::Model model{.net = net,
                        .standardiser = nn::Standardiser{{1, 2}, {3, 4}},
                        .inputs = {"a long name of a column", "another long name of one"},
                        .optimizer = nn::Adam{},
                        .training = training};
  const std::string text = nn::to_json(model);
  check_every_allocation([&] { nn::to_json(model); });
  CHECK(check_every_allocation([&] { nn::from_json(text); }) > 100);
  const files::Folder folder;
  const std::filesystem::path path = folder.path / "model.json";
  const auto is_whole = [&] {
    CHECK(files::read(path) == text);
    CHECK(folder.files() == 1);
  };
  check_every_allocation([&] { nn::save(path, model); }, is_whole);
  check_every_allocation([&] { nn::load(path); });
  check_every_allocation([&] { nn::to_cpp(net, "function_of_two", model.standardiser); });
}

TEST_CASE("out of memory: training, replayed and eager") {
  const nn::Data data = nn::moons_data(4);
  Mlp net = small_network();
  const std::vector<double> before = net.parameter_values();
  for (const nn::Execution execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    nn::FitOptions options{.optimizer = nn::GradientDescent{0},
                           .epochs = 2,
                           .batch_size = 2,
                           .validation = data,
                           .execution = execution};
    options.early_stopping = nn::EarlyStopping{};
    const auto is_usable = [&] { CHECK(net.parameter_values() == before); };
    CHECK(check_every_allocation([&] { nn::fit(net, data, options); }, is_usable) > 50);
  }
}

TEST_CASE("out of memory: losses, optimizers, schedules and checks") {
  const std::vector<Value> p{0.25, 0.5, 0.125};
  const std::vector<double> t{0, 1, 0};
  check_every_allocation([&] { nn::half_squared_error(p, t); });
  check_every_allocation([&] { nn::mean_huber_error(p, t); });
  check_every_allocation([&] { nn::mean_binary_cross_entropy_of_logits(p, t); });
  check_every_allocation([&] { nn::softmax_cross_entropy(p, t); });
  check_every_allocation([&] { nn::l1_penalty(p, 0.5); });
  check_every_allocation([] { nn::Optimizer(nn::Adam{}).set_rate(0.5); });
  check_every_allocation([] { nn::warm_up(3, nn::cosine_decay(0.1, 10)); });
  check_every_allocation([] { Activation::named("softplus"); });
  std::vector<double> weights(3, 1.0);
  const std::vector<double> gradient(3, 0.0);
  check_every_allocation([&] { nn::Optimizer(nn::Adam{}).step(weights, gradient); },
                         [&] { CHECK(weights == std::vector<double>(3, 1.0)); });
  const nn::Data data = nn::moons_data(4);
  const Mlp net({2, 1}, Activation::tanh);
  check_every_allocation(
      [&] { nn::check_initial_loss(net, data, nn::half_squared_error, 1, 100).to_string(); });
}

TEST_CASE("out of memory: data and measures") {
  check_every_allocation([] { nn::xor_data(); });
  check_every_allocation([] { nn::circle_data(5); });
  check_every_allocation([] { nn::plane_data(3); });
  const nn::Data data = nn::moons_data(6);
  check_every_allocation([&] { nn::split(data, 0.5); });
  check_every_allocation([&] { nn::Standardiser::fit(data).apply(data[0].inputs); });
  const Mlp net({2, 1}, Activation::tanh);
  check_every_allocation([&] { nn::predict(net, data); });
  const std::vector<std::vector<double>> outputs = nn::predict(net, data);
  check_every_allocation([&] { nn::confusion_matrix(outputs, data).to_string(); });
  check_every_allocation([&] { nn::r_squared(outputs, data); });
  check_every_allocation([] { nn::seeds(5); });
}

TEST_CASE("out of memory: drawings") {
  const Value x(2, "a label that is longer than short"), y(3);
  const Value z = sum(std::vector<Value>{x * y, x, exp(y)});
  const std::string text = autograd::to_dot(z);
  check_every_allocation([&] { autograd::to_dot(z); }, [&] { CHECK(autograd::to_dot(z) == text); });
}
