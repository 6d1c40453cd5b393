// Explanations by parts, and of one part.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/explain.hpp>
#include <autograd/ranges.hpp>
#include <autograd/scope.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;
using helpers::contains;

namespace {

// Two layers of two units, and a loss outside of them.
struct Network {
  std::vector<Value> w = leaves({0.5, -0.25, 0.75, 1.0, 0.5, -0.5}), x = leaves({1.0, 2.0});
  std::vector<Value> hidden;
  Value out, loss;

  Network() {
    {
      Scope layer("layer", 1);
      for (std::size_t k = 0; k < 2; ++k) {
        Scope unit("unit", k);
        hidden.push_back(tanh(dot(std::vector<Value>{w[2 * k], w[2 * k + 1]}, x)));
      }
    }
    {
      Scope layer("layer", 2);
      out = w[4] * hidden[0] + w[5] * hidden[1];
    }
    loss = square(out - 1.0);
  }
};

}  // namespace

TEST_CASE("explain parts: what flows between the parts, forward and backward") {
  const Network net;
  const Explanation e = explain(net.loss, {.most_operations = 0});
  net.loss.backward();
  REQUIRE(e.blocks.size() == 4);
  CHECK(e.blocks[0].name == "inputs");
  CHECK(e.blocks[1].name == "layer 1");
  CHECK(e.blocks[2].name == "layer 2");
  CHECK(e.blocks[3].name == "rest");
  CHECK(e.blocks[1].operations == 4);
  CHECK(e.blocks[1].outputs == 2);
  CHECK(e.blocks[1].output_size ==
        doctest::Approx(std::hypot(net.hidden[0].data(), net.hidden[1].data())));
  CHECK(e.blocks[1].gradient_size ==
        doctest::Approx(std::hypot(net.hidden[0].grad(), net.hidden[1].grad())));
  REQUIRE(e.flows.size() == 4);
  CHECK(e.flows[0].values == 6);  // four weights and two inputs into layer 1
  CHECK(e.flows[0].uses == 8);
  CHECK(e.flows[3].from == 2);
  CHECK(e.flows[3].to == 3);
  CHECK(e.flows[3].size == doctest::Approx(std::abs(net.out.data())));
  CHECK(e.flows[3].gradient == doctest::Approx(std::abs(net.out.grad())));
}

TEST_CASE("explain parts: parts within parts, and the operations of one") {
  const Network net;
  const Explanation deep = explain(net.loss, {.most_operations = 0, .depth = 2});
  std::vector<std::string> names;
  for (const Explanation::Block& each : deep.blocks) names.push_back(each.name);
  CHECK(names == std::vector<std::string>{"inputs", "layer 1, unit 0", "layer 1, unit 1", "layer 2",
                                          "rest"});
  const Explanation unit = explain(net.loss, {.part = "layer 1, unit 1"});
  std::size_t operations = 0;
  for (const Explanation::Node& each : unit.nodes) operations += each.operation.empty() ? 0 : 1;
  CHECK(operations == 2);
  CHECK(unit.steps.size() == 5);
  CHECK(contains(unit.text(), "with 1 use elsewhere"));
  CHECK(contains(helpers::error_of([&] { (void)explain(net.loss, {.part = "layer 3"}); }),
                 "there is no part 'layer 3'; the parts are: layer 1, unit 0; layer 1, unit 1; "
                 "layer 2"));
  CHECK(explain(net.loss, {.part = "layer 1"}).steps.size() == 10);
}

TEST_CASE("explain parts: large graphs in linear time and without recursion") {
  const auto steps_of = [](std::size_t n) {
    const Value x(0.5, "x");
    Value y = x;
    for (std::size_t i = 0; i < n; ++i) {
      Scope scope("block", i % 10);
      y = sin(y) + x;
    }
    return y;
  };
  const auto n = static_cast<std::size_t>(helpers::scaled(100'000, 5'000));
  const Value y = steps_of(n / 2);
  const Explanation e = explain(y);
  CHECK(e.blocks.size() == 11);
  CHECK(e.nodes.empty());
  // Without names of parts it is one block, and step by step on wish.
  const Explanation all = explain(y, {.depth = 0});
  CHECK(all.nodes.size() == n + 1);
  CHECK(all.steps.size() == n / 2 * 3);
}
