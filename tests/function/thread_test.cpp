// One Function, run by many threads at once and with many threads each: the bits are always the
// same.

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/instructions.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using Numbers = std::vector<double>;

constexpr std::size_t kInputs = 3;

// Sums over rows whose order shows in the last bits, elementary functions and a mean over rows.
Function some_function() {
  return Function::trace(
      [](auto p, auto x) {
        const Value h = tanh(p[0] * x[0] + p[1] * x[1]) * exp(p[2] * x[2]);
        const Value center = mean_over_rows(std::vector<Value>{h});
        return std::vector<Value>{square(h - center) + relu(x[0]), h * p[0]};
      },
      {1, 1, 1}, {1, 1, 1});
}

// The same without what goes from row to row.
Function by_rows_alone() {
  return Function::trace(
      [](auto p, auto x) {
        const Value h = tanh(p[0] * x[0] + p[1] * x[1]) * exp(p[2] * x[2]);
        return std::vector<Value>{square(h - 0.1) + relu(x[0]), h * p[0]};
      },
      {1, 1, 1}, {1, 1, 1});
}

Numbers random_rows(std::size_t rows) {
  numeric::Random random(rows);
  Numbers result(rows * kInputs);
  for (double& x : result) x = random.between(-2, 2);
  return result;
}

struct Results {
  Numbers values, totals, gradient, input_gradients;
  bool operator==(const Results&) const = default;
};

Results run(const Function& f, const Numbers& rows, std::size_t threads,
            autograd::Instructions instructions = autograd::Instructions::kBest) {
  const std::size_t count = rows.size() / kInputs;
  Results result{Numbers(count * f.outputs()), Numbers(f.outputs()), Numbers(f.parameters()),
                 Numbers(rows.size())};
  Request request{result.values, result.totals, result.gradient, result.input_gradients, {}};
  request.threads = threads;
  request.instructions = instructions;
  f.run({0.3, -0.7, 0.2}, Rows(rows, kInputs), request);
  return result;
}

template <class F> void on_threads(std::size_t count, const F& f) {
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&f, i] { f(i); });
  for (std::thread& each : threads) each.join();
}

}  // namespace

TEST_CASE("function threads: the bits do not depend on how many there are") {
  const Function f = some_function();
  for (const auto& set : instructions::usable()) {
    for (const std::size_t rows : {1u, 31u, 33u, 129u, 700u, 6000u}) {
      const Numbers data = random_rows(rows);
      const Results one = run(f, data, 1, set.value);
      for (const std::size_t threads : {2u, 3u, 4u, 5u, 64u}) {
        CAPTURE(set.name);
        CAPTURE(rows);
        CAPTURE(threads);
        const bool are_equal = run(f, data, threads, set.value) == one;
        CHECK(are_equal);
      }
    }
  }
}

TEST_CASE("function threads: the bits of a row do not depend on the others, or on its place") {
  const Function f = by_rows_alone();
  constexpr std::size_t kRows = 150;
  const Numbers data = random_rows(kRows);
  for (const auto& set : instructions::usable()) {
    CAPTURE(set.name);
    const Results all = run(f, data, 1, set.value);
    Numbers turned(data.size());
    for (std::size_t i = 0; i < kRows; ++i) {
      // Each row alone, and in another place.
      const Numbers row(data.begin() + static_cast<std::ptrdiff_t>(i * kInputs),
                        data.begin() + static_cast<std::ptrdiff_t>((i + 1) * kInputs));
      const Results alone = run(f, row, 1, set.value);
      for (std::size_t k = 0; k < 2; ++k) CHECK(alone.values[k] == all.values[2 * i + k]);
      for (std::size_t k = 0; k < kInputs; ++k) {
        CHECK(alone.input_gradients[k] == all.input_gradients[kInputs * i + k]);
        turned[(i * 7 + 5) % kRows * kInputs + k] = row[k];
      }
    }
    const Results elsewhere = run(f, turned, 3, set.value);
    for (std::size_t i = 0; i < kRows; ++i) {
      const std::size_t place = (i * 7 + 5) % kRows;
      for (std::size_t k = 0; k < 2; ++k)
        CHECK(elsewhere.values[2 * place + k] == all.values[2 * i + k]);
    }
  }
}

TEST_CASE("function threads: what is not elementary has the same bits on all instructions") {
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value h = sqrt(abs(p[0] * x[0] + p[1] * x[1])) / (square(x[2]) + 3) - p[2] / 3;
        return std::vector<Value>{h * h * h, norm(std::vector<Value>{x[0], x[1], h})};
      },
      {1, 1, 1}, {1, 1, 1});
  const Numbers data = random_rows(333);
  const auto sets = instructions::usable();
  const Results first = run(f, data, 1, sets[0].value);
  for (const auto& set : sets) {
    CAPTURE(set.name);
    const bool are_equal = run(f, data, 2, set.value) == first;
    CHECK(are_equal);
  }
}

TEST_CASE("function threads: many run one Function at once, the first of them compile it") {
  constexpr std::size_t kThreads = 8;
  const Numbers data = random_rows(200);
  const Results expected = run(some_function(), data, 1);
  for (int round = 0; round < helpers::scaled(20, 4); ++round) {
    const Function f = some_function();  // nothing is compiled yet
    std::vector<Results> results(kThreads);
    on_threads(kThreads, [&](std::size_t t) {
      // A copy in each thread.  NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
      const Function copy = f;
      for (std::size_t i = 0; i < 3; ++i) results[t] = run(copy, data, 1 + t % 3);
    });
    for (const Results& each : results) {
      const bool are_equal = each == expected;
      CHECK(are_equal);
    }
  }
}

TEST_CASE("function threads: each traces, runs and drops Functions of its own") {
  constexpr std::size_t kThreads = 4;
  std::vector<double> results(kThreads);
  on_threads(kThreads, [&](std::size_t t) {
    for (int i = 0; i < 20; ++i) {
      const double factor = static_cast<double>(t + 1);
      const Function f = Function::trace([&](auto x) { return x[0] * x[0] * factor; }, {1});
      results[t] = f.gradient({}, {3}).inputs[0];
    }
  });
  CHECK(results == Numbers{6, 12, 18, 24});
}

TEST_CASE("function threads: a Function outlives the thread that traced it") {
  std::vector<Function> kept;
  on_threads(1, [&](std::size_t) { kept.push_back(some_function()); });
  const Numbers data = random_rows(50);
  const bool are_equal = run(kept[0], data, 2) == run(some_function(), data, 1);
  CHECK(are_equal);
}

TEST_CASE("function threads: rows that diverge are the same for any number of threads") {
  const Function f =
      Function::trace([](auto x) { return x[0] < x[1] ? x[2] : x[2] * x[2]; }, {1, 2, 1});
  const Numbers data = random_rows(900);
  const auto diverged = [&](std::size_t threads) {
    std::vector<std::uint8_t> marks(900);
    Numbers totals(1);
    Request request{{}, totals, {}, {}, marks};
    request.threads = threads;
    f.run({}, Rows(data, kInputs), request);
    return std::pair(marks, totals);
  };
  const auto one = diverged(1);
  for (const std::size_t threads : {2u, 3u, 5u}) {
    const bool are_equal = diverged(threads) == one;
    CHECK(are_equal);
  }
}
