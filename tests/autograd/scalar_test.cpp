// Value in the place of double: ordinary numeric code, standard algorithms, templates.

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;

namespace {

using Numbers = std::vector<double>;

// ---- numeric code as anybody writes it, for any number type ----

template <class T> T horner(std::span<const T> coefficients, const T& x) {
  T result = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) result = result * x + coefficients[i];
  return result;
}

template <class T> T geometry(std::span<const T> v) {
  using std::abs, std::atan2, std::cos, std::exp, std::hypot, std::log, std::max, std::min,
      std::pow, std::sin, std::sqrt, std::tanh;
  const T r = hypot(v[0], v[1]), angle = atan2(v[1], v[0]);
  const T wave = sin(angle) * cos(2 * angle) + exp(-r) * log(r + 1);
  return wave + pow(r, 1.5) + pow(2.0, v[0]) + pow(v[1], v[0]) + sqrt(abs(v[0] - v[1])) +
         max(v[0], v[1]) * min(v[0], v[1]) + tanh(v[0]) / v[1];
}

// The root of x e^x = a, by Newton's method.
template <class T> T lambert(const T& a) {
  using std::abs, std::exp, std::log;
  T x = log(1 + a);
  for (int i = 0; i < 50; ++i) {
    const T e = exp(x), step = (x * e - a) / (e * (x + 1));
    x -= step;
    if (abs(step) < 1e-14) break;
  }
  return x;
}

// The root of x^3 + x = a by bisection, and one step of Newton's to carry the derivative.
template <class T> T bisection(const T& a) {
  T low = -10, high = 10;
  while (high - low > 1e-7) {
    const T middle = (low + high) / 2;
    if (middle * middle * middle + middle < a) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const double at = [&] {
    if constexpr (std::is_same_v<T, double>) {
      return low;
    } else {
      return low.data();
    }
  }();
  return at - (at * at * at + at - a) / (3 * at * at + 1);
}

// A damped pendulum after one unit of time, by the classical Runge-Kutta method.
// v: angle, speed, damping, length.
template <class T> T pendulum(std::span<const T> v) {
  using std::sin;
  using State = std::array<T, 2>;
  const auto slope = [&](const State& s) {
    return State{s[1], -v[2] * s[1] - 9.81f / v[3] * sin(s[0])};
  };
  const auto moved = [](const State& s, const State& by, double h) {
    return State{s[0] + h * by[0], s[1] + h * by[1]};
  };
  State s{v[0], v[1]};
  constexpr double h = 0.05;
  for (int i = 0; i < 20; ++i) {
    const State a = slope(s), b = slope(moved(s, a, h / 2)), c = slope(moved(s, b, h / 2)),
                d = slope(moved(s, c, h));
    for (std::size_t k = 0; k < 2; ++k) s[k] += h / 6 * (a[k] + 2 * b[k] + 2 * c[k] + d[k]);
  }
  return s[0] * s[1];
}

// The sum of the solution of A x = b, by Gauss elimination with pivoting.  v: A by rows, then b.
template <class T> T gauss(std::span<const T> v) {
  using std::abs, std::swap;
  constexpr std::size_t n = 3;
  std::array<std::array<T, n + 1>, n> a;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) a[i][k] = v[i * n + k];
    a[i][n] = v[n * n + i];
  }
  for (std::size_t p = 0; p < n; ++p) {
    std::size_t best = p;
    for (std::size_t i = p + 1; i < n; ++i)
      if (abs(a[i][p]) > abs(a[best][p])) best = i;
    swap(a[p], a[best]);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == p) continue;
      const T factor = a[i][p] / a[p][p];
      for (std::size_t k = p; k <= n; ++k) a[i][k] -= factor * a[p][k];
    }
  }
  T total = 0;
  for (std::size_t i = 0; i < n; ++i) total += a[i][n] / a[i][i];
  return total;
}

// Checks that f gives the same with Values as with numbers, and the slopes of the numbers.
template <class F> void check_as_double(const F& f, const Numbers& at) {
  const auto number = [&](const Numbers& x) { return f(std::span<const double>(x)); };
  const std::vector<Value> x(at.begin(), at.end());
  const Value y = f(std::span<const Value>(x));
  y.backward();
  CHECK(y.data() == number(at));
  for (std::size_t i = 0; i < at.size(); ++i) {
    CAPTURE(i);
    CHECK(x[i].grad() == doctest::Approx(helpers::slope(number, at, i)).epsilon(1e-6));
  }
}

}  // namespace

// ---- arithmetic with every kind of number ----

TEST_CASE_TEMPLATE("scalar: numbers of any type stand on either side", T, int, short, long,
                   long long, unsigned, std::size_t, float, double, long double, bool, char) {
  const Value a = 4;
  const T one = 1;
  const Value y = (a + one) * (one + a) + (a - one) * (one - a) + (a * one) * (one * a) +
                  (a / one) * (one / a) + pow(a, one) + pow(one, a) + max(a, one) + min(one, a) +
                  select(gt(a, one), one, a);
  y.backward();
  CHECK(y.data() == 25 - 9 + 16 + 1 + 4 + 1 + 4 + 1 + 1);
  CHECK(a.grad() == 10 - 6 + 8 + 0 + 1 + 0 + 1 + 0 + 0);
}

TEST_CASE_TEMPLATE("scalar: numbers of any type that double holds are assigned and compared", T,
                   int, short, unsigned, float, double, char) {
  Value a = 4;
  const T one = 1;
  a += one;
  a *= one;
  a -= one;
  a /= one;
  CHECK(a.data() == 4);
  CHECK(a > one);
  CHECK(one <= a);
  CHECK(a != one);
  a = one;
  CHECK(a == one);
  CHECK(Value(one).data() == 1);
}

TEST_CASE("scalar: signs, and chains of mixed numbers") {
  const Value a = 3;
  CHECK((+a).data() == 3);
  CHECK((-a).data() == -3);
  CHECK((-(-a) - 1 + 2.5f * a / 2u - 1L).data() == 4.75);
  const Value y = 2 - a - 1.0 - -a * 2;
  y.backward();
  CHECK(y.data() == 4);
  CHECK(a.grad() == 1);
}

TEST_CASE("scalar: auto names a Value, not an expression") {
  const Value a = 3;
  auto y = a * a + 1;
  auto z = -a;
  auto w = sin(a);
  static_assert(std::is_same_v<decltype(y), Value>);
  static_assert(std::is_same_v<decltype(z), Value>);
  static_assert(std::is_same_v<decltype(w), Value>);
  static_assert(std::is_same_v<decltype(2 * a), Value>);
  CHECK((y + z).data() == 7);
}

TEST_CASE("scalar: is a regular, ordered type that does not turn into a number by itself") {
  CHECK(std::regular<Value>);
  CHECK(std::swappable<Value>);
  CHECK(std::totally_ordered<Value>);
  CHECK(std::equality_comparable_with<Value, double>);
  CHECK(std::convertible_to<double, Value>);
  CHECK(std::convertible_to<int, Value>);
  CHECK_FALSE(std::convertible_to<Value, double>);
  CHECK_FALSE(std::convertible_to<Value, bool>);
  CHECK(std::constructible_from<double, Value>);  // where it is written down: double(x)
  CHECK_FALSE(std::constructible_from<bool, Value>);
  CHECK_FALSE(std::constructible_from<Value, const char*>);
  CHECK_FALSE(std::constructible_from<Value, std::nullptr_t>);
}

TEST_CASE("scalar: numeric_limits are those of double") {
  using Limits = std::numeric_limits<Value>;
  CHECK(Limits::is_specialized);
  CHECK(Limits::digits == 53);
  CHECK(Limits::epsilon() == std::numeric_limits<double>::epsilon());
  CHECK(Value(1) < Limits::infinity());
  CHECK(Limits::lowest() < Value(-1e308));
  CHECK_FALSE(Limits::quiet_NaN() == Value(1));
}

// ---- the standard library ----

TEST_CASE("scalar: algorithms add, multiply and order") {
  const std::vector<Value> x = {3, 1, 2}, w = {10, 20, 30};
  SUBCASE("accumulate") {
    const Value y = std::accumulate(x.begin(), x.end(), Value(0));
    y.backward();
    CHECK(y.data() == 6);
    CHECK(x[1].grad() == 1);
  }
  SUBCASE("accumulate with a product") {
    const Value y = std::accumulate(x.begin(), x.end(), Value(1), std::multiplies<>());
    y.backward();
    CHECK(y.data() == 6);
    CHECK(x[0].grad() == 2);
  }
  SUBCASE("inner_product") {
    const Value y = std::inner_product(x.begin(), x.end(), w.begin(), Value(0));
    y.backward();
    CHECK(y.data() == 110);
    CHECK(x[2].grad() == 30);
    CHECK(w[2].grad() == 2);
  }
  SUBCASE("transform_reduce and partial_sum") {
    const Value y = std::transform_reduce(x.begin(), x.end(), w.begin(), Value(0));
    std::vector<Value> sums(3);
    std::partial_sum(x.begin(), x.end(), sums.begin());
    (y + sums[1]).backward();
    CHECK(x[0].grad() == 11);
    CHECK(x[2].grad() == 30);
    CHECK(sums[2].data() == 6);
  }
  SUBCASE("max, min, clamp give one of their operands") {
    const Value high = std::max(x[0], x[1]), low = std::min({x[0], x[1], x[2]});
    (high * 5 + low * 7 + std::clamp(x[2], x[1], x[0]) * 9).backward();
    CHECK(x[0].grad() == 5);
    CHECK(x[1].grad() == 7);
    CHECK(x[2].grad() == 9);
    CHECK(std::max_element(x.begin(), x.end()) == x.begin());
  }
  SUBCASE("sort takes the nodes along") {
    std::vector<Value> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted[0].data() == 1);
    CHECK(sorted[2].data() == 3);
    sorted[0].backward();
    CHECK(x[1].grad() == 1);
    std::ranges::sort(sorted, std::greater<>());
    CHECK(sorted[0].data() == 3);
    CHECK(x[0].data() == 3);
  }
  SUBCASE("sort of many, with all that sorting moves about") {
    std::vector<Value> many;
    many.reserve(1000);
    for (int i = 0; i < 1000; ++i) many.push_back(x[0] * ((i * 377) % 1000));
    std::sort(many.begin(), many.end());
    many[500].backward();
    CHECK(many[500].data() == 1500);
    CHECK(x[0].grad() == 500);
    std::reverse(many.begin(), many.end());
    std::rotate(many.begin(), many.begin() + 1, many.end());
    CHECK(many.back().data() == 2997);
    many.erase(std::remove_if(many.begin(), many.end(), [](const Value& v) { return v > 30; }),
               many.end());
    CHECK(many.size() == 11);
  }
}

TEST_CASE("scalar: swap, exchange, optional, pair, tuple and array hold Values") {
  Value a = 1, b = 2;
  std::swap(a, b);
  CHECK(a.data() == 2);
  CHECK(std::exchange(a, b * 3).data() == 2);
  a.backward();
  CHECK(b.grad() == 3);
  std::optional<Value> maybe;
  CHECK(maybe.value_or(7).data() == 7);
  maybe = a;
  CHECK((*maybe == 3));
  auto [first, second] = std::pair(a, b);
  CHECK((first * second).data() == 3);
  const std::array<Value, 3> zeros{};
  CHECK(autograd::sum(zeros).data() == 0);
}

// ---- templates instantiated with double and with Value ----

TEST_CASE("scalar: a polynomial by Horner's rule") {
  const auto f = []<class T>(std::span<const T> v) { return horner<T>(v.subspan(1), v[0]); };
  check_as_double(f, {0.7, 3, -2, 0.5, 1, -0.25});
}

TEST_CASE("scalar: functions called as `using std::sin; sin(x)`") {
  const auto f = []<class T>(std::span<const T> v) { return geometry<T>(v); };
  check_as_double(f, {0.8, 1.7});
  check_as_double(f, {2.5, 0.3});
}

TEST_CASE("scalar: Newton's method") {
  const auto f = []<class T>(std::span<const T> v) { return lambert<T>(v[0]) * v[1]; };
  check_as_double(f, {2.0, 3.0});
  const Value a = 2;
  lambert(a).backward();
  const double w = lambert(2.0);
  CHECK(a.grad() == doctest::Approx(w / (2.0 * (1 + w))));
}

TEST_CASE("scalar: bisection, which branches on comparisons") {
  const auto f = []<class T>(std::span<const T> v) { return bisection<T>(v[0]); };
  check_as_double(f, {5.0});
  const Value a = 10;
  bisection(a).backward();
  CHECK(a.grad() == doctest::Approx(1.0 / 13));
}

TEST_CASE("scalar: a differential equation by Runge-Kutta") {
  const auto f = []<class T>(std::span<const T> v) { return pendulum<T>(v); };
  check_as_double(f, {0.9, -0.4, 0.3, 1.2});
}

TEST_CASE("scalar: linear equations by Gauss elimination with pivoting") {
  const auto f = []<class T>(std::span<const T> v) { return gauss<T>(v); };
  check_as_double(f, {1e-3, 2, -1, 3, 1, 4, -2, 5, 0.5, 1, 2, 3});
}
