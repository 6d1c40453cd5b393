// Loops whose steps need one another, found in what was recorded: what comes out is that of the graph,
// whether there is a chain or only nearly.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/chains.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/one_row.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Evaluator;
using autograd::Function;
using autograd::Value;
using one_row::Callable;
using one_row::check;
using one_row::check_near;
using one_row::eager;
using one_row::loops_in;
using one_row::Numbers;
using one_row::uniform;
using one_row::Values;

const Callable kRecurrence = [](Values p, Values x) {
  Value s = x[0];
  for (int i = 0; i < 300; ++i) s = s + 0.01 * sin(s) * p[0] - p[1] * s * s;
  return s;
};

}  // namespace

TEST_CASE("chain: a recurrence") {
  CHECK(check(kRecurrence, {0.7, 0.02}, {1.0}) ==
        "  chain of 299 steps: 1 carried, 0 columns of leaves, 0 of numbers, 2 for all steps\n"
        "  before it 11 nodes, after it 1");
}

TEST_CASE("chain: values have the bits of the graph") {
  const Numbers p{0.7, 0.02}, x{1.1};
  const Function f = Function::trace(kRecurrence, p, {0.5});
  CHECK(loops_in(f).starts_with("  chain"));
  CHECK(f.value(p, x) == eager(kRecurrence, p, x).value);
  CHECK(f.gradient(p, x).value == eager(kRecurrence, p, x).value);
  Evaluator evaluator(f);
  Numbers by_p(2), by_x(1);
  CHECK(evaluator.gradient(p, x, by_p, by_x) == eager(kRecurrence, p, x).value);
  const auto expected = f.gradient(p, x);
  CHECK(by_p == expected.parameters);
  CHECK(by_x == expected.inputs);
}

TEST_CASE("chain: leaves and numbers that differ from step to step, sums beside it") {
  const Callable f = [](Values p, Values x) {
    Value s = tanh(p[0]), sum = 0.0;
    const Value scale = exp(p[1]);
    for (std::size_t t = 0; t < x.size(); ++t) {
      s = tanh(scale * s + x[t] * p[2]) * (t % 3 == 0 ? 0.5 : 0.75);
      sum += square(s - x[x.size() - 1 - t]);
    }
    return sqrt(sum) + s * p[0];
  };
  const auto loops = check(f, {0.3, -0.4, 0.8}, uniform(200, -1, 1));
  CHECK(loops.starts_with(
      "  chain of 199 steps: 2 carried, 2 columns of leaves, 1 of numbers, 2 for all steps"));
}

TEST_CASE("chain: several numbers are carried") {
  const Callable verlet = [](Values p, Values x) {  // a pendulum with friction
    Value angle = x[0], speed = x[1];
    for (int i = 0; i < 120; ++i) {
      const Value force = -p[0] * sin(angle) - p[1] * speed;
      speed = speed + 0.05 * force;
      angle = angle + 0.05 * speed;
    }
    return square(angle) + 0.5 * square(speed);
  };
  CHECK(check(verlet, {1.3, 0.2}, {0.4, -0.1}).find("2 carried") != std::string::npos);
  CHECK(check(chains::rotation, {0.4, -0.3}, {0.1, 0.2, 0.3}).find("3 carried") !=
        std::string::npos);
  // Newton's method, whose derivative is that of the implicit function.
  const Callable newton = [](Values p, Values x) {
    Value y = x[0];
    for (int i = 0; i < 40; ++i) y = y - (y * y * y - p[0]) / (3.0 * y * y);
    return y;
  };
  CHECK(check(newton, {5.0}, {1.5}).starts_with("  chain of 39 steps"));
}

TEST_CASE("chain: steps that are nearly alike") {
  for (int difference = 0; difference < 9; ++difference) {
    CAPTURE(difference);
    const Callable f = [difference](Values p, Values x) {
      Value s = x[0], before = x[1], sum = 0.0;
      std::vector<Value> all;
      for (std::size_t i = 0; i < 60; ++i) {
        const bool is_odd = i == 41;
        const Value last = s;
        Value t = sin(s) * p[0] + 0.25;
        if (difference == 0 && is_odd) t = cos(s) * p[0] + 0.25;
        if (difference == 1 && is_odd) t = 0.25 - sin(s) * p[0];
        if (difference == 2 && is_odd) t = sin(before) * p[0] + 0.25;
        if (difference == 3) t = pow(s + 3.0, is_odd ? 2.0 : 3.0) * 0.001;
        if (difference == 4) t = max(s * p[0], is_odd ? 0.25 : 0.5);
        if (difference == 5) t = t * (i % 2 == 0 ? 1.0 : -0.0) + before;  // two steps back
        if (difference == 6) all.push_back(t);
        if (difference == 7 && is_odd) sum = t * s;
        if (difference == 8) t = t * all.emplace_back(i == 0 ? exp(p[1]) : all[0]);
        before = last;
        s = t;
      }
      for (const Value& each : all) sum += each * each;
      return s + sum * 0.01;
    };
    (void)check(f, {0.7, -0.4}, {0.3, 0.2});
  }
}

TEST_CASE("chain: zeros that meet infinite slopes, ties, and NaN are those of the graph") {
  const Callable roots = [](Values p, Values x) {
    Value s = x[0];
    for (int i = 0; i < 40; ++i) s = sqrt(s * p[0]) * p[1];
    return min(s, -1.0) + s * x[1];
  };
  const Function f = Function::trace(roots, {1.0, 1.0}, {0.5, 1.0});
  CHECK(loops_in(f).starts_with("  chain"));
  for (const double x0 : {0.0, 1.0, -1.0, std::nan("")})
    for (const double x1 : {0.0, 1.0, std::numeric_limits<double>::infinity()})
      check_near(f.gradient(Numbers{1, 1}, Numbers{x0, x1}), eager(roots, {1, 1}, {x0, x1}));
  const Callable ties = [](Values p, Values x) {
    Value s = x[0];
    for (int i = 0; i < 40; ++i) s = max(s, p[0]) + max(s, 1.0) + abs(s - 1.0) - s;
    return s;
  };
  const Function g = Function::trace(ties, {0.3}, {0.5});
  CHECK(loops_in(g).starts_with("  chain"));
  for (const double at : {0.5, 1.0, 0.3, 2.0})
    check_near(g.gradient(Numbers{1.0}, Numbers{at}), eager(ties, {1.0}, {at}));
}

TEST_CASE("chain: bounds and exponents are a part of a step, not columns of numbers") {
  const Callable f = [](Values p, Values x) {
    Value s = x[0];
    for (std::size_t i = 0; i < 64; ++i) s = max(s * p[0], i % 2 == 0 ? 0.5 : 1.0);
    return s;
  };
  // Ties with the bound: a plain number gets nothing of the slope.
  check_near(Function::trace(f, {0.9}, {0.3}).gradient(Numbers{1}, Numbers{1}), eager(f, {1}, {1}));
}

TEST_CASE("chain: no number of a step varies but terms and factors") {
  // As columns, the numbers would not be those that the rules of their operations know.
  const Callable powers = [](Values p, Values x) {
    Value s = x[0];
    for (std::size_t i = 0; i < 64; ++i)
      s = pow(s, i % 3 == 0 ? 2.0 : i % 3 == 1 ? 1.0 : 0.5) * p[0];
    return s;
  };
  const Callable orders = [](Values p, Values x) {
    Value s = x[0];
    for (std::size_t i = 0; i < 64; ++i) s = 0.01 * fmod(s, i % 7 == 0 ? 2.0 : 0.75) * p[0] + 1.0;
    return s;
  };
  for (const Callable& f : {powers, orders}) {
    const std::string loops = loops_in(Function::trace(f, {0.9}, {0.3}));
    CHECK_MESSAGE(loops.find(" 1 of numbers") == std::string::npos, loops);
    for (const double at : {0.0, 1.0, 0.3, -1.0})
      check_near(Function::trace(f, {0.9}, {0.3}).gradient(Numbers{0.9}, Numbers{at}),
                 eager(f, {0.9}, {at}));
  }
}

TEST_CASE("chain: a function that takes what every step leaves is none") {
  for (const bool is_sum : {false, true}) {
    const Callable f = [is_sum](Values p, Values x) {
      Value s = x[0], product = 1.0;
      std::vector<Value> all;
      for (int i = 0; i < 60; ++i) all.push_back(s = sin(s) * p[0] + 0.25);
      for (const Value& each : all) product = is_sum ? product + each * each : tanh(product * each);
      return s + product;
    };
    CHECK(check(f, {0.7}, {0.3}).find("chain of 5") == std::string::npos);
  }
}

TEST_CASE("chain: random expressions as steps") {
  const std::uint64_t seeds = helpers::kSanitized ? 60 : 300;
  std::uint64_t found = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    const auto chain = chains::random_chain(seed);
    if (!chain) continue;
    const auto& [f, p, x] = *chain;
    const Function traced = Function::trace(f, p, x);
    const auto expected = eager(f, p, x);
    if (!std::isfinite(expected.value)) continue;
    check_near(traced.gradient(p, x), expected);
    found += loops_in(traced).starts_with("  chain") ? 1 : 0;
  }
  CHECK(found > seeds / 5);
}

TEST_CASE("chain: one function run by several threads, and more steps than are run at a time") {
  const Callable f = [](Values p, Values x) {
    Value s = x[0];
    for (std::size_t i = 0; i < 20'000; ++i) s = s + 0.001 * sin(s) * p[0] - p[1] * s * x[i % 7];
    return s;
  };
  const Numbers p{0.7, 1e-5}, x = uniform(7, 0.5, 1);
  const Function traced = Function::trace(f, p, x);
  const auto expected = traced.gradient(p, x);
  check_near(expected, eager(f, p, x));
  std::vector<std::thread> threads;
  std::vector<int> agree(3, 0);
  for (std::size_t t = 0; t < agree.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i)
        agree[t] += traced.gradient(p, x).inputs == expected.inputs ? 1 : 0;
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(agree == std::vector<int>(3, 5));
}
