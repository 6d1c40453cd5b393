// Leaves that are used again: none is given away while a handle or a graph needs it.

#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;

TEST_CASE("lifetime: a leaf that a living graph came from is not given to another Value") {
  Value a = 2, b = 3;
  const Value kept = a * b;
  std::vector<Value> others;
  a = Value(5);
  b = Value(6);
  for (int i = 0; i < 10'000; ++i) {
    Value passing = i;
    others.emplace_back(-i);
  }
  kept.backward();
  CHECK_FALSE(a.has_grad());
  CHECK_FALSE(b.has_grad());
  for (const Value& other : others) REQUIRE_FALSE(other.has_grad());
  CHECK(kept.inputs()[0].data() == 2);
  CHECK(kept.inputs()[0].grad() == 3);
  CHECK(kept.inputs()[1].grad() == 2);
}

TEST_CASE("lifetime: replaced leaves of many graphs, each differentiated later") {
  Value w = 1;
  std::vector<Value> graphs;
  for (int i = 1; i <= 1000; ++i) {
    graphs.push_back(w * i);
    w = Value(i + 1);
  }
  for (const Value& each : graphs) each.backward();
  CHECK_FALSE(w.has_grad());
  for (int i = 1; i <= 1000; ++i) {
    const std::vector<Value> inputs = graphs[static_cast<std::size_t>(i) - 1].inputs();
    REQUIRE(inputs[1].data() == i);
    REQUIRE(inputs[1].grad() == i);
  }
}

TEST_CASE("lifetime: a leaf used again starts without gradient, label and old number") {
  helpers::on_a_fresh_graph([] {
    for (int i = 0; i < 1000; ++i) {
      Value a(7, "a");
      (a * 5).backward();
    }
    std::vector<Value> fresh(500);
    for (Value& each : fresh) each = Value(1);
    for (const Value& each : fresh) {
      REQUIRE(each.data() == 1);
      REQUIRE_FALSE(each.has_grad());
      REQUIRE(each.label() == "");
    }
  });
}

TEST_CASE("lifetime: a leaf found again through a graph stays, though its first handle has gone") {
  std::vector<Value> found;
  {
    Value y;
    {
      const Value a(2, "a");
      y = a * a;
    }
    found = y.inputs();
  }
  std::vector<Value> others;
  others.reserve(1000);
  for (int i = 0; i < 1000; ++i) others.emplace_back(i);
  CHECK(found[0].data() == 2);
  CHECK(found[0].label() == "a");
  found.pop_back();
  found[0].backward();
  CHECK(found[0].grad() == 1);
  for (const Value& other : others) REQUIRE_FALSE(other.has_grad());
}

TEST_CASE("lifetime: a leaf found again through a graph is let go like any other") {
  helpers::on_a_fresh_graph([] {
    {
      Value y;
      {
        const Value a = 2;
        y = a * a;
      }
      std::vector<Value> found = y.inputs();
      for (int i = 0; i < 1000; ++i) const Value passing = i;
      found.clear();
      for (int i = 0; i < 1000; ++i) const Value passing = i;
    }
    CHECK(autograd::graph_statistics().leaves == 0);
  });
}

TEST_CASE("lifetime: a leaf made where places were used again is not given away") {
  helpers::on_a_fresh_graph([] {
    autograd::detail::tape.reclaiming = autograd::detail::Reclaiming::kAlways;
    const Value x = 2;
    Value before = x * x * x, behind = x * x * x;
    before = Value();
    Value in_the_gap = x * 3.0;  // the place of `before`
    in_the_gap = Value();
    Value leaf = 5;
    behind = Value();  // the graph is empty, and begins at its first place
    const Value y = leaf * 2.0;
    leaf = Value();
    const std::vector<Value> others = autograd::leaves(100);
    y.backward();
    for (const Value& other : others) CHECK_FALSE(other.has_grad());
  });
}
