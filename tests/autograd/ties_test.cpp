// max and min where both operands are equal: half of the slope to each of two variables; beside a
// plain number 0, the shortest of the slopes there are, as of relu. All number types agree.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>

using autograd::Function;
using autograd::Value;

namespace {

const std::vector<double> kNothing{0.0};
const autograd::Rows one_row(kNothing, 1);
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using generic::Active;
using generic::Dual;
using Callable =
    generic::OfNumber<Value, Dual<1>, Dual<2>, Dual<3>, Dual<4>, Dual<8>, Active<double>,
                      Dual<1, Dual<1>>, Dual<2, Dual<2>>, Dual<3, Dual<3>>, Dual<4, Dual<4>>,
                      Dual<4, Dual<1>>, Active<Dual<1>>, Active<Dual<8>>>;

// By every number type, in one input and in six: dual numbers, the statement tape, Values, the
// gradient as a graph, a recorded function, and the diagonal of a Jacobian.
std::vector<double> slopes(const Callable& f, double at) {
  std::vector<double> result;
  result.push_back(autograd::gradient([&](auto x) { return f(x[0]); }, std::array{at})[0]);
  const std::vector<double> six(6, at);
  const auto sixth = [&](auto x) { return f(x[5]) + 0.0 * (x[0] + x[1] + x[2] + x[3] + x[4]); };
  result.push_back(autograd::gradient(sixth, six)[5]);
  const Value x = at;
  const Value y = f(x);
  y.backward();
  result.push_back(x.grad());
  result.push_back(derivatives(y, {x})[0].data());
  const auto traced = [&](auto p, auto) { return f(p[0]); };
  result.push_back(
      Function::trace(traced, {at}, {0.0}).value_and_gradient({at}, one_row).gradient[0]);
  const auto vector = [&](auto in) { return std::array{f(in[0]), f(in[0])}; };
  result.push_back(autograd::jacobian(vector, std::array{at})(1, 0));
  return result;
}

void check_slope(const Callable& f, double at, double expected) {
  for (const double slope : slopes(f, at)) CHECK(slope == expected);
}

template <class T> T by_using(const T& x, const T& y) {
  using std::max;
  return max(x, y);
}

}  // namespace

TEST_CASE("ties: with a plain number the slope is 0") {
  check_slope([](auto x) { return relu(x); }, 0, 0);
  check_slope([](auto x) { return max(x, 0.0); }, 0, 0);
  check_slope([](auto x) { return max(0.0, x); }, 0, 0);
  check_slope([](auto x) { return max(x, 1); }, 1, 0);
  check_slope([](auto x) { return min(x, 1.0); }, 1, 0);
  check_slope([](auto x) { return min(1.0, x); }, 1, 0);
  check_slope([](auto x) { return clamp(x, 0.0, kInfinity); }, 0, 0);
  check_slope([](auto x) { return clamp(x, -1.0, 1.0); }, 1, 0);
  check_slope([](auto x) { return clamp(x, -1.0, 1.0); }, -1, 0);
  check_slope([](auto x) { return -min(-x, 0.0); }, 0, 0);
}

TEST_CASE("ties: T(0) is a plain number") {
  const auto of_temporary = []<class T>(const T& x) { return max(x, T(0)); };
  const auto clamped = []<class T>(const T& x) { return clamp(x, T(0), T(1)); };
  check_slope(of_temporary, 0, 0);
  check_slope(clamped, 0, 0);
  check_slope(clamped, 1, 0);
}

// The second derivative and the gradient of a callable, of a function f(x) of one number.
void check_calls(const Callable& f, double at, double expected) {
  const auto of_range = [&](auto x) { return f(x[0]); };
  const auto on_values = [&](std::span<const Value> x) -> Value { return f(x[0]); };
  const auto squared = [&](auto x) { return square(f(x[0]) + 1.0); };
  const auto squared_on_values = [&](std::span<const Value> x) -> Value { return squared(x); };
  const auto vector = [&](auto x) { return std::array{f(x[0]), f(x[0])}; };
  const auto vector_on_values = [&](std::span<const Value> x) {
    return std::vector<Value>{f(x[0]), f(x[0])};
  };
  std::vector<double> six(6, 0.0);
  six[0] = at;
  for (const std::vector<double>& x : {std::vector<double>{at}, six}) {
    const std::vector<double> weights{1, 0};
    std::vector<double> direction(x.size(), 0.0);
    direction[0] = 1;
    CHECK(autograd::gradient(of_range, x)[0] == expected);
    CHECK(autograd::gradient(on_values, x)[0] == expected);
    CHECK(autograd::jacobian(vector, x)(1, 0) == expected);
    CHECK(autograd::jacobian(vector_on_values, x)(1, 0) == expected);
    CHECK(autograd::vjp(vector, x, weights).gradient[0] == expected);
    CHECK(autograd::vjp(vector_on_values, x, weights).gradient[0] == expected);
    CHECK(autograd::jvp(vector, x, direction).derivatives[0] == expected);
    CHECK(autograd::jvp(vector_on_values, x, direction).derivatives[0] == expected);
    CHECK(autograd::hessian(squared, autograd::Point(x))(0, 0) == 2 * expected * expected);
    CHECK(autograd::hessian(squared_on_values, autograd::Point(x))(0, 0) ==
          2 * expected * expected);
    CHECK(autograd::hessian_vector_product(squared, x, direction)[0] == 2 * expected * expected);
  }
  // Recorded elsewhere, and run where the tie is; and where it is.
  for (const double from : {at, at + 0.25}) {
    const Function traced = Function::trace(on_values, {from});
    CHECK(traced.gradient({}, {at}).inputs[0] == expected);
  }
}

TEST_CASE("ties: in a call a number that does not depend on the inputs is a plain one") {
  const auto named = []<class T>(const T& x) {
    const T two = 2.0, number = 3.0 * two;
    return max(x, number);
  };
  const auto computed = []<class T>(const T& x) -> T {
    const T zero = 0.0;
    return min(2.0 * x, exp(zero) - 1.0);
  };
  const auto without_nan = []<class T>(const T& x) -> T {
    const T zero = 0.0;
    return fmax(zero, x);
  };
  check_calls(named, 6, 0);
  check_calls(computed, 0, 0);
  check_calls(without_nan, 0, 0);
  check_calls([](const auto& x) { return relu(x); }, 0, 0);
  check_calls([](const auto& x) { return max(x, 0.0); }, 0, 0);
}

TEST_CASE("ties: what depends on the inputs is none, also where its slope is 0") {
  check_calls([](const auto& x) { return max(x, 0.0 * x); }, 0, 0.5);
  check_calls([](const auto& x) { return max(x, floor(x)); }, 2, 0.5);
  check_calls([](const auto& x) { return min(x - x, 3.0 * x); }, 0, 1.5);
  check_calls([](const auto& x) { return fmax(x - x, x); }, 0, 0.5);
}

TEST_CASE("ties: of two leaves each has half, whatever the number; of inner calls those inside") {
  const Value x = 2.0, number = 2.0;
  max(x, number).backward();
  CHECK(x.grad() == 0.5);
  CHECK(number.grad() == 0.5);
  // Leaves of the function's own, that it differentiates by itself.
  const auto f = [](std::span<const Value> in) {
    const Value a = 1.0, b = 1.0;
    return in[0] * derivatives(max(a, b), {a})[0];
  };
  CHECK(autograd::gradient(f, {3.0})[0] == 0.5);
}

TEST_CASE("ties: beside them the slope is that of the side") {
  check_slope([](auto x) { return max(x, 0.0); }, 1e-300, 1);
  check_slope([](auto x) { return max(0.0, x); }, -1e-300, 0);
  check_slope([](auto x) { return clamp(x, 0.0, 1.0); }, 0.5, 1);
  check_slope([](auto x) { return min(3.0, 2.0 * x); }, 1, 2);
}

TEST_CASE("ties: of two variables each gets half") {
  const std::array at{1.0, 1.0};
  const auto larger = [](auto x) { return max(x[0], x[1]); };
  const auto smaller = [](auto x) { return min(x[0], x[1]); };
  const auto standard = [](auto x) { return by_using(x[0], x[1]); };
  const auto check = [&](const auto& f) {
    CHECK(autograd::gradient(f, at) == std::array{0.5, 0.5});
    std::vector<double> six(6, 1.0);
    const auto more = autograd::gradient(f, six);
    CHECK(more[0] == 0.5);
    CHECK(more[1] == 0.5);
    const std::vector<Value> x = autograd::leaves(2, 1.0);
    const Value y = f(std::span<const Value>(x));
    y.backward();
    CHECK(x[0].grad() == 0.5);
    CHECK(x[1].grad() == 0.5);
    CHECK(derivatives(y, x)[1].data() == 0.5);
    const auto traced = [&](auto p, auto) { return f(p); };
    const auto replayed =
        Function::trace(traced, {1.0, 1.0}, {0.0}).value_and_gradient(at, one_row);
    CHECK(replayed.gradient[0] == 0.5);
    CHECK(replayed.gradient[1] == 0.5);
  };
  check(larger);
  check(smaller);
  check(standard);
  // Along one of them, and where they are carried forward in different runs.
  CHECK(autograd::jvp(larger, {1, 1}, {1, 0}).derivatives[0] == 0.5);
  CHECK(autograd::jvp(larger, {1, 1}, {1, 1}).derivatives[0] == 1);
  const auto many = [](auto x) {
    using T = std::remove_const_t<typename decltype(x)::value_type>;
    return std::vector<T>(20, max(x[0], x[19]));
  };
  const autograd::Matrix jacobian = autograd::jacobian(many, std::vector<double>(20, 1.0));
  CHECK(jacobian(7, 0) == 0.5);
  CHECK(jacobian(7, 1) == 0);
  CHECK(jacobian(7, 19) == 0.5);
}

TEST_CASE("ties: a number that is chosen by ?: has the slope of the number chosen") {
  const auto first = [](auto x) { return x > 0.0 ? x : 0.0 * x; };
  const auto second = [](auto x) { return x >= 0.0 ? x : 0.0 * x; };
  check_slope(first, 0, 0);
  check_slope(second, 0, 1);
}

TEST_CASE("ties: NaN stays NaN") {
  for (const double slope : slopes([](auto x) { return max(x, 0.0); }, std::nan("")))
    CHECK(std::isnan(slope));
}

TEST_CASE("generic code asks std::numeric_limits and std::common_type of any number type") {
  const auto nearest = [](auto x) {
    using T = typename decltype(x)::value_type;
    T smallest = std::numeric_limits<T>::infinity();
    for (const double c : {1.0, 4.0, 6.0}) {
      const T distance = abs(x[0] - c);
      if (distance < smallest) smallest = distance;
    }
    std::common_type_t<T, double, int> result = smallest;
    return result;
  };
  const auto check = [&](const std::vector<double>& at) {
    const auto [value, gradient] = autograd::value_and_gradient(nearest, at);
    CHECK(value == doctest::Approx(0.3));
    CHECK(gradient[0] == 1);
  };
  check({4.3});
  check({4.3, 0, 0, 0, 0, 0});
  CHECK(autograd::hessian(nearest, {4.3, 0, 0, 0, 0})(0, 0) == 0);
}
