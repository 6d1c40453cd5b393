// NoGradGuard: what is computed under it is a constant.

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>

using autograd::NoGradGuard;
using autograd::sum;
using autograd::Value;
using graphs::data_of;

namespace {

using Numbers = std::vector<double>;

}  // namespace

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
    const Value one = 1;  // a leaf, where a temporary Value(1) would be a plain number
    s += a * one;
    s += b * one;
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
