// Gradient descent, penalties and starting values of five lectures, number by number.

#include <cmath>
#include <cstddef>
#include <vector>

#include <tests/support/lecture_cases.hpp>

using namespace lectures;

TEST_CASE(
    "lectures: 002, gradient descent by batches, single samples and small batches, bit by bit") {
  const Json& example = find_case("002-gd-variants");
  const auto data = example.at("data").get<Matrix>();
  const nn::GradientDescent descent{example.at("eta").get<double>()};
  nn::Layer line(1, 1, nn::Activation::identity);
  line.set_weights({{0}});
  Json got{{"w", Json::array()}, {"b", Json::array()}};

  enum class Reduction { kMean, kSum };
  const auto batch_step = [&](const std::vector<std::size_t>& rows, Reduction reduction) {
    nn::zero_grad(line.parameters());
    Value loss = 0.0;
    for (const std::size_t row : rows)
      loss += nn::half_squared_error(line({data[row][0]}), Numbers{data[row][1]});
    if (reduction == Reduction::kMean) loss /= static_cast<double>(rows.size());
    loss.backward();
    descent.step(line.parameters());
    got["w"].push_back(line.weight(0, 0).data());
    got["b"].push_back(line.bias(0).data());
    return loss.data();
  };
  const auto check_exact = [&](const char* name) {
    const Json& expected = example.at("expected").at(name);
    CHECK(got["w"] == expected.at("w"));
    CHECK(got["b"] == expected.at("b"));
  };

  SUBCASE("mean over the whole batch") {
    const Json& losses = example.at("mean_loss");
    CHECK(batch_step({0, 1, 2, 3}, Reduction::kMean) == losses.at("start").get<double>());
    CHECK(batch_step({0, 1, 2, 3}, Reduction::kMean) == losses.at("after_batch_1").get<double>());
    batch_step({0, 1, 2, 3}, Reduction::kMean);
    check_exact("batch_3_epochs_mean");
    CHECK(is_close(batch_step({0, 1, 2, 3}, Reduction::kMean),
                   losses.at("after_batch_3").get<double>()));
  }
  SUBCASE("sum over the whole batch") {
    batch_step({0, 1, 2, 3}, Reduction::kSum);
    check_exact("batch_1_epoch_sum (003/004 style)");
  }
  SUBCASE("one sample at a time") {
    for (const std::size_t row : {0u, 1u, 2u, 3u}) batch_step({row}, Reduction::kMean);
    check_exact("sgd_1_epoch_given_order");
  }
  SUBCASE("one sample at a time, in another order") {
    for (const std::size_t row : {2u, 0u, 3u, 1u}) batch_step({row}, Reduction::kMean);
    check_exact("sgd_1_epoch_order_3_1_4_2");
  }
  SUBCASE("two samples at a time") {
    batch_step({0, 1}, Reduction::kMean);
    batch_step({2, 3}, Reduction::kMean);
    check_exact("minibatch2_1_epoch_given_order");
  }
}

TEST_CASE("lectures: 004, linear regression down to its optimum") {
  const Json& example = find_case("004-linear-regression");
  const Json& expected = example.at("expected");
  std::vector<Value> parameters{example.at("start").at("m").get<double>(),
                                example.at("start").at("b").get<double>()};
  Value &m = parameters[0], &b = parameters[1];
  const nn::GradientDescent descent{example.at("alpha").get<double>()};
  const auto error = [&] {
    std::vector<Value> predictions;
    Numbers targets;
    for (const auto& point : example.at("data").get<Matrix>()) {
      predictions.push_back(m * point[0] + b);
      targets.push_back(point[1]);
    }
    nn::zero_grad(parameters);
    Value j = nn::squared_error(predictions, targets);
    j.backward();
    return j.data();
  };

  const double first = error();
  Json got{
      {"J", first}, {"dJ_dm", m.grad()}, {"dJ_db", b.grad()}, {"optimum", expected.at("optimum")}};
  for (const Json& step : expected.at("steps")) {
    descent.step(parameters);
    const double j = error();
    got["steps"].push_back(
        {{"m", m.data()}, {"b", b.data()}, {"J", j}, {"exact", step.at("exact")}});
  }
  check_all(got, expected, "004-linear-regression");

  double j = 0;
  for (int i = 0; i < 5000; ++i) {
    descent.step(parameters);
    j = error();
  }
  CHECK(m.data() == doctest::Approx(expected.at("optimum").at("m").get<double>()).epsilon(1e-9));
  CHECK(std::abs(b.data()) < 1e-9);
  CHECK(j == doctest::Approx(expected.at("optimum").at("J").get<double>()));
}

TEST_CASE("lectures: 002, penalties on the weights") {
  const Json& example = find_case("002-l1-l2");
  const auto numbers = example.at("weights").get<Numbers>();
  const double lambda = example.at("lam");
  const auto check = [&](const char* name, auto term, double factor) {
    const std::vector<Value> weights(numbers.begin(), numbers.end());
    Value sum = 0.0;
    for (const Value& w : weights) sum += term(w);
    Value penalty = factor * sum;
    penalty.backward();
    check_all({{"value", penalty.data()}, {"grad", grad_of(weights)}},
              example.at("expected").at(name), name);
  };
  check(
      "l2_half", [](const Value& w) { return square(w); }, lambda / 2);
  check(
      "l2_full", [](const Value& w) { return square(w); }, lambda);
  check(
      "l1", [](const Value& w) { return abs(w); }, lambda);
}

TEST_CASE("lectures: 002, the ranges of Xavier and He") {
  for (const Json& row : find_case("002-xavier-he").at("expected")) {
    const std::size_t fan_in = row.at("fan_in"), fan_out = row.at("fan_out");
    const auto check = [&](const char* name, const nn::Initialiser& draw, auto standard) {
      CAPTURE(name);
      nn::Random random(1), same(1);
      const double w = draw(fan_in, fan_out, random);
      CHECK(is_close(w, row.at(name).get<double>() * standard(same)));
    };
    const auto uniform = [](nn::Random& random) { return random.uniform(-1, 1); };
    const auto normal = [](nn::Random& random) { return random.normal(); };
    check("xavier_uniform_limit", nn::xavier_uniform(), uniform);
    check("xavier_normal_std", nn::xavier_normal(), normal);
    check("he_uniform_limit", nn::he_uniform(), uniform);
    check("he_normal_std", nn::he_normal(), normal);
  }
}

TEST_CASE("lectures: 002, small batches and single samples again, by fit()") {
  const Json& example = find_case("002-gd-variants");
  nn::Data data;
  for (const auto& row : example.at("data").get<Matrix>()) data.push_back({{row[0]}, {row[1]}});
  const auto check = [&](const char* name, std::size_t batch_size, nn::Execution execution) {
    CAPTURE(name);
    nn::Mlp line({1, 1}, nn::Activation::identity);
    line.layer(0).set_weights({{0}});
    nn::Trainer trainer(line, data,
                        {.loss = nn::half_squared_error,
                         .optimizer = nn::GradientDescent{example.at("eta").get<double>()},
                         .epochs = 3,
                         .batch_size = batch_size,
                         .shuffle = false,
                         .execution = execution});
    const Json& expected = example.at("expected").at(name);
    for (std::size_t i = 0; i < expected.at("w").size(); ++i) {
      trainer.step();
      CHECK(is_close(trainer.weights()[0], expected.at("w")[i].get<double>()));
      CHECK(is_close(trainer.weights()[1], expected.at("b")[i].get<double>()));
    }
  };
  for (const nn::Execution execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    check("batch_3_epochs_mean", 0, execution);
    check("sgd_1_epoch_given_order", 1, execution);
    check("minibatch2_1_epoch_given_order", 2, execution);
  }
}

TEST_CASE("lectures: 002, early stopping after `patience` epochs without improvement") {
  const Json& example = find_case("002-early-stopping");
  const Json& expected = example.at("expected");
  nn::EarlyStopping stopping{.patience = example.at("patience").get<std::size_t>()};
  std::size_t stopped = 0;
  for (const Json& loss : example.at("val_losses")) {
    stopping.improves(loss.get<double>());
    if (stopping.should_stop()) break;
    ++stopped;
  }
  CHECK(stopped == expected.at("stopped_after_epoch_index").get<std::size_t>());
  CHECK(stopping.state.best_epoch == expected.at("best_epoch_index").get<std::size_t>());
  CHECK(stopping.state.best == expected.at("best").get<double>());
}

TEST_CASE("lectures: 002, an ensemble answers with the mean of its members") {
  const Json& example = find_case("002-ensemble");
  const auto members = example.at("member_outputs").get<Matrix>();
  const Numbers mean = nn::mean_of_members(members);
  check_all({{"mean", mean}}, example.at("expected"), "002-ensemble");
  // Jensen: whatever the target is, the mean is no further from it than the members on average.
  for (const double t : {0.0, 0.3, 1.0}) {
    double of_members = 0;
    for (const Numbers& each : members)
      of_members += (each[0] - t) * (each[0] - t) / static_cast<double>(members.size());
    CHECK((mean[0] - t) * (mean[0] - t) <= of_members);
  }
}

TEST_CASE("lectures: 004, the circle of the Playground is learned by 2-4-2-1 from every seed") {
  // Data, network, rate, batches and loss are those that the file names; in its own experiments 5
  // of 5 seeds have all of 200 rows right after 300 epochs, with a loss of 0.0034 at most.
  REQUIRE(find_case("004-playground-circle").at("type") == "dataset");
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CAPTURE(seed);
    const nn::Data data = nn::circle_data(200, 0, seed);
    nn::Mlp net({2, 4, 2, 1}, nn::Activation::tanh, nn::Activation::tanh, seed);
    nn::fit(net, data,
            {.loss = nn::half_squared_error,
             .optimizer = nn::GradientDescent{0.03},
             .epochs = 300,
             .batch_size = 10,
             .seed = seed});
    const auto outputs = nn::predict(net, data);
    CHECK(nn::accuracy(outputs, data) == 1);
    CHECK(nn::mean_loss(outputs, data, nn::half_squared_error) < 0.01);
  }
}
