// The code of the guides to networks: it compiles, runs and does what they say.

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/nn_files.hpp>

using autograd::Value;

TEST_CASE("guides: their code is the code of this file") {
  for (const char* guide : {"coming-from", "data", "saving", "training"}) {
    documents::check_code_is_tested(std::string("nn/guide/") + guide + ".md",
                                    "tests/nn/guide_test.cpp");
  }
}

// ---- training.md ----

TEST_CASE("guides: the loop by hand and fit() learn exclusive or") {
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::tanh);
  for (int epoch = 0; epoch < 2000; ++epoch) {
    nn::zero_grad(net.parameters());
    for (const auto& [inputs, targets] : nn::xor_data())
      nn::half_squared_error(net(inputs), targets).backward();
    nn::GradientDescent{0.3}.step(net.parameters());
  }

  nn::Mlp fitted({2, 4, 1}, nn::Activation::tanh, nn::Activation::tanh);
  nn::fit(fitted, nn::xor_data(), {.optimizer = nn::GradientDescent{4 * 0.3}, .epochs = 2000});

  for (const nn::Sample& row : nn::xor_data()) {
    CHECK(std::abs(net(row.inputs)[0].data() - row.targets[0]) < 0.1);
    CHECK(std::abs(fitted(row.inputs)[0].data() - row.targets[0]) < 0.1);
  }
}

TEST_CASE("guides: options of fit()") {
  const nn::Data data = nn::circle_data(100);
  nn::Mlp net({2, 8, 1}, nn::Activation::tanh);
  const nn::FitResult result = nn::fit(net, data,
                                       {.loss = nn::half_squared_error,
                                        .optimizer = nn::Adam{.rate = 0.02},
                                        .schedule = nn::cosine_decay(0.02, 40),
                                        .epochs = 40,
                                        .batch_size = 10,
                                        .validation_fraction = 0.2,
                                        .early_stopping = nn::EarlyStopping{.patience = 5},
                                        .seed = 7});
  const nn::Epoch& last = result.history.back();
  std::cout.setstate(std::ios::failbit);
  std::cout << last.loss << ' ' << *last.validation_loss << ' ' << to_string(result.stop) << '\n';
  std::cout.clear();
  CHECK(last.loss < 0.3);
}

TEST_CASE("guides: one step of one weight") {
  nn::Mlp net({2, 2, 1}, nn::Activation::tanh);
  nn::Optimizer optimizer = nn::Momentum{.rate = 0.5};
  const nn::StepExplanation step =
      nn::explain_step(net, nn::xor_data(), "w1[1,0]", {.optimizer = optimizer});
  const std::string why = step.text();
  CHECK(why.starts_with("w1[1,0] goes from "));
}

TEST_CASE("guides: pictures of a training, and a page") {
  const drawings::Directory directory("nn-guide");
  const std::filesystem::path folder = directory.path;
  const nn::Data rows = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  nn::WeightRecorder weights(net);
  const nn::FitResult drawn = nn::fit(net, rows, {.epochs = 20, .callbacks = {std::ref(weights)}});
  loss_chart(drawn.history).save(folder / "loss.svg");
  weights.chart().save(folder / "weights.svg");        // the parameters that moved most
  decision_chart(net, rows).save(folder / "map.svg");  // two inputs, one output
  const nn::NetworkDrawing opened{.row = rows[0].inputs,
                                  .opened = nn::UnitPlace{.layer = 0, .unit = 1}};
  draw_network(net, opened).save(folder / "net.svg");
  write_page(net, rows, folder / "net.html");
  CHECK(directory.files().size() == 5);
}

TEST_CASE("guides: eager execution for what a trace cannot follow") {
  const nn::Data data = nn::circle_data(40);
  const nn::Activation kinked("kinked", [](const Value& x) { return x > 0 ? x * x : -x; });
  nn::Mlp net({2, 4, 1}, kinked);
  CHECK_THROWS_AS(nn::fit(net, data, {.epochs = 2}), autograd::Error);
  nn::fit(net, data, {.epochs = 2, .execution = nn::Execution::kEager});

  const nn::Activation chosen("kinked", [](const Value& x) { return select(gt(x, 0), x * x, -x); });
  nn::Mlp same({2, 4, 1}, chosen);
  nn::fit(same, data, {.epochs = 2});
}

TEST_CASE("guides: callbacks see every epoch and may end the training") {
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  std::ostringstream terminal;
  nn::ProgressBar bar(terminal, /*is_terminal=*/true);
  const auto is_not_enough = [](const nn::Epoch& epoch) { return epoch.loss > 0.3; };
  const nn::FitResult result =
      nn::fit(net, nn::circle_data(), {.epochs = 500, .callbacks = {std::ref(bar), is_not_enough}});
  CHECK(result.stop == nn::Stop::kCallback);
}

TEST_CASE("guides: step by step") {
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  nn::Trainer trainer(net, nn::circle_data(), {.epochs = 3, .batch_size = 50});
  while (trainer.step()) {
    if (trainer.loss() > 100) break;
  }
  trainer.write_back();
  CHECK(trainer.history().size() == 3);
}

TEST_CASE("guides: a loss, an activation and a penalty of one's own") {
  const auto log_cosh = [](std::span<const Value> outputs, auto targets) {
    return log(cosh(outputs[0] - targets[0]));
  };
  const nn::Activation sine("sine", [](const Value& x) { return sin(x); });
  nn::Mlp net({2, 4, 1}, sine);
  const auto penalty = [](const nn::Mlp& each) { return nn::l2_penalty(each, 1e-3); };
  nn::fit(net, nn::circle_data(50), {.loss = log_cosh, .penalty = penalty, .epochs = 5});
}

TEST_CASE("guides: several seeds") {
  const nn::Data data = nn::xor_data();
  const nn::FitOptions options{.optimizer = nn::GradientDescent{1.2}, .epochs = 500};
  const auto make_network = [](std::uint64_t seed) {
    return nn::Mlp({2, 4, 1}, nn::Activation::tanh, nn::Activation::tanh, seed);
  };
  const auto is_good = [&](const nn::Mlp& net) {
    return nn::accuracy(nn::predict(net, data), data) == 1;
  };
  const nn::SeedRuns runs = nn::fit_seeds(make_network, data, options, nn::seeds(3), is_good);
  const std::string report = runs.to_string();  // "3 of 3 seeds succeeded"
  const auto mean_outputs = nn::predict(runs.nets(), data);
  CHECK(report.starts_with("3 of 3"));
  CHECK(mean_outputs.size() == 4);
}

// ---- data.md ----

TEST_CASE("guides: from a file to predictions") {
  const files::Folder folder;
  const std::filesystem::path path = folder.path / "flowers.csv";
  nn::write_csv(path, nn::iris_table());

  const nn::Table table = nn::read_csv(path);  // the last column is the species
  const nn::Split rows = nn::split(table.data, 0.8);
  const nn::Standardiser standardiser = nn::Standardiser::fit(rows.train);
  const nn::Data train = standardiser.apply(rows.train), test = standardiser.apply(rows.test);
  nn::Mlp net({4, 8, 3}, nn::Activation::tanh);
  nn::fit(net, train, {.loss = nn::softmax_cross_entropy, .epochs = 60, .batch_size = 15});
  const nn::ConfusionMatrix matrix =
      nn::confusion_matrix(nn::predict(net, test), test, table.classes);
  CHECK(matrix.accuracy() > 0.8);

  const std::filesystem::path model_path = folder.path / "flowers.json";
  nn::save(model_path, {.net = net, .standardiser = standardiser, .classes = table.classes});
  const nn::Model model = nn::load(model_path);
  const std::vector<double> logits = model.predict({5.1, 3.5, 1.4, 0.2});  // standardises first
  CHECK(logits.size() == 3);

  // Equal bits, not nearly equal numbers: of the first flower as of all others.
  CHECK(model.predict(rows.test[0].inputs) == nn::predict(net, test)[0]);
}

TEST_CASE("guides: options of CSV files") {
  const std::string text =
      "age;income;city;bought\n"
      "31;;1;yes\n"
      "45;52000;2;no\n"
      "27;38000;1;no\n";
  const nn::Table table = nn::parse_csv(
      text, {.separator = ';', .targets = {"bought"}, .missing = nn::Missing::kColumnMean});
  CHECK(table.inputs == std::vector<std::string>{"age", "income", "city"});
  CHECK(table.classes == std::vector<std::string>{"no", "yes"});
  CHECK(table.data[0].inputs == std::vector<double>{31, 45000, 1});
  CHECK(table.data[0].targets == std::vector<double>{0, 1});  // one-hot: yes
}

TEST_CASE("guides: data as people have it") {
  const std::string people =
      "survived,name,sex,age\n"
      "0,\"Braund, Mr. Owen\",male,22\n"
      "1,\"Cumings, Mrs. John\",female,38\n"
      "0,\"Moran, Mr. James\",male,\n";
  const nn::Cells cells = nn::parse_cells(people);
  const nn::Columns columns = nn::Columns::choose(cells, {.targets = {"survived"},
                                                          .dropped = {"name"},
                                                          .one_hot = {"sex"},
                                                          .missing = nn::Missing::kColumnMean,
                                                          .numbers_are_classes = true});
  const nn::Table passengers = columns.table(cells);
  CHECK(passengers.inputs == std::vector<std::string>{"sex=female", "sex=male", "age"});
  CHECK(passengers.data[2].inputs == std::vector<double>{0, 1, 30});  // the mean of 22 and 38
}

TEST_CASE("guides: targets that are standardised") {
  nn::Data prices;
  for (int i = 0; i <= 10; ++i) prices.push_back({{i / 10.0}, {20'000.0 + 1'000 * i}});
  const nn::Standardiser euros = nn::Standardiser::fit_targets(prices);
  nn::Mlp pricing({1, 4, 1}, nn::Activation::tanh);
  nn::fit(pricing, euros.apply_to_targets(prices), {.epochs = 500});
  const nn::Model in_euros{.net = pricing, .target_standardiser = euros};
  CHECK(in_euros.predict({0.5})[0] == doctest::Approx(25'000).epsilon(0.05));
}

TEST_CASE("guides: data that are made in the program") {
  nn::Random random(1);
  nn::Data data;
  for (int i = 0; i < 80; ++i) {
    const double x = random.uniform(-3, 3);
    data.push_back({.inputs = {x}, .targets = {std::sin(x) + random.normal(0, 0.1)}});
  }
  CHECK(data.size() == 80);

  const nn::Feature squared{"x^2", [](std::span<const double> x) { return x[0] * x[0]; }};
  const nn::Data squares = nn::apply_features({squared}, data);
  CHECK(squares[3].inputs[0] == data[3].inputs[0] * data[3].inputs[0]);
}

// ---- saving.md ----

TEST_CASE("guides: a training that is interrupted goes on to the same bits") {
  const files::Folder folder;
  const std::filesystem::path path = folder.path / "half.json";
  const nn::Data data = nn::circle_data(50);
  nn::Mlp whole({2, 4, 1}, nn::Activation::tanh);
  nn::fit(whole, data, {.epochs = 20});

  nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  const nn::FitResult half = nn::fit(net, data, {.epochs = 10});
  nn::save(path, {.net = net, .training = half.state});

  nn::Model model = nn::load(path);
  nn::fit(model.net, data, {.epochs = 20}, *model.training);
  CHECK(model.net.parameter_values() == whole.parameter_values());
}

TEST_CASE("guides: an activation of one's own is given to load()") {
  const nn::Activation sine("sine", [](const Value& x) { return sin(x); });
  const std::string text = nn::to_json({.net = nn::Mlp({2, 4, 1}, sine)});
  const nn::Model model = nn::from_json(text, {.activations = {sine}});
  CHECK(model.net.layer(0).activation().name() == "sine");
}

TEST_CASE("guides: a network becomes a C++ header") {
  const nn::Mlp net({2, 4, 1}, nn::Activation::tanh);
  const std::string header = nn::to_cpp(net, "classify");
  CHECK(header.find("inline std::array<double, 1> classify(const std::array<double, 2>& x)") !=
        std::string::npos);
}

// ---- coming-from.md ----

TEST_CASE("guides: a training as in PyTorch") {
  const nn::Data data = nn::circle_data(20);
  nn::Mlp net({2, 8, 1}, nn::Activation::relu);
  nn::Optimizer optimizer = nn::Adam{.rate = 0.01};
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (const nn::Sample& row : data) {
      nn::zero_grad(net.parameters());
      const Value loss = nn::squared_error(net(row.inputs), row.targets);
      loss.backward();
      optimizer.step(net.parameters());
    }
  }
  CHECK(optimizer.state().steps == 60);
}

TEST_CASE("guides: a network as in Keras") {
  const nn::Mlp net(4, {{.units = 16,
                         .activation = nn::Activation::relu,
                         .batch_norm = {.on = true},
                         .dropout = {.keep = 0.8}},
                        {.units = 3}});
  CHECK(nn::summary(net).find("batch norm") != std::string::npos);
}
