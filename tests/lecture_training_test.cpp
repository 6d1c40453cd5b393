// Gradient descent, penalties and starting values of five lectures, number by number.

#include <cmath>
#include <cstddef>
#include <vector>

#include "lecture_cases.hpp"

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
