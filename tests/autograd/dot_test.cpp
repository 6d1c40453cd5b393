// Drawings: what the text says.

#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Direction;
using autograd::Error;
using autograd::render;
using autograd::to_dot;
using autograd::Value;
using drawings::count;
using drawings::Directory;
using drawings::dot_is_installed;
using drawings::Reciprocal;
using helpers::contains;

namespace {

namespace fs = std::filesystem;

std::string line_with(const std::string& text, const std::string& start) {
  const auto begin = text.find("\n" + start) + 1;
  return begin == 0 ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("dot: a function with its gradients and local derivatives") {
  const Reciprocal r;
  r.f.backward();
  golden::check("reciprocal.dot",
                to_dot(r.f, {.title = "f = 1 / (w0 * x0 + w1)", .local_derivatives = true}));
}

TEST_CASE("dot: from top to bottom and black on white") {
  const Reciprocal r;
  r.f.backward();
  golden::check("reciprocal_down.dot", to_dot(r.f, {.local_derivatives = true,
                                                    .direction = Direction::kTopToBottom,
                                                    .colours = false}));
}

TEST_CASE("dot: an operand used twice has two edges") {
  const Value a(3, "a");
  const Value b = a + a;
  golden::check("a_plus_a.dot", to_dot(b));
  CHECK(count(to_dot(b), "n0 -> op1\n") == 2);
  const Value c = a * a;
  CHECK(count(to_dot(c, {.local_derivatives = true}), "n0 -> op1 [label=\"3\"]\n") == 2);
}

TEST_CASE("dot: plain numbers are small boxes, one for each use") {
  const Value x(2, "x");
  const Value twice = 2 * x, squared = pow(x, 2), inverse = 1 / x;
  const Value y = twice + squared - inverse;
  golden::check("constants.dot", to_dot(y));
  CHECK(count(to_dot(y), "[label=\"2\", color=") == 2);
}

TEST_CASE("dot: an operation that is singular has a rim and a word beside it") {
  Value x(0, "x");
  const std::string root = to_dot(square(sqrt(x)) + 3 * abs(x - 1));
  CHECK(count(root, "color=\"#B0003A\", penwidth=2, peripheries=2, xlabel=\"0 × inf\"") == 1);
  CHECK(count(root, "xlabel") == 1);
  CHECK(count(to_dot(relu(x)), "xlabel=\"kink\"") == 1);
  CHECK(count(to_dot(relu(x + 1)), "xlabel") == 0);
}

TEST_CASE("dot: a gradient of 0 is not drawn as one that is not there yet") {
  const Value x(-3, "x"), w(2, "w"), b(1, "b");
  const Value y = relu(x * w) + b - b;
  CHECK(count(to_dot(y), "<i>none yet</i>") == count(to_dot(y), ">grad<"));
  CHECK_FALSE(contains(to_dot(y), "striped"));

  y.backward();
  const std::string text = to_dot(y, {.local_derivatives = true});
  golden::check("gradients.dot", text);
  CHECK(count(text, "none yet") == 0);
  SUBCASE("what a relu that is off leaves without gradient is hatched") {
    CHECK(contains(line_with(text, "n0 "), "striped"));
    CHECK(contains(line_with(text, "n1 "), "striped"));
    CHECK(contains(line_with(text, "n2 "), "striped"));
    CHECK(contains(text, "n2 -> op3 [label=\"0\", fontcolor=\"#6E6E6E\", style=dashed]"));
  }
  SUBCASE("what cancels is not") {
    CHECK(b.grad() == 0);
    CHECK(contains(text, "<b>b</b>"));
    CHECK_FALSE(contains(line_with(text, "n4 "), "striped"));
  }
  SUBCASE("what has a gradient from elsewhere is not") {
    (3 * x).backward();
    CHECK_FALSE(contains(line_with(to_dot(y), "n0 "), "striped"));
  }
}

TEST_CASE("dot: sums and dot products are one operation") {
  const Value p(1.5, "p"), q(-2, "q"), r(0.25, "r");
  SUBCASE("of products") {
    Value s;
    s += p * q;
    s += r * p;
    s.backward();
    golden::check("dot_product.dot", to_dot(s, {.local_derivatives = true}));
  }
  SUBCASE("of Values times plain numbers") {
    Value s = r;
    s += 0.5 * p;
    s += -2.0 * q;
    s += 0.0 * p;
    golden::check("scaled_sum.dot", to_dot(s));
  }
  SUBCASE("over ranges") {
    const std::vector<Value> x{p, q, r};
    const Value y = sum(x) + dot(x, x) + mean(x) + logsumexp(x);
    const std::string text = to_dot(y);
    CHECK(count(text, "label=<Σ>") == 2);
    CHECK(count(text, "label=<mean>") == 1);
    CHECK(count(text, "label=<logsumexp>") == 1);
    CHECK(count(text, "label=<×>") == 3);
  }
  SUBCASE("a 0 that a sum starts from is drawn where it is used otherwise") {
    Value s;
    const Value y = s * p;
    CHECK(contains(to_dot(y), "[label=\"0\", color="));
  }
}

TEST_CASE("dot: operands arrive in their order where it matters") {
  const Value a(3, "a"), b(2, "b");
  const auto ports = [](const Value& y, Direction direction = Direction::kLeftToRight) {
    const std::string text = to_dot(y, {.direction = direction});
    return line_with(text, "n0 ->") + ", " + line_with(text, "n1 ->");
  };
  CHECK(ports(a - b) == "n0 -> op2:nw, n1 -> op2:sw");
  CHECK(ports(pow(a, b)) == "n0 -> op2:nw, n1 -> op2:sw");
  CHECK(ports(a / b, Direction::kTopToBottom) == "n0 -> op2:nw, n1 -> op2:ne");
  CHECK(ports(a * b) == "n0 -> op2, n1 -> op2");
  CHECK(line_with(to_dot(select(a, b, a * b)), "op2 ->") == "op2 -> n2");
}

TEST_CASE("dot: a leaf or a constant alone is a box") {
  CHECK(contains(to_dot(Value(3, "x")), "<b>x</b>"));
  CHECK(contains(to_dot(Value()), "n0 [label=\"0\""));
  const Value x(3, "x");
  const autograd::NoGradGuard guard;
  Value y = x * x;
  CHECK(contains(to_dot(y), "n0 [label=\"9\""));
  y.set_label("nine");
  CHECK(contains(to_dot(y), "<b>nine</b>"));
  CHECK_FALSE(contains(to_dot(y), ">grad<"));
  const Value twice = y + y;
  CHECK(contains(to_dot(twice), "n0 [label=\"18\""));
}

TEST_CASE("dot: a constant with a label is one box for all its uses") {
  const Value x(3, "x");
  std::optional<autograd::NoGradGuard> guard(std::in_place);
  Value nine = x * x;
  nine.set_label("nine");
  guard.reset();
  CHECK(count(to_dot(x * nine + nine), "<b>nine</b>") == 1);
}

TEST_CASE("dot: the same graph gives the same text") {
  const auto text = [] {
    const Reciprocal r;
    r.f.backward();
    return to_dot(r.f);
  };
  const std::string first = text();
  const Value other(1, "other");
  const Value kept = other * 2;
  CHECK(text() == first);
  std::string elsewhere;
  std::thread([&] { elsewhere = text(); }).join();
  CHECK(elsewhere == first);
}

TEST_CASE("dot: drawing changes nothing") {
  const Reciprocal r;
  r.f.backward();
  const auto before = autograd::graph_statistics();
  const std::string text = to_dot(r.f);
  CHECK(autograd::graph_statistics().operations == before.operations);
  CHECK(autograd::graph_statistics().edges == before.edges);
  CHECK(r.w0.grad() == -0.75);
  CHECK(to_dot(r.f) == text);
}

TEST_CASE("dot: labels are shown as they are") {
  const Names labels{"a\"b\n<c>",
                     "\\N \\G \\n \\",
                     "]]> --> &amp; & &#0;",
                     "   ",
                     "\t\x01\x7f",
                     "\xff \xc3",
                     "\xed\xa0\x80 \xef\xbf\xbf \xc0\xaf \xe0\x80\xaf \xc2\x85",
                     "∂L/∂w₀ 日本 😀",
                     "\n"};
  std::string text;
  Value all;
  for (const std::string& label : labels) all += Value(1, label);
  text = to_dot(all, {.title = "a \"title\" <1>\n& more"});
  golden::check("labels.dot", text);
  CHECK(contains(text, "<b>a&quot;b<br/>&lt;c&gt;</b>"));

  SUBCASE("a long one is cut, between characters") {
    std::string longest;
    for (int i = 0; i < 41; ++i) longest += "ü";
    const std::string cut = longest.substr(0, 80) + "…";
    CHECK(contains(to_dot(Value(1, longest)), "<b>" + cut + "</b>"));
    CHECK(contains(to_dot(Value(1, cut.substr(0, 80))), "<b>" + cut.substr(0, 80) + "</b>"));
  }
  SUBCASE("Graphviz reads all of them") {
    if (!dot_is_installed()) return;
    const Directory directory("labels");
    const fs::path picture = directory.path / "labels.svg";
    render(all, picture, {.title = std::string(100'000, '"')});
    const std::string svg = golden::read(picture);
    CHECK(contains(svg, ">a&quot;b<"));
    CHECK(contains(svg, ">&lt;c&gt;<"));
    CHECK(contains(svg, ">\\N \\G \\n \\<"));
    CHECK(contains(svg, ">]]&gt; &#45;&#45;&gt; &amp;amp; &amp; &amp;#0;<"));
    CHECK(contains(svg, ">∂L/∂w₀ 日本 😀<"));
  }
}

TEST_CASE("dot: numbers have as many digits as are asked for") {
  const Value x(1.0 / 3, "x");
  CHECK(contains(to_dot(x, {.digits = 2}), ">0.33<"));
  CHECK_THROWS_WITH_AS(to_dot(x, {.digits = 0}),
                       "to_dot(): options.digits must be from 1 to 17, not 0", Error);
  CHECK_THROWS_AS(to_dot(x, {.digits = 18}), Error);
}

TEST_CASE("dot: NaN and infinity stand out") {
  const Value x(-1, "x");
  const Value y = log(x) + 1 / (x + 1);
  y.backward();
  const std::string text = to_dot(y);
  CHECK(contains(line_with(text, "n0 "), ">-1</td>"));
  CHECK(contains(line_with(text, "n0 "), "<font color=\"#B0003A\">NaN</font>"));
  CHECK(contains(text, "<font color=\"#B0003A\">inf</font>"));
}

TEST_CASE("dot: a deep graph is drawn without recursion") {
  const Value x(1.0, "x");
  Value y = x;
  for (int i = 0; i < 100'000; ++i) y = tanh(y);
  y.backward();
  CHECK(count(to_dot(y), "label=<tanh>") == 100'000);
}
