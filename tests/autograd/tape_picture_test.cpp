// Pictures of large graphs: the tape as a table, graphs folded by their parts, and what render() draws
// of a graph that is too large for dot.

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::Scope;
using autograd::tape_picture;
using autograd::to_dot;
using autograd::Value;
using drawings::count;
using drawings::Directory;
using helpers::contains;

namespace {

// Two layers of two units; the second layer uses the first, and y a weight of the first too.
Value two_layers(const std::vector<Value>& w) {
  std::vector<Value> x{Value(1, "x0"), Value(2, "x1")};
  for (std::size_t layer = 1; layer <= 2; ++layer) {
    const Scope part("layer", layer);
    std::vector<Value> next;
    for (std::size_t k = 0; k < 2; ++k) {
      const Scope unit("unit", k);
      next.push_back(tanh(w[2 * layer + k] * x[0] + x[1]));
    }
    x = next;
  }
  Value y = x[0] + x[1] + w[2];
  y.set_label("y");
  return y;
}

// n operations without parts.
Value long_chain(const Value& x, std::size_t n) {
  Value y = x;
  for (std::size_t i = 0; i < n / 2; ++i) y = sin(y) + x;
  return y;
}

}  // namespace

TEST_CASE("tape_picture: operands by rows and columns, leaves beside, parts as frames") {
  const std::vector<Value> w = autograd::leaves(6, 0.5);
  const std::string svg = tape_picture(two_layers(w), {.title = "two <layers>"}).to_string();
  golden::check("tape_picture.svg", svg);
  CHECK(contains(svg, ">two &lt;layers&gt;</text>"));
  CHECK(contains(svg, ">14 operations, 24 operands, 6 leaves</text>"));
  CHECK(contains(svg, ">layer 1</text>"));
  CHECK(contains(svg, ">unit 0</text>"));
}

TEST_CASE("tape_picture: a leaf alone, an operation alone, and uses whose derivatives are all 0") {
  const Value x(-1, "x");
  CHECK(contains(tape_picture(x).to_string(), ">0 operations, 0 operands, 1 leaf</text>"));
  CHECK_FALSE(contains(tape_picture(exp(x)).to_string(), "local derivative 0"));
  CHECK(contains(tape_picture(relu(x)).to_string(), "local derivative 0"));
  CHECK_THROWS_WITH_AS(tape_picture(x, {.size = 99}),
                       "tape_picture(): options.size must be from 100 to 10000", Error);
}

TEST_CASE("tape_picture: a graph of any size is a picture of the same size") {
  const Value x(0.5, "x");
  const std::string small = tape_picture(long_chain(x, 1000)).to_string();
  const std::string large = tape_picture(long_chain(x, 100'000)).to_string();
  CHECK(contains(large, ">100,000 operations, 150,000 operands, 1 leaf</text>"));
  CHECK(contains(large, "one dot: up to "));
  CHECK(large.size() < 2 * small.size());
  CHECK(large.size() < 200'000);
}

TEST_CASE("tape_picture: parts within very many parts") {
  Value y(1, "y");
  std::vector<std::unique_ptr<Scope>> scopes;
  for (std::size_t k = 0; k < 5'000; ++k) {
    scopes.push_back(std::make_unique<Scope>("part", k));
    y = y + 1;
  }
  while (!scopes.empty()) scopes.pop_back();
  CHECK(tape_picture(y, {.deepest_part = 20}).to_string().size() < 100'000);
}

TEST_CASE("dot: a graph is folded by its parts") {
  const std::vector<Value> w = autograd::leaves(6, 0.5);
  const Value y = two_layers(w);
  const std::string layers = to_dot(y, {.title = "folded", .fold = 1});
  golden::check("folded.dot", layers);
  CHECK(count(layers, "<b>layer ") == 2);
  CHECK(contains(layers, "<b>inputs</b>"));
  CHECK(contains(layers, "<b>rest</b>"));
  CHECK(contains(layers, "p1 -> p2 [label=\"2\""));
  const std::string units = to_dot(y, {.fold = 2});
  CHECK(count(units, "<b>layer 2, unit ") == 2);
  CHECK(count(to_dot(Value(2) * w[0], {.fold = 1}), "<b>") == 2);  // inputs and rest
}

TEST_CASE("render: a graph that is too large for dot is folded, or drawn as a tape") {
  const Directory directory("large");
  const Value x(0.5, "x");
  const Value y = long_chain(x, 100'000);
  {
    const drawings::FakeDot dot("exit 1");  // must not be asked
    render(y, directory.path / "chain.svg", {.title = "a chain"});
  }
  CHECK(directory.files() == std::vector<std::string>{"chain.svg"});
  CHECK(contains(golden::read(directory.path / "chain.svg"), ">a chain</text>"));

  const std::vector<Value> w = autograd::leaves(6, 0.5);
  const Value layers = two_layers(w);
  if (!drawings::dot_is_installed()) return;
  render(layers, directory.path / "layers.svg", {.node_limit = 5});
  const std::string text = golden::read(directory.path / "layers.dot");
  CHECK(contains(text, "folded by parts: 34 boxes and operations are too many for one drawing"));
  CHECK(contains(text, "<b>layer 1, unit 0</b>"));
}
