// Compound assignment, and sums that grow in place.

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>

using autograd::sum;
using autograd::Value;
using graphs::data_of;

namespace {

using Numbers = std::vector<double>;

std::size_t operations() { return autograd::graph_statistics().operations; }
std::size_t edges() { return autograd::graph_statistics().edges; }

}  // namespace

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
  CHECK(operations() - before < 30);
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
