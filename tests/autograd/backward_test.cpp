// What backward() computes, and the order in which topological_order() lists nodes.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

using autograd::sum;
using autograd::topological_order;
using autograd::Value;
using graphs::data_of;
using graphs::labels_of;

namespace {

using Numbers = std::vector<double>;
using Names = std::vector<std::string_view>;

std::size_t operations() { return autograd::graph_statistics().operations; }

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
