// Guards and outputs that are alike are rows of loops, as terms of a sum are.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/one_row.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Error;
using autograd::Evaluator;
using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using one_row::Callable;
using one_row::check;
using one_row::check_near;
using one_row::eager;
using one_row::loops_in;
using one_row::Numbers;
using one_row::uniform;
using one_row::Values;

// Huber's loss of residuals, with branches.
Value huber(Values p, Values x) {
  Value sum = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    const Value r = p[0] * x[i] + p[1] - x[i + 1];
    if (r > 1.0) {
      sum += r - 0.5;
    } else if (r < -1.0) {
      sum += -r - 0.5;
    } else {
      sum += 0.5 * r * r;
    }
  }
  return sum;
}

Numbers two_rows(const Numbers& first, const Numbers& second) {
  Numbers result = first;
  result.insert(result.end(), second.begin(), second.end());
  return result;
}

// What is said of a batch of two rows, for which there are no loops.
std::string error_in_a_batch(const Function& f, const Numbers& p, const Numbers& x,
                             const Numbers& valid) {
  std::string text =
      helpers::error_of([&] { (void)f.values(p, Rows(two_rows(x, valid), x.size())); });
  const std::string counts = "1 of 2 rows";
  const std::size_t at = text.find(counts);
  REQUIRE(at != std::string::npos);
  return text.replace(at, counts.size(), "1 of 1 rows");
}

// All outputs for one row, as rows of a batch, and of an Evaluator.
void check_values(const Function& f, const Numbers& p, const Numbers& x, const Numbers& expected) {
  REQUIRE(f.outputs() == expected.size());
  Evaluator evaluator(f);
  Numbers of_evaluator(expected.size());
  evaluator.values(p, x, of_evaluator);
  Numbers of_batch = f.values(p, Rows(two_rows(x, x), x.size())).data;
  of_batch.resize(expected.size());
  for (const Numbers& given : {f.values(p, x), of_evaluator, of_batch})
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(one_row::is_near(given[i], expected[i], 1 + std::abs(expected[i])));
    }
}

}  // namespace

TEST_CASE("reroll: the branches of a loop are guards of its rows") {
  Numbers x;
  for (std::size_t i = 0; i < 100; ++i) {  // residuals of about -2.4, 0.1 and 2.6
    x.push_back(0.5 + 0.001 * static_cast<double>(i));
    x.push_back(x.back() + 2.5 * static_cast<double>(i * i % 3) - 2.5 * static_cast<double>(i % 2));
  }
  const std::string loops = check(huber, {1.0, 0.1}, x);
  // For each of the three branches a loop with its last guard; one for the first guard of two.
  CHECK(
      loops.starts_with("  loop of 50 rows: 2 columns of leaves, 0 of numbers, 2 leaves for all "
                        "rows, 1 guards of each\n  loop of 33 rows"));
  CHECK(std::ranges::count(loops, '\n') == 4);
}

TEST_CASE("reroll: a row of a loop that takes another branch is what it is in a batch") {
  const Numbers p{1.0, 0.1};
  Numbers x = uniform(200, -3, 3);
  const Function f = Function::trace(huber, p, x);
  REQUIRE(loops_in(f) != "");
  x[120] = 7;  // r > 1
  x[121] = -1;
  Evaluator evaluator(f);
  Numbers dp(2), dx(200);
  for (const double other : {-40.0, 40.0, std::nan("")}) {
    CAPTURE(other);
    Numbers at = x;
    at[120] = other;
    if (other == 40) {
      check_near(f.gradient(p, at), eager(huber, p, at));
      continue;
    }
    const std::string expected = error_in_a_batch(f, p, at, x);
    CHECK(expected.find("another branch") != std::string::npos);
    CHECK(helpers::error_of([&] { (void)f.value(p, at); }) == expected);
    CHECK(helpers::error_of([&] { (void)f.gradient(p, at); }) == expected);
    CHECK(helpers::error_of([&] { (void)evaluator.value(p, at); }) == expected);
    CHECK(helpers::error_of([&] { (void)evaluator.gradient(p, at, dp, dx); }) == expected);
    Request request;
    Numbers value(1), gradient(2);
    std::vector<std::uint8_t> diverged(1);
    request.values = value;
    request.gradient = gradient;
    request.diverged = diverged;
    f.run(p, Rows(at, at.size()), request);
    CHECK(diverged[0] == 1);
    CHECK(std::isnan(value[0]));
    f.run(p, Rows(x, x.size()), request);
    CHECK(diverged[0] == 0);
    CHECK(gradient[0] == doctest::Approx(eager(huber, p, x).parameters[0]).epsilon(1e-12));
  }
}

TEST_CASE("reroll: guards over other columns than the terms, and of sums") {
  const Callable f = [](Values p, Values x) {
    Value sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      if (!(x[i] * x[i + 1] < 100.0)) throw Error("too large");
      sum += exp(-x[i] * p[0]);
    }
    if (sum > 1e6) return sum * 0.5;
    return sum * sum;
  };
  const Numbers p{0.5}, x = uniform(80, 0, 2);
  const std::string loops = check(f, p, x);
  CHECK(loops.find("loop of 40 rows: 2 columns") != std::string::npos);
  CHECK(loops.find("guards of each") != std::string::npos);
  const Function traced = Function::trace(f, p, x);
  Numbers large = x;
  large[7] = 1e3;
  CHECK_THROWS_AS((void)traced.value(p, large), Error);
  CHECK_THROWS_AS((void)traced.value({-40.0}, x), Error);  // the sum is large
  CHECK_NOTHROW((void)traced.value({0.4}, x));
}

TEST_CASE("reroll: guards that are nearly alike") {
  for (int difference = 0; difference < 4; ++difference) {
    CAPTURE(difference);
    const Callable f = [difference](Values p, Values x) {
      Value sum = 0.0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const bool is_odd = i % 3 == 1;
        const double bound = difference == 0 && is_odd ? -5.0 : -4.0 - static_cast<double>(i % 2);
        const Value t = difference == 1 && is_odd ? p[0] : p[1];
        const bool is_large = difference == 2 && is_odd ? t > x[i] : x[i] > t * bound;
        const bool is_small = difference == 3 && is_odd && x[i] < 100.0;
        sum += is_large ? sin(x[i]) * t : cos(x[i]);
        if (is_small) sum += x[i] * x[i];
      }
      return sum;
    };
    const Numbers p{10.0, 1.0}, x = uniform(60, -3, 0.5);
    CHECK(check(f, p, x) != "");
    const Function traced = Function::trace(f, p, x);
    for (std::size_t i = 0; i < x.size(); ++i) {  // each of the rows is guarded
      Numbers at = x;
      at[i] = difference == 2 && i % 3 == 1 ? 20 : -200;
      CHECK_THROWS_AS((void)traced.value(p, at), Error);
    }
  }
}

TEST_CASE("reroll: rows that pick from a table by an index of their own") {
  const Callable f = [](Values p, Values x) {
    Value loss = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2)
      loss += square(autograd::pick(p, x[i]) - x[i + 1]);
    return loss;
  };
  const Numbers p = uniform(5, -1, 1);
  Numbers x;
  for (std::size_t i = 0; i < 30; ++i) {
    x.push_back(static_cast<double>((7 * i) % 5));
    x.push_back(0.1 * static_cast<double>(i));
  }
  const Function traced = Function::trace(f, p, x);
  CHECK(loops_in(traced).find("loop of 30 rows") != std::string::npos);
  check_near(traced.gradient(p, x), eager(f, p, x));
  Numbers other = x;
  for (std::size_t i = 0; i < x.size(); i += 2) other[i] = 4 - x[i];
  check_near(traced.gradient(p, other), eager(f, p, other));
  other[10] = 5;
  const std::string expected = error_in_a_batch(traced, p, other, x);
  CHECK(expected.find("the index is not") != std::string::npos);
  CHECK(helpers::error_of([&] { (void)traced.gradient(p, other); }) == expected);
}

TEST_CASE("reroll: outputs that are alike are rows") {
  const auto residuals = [](Values p, Values x) {
    std::vector<Value> result;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2)
      result.push_back(p[0] * exp(p[1] * x[i]) - x[i + 1]);
    result.push_back(p[0] - 1.0);
    return result;
  };
  const Numbers p{1.5, -0.3}, x = uniform(100, 0, 2);
  const Function f = Function::trace(residuals, p, x);
  CHECK(loops_in(f).find("loop of 49 rows: 2 columns of leaves, 0 of numbers, 2 leaves for all "
                         "rows, 1 outputs of each") != std::string::npos);
  Numbers expected;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2)
    expected.push_back(p[0] * std::exp(p[1] * x[i]) - x[i + 1]);
  expected.push_back(0.5);
  check_values(f, p, x, expected);
  const auto first = f.gradient(p, x);
  CHECK(first.value == doctest::Approx(expected[0]));
  CHECK(first.parameters[1] == doctest::Approx(p[0] * x[0] * std::exp(p[1] * x[0])));

  const Function jacobian = f.jacobian(autograd::By::kParameters);
  CHECK(loops_in(jacobian) != "");
  Numbers derivatives;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    derivatives.push_back(std::exp(p[1] * x[i]));
    derivatives.push_back(p[0] * x[i] * std::exp(p[1] * x[i]));
  }
  derivatives.insert(derivatives.end(), {1, 0});
  check_values(jacobian, p, x, derivatives);
}

TEST_CASE("reroll: an objective and sums beside it") {
  const auto f = [](Values p, Values x) {
    Value objective = 0.0, budget = -1.0, penalty = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      objective += square(x[i] - p[0]) * exp(x[i]);
      budget += x[i];
      penalty += log(1.0 + square(x[i] * p[1]));
    }
    return std::vector<Value>{sqrt(objective), budget, penalty * budget};
  };
  const Numbers p{0.3, 2.0}, x = uniform(50, -1, 1);
  const Function traced = Function::trace(f, p, x);
  CHECK(loops_in(traced) != "");
  const auto plain = [&](std::size_t k) {
    const std::vector<Value> ps(p.begin(), p.end()), xs(x.begin(), x.end());
    return f(ps, xs)[k].data();
  };
  check_values(traced, p, x, {plain(0), plain(1), plain(2)});
  check_near(traced.gradient(p, x), eager([&](Values a, Values b) { return f(a, b)[0]; }, p, x));
}

TEST_CASE("reroll: outputs that have much in common stay unrolled") {
  const auto layer = [](Values p, Values x) {
    std::vector<Value> hidden, result;
    for (std::size_t j = 0; j < 8; ++j) hidden.push_back(tanh(dot(x, p.subspan(j * 8, 8))));
    for (std::size_t j = 0; j < 8; ++j) result.push_back(dot(hidden, p.subspan(j * 8, 8)));
    return result;
  };
  const Numbers p = uniform(64, -1, 1), x = uniform(8, -1, 1);
  const Function f = Function::trace(layer, p, x);
  const std::vector<Value> ps(p.begin(), p.end()), xs(x.begin(), x.end());
  Numbers expected;
  for (const Value& each : layer(ps, xs)) expected.push_back(each.data());
  check_values(f, p, x, expected);
  const Function jacobian = f.jacobian();
  CHECK(loops_in(jacobian) == "");
}

TEST_CASE("reroll: random expressions with branches, and several outputs") {
  std::uint64_t found = 0, other_branches = 0;
  const std::uint64_t seeds = helpers::kSanitized ? 60 : 300;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    const auto expression = random_expressions::random_expression(seed);
    numeric::Random random(seed);
    const std::size_t width = expression.at.size(), rows = 6 + seed % 9;
    if (rounding_decides(expression, expression.at) || !expression.is_smooth) continue;
    Numbers x;
    for (std::size_t i = 0; i < rows * width; ++i)
      x.push_back(expression.at[i % width] + random.between(-0.05, 0.05));
    const double bound = expression.at[0];
    std::vector<bool> branches;
    const auto f = [&](Values xs) {
      branches.clear();
      std::vector<Value> outputs{Value(0.0)};
      for (std::size_t r = 0; r < rows; ++r) {
        const Value t = expression(xs.subspan(r * width, width));
        branches.push_back(xs[r * width] > bound);
        outputs[0] += branches.back() ? t : t * 0.5;
        if (seed % 3 != 0) outputs.push_back(seed % 2 == 0 ? t * t : t + outputs[0] * 1e-3);
      }
      return outputs;
    };
    const Function traced = Function::trace(f, x);
    const std::vector<bool> recorded = branches;
    found += loops_in(traced).find("guards of each") != std::string::npos ? 1 : 0;
    for (int attempt = 0; attempt < 4; ++attempt) {
      Numbers at = x;
      if (attempt > 0)
        at[(seed + 5 * static_cast<std::size_t>(attempt)) % x.size()] = bound * 1.001;
      std::vector<Value> xs(at.begin(), at.end());
      const std::vector<Value> expected = f(xs);
      if (branches != recorded) {
        ++other_branches;
        CHECK_THROWS_AS((void)traced.values({}, at), Error);
        continue;
      }
      expected[0].backward();
      Function::Gradient by_graph{expected[0].data(), {}, {}};
      for (const Value& each : xs) by_graph.inputs.push_back(each.grad());
      if (!std::isfinite(by_graph.value)) continue;
      check_near(traced.gradient({}, at), by_graph);
      const Numbers values = traced.values({}, at);
      for (std::size_t k = 0; k < values.size(); ++k)
        CHECK(one_row::is_near(values[k], expected[k].data(),
                               1 + std::abs(expected[k].data()) + std::abs(by_graph.value)));
    }
  }
  CHECK(found > seeds / 8);
  CHECK(other_branches > seeds / 8);
}

TEST_CASE("reroll: a guard that the order of additions decides") {
  const auto sum_of = [](Values x) {
    Value sum = 0.0;
    for (const Value& each : x) sum += exp(each);
    return sum;
  };
  const auto f = [&](Values p, Values x) {
    const Value sum = sum_of(x);
    return std::vector<Value>{sum > p[0] ? sum * sum : sum, sum};
  };
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const Numbers x = uniform(500, 0, 1, seed);
    const Function sum = Function::trace(sum_of, x), traced = Function::trace(f, Numbers{0}, x);
    const double in_blocks = sum.value({}, x),
                 in_order = eager([&](Values, Values in) { return sum_of(in); }, {}, x).value;
    if (!(in_blocks < in_order)) continue;
    ++found;
    const Numbers bound{in_blocks};  // is passed by the graph and by a batch
    Evaluator evaluator(traced);
    Numbers dp(1, 7), dx(500, 7), outputs(2, 7);
    const double y = evaluator.gradient(bound, x, dp, dx);
    evaluator.values(bound, x, outputs);
    CHECK(y == doctest::Approx(in_order * in_order));
    CHECK(dp[0] == 0);
    CHECK(dx[17] == doctest::Approx(2 * in_order * std::exp(x[17])));
    CHECK(outputs[0] == y);
    CHECK(outputs[1] == doctest::Approx(in_order));
    CHECK(traced.gradient(bound, x).inputs == dx);
  }
  CHECK(found > 3);
}
