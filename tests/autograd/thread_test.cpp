// Each thread has a graph of its own.

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::NoGradGuard;
using autograd::Value;
using helpers::error_of;

namespace {

// sum_i sin(x + i) x for i < n.
Value summed(const Value& x, int n) {
  Value s = 0;
  for (int i = 0; i < n; ++i) {
    s += sin(x + i) * x;
    if (i % 100 == 0) s = s * 1;
  }
  return s;
}

// That, and its derivative.
std::pair<double, double> computed(double number, int n) {
  const Value x = number;
  const Value s = summed(x, n);
  s.backward();
  return {s.data(), x.grad()};
}

std::pair<double, double> expected(double x, int n) {
  double value = 0, slope = 0;
  for (int i = 0; i < n; ++i) {
    value += std::sin(x + i) * x;
    slope += std::cos(x + i) * x + std::sin(x + i);
  }
  return {value, slope};
}

template <class F> void on_threads(int count, const F& f) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back([&f, i] { f(i); });
  for (std::thread& each : threads) each.join();
}

}  // namespace

TEST_CASE("threads: many record at once, each with results of its own") {
  constexpr int kThreads = 8;
  const int kRounds = helpers::scaled(200, 20);
  std::vector<double> worst(kThreads, 0);
  std::atomic<int> waiting = kThreads;
  on_threads(kThreads, [&](int t) {
    --waiting;
    while (waiting > 0) std::this_thread::yield();
    for (int round = 0; round < kRounds; ++round) {
      const double x = 0.1 * t + 0.01 * round;
      const auto [value, slope] = computed(x, 500);
      const auto [right_value, right_slope] = expected(x, 500);
      const double error = std::fabs(value - right_value) + std::fabs(slope - right_slope);
      worst[static_cast<std::size_t>(t)] = std::fmax(worst[static_cast<std::size_t>(t)], error);
    }
  });
  for (const double error : worst) CHECK(error < 1e-9);
}

TEST_CASE("threads: one does not see what another records") {
  const Value a = 2;
  const Value y = a * a;
  const auto before = autograd::graph_statistics();
  std::size_t operations = 1, leaves = 1;
  on_threads(1, [&](int) {
    operations = autograd::graph_statistics().operations;
    leaves = autograd::graph_statistics().leaves;
    const NoGradGuard guard;
    summed(1, 100);
  });
  CHECK(operations == 0);
  CHECK(leaves == 0);
  CHECK(autograd::graph_statistics().operations == before.operations);
  y.backward();
  CHECK(a.grad() == 4);
  const Value z = a * 3;
  CHECK_FALSE(z.is_leaf());
}

TEST_CASE("threads: those that record and finish, in a loop, leave nothing behind") {
  const int kThreads = helpers::scaled(2000, 200);
  std::size_t resident = 0;
  for (int i = 0; i < kThreads; ++i) {
    on_threads(1, [](int) {
      const Value x = 1;
      std::vector<Value> kept;
      kept.reserve(3000);
      for (int k = 0; k < 3000; ++k) kept.push_back(x * k);
      kept.back().set_label("last");
      const std::vector<Value> copies(300, kept.front());
      kept[100].backward();
    });
    if (i == kThreads / 10) resident = helpers::resident_bytes();
  }
  // A graph of these is of 100 KB.
  CHECK(helpers::resident_bytes() <= resident + (4 << 20));
}

TEST_CASE("threads: those that differentiate functions and finish leave nothing behind") {
  const int kThreads = helpers::scaled(400, 60);
  const auto f = [](auto x) {
    auto s = x[0] * x[1];
    for (int k = 0; k < 2000; ++k) s += sin(x[0]) * x[static_cast<std::size_t>(k % 6)];
    return s;
  };
  const std::vector<double> x(6, 0.3);
  std::size_t resident = 0;
  for (int i = 0; i < kThreads; ++i) {
    on_threads(1, [&](int) {
      autograd::gradient(f, x);
      autograd::hessian(f, x);
      autograd::hessian_vector_product(f, x, x);
    });
    if (i == kThreads / 10) resident = helpers::resident_bytes();
  }
  // The tapes of these are of 500 KB.
  CHECK(helpers::resident_bytes() <= resident + (8 << 20));
}

namespace {

thread_local Value assigned_later;
thread_local std::vector<Value> filled_later;

}  // namespace

TEST_CASE("threads: thread_local Values end with their thread, and leave nothing behind") {
  const int kThreads = helpers::scaled(2000, 200);
  constexpr std::size_t kWarm = 50;
  std::size_t resident = 0;
  const auto run = [&](const auto& body) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(kThreads); ++i) {
      on_threads(1, [&](int) { body(); });
      if (i == kWarm) resident = helpers::resident_bytes();
    }
  };
  SUBCASE("a leaf made with the thread") {
    run([] {
      thread_local const Value x = 2;
      x.backward();
    });
  }
  SUBCASE("a leaf assigned when the thread has begun to record") {
    run([] {
      if (assigned_later == 0) assigned_later = Value(3);
    });
  }
  SUBCASE("results, the first of them older than the graph") {
    run([] {
      assigned_later = Value(3);
      filled_later.push_back(assigned_later * 2);
      thread_local const Value y = sin(filled_later[0]);
      filled_later.push_back(y * assigned_later);
      filled_later[1].backward();
    });
  }
  SUBCASE("a list of leaves") {
    run([] {
      for (int i = 0; i < 1000; ++i) filled_later.emplace_back(i);
    });
  }
  // What is left behind would be of several KB each.
  CHECK(helpers::resident_bytes() <= resident + (2 << 20));
}

TEST_CASE("threads: an exception that ends a thread's work leaves nothing behind") {
  std::string text;
  on_threads(1, [&](int) {
    text = error_of([] {
      const Value x = 2;
      Value y = x * x;
      y.set_data(1);
    });
    CHECK(autograd::graph_statistics().operations == 0);
  });
  CHECK(text.starts_with("set_data() on the result of 'mul'"));
}

TEST_CASE("threads: numbers pass between them, Values are made anew") {
  const Value w = 2;
  std::vector<double> slopes(4);
  const double number = w.data();
  on_threads(4, [&](int t) {
    const Value mine = number;
    (mine * mine * t).backward();
    slopes[static_cast<std::size_t>(t)] = mine.grad();
  });
  CHECK(slopes == std::vector<double>{0, 4, 8, 12});
  CHECK_FALSE(w.has_grad());
}

#ifndef NDEBUG

TEST_CASE("threads: a Value on a thread that did not make it is an Error that says what to do") {
  const std::string expected_text =
      "a Value was used on a thread other than the one that made it. Each thread has a graph of "
      "its own: pass numbers (data()) between threads and make new Values from them.";
  Value leaf(2, "leaf");
  Value result = leaf * leaf;
  Value growing = 0;
  growing += leaf * leaf;
  growing += leaf;
  Value last = 1;
  last += leaf;
  const auto before = autograd::graph_statistics();
  on_threads(1, [&](int) {
    const Value own = 3;
    Value sum_of_own = 0;
    sum_of_own += own;
    for (Value* foreign : {&leaf, &result, &growing, &last}) {
      CHECK(error_of([&] { foreign->data(); }) == expected_text);
      CHECK(error_of([&] { foreign->grad(); }) == expected_text);
      CHECK(error_of([&] { foreign->has_grad(); }) == expected_text);
      CHECK(error_of([&] { foreign->set_data(1); }) == expected_text);
      CHECK(error_of([&] { foreign->zero_grad(); }) == expected_text);
      CHECK(error_of([&] { foreign->backward(); }) == expected_text);
      CHECK(error_of([&] { foreign->detach(); }) == expected_text);
      CHECK(error_of([&] { foreign->label(); }) == expected_text);
      CHECK(error_of([&] { foreign->set_label("foreign"); }) == expected_text);
      CHECK(error_of([&] { foreign->op(); }) == expected_text);
      CHECK(error_of([&] { foreign->inputs(); }) == expected_text);
      CHECK(error_of([&] { foreign->local_derivatives(); }) == expected_text);
      CHECK(error_of([&] { foreign->is_leaf(); }) == expected_text);
      CHECK(error_of([&] { topological_order(*foreign); }) == expected_text);
      CHECK(error_of([&] { const Value copy = *foreign; }) == expected_text);
      CHECK(error_of([&] { sin(*foreign); }) == expected_text);
      CHECK(error_of([&] { own** foreign; }) == expected_text);
      CHECK(error_of([&] { *foreign + 1; }) == expected_text);
      CHECK(error_of([&] { autograd::sum({own, *foreign}); }) == expected_text);
      CHECK(error_of([&] { (void)(*foreign < 1); }) == expected_text);
      CHECK(error_of([&] { sum_of_own += *foreign; }) == expected_text);
      CHECK(error_of([&] { sum_of_own += std::move(*foreign); }) == expected_text);
      CHECK(error_of([&] { *foreign += own; }) == expected_text);
      CHECK(error_of([&] { *foreign += 1; }) == expected_text);
      CHECK(error_of([&] { *foreign += own * own; }) == expected_text);
      CHECK(error_of([&] { *foreign *= own; }) == expected_text);
    }
    CHECK(sum_of_own.data() == 3);
  });
  CHECK(leaf.data() == 2);
  CHECK(leaf.label() == "leaf");
  CHECK(result.data() == 4);
  CHECK(growing.data() == 6);
  CHECK(last.data() == 3);
  CHECK(autograd::graph_statistics().operations == before.operations);
  result.backward();
  CHECK(leaf.grad() == 4);
}

TEST_CASE("threads: a Value may be moved through another thread and come back") {
  const Value a = 2;
  Value y = a * a, back;
  on_threads(1, [&](int) { back = std::move(y); });
  back.backward();
  CHECK(a.grad() == 4);
}

TEST_CASE("threads: a Value that ends on a foreign thread does no harm there") {
  const Value a = 2;
  Value result = a * a, leaf = 5;
  on_threads(1, [&](int) {
    const Value own = 3;
    const Value own_result = own * own;
    { const Value taken = std::move(result), also_taken = std::move(leaf); }
    CHECK(autograd::graph_statistics().operations == 1);
    CHECK(autograd::graph_statistics().leaves == 1);
    own_result.backward();
    CHECK(own.grad() == 6);
  });
}

TEST_CASE("threads: the constant 0 is at home on every thread") {
  Value zero;
  on_threads(1, [&](int) { CHECK(zero.data() == 0); });
}

#endif
