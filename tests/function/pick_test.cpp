// pick(): numbers that stand at a place, where the place is a number too.

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::Function;
using autograd::Value;

namespace {

// A table of four numbers of which each row of a batch picks one: (w_k x)^2.
constexpr auto kScaled = [](auto w, auto x) { return square(pick(w, x[0]) * x[1]); };
const std::vector<double> kTable{0.5, -1, 2, 3};

}  // namespace

TEST_CASE("pick: of plain numbers, by plain numbers") {
  const std::vector<double> x{5, 6, 7};
  CHECK(autograd::pick(x, 1) == 6);
  CHECK(autograd::pick(x, 2.0) == 7);
  CHECK(autograd::pick(x, std::size_t{0}) == 5);
}

TEST_CASE("pick: of Values it is the Value that stands there, without a node") {
  const std::vector<Value> x = autograd::leaves({5, 6, 7});
  const Value index = 1;
  const Value y = 3 * pick(x, index);
  CHECK(y.inputs()[1].data() == 6);
  CHECK(y.inputs()[1].is_leaf());
  y.backward();
  CHECK(x[0].grad() == 0);
  CHECK(x[1].grad() == 3);
  CHECK(x[2].grad() == 0);
  CHECK(index.grad() == 0);
}

TEST_CASE("pick: from plain numbers by a Value") {
  const Value index = 2;
  CHECK(pick(std::vector{5.0, 6.0, 7.0}, index).data() == 7);
}

TEST_CASE("pick: in generic callables") {
  const std::vector<double> x{2, 0.5, -1, 2, 3};  // the index, and the table
  const auto f = [](auto in) { return square(pick(in.subspan(1), in[0])); };
  const auto [value, gradient] = autograd::value_and_gradient(f, x);
  CHECK(value == 4);
  CHECK(gradient == std::vector<double>{0, 0, 0, 4, 0});
  CHECK(autograd::hessian(f, x)(3, 3) == 2);
}

TEST_CASE("pick: an index that is none is an Error that names it") {
  const std::vector<Value> x = autograd::leaves({5, 6, 7});
  const auto message = [&](auto index) { return helpers::error_of([&] { (void)pick(x, index); }); };
  CHECK(message(3) == "pick(): the index is 3, but has to be a whole number from 0 to 2");
  CHECK(message(-1) == "pick(): the index is -1, but has to be a whole number from 0 to 2");
  CHECK(message(0.5) == "pick(): the index is 0.5, but has to be a whole number from 0 to 2");
  CHECK(message(Value(std::nan(""))) ==
        "pick(): the index is nan, but has to be a whole number from 0 to 2");
  CHECK(message(std::numeric_limits<double>::infinity()) ==
        "pick(): the index is inf, but has to be a whole number from 0 to 2");
  CHECK_THROWS_WITH_AS((void)pick(std::vector<Value>(), 0),
                       "pick() from nothing: it needs at least one number", Error);
  CHECK_THROWS_WITH_AS((void)autograd::pick_row(x, 2, 0),
                       "pick_row(): 3 numbers are not whole rows of 2", Error);
  CHECK_THROWS_AS((void)autograd::pick_row(x, 0, 0), Error);
}

TEST_CASE("pick: in a Function every row picks its own number") {
  const Function f = Function::trace(kScaled, kTable, {0.0, 1.0});
  const std::vector<double> rows{3, 2, 0, 1, 1, -1, 3, 0.5, 2, 4, 3, 1};
  const std::size_t count = rows.size() / 2;
  std::vector<double> values(count), gradient(4), inputs(rows.size());
  autograd::Request request;
  request.values = values;
  request.gradient = gradient;
  request.input_gradients = inputs;
  request.reduce = autograd::Reduce::kSum;
  f.run(kTable, {rows, 2}, request);
  std::vector<double> by_table(4);
  for (std::size_t i = 0; i < count; ++i) {
    const auto k = static_cast<std::size_t>(rows[2 * i]);
    const double w = kTable[k], x = rows[2 * i + 1];
    CHECK(values[i] == w * x * (w * x));
    by_table[k] += 2 * w * x * x;
    CHECK(inputs[2 * i] == 0);
    CHECK(inputs[2 * i + 1] == doctest::Approx(2 * w * w * x).epsilon(1e-15));
  }
  for (std::size_t k = 0; k < 4; ++k)
    CHECK(gradient[k] == doctest::Approx(by_table[k]).epsilon(1e-15));
}

TEST_CASE("pick: one row of a Function, by its Evaluator, and strict") {
  const Function f = Function::trace(kScaled, kTable, {0.0, 1.0});
  const Function strict =
      Function::trace(kScaled, kTable, {0.0, 1.0}, autograd::StrictDerivatives());
  autograd::Evaluator evaluator(f);
  for (std::size_t k = 0; k < 4; ++k) {
    const std::vector<double> x{static_cast<double>(k), 2};
    std::vector<double> expected(4);
    expected[k] = 2 * kTable[k] * 4;
    CHECK(f.gradient(kTable, x).parameters == expected);
    CHECK(strict.gradient(kTable, x).parameters == expected);
    CHECK(evaluator.value(kTable, x) == kTable[k] * kTable[k] * 4);
  }
}

TEST_CASE("pick: a row of a Function with an index that is none is an Error that names the row") {
  const Function f = Function::trace(kScaled, kTable, {0.0, 1.0});
  for (const double wrong : {4.0, -1.0, 1.5, std::nan(""), 1e300}) {
    CAPTURE(wrong);
    const std::vector<double> rows{3, 2, wrong, 1, 1, -1};
    const std::string message = helpers::error_of([&] {
      (void)f.value_and_gradient(kTable, {rows, 2});
    });
    CHECK(message.find("1 of 3 rows pick what there is not; the first is row 1, where the index "
                       "is not a whole number from 0 to 3") != std::string::npos);
    autograd::Evaluator evaluator(f);
    CHECK_THROWS_AS((void)evaluator.value(kTable, std::vector{wrong, 1.0}), Error);
    std::vector<std::uint8_t> diverged(3);
    std::vector<double> gradient(4);
    f.run(kTable, {rows, 2}, {.gradient = gradient, .diverged = diverged});
    CHECK(diverged == std::vector<std::uint8_t>{0, 1, 0});
    CHECK(gradient == std::vector<double>{0, -1, 0, 12});
  }
  CHECK_THROWS_AS((void)Function::trace(kScaled, kTable, {4.0, 1.0}), Error);
}

TEST_CASE("pick: from a table of plain numbers in a Function") {
  const Function f = Function::trace(
      [](auto, auto x) {
        return pick(std::vector{1.0, 10.0, 100.0}, x[0]) * x[1];
      },
      {1.0}, {0.0, 1.0});
  CHECK(f.value({1.0}, {2.0, 3.0}) == 300);
  CHECK(f.gradient({1.0}, {1.0, 3.0}).inputs == std::vector<double>{0, 10});
}

TEST_CASE("pick: rows of a table, the row of an embedding") {
  const auto f = [](auto w, auto x) {
    const auto row = pick_row(w, 2, x[0]);
    return row[0] * row[0] * row[1];
  };
  const std::vector<double> w{1, 2, 3, 4, 5, 6};
  const Function traced = Function::trace(f, w, {0.0});
  for (std::size_t k = 0; k < 3; ++k) {
    const double a = w[2 * k], b = w[2 * k + 1];
    std::vector<double> expected(6);
    expected[2 * k] = 2 * a * b;
    expected[2 * k + 1] = a * a;
    const auto [value, gradient, inputs] = traced.gradient(w, {static_cast<double>(k)});
    CHECK(value == a * a * b);
    CHECK(gradient == expected);
    CHECK(inputs == std::vector<double>{0});
    std::vector<Value> leaves = autograd::leaves(w);
    f(std::span<const Value>(leaves), std::vector{static_cast<double>(k)}).backward();
    for (std::size_t i = 0; i < 6; ++i) CHECK(leaves[i].grad() == expected[i]);
  }
}
