// Operations as JavaScript: their numbers are those of the engine. Run by the program node, where it is
// there.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/page/java_script.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>

namespace {

using autograd::Value;
using autograd::detail::GraphView;
using autograd::detail::JavaScript;
using helpers::contains;

bool node_is_installed() {
  static const bool result = std::system("command -v node > /dev/null 2>&1") == 0;
  if (!result) MESSAGE("node is not installed: the JavaScript is not run");
  return result;
}

// A program that compares operations with what the engine says: to 1e-12, relative where it is large.
class Comparison {
 public:
  void add(const Value& y) {
    const GraphView view = autograd::detail::list_graph(y);
    const GraphView::Node& node = view.nodes.back();
    const auto entry = functions_.entry(view, node);
    REQUIRE_MESSAGE(entry, node.op);
    calls_ += "check(\"" + *entry + "\", [";
    for (const auto& operand : view.operands_of(node))
      calls_ += autograd::detail::java_script_number(view.nodes[operand.node].data) + ", ";
    calls_ += "], " + autograd::detail::java_script_number(y.data()) + ", [";
    for (const auto& operand : view.operands_of(node)) {  // of plain numbers there are none
      const bool is_plain = view.nodes[operand.node].is_constant;
      calls_ += (is_plain ? "null" : autograd::detail::java_script_number(operand.partial)) + ", ";
    }
    calls_ += "]);\n";
    ++count_;
  }

  // What differs, and "all" with the number of comparisons.
  std::string run() const {
    const drawings::Directory directory("java_script");
    const std::string program = (directory.path / "p.js").string();
    const std::string output = (directory.path / "out.txt").string();
    std::ofstream(program) << "'use strict';\n"
                           << autograd::detail::java_script_prelude() << functions_.text() << R"(
let count = 0;
const same = (x, y) => Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-12 * Math.max(1, Math.abs(y));
const check = (name, a, value, partials) => {
  ++count;
  const r = OPERATIONS[name].value(a);
  if (!same(r, value)) console.log(name, a, "is", r, "not", value);
  const found = OPERATIONS[name].partials(a, value);
  for (let i = 0; i < partials.length; ++i)
    if (partials[i] !== null && !same(found[i], partials[i])) console.log(name, a, "partial", i, found[i], "not", partials[i]);
};
)" << calls_ << "console.log('all', count);\n";
    const std::string command = "node '" + program + "' > '" + output + "' 2>&1";
    if (std::system(command.c_str()) != 0) MESSAGE("node failed");
    return golden::read(output);
  }
  std::string all() const { return "all " + std::to_string(count_) + "\n"; }

 private:
  JavaScript functions_;
  std::string calls_;
  std::size_t count_ = 0;
};

// Points in the domain: of ordinary size, small, large, whole, and its ends.
std::vector<double> points(autograd::ops::Interval domain, std::mt19937& random) {
  const double low = std::max(domain.low, -6.0), high = std::min(domain.high, 6.0);
  std::vector<double> result{0.0,   1.0,  2.0,   -1.0, 0.5,   1e-9,
                             -1e-9, 40.0, -40.0, 1e-3, 700.0, -31.0};
  std::erase_if(result, [&](double x) { return x < domain.low || x > domain.high; });
  std::uniform_real_distribution<double> anywhere(low, high), near(low / 8, high / 8);
  for (int i = 0; i < 30; ++i) {
    result.push_back(anywhere(random));
    result.push_back(near(random));
  }
  return result;
}

}  // namespace

TEST_CASE("java script: every elementary operation has the engine's value and derivatives") {
  Comparison comparison;
  std::mt19937 random(1);
  for (const operations::Operation& each : operations::all()) {
    const auto& [both, with_right, with_left] = each.on_values;
    std::vector<double> xs = points(each.domain[0], random);
    if (each.arity() == 1) {
      for (const double x : xs) comparison.add(both(x, {}));
      continue;
    }
    std::vector<double> ys = points(each.domain[1], random);
    if (each.info.name == "polygamma")
      for (std::size_t i = 0; i < xs.size(); ++i) xs[i] = static_cast<double>(i % 5);
    std::shuffle(ys.begin(), ys.end(), random);
    for (std::size_t i = 0; i < std::min(xs.size(), ys.size()); ++i) {
      const Value x(xs[i]), y(ys[i]);
      comparison.add(both(x, y));
      comparison.add(with_right(x, ys[i]));
      comparison.add(with_left(xs[i], y));
      comparison.add(with_right(x, xs[i]));  // a tie
      comparison.add(both(x, x));
    }
  }
  if (node_is_installed()) CHECK(comparison.run() == comparison.all());
}

TEST_CASE("java script: operations of many operands, and select") {
  Comparison comparison;
  std::mt19937 random(2);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    for (int i = 0; i < 20; ++i) {
      std::vector<Value> x, y;
      for (std::size_t k = 0; k < n; ++k) {
        x.emplace_back(10 * normal(random));
        y.emplace_back(normal(random));
      }
      comparison.add(autograd::sum(x));
      comparison.add(autograd::mean(x));
      comparison.add(autograd::dot(x, y));
      comparison.add(autograd::norm(x));
      comparison.add(autograd::logsumexp(x));
      for (const Value& each : softmax(x)) comparison.add(each);
      comparison.add(select(gt(x[0], 0.0), y[0], x[0]));
      comparison.add(select(gt(x[0], 0.0), 2.0, x[0]));
    }
  }
  comparison.add(autograd::norm(std::vector<Value>{Value(0), Value(0)}));
  if (node_is_installed()) CHECK(comparison.run() == comparison.all());
}

TEST_CASE(
    "java script: the prelude has what the rules leave over, and nothing of the list is missing") {
  const std::string prelude(autograd::detail::java_script_prelude());
  const std::set<std::string> primitives = autograd::detail::java_script_primitives();
  CHECK(primitives.contains("lgamma"));
  CHECK_FALSE(primitives.contains("sigmoid"));
  for (const std::string& each : primitives) {
    const bool is_there = contains(prelude, "const " + each + " = ") ||
                          contains(prelude, each + ",") || contains(prelude, each + "}");
    CHECK_MESSAGE(is_there, each);
  }
}

TEST_CASE("java script: what has no rule, and what is too long") {
  JavaScript functions;
  const auto entry = [&](const Value& y) {
    const GraphView view = autograd::detail::list_graph(y);
    return functions.entry(view, view.nodes.back());
  };
  const Value x(2, "x");
  const auto half = autograd::custom(
      "half", [](auto a) { return 0.5 * a[0]; }, [](auto) { return 0.5; });
  CHECK_FALSE(entry(half(x)));
  CHECK_FALSE(entry(autograd::sum(std::vector<Value>(513, x))));
  CHECK(*entry(autograd::sum(std::vector<Value>(512, x))) == "sum_512");
  CHECK(*entry(2 * x) == "mul_n");
}

TEST_CASE("java script: numbers and texts") {
  using autograd::detail::java_script_number;
  using autograd::detail::java_script_string;
  CHECK(java_script_number(-0.1) == "(-0.1)");
  CHECK(java_script_number(HUGE_VAL) == "Infinity");
  CHECK(java_script_string("a\"</script>\n'\\\xff\u2028é") ==
        "\"a\\u0022\\u003c/script\\u003e\\u000a\\u0027\\u005c\\ufffd\\u2028é\"");
}
