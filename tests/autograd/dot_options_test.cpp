// Drawings: what the options change, frames of parts, and the drawing for terminals.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::ColourBy;
using autograd::Error;
using autograd::Scope;
using autograd::to_dot;
using autograd::to_tree;
using autograd::Value;
using drawings::count;
using drawings::Reciprocal;
using helpers::contains;

namespace {

// Two units and their sum, each in a part within "layer 1".
struct Network {
  std::vector<Value> x{Value(1, "x0"), Value(2, "x1")};
  std::vector<Value> w{Value(0.5, "w0"), Value(-0.25, "w1")};
  Value out;
  Network() {
    const Scope layer("layer", 1);
    std::vector<Value> units;
    for (std::size_t k = 0; k < 2; ++k) {
      const Scope unit("unit", k);
      units.push_back(tanh(w[k] * x[0] + x[1]));
    }
    out = units[0] + units[1];
    out.set_label("out");
  }
};

}  // namespace

TEST_CASE("dot: edges carry what they add to the gradient") {
  const Reciprocal r;
  const std::string before = to_dot(r.f, {.contributions = true});
  CHECK_FALSE(contains(before, "label=\"-0.25\""));  // no gradient has arrived yet
  r.f.backward();
  const std::string text =
      to_dot(r.f, {.title = "f", .local_derivatives = true, .contributions = true, .legend = true});
  golden::check("contributions.dot", text);
  CHECK(contains(text, "[label=\"× 3 = -0.75\", fontcolor=\"#B34700\"]"));
  CHECK(contains(to_dot(r.f, {.contributions = true}), "[label=\"-0.75\", fontcolor=\"#B34700\"]"));

  const Value a(3, "a");
  const Value twice = a + a;
  twice.backward();
  CHECK(count(to_dot(twice, {.contributions = true}), "n0 -> op1 [label=\"1\"]") == 2);
}

TEST_CASE("dot: an adjoint of 0 adds 0, also where the local derivative is infinite") {
  const Value x(0, "x");
  const Value y = 0 * sqrt(x);
  y.backward();
  const std::string text = to_dot(y, {.local_derivatives = true, .contributions = true});
  CHECK(contains(text, "[label=\"× inf = 0\""));
  CHECK_FALSE(contains(text, "NaN"));
}

TEST_CASE("dot: parts are frames, with the leaves that only they use") {
  const Network net;
  const std::string text = to_dot(net.out);
  golden::check("parts.dot", text);
  CHECK(count(text, "subgraph cluster_") == 3);
  const auto place = [&](const std::string& what) { return text.find(what); };
  CHECK(place("<b>x1</b>") < place("label=<layer 1>"));
  CHECK(place("<b>x0</b>") < place("label=<layer 1>"));
  CHECK(place("<b>out</b>") < place("label=<unit 0>"));
  CHECK(place("<b>w0</b>") > place("label=<unit 0>"));
  CHECK(place("<b>w0</b>") < place("label=<unit 1>"));
  CHECK(place("<b>w1</b>") > place("label=<unit 1>"));
  CHECK(count(to_dot(net.out, {.parts = false}), "subgraph") == 0);
}

TEST_CASE("dot: parts within very many parts do not exhaust the stack") {
  Value y(1, "y");
  std::vector<std::unique_ptr<Scope>> scopes;
  for (std::size_t k = 0; k < 20'000; ++k) {
    scopes.push_back(std::make_unique<Scope>("part", k));
    if (k % 1000 == 0) y = y + 1;
  }
  while (!scopes.empty()) scopes.pop_back();
  CHECK(count(to_dot(y), "subgraph cluster_") == 8);
}

TEST_CASE("dot: boxes are filled by the sign and the size of their gradients") {
  const Reciprocal r;
  r.f.backward();
  const std::string text = to_dot(r.f, {.colour_by = ColourBy::kGradient, .legend = true});
  golden::check("by_gradient.dot", text);
  CHECK(contains(text, "■</font>&#160;below 0"));
}

TEST_CASE("dot: forward only, there are no gradients") {
  const Value x(-1, "x");
  const Value y = relu(x) * 2;
  y.backward();
  const std::string text =
      to_dot(y, {.local_derivatives = true, .contributions = true, .forward_only = true});
  CHECK_FALSE(contains(text, ">grad<"));
  CHECK_FALSE(contains(text, "striped"));
  CHECK_FALSE(contains(text, "dashed"));
  CHECK_FALSE(contains(text, "numbers on edges"));
}

TEST_CASE("dot: only the paths from one value") {
  const Reciprocal r;
  r.f.backward();
  const std::string text = to_dot(r.f, {.from = r.w0});
  CHECK(contains(text, "<b>w0</b>"));
  CHECK(contains(text, "<b>x0</b>"));  // as a number: its gradient is left out
  CHECK(count(text, ">grad<") == 4);   // w0, y1, y2, f
  CHECK(count(to_dot(r.f, {.from = r.y2}), "<b>w0</b>") == 0);
  CHECK(contains(to_dot(r.f, {.from = r.f}), "<b>f</b>"));
  const Value other(1, "other");
  CHECK_THROWS_WITH_AS(to_dot(r.f, {.from = other}),
                       "to_dot(): the result was not computed from options.from ('other')", Error);
}

TEST_CASE("dot: the drawing for terminals") {
  const Reciprocal r;
  r.f.backward();
  golden::check("reciprocal_tree.txt", to_tree(r.f));
  const Value a(3, "a"), b = tanh(a * a), c = relu(-b), y = b + b + c;
  CHECK(contains(to_tree(y), "none yet"));
  y.backward();
  golden::check("shared_tree.txt", to_tree(y));
  const std::string cut = to_tree(y, 3);
  CHECK(contains(cut, "... and "));
  CHECK(count(cut, "\n") == 5);  // the captions, three nodes, the count

  Value deep = a;
  for (int i = 0; i < 100'000; ++i) deep = tanh(deep);
  CHECK(contains(to_tree(deep), "... and 99801 more nodes"));
  std::vector<Value> many(100'000, a);
  CHECK(to_tree(sum(many)).size() < 20'000);
}
