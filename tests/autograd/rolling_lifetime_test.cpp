// Loops that keep results from turn to turn: the new one is recorded while the old one lives, and
// the graph stays as large as it is all the same.

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/custom.hpp>
#include <autograd/ranges.hpp>
#include <tests/support/bounded.hpp>
#include <tests/support/helpers.hpp>

using autograd::NoGradGuard;
using autograd::Value;
using bounded::check_flat;
using bounded::kSmall;

namespace {

const std::vector<Value>& parameters() {
  static thread_local const std::vector<Value> result{0.5, -0.25, 0.75};
  return result;
}

Value f(const std::vector<Value>& w, int i) {
  const double x = i % 7;
  Value s = w[0];
  s += w[1] * x;
  s += w[1] * w[2];
  return tanh(s) * w[2] + square(w[0] - x) * Value(0.5) + autograd::sum({w[0], s});
}

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Its gradient by w[0] is the same every time.
void sweep(const Value& loss, int i) {
  const std::vector<Value>& w = parameters();
  static thread_local std::array<double, 7> expected{kNone, kNone, kNone, kNone,
                                                     kNone, kNone, kNone};
  for (const Value& each : w) each.zero_grad();
  loss.backward();
  double& slope = expected[static_cast<std::size_t>(i % 7)];
  if (std::isnan(slope)) slope = w[0].grad();
  if (w[0].grad() != slope) REQUIRE(w[0].grad() == slope);
}

}  // namespace

TEST_CASE("rolling: a loss declared outside of the loop") {
  helpers::on_a_fresh_graph([] {
    Value loss;
    check_flat(kSmall, [&](int i) {
      loss = f(parameters(), i);
      sweep(loss, i);
    });
  });
}

TEST_CASE("rolling: the last loss, to compare with the next one") {
  helpers::on_a_fresh_graph([] {
    Value last;
    SUBCASE("copied") {
      check_flat(kSmall, [&](int i) {
        const Value loss = f(parameters(), i);
        sweep(loss, i);
        last = loss;
      });
    }
    SUBCASE("swapped") {
      Value current;
      check_flat(kSmall, [&](int i) {
        current = f(parameters(), i);
        sweep(current, i);
        std::swap(last, current);
      });
    }
    CHECK(last.data() == f(parameters(), bounded::rounds() - 1).data());
  });
}

TEST_CASE("rolling: the best loss so far") {
  helpers::on_a_fresh_graph([] {
    const Value w = 3;
    Value best = 1e9;
    SUBCASE("better at every turn") {
      check_flat(kSmall, [&](int i) {
        const Value loss = square(w * (2.0 - 1e-7 * i)) + w;
        if (loss < best) best = loss;
      });
    }
    SUBCASE("better now and then") {
      check_flat(kSmall, [&](int i) {
        const Value loss = square(w * (2.0 + i % 1000 - 1e-7 * i)) + w;
        if (loss < best) best = loss;
        loss.backward();
      });
    }
    SUBCASE("with the last one kept too") {
      Value last;
      check_flat(kSmall, [&](int i) {
        last = square(w * (2.0 + i % 1000 - 1e-7 * i)) + w;
        if (last < best) best = last;
      });
    }
    w.zero_grad();
    best.backward();
    const double d = std::sqrt((best.data() - 3) / 9);
    CHECK(w.grad() == doctest::Approx(2 * 3 * d * d + 1));
  });
}

TEST_CASE("rolling: the results of the last turns") {
  helpers::on_a_fresh_graph([] {
    const int turns = bounded::rounds();
    const auto value_at = [](int i) { return f(parameters(), i).data(); };
    SUBCASE("in a ring") {
      std::array<Value, 8> ring;
      check_flat(kSmall, [&](int i) {
        Value loss = f(parameters(), i);
        sweep(loss, i);
        ring[static_cast<std::size_t>(i) % 8] = loss;
      });
      for (int i = turns - 8; i < turns; ++i)
        CHECK(ring[static_cast<std::size_t>(i) % 8].data() == value_at(i));
    }
    SUBCASE("in a window") {
      std::deque<Value> window;
      check_flat(4 * kSmall, [&](int i) {
        window.push_back(f(parameters(), i));
        if (window.size() > 500) window.pop_front();
      });
      for (int i = 0; i < 500; ++i)
        CHECK(window[static_cast<std::size_t>(i)].data() == value_at(turns - 500 + i));
      sweep(window[100], turns - 400);
    }
    SUBCASE("by name") {
      std::map<std::string, Value> latest;
      const std::array<std::string, 4> names{"train", "validation", "test", "best"};
      unsigned random = 1;
      check_flat(kSmall, [&](int i) {
        random = random * 1664525U + 1013904223U;
        latest[names[random >> 30]] = f(parameters(), i);
      });
    }
    SUBCASE("by one of a thousand names") {
      std::vector<Value> latest(1000);
      unsigned random = 1;
      check_flat(32 * kSmall, [&](int i) {
        random = random * 1664525U + 1013904223U;
        latest[(random >> 12) % 1000] = f(parameters(), i);
      });
    }
    SUBCASE("as a list that is moved") {
      std::vector<Value> losses;
      check_flat(kSmall, [&](int i) {
        std::vector<Value> fresh;
        for (int k = 0; k < 3; ++k) fresh.push_back(f(parameters(), i + k));
        losses = std::move(fresh);
      });
      CHECK(losses[2].data() == value_at(turns + 1));
    }
  });
}

TEST_CASE("rolling: averages under a NoGradGuard") {
  helpers::on_a_fresh_graph([] {
    Value average = 0, x = 0, loss;
    const Value w = 2;
    check_flat(kSmall, [&](int i) {
      loss = f(parameters(), i);
      const NoGradGuard guard;
      average = 0.9 * average + 0.1 * loss;
      x = x + 1e-3 * (w - x);
    });
    CHECK(average.is_leaf());
    CHECK(x.data() == doctest::Approx(2));
  });
}

namespace {

// Its member is no result that is assigned, and so no leaf takes its place.
struct Average {
  explicit Average(const Value& loss) : now(loss * 0.1) {}
  Value now;
};

}  // namespace

TEST_CASE("rolling: variables that begin under a NoGradGuard") {
  helpers::on_a_fresh_graph([] {
    std::deque<std::unique_ptr<Average>> window;
    check_flat(kSmall, [&](int i) {
      const Value loss = f(parameters(), i);
      sweep(loss, i);
      const NoGradGuard guard;
      window.push_back(std::make_unique<Average>(loss));
      if (window.size() > 16) window.pop_front();
    });
    CHECK(window.back()->now.data() == f(parameters(), bounded::rounds() - 1).data() * 0.1);
    CHECK_FALSE(window.back()->now.has_grad());
  });
}

TEST_CASE("rolling: of a graph that lay below results without operands little is left") {
  helpers::on_a_fresh_graph([] {
    std::vector<std::unique_ptr<Average>> kept;
    const Value w = 0.5;
    for (int i = 0; i < 5000; ++i) {
      Value loss = w;
      for (int k = 0; k < 300; ++k) loss = sin(loss) + w;
      const NoGradGuard guard;
      kept.push_back(std::make_unique<Average>(loss));
    }
    // 600 operations and 900 edges each would be 31 kB.
    CHECK(autograd::graph_statistics().bytes_reserved < 5000 * 8000);
  });
}

TEST_CASE("rolling: two optimizations in turns, each keeping its last loss") {
  helpers::on_a_fresh_graph([] {
    std::vector<Value> first{1.0, 2.0}, second{3.0};
    Value last_of_first, last_of_second;
    const auto descend = [](std::vector<Value>& weights, const Value& loss) {
      for (const Value& each : weights) each.zero_grad();
      loss.backward();
      for (Value& each : weights) each.set_data(each.data() - 0.01 * each.grad());
    };
    check_flat(kSmall, [&](int i) {
      if (i % 2 == 0) {
        Value loss = square(first[0] * first[1] - 1.0) + square(first[0]);
        descend(first, loss);
        last_of_first = loss;
      } else {
        last_of_second = square(second[0] - 1.0);
        descend(second, last_of_second);
      }
    });
    CHECK(second[0].data() == doctest::Approx(1));
  });
}

TEST_CASE("rolling: the outputs of a network, declared outside of the loop") {
  helpers::on_a_fresh_graph([] {
    const std::vector<Value> w{0.1, 0.2, 0.3, 0.4};
    std::vector<Value> outputs;
    check_flat(kSmall, [&](int i) {
      const double x = i % 5;
      outputs = {tanh(w[0] * x + w[1]), tanh(w[2] * x + w[3])};
      outputs = {outputs[0] + outputs[1], outputs[0] * outputs[1]};
    });
    CHECK(outputs.size() == 2);
  });
}

TEST_CASE("rolling: a recurrence that is cut at every twentieth step") {
  helpers::on_a_fresh_graph([] {
    const Value w = 0.5;
    Value h = 0, loss;
    check_flat(kSmall, [&](int i) {
      h = tanh(w * h + i % 3);
      h = sin(h) + h;
      if (i % 20 == 19) {
        w.zero_grad();
        loss = square(h);
        loss.backward();
        h = h.detach();
      }
    });
    CHECK(w.grad() != 0);
  });
}

TEST_CASE("rolling: labels, custom operations and very many edges end with their operations") {
  helpers::on_a_fresh_graph([] {
    struct Counted {
      explicit Counted(int& all) : count(all) { ++count; }
      Counted(const Counted& other) : count(other.count) { ++count; }
      ~Counted() { --count; }
      int& count;
    };
    int held = 0, most_held = 0;
    const Value w = 2;
    const std::vector<Value> many(20000, w);
    Value loss;
    check_flat(kSmall, [&](int i) {
      if (i % 20 != 0) return;
      const Counted counted(held);
      const auto twice = autograd::custom(
          "twice", [](auto x) { return 2 * x[0]; },
          [counted](std::span<const double>) { return std::array{2.0}; });
      loss = twice(w) + w;
      loss.set_label("a label that is too long for a string without memory of its own");
      if (i % 200 == 0) loss = autograd::sum(many) + loss;
      w.zero_grad();
      loss.backward();
      CHECK(w.grad() == (i % 200 == 0 ? 20003 : 3));
      most_held = std::max(most_held, held);
    });
    CHECK(most_held < 40000);
    loss = Value();
    CHECK(autograd::graph_statistics().operations == 0);
    CHECK(held == 0);
  });
}

TEST_CASE("rolling: each thread has a tape of its own") {
  std::vector<std::thread> threads;
  for (int k = 0; k < 2; ++k) {
    threads.emplace_back([] {
      Value loss;
      std::size_t most = 0;
      for (int i = 0; i < 20000; ++i) {
        loss = f(parameters(), i);
        loss.backward();
        most = std::max(most, autograd::graph_statistics().operations);
      }
      CHECK(most <= kSmall);
    });
  }
  for (std::thread& each : threads) each.join();
}

TEST_CASE("rolling: after a graph that was large the places in use are few") {
  helpers::on_a_fresh_graph([] {
    const Value w = 1;
    {
      Value y = w;
      for (int i = 0; i < 300'000; ++i) y = sin(y);
      y.backward();
    }
    Value loss;
    for (int i = 0; i < 100'000; ++i) loss = f(parameters(), i);
    std::size_t most = 0;
    for (int i = 0; i < 10'000; ++i) {
      loss = f(parameters(), i);
      most = std::max(most, autograd::graph_statistics().operations);
    }
    CHECK(most <= kSmall);
  });
}
