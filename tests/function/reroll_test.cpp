// Loops that were unrolled while a function was traced: found, and run as rows. What comes out is
// that of the graph, whether a loop was found or only nearly.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/one_row.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

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

Value rosenbrock(Values x) {
  Value sum = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const Value a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    sum += 100.0 * a * a + b * b;
  }
  return sum;
}

}  // namespace

TEST_CASE("reroll: two terms over the same inputs are one loop") {
  const auto loops = check([](Values, Values x) { return rosenbrock(x); }, {}, uniform(50, -2, 2));
  CHECK(loops ==
        "  loop of 49 rows: 2 columns of leaves, 0 of numbers, 0 leaves for all rows\n"
        "  rest of 3 nodes");
}

TEST_CASE("reroll: parameters and numbers that differ from row to row") {
  // A network on four rows that are numbers: 0 and 1 among them, and sums whose factors are all 1.
  const Callable f = [](Values p, Values) {
    Value loss = 0.0;
    for (const double row : {0.0, 1.0, 2.0, 3.0}) {
      const double x0 = std::floor(row / 2), x1 = row - 2 * x0;
      Value score = p[6];
      for (std::size_t j = 0; j < 2; ++j)
        score += p[4 + j] * tanh(p[j] * x0 + p[2 + j] * x1 + 0.5 * p[j]);
      const Value error = 1.0 / (1.0 + exp(-score)) - (x0 == x1 ? 1.0 : 0.0);
      loss += error * error;
    }
    return loss / 4.0;
  };
  CHECK(check(f, uniform(7, -1, 1), {}) ==
        "  loop of 4 rows: 0 columns of leaves, 3 of numbers, 7 leaves for all rows\n"
        "  rest of 5 nodes");
}

TEST_CASE("reroll: what all terms use is computed for all rows") {
  const Callable f = [](Values p, Values x) {
    const Value discount = exp(-p[0] * p[1]), scale = sqrt(p[1] * p[1] + 1.0);
    Value sum = 0.0;
    for (const Value& strike : x) sum += discount * log(strike * scale) - strike / scale;
    return sum;
  };
  const auto loops = check(f, {0.3, 1.5}, uniform(40, 1, 2));
  CHECK(loops.starts_with("  loop of 40 rows: 1 columns of leaves, 0 of numbers, 2 leaves"));
}

TEST_CASE("reroll: an entry at another place in each row") {
  const Callable f = [](Values p, Values x) {  // cross-entropy of three scores
    Value loss = 0.0;
    for (std::size_t r = 0; r < 12; ++r) {
      std::vector<Value> scores;
      for (std::size_t j = 0; j < 3; ++j) scores.push_back(tanh(p[j] * x[r]) * p[3 + j] + p[6]);
      Value total = 0.0;
      for (const Value& each : scores) total += exp(each);
      loss += log(total) - scores[(7 * r) % 3];
    }
    return loss / 12.0;
  };
  CHECK(check(f, uniform(7, -1, 1), uniform(12, -2, 2, 3)).starts_with("  loop of 12 rows: 3 "));
}

TEST_CASE("reroll: sums within a function that is not affine") {
  const Callable f = [](Values p, Values x) {
    Value mean = 0.0, squares = 0.0;
    for (const Value& each : x) mean += sin(each * p[0]);
    for (std::size_t i = 0; i + 2 < x.size(); i += 2) squares -= exp(x[i] - x[i + 1] * p[1]);
    return sqrt(mean * mean + 1.0) / (2.0 - squares) + p[0] * x[3];
  };
  const auto loops = check(f, {0.7, 1.2}, uniform(41, -1, 1));
  CHECK(loops.starts_with("  loop of 20 rows: 2 columns"));
  CHECK(loops.find("loop of 41 rows: 1 columns") != std::string::npos);
}

TEST_CASE("reroll: columns that are partly parameters, steps of all signs, terms in odd orders") {
  const Callable f = [](Values p, Values x) {
    std::vector<Value> all(p.begin(), p.end());
    all.insert(all.end(), x.begin(), x.end());
    Value sum = all[0] * 3.0;
    for (std::size_t i = 0; i < all.size(); ++i)
      sum = sum - cos(all[all.size() - 1 - i]) * all[i] + 2.0 * sin(all[(7 * i) % all.size()]);
    return sum;
  };
  CHECK(check(f, uniform(9, -1, 1), uniform(13, -1, 1, 2)).find("loop of 22") != std::string::npos);
}

TEST_CASE("reroll: terms that are nearly alike") {
  for (int difference = 0; difference < 8; ++difference) {
    CAPTURE(difference);
    const Callable f = [difference](Values p, Values x) {
      Value sum = 0.0;
      for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const bool is_odd = i % 5 == 2;
        Value t = sin(x[i]) * p[0] + x[i + 1];
        if (is_odd && difference == 0) t = cos(x[i]) * p[0] + x[i + 1];
        if (is_odd && difference == 1) t = x[i + 1] - sin(x[i]) * p[0];
        if (is_odd && difference == 2) t = sin(x[i]) * p[1] + x[i + 1];
        if (is_odd && difference == 3) t = sin(x[i]) * p[0] + x[i];
        if (difference == 4) t = max(t, is_odd ? 0.25 : 0.5);
        if (difference == 5) t = pow(x[i] + 3.0, is_odd ? 2.0 : 3.0);
        if (difference == 6) t = select(lt(x[i], is_odd ? 0.0 : 0.1), t, x[i]);
        if (difference == 7) t = t * (is_odd ? 1.0 : -0.0);
        sum += t * t;
      }
      return sum;
    };
    CHECK(check(f, {0.7, -0.4}, uniform(31, -1, 1)).find("loop of ") != std::string::npos);
  }
}

TEST_CASE("reroll: what cannot be rows stays as it is") {
  const Numbers x = uniform(40, 0.1, 1);
  const auto one_way = autograd::custom(
      "one_way", [](auto z) { return z[0] * z[0]; }, [](auto z) { return 0.0 * z[0]; });
  const Callable custom = [&one_way](Values p, Values in) {
    Value sum = 0.0;
    for (const Value& each : in) sum += sin(each) * p[0] + one_way(each);
    return sum;
  };
  CHECK(check(custom, {0.3}, x) == "");
  const Callable detached = [](Values p, Values in) {
    Value sum = 0.0;
    for (const Value& each : in) sum += sin(each) * p[0] * each.detach();
    return sum;
  };
  CHECK(check(detached, {0.3}, x) == "");
  const Callable mean = [](Values p, Values in) {
    Value sum = 0.0;
    for (const Value& each : in)
      sum += square(each * p[0] - autograd::mean_over_rows(std::span(&each, 1)));
    return sum;
  };
  CHECK(loops_in(Function::trace(mean, Numbers{0.3}, x)) == "");
}

TEST_CASE("reroll: exponents and bounds are a part of the expression") {
  const Callable powers = [](Values p, Values x) {
    Value sum = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k)
      sum += pow(x[k], static_cast<double>(k)) * sin(p[0]) + 1.0;
    return sum;
  };
  CHECK(check(powers, {0.4}, uniform(12, 0.5, 1.5)) == "");
  const Callable bounds = [](Values p, Values x) {
    Value sum = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k)
      sum += max(x[k] * p[0], static_cast<double>(k % 2)) * p[0] + x[k];
    return sum;
  };
  const Numbers x{1, 1, 0, 1, 0, 1, 1, 1, 0, 0};  // ties with both bounds
  CHECK(check(bounds, {1.0}, x).starts_with("  loop of 5 rows: 1 columns of leaves, 0 of numbers"));
}

TEST_CASE("reroll: ties, zeros that meet infinities, and NaN are those of the graph") {
  const Callable ties = [](Values p, Values x) {
    Value sum = 0.0;
    for (const Value& each : x) sum += max(each, 0.0) * 2.0 + max(each, p[0]) + abs(each - p[0]);
    return sum;
  };
  const Numbers x{0, 1, -1, 0, 0.5, 0.5, 0, 1};
  const Function f = Function::trace(ties, Numbers{0.5}, x);
  check_near(f.gradient(Numbers{0.5}, x), eager(ties, {0.5}, x));
  CHECK(loops_in(f) != "");

  const Callable capped = [](Values,
                             Values in) {  // the slope of the sum is 0, that of sqrt infinite
    Value sum = 0.0;
    for (const Value& each : in) sum += sqrt(each) * 1.5;
    return min(sum, -1.0) + max(sum * in[0], 3.0);
  };
  const Numbers zeros(20, 0.0);
  const Function g = Function::trace(capped, Numbers{}, uniform(20, 1, 2));
  check_near(g.gradient(Numbers{}, zeros), eager(capped, {}, zeros));
  CHECK(loops_in(g) != "");
  Numbers with_nan(20, 1.0);
  with_nan[7] = std::nan("");
  check_near(g.gradient(Numbers{}, with_nan), eager(capped, {}, with_nan));
}

TEST_CASE("reroll: random expressions as terms") {
  std::uint64_t found = 0;
  const std::uint64_t seeds = helpers::kSanitized ? 80 : 400;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    const auto expression = random_expressions::random_expression(seed);
    numeric::Random random(seed);
    const std::size_t width = expression.at.size(), rows = 4 + seed % 9;
    // Where each operand of each term is found: among parameters, among inputs, or a number.
    std::vector<std::size_t> place;
    std::vector<Numbers> numbers(rows);
    for (std::size_t k = 0; k < width; ++k)
      place.push_back(static_cast<std::size_t>(random.between(0, 4)));
    Numbers p, x;
    for (std::size_t k = 0; k < width; ++k) p.push_back(expression.at[k]);
    for (std::size_t i = 0; i < rows * width; ++i)
      x.push_back(expression.at[i % width] + random.between(-0.01, 0.01));
    if (rounding_decides(expression, expression.at) || !expression.is_smooth) continue;
    const std::size_t odd = seed % 4 == 0 ? static_cast<std::size_t>(random.between(0, 4)) : rows;
    const Callable f = [&](Values ps, Values xs) {
      Value sum = seed % 3 == 0 ? sin(ps[0]) : Value(0.0);
      for (std::size_t r = 0; r < rows; ++r) {
        std::vector<Value> in;
        for (std::size_t k = 0; k < width; ++k)
          in.push_back(place[k] == 0 ? ps[k] : place[k] == 1 ? ps[k] * 1.0 : xs[r * width + k]);
        const Value t = expression(Values(in));
        if (r == odd) {
          sum += t * t;
        } else if (seed % 2 == 0) {
          sum += t;
        } else {
          sum = sum - 0.5 * t;
        }
      }
      return seed % 5 == 0 ? tanh(sum / 100.0) : sum;
    };
    const Function traced = Function::trace(f, p, x);
    const auto expected = eager(f, p, x);
    if (!std::isfinite(expected.value)) continue;
    check_near(traced.gradient(p, x), expected);
    found += traced.stages().starts_with("reroll") ? 1 : 0;
  }
  CHECK(found > seeds / 7);
}

TEST_CASE("reroll: one function run by several threads") {
  const Numbers x = uniform(3000, -1.5, 1.5);
  const Function f = Function::trace([](Values in) { return rosenbrock(in); }, x);
  const auto expected = f.gradient({}, x);
  std::vector<std::thread> threads;
  std::vector<int> agree(4, 0);
  for (std::size_t t = 0; t < agree.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) agree[t] += f.gradient({}, x).inputs == expected.inputs ? 1 : 0;
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(agree == std::vector<int>(4, 20));
}

TEST_CASE("reroll: only what is requested is written") {
  const Numbers p{0.7}, x = uniform(30, 1, 2);
  const Callable f = [](Values ps, Values in) {
    Value sum = 0.0;
    for (const Value& each : in) sum += log(each) * ps[0];
    return sum * ps[0];
  };
  const Function traced = Function::trace(f, p, x);
  const auto expected = traced.gradient(p, x);
  Numbers gradient(1), inputs(30), totals(1), values(1);
  Request request;
  request.gradient = gradient;
  traced.run(p, Rows(x, 30), request);
  CHECK(gradient == expected.parameters);
  request = {};
  request.input_gradients = inputs;
  traced.run(p, Rows::by_columns(x, 1), request);
  CHECK(inputs == expected.inputs);
  request = {};
  request.totals = totals;
  request.reduce = autograd::Reduce::kSum;
  traced.run(p, Rows(x, 30), request);
  request = {};
  request.values = values;
  traced.run(p, Rows(x, 30), request);
  CHECK(totals[0] == expected.value);
  CHECK(values[0] == expected.value);
}

TEST_CASE("reroll: a loop whose rows have nearly all in common is none") {
  const Callable f = [](Values p, Values x) {  // one row of a network
    std::vector<Value> hidden;
    for (std::size_t j = 0; j < 8; ++j) hidden.push_back(tanh(dot(x, p.subspan(j * 8, 8))));
    Value total = 0.0;
    for (std::size_t k = 0; k < 5; ++k) total += exp(dot(hidden, p.subspan(k * 8, 8)));
    return log(total);
  };
  CHECK(check(f, uniform(64, -1, 1), uniform(8, -1, 1)) == "");
}
