// Value as a handle: copies and moves, default construction, detach(), many handles to one node.

#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::sum;
using autograd::Value;

namespace {

// std::move() to whoever looks for uses after it: here they are what is tested.
Value&& given(Value& x) { return std::move(x); }

autograd::GraphStatistics graph() { return autograd::graph_statistics(); }

}  // namespace

// ---- copies, moves, default construction ----

TEST_CASE("copy: names the same node") {
  Value a = 2;
  Value copy = a;
  copy.set_data(5);
  copy.set_label("a");
  (3 * copy).backward();
  CHECK(a.data() == 5);
  CHECK(a.label() == "a");
  CHECK(a.grad() == 3);
  copy = Value(7);
  CHECK(a.data() == 5);
}

TEST_CASE("copy: assignment to itself changes nothing") {
  const Value a = 2;
  Value y = a * 3;
  const Value& alias = y;
  y = alias;
  y.backward();
  CHECK(y.data() == 6);
  CHECK(a.grad() == 3);
}

TEST_CASE("move: the handle goes over, no node comes into being, and 0 stays behind") {
  const Value a = 2;
  Value y = a * 3;
  const auto before = graph().operations;
  SUBCASE("by construction") {
    const Value target = given(y);
    CHECK(target.data() == 6);
    CHECK(graph().operations == before);
  }
  SUBCASE("by assignment") {
    Value target = 4;
    target = given(y);
    CHECK(target.data() == 6);
    CHECK(graph().operations == before);
  }
  SUBCASE("by assignment to a result, which is let go") {
    Value target = a * 4;
    target = given(y);
    CHECK(target.data() == 6);
  }
  SUBCASE("into a sum that grows by it") {
    Value target = 1;
    target += given(y);
    CHECK(target.data() == 7);
  }
  CHECK(y.data() == 0);
  CHECK(y.is_leaf());
  CHECK((y + 1).data() == 1);
}

TEST_CASE("move: assignment to itself does no harm") {
  const Value a = 2;
  Value y = a * 3;
  Value& alias = y;
  y = std::move(alias);
  CHECK((y.data() == 6 || y.data() == 0));
  y = a * 5;
  CHECK(y.data() == 10);
}

TEST_CASE("move: cannot throw, so that containers move and do not copy") {
  CHECK(std::is_nothrow_move_constructible_v<Value>);
  CHECK(std::is_nothrow_move_assignable_v<Value>);
  CHECK(std::is_nothrow_swappable_v<Value>);
}

TEST_CASE("default-constructed: is the constant 0") {
  Value zero;
  const Value a = 2;
  CHECK(zero.data() == 0);
  CHECK(zero.is_leaf());
  CHECK_FALSE(zero.has_grad());
  CHECK(zero.label() == "");
  CHECK(zero.inputs().empty());
  SUBCASE("usable in expressions") {
    const Value y = (zero + a) * 3 + zero * a;
    y.backward();
    CHECK(y.data() == 6);
    CHECK(a.grad() == 3);
  }
  SUBCASE("without a gradient, as a constant") {
    (zero * 3 + a).backward();
    CHECK(zero.grad() == 0);
    CHECK(Value().grad() == 0);
    CHECK_FALSE(Value().has_grad());
  }
  SUBCASE("its own root") {
    CHECK_THROWS_AS(zero.backward(), autograd::Error);
    CHECK(zero.data() == 0);
    CHECK(Value().data() == 0);
    CHECK(Value().grad() == 0);
  }
  SUBCASE("its own root, before anything else has been recorded") {
    helpers::on_a_fresh_graph([] {
      const Value first;
      CHECK_THROWS_AS(first.backward(), autograd::Error);
      CHECK(first.data() == 0);
      CHECK(first.grad() == 0);
    });
    helpers::on_a_fresh_graph([] { CHECK(Value().data() == 0); });
  }
  SUBCASE("a leaf of its own once a number or a label is put in") {
    Value other;
    zero.set_data(3);
    other.set_label("other");
    CHECK(zero.data() == 3);
    CHECK(other.label() == "other");
    CHECK(other.data() == 0);
    CHECK(Value().data() == 0);
    CHECK(Value().label() == "");
  }
  SUBCASE("nothing to set to 0") {
    zero.zero_grad();
    CHECK_FALSE(zero.has_grad());
  }
  SUBCASE("start of a sum") {
    zero += a;
    zero += a * a;
    zero.backward();
    CHECK(zero.data() == 6);
    CHECK(a.grad() == 5);
  }
}

TEST_CASE("detach: gives a new leaf with the same data that does not lead back") {
  const Value a = 2;
  Value y = a * a;
  Value d = y.detach();
  (d * 3).backward();
  CHECK(d.data() == 4);
  CHECK(d.is_leaf());
  CHECK(d.grad() == 3);
  CHECK(a.grad() == 0);
  CHECK_FALSE(a.has_grad());
  d.set_data(9);
  CHECK(y.data() == 4);
}

TEST_CASE("detach: of a leaf is another leaf") {
  const Value a = 2;
  (a.detach() * 3).backward();
  CHECK_FALSE(a.has_grad());
}

// ---- many handles to one node ----

TEST_CASE("copies: there may be more of a node than a counter in it holds") {
  helpers::on_a_fresh_graph([] {
    Value leaf = 2;
    Value result = leaf * 3;
    const auto before = graph();
    for (const std::size_t count : {253u, 254u, 255u, 256u, 257u, 1000u, 100'000u}) {
      CAPTURE(count);
      std::vector<Value> leaves(count, leaf), results(count, result);
      const Value y = leaves.back() * results.front() + results.back();
      leaf.zero_grad();
      y.backward();
      CHECK(y.data() == 18);
      CHECK(leaf.grad() == 15);
      CHECK(leaf.data() == leaves[count / 2].data());
      CHECK(result.op() == "mul");
      CHECK_FALSE(leaf.label() == "mul");
    }
    CHECK(graph().operations == before.operations);
    CHECK(graph().leaves == before.leaves);
  });
}

TEST_CASE("copies: the node lives until the last of many goes, in whatever order they go") {
  helpers::on_a_fresh_graph([] {
    const auto before = graph();
    std::vector<Value> leaves, results;
    {
      const Value leaf = 2, result = leaf * 3;
      leaves.assign(600, leaf);
      results.assign(600, result);
    }
    leaves.erase(leaves.begin(), leaves.begin() + 300);
    results.erase(results.begin() + 100, results.begin() + 400);
    leaves.insert(leaves.end(), 200, leaves.front());
    results.resize(1);
    leaves.resize(1);
    CHECK(leaves[0].data() == 2);
    CHECK(results[0].data() == 6);
    results[0].backward();
    CHECK(leaves[0].grad() == 3);
    CHECK(graph().operations == before.operations + 1);
    results.clear();
    CHECK(graph().operations == before.operations);
    leaves.clear();
    CHECK(graph().leaves == before.leaves);
  });
}
