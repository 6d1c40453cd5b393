// Functions as C++: compiled by the compiler of the tests, without fused multiply-adds, they give what
// the engine says.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/compiled_functions.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::Function;
using compiled_functions::Case;
using compiled_functions::check;
using compiled_functions::compiled;
using compiled_functions::Numbers;
using compiled_functions::ramp;
using compiled_functions::Value;
using compiled_functions::Values;

Value rosenbrock(Values x) {
  Value sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i]);
  return sum;
}

}  // namespace

TEST_CASE("to_cpp: straight on") {
  check({{"fraction",
          [](Values p, Values x) { return 1 / (p[0] * x[0] + p[1]); },
          {-2, 4},
          {3},
          {-2.5, 4},
          {3}},
         {"constant", [](Values, Values) { return Value(2); }, {1}, {2}, {1}, {2}},
         {"leaf", [](Values p, Values) { return p[1]; }, {1, 2}, {}, {3, 4}, {}},
         {"many",
          [](Values p, Values x) {
            const Value a = tanh(p[0] * x[0] + x[1]), b = pow(x[0], 3) * exp(-square(p[1]));
            return log(1 + a * a) + hypot(b, a) + max(a, b) + abs(x[1]) + select(lt(a, b), a, b) +
                   atan2(a, b) + erf(a) + sigmoid(b) + gelu(a) + softplus(b);
          },
          {0.5, -0.25},
          {1.5, 2},
          {0.75, 0.125},
          {-1.25, 0.5}},
         {"ranges",
          [](Values p, Values x) {
            return logsumexp(x) + norm(x) + softmax(x)[1] + mean(x) * dot(x, x) + p[0] * sum(x);
          },
          {2},
          {1, 2, 3},
          {3},
          {-1, 0.5, 2}},
         {"kinks",
          [](Values p, Values x) { return relu(x[0]) + norm(x) + p[0]; },
          {1},
          {0, 0},
          {1},
          {0, 0}}},
        1e-14);
}

TEST_CASE("to_cpp: loops that were found again") {
  const auto options = [](Values p, Values x) {
    Value sum = 0;
    for (std::size_t i = 0; i + 2 < x.size(); i += 3)
      sum += log(1 + exp(p[0] * x[i] + p[1] * x[i + 1])) * x[i + 2] + 0.25 * static_cast<double>(i);
    return sum;
  };
  check({{"rosenbrock",
          [](Values, Values x) { return rosenbrock(x); },
          {},
          ramp(40, 0.5, 0.01),
          {},
          ramp(40, -0.5, 0.03)},
         {"of_parameters",
          [](Values p, Values) { return rosenbrock(p); },
          ramp(20, 0.5, 0.01),
          {},
          ramp(20, -0.5, 0.03),
          {}},
         {"options", options, {0.5, 2}, ramp(60, -1, 0.05), {1, -1}, ramp(60, 1, -0.03)},
         {"not_affine",
          [&](Values p, Values x) { return log(options(p, x)) * p[0] + x[0] * x[1]; },
          {0.5, 2},
          ramp(60, 1, 0.05),
          {1, 0.5},
          ramp(60, 2, 0.03)},
         {"uneven",
          [](Values p, Values x) {
            const std::size_t order[] = {3, 0, 7, 2, 9, 4, 11, 6, 1, 8, 5, 10};
            Value sum = 0;
            for (std::size_t i = 0; i < 12; ++i)
              sum += tanh(p[i % 3] * x[order[i]]) * (0.5 + static_cast<double>(order[i]));
            return sum / 12;
          },
          {1, 2, 3},
          ramp(12, 0, 0.1),
          {0.5, -1, 2},
          ramp(12, 1, -0.1)},
         {"both",  // a column that is partly parameters
          [](Values p, Values x) {
            std::vector<Value> all(p.begin(), p.end());
            all.insert(all.end(), x.begin(), x.end());
            return rosenbrock(all);
          },
          ramp(10, 0.5, 0.1), ramp(10, 1, -0.1), ramp(10, 0, 0.1), ramp(10, 2, -0.1)}},
        1e-12);
  const std::string text =
      Function::trace([](Values x) { return rosenbrock(x); }, ramp(1000, 0, 0.01)).to_cpp("f");
  CHECK(helpers::contains(text, "for (int r = 0; r < 999; ++r)"));
  CHECK(text.size() < 3000);
}

TEST_CASE("to_cpp: random expressions") {
  std::vector<Case> cases;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto expression = random_expressions::random_expression(seed);
    const auto f = [expression](Values, Values x) { return expression(x); };
    const Numbers at = expression.at;
    try {
      (void)Function::trace(f, Numbers{}, at).to_cpp("f");
    } catch (const autograd::Error& error) {  // a function that C++ does not have
      CHECK(helpers::contains(error.what(), "cannot be written"));
      continue;
    }
    cases.push_back({"f" + std::to_string(seed), f, {}, at, {}, at});
  }
  CHECK(cases.size() > 10);
  check(cases, 1e-9);
}

TEST_CASE("to_cpp: another branch gives NaN") {
  const auto f = [](Values p, Values x) { return x[0] < p[0] ? x[0] * 2 : p[0] + x[0]; };
  const std::vector<Numbers> result =
      compiled({{"same", f, {1}, {0.5}, {1}, {0.75}}, {"other", f, {1}, {0.5}, {1}, {2}}});
  CHECK(result[0] == Numbers{1.5, 1.5, 0, 2});
  for (const double each : result[1]) CHECK(std::isnan(each));
}

TEST_CASE("to_cpp: another branch in a row of a loop, or beside it, gives NaN") {
  const auto f = [](Values p, Values x) {
    Value sum = 0;
    for (std::size_t i = 1; i < x.size(); ++i) {
      sum += x[i] < p[0] ? x[i] * x[i] : sin(x[i]) * p[1];
      if (x[i] + p[1] < p[0]) sum += exp(x[i]);
    }
    return x[0] > p[0] ? log(sum * sum + 1) : sum;
  };
  const Numbers at = ramp(40, 3, -0.05), p{0.5, 2};
  Numbers moved = at, in_row = at, beside = at;
  for (double& each : moved) each *= 1.01;
  in_row[20] = 0.25;
  beside[0] = 0.25;
  CHECK(helpers::contains(Function::trace(f, p, at).to_cpp("f"), "for (int r"));
  check({{"same", f, p, at, p, moved}}, 1e-13);
  for (const Numbers& result :
       compiled({{"in_row", f, p, at, p, in_row}, {"beside", f, p, at, p, beside}})) {
    CHECK(result.size() == 44);
    for (const double each : result) CHECK(std::isnan(each));
  }
}

TEST_CASE("to_cpp: errors") {
  const auto error = [](const auto& f, const std::string& name) {
    return helpers::error_of([&] { (void)Function::trace(f, Numbers{1, 2}).to_cpp(name); });
  };
  const auto first = [](Values x) { return x[0] * x[1]; };
  CHECK(helpers::contains(error(first, "two words"), "'two words'"));
  CHECK(helpers::contains(error(first, "int"), "'int'"));
  CHECK(helpers::contains(error(
                              [](Values x) {
                                return std::vector<Value>{x[0], x[1]};
                              },
                              "f"),
                          "of one output, got one of 2"));
  CHECK(helpers::contains(error([](Values x) { return digamma(x[0]); }, "f"), "'digamma'"));
  CHECK(helpers::contains(error([](Values x) { return autograd::mean_over_rows(x.first(1)); }, "f"),
                          "row mean"));
}

TEST_CASE("to_cpp: a header, as it looks") {
  golden::check("function/fraction.txt",
                Function::trace([](Values p, Values x) { return 1 / (p[0] * x[0] + p[1]); },
                                {-2.0, 4.0}, {3.0})
                    .to_cpp("fraction"));
  golden::check("function/rosenbrock.txt",
                Function::trace([](Values x) { return rosenbrock(x); }, ramp(100, 0, 0.1))
                    .to_cpp("rosenbrock"));
}
