// Graphs of ten million operations: no recursion anywhere, and no more than one node each.

#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <autograd/statistics.hpp>
#include <tests/support/helpers.hpp>

using autograd::graph_statistics;
using autograd::sum;
using autograd::topological_order;
using autograd::Value;

namespace {

const auto kDepth = static_cast<std::size_t>(helpers::scaled(10'000'000, 1'000'000));
const auto kListed = static_cast<std::size_t>(helpers::scaled(1'000'000, 300'000));

// What `f` leaves on the graph per step, when called for n steps. What it returns keeps it there.
template <class F> double operations_per_step(std::size_t n, const F& f) {
  const auto before = graph_statistics().operations;
  const auto kept = f(n);
  return static_cast<double>(graph_statistics().operations - before) / static_cast<double>(n);
}

}  // namespace

TEST_CASE("depth: a chain of operations goes forward, backward and away") {
  helpers::on_a_fresh_graph([] {
    const Value a = 1;
    {
      Value y = a;
      for (std::size_t i = 0; i < kDepth; ++i) y = y + 1;
      CHECK(graph_statistics().operations == kDepth);
      y.backward();
      CHECK(y.data() == static_cast<double>(kDepth) + 1);
      CHECK(a.grad() == 1);
      y.backward();
      CHECK(a.grad() == 2);
    }
    CHECK(graph_statistics().operations == 0);
    CHECK(graph_statistics().edges == 0);
    CHECK(graph_statistics().leaves == 1);
  });
}

TEST_CASE("depth: a chain of which every node has a handle goes away from either end") {
  helpers::on_a_fresh_graph([] {
    const std::size_t n = kDepth / 10;
    const Value a = 1;
    std::vector<Value> chain(n, a);
    for (std::size_t i = 1; i < n; ++i) chain[i] = chain[i - 1] * -1;
    chain.back().backward();
    CHECK(a.grad() == -1);
    CHECK(chain[n / 2].grad() == -1);
    CHECK(chain[n / 2 + 1].grad() == 1);
    SUBCASE("the last first") {
      while (!chain.empty()) chain.pop_back();
    }
    SUBCASE("the first first") {
      for (Value& each : chain) each = Value();
    }
    SUBCASE("all at once") { chain.clear(); }
    CHECK(graph_statistics().operations == 0);
  });
}

TEST_CASE("depth: a sum of very many inputs goes forward, backward and away") {
  helpers::on_a_fresh_graph([] {
    SUBCASE("of a range of leaves") {
      std::vector<Value> leaves;
      leaves.reserve(kDepth);
      for (std::size_t i = 0; i < kDepth; ++i) leaves.emplace_back(1);
      {
        const Value y = sum(leaves);
        CHECK(graph_statistics().operations == 1);
        CHECK(graph_statistics().edges == kDepth);
        CHECK(y.data() == static_cast<double>(kDepth));
        CHECK(y.op() == "sum");
        (3 * y).backward();
      }
      CHECK(graph_statistics().operations == 0);
      CHECK(leaves.front().grad() == 3);
      CHECK(leaves[kDepth / 2].grad() == 3);
      CHECK(leaves.back().grad() == 3);
      leaves.clear();
      CHECK(graph_statistics().leaves == 0);
    }
    SUBCASE("of a range of one leaf") {
      const Value a = 2;
      const std::vector<Value> copies(kDepth, a);
      sum(copies).backward();
      CHECK(a.grad() == static_cast<double>(kDepth));
    }
    SUBCASE("grown term by term") {
      const Value a = 1;
      {
        Value s = 0;
        for (std::size_t i = 0; i < kDepth; ++i) s += a;
        CHECK(graph_statistics().operations <= kDepth / 16'000);
        CHECK(graph_statistics().edges <= kDepth + graph_statistics().operations + 1);
        CHECK(s.data() == static_cast<double>(kDepth));
        s.backward();
      }
      CHECK(a.grad() == static_cast<double>(kDepth));
      CHECK(graph_statistics().operations == 0);
    }
    SUBCASE("grown product by product") {
      const Value a = 1, b = 2;
      {
        Value s = 0;
        for (std::size_t i = 0; i < kDepth; ++i) s += a * b;
        CHECK(graph_statistics().operations <= kDepth / 8'000);
        CHECK(s.data() == 2 * static_cast<double>(kDepth));
        s.backward();
      }
      CHECK(a.grad() == 2 * static_cast<double>(kDepth));
      CHECK(b.grad() == static_cast<double>(kDepth));
    }
  });
}

TEST_CASE("depth: ten times the steps are ten times the nodes") {
  helpers::on_a_fresh_graph([] {
    const Value a = 1;
    const auto chain = [&](std::size_t n) {
      Value y = a;
      for (std::size_t i = 0; i < n; ++i) y = sin(y) * a;
      return y;
    };
    CHECK(operations_per_step(kDepth / 100, chain) == 2);
    CHECK(operations_per_step(kDepth / 10, chain) == 2);
    const auto doublings = [&](std::size_t n) {
      Value y = a;
      for (std::size_t i = 0; i < n; ++i) y = y + y;
      return y;
    };
    CHECK(operations_per_step(kDepth / 100, doublings) == 1);
    CHECK(operations_per_step(kDepth / 10, doublings) == 1);
  });
}

TEST_CASE("depth: topological_order lists a long chain and a wide sum") {
  helpers::on_a_fresh_graph([] {
    const Value a = 1;
    SUBCASE("chain") {
      Value y = a;
      for (std::size_t i = 0; i < kListed; ++i) y = y + 1;
      const std::vector<Value> order = topological_order(y);
      const std::size_t kMiddle = kListed / 2;
      REQUIRE(order.size() == kListed + 1);
      CHECK(order.front().is_leaf());
      CHECK(order[kMiddle].data() == static_cast<double>(kMiddle + 1));
      CHECK(order.back().data() == y.data());
    }
    SUBCASE("sum") {
      std::vector<Value> leaves;
      leaves.reserve(kListed);
      for (std::size_t i = 0; i < kListed; ++i) leaves.emplace_back(static_cast<double>(i));
      const std::vector<Value> order = topological_order(sum(leaves));
      REQUIRE(order.size() == kListed + 1);
      CHECK(order[7].data() == 7);
      CHECK(order.back().op() == "sum");
    }
  });
}
