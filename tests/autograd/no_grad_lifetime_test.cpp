// What is computed under a NoGradGuard is a constant, keeps nothing and pins nothing.

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::graph_statistics;
using autograd::NoGradGuard;
using autograd::Value;

namespace {

std::size_t operations() { return graph_statistics().operations; }

}  // namespace

TEST_CASE("no grad: an average that is kept from turn to turn leaves the tape empty") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    Value average = 0, steps = 0;
    double expected = 0;
    std::size_t most_leaves = 0;
    for (int turn = 0; turn < 2000; ++turn) {
      const Value loss = square(w * 3.0 + turn) + w;
      {
        const NoGradGuard guard;
        average = 0.9 * average + 0.1 * loss;
        steps += 1.0;
      }
      expected = 0.9 * expected + 0.1 * loss.data();
      CHECK(operations() <= 5);  // those of the loss
      if (turn > 1000) CHECK(graph_statistics().leaves <= most_leaves);
      most_leaves = std::max(most_leaves, graph_statistics().leaves);
    }
    CHECK(operations() == 0);
    CHECK(average.data() == expected);
    CHECK(steps.data() == 2000);
    CHECK(average.is_leaf());
  });
}

TEST_CASE("no grad: results kept in containers leave the tape empty") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    std::deque<Value> window;
    std::vector<Value> all;
    for (int turn = 0; turn < 100; ++turn) {
      const Value loss = square(w * 3.0 + turn);
      const NoGradGuard guard;
      window.push_back(loss * 2.0);
      if (window.size() > 5) window.pop_front();
      all.push_back(exp(loss * 0.0) + turn);
      if (turn % 10 == 9) all = std::vector<Value>(all);
    }
    CHECK(operations() == 0);
    CHECK(window.front().data() == 2 * (6.0 + 95) * (6.0 + 95));
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].data() == 1 + static_cast<double>(i));
  });
}

TEST_CASE("no grad: a result that is kept keeps its number and label, and is a constant") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    Value kept;
    {
      const NoGradGuard guard;
      Value y = w * w;
      y.set_label("y");
      kept = std::move(y);
    }
    CHECK(kept.data() == 4);
    CHECK(kept.label() == "y");
    CHECK(kept.inputs().empty());
    CHECK(kept.op().empty());
    CHECK_THROWS_AS(kept.backward(), autograd::Error);
    const Value z = kept * w;
    z.backward();
    CHECK(w.grad() == 4);
    CHECK(kept.grad() == 0);
    CHECK(!kept.has_grad());
  });
}

TEST_CASE("no grad: copies of a result name the same node, also after a move") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    const NoGradGuard guard;
    Value y = w * w;
    const Value copy = y;
    Value moved = std::move(y);
    moved.set_label("m");
    CHECK(copy.label() == "m");
    moved = moved * 2.0;
    CHECK(copy.data() == 4);
    CHECK(moved.data() == 8);
  });
}

TEST_CASE("no grad: a kept result with operations above it stays what it is") {
  helpers::on_a_fresh_graph([] {
    const Value w = 2;
    std::vector<Value> kept;
    Value y, z;
    {
      const NoGradGuard guard;
      y = w * 3.0;
      z = y * w;
      kept.push_back(std::move(y));
    }
    const Value loss = w * kept[0] + z;
    kept.push_back(std::move(z));
    loss.backward();
    CHECK(w.grad() == 6);
    CHECK(loss.data() == 24);
    CHECK(kept[1].data() == 12);
  });
}
