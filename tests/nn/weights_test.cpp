// Weights of rows and classes, and targets that are standardised.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using Numbers = std::vector<double>;

namespace {

nn::Mlp line() { return nn::Mlp({1, 1}, nn::Activation::identity); }

nn::FitOptions gradient_descent(nn::Execution execution) {
  return {.loss = nn::half_squared_error,
          .optimizer = nn::GradientDescent{.rate = 0.1},
          .epochs = 3,
          .execution = execution};
}

}  // namespace

TEST_CASE("weights: a row of weight 2 counts as two rows, replayed and eagerly") {
  // The mean is over the rows: so many of weight 1 as there are in all.
  const nn::Data twice{{{1}, {2}}, {{3}, {1}}, {{3}, {1}}};
  const nn::Data weighted{{{1}, {2}, 2.0 / 3}, {{3}, {1}, 4.0 / 3}};
  for (const auto execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    nn::Mlp one = line(), other = line();
    const nn::FitResult a = nn::fit(one, twice, gradient_descent(execution));
    const nn::FitResult b = nn::fit(other, weighted, gradient_descent(execution));
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(one.parameters()[i].data() == doctest::Approx(other.parameters()[i].data()));
    CHECK(a.history[2].loss == doctest::Approx(b.history[2].loss));
  }
}

TEST_CASE("weights: of validation rows too, and beside dropout and penalties") {
  const nn::Data rows{{{1}, {2}}, {{3}, {1}}};
  for (const auto execution : {nn::Execution::kReplay, nn::Execution::kEager}) {
    nn::Mlp net = line();
    nn::FitOptions options = gradient_descent(execution);
    options.epochs = 1;
    options.validation = {{{1}, {2}, 0.0}, {{3}, {1}, 2.0}};
    const auto result = nn::fit(net, rows, options);
    const double error = net({3.0})[0].data() - 1;
    CHECK(*result.history[0].validation_loss == doctest::Approx(error * error / 2));
  }
  nn::Mlp net(1, {{8, nn::Activation::tanh, nn::Bias::kPerUnit, {}, {.keep = 0.5}}, {1}});
  nn::FitOptions options = gradient_descent(nn::Execution::kReplay);
  options.penalty = [](const nn::Mlp& each) { return nn::l2_penalty(each, 0.1); };
  CHECK(nn::fit(net, {{{1}, {2}, 3.0}, {{3}, {1}}}, options).history.size() == 3);
}

TEST_CASE("weights: the gradient of a weighted model agrees with differences") {
  const nn::Data rows{{{1}, {2}, 0.5}, {{3}, {1}, 4}};
  CHECK(nn::check_model(line(), rows, nn::half_squared_error).ok());
}

TEST_CASE("weights: of classes, balanced") {
  const nn::Data data{{{0}, {1, 0}}, {{1}, {0, 1}}, {{2}, {1, 0}}, {{3}, {1, 0}}};
  const Numbers weights = nn::balanced_class_weights(data);
  CHECK(weights[0] == doctest::Approx(4.0 / 6));
  CHECK(weights[1] == doctest::Approx(2));
  const nn::Data weighted = nn::with_class_weights(data, weights);
  CHECK(weighted[1].weight == 2);
  double sum = 0;
  for (const nn::Sample& each : weighted) sum += each.weight;
  CHECK(sum == doctest::Approx(4));
  const nn::Data signs{{{0}, {-1}}, {{0}, {-1}}, {{0}, {1}}};
  CHECK(nn::balanced_class_weights(signs) == Numbers{0.75, 1.5});
}

TEST_CASE("weights: those that cannot be one are refused") {
  nn::Mlp net = line();
  const auto error = [&](double weight) {
    return helpers::error_of([&] { nn::fit(net, {{{1}, {2}, weight}}, {}); });
  };
  CHECK(error(-1) == "nn::fit: expected finite weights of at least 0, got -1 in row 0.");
  CHECK(error(std::nan("")) == "nn::fit: expected finite weights of at least 0, got nan in row 0.");
  const nn::Data data{{{0}, {1, 0}}, {{1}, {0, 1}}};
  CHECK(helpers::error_of([&] { (void)nn::with_class_weights(data, {1}); }).find("2 weights") !=
        std::string::npos);
  CHECK(helpers::error_of([&] {
          (void)nn::with_class_weights(data, {1, -1});
        }).find("at least 0") != std::string::npos);
  CHECK(helpers::error_of([&] { (void)nn::balanced_class_weights({}); }).find("one row") !=
        std::string::npos);
}

TEST_CASE("weights: a column of a file") {
  const nn::Cells cells = nn::parse_cells("x,w,y\n1,0.5,3\n2,2,4\n");
  const nn::Table table = nn::Columns::choose(cells, {.weight = "w"}).table(cells);
  CHECK(table.inputs == std::vector<std::string>{"x"});
  CHECK(table.data[0].weight == 0.5);
  CHECK(table.data[1].weight == 2);
}

TEST_CASE("targets standardised: years and consumption, which no network learns as they are") {
  nn::Data data;
  for (int year = 2010; year < 2020; ++year)
    data.push_back({{static_cast<double>(year)}, {52'000.0 + 900 * (year - 2010)}});
  const nn::Standardiser inputs = nn::Standardiser::fit(data);
  const nn::Standardiser targets = nn::Standardiser::fit_targets(data);
  CHECK(targets.mean[0] == doctest::Approx(56'050));
  const nn::FitOptions options{.loss = nn::half_squared_error, .epochs = 500};

  nn::Mlp raw({1, 8, 1}, nn::Activation::tanh), standardised({1, 8, 1}, nn::Activation::tanh);
  const nn::Data scaled = inputs.apply(data);
  nn::fit(raw, scaled, options);
  CHECK(nn::r_squared(nn::predict(raw, scaled), scaled) < 0);

  nn::fit(standardised, targets.apply_to_targets(scaled), options);
  const nn::Model model{
      .net = standardised, .standardiser = inputs, .target_standardiser = targets};
  const nn::Model loaded = nn::from_json(nn::to_json(model));
  std::vector<Numbers> predictions;
  for (const nn::Sample& row : data) {
    predictions.push_back(model.predict(row.inputs));
    CHECK(loaded.predict(row.inputs) == predictions.back());
  }
  CHECK(nn::r_squared(predictions, data) > 0.99);
}

TEST_CASE("saved models know their columns, features, loss and notes") {
  const nn::Cells cells = nn::parse_cells("city,size,age,y\nRome,a10,1,no\nBern,a9,,yes\n");
  const nn::Columns columns =
      nn::Columns::choose(cells, {.one_hot = {"city"},
                                  .ordinal = {"size"},
                                  .missing = nn::Missing::kColumnMean,
                                  .class_targets = nn::ClassTargets::kZeroOne});
  nn::Model model{.net = nn::Mlp({4, 2, 1}, nn::Activation::tanh),
                  .inputs = columns.input_names(),
                  .classes = columns.classes,
                  .columns = columns,
                  .loss = "binary_cross_entropy",
                  .notes = {"100 rows of people.csv"}};
  const nn::Model loaded = nn::from_json(nn::to_json(model));
  REQUIRE(loaded.columns.has_value());
  CHECK(*loaded.columns == columns);
  CHECK(loaded.columns->rows(cells)[1].inputs == Numbers{1, 0, 0, 1});
  CHECK(loaded.loss == model.loss);
  CHECK(loaded.notes == model.notes);

  model.columns->inputs[0].categories.clear();
  CHECK(helpers::error_of([&] { (void)nn::to_json(model); }).find("categories") !=
        std::string::npos);
  std::string text = nn::to_json(loaded);
  text.replace(text.find("ordinal"), 7, "nominal");
  CHECK(helpers::error_of([&] { (void)nn::from_json(text); })
            .find("one of number, one-hot, "
                  "ordinal, got 'nominal'") != std::string::npos);
}

TEST_CASE("saved models compute the features of their inputs") {
  const nn::Model model{.net = nn::Mlp({2, 1}, nn::Activation::identity),
                        .features = {"x1^2", "sin x2"}};
  const nn::Model loaded = nn::from_json(nn::to_json(model));
  const double expected = model.net({9.0, std::sin(2.0)})[0].data();
  CHECK(loaded.predict({3.0, 2.0})[0] == expected);
  const nn::Model wrong{.net = nn::Mlp({2, 1}, nn::Activation::identity), .features = {"x1", "x9"}};
  CHECK(helpers::error_of([&] { (void)nn::to_json(wrong); }).find("'x9'") != std::string::npos);
}
