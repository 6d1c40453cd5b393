// Rows whose shape cannot be right.

#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::Function;
using autograd::Matrix;
using autograd::Rows;
using helpers::error_of;
using Numbers = std::vector<double>;

TEST_CASE("Function: a matrix that does not hold its rows and columns is an Error") {
  constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
  const auto error = [](const Matrix& matrix) { return error_of([&] { (void)Rows(matrix); }); };
  CHECK(error({3, 2, {1.0, 2.0}}) == "Rows: a matrix of 3 rows and 2 columns has 2 numbers");
  CHECK(error({1, 2, {1.0, 2.0, 3.0}}) == "Rows: a matrix of 1 rows and 2 columns has 3 numbers");
  CHECK(error({3, 0, {1.0}}) == "Rows: a matrix of 3 rows and 0 columns has 1 numbers");
  CHECK(error({0, 2, {1.0, 2.0}}) != "");
  // Products that wrap around to the number of numbers.
  CHECK(error({kHuge / 2 + 2, 2, {1.0, 2.0}}) != "");
  CHECK(error({kHuge / 2 + 1, 2, {}}) != "");
  CHECK(error({1, 2, {1.0, 2.0}}) == "");
  CHECK(error({0, 2, {}}) == "");
  CHECK(error({5, 0, {}}) == "");
}

TEST_CASE("Function: more rows than memory could hold results of are an Error") {
  const Function f = Function::trace([](auto p, auto) { return p[0] * 2; }, {1}, autograd::Point{});
  constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
  for (const std::size_t count : {kHuge, kHuge / 2 + 2, std::size_t{1} << 60}) {
    const Rows rows = Rows::by_columns(Numbers(), count);
    CHECK(error_of([&] { f.values({1}, rows); }) == "Function: there are too many rows");
    CHECK(error_of([&] { f.value_and_gradient({1}, rows); }) ==
          "Function: there are too many rows");
  }
  if (helpers::kSanitized) return;  // such an allocation ends the program there
  const Rows many = Rows::by_columns(Numbers(), std::size_t{1} << 58);
  CHECK(error_of([&] { f.values({1}, many); }).starts_with("out of memory"));
}
