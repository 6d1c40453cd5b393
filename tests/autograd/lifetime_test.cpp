// Loops that run for ever, in bounded memory: what a graph holds comes back to where it was.

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/bounded.hpp>
#include <tests/support/helpers.hpp>

using autograd::GraphStatistics;
using autograd::NoGradGuard;
using autograd::sum;
using autograd::Value;
using bounded::check_bounded;
using bounded::text;

namespace {

Value model(const std::vector<Value>& w, double x) {
  Value s = w[0];
  s += w[1] * x;
  s += w[1] * w[2];
  return tanh(s) * w[2] + square(w[0] - x) * Value(0.5) + sum({w[0], s});
}

std::vector<Value> parameters() { return {Value(0.5, "bias"), Value(-0.25), Value(0.75)}; }

struct Broken : std::runtime_error {
  Broken() : std::runtime_error("broken") {}
};

Value broken(int round) {
  if (round % 2 == 0) throw Broken();
  return 1.0;
}

}  // namespace

// ---- the loops ----

TEST_CASE("lifetime: parameters updated in place, for ever") {
  helpers::on_a_fresh_graph([] {
    std::vector<Value> w = parameters();
    check_bounded([&](int i) {
      const Value loss = model(w, i % 7);
      loss.backward();
      for (Value& each : w) {
        each.set_data(each.data() - 1e-3 * each.grad());
        each.zero_grad();
      }
    });
    CHECK(w[0].label() == "bias");
  });
}

TEST_CASE("lifetime: parameters replaced by new leaves, for ever") {
  helpers::on_a_fresh_graph([] {
    std::vector<Value> w = parameters();
    check_bounded([&](int i) {
      const Value loss = model(w, i % 7);
      loss.backward();
      for (Value& each : w) each = Value(each.data() - 1e-3 * each.grad());
    });
  });
}

TEST_CASE("lifetime: labelled parameters replaced by new leaves, for ever") {
  helpers::on_a_fresh_graph([] {
    Value w(1, "weight");
    check_bounded([&](int) {
      Value loss = square(w - 3);
      loss.set_label("loss");
      loss.backward();
      w = Value(w.data() - 1e-3 * w.grad(), "weight");
    });
    CHECK(w.data() == doctest::Approx(3));
  });
}

TEST_CASE("lifetime: a recurrence that is detached, for ever") {
  helpers::on_a_fresh_graph([] {
    const Value w = 0.5;
    Value h = 0;
    check_bounded([&](int i) {
      h = tanh(w * h + i % 3);
      h = sin(h) + h;
      if (i % 20 == 0) {
        h.backward();
        h = h.detach();
      }
    });
  });
}

TEST_CASE("lifetime: an older result kept alive while new ones come and go, for ever") {
  helpers::on_a_fresh_graph([] {
    std::vector<Value> w = parameters();
    const Value kept = model(w, 1);
    kept.backward();
    const double slope = w[1].grad();
    SUBCASE("parameters updated") {
      check_bounded([&](int i) {
        const Value loss = model(w, i % 7);
        loss.backward();
        for (Value& each : w) each.set_data(each.data() - 1e-3 * each.grad());
      });
    }
    SUBCASE("parameters replaced") {
      std::vector<Value> p = w;
      check_bounded([&](int i) {
        const Value loss = model(p, i % 7);
        loss.backward();
        for (Value& each : p) each = Value(each.data() - 1e-3 * each.grad());
      });
    }
    SUBCASE("computed from it") {
      check_bounded([&](int i) {
        const Value loss = kept * w[static_cast<std::size_t>(i) % 3] + i;
        loss.backward();
      });
    }
    w[1].zero_grad();
    kept.backward();
    CHECK(w[1].grad() == slope);
  });
}

TEST_CASE("lifetime: results of which only the number is used, for ever") {
  helpers::on_a_fresh_graph([] {
    const std::vector<Value> w = parameters();
    double total = 0;
    check_bounded([&](int i) { total += model(w, i % 7).data(); });
    CHECK(total != 0);
  });
}

TEST_CASE("lifetime: results computed without gradients, for ever") {
  helpers::on_a_fresh_graph([] {
    const std::vector<Value> w = parameters();
    SUBCASE("a guard each time") {
      check_bounded([&](int i) {
        const NoGradGuard guard;
        const Value y = model(w, i % 7);
        CHECK(y.data() != 0);
      });
    }
    SUBCASE("one guard") {
      const NoGradGuard guard;
      check_bounded([&](int i) {
        const Value y = model(w, i % 7);
        if (i % 1000 == 0) CHECK(y.is_leaf());
      });
    }
  });
}

TEST_CASE("lifetime: exceptions from the middle of expressions, for ever") {
  helpers::on_a_fresh_graph([] {
    std::vector<Value> w = parameters();
    const Value kept = model(w, 2);
    const int fewer = helpers::scaled(20, 5);  // an exception costs a thousand operations
    check_bounded([&](int i) {
      if (i % fewer != 0) return;
      try {
        Value s = w[0];
        s += w[1] * w[2];
        s += sin(w[0]) * (model(w, i % 7) + broken(i / fewer));
        s.backward();
        Value& one = w[static_cast<std::size_t>(i) % 3];
        one = Value(one.data() + 0.001 * broken(i / fewer / 2).data());
      } catch (const Broken&) {
      }
    });
    kept.backward();
  });
}

TEST_CASE("lifetime: graphs looked at, for ever") {
  helpers::on_a_fresh_graph([] {
    const std::vector<Value> w = parameters();
    check_bounded([&](int i) {
      if (i % 10 != 0) return;
      const Value y = model(w, i % 7);
      double total = 0;
      for (const Value& node : topological_order(y))
        for (const Value& input : node.inputs()) total += input.data();
      REQUIRE(total != 0);
    });
  });
}

// ---- exceptions ----

TEST_CASE("lifetime: an exception leaves the graph as it was") {
  helpers::on_a_fresh_graph([] {
    const Value a = 2, b = 3;
    Value s = a * b;
    s += a * a;
    const double data = s.data();
    const std::size_t inputs = s.inputs().size();
    const GraphStatistics before = autograd::graph_statistics();
    SUBCASE("from an operand") { CHECK_THROWS_AS(sin(a) * b + exp(a * broken(0)), Broken); }
    SUBCASE("from a term of a sum") { CHECK_THROWS_AS(s += a * b + broken(0), Broken); }
    SUBCASE("from a factor of a term") { CHECK_THROWS_AS(s += a * broken(0), Broken); }
    SUBCASE("from an element of a range") {
      CHECK_THROWS_AS(sum({a * a, b * b, broken(0)}), Broken);
    }
    SUBCASE("under a NoGradGuard") {
      const auto f = [&] {
        const NoGradGuard guard;
        return sin(a) * broken(0);
      };
      CHECK_THROWS_AS(f(), Broken);
    }
    SUBCASE("from inside a container that fills") {
      std::vector<Value> values;
      const auto fill = [&values](const Value& x) {
        std::vector<Value> filling;
        filling.reserve(100);
        for (int i = 0; i < 100; ++i) filling.push_back(x * i + (i == 90 ? broken(0) : x));
        values = filling;
      };
      CHECK_THROWS_AS(fill(a), Broken);
    }
    CHECK(text(autograd::graph_statistics()) == text(before));
    CHECK(s.data() == data);
    CHECK(s.inputs().size() == inputs);
    s.backward();
    CHECK(a.grad() == 3 + 4);
  });
}

// ---- handles in all sorts of places ----

TEST_CASE("lifetime: handles in containers, swapped, moved about and returned, are all let go") {
  helpers::on_a_fresh_graph([] {
    const GraphStatistics before = autograd::graph_statistics();
    {
      const Value a = 2;
      std::vector<Value> list(10, a * 3);
      std::deque<Value> queue;
      std::map<std::string, Value> by_name;
      std::unordered_map<int, Value> by_number;
      std::multiset<Value> ordered;
      std::array<Value, 4> four;
      std::optional<Value> maybe;
      auto shared = std::make_shared<Value>(a * 5);
      const auto make = [&](int i) { return a * i; };
      const std::function<Value()> bound = [y = a * 11] { return y; };
      for (int i = 0; i < 100; ++i) {
        queue.push_back(make(i));
        if (queue.size() > 5) queue.pop_front();
        by_name["name " + std::to_string(i % 10)] = make(i);
        by_number[i % 7] += make(i);
        ordered.insert(make(100 - i));
        four[static_cast<std::size_t>(i % 4)] = list[static_cast<std::size_t>(i % 10)];
        maybe = i % 3 == 0 ? std::nullopt : std::optional(make(i));
        list.insert(list.begin() + i % 5, bound());
        std::swap(list.front(), list.back());
      }
      list.erase(list.begin(), list.begin() + 50);
      maybe.reset();
      std::pair<Value, Value> both{*shared, std::move(list.back())};
      std::swap(both.first, both.second);
      std::swap(both.first, four[0]);
      CHECK(both.second.data() == 10);
      CHECK(queue.front().data() == 190);
      CHECK(ordered.begin()->data() == 2);
      CHECK(by_name.at("name 3").data() == 186);
      bound().backward();
      CHECK(a.grad() == 11);
    }
    CHECK(autograd::graph_statistics().operations == before.operations);
    CHECK(autograd::graph_statistics().leaves == before.leaves);
    CHECK(autograd::graph_statistics().edges == before.edges);
  });
}

TEST_CASE("lifetime: a result keeps what it was computed from, and lets go of it with itself") {
  helpers::on_a_fresh_graph([] {
    const GraphStatistics before = autograd::graph_statistics();
    Value y;
    {
      const Value a = 2;
      const Value b = exp(a), c = b * a;
      y = c + b;
    }
    CHECK(autograd::graph_statistics().operations == before.operations + 3);
    y.backward();
    y = Value();
    CHECK(autograd::graph_statistics().operations == before.operations);
    CHECK(autograd::graph_statistics().leaves == before.leaves);
  });
}

namespace {

// Let go after main(), in all orders of initialisation with the graph. A program with the address
// sanitizer would tell of a leak or of a late use.
Value constant_initialised;
Value initialised_early = 3;
std::vector<Value> filled_by_a_test;

}  // namespace

TEST_CASE("lifetime: statics may hold Values until after main()") {
  static const Value inside = initialised_early * 2;
  constant_initialised = inside * initialised_early;
  filled_by_a_test = {inside, Value(4, "static"), constant_initialised * 5};
  initialised_early.zero_grad();
  constant_initialised.backward();
  CHECK(initialised_early.grad() == 12);
}
