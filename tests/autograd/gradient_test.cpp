// Gradients of functions: on dual numbers, on the statement tape and on Values, against closed
// forms and against each other.

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::gradient;
using autograd::Value;
using autograd::value_and_gradient;
using numeric::is_close;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;
using Callable = generic::TwiceDifferentiable;

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

Numbers unit(std::size_t size, std::size_t i) {
  Numbers direction(size, 0.0);
  direction[i] = 1;
  return direction;
}

// The gradient in every way there is.
void check_all_ways(const Callable& f, const Numbers& x, const Numbers& expected) {
  CHECK(is_close(gradient(f, x), expected));
  CHECK(is_close(gradient(on_values(f), x), expected));
  CHECK(is_close(autograd::jacobian(f, x).data, expected));
  CHECK(is_close(autograd::jacobian(on_values(f), x).data, expected));
  CHECK(is_close(autograd::vjp(f, x, {1.0}).gradient, expected));
  Numbers folded(x.size());
  autograd::detail::gradient_on_statements(f, x, folded);
  CHECK(is_close(folded, expected));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Numbers direction = unit(x.size(), i);
    CHECK(is_close(autograd::jvp(f, x, direction).derivatives, Numbers{expected[i]}));
    CHECK(is_close(autograd::jvp(on_values(f), x, direction).derivatives, Numbers{expected[i]}));
  }
}

const Callable product_of_sines = [](auto x) {
  using std::sin;
  return x[0] * sin(x[1]);
};

}  // namespace

TEST_CASE("gradient: few inputs agree with closed forms in every way") {
  check_all_ways(product_of_sines, {1.5, 0.3}, {std::sin(0.3), 1.5 * std::cos(0.3)});
  check_all_ways([](auto x) { return exp(x[0]); }, {0.7}, {std::exp(0.7)});
  check_all_ways([](auto x) { return x[0] * x[1] / x[2] - x[3]; }, {2, 3, 4, 5},
                 {0.75, 0.5, -0.375, -1});
}

TEST_CASE("gradient: many inputs agree with closed forms in every way") {
  Numbers x, twice, others;
  for (int i = 1; i <= 9; ++i) {
    x.push_back(0.5 * i);
    twice.push_back(i);
  }
  double product = 1;
  for (const double each : x) product *= each;
  for (const double each : x) others.push_back(product / each);
  check_all_ways([](auto in) { return dot(in, in); }, x, twice);
  check_all_ways(
      [](auto in) {
        auto y = in[0];
        for (std::size_t i = 1; i < in.size(); ++i) y *= in[i];
        return y;
      },
      x, others);
}

TEST_CASE("value_and_gradient: gives the value too, into a vector or into memory of the caller") {
  const auto [value, slopes] = value_and_gradient(product_of_sines, {1.5, 0.3});
  CHECK(value == 1.5 * std::sin(0.3));
  CHECK(is_close(slopes, {std::sin(0.3), 1.5 * std::cos(0.3)}));

  std::array<double, 2> into{7, 7};
  CHECK(value_and_gradient(product_of_sines, {1.5, 0.3}, into) == value);
  CHECK(into[0] == slopes[0]);
  CHECK(into[1] == slopes[1]);
  const std::array<double, 2> point{1.5, 0.3};
  CHECK(gradient(product_of_sines, std::span(point)) == slopes);
}

TEST_CASE("value_and_gradient: of an array is an array, the same numbers in every way") {
  const auto check = [](const auto& f, const auto& point) {
    using Array = std::decay_t<decltype(point)>;
    const auto [value, slopes] = value_and_gradient(f, point);
    static_assert(std::is_same_v<decltype(slopes), const Array>);
    static_assert(std::is_same_v<decltype(gradient(f, point)), Array>);
    const Numbers x(point.begin(), point.end());
    const auto expected = value_and_gradient(on_values(f), x);
    CHECK(value == doctest::Approx(expected.value).epsilon(1e-15));
    CHECK(is_close(Numbers(slopes.begin(), slopes.end()), expected.gradient));
    CHECK(gradient(f, point) == slopes);
    CHECK(is_close(gradient(f, x), expected.gradient));
    const auto of_values = gradient(on_values(f), point);
    CHECK(Numbers(of_values.begin(), of_values.end()) == expected.gradient);
  };
  const Callable f = [](auto x) {
    auto y = 1.0 / (x.front() * x.back() + x[x.size() / 2]);
    for (const auto& each : x) y += sin(each) * y;
    return y;
  };
  check(f, std::array{0.7});
  check(f, std::array{0.7, 1.3});
  check(f, std::array{0.7, 1.3, 0.4});
  check(f, std::array{0.7, 1.3, 0.4, -0.2});
  check(f, std::array{0.7, 1.3, 0.4, -0.2, 2.1});
  check([](auto) { return 3.0 * exp(0.5); }, std::array<double, 0>{});
  // An input that does not matter, and one that is the result.
  CHECK(gradient([](auto x) { return x[1]; }, std::array{1.0, 2.0, 3.0}) ==
        std::array{0.0, 1.0, 0.0});
}

TEST_CASE("value_and_gradient: of an array, what is infinite reaches only what it belongs to") {
  const double inf = std::numeric_limits<double>::infinity();
  const Callable f = [](auto x) { return sqrt(x[0]) + 3.0 * x[1]; };
  CHECK(gradient(f, std::array{0.0, 1.0}) == std::array{inf, 3.0});
  CHECK(gradient([](auto x) { return 0.0 * sqrt(x[0]) + x[0]; }, std::array{0.0}) ==
        std::array{1.0});
  const Callable huge = [](auto x) {
    return 1e308 * x[0] + 1e308 * x[1];
  };  // finite, but not its sum
  CHECK(gradient(huge, std::array{1.0, 1.0}) == std::array{1e308, 1e308});
  CHECK(gradient(huge, {1.0, 1.0}) == Numbers{1e308, 1e308});
  const Callable large = [](auto x) { return 1e200 * x[0] - 1e200 * x[1] + x[2]; };
  CHECK(gradient(large, std::array{1.0, 1.0, 1.0}) == std::array{1e200, -1e200, 1.0});
  CHECK(gradient(large, std::array{1.0, 1.0, 1.0, inf}) == std::array{1e200, -1e200, 1.0, 0.0});
  const Callable each = [](auto x) { return x[0] * sqrt(x[1]) + 2.0 * x[2]; };
  CHECK(gradient(each, std::array{3.0, 0.0, 1.0}) == std::array{0.0, inf, 2.0});
  CHECK(gradient(each, std::array{3.0, 0.0, 1.0, 0.0}) == std::array{0.0, inf, 2.0, 0.0});
  CHECK(std::isnan(gradient([](auto x) { return log(x[0]); }, std::array{-1.0, 2.0})[0]));
}

TEST_CASE("gradient: constants, an input itself, and no inputs") {
  const Callable constant = [](auto x) { return typename decltype(x)::value_type(3); };
  for (const std::size_t inputs : {0u, 1u, 4u, 5u}) {
    const Numbers x(inputs, 2.0);
    CAPTURE(inputs);
    CHECK(value_and_gradient(constant, x).value == 3);
    CHECK(gradient(constant, x) == Numbers(inputs, 0.0));
    CHECK(gradient(on_values(constant), x) == Numbers(inputs, 0.0));
    CHECK(autograd::jacobian(constant, x).rows == 1);
    CHECK(autograd::hessian(constant, x).data == Numbers(inputs * inputs, 0.0));
  }
  const Callable last = [](auto x) { return x.back(); };
  CHECK(gradient(last, {1, 2}) == Numbers{0, 1});
  CHECK(gradient(last, {1, 2, 3, 4, 5, 6}) == Numbers{0, 0, 0, 0, 0, 1});
  CHECK(gradient(on_values(last), {1, 2}) == Numbers{0, 1});
  CHECK(autograd::hessian(last, {1, 2}).data == Numbers(4, 0.0));
  CHECK(gradient([](Values) { return Value(); }, {1, 2}) == Numbers{0, 0});
}

TEST_CASE("gradient: the point may be of any size around the change from dual numbers to a tape") {
  for (std::size_t n = 1; n <= 9; ++n) {
    Numbers x, expected;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(0.1 * static_cast<double>(i + 1));
      expected.push_back(std::cos(x[i]));
    }
    const Callable f = [](auto in) {
      typename decltype(in)::value_type s = 0;
      for (const auto& each : in) s += sin(each);
      return s;
    };
    CAPTURE(n);
    CHECK(is_close(gradient(f, x), expected));
    CHECK(is_close(autograd::jacobian(f, x).data, expected));
  }
}
