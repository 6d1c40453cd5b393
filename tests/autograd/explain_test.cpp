// Explanations: the numbers of the graph, the rules of the operations, in the order of the sweep.

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/explain.hpp>
#include <autograd/explain/rules.hpp>
#include <autograd/expression.hpp>
#include <autograd/gradient_expression.hpp>
#include <autograd/ranges.hpp>
#include <autograd/scope.hpp>
#include <autograd/worksheet.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>

using namespace autograd;
using helpers::contains;
using helpers::error_of;

namespace {

Value evaluate(const std::string& text, Variables variables = {}) {
  return Expression(text).evaluate_into(variables);
}

bool is_same(double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }

const Explanation::Node& node_of(const Explanation& e, const std::string& name) {
  for (const Explanation::Node& each : e.nodes) {
    if (each.name == name) return each;
  }
  FAIL("no node ", name);
  return e.nodes.front();
}

}  // namespace

TEST_CASE("explain: 1 / (w0 x0 + w1), line by line") {
  const Value f = evaluate("w0 = -2; x0 = 3; w1 = 4; y1 = w0*x0; y2 = y1 + w1; f = 1/y2");
  CHECK(explain(f).text() ==
        "Forward\n"
        "  w0 = -2\n"
        "  x0 = 3\n"
        "  y1 = w0*x0 = (-2)(3) = -6\n"
        "  w1 = 4\n"
        "  y2 = y1 + w1 = -6 + 4 = -2\n"
        "  f = 1/y2 = 1/(-2) = -0.5 = -1/2\n"
        "\n"
        "Backward\n"
        "  df/df = 1\n"
        "  df/dy2 = -f/y2 = -(-0.5)/(-2) = -0.25 = -1/4\n"
        "  dy2/dw1 = 1\n"
        "  df/dw1 = df/dy2 * dy2/dw1 = (-0.25)(1) = -0.25 = -1/4\n"
        "  dy2/dy1 = 1\n"
        "  df/dy1 = df/dy2 * dy2/dy1 = (-0.25)(1) = -0.25 = -1/4\n"
        "  dy1/dx0 = w0 = -2\n"
        "  df/dx0 = df/dy1 * dy1/dx0 = (-0.25)(-2) = 0.5 = 1/2\n"
        "  dy1/dw0 = x0 = 3\n"
        "  df/dw0 = df/dy1 * dy1/dw0 = (-0.25)(3) = -0.75 = -3/4\n"
        "\n"
        "Gradients\n"
        "  df/dw0 = -0.75 = -3/4\n"
        "  df/dx0 = 0.5 = 1/2\n"
        "  df/dw1 = -0.25 = -1/4\n");
}

TEST_CASE(
    "explain: a value that is used twice has the sum over its uses, in the order of the sweep") {
  const Value y = evaluate("x = 1; a1 = 3*x; a2 = -x; y = 2*a1 + 1*a2");
  const std::string text = explain(y).text();
  CHECK(contains(text, "  dy/da2 * da2/dx = (1)(-1) = -1  (use 1 of 2)\n"));
  CHECK(contains(text, "  dy/da1 * da1/dx = (2)(3) = 6  (use 2 of 2)\n  dy/dx = -1 + 6 = 5\n"));

  const Value a(3.0, "a");
  const std::string twice = explain(a + a).text();
  CHECK(contains(twice,
                 "  df/da = 1  (use 1 of 2)\n  df/da = 1  (use 2 of 2)\n  df/da = 1 + 1 = 2\n"));
}

TEST_CASE("explain: the steps as data") {
  const Value y = evaluate("x = 2; u = x^2; v = 3*x; y = u*v");
  const Explanation e = explain(y);
  REQUIRE(e.steps.size() == 4);
  CHECK(e.result == "y");
  CHECK(e.value == 24);
  CHECK(e.nodes[e.steps[2].operation].name == "v");
  CHECK(e.nodes[e.steps[2].operand].name == "x");
  CHECK(e.steps[2].upstream.value == 4);
  CHECK(e.steps[2].local.value == 3);
  CHECK(e.steps[2].contribution.value == 12);
  CHECK(e.steps[2].sum.value == 12);
  CHECK(e.steps[3].use == 2);
  CHECK(e.steps[3].sum.value == 36);
  CHECK(e.steps[3].rule.to_string() == "2*x");
  CHECK(node_of(e, "x").gradient.value == 36);
  CHECK(node_of(e, "v").operands == std::vector<std::size_t>{Explanation::kNone, 0});
}

TEST_CASE("explain: derivatives are those of backward(), bit for bit, and no grad() changes") {
  std::mt19937_64 random(5);
  for (std::uint64_t i = 0; i < helpers::cases(2000); ++i) {
    std::vector<Value> values = leaves({0.5, 1.25, -0.75});
    for (int k = 0; k < 12; ++k) {
      const auto& all = operations::calls<Value>();
      const Value x = values[random() % values.size()], y = values[random() % values.size()];
      values.push_back(all[random() % all.size()].both(x, y));
    }
    const Value y = sum(values);
    const Explanation e = explain(y, {.depth = 0});
    CHECK_FALSE(values[0].has_grad());
    y.backward();
    const std::vector<Value> order = topological_order(y);
    REQUIRE(order.size() == e.nodes.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      CHECK(is_same(e.nodes[k].value.value, order[k].data()));
      CHECK(is_same(e.nodes[k].gradient.value, order[k].grad()));
    }
  }
}

TEST_CASE("explain: what an operation states as its derivative in text is its rule") {
  std::mt19937_64 random(3);
  for (const operations::Operation& each : operations::all()) {
    CAPTURE(each.info.name);
    for (std::size_t i = 0; i < each.arity(); ++i) {
      const Formula* const rule = detail::local_rule(each.info.name, i);
      REQUIRE(rule != nullptr);
      for (int k = 0; k < 50; ++k) {
        std::array<double, 2> at{};
        for (std::size_t operand = 0; operand < each.arity(); ++operand) {
          const auto [low, high] = each.domain[operand];
          at[operand] = std::uniform_real_distribution<double>(std::fmax(low, -3.0),
                                                               std::fmin(high, 3.0))(random);
        }
        const double r = each.value(at[0], at[1]);
        if (std::isnan(r)) continue;  // outside of its domain
        Formula number;
        const auto number_of = [&](const std::string& name) -> const Formula* {
          if (name != "x" && name != "y" && name != "r") return nullptr;
          number = Formula::of(name == "x" ? at[0] : name == "y" ? at[1] : r);
          return &number;
        };
        CHECK(detail::evaluate(detail::substituted(*rule, number_of)) ==
              doctest::Approx(each.derivatives(at[0], at[1])[i]).epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("explain: fractions are exact from the leaves' decimals, or not there") {
  const Explanation e = explain(evaluate("a = 0.1; b = 0.2; c = a + b; d = c/3; y = sin(d) + d"));
  CHECK(node_of(e, "c").value.fraction == "3/10");
  CHECK(node_of(e, "d").value.fraction == "1/10");
  CHECK(node_of(e, "y").value.fraction.empty());
  CHECK(node_of(e, "a").gradient.fraction.empty());
  const Explanation third = explain(evaluate("a = 1; b = 3; y = a/b; z = y^2 - 2*y"));
  CHECK(node_of(third, "y").value.fraction == "1/3");
  CHECK(node_of(third, "z").value.fraction == "-5/9");
  CHECK(node_of(third, "a").gradient.fraction == "-4/9");
  CHECK(node_of(third, "b").gradient.fraction == "4/27");
  CHECK_FALSE(contains(explain(evaluate("a = 1; y = a/3"), {.fractions = false}).text(), "1/3\n"));
  // Larger than 64 bits: decimals only.
  const Explanation large = explain(evaluate("a = 1e15; b = a*a; y = 1/b"));
  CHECK(node_of(large, "y").value.fraction.empty());
  CHECK(node_of(large, "y").value.value == doctest::Approx(1e-30));
}

TEST_CASE("explain: kinks, dead units and zeros that meet infinities are said in words") {
  const auto text = [](const std::string& expression) {
    return explain(evaluate(expression)).text();
  };
  CHECK(contains(text("x = 0; y = relu(x)"), "(a kink: relu has no derivative at 0; chosen is 0)"));
  CHECK(contains(text("x = -1; y = relu(x)"),
                 "(the unit is off: relu is flat below 0, nothing passes)"));
  CHECK(contains(text("x = 0; y = abs(x)"), "(a kink: abs has no derivative at 0"));
  CHECK(
      contains(text("x = 1; z = 1; y = max(x, z)"), "(a tie: both are taken; chosen is 1/2 each)"));
  CHECK(contains(text("x = 1; z = 2; y = max(x, z)"), "(the other one is taken, nothing passes)"));
  CHECK(contains(text("x = 1; z = 1; y = fmin(x, z)"), "(a tie: both are taken; "));
  CHECK(contains(text("x = 1; y = max(x, 1)"), "(a tie with a plain number: chosen is 0)"));
  CHECK(contains(text("x = 0; z = 2; y = copysign(x, z)"), "(a kink: copysign has no derivative"));
  CHECK(contains(text("x = 4; z = 2; y = fmod(x, z)"), "(a jump: fmod has no derivative at 4"));
  CHECK(contains(text("x = 0; z = 0; y = hypot(x, z)"), "(a kink: hypot has no derivative at 0"));
  CHECK(contains(text("x = 3; y = trunc(x)"), "nothing passes; here it jumps)"));
  CHECK(contains(text("x = 1; y = x > 2 ? x : 3*x"), "this side is not taken)"));
  CHECK(contains(text("x = 1; y = x + floor(x)"), "floor has the derivative 0 everywhere"));
  CHECK(contains(text("x = 0; y = 0*sqrt(x)"), "a zero meets an infinite local derivative"));
  CHECK(contains(text("x = 0; y = sqrt(x)"), "(not finite)"));
}

TEST_CASE("explain: a leaf that was changed after it was used") {
  Value x(2.0, "x");
  const Value y = square(x);
  CHECK_FALSE(contains(explain(y).text(), "changed"));
  x.set_data(5.0);
  CHECK(contains(explain(y).text(), "an operand was changed after this was recorded"));
}

TEST_CASE("explain: names are labels, and others are made that clash with none") {
  const Value a(1.0, "v1"), b(2.0), c(3.0, "v1");
  const Explanation e = explain(sin(a) * b + cos(c) * b);
  std::vector<std::string> names;
  for (const Explanation::Node& each : e.nodes) names.push_back(each.name);
  CHECK(names == std::vector<std::string>{"v1", "v2", "x1", "v3", "v1#2", "v4", "v5", "f"});
  const Value odd(1.0, "my weight");
  CHECK(contains(explain(sin(odd)).text(), "df/d(my weight) = cos(my weight) = cos(1)"));
}

TEST_CASE("explain: operations of many operands, of a caller's own, and long ones") {
  const std::vector<Value> w = leaves({1, 2}), x = leaves({3, 4});
  CHECK(contains(explain(dot(w, x, Value(5.0, "b"))).text(),
                 "f = b + x1*x2 + x3*x4 = 5 + (1)(3) + (2)(4) = 16\n"));
  CHECK(contains(explain(mean(w)).text(), "f = (x1 + x2)/2 = (1 + 2)/2 = 1.5 = 3/2\n"));
  CHECK(contains(explain(norm(x)).text(), "df/dx1 = x1/f = 3/5 = 0.6\n"));
  const std::string soft = explain(softmax(w)[1]).text();
  CHECK(contains(soft, "f = exp(x2)/(exp(x1) + exp(x2))"));
  CHECK(contains(soft, "df/dx2 = f*(1 - f)"));
  CHECK_FALSE(contains(soft, "changed"));
  CHECK_FALSE(contains(explain(logsumexp(w)).text(), "changed"));
  CHECK(
      contains(explain(sum(leaves(50, 1.0))).text(), "x1 + x2 + x3 + x4 + ... 45 more ... + x50"));
}

TEST_CASE("explain: the path from one input only") {
  Variables names;
  const Value y = Expression("a = 2; b = 3; u = a*a; v = b*b; y = u + sin(v)").evaluate_into(names);
  const Explanation e = explain(y, {.from = std::get<Value>(names.at("b"))});
  const std::string text = e.text();
  CHECK(contains(text, "dy/db"));
  CHECK_FALSE(contains(text, "dy/da"));
  CHECK_FALSE(contains(text, "du/da"));
  CHECK(e.from == "b");
  CHECK(contains(error_of([&] { (void)explain(y, {.from = Value(1.0, "z")}); }),
                 "was not computed from options.from ('z')"));
}

TEST_CASE("explain: forward mode beside reverse mode, both counted") {
  Variables names;
  const Value y = Expression("a = 2; b = 3; u = a*b; y = u*a").evaluate_into(names);
  const Explanation e = explain(y, {.from = std::get<Value>(names.at("a")), .forward_mode = true});
  CHECK(node_of(e, "u").tangent.value == 3);
  CHECK(node_of(e, "y").tangent.value == 12);
  CHECK(node_of(e, "a").gradient.value == 12);
  REQUIRE(e.counts);
  CHECK(e.counts->inputs == 2);
  CHECK(e.counts->reverse == 4);
  CHECK(e.counts->forward == 3);
  CHECK(contains(e.text(),
                 "  dy/da = 12\n  Reverse mode: 4 multiplications with an addition, one "
                 "sweep for all 2 inputs."));
  CHECK(contains(error_of([&] { (void)explain(y, {.forward_mode = true}); }), "options.from"));
}

TEST_CASE("explain: wrong options are an Error") {
  const Value x(1.0, "x");
  CHECK(contains(error_of([&] { (void)explain(sin(x), {.digits = 0}); }), "1 to 17, but is 0"));
  CHECK(contains(error_of([&] { (void)explain(sin(x), {.part = "layer 1"}); }),
                 "there is no part 'layer 1'; the graph was recorded without Scopes"));
  CHECK(explain(x).text() ==
        "Forward\n  x = 1\n\nBackward\n  dx/dx = 1\n\nGradients\n  dx/dx = 1\n");
}

TEST_CASE("explain: the guide's code is in this file, line by line") {
  documents::check_code_is_tested("autograd/guide/explanations.md",
                                  "tests/autograd/explain_test.cpp");
}

TEST_CASE("explain: the guide") {
  Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
  Value y1 = w0 * x0, y2 = y1 + w1, f = 1 / y2;
  y1.set_label("y1");
  y2.set_label("y2");
  const std::string text = explain(f).text();
  CHECK(contains(documents::text_of("autograd/guide/explanations.md"),
                 text.substr(0, text.find("\nGradients"))));
  const GradientExpression derivative = gradient_expression(f, w0);
  CHECK(derivative.to_string() == "-x0/(w0*x0 + w1)^2");
  const Worksheet sheet(f, {.difficulty = Difficulty::kEasy});
  CHECK(sheet.check(3, -0.75).is_right());  // (3) df/dw0
  CHECK(sheet.check(3, 0.75).message == "the sign is wrong");
}
