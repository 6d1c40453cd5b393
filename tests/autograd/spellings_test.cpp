// A function has one value and one gradient, however it is written.

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Value;
using numeric::agrees;
using numeric::point;
using numeric::text;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A function of one or two Values with another spelling of it.
struct Spelling {
  std::string_view expression;
  Value (*function)(const Value& x, const Value& y);
};

// Checks that all spellings have the value and the gradient of the first.
void check_spellings(const std::vector<Spelling>& spellings,
                     const std::vector<std::vector<double>>& points) {
  const std::array<std::string, 3> parts = {"value", "dx", "dy"};
  for (const std::vector<double>& at : points) {
    std::vector<double> first;
    for (const Spelling& spelling : spellings) {
      const Value x = at[0], y = at.size() > 1 ? at[1] : 0.0;
      const Value result = spelling.function(x, y);
      result.backward();
      const std::vector<double> got = {result.data(), x.grad(), y.grad()};
      if (first.empty()) first = got;
      for (std::size_t i = 0; i < got.size(); ++i)
        if (!agrees(got[i], first[i]))
          FAIL_CHECK(spelling.expression, " at ", point(at), ": ", parts[i], " ", text(got[i]),
                     ", but ", spellings[0].expression, " has ", text(first[i]));
    }
  }
}

}  // namespace

TEST_CASE("spellings: all ways to write a function agree") {
  using V = const Value&;
  SUBCASE("the square") {
    check_spellings({{"square(x)", [](V x, V) { return square(x); }},
                     {"x * x", [](V x, V) { return x * x; }},
                     {"pow(x, 2)", [](V x, V) { return pow(x, 2); }},
                     {"dot({x}, {x})", [](V x, V) { return dot(std::vector{x}, std::vector{x}); }}},
                    {{-3}, {-0.0}, {0}, {1e-200}, {2}, {1e200}, {kInf}, {-kInf}, {kNaN}});
  }
  SUBCASE("the square root") {
    check_spellings({{"sqrt(x)", [](V x, V) { return sqrt(x); }},
                     {"pow(x, 0.5)", [](V x, V) { return pow(x, 0.5); }}},
                    {{0}, {1e-310}, {4}, {1e300}, {kInf}, {-1}, {kNaN}});
  }
  SUBCASE("the cube root of what is not negative") {
    check_spellings({{"cbrt(x)", [](V x, V) { return cbrt(x); }},
                     {"pow(x, 1. / 3)", [](V x, V) { return pow(x, 1. / 3); }}},
                    {{0}, {0.5}, {8}, {kInf}, {kNaN}});
  }
  SUBCASE("the reciprocal") {
    check_spellings({{"1 / x", [](V x, V) { return 1 / x; }},
                     {"reciprocal(x)", [](V x, V) { return reciprocal(x); }},
                     {"pow(x, -1)", [](V x, V) { return pow(x, -1); }}},
                    {{0}, {-0.0}, {-3}, {1e-200}, {1e200}, {kInf}, {-kInf}, {kNaN}});
  }
  SUBCASE("the powers of 2") {
    check_spellings({{"exp2(x)", [](V x, V) { return exp2(x); }},
                     {"pow(2, x)", [](V x, V) { return pow(2, x); }}},
                    {{0}, {-1}, {0.5}, {1023}, {1024}, {-1074}, {kInf}, {-kInf}, {kNaN}});
  }
  SUBCASE("the length of a vector") {
    check_spellings({{"hypot(x, y)", [](V x, V y) { return hypot(x, y); }},
                     {"norm({x, y})",
                      [](V x, V y) {
                        return autograd::norm({x, y});
                      }}},
                    {{0, 0}, {3, 4}, {-1, 0}, {0, 1e-200}, {1e200, 1e200}, {kNaN, kInf}});
    check_spellings({{"hypot(x, y)", [](V x, V y) { return hypot(x, y); }},
                     {"sqrt(x * x + y * y)", [](V x, V y) { return sqrt(x * x + y * y); }}},
                    {{3, 4}, {-1, 0}, {0, 1e-150}, {kNaN, 1}});
  }
  SUBCASE("the absolute value") {
    check_spellings({{"abs(x)", [](V x, V) { return abs(x); }},
                     {"max(x, -x)", [](V x, V) { return max(x, -x); }},
                     {"x * sign(x)", [](V x, V) { return x * sign(x); }},
                     {"hypot(x, 0)", [](V x, V) { return hypot(x, 0); }},
                     {"norm({x})", [](V x, V) { return autograd::norm({x}); }}},
                    {{0}, {-3}, {1e-300}, {kNaN}});
  }
  SUBCASE("the logistic function, where the formulas do not overflow") {
    check_spellings({{"sigmoid(x)", [](V x, V) { return sigmoid(x); }},
                     {"1 / (1 + exp(-x))", [](V x, V) { return 1 / (1 + exp(-x)); }},
                     {"softmax({x, 0})[0]",
                      [](V x, V) {
                        const Value zero = 0;
                        return autograd::softmax({x, zero})[0];
                      }}},
                    {{0}, {-2}, {3}, {kNaN}});
  }
  SUBCASE("softplus") {
    check_spellings({{"softplus(x)", [](V x, V) { return softplus(x); }},
                     {"logsumexp({x, 0})",
                      [](V x, V) {
                        const Value zero = 0;
                        return autograd::logsumexp({x, zero});
                      }}},
                    {{0}, {-40}, {40}, {-700}, {1000}, {-1000}, {kInf}, {-kInf}, {kNaN}});
    check_spellings({{"softplus(x)", [](V x, V) { return softplus(x); }},
                     {"log1p(exp(x))", [](V x, V) { return log1p(exp(x)); }}},
                    {{0}, {-40}, {5}, {-700}, {-kInf}, {kNaN}});
  }
  SUBCASE("log1p and expm1, where the formulas do not cancel") {
    check_spellings({{"log1p(x)", [](V x, V) { return log1p(x); }},
                     {"log(1 + x)", [](V x, V) { return log(1 + x); }}},
                    {{0}, {1}, {-0.5}, {-1}, {-2}, {1e20}, {kInf}, {kNaN}});
    check_spellings({{"expm1(x)", [](V x, V) { return expm1(x); }},
                     {"exp(x) - 1", [](V x, V) { return exp(x) - 1; }}},
                    {{0}, {2}, {-3}, {710}, {kInf}, {-kInf}, {kNaN}});
  }
  SUBCASE("silu, tanh, erfc") {
    check_spellings({{"silu(x)", [](V x, V) { return silu(x); }},
                     {"x * sigmoid(x)", [](V x, V) { return x * sigmoid(x); }}},
                    {{0}, {-3}, {700}, {-700}, {kNaN}});
    check_spellings({{"tanh(x)", [](V x, V) { return tanh(x); }},
                     {"sinh(x) / cosh(x)", [](V x, V) { return sinh(x) / cosh(x); }}},
                    {{0}, {-0.5}, {1}, {kNaN}});
    check_spellings({{"erfc(x)", [](V x, V) { return erfc(x); }},
                     {"1 - erf(x)", [](V x, V) { return 1 - erf(x); }}},
                    {{0}, {-3}, {0.25}, {kInf}, {-kInf}, {kNaN}});
  }
  SUBCASE("rectifiers") {
    check_spellings({{"relu(x)", [](V x, V) { return relu(x); }},
                     {"leaky_relu(x, 0)", [](V x, V) { return leaky_relu(x, 0); }},
                     {"select(x > 0, x, 0)", [](V x, V) { return select(gt(x, 0), x, 0.0); }},
                     {"x * step(x)", [](V x, V) { return x * step(x); }}},
                    {{0}, {-3}, {3}, {1e-300}});
    // Not at 0: the larger of two equal numbers counts half, of a number and 0 as well.
    check_spellings({{"relu(x)", [](V x, V) { return relu(x); }},
                     {"max(x, 0)", [](V x, V) { return max(x, 0); }}},
                    {{-3}, {3}, {kInf}, {-kInf}, {kNaN}});
  }
}
