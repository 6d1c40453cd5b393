// Pages that step through the chain rule: their text, and their numbers, computed by node where it is
// there.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/page/compact_data.hpp>
#include <autograd/page/data.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/page/source.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::to_page;
using autograd::Value;
using drawings::count;
using drawings::Directory;
using drawings::Reciprocal;
using helpers::contains;

namespace {

// What a script prints that follows these texts.
std::string printed(const std::string& data, const std::string& script) {
  const Directory directory("page");
  const std::string program = (directory.path / "p.js").string();
  const std::string output = (directory.path / "out.txt").string();
  std::ofstream(program) << "'use strict';\n"
                         << autograd::detail::java_script_prelude() << data
                         << autograd::detail::page_model_script() << script;
  if (std::system(("node '" + program + "' > '" + output + "' 2>&1").c_str()) != 0)
    MESSAGE("node failed");
  return golden::read(output);
}
// One that has the model of the page of y.
std::string printed(const Value& y, const std::string& script) {
  return printed(autograd::detail::page_data(y, {}), script);
}
std::string compact(const Value& y) {
  return autograd::detail::compact_page_data(y, {}) +
         std::string(autograd::detail::page_compact_script());
}

bool has_node() {
  static const bool result = std::system("command -v node > /dev/null 2>&1") == 0;
  if (!result) MESSAGE("node is not installed: the scripts are not run");
  return result;
}

}  // namespace

TEST_CASE("page: one file that fetches nothing, the same for the same graph") {
  const Reciprocal r;
  const std::string page = to_page(r.f);
  CHECK(page == to_page(r.f));
  CHECK(page.size() < 80'000);
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(contains(page, "<title>f</title>"));
  CHECK(contains(page, "default-src 'none'"));
  CHECK(count(page, "http") == 2);  // of http-equiv, and the name of SVG's elements
  for (const char* const each :
       {"src=", "href=", "url(", "import ", "fetch(", "XMLHttp", "@import"})
    CHECK_FALSE(contains(page, each));
  CHECK(contains(page, "df/dw0 = df/dy1 * dy1/dw0 = (-0.25)(3) = -0.75"));  // all lines
}

TEST_CASE("page: names are shown, and are never markup or script") {
  const Value a(3, "</script><script>hacked = 1</script>"), b(2, "\"><img src=x onerror=hacked=1>");
  Value y = a * b;
  y.set_label("</title><b>&");
  const std::string page = to_page(y);
  CHECK(count(page, "<script>") == 1);
  CHECK(count(page, "</script>") == 1);
  CHECK_FALSE(contains(page, "<img"));
  CHECK(contains(page, "<title>&lt;/title&gt;&lt;b&gt;&amp;</title>"));
}

TEST_CASE("page: other numbers of the leaves give the values and gradients of the engine") {
  const std::vector<std::string> texts{"1/(w*x + b)",
                                       "h = tanh(w*x + b); (h - x)^2 + h*w",
                                       "x*x + x*w - b/x",
                                       "softplus(w)*erf(x) + lgamma(b) + max(x, w)",
                                       "sum(softmax([w, x, b])*[1, 2, 3])",
                                       "x < w ? b*x : w^2",
                                       "logsumexp([w*x, b, x]) + norm([w, x])"};
  std::mt19937 random(1);
  std::uniform_real_distribution<double> anywhere(0.2, 2.0);
  for (const std::string& text : texts) {
    const autograd::Expression expression(text);
    const auto at = [&](double w, double x, double b) {
      return expression.evaluate(
          {{"w", Value(w, "w")}, {"x", Value(x, "x")}, {"b", Value(b, "b")}});
    };
    std::string script = R"(
const same = (x, y) => Math.abs(x - y) <= 1e-12 * Math.max(1, Math.abs(y));
const check = (numbers, value, gradients) => {
  const leaves = RECORDED.map((x, i) => NODES[i].op ? x : numbers[NODES[i].name]);
  const values = values_from(leaves), {sums} = gradients_after(locals_from(values), STEPS.length);
  if (!same(values[ROOT], value)) console.log('value', values[ROOT], value);
  NODES.forEach((node, i) => {
    if (node.name in gradients && !same(sums[i] || 0, gradients[node.name])) console.log(node.name, sums[i], gradients[node.name]);
  });
};
)";
    for (int i = 0; i < 5; ++i) {
      const double w = anywhere(random), x = anywhere(random), b = anywhere(random);
      const Value leaf_w(w, "w"), leaf_x(x, "x"), leaf_b(b, "b");
      const Value y = expression.evaluate({{"w", leaf_w}, {"x", leaf_x}, {"b", leaf_b}});
      y.backward();
      const auto number = autograd::detail::java_script_number;
      const auto object = [&](double p, double q, double r) {
        return "{w: " + number(p) + ", x: " + number(q) + ", b: " + number(r) + "}";
      };
      script += "check(" + object(w, x, b) + ", " + number(y.data()) + ", " +
                object(leaf_w.grad(), leaf_x.grad(), leaf_b.grad()) + ");\n";
    }
    const Value recorded = at(0.5, 1.5, 1.25);
    if (has_node())
      CHECK_MESSAGE(printed(recorded, script + "console.log('done');") == "done\n", text);
  }
}

TEST_CASE("page: each moment has its line, from its number alone") {
  const Reciprocal r;
  if (!has_node()) return;
  const std::string all =
      "const all = (n) => line_at(n, RECORDED, STEPS.map((step) => step.local));";
  const std::string lines = printed(r.f, all + R"(
console.log(LAST_MOMENT);
for (const n of [9, 1, 4, 0, 6]) console.log(all(n).line.replace(/<[^>]*>/g, ''));
console.log(all(9).remark.replace(/<[^>]*>/g, ''));)");
  CHECK(lines ==
        "9\n"
        "df/dw0 = df/dy1 · dy1/dw0 = (−0.25)(3) = −0.75\n"
        "y1 = w0 · x0 = (−2)(3) = −6\n"
        "Backward: df/df = 1\n"
        "Forward: the leaves are given.\n"
        "df/dw1 = df/dy2 · dy2/dw1 = (−0.25)(1) = −0.25\n"
        "dy1/dw0 = x0 = 3\n");
  const Value a(3, "a");
  Value twice = a + a;
  twice.set_label("y");
  CHECK(contains(printed(twice, all + "console.log(all(LAST_MOMENT).remark)"),
                 "use 2 of 2, the sum is now 2"));
}

TEST_CASE("page: with any parts open, cards do not overlap and operands stand to the left") {
  if (!has_node()) return;
  const Value x(0.5, "x");
  Value y = x, w(2, "w");
  for (std::size_t i = 0; i < 12; ++i) {
    const autograd::Scope layer("layer", i / 6);
    const autograd::Scope unit("unit", i % 3);  // entered twice, so that parts go round in circles
    y = sin(y * w) + x;
  }
  const std::string script = std::string(autograd::detail::page_layout_script()) +
                             std::string(autograd::detail::page_parts_script());
  CHECK(printed(y, script + R"(
let drawings = 0, most = 0;
for (let choice = 0; choice < 2 ** (PARTS.length - 1); ++choice) {
  const open = new Set(PARTS.map((part, p) => p).filter((p) => p === 0 || (choice >> (p - 1)) & 1));
  const {cards, arrows, width, height, cardOf} = drawing_of(open);
  ++drawings;
  most = Math.max(most, cards.length);
  if (cards.length !== count_cards(open)) console.log('count', choice);
  if (cardOf.some((c) => !cards[c])) console.log('no card', choice);
  cards.forEach((a, i) => {
    if (!(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + PAGE.cardHeight <= height)) console.log('outside', choice, i);
    cards.forEach((b, j) => {
      if (i < j && a.x < b.x + b.width && b.x < a.x + a.width && Math.abs(a.y - b.y) < PAGE.cardHeight) console.log('overlap', choice, i, j);
    });
  });
  const backward = arrows.filter(({from, to}) => cards[from].x + cards[from].width > cards[to].x);
  const circles = choice === 2 ** (PARTS.length - 1) - 1 ? 0 : arrows.length;
  if (backward.length > circles) console.log('backward', choice);
  if (arrows.some(({path}) => !/^M[-\d. C]+$/.test(path))) console.log('path', choice);
}
console.log(drawings, most);)") == "256 38\n");
}

TEST_CASE("page: an operation that cannot be written down keeps the numbers of the recording") {
  const auto half = autograd::custom(
      "half", [](auto a) { return 0.5 * a[0]; }, [](auto) { return 0.5; });
  const Value x(3, "x");
  const std::string page = to_page(half(x) + x);
  CHECK(contains(page, "has no rule that can be written down"));
  CHECK(contains(page, "entry:null"));
}

TEST_CASE("page: a large graph has the same lines, made from what its kinds have in common") {
  if (!has_node()) return;
  for (const std::string text :
       {"1/(w*x + b)", "h = tanh(w*x + b); (h - x)^2 + h*w", "x*x + x*w - b/x",
        "softplus(w)*erf(x) + lgamma(b) + max(x, w) + abs(x - 3)", "x < w ? b*x : w^2",
        "sum(softmax([w, x, b])*[1, 2, 3])", "logsumexp([w*x, b, x]) + norm([w, x]) + mean([w, b])",
        "dot([w, x, b, w, x, b, w, x, b], [x, b, w, w, x, b, 1, 2, -3])",
        "2^x - 0.5*-w + (-1.5)^2"}) {
    const Value y = autograd::Expression(text).evaluate(
        {{"w", Value(-2, "w_1")}, {"x", Value(1.5)}, {"b", Value(0.25, "b[0,<1>]")}});
    const std::string all = R"(
const locals = locals_from(RECORDED);
for (let n = 0; n <= LAST_MOMENT; ++n) { const {line, remark} = line_at(n, RECORDED, locals); console.log(line, '|', remark); }
NODES.forEach((node) => console.log(node.name, node.heading, node.html, node.value, node.operands?.map((j) => Math.max(j, -1)), node.numbers, node.entry));)";
    const std::string lines = printed(y, all);
    CHECK_MESSAGE(printed(compact(y), all) == lines, text);
    CHECK(contains(lines, "Backward"));
  }
}

TEST_CASE("page: numbers of leaves change the values and gradients of a large graph too") {
  if (!has_node()) return;
  const auto at = [](double number) {
    const Value x(number, "x");
    Value y = x;
    for (int i = 0; i < 500; ++i) y = sin(y) + 0.5 * x;
    y.backward();
    return std::pair(y, x.grad());
  };
  const auto [y, gradient] = at(0.5);
  const std::string script =
      "const values = values_from(NODES.map((node) => node.name === 'x' ? 0.7 : node.value));"
      "const {sums} = gradients_after(locals_from(values), STEPS.length);"
      "const same = (x, y) => Math.abs(x - y) < 1e-12;"
      "console.log(same(gradients_after(locals_from(RECORDED), STEPS.length).sums[0], " +
      autograd::detail::java_script_number(gradient) + "));";
  const auto [other, other_gradient] = at(0.7);
  CHECK(printed(compact(y), script + "console.log(same(values[ROOT], " +
                                autograd::detail::java_script_number(other.data()) +
                                "), same(sums[0], " +
                                autograd::detail::java_script_number(other_gradient) + "));") ==
        "true\ntrue true\n");
}

TEST_CASE("page: a large graph is a table, its parts and its steps, in few bytes") {
  const Value x(0.5, "x");
  Value y = x;
  for (int i = 0; i < 50'000; ++i) {
    const autograd::Scope part("part", static_cast<std::size_t>(i % 3));
    y = sin(y) + x;
  }
  const std::string page = to_page(y, {.title = "a <large> graph"});
  CHECK(contains(page, "100,000 operations"));
  CHECK(contains(page, "part 2"));
  CHECK(page.size() < 7'000'000);
  CHECK(count(page, "<script>") == 1);
}

TEST_CASE("page: what is refused, and files") {
  const Reciprocal r;
  const Value other(1, "other");
  CHECK_THROWS_WITH_AS(to_page(r.f, {.digits = 18}),
                       "to_page(): options.digits must be from 1 to 17, not 18", Error);
  CHECK_THROWS_WITH_AS(to_page(r.f, {.inputs = {r.w0}, .rows = {{1, 2}}}),
                       "to_page(): a row has 2 numbers for 1 inputs", Error);
  CHECK_THROWS_WITH_AS(to_page(r.f, {.inputs = {other}}),
                       "to_page(): y was not computed from one of options.inputs", Error);
  CHECK_THROWS_AS(to_page(r.f, {.inputs = {r.w0}, .output = other}), Error);
  CHECK_THROWS_WITH_AS(
      to_page(r.f,
              {.inputs = {r.x0}, .weights = {r.w0}, .update = {.lines = {{"w", "w - speed"}}}}),
      "to_page(): options.update has the line w = w - speed, and no speed", Error);
  CHECK_THROWS_WITH_AS(
      to_page(r.f, {.inputs = {r.x0}, .weights = {r.w0}, .update = {.memory = {{"v", {1, 2}}}}}),
      "to_page(): options.update remembers 2 numbers v for 1 weights", Error);
  const Directory directory("page");
  write_page(r.f, directory.path / "f.html");
  CHECK(golden::read(directory.path / "f.html") == to_page(r.f));
  CHECK_THROWS_AS(write_page(r.f, directory.path / "no" / "f.html"), Error);
}
