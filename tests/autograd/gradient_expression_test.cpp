// Derivatives as formulas: a list of results that somebody has judged, and that they are right.

#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/custom.hpp>
#include <autograd/expression.hpp>
#include <autograd/gradient_expression.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>

using namespace autograd;

namespace {

struct Case {
  const char *function, *derivative;  // by x
};

// What a teacher would write on the board, or near to it.
const std::vector<Case> kJudged{
    {"3", "0"},
    {"x", "1"},
    {"x + x + x", "3"},
    {"x - x", "0"},
    {"x^3 - 2*x^2 + 5*x - 7", "5 - 4*x + 3*x^2"},
    {"x^2 * x^3", "5*x^4"},
    {"x^2/3", "2*x/3"},
    {"0.1*x^2", "x/5"},
    {"(2*x + 1)^5", "10*(2*x + 1)^4"},
    {"1/x", "-1/x^2"},
    {"1/x^2", "-2/x^3"},
    {"1/(a*x + b)", "-a/(a*x + b)^2"},
    {"x/(1 + x)", "1/(1 + x) - x/(1 + x)^2"},
    {"a/x/a", "-1/x^2"},
    {"sin(x)*cos(x)", "cos(x)^2 - sin(x)^2"},
    {"tan(x)", "1 + tan(x)^2"},
    {"exp(-x^2/2)", "-x*exp(-x^2/2)"},
    {"x*exp(x)", "exp(x) + x*exp(x)"},
    {"log(x^2 + 1)", "2*x/(x^2 + 1)"},
    {"sqrt(x)", "1/(2*sqrt(x))"},
    {"sqrt(x^2 + a)", "x/sqrt(x^2 + a)"},
    {"hypot(x, a)", "x/hypot(x, a)"},
    {"x^a", "a*x^(a - 1)"},
    {"a^x", "a^x*log(a)"},
    {"sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"},
    {"-a*log(sigmoid(x))", "-a*(1 - sigmoid(x))"},
    {"softplus(3*x)", "3*sigmoid(3*x)"},
    {"relu(x)", "step(x)"},
    {"abs(x - 3)", "sign(x - 3)"},
    {"max(x, a)", "x > a ? 1 : x == a ? 1/2 : 0"},
    {"max(x, 0)", "x > 0 ? 1 : 0"},
    {"fmin(x, 2)", "x == 2 ? 0 : fmin(x, 2) == x ? 1 : 0"},
    {"x > 2 ? x^2 : 3*x", "x > 2 ? 2*x : 3"},
    {"-(a*log(x) + (1 - a)*log(1 - x))", "(1 - a)/(1 - x) - a/x"},
    {"h = tanh(a*x + b); (h - b)^2", "h = tanh(a*x + b); 2*a*(h - b)*(1 - h^2)"},
    {"logsumexp([x, a])", "exp(x)/(exp(x) + exp(a))"},
    {"softmax([x, a, b])[1]", "-exp(a + x)/(exp(x) + exp(a) + exp(b))^2"},
    {"norm([x, a])", "x/sqrt(x^2 + a^2)"},
    {"mean([x, a, x])", "2/3"},
    {"dot([x, a], [a, x])", "2*a"},
};

Variables point(double x, double a, double b) {
  return {{"x", Value(x, "x")}, {"a", Value(a, "a")}, {"b", Value(b, "b")}};
}

double derivative_at(const std::string& function, double x, double a, double b) {
  Variables variables = point(x, a, b);
  const Value y = Expression(function).evaluate(variables);
  const Value at = std::get<Value>(variables.at("x"));
  if (!y.is_leaf()) y.backward();
  return y.is_leaf() ? (y.label() == "x" ? 1.0 : 0.0) : at.grad();
}

std::string derivative_of(const std::string& function) {
  Variables variables = point(0.7, 1.3, 0.4);
  const Value y = Expression(function).evaluate(variables);
  return gradient_expression(y, std::get<Value>(variables.at("x"))).to_string();
}

}  // namespace

TEST_CASE("gradient expression: results that somebody has judged, right at random points") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> number(0.1, 0.95);
  for (const Case& each : kJudged) {
    CAPTURE(each.function);
    const std::string text = derivative_of(each.function);
    CHECK(text == each.derivative);
    for (int i = 0; i < 20; ++i) {
      const double x = number(random), a = number(random), b = number(random);
      const double expected = derivative_at(each.function, x, a, b);
      CHECK(Expression(text).evaluate(point(x, a, b)).data() ==
            doctest::Approx(expected).epsilon(1e-9));
    }
  }
}

TEST_CASE(
    "gradient expression: random programs at other points than the one they were recorded at") {
  std::mt19937_64 random(17);
  std::uniform_real_distribution<double> number(-1.5, 1.5);
  const auto& all = operations::calls<Value>();
  int compared = 0;
  for (std::uint64_t i = 0; i < helpers::cases(3000); ++i) {
    const std::uint64_t seed = random();
    const auto program = [&](const std::vector<double>& at, std::vector<Value>& leaves) {
      std::mt19937_64 choices(seed);
      leaves = {Value(at[0], "x"), Value(at[1], "a"), Value(at[2], "b")};
      std::vector<Value> values = leaves;
      for (int k = 0; k < 6; ++k) {
        const Value p = values[choices() % values.size()], q = values[choices() % values.size()];
        values.push_back(all[choices() % all.size()].both(p, q));
      }
      return values.back();
    };
    const std::vector<double> here{number(random), number(random), number(random)};
    const std::vector<double> there{number(random), number(random), number(random)};
    std::vector<Value> leaves, others;
    const Value y = program(here, leaves), z = program(there, others);
    const std::string text = gradient_expression(y, leaves[0]).to_string();
    CAPTURE(text);
    if (helpers::contains(text, "nan") || helpers::contains(text, "inf")) continue;
    z.backward();
    Variables variables{{"x", others[0]}, {"a", others[1]}, {"b", others[2]}};
    const double got = Expression(text).evaluate(variables).data(), expected = others[0].grad();
    // Where an operation between is infinite or NaN, or a step lies near, a simpler form may differ.
    if (!std::isfinite(got) || !std::isfinite(expected) || std::abs(expected) > 1e6) continue;
    CHECK(got == doctest::Approx(expected).epsilon(1e-6));
    ++compared;
  }
  CHECK(compared > static_cast<int>(helpers::cases(3000)) / 3);
}

TEST_CASE("gradient expression: shared parts have names, and a formula is as long as the graph") {
  Variables variables{{"x", Value(0.5, "x")}};
  std::string text = "y0 = x; ";
  for (int i = 1; i <= 28; ++i) {
    const std::string before = "y" + std::to_string(i - 1);
    text += "y" + std::to_string(i) + " = sin(" + before + ")*" + before + " + 1; ";
  }
  const Value y = Expression(text + "y28").evaluate_into(variables);
  const GradientExpression e = gradient_expression(y, std::get<Value>(variables.at("x")));
  CHECK(e.parts.size() < 100);
  CHECK(e.to_string().size() < 10'000);
  y.backward();
  CHECK(Expression(e.to_string()).evaluate({{"x", Value(0.5, "x")}}).data() ==
        doctest::Approx(std::get<Value>(variables.at("x")).grad()).epsilon(1e-9));
  // Doublings are computed: 2^28.
  Value doubled(1.0, "x");
  const Value x = doubled;
  for (int i = 0; i < 28; ++i) doubled = doubled + doubled;
  CHECK(gradient_expression(doubled, x).to_string() == "268435456");
}

TEST_CASE("gradient expression: deep and long graphs without recursion") {
  const auto n = helpers::scaled(100'000, 5'000);
  const Value x(0.5, "x");
  Value chain = x, sum = x;
  for (int i = 0; i < n; ++i) chain = sin(chain);
  CHECK(gradient_expression(chain, x).parts.size() >= static_cast<std::size_t>(n) / 40);
  for (int i = 0; i < n; ++i) sum = sum + x * Value(1.0, "c" + std::to_string(i));
  const GradientExpression e = gradient_expression(sum, x);
  CHECK(e.to_string().size() > static_cast<std::size_t>(n));
}

TEST_CASE(
    "gradient expression: by the result of an operation, and by what the result does not need") {
  Variables v = point(0.7, 1.3, 0.4);
  const Value y = Expression("h = tanh(a*x); h^2 + x").evaluate_into(v);
  CHECK(gradient_expression(y, std::get<Value>(v.at("h"))).to_string() == "2*h");
  CHECK(gradient_expression(y, std::get<Value>(v.at("b"))).to_string() == "0");
  CHECK(gradient_expression(y, Value(1.0)).to_string() == "0");
  CHECK(gradient_expression(y, y).to_string() == "1");
}

TEST_CASE("gradient expression: in LaTeX, and an operation without a formula is an Error") {
  Variables v = point(0.7, 1.3, 0.4);
  const Value x = std::get<Value>(v.at("x"));
  const Value y = Expression("h = tanh(a*x + b); (h - b)^2").evaluate_into(v);
  CHECK(gradient_expression(y, x).to_string(Notation::kLatex) ==
        "h = \\tanh\\left(a \\, x + b\\right) \\\\\n"
        "2 \\, a \\, \\left(h - b\\right) \\, \\left(1 - {h}^{2}\\right)");
  const auto twice = custom(
      "twice", [](std::span<const double> in) { return 2 * in[0]; },
      [](std::span<const double>) { return std::vector<double>{2.0}; });
  const Value own = twice(std::vector<Value>{x});
  CHECK(helpers::contains(helpers::error_of([&] { (void)gradient_expression(own, x); }),
                          "no formula is known for 'twice'"));
}
