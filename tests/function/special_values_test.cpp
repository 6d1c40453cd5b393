// autograd/special-values.md, row by row, replayed: a Function that was recorded elsewhere gives
// the same there, at first and second order and with every set of instructions.

#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/instructions.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/special_values.hpp>

namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using autograd::special_values::Case;
using numeric::point;
using numeric::text;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// As numeric::agrees, with room for what vector functions are rounded by.
bool agrees(double x, double expected) {
  return numeric::agrees(x, expected) || numeric::ulps(x, expected) <= 8;
}

// What the first output of a Function and its derivatives are at `at`: as inputs of rows among
// others, and as parameters.
struct Result {
  std::string where;
  double value;
  Numbers gradient;
};

std::vector<Result> results_at(const Function& by_inputs, const Function& by_parameters,
                               const Numbers& at, const Numbers& harmless) {
  std::vector<Result> results;
  const std::size_t n = at.size();
  constexpr std::size_t kRows = 9;
  for (const auto& set : instructions::usable()) {
    // The first, one in the middle, and the last, which stands alone in its vector.
    Numbers rows;
    for (std::size_t i = 0; i < kRows; ++i) {
      const Numbers& row = i % 4 == 0 ? at : harmless;
      rows.insert(rows.end(), row.begin(), row.end());
    }
    Numbers values(kRows * by_inputs.outputs()), slopes(kRows * n);
    Request request{values, {}, {}, slopes, {}};
    request.instructions = set.value;
    by_inputs.run({}, Rows(rows, n), request);
    for (std::size_t i = 0; i < kRows; i += 4) {
      const auto begin = slopes.begin() + static_cast<std::ptrdiff_t>(i * n);
      results.push_back({set.name + ", row " + std::to_string(i), values[i * by_inputs.outputs()],
                         Numbers(begin, begin + static_cast<std::ptrdiff_t>(n))});
    }
    Numbers totals(by_parameters.outputs()), gradient(n);
    Request total{{}, totals, gradient, {}, {}};
    total.instructions = set.value;
    by_parameters.run(at, Rows::by_columns({}, 1), total);
    results.push_back({set.name + ", parameters", totals[0], gradient});
  }
  return results;
}

// Calls check(results, recorded where) for Functions recorded at `at` and at a harmless point.
void for_each_result(const auto& f, const Numbers& at, const auto& check) {
  Numbers harmless;
  for (std::size_t i = 0; i < at.size(); ++i)
    harmless.push_back(0.25 + 0.125 * static_cast<double>(i));
  for (const Numbers& recorded : {at, harmless}) {
    const Function by_inputs = Function::trace(f, recorded);
    const auto of_parameters = [&](Values p, Values) { return f(p); };
    const Function by_parameters = Function::trace(of_parameters, recorded, Numbers());
    for (const Result& result : results_at(by_inputs, by_parameters, at, harmless))
      check(result, " recorded at " + point(recorded) + ", " + result.where);
  }
}

}  // namespace

TEST_CASE("function special values: every row of the table holds, with its derivatives") {
  int compared = 0;
  for (const Case& row : autograd::special_values::all()) {
    const std::string name = std::string(row.expression) + " at " + point(row.at);
    for_each_result(row.function, row.at, [&](const Result& given, const std::string& where) {
      ++compared;
      if (!agrees(given.value, row.value))
        FAIL_CHECK(name, where, ": value ", text(given.value), ", expected ", text(row.value));
      for (std::size_t i = 0; i < row.at.size(); ++i) {
        // A gradient is added to 0, so that either zero is right.
        if (!agrees(given.gradient[i], row.gradient[i] + 0.0))
          FAIL_CHECK(name, where, ": derivative ", i + 1, " is ", text(given.gradient[i]),
                     ", expected ", text(row.gradient[i]));
      }
    });
  }
  CHECK(compared > 180 * 2 * 4);
}

TEST_CASE("function special values: second derivatives hold") {
  int seconds = 0;
  for (const Case& row : autograd::special_values::all()) {
    if (row.hessian.empty()) continue;
    const std::string name = std::string(row.expression) + " at " + point(row.at);
    for (std::size_t i = 0; i < row.at.size(); ++i) {
      const auto slope = [&](Values x) { return derivatives(row.function(x), x)[i]; };
      for_each_result(slope, row.at, [&](const Result& given, const std::string& where) {
        if (!agrees(given.value, row.gradient[i] + 0.0))
          FAIL_CHECK(name, where, ": derivative ", i + 1, " as an output is ", text(given.value),
                     ", expected ", text(row.gradient[i]));
        for (std::size_t k = 0; k < row.at.size(); ++k) {
          ++seconds;
          const double expected = row.hessian[i * row.at.size() + k] + 0.0;
          if (!agrees(given.gradient[k], expected))
            FAIL_CHECK(name, where, ": second derivative ", i + 1, ", ", k + 1, " is ",
                       text(given.gradient[k]), ", expected ", text(expected));
        }
      });
    }
  }
  CHECK(seconds > 160 * 2 * 4);
}
