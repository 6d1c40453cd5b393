// Expressions as text: what they mean.

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/expression.hpp>
#include <autograd/ranges.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>

using namespace autograd;

namespace {

double number(const std::string& text, const Variables& variables = {}) {
  return Expression(text).evaluate(variables).data();
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("expression: arithmetic binds as in books") {
  CHECK(number("1 + 2 * 3") == 7);
  CHECK(number("(1 + 2) * 3") == 9);
  CHECK(number("7 - 4 - 2") == 1);
  CHECK(number("16 / 4 / 2") == 2);
  CHECK(number("2^3^2") == 512);
  CHECK(number("2**3**2") == 512);
  CHECK(number("-2^2") == -4);
  CHECK(number("(-2)^2") == 4);
  CHECK(number("2^-1") == 0.5);
  CHECK(number("2^-2^2") == 0.0625);
  CHECK(number("-2 * -3") == 6);
  CHECK(number("2 * -3 + 10") == 4);
  CHECK(number("2^-1 * 8") == 4);
  CHECK(number("- - 3") == 3);
  CHECK(number("+3 - +4") == -1);
  CHECK(number("5 - -2") == 7);
}

TEST_CASE("expression: comparisons are 1 or 0, and a choice is one side") {
  CHECK(number("2 < 3") == 1);
  CHECK(number("3 <= 2") == 0);
  CHECK(number("1 + 1 == 2") == 1);
  CHECK(number("2 != 2") == 0);
  CHECK(number("2 > 1 == 1") == 1);  // (2 > 1) == 1
  CHECK(number("(1 < 2) * (2 < 3)") == 1);
  CHECK(number("1 < 2 ? 10 : 20") == 10);
  CHECK(number("2 < 1 ? 10 : 20") == 20);
  CHECK(number("0 ? 1 : 0 ? 2 : 3") == 3);
  CHECK(number("1 ? 0 ? 1 : 2 : 3") == 2);
  CHECK(number("1 + (0 ? 1 : 2) * 3") == 7);
  CHECK(number("1 ? -2 : 3") == -2);
}

TEST_CASE("expression: the side not taken receives nothing") {
  const Value x(0.0, "x");
  const Value y = Expression("x > 0 ? sqrt(x) : 2 * x").evaluate({{"x", x}});
  y.backward();
  CHECK(y.data() == 0);
  CHECK(x.grad() == 2);
}

TEST_CASE("expression: numbers are decimal or hexadecimal, never octal") {
  CHECK(number("0.1") == 0.1);
  CHECK(number(".5") == 0.5);
  CHECK(number("5.") == 5);
  CHECK(number("1e-3") == 0.001);
  CHECK(number("1E+3") == 1000);
  CHECK(number("010") == 10);
  CHECK(number("0x1f") == 31);
  CHECK(number("0x1.8p3") == 12);
  CHECK(number("0X.8") == 0.5);
  CHECK(number("0x1e2") == 482);
  CHECK(number("5e-324") == 5e-324);
  CHECK(number("1.7976931348623157e308") == 1.7976931348623157e308);
}

TEST_CASE("expression: pi and e are constants") {
  CHECK(number("pi") == 3.141592653589793);
  CHECK(number("e") == 2.718281828459045);
  CHECK(number("log(e)") == 1);
  CHECK(number("pie = 3; pie") == 3);
}

TEST_CASE("expression: comments and blank lines are left out") {
  CHECK(number("# the weight\nw = 2;  // two\n\n w * 3 # six") == 6);
  CHECK(number("1 + // one\n 2") == 3);
  CHECK(number(";; 1; 2 ;;") == 2);
}

TEST_CASE("expression: a neuron and its squared error give the gradient") {
  const Value w(0.5, "w"), x(2.0, "x"), b(-0.25, "b"), t(1.0, "t");
  const Expression text("h = tanh(w*x + b); (h - t)^2");
  CHECK(text.variables() == Names{"w", "x", "b", "t"});
  const Value loss = text.evaluate({{"w", w}, {"x", x}, {"b", b}, {"t", t}});
  loss.backward();
  const double h = std::tanh(0.75);
  CHECK(loss.data() == doctest::Approx((h - 1) * (h - 1)).epsilon(1e-15));
  CHECK(w.grad() == doctest::Approx(2 * (h - 1) * (1 - h * h) * 2).epsilon(1e-14));
}

TEST_CASE("expression: names label what they are given to, and are given back") {
  const Value x(3.0, "x");
  Variables variables{{"x", x}};
  const Value y = Expression("w = -2; b = 2 * 2; net = w * x + b; alias = net; old = x; 1 / alias")
                      .evaluate_into(variables);
  CHECK(y.data() == -0.5);
  y.backward();
  const Value w = std::get<Value>(variables.at("w"));
  CHECK(w.label() == "w");
  CHECK(w.grad() == -0.75);
  CHECK(std::get<Value>(variables.at("b")).data() == 4);
  CHECK(std::get<Value>(variables.at("net")).label() == "net");
  CHECK(std::get<Value>(variables.at("alias")).label() == "net");
  CHECK(x.label() == "x");
  CHECK(Expression("h = 2; h = h + 1; h * h").evaluate().data() == 9);
  CHECK(Expression("h = h + 1; h").variables() == Names{"h"});
}

TEST_CASE("expression: an assignment is a result too") { CHECK(number("x = 2; y = x * 3") == 6); }

TEST_CASE("expression: vectors go into sum, mean, dot, norm, softmax, and element by element") {
  CHECK(number("sum([1, 2, 3])") == 6);
  CHECK(number("mean([1, 2, 6])") == 3);
  CHECK(number("norm([3, 4])") == 5);
  CHECK(number("dot([1, 2], [3, 4])") == 11);
  CHECK(number("dot([1, 2], [3, 4], 5)") == 16);
  CHECK(number("logsumexp([0, 0])") == doctest::Approx(std::log(2.0)));
  CHECK(number("softmax([1, 1, 1, 1])[2]") == 0.25);
  CHECK(number("v = [1, 2, 3]; w = 2 * v - 1; w[2]") == 5);
  CHECK(number("sum(([1, 2] - [3, 5])^2)") == 13);
  CHECK(number("sum([1, -1] > 0 ? [10, 20] : 5)") == 15);
  CHECK(number("max([1, 5], [3, 2])[1]") == 5);
  CHECK(number("[1, sum([2, 3])][1]") == 5);

  const std::vector<Value> w = leaves({1, 2});
  Expression("dot(w, [3, 4])").evaluate({{"w", w}}).backward();
  CHECK(w[1].grad() == 4);

  Variables variables;
  Expression("p = [1, 2]; sum(p * p)").evaluate_into(variables).backward();
  const auto p = std::get<std::vector<Value>>(variables.at("p"));
  CHECK(p[1].label() == "p[1]");
  CHECK(p[1].grad() == 4);
}

TEST_CASE("expression: every operation is there by its name, with its value and derivatives") {
  for (const operations::Operation& each : operations::all()) {
    const std::string name = each.name();
    CAPTURE(name);
    // In the domain of all: the second operand of logdiffexp is below the first, and the first of
    // polygamma is an order, to which there is no derivative.
    const double x = each.arity() == 2 ? 2 : each.domain[0].low == 1 ? 1.5 : 0.4, y = 1.25;
    const Value a(x, "x"), b(y, "y");
    const Value other = each.on_values.both(a, b);
    if (each.arity() == 1) {
      const Value result = Expression(name + "(x)").evaluate({{"x", a}});
      CHECK(result.op() == name);
      CHECK(result.data() == other.data());
      CHECK(result.local_derivatives() == other.local_derivatives());
      CHECK(number(name + (x == 1.5 ? "(1.5)" : "(0.4)")) == other.data());
    } else {
      const Value result = Expression(name + "(x, y)").evaluate({{"x", a}, {"y", b}});
      CHECK(result.op() == name);
      CHECK(result.local_derivatives()[1] == other.local_derivatives()[1]);
      if (name != "polygamma") CHECK(result.local_derivatives()[0] == other.local_derivatives()[0]);
      CHECK(number(name + "(x, 1.25)", {{"x", a}}) == other.data());
      CHECK(number(name + "(2, y)", {{"y", b}}) == other.data());
      CHECK(number(name + "(2, 1.25)") == other.data());
    }
  }
  CHECK(number("leaky_relu(-2)") == -0.02);
  CHECK(number("leaky_relu(-2, 0.5)") == -1);
  CHECK(number("elu(-1)") == std::expm1(-1.0));
  CHECK(number("select(1, 2, 3)") == 2);
}

TEST_CASE("expression: Functions of named parameters and inputs") {
  const Expression text("scale = 2; h = x > t ? w * x : b; scale * h + 0 * t");
  const Names parameters{"w", "b"}, inputs{"x", "t"};
  const Function f = text.function(parameters, inputs);
  CHECK(f.parameters() == 2);
  const std::vector<double> rows{3, 1, 0.5, 1};
  const auto values = f.values({5.0, 7.0}, Rows(rows, 2));
  CHECK(values(0, 0) == 30);
  CHECK(values(1, 0) == 14);
  CHECK(f.gradient({5.0, 7.0}, {3.0, 1.0}).parameters == std::vector<double>{6, 0});
  CHECK(helpers::contains(helpers::error_of([&] { (void)text.function(Names{"w"}, inputs); }),
                          "unknown name 'b'"));
  CHECK(helpers::contains(helpers::error_of([&] {
                            (void)text.function(Names{"w", "b"}, Names{"x", "w", "t"});
                          }),
                          "'w' is given twice"));
}

TEST_CASE("expression: a million brackets, signs and terms take no recursion") {
  const auto n = static_cast<std::size_t>(helpers::scaled(1'000'000, 20'000));
  CHECK(number(std::string(n, '(') + "2" + std::string(n, ')')) == 2);
  CHECK(number(std::string(n, '-') + "2") == 2);
  const auto repeated = [&](std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  const Value a(1.0, "a");
  const Value sum = Expression(repeated("a+", n) + "a").evaluate({{"a", a}});
  CHECK(sum.data() == static_cast<double>(n + 1));
  sum.backward();
  CHECK(a.grad() == static_cast<double>(n + 1));
  CHECK(number(repeated("1^", n) + "1") == 1);
  CHECK(number(repeated("0?1:", n) + "7") == 7);
  CHECK(number(repeated("sin(", n / 10) + "0" + std::string(n / 10, ')')) == 0);
  const auto tenth = n / 10;
  const auto expected = static_cast<double>(tenth + 1);
  CHECK(number("x = 1;" + repeated("x = x + 1;", tenth) + "x") == expected);
  CHECK(number("sum([" + repeated("1,", tenth) + "1])") == expected);
  CHECK_THROWS_AS(Expression(std::string(n, '(')), Error);
  CHECK_THROWS_AS(Expression(std::string(n, '[') + "1"), Error);
}

TEST_CASE("expression: the guide's code is in this file, line by line") {
  documents::check_code_is_tested("autograd/guide/expressions.md",
                                  "tests/autograd/expression_test.cpp");
}

TEST_CASE("expression: the guide") {
  Expression neuron("h = tanh(w*x + b); (h - t)^2");
  Value w(0.5, "w"), b(-0.25, "b");
  Value loss = neuron.evaluate({{"w", w}, {"b", b}, {"x", 2.0}, {"t", 1.0}});
  loss.backward();

  Variables names{{"x0", 3.0}};
  Expression("w0 = -2; w1 = 4; 1 / (w0*x0 + w1)").evaluate_into(names).backward();
  const Value w0 = std::get<Value>(names.at("w0"));
  CHECK(w0.grad() == -0.75);

  const std::vector<std::string> parameters{"w", "b"}, inputs{"x", "t"};
  const Function rows = neuron.function(parameters, inputs);
  const auto at_one_row = rows.gradient({0.5, -0.25}, {2.0, 1.0});
  CHECK(at_one_row.parameters[0] == doctest::Approx(w.grad()));
}
