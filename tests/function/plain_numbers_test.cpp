// Plain numbers that are taken out of a Value while a Function is traced are guards: another number
// is reported, never used in silence.

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// Which of the rows are reported of a Function of one input that was traced at `at`.
std::vector<bool> reported(Value (*f)(const Value& x), double at, const Numbers& rows) {
  const Function function = Function::trace([&](Values x) { return f(x[0]); }, {at});
  Numbers values(rows.size());
  std::vector<unsigned char> diverged(rows.size());
  Request request;
  request.values = values;
  request.diverged = diverged;
  function.run({}, Rows(rows, 1), request);
  return {diverged.begin(), diverged.end()};
}

using Flags = std::vector<bool>;

}  // namespace

TEST_CASE("plain numbers: each way out of a Value is a guard while a Function is traced") {
  const Numbers rows{2.25, 2.0, 3.75, -2.25};
  const auto at = [&](Value (*f)(const Value& x)) { return reported(f, 2.25, rows); };
  const Flags other_number{false, true, true, true};
  CHECK(at([](const Value& x) { return x * x.data(); }) == other_number);
  CHECK(at([](const Value& x) { return x * value_of(x); }) == other_number);
  CHECK(at([](const Value& x) { return x * double(x); }) == other_number);
  // Of what is taken, not of x: the same whole number is the same.
  const Flags other_whole{false, false, true, true};
  CHECK(at([](const Value& x) { return x * static_cast<int>(x); }) == other_whole);
  CHECK(at([](const Value& x) { return x * static_cast<double>(lround(x)); }) == other_whole);
  CHECK(at([](const Value& x) { return x * static_cast<double>(lrint(x)); }) == other_whole);
  CHECK(at([](const Value& x) { return x * ilogb(x); }) == Flags{false, false, false, false});
  CHECK(at([](const Value& x) { return signbit(x) ? x : 2 * x; }) ==
        Flags{false, false, false, true});
  CHECK(at([](const Value& x) {
          int exponent = 0;
          return frexp(x, &exponent) + exponent;
        }) == Flags{false, false, false, false});
}

TEST_CASE("plain numbers: questions are guards too") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const Numbers rows{1.0, nan, inf, -inf, 0.0};
  const auto at = [&](Value (*f)(const Value& x)) { return reported(f, 1.0, rows); };
  CHECK(at([](const Value& x) { return isnan(x) ? Value(0.0) : x; }) ==
        Flags{false, true, false, false, false});
  CHECK(at([](const Value& x) { return isfinite(x) ? x : Value(0.0); }) ==
        Flags{false, true, true, true, false});
  CHECK(at([](const Value& x) { return isinf(x) ? Value(0.0) : x; }) ==
        Flags{false, false, true, true, false});
  CHECK(at([](const Value& x) { return fpclassify(x) == FP_NORMAL ? x : Value(0.0); }) ==
        Flags{false, true, true, true, true});
  // NaN is a number that can be taken too.
  CHECK(reported([](const Value& x) { return x * value_of(x); }, nan, rows) ==
        Flags{true, false, true, true, true});
}

TEST_CASE("plain numbers: constants can be taken") {
  const Numbers rows{2.25, 3.75};
  CHECK(reported(
            [](const Value& x) {
              const Value two = 2.0;
              return x * two.data();
            },
            2.25, rows) == Flags{false, false});
}
