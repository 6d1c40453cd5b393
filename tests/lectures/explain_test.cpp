// The lectures' worked examples come out of explain() with the lectures' numbers.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/lecture_cases.hpp>

using namespace autograd;
using helpers::contains;

namespace {

// The case with its text evaluated, step by step.
Explanation explained(const std::string& id) {
  const auto& each = lectures::find_case(id);
  Variables names;
  for (const auto& [name, number] : each.at("inputs").items())
    names[name] = Value(number.get<double>(), name);
  return explain(Expression(each.at("expr").get<std::string>()).evaluate_into(names));
}

}  // namespace

TEST_CASE("lectures: explain gives every number of the expressions") {
  for (const char* id : {"002-ex1-chain", "002-ex2-sum-rule", "002-long-chain",
                         "002-reciprocal-graph", "003-multivariate-chain"}) {
    CAPTURE(id);
    const Explanation e = explained(id);
    const auto& expected = lectures::find_case(id).at("expected");
    int found = 0;
    for (const auto& node : e.nodes) {
      if (expected.contains(node.name)) {
        CHECK(lectures::is_close(node.value.value, expected.at(node.name).get<double>()));
        ++found;
      }
      for (const char* of : {"df_d", "dy_d"}) {
        if (!expected.contains(of + node.name)) continue;
        CHECK(lectures::is_close(node.gradient.value, expected.at(of + node.name).get<double>()));
        ++found;
      }
    }
    CHECK(found >= 4);
  }
}

TEST_CASE("lectures: explain writes the slides' lines") {
  const std::string chain = explained("002-ex1-chain").text();
  CHECK(contains(chain, "  da/dx = 3\n  dy/dx = dy/da * da/dx = (2)(3) = 6\n"));

  const std::string sum = explained("002-ex2-sum-rule").text();
  CHECK(contains(sum, "dy/dx = -1 + 6 = 5\n"));

  const std::string reciprocal = explained("002-reciprocal-graph").text();
  CHECK(contains(reciprocal, "y1 = w0*x0 = (-2)(3) = -6\n"));
  CHECK(contains(reciprocal, "dy3/dw0 = dy3/dy1 * dy1/dw0 = (-0.25)(3) = -0.75 = -3/4\n"));
  CHECK(contains(reciprocal, "dy3/dx0 = dy3/dy1 * dy1/dx0 = (-0.25)(-2) = 0.5 = 1/2\n"));

  const std::string paths = explained("003-multivariate-chain").text();
  CHECK(contains(paths, "df/dx = 12 + 24 = 36\n"));
}

TEST_CASE("lectures: explain of a network names its layers and units") {
  nn::Mlp net({2, 2, 2}, nn::Activation::named("square"), nn::Activation::named("square"));
  net.layer(0).set_weights({{1, 1}, {2, 1}});
  net.layer(1).set_weights({{2, 1}, {1, 0}});
  net.layer(0).set_biases({0, 0});
  net.layer(1).set_biases({0, 0});
  net.set_labels();
  nn::Mlp::Forward forward = net.forward(std::vector<double>{1, 1});
  forward.set_labels();
  const Value loss = 0.5 * square(forward.out()[0] - 290.0) + 0.5 * square(forward.out()[1] - 14.0);
  const std::string text = explain(loss).text();
  // Sheet 000: out 289 and 16, deltas -34 and 16, -208 and -204.
  CHECK(contains(text, "out2[0] = net2[0]^2 = 17^2 = 289\n"));
  CHECK(contains(text, "df/dnet2[0] = df/dout2[0] * dout2[0]/dnet2[0] = (-1)(34) = -34\n"));
  CHECK(contains(text, "df/dnet1[0] = df/dout1[0] * dout1[0]/dnet1[0] = (-52)(4) = -208\n"));
  const Explanation parts = explain(loss, {.most_operations = 0, .depth = 2});
  CHECK(parts.blocks[1].name == "layer 1, unit 0");
}
