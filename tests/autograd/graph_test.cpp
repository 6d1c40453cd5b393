// What backward() computes, in what order nodes come, sums that grow in place, NoGradGuard.

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

using autograd::NoGradGuard;
using autograd::sum;
using autograd::topological_order;
using autograd::Value;
using graphs::data_of;
using graphs::labels_of;

namespace {

using Numbers = std::vector<double>;
using Names = std::vector<std::string_view>;

std::size_t operations() { return autograd::graph_statistics().operations; }
std::size_t edges() { return autograd::graph_statistics().edges; }

}  // namespace

// ---- backward ----

TEST_CASE("backward: a value used twice receives the sum of both gradients") {
  const Value a = 3;
  const Value y = a * a + 2 * a;
  y.backward();
  CHECK(y.data() == 15);
  CHECK(a.grad() == 8);
}

TEST_CASE("backward: a value used a hundred thousand times receives the sum of all") {
  const Value a = 3, b = 5;
  Value y = 0;
  for (int i = 0; i < 50'000; ++i) y = (y + a) - b * a;
  y.backward();
  CHECK(a.grad() == 50'000 * (1 - 5));
  CHECK(b.grad() == 50'000 * -3);
}

TEST_CASE("backward: 28 doublings cost 28 nodes and double the gradient each time") {
  const Value a = 3;
  const auto before = operations();
  Value y = a;
  for (int i = 0; i < 28; ++i) y = y + y;
  CHECK(operations() == before + 28);
  y.backward();
  CHECK(y.data() == 3 * 0x1p28);
  CHECK(a.grad() == 0x1p28);
}

TEST_CASE("backward: paths of different length meet") {
  const Value a = 2;
  const Value long_way = exp(log(square(a))), short_way = 3 * a;
  const Value y = long_way * short_way;  // 3 a^3
  y.backward();
  CHECK(a.grad() == doctest::Approx(36));
  CHECK(long_way.grad() == 6);
  CHECK(short_way.grad() == doctest::Approx(4));
}

TEST_CASE("backward: twice adds to leaves and overwrites between, never a mixture") {
  const Value a = 2;
  const Value b = a * a, c = 3 * b;
  c.backward();
  CHECK(a.grad() == 12);
  CHECK(b.grad() == 3);
  CHECK(c.grad() == 1);
  c.backward();
  CHECK(a.grad() == 24);
  CHECK(b.grad() == 3);
  CHECK(c.grad() == 1);
}

TEST_CASE("backward: on a leaf adds 1 to its gradient") {
  const Value a = 2;
  a.backward();
  CHECK(a.grad() == 1);
  CHECK(a.has_grad());
  a.backward();
  CHECK(a.grad() == 2);

  const Value between = a * 3.0;
  (between * 2.0).backward();
  CHECK(between.grad() == 2);
  a.backward();
  CHECK(between.grad() == 0);  // as after any backward pass that it has no part in
}

TEST_CASE("backward: on an interior node leaves what came after it alone") {
  const Value a = 2;
  const Value b = a * a, c = 5 * b, d = c * b;
  b.backward();
  CHECK(a.grad() == 4);
  CHECK(b.grad() == 1);
  CHECK(c.grad() == 0);
  CHECK(d.grad() == 0);
  a.zero_grad();
  c.backward();
  CHECK(a.grad() == 20);
  CHECK(b.grad() == 5);
  CHECK(c.grad() == 1);
  CHECK(d.grad() == 0);
}

TEST_CASE("backward: a smaller root after a larger one does not see the larger one's gradients") {
  const Value a = 2;
  const Value b = a * a, c = 5 * b, d = c * c;
  d.backward();
  CHECK(a.grad() == 800);
  a.zero_grad();
  b.backward();
  CHECK(a.grad() == 4);
  CHECK(b.grad() == 1);
  d.backward();
  CHECK(a.grad() == 804);
  CHECK(c.grad() == 40);
  CHECK(b.grad() == 200);
}

TEST_CASE("backward: several roots with a shared part add up in the leaves") {
  const Value a = 2, b = 3;
  const Value shared = a * b;
  const Value first = sin(shared), second = 4 * shared, third = a + second;
  second.backward();
  CHECK(a.grad() == 12);
  third.backward();
  CHECK(a.grad() == 12 + 13);
  CHECK(b.grad() == 8 + 8);
  CHECK(shared.grad() == 4);
  first.backward();
  CHECK(shared.grad() == std::cos(6.0));
  CHECK(a.grad() == doctest::Approx(25 + 3 * std::cos(6.0)));
}

TEST_CASE("backward: an older graph can be used again after newer ones have come and gone") {
  const Value a = 2;
  const Value kept = a * a * a;
  {
    Value y = a;
    for (int i = 0; i < 5'000; ++i) y = y * 1.0001;
    y.backward();
  }
  a.zero_grad();
  const Value newer = 7 * a;
  kept.backward();
  CHECK(a.grad() == 12);
  newer.backward();
  CHECK(a.grad() == 19);
}

TEST_CASE("backward: a new graph on an old one flows through the old one") {
  const Value a = 2;
  const Value kept = a * a;
  for (int i = 1; i <= 3; ++i) {
    a.zero_grad();
    const Value y = kept * i;
    y.backward();
    CHECK(a.grad() == 4 * i);
    CHECK(kept.grad() == i);
  }
}

TEST_CASE("backward: the same leaf of a thousand graphs gathers from each") {
  const Value a = 2;
  std::vector<Value> roots;
  roots.reserve(1000);
  for (int i = 0; i < 1000; ++i) roots.push_back(a * i);
  for (const Value& root : roots) root.backward();
  CHECK(a.grad() == 999 * 1000 / 2);
  a.zero_grad();
  std::for_each(roots.rbegin(), roots.rend(), [](const Value& root) { root.backward(); });
  CHECK(a.grad() == 999 * 1000 / 2);
}

TEST_CASE(
    "backward: a root below the top is right however the graph has grown since the last one") {
  helpers::on_a_fresh_graph([] {
    const Value a = 2;
    std::vector<Value> roots;
    roots.reserve(20'010);
    for (int i = 0; i < 10; ++i) roots.push_back(a * 3);
    roots[3].backward();
    for (int i = 0; i < 20'000; ++i) roots.push_back(square(a));
    a.zero_grad();
    roots[19'000].backward();
    CHECK(a.grad() == 4);
    roots[4].backward();
    CHECK(a.grad() == 7);
  });
}

TEST_CASE("backward: NaN and infinity flow, where 0 flows nothing does") {
  const Value a = 0, b = 2;
  const Value y = log(a) * b;
  y.backward();
  CHECK(std::isinf(a.grad()));
  CHECK(std::isinf(b.grad()));
  const Value dead = 0 * log(a) + b;
  a.zero_grad();
  b.zero_grad();
  dead.backward();
  CHECK(a.grad() == 0);
  CHECK(b.grad() == 1);
}

// ---- topological_order ----

TEST_CASE("topological_order: has each node once, inputs before what uses them, the root last") {
  Value a(2, "a"), b(3, "b");
  Value p = a * b;
  p.set_label("p");
  Value q = p + a;
  q.set_label("q");
  const Value elsewhere = b * 7;
  Value y = q * p;
  y.set_label("y");
  const Value later = y * elsewhere;
  CHECK(labels_of(topological_order(y)) == Names{"a", "b", "p", "q", "y"});
}

TEST_CASE("topological_order: of a leaf is that leaf") {
  const Value a(2, "a");
  CHECK(labels_of(topological_order(a)) == Names{"a"});
  CHECK(data_of(topological_order(Value())) == Numbers{0});
}

TEST_CASE("topological_order: plain numbers are not among the nodes") {
  const Value a = 2;
  const Value y = 5 * a + 1;
  CHECK(data_of(topological_order(y)) == Numbers{2, 10, 11});
}

TEST_CASE("topological_order: 28 doublings are 29 nodes") {
  Value y = 3;
  for (int i = 0; i < 28; ++i) y = y + y;
  CHECK(topological_order(y).size() == 29);
}

TEST_CASE("topological_order: what it returns keeps the nodes, and is let go with them") {
  const auto before = operations();
  std::vector<Value> order;
  {
    const Value a = 2;
    order = topological_order(exp(a) * a);
  }
  CHECK(operations() == before + 2);
  order.back().backward();
  CHECK(order.front().grad() == doctest::Approx(3 * std::exp(2.0)));
  order.clear();
  CHECK(operations() == before);
}

// ---- compound assignment ----

TEST_CASE("compound assignment: does what the operation does, with Values and plain numbers") {
  const Value a = 3, b = 4;
  Value y = a;
  y *= b;
  y -= a;
  y /= b;
  y += b;
  y *= 2;
  y -= 1;
  y /= 4;
  y += 0.5;  // (2 (a - a/b + b) - 1) / 4 + 1/2
  y.backward();
  CHECK(y.data() == 3.375);
  CHECK(a.grad() == 0.5 - 0.125);
  CHECK(b.grad() == 0.5 + 3.0 / 32);
  CHECK(a.data() == 3);
}

TEST_CASE("compound assignment: leaves other handles of the old value alone") {
  const Value a = 3;
  Value y = a;
  const Value& alias = y;
  y += a;
  y *= a;
  y -= alias;
  CHECK(a.data() == 3);
  y.backward();
  CHECK(a.grad() == 0);
  CHECK(a.is_leaf());
}

TEST_CASE("growing sum: s += x * y is one node, drawn and differentiated as a dot product") {
  const std::vector<Value> x = {2, 3, 4}, y = {5, 6, 7};
  const auto before = operations();
  Value s = 1;
  for (std::size_t i = 0; i < 3; ++i) s += x[i] * y[i];
  CHECK(operations() == before + 1);
  CHECK(s.op() == "dot");
  CHECK(s.data() == 1 + 10 + 18 + 28);
  Numbers factors = data_of(s.inputs());
  CHECK(factors.size() == 8);
  double value = 0;
  for (std::size_t i = 0; i < 8; i += 2) value += factors[i] * factors[i + 1];
  CHECK(value == s.data());
  s.backward();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(x[i].grad() == y[i].data());
    CHECK(y[i].grad() == x[i].data());
  }
}

TEST_CASE("growing sum: s += number * x is one node with one edge a term") {
  const std::vector<Value> x = {2, 3, 4};
  Value s = x[0] * 1;
  const auto nodes = operations(), before = edges();
  for (int i = 0; i < 3; ++i) s += (i + 5) * x[static_cast<std::size_t>(i)];
  CHECK(operations() == nodes + 1);
  CHECK(edges() == before + 4);
  CHECK(s.op() == "sum");
  Numbers slopes = s.local_derivatives();
  std::sort(slopes.begin(), slopes.end());
  CHECK(slopes == Numbers{1, 5, 6, 7});
  CHECK(s.data() == 2 + 10 + 18 + 28);
  s.backward();
  CHECK(x[0].grad() == 6);
  CHECK(x[1].grad() == 6);
  CHECK(x[2].grad() == 7);
}

TEST_CASE("growing sum: s += x is one node") {
  const std::vector<Value> x = {2, 3, 4};
  const auto before = operations();
  Value s = 1;
  for (const Value& each : x) s += each;
  CHECK(operations() == before + 1);
  CHECK(s.op() == "sum");
  CHECK(data_of(s.inputs()) == Numbers{1, 2, 3, 4});
  CHECK(s.local_derivatives() == Numbers{1, 1, 1, 1});
  s.backward();
  CHECK(x[2].grad() == 1);
}

TEST_CASE("growing sum: the sum started from stays a leaf with its own gradient") {
  const Value bias = 1, x = 2, w = 3;
  Value s = bias;
  s += w * x;
  s += w * w;
  s.backward();
  CHECK(bias.data() == 1);
  CHECK(bias.grad() == 1);
  CHECK(w.grad() == 8);
}

TEST_CASE("growing sum: kinds of terms mix") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a;
  s += a * b;
  s += 5 * a;
  s += b * b;
  s += b;
  s += 1;
  s += sin(a);
  s += a * 2;
  s.backward();
  CHECK(s.data() == doctest::Approx(2 + 6 + 10 + 9 + 3 + 1 + std::sin(2.0) + 4));
  CHECK(a.grad() == doctest::Approx(1 + 3 + 5 + std::cos(2.0) + 2));
  CHECK(b.grad() == 2 + 6 + 1);
}

TEST_CASE("growing sum: does not grow under the eyes of another handle") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("of a dot product") {
    s += a * b;
    const Value seen = s;
    s += a * b;
    CHECK(seen.data() == 6);
    CHECK(seen.inputs().size() == 4);
    CHECK(s.data() == 12);
    seen.backward();
    CHECK(a.grad() == 3);
  }
  SUBCASE("of a sum, by a value") {
    s += a;
    const Value seen = s;
    s += a;
    CHECK(seen.data() == 2);
    CHECK(seen.inputs().size() == 2);
    CHECK(s.data() == 4);
  }
  SUBCASE("of a sum, by a scaled value") {
    s += 5 * a;
    const Value seen = s;
    s += 5 * a;
    CHECK(seen.data() == 10);
    CHECK(s.data() == 20);
    s.backward();
    CHECK(a.grad() == 10);
  }
  SUBCASE("one of many") {
    s += a;
    const std::vector<Value> seen(300, s);
    s += a;
    CHECK(seen[299].data() == 2);
    CHECK(s.data() == 4);
  }
}

TEST_CASE("growing sum: grows again when the other handle has gone") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  std::optional<Value> seen = s;
  seen.reset();
  const auto before = operations();
  s += a * b;
  CHECK(operations() == before);
  CHECK(s.data() == 12);
}

TEST_CASE("growing sum: does not take the label of what it was along") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("of a dot product") {
    s += a * b;
    s.set_label("first");
    s += a * b;
  }
  SUBCASE("of a sum") {
    s += a;
    s.set_label("first");
    s += a;
  }
  CHECK(s.label() == "");
  bool found = false;
  for (const Value& node : topological_order(s)) found = found || node.label() == "first";
  CHECK(found);
}

TEST_CASE("growing sum: takes a labelled or named product as it is") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  SUBCASE("labelled") {
    Value product = a * b;
    product.set_label("product");
    s += std::move(product);
    Names labels = labels_of(topological_order(s));
    CHECK(std::count(labels.begin(), labels.end(), "product") == 1);
  }
  SUBCASE("named") {
    const Value product = a * b;
    s += product;
    CHECK(product.data() == 6);
    CHECK(product.op() == "mul");
    CHECK(product.inputs().size() == 2);
  }
  SUBCASE("named twice, moved once") {
    Value product = a * b;
    const Value seen = product;
    s += std::move(product);
    CHECK(seen.op() == "mul");
    CHECK(seen.data() == 6);
  }
  s.backward();
  CHECK(s.data() == 12);
  CHECK(a.grad() == 6);
  CHECK(b.grad() == 4);
}

TEST_CASE("growing sum: a sum that is used before it grows keeps what was made of it") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  const Value y = s * s;
  s += a * b;
  y.backward();
  CHECK(y.data() == 36);
  CHECK(a.grad() == 36);
  CHECK(s.data() == 12);
}

TEST_CASE("growing sum: the sum itself may be among the terms") {
  const Value a = 2, w = 3;
  Value s = 0;
  SUBCASE("s += s of a sum") {
    s += a;
    s += s;
    s.backward();
    CHECK(s.data() == 4);
    CHECK(a.grad() == 2);
  }
  SUBCASE("s += s of a dot product") {
    s += a * w;
    s += s;
    s.backward();
    CHECK(s.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s += s * w") {
    s += a * w;
    s += s * w;  // a w + a w^2
    s.backward();
    CHECK(s.data() == 24);
    CHECK(a.grad() == 12);
    CHECK(w.grad() == 2 + 2 * 2 * 3);
  }
  SUBCASE("s += w * s") {
    s += a * w;
    s += w * s;
    s.backward();
    CHECK(a.grad() == 12);
    CHECK(w.grad() == 14);
  }
  SUBCASE("s += 5 * s of a sum") {
    s += a;
    s += 5 * s;
    s.backward();
    CHECK(s.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s += s * s") {
    s += a * w;
    s += s * s;
    s.backward();
    CHECK(s.data() == 42);
    CHECK(a.grad() == 3 + 2 * 6 * 3);
  }
  SUBCASE("s += move(s) of a product") {
    Value p = a * w;
    Value& alias = p;
    p += std::move(alias);
    p.backward();
    CHECK(p.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s -= s") {
    s += a;
    const Value& alias = s;
    s -= alias;
    s.backward();
    CHECK(s.data() == 0);
    CHECK(a.grad() == 0);
  }
}

TEST_CASE("growing sum: a product moved in from further down is a term like any other") {
  const Value a = 2, b = 3;
  Value product = a * b;
  const Value above = sin(a);
  Value s = 0;
  s += above;
  s += std::move(product);
  s.backward();
  CHECK(s.data() == doctest::Approx(6 + std::sin(2.0)));
  CHECK(a.grad() == doctest::Approx(3 + std::cos(2.0)));
}

TEST_CASE("growing sum: after a backward pass it is a new value without a gradient") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("by values") {
    s += a;
    s += a;
    s.backward();
    s += a;
    s += a;
  }
  SUBCASE("by scaled values") {
    s += 2 * a;
    s.backward();
    s += 2 * a;
  }
  SUBCASE("by products") {
    s += a * b;
    s += a;
    s.backward();
    s += a * b;
    s -= 3 * a;
  }
  CHECK(s.grad() == 0);
  CHECK_FALSE(s.has_grad());
  a.zero_grad();
  s.backward();
  s.backward();
  CHECK(a.grad() == 8);
  CHECK(s.grad() == 1);
}

TEST_CASE("growing sum: two sums that grow in turn do not mix") {
  const Value a = 2, b = 3;
  Value s = 0, t = 0;
  for (int i = 0; i < 10; ++i) {
    s += a * b;
    t += a * a;
    s += a;
    t += 2 * b;
  }
  s.backward();
  CHECK(s.data() == 80);
  CHECK(a.grad() == 40);
  CHECK(b.grad() == 20);
  a.zero_grad();
  b.zero_grad();
  t.backward();
  CHECK(t.data() == 100);
  CHECK(a.grad() == 40);
  CHECK(b.grad() == 20);
}

TEST_CASE("growing sum: one of more terms than a node counts becomes several") {
  const Value a = 2, b = 3;
  Value s = 0;
  const auto before = operations();
  SUBCASE("values") {
    for (int i = 0; i < 200'000; ++i) s += a;
    s *= 3;
  }
  SUBCASE("scaled values") {
    for (int i = 0; i < 200'000; ++i) s += 3 * a;
  }
  SUBCASE("products") {
    for (int i = 0; i < 200'000; ++i) s += a * b;
  }
  CHECK(s.data() == 1'200'000);
  CHECK(operations() - before < 10);
  s.backward();
  CHECK(a.grad() == 600'000);
}

TEST_CASE("growing sum: s += f() may throw in the middle and leaves s as it was") {
  const Value a = 2;
  Value s = 0;
  s += a * a;
  const auto before = operations();
  const auto broken = []() -> Value { throw std::runtime_error("broken"); };
  CHECK_THROWS_AS(s += a * a * broken(), std::runtime_error);
  CHECK(operations() == before);
  s += a * a;
  s.backward();
  CHECK(s.data() == 8);
  CHECK(a.grad() == 8);
}

// ---- NoGradGuard ----

TEST_CASE("NoGradGuard: what is computed under it is a constant") {
  const Value a = 2;
  Value y;
  {
    const NoGradGuard guard;
    y = sin(a) * a + 1;
    CHECK(y.is_leaf());
    CHECK(y.inputs().empty());
    CHECK(y.op() == "");
  }
  CHECK(y.data() == std::sin(2.0) * 2 + 1);
  CHECK(y.is_leaf());
  (y * a).backward();
  CHECK(a.grad() == y.data());
}

TEST_CASE("NoGradGuard: leaves are made and differentiated again after it") {
  Value made;
  {
    const NoGradGuard guard;
    made = Value(3, "made");
  }
  const Value y = made * made;
  y.backward();
  CHECK(made.grad() == 6);
  CHECK(made.label() == "made");
}

TEST_CASE("NoGradGuard: nested ones end with the outermost") {
  const Value a = 2;
  {
    const NoGradGuard outer;
    const Value before = a * a;
    Value inside;
    {
      const NoGradGuard inner;
      inside = a * before;
    }
    const Value after = inside * a, last = sin(after) * a;
    for (const Value& each : {before, inside, after, last}) {
      CHECK(each.is_leaf());
      CHECK_THROWS_AS(each.backward(), autograd::Error);
    }
  }
  CHECK_FALSE(a.has_grad());
  (a * a).backward();
  CHECK(a.grad() == 4);
}

TEST_CASE("NoGradGuard: an exception ends it") {
  const Value a = 2;
  try {
    const NoGradGuard guard;
    const Value y = a * a;
    throw std::runtime_error("broken");
  } catch (const std::runtime_error&) {
  }
  (a * a).backward();
  CHECK(a.grad() == 4);
}

TEST_CASE("NoGradGuard: a graph from before it can be differentiated under it") {
  const Value a = 2;
  const Value before = a * a, top = 3 * before;
  const NoGradGuard guard;
  const Value constant = 5 * top;
  before.backward();
  CHECK(a.grad() == 4);
  top.backward();
  CHECK(a.grad() == 16);
  CHECK_THROWS_AS(constant.backward(), autograd::Error);
  CHECK(a.grad() == 16);
  CHECK(top.grad() == 1);
}

TEST_CASE("NoGradGuard: nothing is kept for what is computed under it") {
  const Value a = 2;
  const auto before = autograd::graph_statistics();
  const NoGradGuard guard;
  Value y = 1;
  for (int i = 0; i < 10'000; ++i) y = sin(y * a) + sum({a, y, a});
  CHECK(y.inputs().empty());  // and so the last one has let go of its edges too
  CHECK(autograd::graph_statistics().edges == before.edges);
}

TEST_CASE("NoGradGuard: what takes the place of a graph let go under it is a constant too") {
  const Value a = 2;
  std::vector<Value> results;
  results.reserve(10);
  for (int i = 0; i < 10; ++i) results.push_back(a * i);
  const NoGradGuard guard;
  results.clear();
  for (int i = 0; i < 10; ++i) results.push_back(sin(a));
  for (const Value& each : results) CHECK(each.is_leaf());
  CHECK_THROWS_AS(results[5].backward(), autograd::Error);
  CHECK_FALSE(a.has_grad());
}

TEST_CASE("NoGradGuard: a sum from before it does not grow under it") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("by a value") {
    s += a;
    const NoGradGuard guard;
    s += b;
  }
  SUBCASE("by a product") {
    s += a * a;
    s += a;
    const NoGradGuard guard;
    s += b * b;
    s -= 6;
    s -= a;
    s += 2;
  }
  CHECK(s.is_leaf());
  CHECK(s.inputs().empty());
  CHECK_THROWS_AS(s.backward(), autograd::Error);
}

TEST_CASE("NoGradGuard: a sum from under it keeps its number when more is added after it") {
  const Value a = 2, b = 3;
  Value s = 5;
  SUBCASE("by values") {
    {
      const NoGradGuard guard;
      s += a;
      s += b;
    }
    s += a;
    s += b;
    CHECK(s.op() == "sum");
    double total = 0;
    for (const Value& input : s.inputs()) total += input.data();
    CHECK(total == s.data());
  }
  SUBCASE("by products") {
    {
      const NoGradGuard guard;
      s += a * 1;
      s += b * 1;
      s += a * b;
      s -= 6;
      s += Value(1) * Value(0);
    }
    s += a * Value(1);
    s += b * Value(1);
    double total = 0;
    const Numbers factors = data_of(s.inputs());
    for (std::size_t i = 0; i + 1 < factors.size(); i += 2) total += factors[i] * factors[i + 1];
    CHECK(total == s.data());
  }
  CHECK(s.data() == 15);
  s.backward();
  CHECK(a.grad() == 1);
  CHECK(b.grad() == 1);
}

TEST_CASE("NoGradGuard: a product from under it is a constant term of the sum that takes it over") {
  const Value a = 2, b = 3;
  const auto constant = [&] {
    const NoGradGuard guard;
    return a * b;
  };
  Value s = 0;
  SUBCASE("of a function") { s = sin(a); }
  SUBCASE("of a dot product") { s += a * Value(1); }
  SUBCASE("of a sum") { s += a; }
  const double before = s.data();
  s.backward();
  const double slope = a.grad();
  a.zero_grad();
  s += constant();
  CHECK(s.data() == before + 6);
  s.backward();
  CHECK(a.grad() == slope);
  CHECK_FALSE(b.has_grad());
}
