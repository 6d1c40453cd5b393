// <cmath> for every number type: what the functions return, with their derivatives, beside what
// those of the standard library return for plain numbers.

#include <cfloat>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/numbers/active.hpp>
#include <autograd/numbers/dual.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Value;
using autograd::detail::Active;
using autograd::detail::Dual;
using numeric::text;
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

const std::vector<double> kNumbers{0.0,  -0.0,  0.3,  -0.3, 0.5,   -0.5,  1.0,    -1.0,
                                   1.5,  -1.5,  2.5,  -2.5, 3.7,   -3.7,  1e-310, 1e300,
                                   kInf, -kInf, kNaN, 7.0,  -16.0, 1e-20, 4096.0, -1e17};

bool same(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
}

void check_same(const char* name, double x, double y, double given, double expected) {
  if (!same(given, expected))
    FAIL_CHECK(name, "(", text(x), ", ", text(y), ") is ", text(given), ", expected ",
               text(expected));
}

// Of a function that answers with a whole number, or with yes or no.
void check_answer(const char* name, double x, double y, int given, int expected) {
  if (given != expected)
    FAIL_CHECK(name, "(", text(x), ", ", text(y), ") is ", given, ", expected ", expected);
}

}  // namespace

#define SAME_OF_ONE(name)                                        \
  for (const double x : kNumbers) {                              \
    check_same(#name, x, 0, T(name(T(x))).data(), std::name(x)); \
  }
#define SAME_OF_TWO(name)                                                   \
  for (const double x : kNumbers)                                           \
    for (const double y : kNumbers) {                                       \
      check_same(#name, x, y, T(name(T(x), T(y))).data(), std::name(x, y)); \
      check_same(#name, x, y, T(name(T(x), y)).data(), std::name(x, y));    \
      check_same(#name, x, y, T(name(x, T(y))).data(), std::name(x, y));    \
    }
#define SAME_ANSWER_OF_ONE(name) \
  for (const double x : kNumbers) check_answer(#name, x, 0, name(T(x)), std::name(x));
#define SAME_ANSWER_OF_TWO(name)                                    \
  for (const double x : kNumbers)                                   \
    for (const double y : kNumbers) {                               \
      check_answer(#name, x, y, name(T(x), T(y)), std::name(x, y)); \
      check_answer(#name, x, y, name(x, T(y)), std::name(x, y));    \
    }

TEST_CASE_TEMPLATE("cmath: values are those of the standard library", T, Value, Dual<2>,
                   Active<double>) {
  SAME_OF_ONE(fabs)
  SAME_OF_ONE(trunc)
  SAME_OF_ONE(rint)
  SAME_OF_ONE(nearbyint)
  SAME_OF_ONE(logb)
  SAME_OF_ONE(floor)
  SAME_OF_ONE(ceil)
  SAME_OF_ONE(round)
  SAME_OF_TWO(fdim)
  SAME_OF_TWO(fmod)
  SAME_OF_TWO(remainder)
  SAME_OF_TWO(nextafter)
  SAME_ANSWER_OF_ONE(isnan)
  SAME_ANSWER_OF_ONE(isinf)
  SAME_ANSWER_OF_ONE(isfinite)
  SAME_ANSWER_OF_ONE(isnormal)
  SAME_ANSWER_OF_ONE(fpclassify)
  SAME_ANSWER_OF_ONE(ilogb)
  SAME_ANSWER_OF_TWO(isgreater)
  SAME_ANSWER_OF_TWO(isgreaterequal)
  SAME_ANSWER_OF_TWO(isless)
  SAME_ANSWER_OF_TWO(islessequal)
  SAME_ANSWER_OF_TWO(islessgreater)
  SAME_ANSWER_OF_TWO(isunordered)
  for (const double x : kNumbers) {
    if (std::isnan(x)) continue;
    CHECK(signbit(T(x)) == std::signbit(x));
    for (const double y : kNumbers)
      if (!std::isnan(y))
        check_same("copysign", x, y, copysign(T(x), T(y)).data(), std::copysign(x, y));
    int n = 0, m = 0;
    check_same("frexp", x, 0, frexp(T(x), &n).data(), std::frexp(x, &m));
    CHECK((n == m || !std::isfinite(x)));
    double whole = 0;
    T rest = 0.0;
    CHECK(modf(T(x), &rest).data() == std::modf(x, &whole));
    CHECK(rest.data() == whole);
    for (const int k : {-2100, -1074, -1, 0, 3, 1023, 2100}) {
      check_same("ldexp", x, k, ldexp(T(x), k).data(), std::ldexp(x, k));
      check_same("scalbn", x, k, scalbn(T(x), k).data(), std::scalbn(x, k));
      check_same("scalbln", x, k, scalbln(T(x), k).data(), std::scalbln(x, k));
    }
    if (std::abs(x) > 1e15) continue;
    CHECK(lround(T(x)) == std::lround(x));
    CHECK(llround(T(x)) == std::llround(x));
    CHECK(lrint(T(x)) == std::lrint(x));
    CHECK(llrint(T(x)) == std::llrint(x));
    for (const double y : {0.7, -2.0, 3.5}) {
      if (std::abs(x / y) > 1e6) continue;
      check_same("remquo", x, y, remquo(T(x), T(y), &n).data(), std::remquo(x, y, &m));
      CHECK_MESSAGE(n % 8 == m % 8, text(x), " ", text(y));
    }
  }
  CHECK(fma(T(2.0), 3.0, T(4.0)).data() == 10);
  CHECK(hypot(T(2.0), 3.0, T(6.0)).data() == 7);
  CHECK(lerp(T(2.0), T(4.0), 0.25).data() == 2.5);
  CHECK(lerp(T(2.0), T(1e30), 1.0).data() == 1e30);
  CHECK(nexttoward(T(1.0), 2.0).data() == std::nextafter(1.0, 2.0));
  CHECK(degrees(T(std::numbers::pi)).data() == 180);
  CHECK(radians(T(180.0)).data() == std::numbers::pi);
  T x = 2.0;
  CHECK((++x).data() == 3);
  CHECK((x++).data() == 3);
  CHECK((--x).data() == 3);
  CHECK((x--).data() == 3);
  CHECK(x.data() == 2);
}

TEST_CASE("cmath: fmin and fmax leave a NaN out, as in C, and so do their derivatives") {
  for (const double x : kNumbers)
    for (const double y : kNumbers) {
      CHECK((fmin(Value(x), y).data() == std::fmin(x, y) || (std::isnan(x) && std::isnan(y))));
      CHECK((fmax(x, Value(y)).data() == std::fmax(x, y) || (std::isnan(x) && std::isnan(y))));
    }
  const Value nan = kNaN, two = 2.0;
  (fmin(nan, two) + fmax(two, nan)).backward();
  CHECK(two.grad() == 2);
  CHECK(nan.grad() == 0);
}

TEST_CASE("cmath: derivatives of what is made of operations") {
  const auto slopes = [](const Value& y, const std::vector<Value>& x) {
    std::vector<double> result;
    for (const Value& each : derivatives(y, x)) result.push_back(each.data());
    return result;
  };
  using Numbers = std::vector<double>;
  const Value x = 5.5, y = 2.0, z = 3.0;
  CHECK(slopes(fmod(x, y), {x, y}) == Numbers{1, -2});
  CHECK(slopes(remainder(x, y), {x, y}) == Numbers{1, -3});
  CHECK(slopes(fdim(x, y), {x, y}) == Numbers{1, -1});
  CHECK(slopes(fdim(y, x), {x, y}) == Numbers{0, 0});
  CHECK(slopes(fdim(y, 2.0), {y}) == Numbers{0});
  CHECK(slopes(fma(x, y, z), {x, y, z}) == Numbers{2, 5.5, 1});
  CHECK(slopes(lerp(x, y, z), {x, y, z}) == Numbers{-2, 3, -3.5});
  CHECK(slopes(copysign(x, -y), {x, y}) == Numbers{-1, 0});
  CHECK(slopes(ldexp(x, 3), {x}) == Numbers{8});
  Value whole;
  CHECK(slopes(modf(z, &whole), {z}) == Numbers{1});  // at a whole number too
  // The whole part is a number of the same type.
  const auto takes = [](auto place) { return requires { modf(Value(), place); }; };
  static_assert(takes(static_cast<Value*>(nullptr)));
  static_assert(!takes(static_cast<int*>(nullptr)));
  static_assert(!takes(static_cast<double*>(nullptr)));
  int exponent = 0;
  CHECK(slopes(frexp(x, &exponent), {x}) == Numbers{0.125});
  CHECK(slopes(nextafter(x, y), {x, y}) == Numbers{1, 0});
  CHECK(slopes(degrees(x), {x}) == Numbers{180 / std::numbers::pi});

  // Of a length the second derivatives too, where two sides are 0.
  const Value a = 0.0, b = 0.0, c = 4.0;
  const auto first = derivatives(hypot(a, b, c), {a, b, c});
  CHECK(slopes(first[0], {a, b, c}) == Numbers{0.25, 0, 0});
}

TEST_CASE("cmath: between their jumps the slopes of remainders are those of differences") {
  numeric::Random random(5);
  constexpr double kStep = 1e-7;
  int compared = 0;
  for (int i = 0; i < 1000; ++i) {
    const double x = random.between(-20, 20), y = random.between(-3, 3);
    const auto check = [&](double (*f)(double, double), const Value& r, const Value& a,
                           const Value& b) {
      const double by_x = f(x + kStep, y) - f(x - kStep, y);
      const double by_y = f(x, y + kStep) - f(x, y - kStep);
      if (std::abs(by_x) > 1e-5 || std::abs(by_y) > 1e-4) return;  // a jump between
      ++compared;
      const auto slopes = derivatives(r, {a, b});
      CHECK(slopes[0].data() == doctest::Approx(by_x / (2 * kStep)).epsilon(1e-5));
      CHECK(slopes[1].data() == doctest::Approx(by_y / (2 * kStep)).epsilon(1e-5));
    };
    const Value a = x, b = y;
    check([](double p, double q) { return std::fmod(p, q); }, fmod(a, b), a, b);
    check([](double p, double q) { return std::remainder(p, q); }, remainder(a, b), a, b);
    CHECK(derivatives(logb(a), {a})[0].data() == 0);
  }
  CHECK(compared > 1500);
}

TEST_CASE("cmath: smooth forms of abs, max and min") {
  for (const double at : {-3.0, -0.1, 0.0, 0.2, 1000.0}) {
    const Value x = at;
    const double size = smooth_abs(x, 0.1).data();
    CHECK(size <= std::abs(at));
    CHECK(size >= std::abs(at) - 0.1 * std::numbers::ln2);
    const double most = smooth_max(x, 1, 0.1).data(), least = smooth_min(1.0, x, 0.1).data();
    CHECK(most >= std::max(at, 1.0));
    CHECK(most <= std::max(at, 1.0) + 0.1 * std::numbers::ln2);
    CHECK(least <= std::min(at, 1.0));
    CHECK(least >= std::min(at, 1.0) - 0.1 * std::numbers::ln2);
  }
  const Value x = 0.0, y = 0.0;
  smooth_abs(x, 0.1).backward();
  CHECK(x.grad() == 0);
  const auto slopes = derivatives(smooth_max(x, y, 0.5), {x, y});
  CHECK(slopes[0].data() == 0.5);
  CHECK(derivatives(slopes[0], {x})[0].data() == 0.5);
}

TEST_CASE("cmath: numbers turn into plain ones where that is written down") {
  const Value x = 2.75;
  CHECK(double(x) == 2.75);
  CHECK(static_cast<int>(x) == 2);
  CHECK(static_cast<float>(x) == 2.75f);
  CHECK(static_cast<long double>(x) == 2.75L);
  CHECK(value_of(x) == 2.75);
  CHECK(autograd::value_of(2.75) == 2.75);
  CHECK(autograd::value_of(3) == 3);
  CHECK(static_cast<int>(Dual<2>(2.75)) == 2);
  CHECK(value_of(Dual<2, Dual<1>>(2.75)) == 2.75);
  CHECK(static_cast<unsigned>(Active<double>(2.75)) == 2);
  static_assert(!std::is_convertible_v<Value, double>);
  static_assert(!std::is_constructible_v<bool, Value>);
  static_assert(!std::is_constructible_v<bool, Dual<1>>);
}
