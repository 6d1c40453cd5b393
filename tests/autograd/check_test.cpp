// check_gradient(): every verdict, produced on purpose.

#include <cmath>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::check_gradient;
using autograd::CheckedDerivative;
using autograd::custom;
using autograd::GradientReport;
using autograd::Value;
using autograd::Verdict;
using helpers::contains;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// check_gradient() of callables for any number type.
using Callable = generic::OnceDifferentiable;
GradientReport check(const Callable& f, const Numbers& x) { return check_gradient(f, x); }

// x^2 with a derivative that is `factor` times too large.
auto square_off_by(double factor) {
  return custom(
      "square", [](auto x) { return x[0] * x[0]; },
      [factor](auto x) { return 2.0 * factor * x[0]; });
}

}  // namespace

// ---- verdicts ----

TEST_CASE("check_gradient: agrees with what is right, to many digits") {
  const GradientReport report =
      check([](auto x) { return x[0] * sin(x[1]) + exp(x[0] / x[2]); }, {1.5, 0.3, -2});
  CHECK(report.ok());
  CHECK(report.value == doctest::Approx(1.5 * std::sin(0.3) + std::exp(-0.75)));
  REQUIRE(report.inputs.size() == 3);
  for (const CheckedDerivative& each : report.inputs) {
    CHECK(each.verdict == Verdict::kAgrees);
    CHECK(std::abs(each.analytic - each.numerical) <= 1e-9);
    CHECK(each.error < 1e-9);
    CHECK(each.step > 0);
  }
  CHECK(report.inputs[2].name == "x[2]");
  CHECK(report.inputs[2].at == -2);
}

TEST_CASE("check_gradient: agrees over many orders of magnitude") {
  for (const double at : {1e-30, 1e-12, 1e-6, 1e-3, 0.5, 20.0, 1e3, 1e9, 1e100}) {
    CAPTURE(at);
    CHECK(check([](auto x) { return log(x[0]); }, {at}).ok());
    CHECK(check([](auto x) { return sqrt(x[0]); }, {at}).ok());
    CHECK(check([](auto x) { return x[0] * 3.0; }, {at}).ok());
    CHECK(check([](auto x) { return 1.0 / x[0]; }, {-at}).ok());
  }
  for (const double at : {-30.0, -1.0, 0.0, 1.0, 30.0, 300.0}) {
    CAPTURE(at);
    CHECK(check([](auto x) { return exp(x[0]); }, {at}).ok());
    CHECK(check([](auto x) { return sin(100.0 * x[0]); }, {at}).ok());
    CHECK(check([](auto x) { return softplus(x[0]); }, {at}).ok());
  }
}

TEST_CASE("check_gradient: a derivative of 0 agrees") {
  CHECK(check([](auto x) { return x[0] * x[0]; }, {0}).ok());
  CHECK(check([](auto x) { return 1.0 + x[0] * x[0]; }, {0}).ok());
  CHECK(check([](auto x) { return x[0]; }, {1, 2}).ok());
  CHECK(check([](auto x) { return x[0] * 0.0 + 7.0; }, {1}).ok());
  CHECK(check([](auto x) { return floor(x[0]) + step(x[1]); }, {0.3, 0.2}).ok());
  CHECK(check_gradient([](Values) { return Value(); }, Numbers{}).ok());
}

TEST_CASE("check_gradient: at a kink, accepts a slope between those beside it and says so") {
  const GradientReport report = check(
      [](auto x) { return abs(x[0]) + relu(x[1]) + max(x[2], 2.0 * x[2]) + leaky_relu(x[3]); },
      {0, 0, 0, 0});
  CHECK(report.ok());
  for (const CheckedDerivative& each : report.inputs) CHECK(each.verdict == Verdict::kKink);
  CHECK(report.inputs[0].left == doctest::Approx(-1));
  CHECK(report.inputs[0].right == doctest::Approx(1));
  CHECK(contains(report.inputs[0].words, "kink between x[0] - h and x[0] + h"));
  CHECK(contains(report.inputs[0].words, "-1 on the left and 1 on the right"));

  // A kink so near that no step fits between.
  const GradientReport near = check([](auto x) { return relu(x[0] - 1e-10); }, {0});
  CHECK(near.inputs[0].verdict == Verdict::kKink);
  // One that is far enough away is no kink.
  const GradientReport far = check([](auto x) { return relu(x[0] - 1e-3); }, {0});
  CHECK(far.inputs[0].verdict == Verdict::kAgrees);
  // A small kink in a steep function.
  const GradientReport steep =
      check([](auto x) { return 100.0 * exp(x[0]) + 1e-4 * abs(x[0]); }, {0});
  CHECK(steep.inputs[0].verdict == Verdict::kKink);
}

TEST_CASE("check_gradient: at a kink, refuses a slope that is on neither side") {
  const auto f = custom(
      "abs", [](auto x) { return autograd::abs(x[0]); }, [](auto) { return 3.0; });
  const GradientReport report = check_gradient([&](Values x) { return f(x[0]); }, {0});
  CHECK(!report.ok());
  CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(contains(report.inputs[0].words, "kink"));
}

TEST_CASE("check_gradient: at a jump there is nothing to compare with") {
  const GradientReport report = check([](auto x) { return step(x[0]) + floor(x[1]); }, {0, 2});
  CHECK(!report.ok());
  CHECK(report.inputs[0].verdict == Verdict::kJump);
  CHECK(contains(report.inputs[0].words, "f jumps between x[0] - h"));
  CHECK(report.inputs[1].verdict == Verdict::kJump);
  CHECK(contains(report.to_string(), "0 of 2 derivatives are confirmed"));
}

TEST_CASE("check_gradient: is uncertain where the digits of f cancel") {
  const GradientReport report = check([](auto x) { return 1e16 + x[0]; }, {1});
  CHECK(!report.ok());
  CHECK(report.inputs[0].verdict == Verdict::kUncertain);
  CHECK(contains(report.inputs[0].words, "the digits of f cancel"));
  CHECK(report.inputs[0].error > 1);
  // Noise within f that its own size does not show.
  const auto noisy = custom(
      "noisy", [](auto x) { return autograd::sin(x[0]) + 1e-6 * autograd::sin(1e9 * x[0]); },
      [](auto x) { return cos(x[0]); });
  const CheckedDerivative found =
      check_gradient([&](Values x) { return noisy(x[0]); }, {1}).inputs[0];
  CHECK(found.error > std::abs(found.numerical - std::cos(1)) / 4);
  CHECK(found.verdict == Verdict::kAgrees);
}

TEST_CASE("check_gradient: is uncertain about a function that is not one") {
  int calls = 0;
  const auto random = [&](auto x) { return x[0] * (1.0 + 1e-3 * (++calls % 7)); };
  const GradientReport report = check_gradient(random, {1});
  CHECK(report.inputs[0].verdict == Verdict::kUncertain);
  CHECK(contains(report.inputs[0].words, "the same random numbers"));
}

TEST_CASE("check_gradient: is uncertain where f is nowhere finite around x") {
  const auto point = custom(
      "point", [](auto x) { return x[0] == 1.0 ? 1.0 : NAN; }, [](auto) { return 0.0; });
  const GradientReport report = check_gradient([&](Values x) { return point(x[0]); }, {1});
  CHECK(report.inputs[0].verdict == Verdict::kUncertain);
  CHECK(contains(report.inputs[0].words, "f has no finite differences here"));
}

TEST_CASE("check_gradient: at the edge of its domain, takes the side where f is finite") {
  const auto f = [](auto x) { return pow(x[0], 1.5) + 2.0 * x[0]; };
  CHECK(check(f, {1e-8}).ok());
  const auto half_line = [](auto x) { return x[0] + 0.0 * sqrt(x[0]); };
  const GradientReport report = check(half_line, {0});
  CHECK(report.ok());
  CHECK(report.inputs[0].numerical == doctest::Approx(1));
}

TEST_CASE("check_gradient: names the factor by which a derivative is off") {
  const auto verdict = [](double factor, std::size_t inputs) {
    const auto square = square_off_by(factor);
    return check_gradient([&](Values x) { return 0.3 * square(x[0]); }, Numbers(inputs, 1.7))
        .inputs[0];
  };
  struct Row {
    double factor;
    const char* words;
  };
  for (const Row& row : {
           Row{-1, "the derivative is -1 times what it should be: a sign is wrong"},
           Row{2,
               "the derivative is 2 times what it should be: a contribution is counted twice, "
               "or a 1/2 is missing"},
           Row{0.5,
               "the derivative is 1/2 times what it should be: one of two contributions, or a "
               "2, is missing"},
           Row{-2,
               "the derivative is -2 times what it should be: a sign is wrong, and a "
               "contribution is counted twice, or a 1/2 is missing"},
           Row{10,
               "the derivative is 10 times what it should be: a division by 10 is missing, as "
               "in a sum meant as a mean"},
           Row{0.1,
               "the derivative is 1/10 times what it should be: it is divided by 10 once too "
               "often, as in a mean of means"},
       }) {
    const CheckedDerivative found = verdict(row.factor, 1);
    CHECK(found.verdict == Verdict::kWrongFactor);
    CHECK(found.factor == doctest::Approx(row.factor));
    CHECK(found.words == row.words);
  }
  CHECK(verdict(1, 1).verdict == Verdict::kAgrees);
  CHECK(verdict(1.01, 1).verdict == Verdict::kDisagrees);
  CHECK(verdict(2.5, 1).verdict == Verdict::kDisagrees);
  // n is recognised if it is small, or the number of inputs.
  CHECK(verdict(1000, 1).verdict == Verdict::kDisagrees);
  CHECK(verdict(1000, 1000).verdict == Verdict::kWrongFactor);
}

TEST_CASE("check_gradient: finds derivatives that are off by a millionth part, and those missing") {
  const auto square = square_off_by(1 + 1e-5);
  const GradientReport report = check_gradient([&](Values x) { return square(x[0]); }, {1.7});
  CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
  const GradientReport cut = check_gradient([](Values x) { return x[0].data() * x[1]; }, {3, 4});
  CHECK(cut.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(contains(cut.inputs[0].words, "nothing flows back to it, as where data() or detach()"));
  CHECK(cut.inputs[1].verdict == Verdict::kAgrees);
}

TEST_CASE("check_gradient: names the node where what is not finite was born") {
  const GradientReport backward = check([](auto x) { return sqrt(x[0]) + 3.0 * x[1]; }, {0, 1});
  CHECK(!backward.ok());
  CHECK(backward.inputs[0].verdict == Verdict::kNotFinite);
  CHECK(contains(backward.inputs[0].words, "the gradient of operand 1 of sqrt(0)"));
  CHECK(backward.inputs[1].verdict == Verdict::kAgrees);
  CHECK(contains(backward.origin, "Cure: "));

  const GradientReport forward = check([](auto x) { return log(x[0]) * x[1]; }, {-1, 2});
  CHECK(forward.inputs[0].verdict == Verdict::kNotFinite);
  CHECK(forward.inputs[1].verdict == Verdict::kNotFinite);
  CHECK(contains(forward.inputs[1].words, "log(-1) = NaN"));
}

// ---- text ----

TEST_CASE("check_gradient: the report is a table and a sentence for each problem") {
  const auto half = square_off_by(0.5);
  const GradientReport report = check_gradient(
      [&](Values x) { return half(x[0]) + abs(x[1]) + x[2] * x[2] * x[2]; }, {3, 0, 1.5});
  CHECK(!report.ok());
  std::vector<std::string> lines;
  std::istringstream text(report.to_string());
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].starts_with("input  at   derivative  differences  +-"));
  CHECK(lines[1].starts_with("x[0]   3    3           6            "));
  CHECK(lines[2].starts_with("x[1]   0    0           0            "));
  CHECK(lines[3].starts_with("x[2]   1.5  6.75        6.75         "));
  const std::size_t last_column = lines[0].find("verdict");
  CHECK(lines[1].substr(last_column) == "wrong factor");
  CHECK(lines[2].substr(last_column) == "kink");
  CHECK(lines[3].substr(last_column) == "agrees");
  CHECK(lines[4] ==
        "x[0]: the derivative is 1/2 times what it should be: one of two contributions, or a 2, is "
        "missing.");
  CHECK(lines[5] ==
        "x[1]: f has a kink between x[1] - h and x[1] + h, h = 0.0625: its slope is -1 on the left "
        "and 1 on the right, and the derivative lies between them.");
  CHECK(lines[6] == "2 of 3 derivatives are confirmed.");
}

TEST_CASE("check_gradient: a long report shows what is wrong only") {
  const auto opposite = square_off_by(-1);
  const Numbers x(100, 0.5);
  const auto f = [&](Values in) { return sum(in) + opposite(in[77]) - square(in[77]); };
  const std::string text = check_gradient(f, x).to_string();
  CHECK(contains(text, "x[77]"));
  CHECK(!contains(text, "x[76]"));
  CHECK(contains(text, "99 of 100 derivatives are confirmed."));
  const std::string fine = check([](auto in) { return sum(in); }, x).to_string();
  CHECK(fine == "100 of 100 derivatives are confirmed.\n");
}

// ---- models ----

TEST_CASE("check_gradient: of a model made of Values, by its parameters") {
  const Value w(0.5, "w"), b = 0.1, x = 3.0;
  (w * b).backward();
  const double before = w.grad();
  const std::vector<Value> parameters{w, b};
  const GradientReport report = check_gradient([&] { return square(tanh(w * x + b)); }, parameters);
  CHECK(report.ok());
  CHECK(report.inputs[0].name == "w");
  CHECK(report.inputs[1].name == "x[1]");
  // Everything is as it was.
  CHECK(w.data() == 0.5);
  CHECK(b.data() == 0.1);
  CHECK(w.grad() == before);
  CHECK(!x.has_grad());

  Value other = 2.0;
  const GradientReport wrong = check_gradient([&] { return w.detach() * other; }, parameters);
  CHECK(wrong.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(wrong.inputs[1].verdict == Verdict::kAgrees);  // the loss does not depend on it
}

TEST_CASE("check_gradient: puts parameters back when the model throws") {
  const Value w = 0.5;
  int calls = 0;
  const auto model = [&] {
    if (++calls == 4) throw std::runtime_error("fourth call");
    return w * w;
  };
  const std::vector<Value> parameters{w};
  const auto before = autograd::graph_statistics();
  CHECK_THROWS_WITH_AS(check_gradient(model, parameters), "fourth call", std::runtime_error);
  CHECK(w.data() == 0.5);
  CHECK(autograd::graph_statistics().operations == before.operations);
}

TEST_CASE("check_gradient: a parameter that is no leaf is named") {
  const Value w = 0.5;
  const std::vector<Value> parameters{w, w * w}, empty{w, Value()};
  CHECK_THROWS_WITH_AS(check_gradient([&] { return w; }, parameters),
                       "check_gradient(): parameter 1 is the result of 'mul'. Its data must be "
                       "changed, which needs a leaf: a Value made from a number.",
                       autograd::Error);
  CHECK_THROWS_WITH_AS(
      check_gradient([&] { return w; }, empty),
      "check_gradient(): parameter 1 is a Value that was given no number. Its data "
      "must be changed, which needs a leaf: a Value made from a number.",
      autograd::Error);
}

TEST_CASE("check_gradient: a NoGradGuard outside does nothing") {
  const autograd::NoGradGuard guard;
  const Value w = 0.5;
  const std::vector<Value> parameters{w};
  CHECK(check_gradient([&] { return w * w; }, parameters).ok());
  CHECK(check_gradient([](Values x) { return x[0] * x[0]; }, {2}).ok());
}
