// What a Function gives when it is run: values, totals and derivatives of one row and of many, by
// rows and by columns.

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
using autograd::Matrix;
using autograd::Reduce;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using helpers::error_of;

namespace {

using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// (p x - y)^2 and p x, in whole numbers.
Function squared_error() {
  return Function::trace(
      [](auto p, auto x) {
        const Value guess = p[0] * x[0] + p[1];
        return std::vector<Value>{square(guess - x[1]), guess};
      },
      {1, 1}, {1, 1});
}

// Whole numbers, row by row.
Numbers some_rows(std::size_t rows) {
  Numbers result;
  for (std::size_t i = 0; i < rows; ++i) {
    result.push_back(static_cast<double>(i % 7) - 3);
    result.push_back(static_cast<double>(i % 5) + 1);
  }
  return result;
}

Numbers by_columns(const Numbers& data, std::size_t columns) {
  const std::size_t rows = data.size() / columns;
  Numbers result(data.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < columns; ++k) result[k * rows + i] = data[i * columns + k];
  return result;
}

// All that a Function can be asked for.
struct Results {
  Numbers values, totals, gradient, input_gradients;
  std::vector<std::uint8_t> diverged;

  Results(const Function& f, std::size_t rows)
      : values(rows * f.outputs(), -1),
        totals(f.outputs(), -1),
        gradient(f.parameters(), -1),
        input_gradients(rows * f.inputs(), -1),
        diverged(rows, 7) {}
  Request request() {
    Request result;
    result.values = values;
    result.totals = totals;
    result.gradient = gradient;
    result.input_gradients = input_gradients;
    result.diverged = diverged;
    return result;
  }
};

}  // namespace

TEST_CASE("Function: one row gives values and derivatives at other points than the recorded one") {
  const Function f = squared_error();
  CHECK(f.parameters() == 2);
  CHECK(f.inputs() == 2);
  CHECK(f.outputs() == 2);
  CHECK(f.values({3, -1}, {2, 7}) == Numbers{4, 5});
  CHECK(f.value({3, -1}, {2, 7}) == 4);
  const Function::Gradient at = f.gradient({3, -1}, {2, 7});
  CHECK(at.value == 4);
  CHECK(at.parameters == Numbers{-8, -4});  // 2 (5 - 7) times x, 1
  CHECK(at.inputs == Numbers{-12, 4});      // 2 (5 - 7) times p, -1
}

TEST_CASE("Function: batches of 1 to 70 rows, by rows and by columns, on all instructions") {
  const Function f = squared_error();
  const double a = 2, b = -3;
  for (const auto& set : instructions::usable()) {
    for (std::size_t rows = 1; rows <= 70; ++rows) {
      CAPTURE(set.name);
      CAPTURE(rows);
      const Numbers data = some_rows(rows);
      Results expected(f, rows);
      expected.diverged.assign(rows, 0);
      expected.totals.assign(2, 0);
      expected.gradient.assign(2, 0);
      for (std::size_t i = 0; i < rows; ++i) {
        const double x = data[2 * i], y = data[2 * i + 1], guess = a * x + b, error = guess - y;
        expected.values[2 * i] = error * error;
        expected.values[2 * i + 1] = guess;
        expected.totals[0] += error * error;
        expected.totals[1] += guess;
        expected.gradient[0] += 2 * error * x;
        expected.gradient[1] += 2 * error;
        expected.input_gradients[2 * i] = 2 * error * a;
        expected.input_gradients[2 * i + 1] = -2 * error;
      }
      const auto check = [&](const Results& given, bool columns) {
        CHECK(given.values == (columns ? by_columns(expected.values, 2) : expected.values));
        CHECK(given.totals == expected.totals);
        CHECK(given.gradient == expected.gradient);
        CHECK(given.input_gradients ==
              (columns ? by_columns(expected.input_gradients, 2) : expected.input_gradients));
        CHECK(given.diverged == expected.diverged);
      };
      Results given(f, rows);
      Request request = given.request();
      request.reduce = Reduce::kSum;
      request.instructions = set.value;
      f.run({a, b}, Rows(data, 2), request);
      check(given, false);
      f.run({a, b}, Rows::by_columns(by_columns(data, 2), rows), request);
      check(given, true);
      request.reduce = Reduce::kMean;
      f.run({a, b}, Rows(data, 2), request);
      for (const auto& [sum, mean] : {std::pair(&expected.totals, &given.totals),
                                      std::pair(&expected.gradient, &given.gradient)}) {
        for (std::size_t i = 0; i < 2; ++i)
          CHECK((*mean)[i] == (*sum)[i] / static_cast<double>(rows));
      }
    }
  }
}

TEST_CASE("Function: values() and value_and_gradient() of a batch") {
  const Function f = squared_error();
  const Matrix rows{3, 2, {1, 1, 2, 3, -1, 5}};
  for (const std::size_t threads : {0u, 1u, 3u}) {
    const Matrix y = f.values({1, 1}, rows, threads);
    CHECK(y.rows == 3);
    CHECK(y.columns == 2);
    CHECK(y.data == Numbers{1, 2, 0, 3, 25, 0});
    const auto sum = f.value_and_gradient({1, 1}, rows, Reduce::kSum, threads);
    CHECK(sum.value == 26);
    CHECK(sum.gradient == Numbers{12, -8});
    const auto mean = f.value_and_gradient({1, 1}, rows, Reduce::kMean, threads);
    CHECK(mean.value == 26.0 / 3);
    CHECK(mean.gradient == Numbers{4, -8.0 / 3});
  }
  // By columns goes in, by rows comes out.
  const Numbers columns{1, 2, -1, 1, 3, 5};
  CHECK(f.values({1, 1}, Rows::by_columns(columns, 3)).data == Numbers{1, 2, 0, 3, 25, 0});
}

TEST_CASE("Function: what is not asked for is not written, whatever the combination") {
  const Function f = squared_error();
  const Numbers data = some_rows(37);
  Results all(f, 37);
  f.run({2, -3}, Rows(data, 2), all.request());
  for (unsigned wishes = 0; wishes < 16; ++wishes) {
    CAPTURE(wishes);
    Results some(f, 37);
    Request request = some.request();
    if ((wishes & 1) == 0) request.values = {};
    if ((wishes & 2) == 0) request.totals = {};
    if ((wishes & 4) == 0) request.gradient = {};
    if ((wishes & 8) == 0) request.input_gradients = {};
    f.run({2, -3}, Rows(data, 2), request);
    const Results untouched(f, 37);
    CHECK(some.values == ((wishes & 1) != 0 ? all.values : untouched.values));
    CHECK(some.totals == ((wishes & 2) != 0 ? all.totals : untouched.totals));
    CHECK(some.gradient == ((wishes & 4) != 0 ? all.gradient : untouched.gradient));
    CHECK(some.input_gradients ==
          ((wishes & 8) != 0 ? all.input_gradients : untouched.input_gradients));
  }
}

TEST_CASE("Function: without parameters, without inputs, without either") {
  const Function of_inputs = Function::trace([](auto x) { return x[0] * x[1]; }, {1, 1});
  CHECK(of_inputs.parameters() == 0);
  CHECK(of_inputs.value({}, {3, 4}) == 12);
  CHECK(of_inputs.gradient({}, {3, 4}).inputs == Numbers{4, 3});
  const auto mean = of_inputs.value_and_gradient({}, Rows(Numbers{1, 2, 3, 4}, 2));
  CHECK(mean.value == 7);
  CHECK(mean.gradient.empty());

  const auto product = [](auto p, auto) { return p[0] * p[1]; };
  const Function of_parameters =
      Function::trace(product, autograd::Point{1.0, 1.0}, autograd::Point{});
  CHECK(of_parameters.inputs() == 0);
  CHECK(of_parameters.value({3, 4}, {}) == 12);
  CHECK(of_parameters.gradient({3, 4}, {}).parameters == Numbers{4, 3});
  const Rows five = Rows::by_columns(Numbers(), 5);
  CHECK(of_parameters.values({3, 4}, five).data == Numbers(5, 12.0));
  CHECK(of_parameters.value_and_gradient({3, 4}, five).value == 12);
  CHECK(of_parameters.value_and_gradient({3, 4}, five).gradient == Numbers{4, 3});
  CHECK(of_parameters.value_and_gradient({3, 4}, five, Reduce::kSum).value == 60);
  CHECK(of_parameters.value_and_gradient({3, 4}, five, Reduce::kSum).gradient == Numbers{20, 15});

  const Function constant = Function::trace([](auto) { return Value(5); }, autograd::Point{});
  CHECK(constant.value({}, {}) == 5);
}

TEST_CASE("Function: outputs may be constants, parameters, inputs, and one another") {
  const Function f = Function::trace(
      [](auto p, auto x) {
        const Value y = p[0] + x[0];
        return std::vector<Value>{y, Value(2), p[1], x[0], y, p[0] * 3, x[0]};
      },
      {1, 1}, {1});
  CHECK(f.values({10, 20}, {30}) == Numbers{40, 2, 20, 30, 40, 30, 30});
  Results given(f, 33);
  Request request = given.request();
  request.reduce = Reduce::kSum;
  f.run({10, 20}, Rows(Numbers(33, 30.0), 1), request);
  CHECK(given.totals == Numbers{40 * 33, 2 * 33, 20 * 33, 30 * 33, 40 * 33, 30 * 33, 30 * 33});
  CHECK(given.gradient == Numbers{33, 0});
  CHECK(given.input_gradients == Numbers(33, 1.0));

  const Function constant = Function::trace([](auto, auto) { return Value(4); }, {1}, {1});
  CHECK(constant.value({3}, {3}) == 4);
  CHECK(constant.gradient({3}, {3}).parameters == Numbers{0});
  CHECK(constant.gradient({3}, {3}).inputs == Numbers{0});
}

TEST_CASE("Function: copies share what was recorded, and outlive it") {
  const Function copy = [] {
    const Function f = Function::trace([](auto x) { return x[0] * x[0]; }, {1});
    Function other = f;
    CHECK(other.value({}, {3}) == f.value({}, {3}));
    return other;
  }();
  CHECK(copy.value({}, {5}) == 25);
  Function assigned = squared_error();
  assigned = copy;
  CHECK(assigned.inputs() == 1);
  CHECK(assigned.gradient({}, {5}).inputs == Numbers{10});
}

TEST_CASE("Function: thousands of parameters, operands and nodes") {
  constexpr std::size_t kCount = 3000;
  const auto f = [](auto p, auto x) {
    Value s = 0;
    for (const Value& each : p) s = s + max(each * x[0], x[1]) * each;
    return std::vector<Value>{s, sum(p) * x[0], logsumexp(p), sum(x)};
  };
  Numbers p;
  for (std::size_t i = 0; i < kCount; ++i) p.push_back(static_cast<double>(i % 11) - 5);
  const Function replay = Function::trace(f, Numbers(kCount, 1.0), Numbers{1, 2});
  double expected = 0;
  Numbers slopes;
  for (const double each : p) {
    const bool above = 3 * each > 2;
    expected += (above ? 3 * each : 2) * each;
    slopes.push_back(above ? 6 * each : 2);
  }
  const Function::Gradient at = replay.gradient(p, {3, 2});
  CHECK(at.value == expected);
  CHECK(at.parameters == slopes);
  CHECK(replay.values(p, {3, 2})[3] == 5);
  double weights = 0;
  for (const double each : p) weights += std::exp(each);
  CHECK(replay.values(p, {3, 2})[2] == doctest::Approx(std::log(weights)).epsilon(1e-12));
}

TEST_CASE("Function: wrong counts are Errors that say them, and write nothing") {
  const Function f = squared_error();
  const Numbers data = some_rows(4);
  const Rows rows(data, 2);
  CHECK(error_of([&] { f.values({1}, rows); }) == "Function: parameters are 2, but 1 were given");
  CHECK(error_of([&] {
          f.values({1, 2}, Rows(data, 4));
        }) == "Function: inputs of a row are 2, but 4 were given");
  CHECK(error_of([&] {
          f.value({1, 2}, {1, 2, 3});
        }) == "Function: inputs of a row are 2, but 3 were given");
  CHECK(error_of([&] {
          f.gradient({}, {1, 2});
        }) == "Function: parameters are 2, but 0 were given");
  CHECK(error_of([&] { Rows(data, 3); }) == "Rows: 8 numbers are not whole rows of 3");
  CHECK(error_of([&] { Rows(data, 0); }) == "Rows: 8 numbers are not whole rows of 0");
  CHECK(error_of([&] { Rows::by_columns(data, 3); }) ==
        "Rows::by_columns: 8 numbers are not whole columns of 3");
  CHECK(error_of([&] { f.values({1, 2}, Rows(Numbers(), 2)); }) == "Function: there are no rows");

  Numbers longer(9, -1.0), shorter(1, -1.0);
  std::vector<std::uint8_t> marks(3, 7);
  const auto wrong = [&](auto change) {
    Results given(f, 4);
    const Results untouched(f, 4);
    Request request = given.request();
    change(request);
    const std::string text = error_of([&] { f.run({1, 2}, rows, request); });
    CHECK(given.values == untouched.values);
    CHECK(given.totals == untouched.totals);
    CHECK(given.gradient == untouched.gradient);
    CHECK(given.input_gradients == untouched.input_gradients);
    CHECK(given.diverged == untouched.diverged);
    return text;
  };
  CHECK(wrong([&](Request& r) { r.values = longer; }) ==
        "Function: values to write are 8, but 9 were given");
  CHECK(wrong([&](Request& r) { r.totals = shorter; }) ==
        "Function: totals to write are 2, but 1 were given");
  CHECK(wrong([&](Request& r) { r.gradient = shorter; }) ==
        "Function: derivatives by parameters to write are 2, but 1 were given");
  CHECK(wrong([&](Request& r) { r.input_gradients = longer; }) ==
        "Function: derivatives by inputs to write are 8, but 9 were given");
  CHECK(wrong([&](Request& r) { r.diverged = marks; }) ==
        "Function: marks of diverged rows to write are 4, but 3 were given");
  CHECK(longer == Numbers(9, -1.0));
  CHECK(shorter == Numbers(1, -1.0));
  CHECK(marks == std::vector<std::uint8_t>(3, 7));
}

TEST_CASE("Function: instructions that the processor lacks are an Error, the others run") {
  const Function f = squared_error();
  const auto usable = instructions::usable();
  using autograd::Instructions;
  for (const Instructions each :
       {Instructions::kBest, Instructions::kAvx512, Instructions::kAvx2, Instructions::kSse2}) {
    bool has = each == Instructions::kBest;
    for (const auto& set : usable) has = has || set.value == each;
    Numbers value(2);
    Request request;
    request.values = value;
    request.instructions = each;
    const Numbers row{2, 7};
    CHECK(
        error_of([&] {
          f.run({3, -1}, Rows(row, 2), request);
        }) ==
        (has ? "" : "Function: this processor does not have the instructions that were asked for"));
    CHECK(value == (has ? Numbers{4, 5} : Numbers{0, 0}));
  }
}

TEST_CASE("Function: a total is the sum of the rows, also where a parameter is a factor of it") {
  const auto f = [](auto p, auto x) {
    return p[0] * x[0] - p[1] * (x[1] - p[0]) + p[0] * p[1] + x[0] * x[1];
  };
  const Function replay = Function::trace(f, {1, 1}, {1, 1});
  const double a = 3, b = -2;
  for (const std::size_t rows : {1u, 5u, 32u, 45u, 200u}) {
    const Numbers data = some_rows(rows);
    double total = 0, by_a = 0, by_b = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const double x = data[2 * i], y = data[2 * i + 1];
      total += a * x - b * (y - a) + a * b + x * y;
      by_a += x + b + b;
      by_b += -(y - a) + a;
    }
    const auto given = replay.value_and_gradient({a, b}, Rows(data, 2), Reduce::kSum);
    CHECK(given.value == total);
    CHECK(given.gradient == Numbers{by_a, by_b});
  }
}

TEST_CASE("Function: to_dot() draws what was recorded") {
  const std::string text = squared_error().to_dot();
  CHECK(text.starts_with("digraph"));
  for (const char* part : {"parameter 0", "parameter 1", "input 0", "input 1", "*", "->"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, " in\n", text);
}

TEST_CASE("Function: to_string() tells the steps") {
  const std::string text = squared_error().to_string();
  for (const char* part : {"input 0", "input 1", "p0", "output 0", "output 1", "input gradient 0"})
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, " in\n", text);
}
