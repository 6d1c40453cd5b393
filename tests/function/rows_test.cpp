// What one row of a batch has to do with the others: comparisons that would have gone another way,
// and means over the rows.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/instructions.hpp>

using autograd::Error;
using autograd::Function;
using autograd::mean_over_rows;
using autograd::Reduce;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using helpers::error_of;

namespace {

using Numbers = std::vector<double>;
using Marks = std::vector<std::uint8_t>;

// p x, or p where x < 0.
Function with_a_branch() {
  return Function::trace([](auto p, auto x) { return x[0] < 0 ? p[0] : p[0] * x[0]; }, {1}, {1});
}

// A row at which every comparison is as f makes it, and whether another row is let through.
template <class F> bool lets_through(F f, double recorded, double x) {
  const Function replay = Function::trace([&](auto in) { return f(in[0]) ? in[0] : -in[0]; },
                                          autograd::Point{recorded});
  double value = 0;
  Request request;
  request.values = std::span(&value, 1);
  Marks diverged(1);
  request.diverged = diverged;
  replay.run({}, Rows(std::span(&x, 1), 1), request);
  CHECK(std::isnan(value) == (diverged[0] == 1 || std::isnan(x)));
  return diverged[0] == 0;
}

}  // namespace

// ---- branches ----

TEST_CASE("rows: one that would have taken another branch is an Error that says which and why") {
  const Function f = with_a_branch();
  CHECK(f.value({2}, {3}) == 6);
  const Numbers rows{1, 2, 3, -4, 5, -6};
  CHECK(error_of([&] { f.values({2}, Rows(rows, 1)); }) ==
        "Function: 2 of 6 rows would have taken another branch than the one that was recorded, the "
        "first is row 3, where x < y is true. Use select() instead of the comparison, or ask for "
        "Request::diverged.");
  CHECK(error_of([&] { f.gradient({2}, {-1}); }).starts_with("Function: 1 of 1 rows would"));
  CHECK(error_of([&] { f.value_and_gradient({2}, Rows(rows, 1)); }) != "");
}

TEST_CASE("rows: the comparison that is named is that of the row that is named") {
  const Function f = Function::trace(
      [](auto x) { return x[0] < 1 && x[1] == 0 ? x[0] + x[1] : x[0] * x[1]; }, {0.5, 0});
  const std::string alone = error_of([&] { f.values({}, Rows(Numbers{0, 5}, 2)); });
  const std::string first = error_of([&] { f.values({}, Rows(Numbers{0, 5, 7, 0}, 2)); });
  CHECK(alone.find("row 0, where x == y is false") != std::string::npos);
  CHECK(first.find("row 0, where x == y is false") != std::string::npos);
}

TEST_CASE("rows: the one named is the first, whatever block or thread found it") {
  const Function f = with_a_branch();
  Numbers rows(10000, 1.0);
  for (const std::size_t i : {137u, 138u, 4000u, 7000u, 9999u}) rows[i] = -1;
  for (const std::size_t threads : {1u, 2u, 5u}) {
    const std::string text = error_of([&] { f.values({2}, Rows(rows, 1), threads); });
    CHECK(text.find("5 of 10000 rows") != std::string::npos);
    CHECK(text.find("the first is row 137,") != std::string::npos);
  }
}

TEST_CASE("rows: those that diverge are marked, NaN, and left out of totals and gradient") {
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value y = x[0] < 0 ? p[0] : p[0] * x[0];
        return std::vector<Value>{y, p[0], x[0]};
      },
      {1}, {1});
  for (const auto& set : instructions::usable()) {
    for (const std::size_t count : {1u, 7u, 32u, 33u, 70u, 300u, 1200u}) {
      for (const std::size_t step : {1u, 3u, 40u}) {
        CAPTURE(set.name);
        CAPTURE(count);
        CAPTURE(step);
        Numbers rows;
        Marks expected_marks;
        double sum = 0, kept = 0;
        for (std::size_t i = 0; i < count; ++i) {
          const bool diverges = i % step == 0;
          rows.push_back(static_cast<double>(i + 1) * (diverges ? -1 : 1));
          expected_marks.push_back(diverges ? 1 : 0);
          if (!diverges) sum += rows.back();
          if (!diverges) ++kept;
        }
        Numbers values(3 * count), totals(3), gradient(1), slopes(count);
        Marks marks(count, 7);
        Request request{values, totals, gradient, slopes, marks};
        request.reduce = Reduce::kSum;
        request.instructions = set.value;
        f.run({2}, Rows(rows, 1), request);
        CHECK(marks == expected_marks);
        CHECK(totals == Numbers{2 * sum, 2 * kept, sum});
        CHECK(gradient == Numbers{sum});
        for (std::size_t i = 0; i < count; ++i) {
          if (marks[i] == 1) {
            CHECK(std::isnan(values[3 * i]));
            CHECK(std::isnan(values[3 * i + 1]));
            CHECK(std::isnan(slopes[i]));
          } else {
            CHECK(values[3 * i] == 2 * rows[i]);
            CHECK(slopes[i] == 2);
          }
        }
        request.reduce = Reduce::kMean;
        f.run({2}, Rows(rows, 1), request);
        if (kept > 0) CHECK(totals == Numbers{2 * sum / kept, 2, sum / kept});
        if (kept == 0) CHECK(std::isnan(totals[0]));
      }
    }
  }
}

TEST_CASE("rows: if all have diverged, every mean is NaN and every sum 0") {
  // Uniform outputs and derivatives too, and those that are made of both kinds of parts.
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value y = x[0] < 0 ? p[0] : p[0] * x[0] + p[1];
        return std::vector<Value>{y, p[0], 3 + p[1] * p[0], x[0] + p[1]};
      },
      {1, 2}, {1});
  const Numbers rows(70, -1.0);
  for (const auto& set : instructions::usable()) {
    Numbers totals(4), gradient(2);
    Marks marks(rows.size());
    Request request{{}, totals, gradient, {}, marks};
    request.instructions = set.value;
    f.run({2, 3}, Rows(rows, 1), request);
    CHECK(marks == Marks(rows.size(), 1));
    for (const double each : totals) CHECK(std::isnan(each));
    for (const double each : gradient) CHECK(std::isnan(each));
    request.reduce = Reduce::kSum;
    f.run({2, 3}, Rows(rows, 1), request);
    CHECK(totals == Numbers(4, 0));
    CHECK(gradient == Numbers(2, 0));
  }
}

TEST_CASE("rows: every kind of comparison is checked, NaN included") {
  const double nan = std::nan("");
  const auto less = [](const Value& x) { return x < 2; };
  CHECK(lets_through(less, 1, 1.5));
  CHECK_FALSE(lets_through(less, 1, 2));
  CHECK_FALSE(lets_through(less, 1, nan));
  CHECK(lets_through(less, 3, nan));
  const auto at_most = [](const Value& x) { return x <= 2; };
  CHECK(lets_through(at_most, 1, 2));
  CHECK_FALSE(lets_through(at_most, 1, 3));
  const auto more = [](const Value& x) { return x > 2; };
  CHECK_FALSE(lets_through(more, 1, 3));
  CHECK(lets_through(more, 1, nan));
  const auto at_least = [](const Value& x) { return 2 <= x; };
  CHECK_FALSE(lets_through(at_least, 1, 2));
  CHECK(lets_through(at_least, 3, 2));
  CHECK_FALSE(lets_through(at_least, 3, nan));
  const auto same = [](const Value& x) { return x == 2; };
  CHECK(lets_through(same, 1, nan));
  CHECK_FALSE(lets_through(same, 1, 2));
  CHECK(lets_through(same, 2, 2));
  const auto other = [](const Value& x) { return x != 2; };
  CHECK(lets_through(other, nan, 3));
  CHECK_FALSE(lets_through(other, 3, 2));
  const auto ordered = [](const Value& x) { return (x <=> 2) == std::partial_ordering::less; };
  CHECK(lets_through(ordered, 1, 0));
  CHECK_FALSE(lets_through(ordered, 1, 2));
  CHECK_FALSE(lets_through(ordered, 3, 2));
  CHECK_FALSE(lets_through(ordered, 3, nan));
}

TEST_CASE("rows: a comparison of parameters alone is checked too, one of constants is none") {
  const Function f = Function::trace(
      [](auto p, auto x) { return p[0] < 2 && Value(1) < 2 ? x[0] : -x[0]; }, {1}, {1});
  CHECK(f.values({1.5}, Rows(Numbers{1, 2}, 1)).data == Numbers{1, 2});
  CHECK(error_of([&] {
          f.values({2}, Rows(Numbers{1, 2}, 1));
        }).starts_with("Function: 2 of 2 rows"));
}

TEST_CASE("rows: select(), max and relu need no guard") {
  const Function f = Function::trace(
      [](auto x) { return select(lt(x[0], 0.0), x[0] * x[0], 3 * relu(x[0])) + max(x[0], 2.0); },
      {1});
  CHECK(f.values({}, Rows(Numbers{-3, 1, 4}, 1)).data == Numbers{11, 5, 16});
  CHECK(f.gradient({}, {-3}).inputs == Numbers{-6});
  CHECK(f.gradient({}, {1}).inputs == Numbers{3});
  CHECK(f.gradient({}, {4}).inputs == Numbers{4});
}

// ---- means over rows ----

TEST_CASE("mean_over_rows: of one row, and outside of a Function, it is the operands' mean") {
  const Value a = 2, b = 6;
  const Value y = mean_over_rows(std::vector<Value>{a, b});
  y.backward();
  CHECK(y.data() == 4);
  CHECK(a.grad() == 0.5);
  CHECK(mean_over_rows(std::vector<Value>{a}).data() == 2);
  CHECK_THROWS_AS(mean_over_rows(std::vector<Value>()), Error);
  const Function f =
      Function::trace([](auto x) { return square(mean_over_rows(std::vector<Value>{x[0]})); }, {1});
  CHECK(f.gradient({}, {3}).value == 9);
  CHECK(f.gradient({}, {3}).inputs == Numbers{6});
}

TEST_CASE("mean_over_rows: a variance, its derivatives by parameters and by every row") {
  // (p x - mean)^2 and the mean.
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value y = p[0] * x[0];
        const Value center = mean_over_rows(std::vector<Value>{y});
        return std::vector<Value>{square(y - center), center};
      },
      {1}, {1});
  for (const auto& set : instructions::usable()) {
    for (const std::size_t count : {1u, 2u, 31u, 33u, 64u, 70u, 1000u, 3000u}) {
      for (const std::size_t threads : {1u, 3u}) {
        CAPTURE(set.name);
        CAPTURE(count);
        CAPTURE(threads);
        Numbers rows;
        for (std::size_t i = 0; i < count; ++i) rows.push_back(static_cast<double>(i % 13));
        double mean = 0, variance = 0;
        for (const double x : rows) mean += x / static_cast<double>(count);
        for (const double x : rows)
          variance += (x - mean) * (x - mean) / static_cast<double>(count);
        const double p = 3;
        Numbers values(2 * count), totals(2), gradient(1), slopes(count);
        Request request{values, totals, gradient, slopes, {}};
        request.threads = threads;
        request.instructions = set.value;
        f.run({p}, Rows(rows, 1), request);
        const auto close = [](double x) { return doctest::Approx(x).epsilon(1e-12); };
        CHECK(totals[0] == close(p * p * variance));
        CHECK(totals[1] == close(p * mean));
        CHECK(gradient[0] == close(2 * p * variance));
        bool all_close = true;
        for (std::size_t i = 0; i < count; ++i) {
          const double distance = p * (rows[i] - mean);
          // d(sum_j (p x_j - mean)^2)/dx_i: what goes through the mean adds up to 0.
          all_close = all_close && values[2 * i] == close(distance * distance) &&
                      values[2 * i + 1] == close(p * mean) &&
                      std::abs(slopes[i] - 2 * p * distance) < 1e-11;
        }
        CHECK(all_close);
      }
    }
  }
}

TEST_CASE("mean_over_rows: gradients pass between rows, also through means of means") {
  // m = mean(x), v = mean((x - m)^2), y = x m v.
  const auto f = [](auto x) {
    const Value m = mean_over_rows(std::vector<Value>{x[0]});
    const Value v = mean_over_rows(std::vector<Value>{square(x[0] - m)});
    return x[0] * m * v;
  };
  const Function replay = Function::trace(f, {1});
  const Numbers rows{1, 2, 4, -3, 0.5, 7};
  const double n = 6;
  // The same with one Value for every row.
  const std::vector<Value> x(rows.begin(), rows.end());
  const Value m = mean(x);
  std::vector<Value> squares, products;
  for (const Value& each : x) squares.push_back(square(each - m));
  const Value v = mean(squares);
  for (const Value& each : x) products.push_back(each * m * v);
  const Value y = sum(products);
  y.backward();
  Numbers slopes(rows.size()), totals(1);
  Request request{{}, totals, {}, slopes, {}};
  replay.run({}, Rows(rows, 1), request);
  CHECK(totals[0] == doctest::Approx(y.data() / n).epsilon(1e-13));
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(slopes[i] == doctest::Approx(x[i].grad()).epsilon(1e-12));
}

TEST_CASE("mean_over_rows: of a parameter it is the parameter, of several operands their mean") {
  const Function f = Function::trace(
      [](auto p, auto x) {
        return mean_over_rows(std::vector<Value>{p[0]}) * 2 +
               mean_over_rows(std::vector<Value>{x[0], x[1]});
      },
      {1}, {1, 1});
  const Numbers rows{1, 3, 5, 7};
  const auto y = f.value_and_gradient({10}, Rows(rows, 2));
  CHECK(y.value == 24);
  CHECK(y.gradient == Numbers{2});
}

TEST_CASE("mean_over_rows: a gradient of 0 that meets an infinite derivative stays 0 later on") {
  // d(sqrt(x)^2)/dx at 0 is 2 * 0 * inf, and nothing flows; it is used with a mean of the rows.
  const Function f = Function::trace(
      [](std::span<const Value> x) {
        const Value slope = derivatives(square(sqrt(x[0])), {x[0]})[0];
        return slope * mean_over_rows(std::vector<Value>{x[1]}) + slope;
      },
      {4, 1});
  for (const auto& set : instructions::usable()) {
    Numbers values(2);
    Request request;
    request.values = values;
    request.instructions = set.value;
    const Numbers rows{0, 1, 4, 3};
    f.run({}, Rows(rows, 2), request);
    CHECK(values == Numbers{0, 3});
  }
}

TEST_CASE(
    "mean_over_rows: where a row diverges from it, there is no result, and an Error says so") {
  const Function f = Function::trace(
      [](auto x) { return x[0] < 0 ? x[0] : x[0] - mean_over_rows(std::vector<Value>{x[0]}); },
      {1});
  CHECK(f.values({}, Rows(Numbers{1, 3}, 1)).data == Numbers{-1, 1});
  const Numbers rows{1, -3, 2};
  CHECK(error_of([&] { f.values({}, Rows(rows, 1)); }) != "");
  Numbers values(3);
  Marks marks(3);
  Request request{values, {}, {}, {}, marks};
  const std::string text = error_of([&] { f.run({}, Rows(rows, 1), request); });
  CHECK(text != "");
  // It was asked for already.
  CHECK(text.find("or ask for Request::diverged") == std::string::npos);
}
