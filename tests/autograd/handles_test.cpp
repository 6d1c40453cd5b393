// Handles of a node: the only one, one of several, and one found again through the graph.

#include <random>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::graph_statistics;
using autograd::Value;

namespace {

bool is_as_before(const autograd::GraphStatistics& before) {
  return graph_statistics().operations == before.operations &&
         graph_statistics().leaves == before.leaves;
}

}  // namespace

TEST_CASE("handles: one found through the graph keeps an operation whose own handle ends first") {
  const auto before = graph_statistics();
  {
    Value x = 3, found;
    {
      const Value square = x * x;
      const Value y = square + 1.0;
      found = y.inputs()[0];
    }
    CHECK(graph_statistics().operations == before.operations + 1);
    const Value other = x + 100.0;
    CHECK(found.data() == 9);
    found.backward();
    CHECK(x.grad() == 6);
    CHECK(other.data() == 103);
  }
  CHECK(is_as_before(before));
}

TEST_CASE("handles: one found through the graph keeps a leaf whose own handle ends first") {
  const auto before = graph_statistics();
  {
    std::vector<Value> found;
    {
      Value x = 5;
      found.push_back((x * 2.0).inputs()[1]);
    }
    std::vector<Value> others(200, Value(1.0));
    for (int i = 0; i < 200; ++i) others[static_cast<std::size_t>(i)] = Value(i);
    CHECK(found[0].data() == 5);
    (found[0] * found[0]).backward();
    CHECK(found[0].grad() == 10);
  }
  CHECK(is_as_before(before));
}

TEST_CASE("handles: the own handle outlives those found through the graph, and their copies") {
  const auto before = graph_statistics();
  {
    Value x = 2;
    const Value y = x * x;
    {
      const Value z = y + x;
      std::vector<Value> found = z.inputs();
      const std::vector<Value> copies = found;
      found.insert(found.end(), copies.begin(), copies.end());
      found.erase(found.begin());
      CHECK(found[0].data() == 2);
    }
    const Value z = x + 7.0;
    CHECK(y.data() == 4);
    y.backward();
    CHECK(x.grad() == 4);
    CHECK(z.data() == 9);
  }
  CHECK(is_as_before(before));
}

TEST_CASE("handles: a thousand of one node, let go in any order") {
  for (const bool is_leaf : {true, false}) {
    for (const bool first_last : {true, false}) {
      CAPTURE(is_leaf);
      CAPTURE(first_last);
      const auto before = graph_statistics();
      {
        Value x = 3;
        std::vector<Value> many;
        many.push_back(is_leaf ? x : x * 5.0);
        const double data = many[0].data();
        for (int i = 0; i < 1000; ++i) many.push_back(many[static_cast<std::size_t>(i) / 2]);
        if (!first_last) std::swap(many.front(), many.back());
        while (many.size() > 1) {
          first_last ? many.pop_back() : static_cast<void>(many.erase(many.begin()));
          CHECK(many[0].data() == data);
        }
        const Value other = x + 1.0;
        CHECK(many[0].data() == data);
        (many[0] * 2.0).backward();
        CHECK(x.grad() == (is_leaf ? 2 : 10));
      }
      CHECK(is_as_before(before));
    }
  }
}

TEST_CASE("handles: a sum that was found through the graph does not grow any more") {
  Value x = 2, y = 3;
  Value s = x * y;
  s += x * y;
  const Value top = s * 1.0;
  Value found = top.inputs()[1];
  s += x * y;
  CHECK(found.data() == 12);
  CHECK(s.data() == 18);
  s.backward();
  CHECK(x.grad() == 9);
}

TEST_CASE("handles: a temporary that was an operand is given up at once") {
  const auto before = graph_statistics();
  {
    Value x = 3;
    Value moved = x * x;
    const Value y = std::move(moved) + 1.0;
    CHECK(y.data() == 10);
    // As after any other move.  NOLINTNEXTLINE(bugprone-use-after-move)
    CHECK(moved.data() == 0);
    y.backward();
    CHECK(x.grad() == 6);
    CHECK(y.inputs()[0].op() == "mul");

    const Value z = Value(4.0) * x + Value(2.0) * 3.0;
    CHECK(z.data() == 18);
    x.zero_grad();
    z.backward();
    CHECK(x.grad() == 4);

    Value twice = x + 0.0;
    CHECK((std::move(twice) * std::move(twice)).data() == 9);
    Value kept = x * x;
    const Value copy = kept;
    CHECK((std::move(kept) / copy).data() == 1);
    CHECK(copy.data() == 9);
  }
  CHECK(is_as_before(before));
}

// A pool of Values, each with the number it must have, under some hundred thousand random steps.
TEST_CASE("handles: whatever is done with them, none loses its node and none stays") {
  const auto before = graph_statistics();
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  {
    std::vector<Value> pool(12);
    std::vector<double> expected(pool.size(), 0.0);
    for (int step = 0; step < helpers::scaled(300'000, 30'000); ++step) {
      const std::size_t i = below(pool.size()), j = below(pool.size());
      const std::size_t action = below(12);
      if (action == 0) {
        pool[i] = Value(expected[i] = step);
      } else if (action == 1) {
        pool[i] = pool[j];
        expected[i] = expected[j];
      } else if (action == 2) {
        std::swap(pool[i], pool[j]);
        std::swap(expected[i], expected[j]);
      } else if (action == 3 && i != j) {
        pool[i] = std::move(pool[j]);
        expected[i] = std::exchange(expected[j], 0.0);
      } else if (action == 4) {
        pool[i] = Value();
        expected[i] = 0;
      } else if (action == 5) {
        const double result = expected[i] - 1;
        pool[i] = std::move(pool[i]) - 1.0;
        expected[i] = result;
      } else if (action == 6) {
        const double result = 0.5 * expected[i] - expected[j];
        pool[i] = 0.5 * pool[i] - pool[j];
        expected[i] = result;
      } else if (action == 7) {
        expected[i] += 0.5 * expected[j];
        pool[i] += 0.5 * pool[j];
      } else if (action == 8) {
        expected[i] += expected[j];
        pool[i] += pool[j];
      } else if (action == 9) {
        std::vector<Value> found = pool[i].inputs();
        if (!found.empty()) {
          const std::size_t k = below(found.size());
          expected[j] = found[k].data();
          pool[j] = found[k];
        }
      } else if (action == 10 && below(20) == 0) {
        for (const Value& node : topological_order(pool[i])) pool[j] = node;
        expected[j] = expected[i];
      } else if (action == 11 && below(20) == 0) {
        pool[i] = pool[i].detach();
      }
      CHECK(pool[i].data() == expected[i]);
      CHECK(pool[j].data() == expected[j]);
      if (step % 50 == 0) {
        for (std::size_t k = 0; k < pool.size(); ++k) REQUIRE(pool[k].data() == expected[k]);
        for (std::size_t k = 1; k < pool.size(); ++k) pool[k] = pool[k].detach();
        pool[0] = Value(expected[0] = 1);
      }
    }
  }
  CHECK(is_as_before(before));
}
