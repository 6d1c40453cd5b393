// Strict derivatives: a number only where it is the derivative.

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::Error;
using autograd::Function;
using autograd::Matrix;
using autograd::strict;
using autograd::StrictGuard;
using autograd::Value;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity();

template <class F> double slope(F f, double x) {
  return autograd::gradient(f, std::array{x}, strict)[0];
}
template <class F> double second(F f, double x) {
  return autograd::hessian(f, std::array{x}, strict)(0, 0);
}

}  // namespace

TEST_CASE("strict: smooth functions have the derivatives they have") {
  const auto f = [](auto x) {
    return exp(x[0] * x[1]) / sqrt(x[1]) + select(gt(x[0], 0), x[0], x[1]);
  };
  const std::array x{0.5, 2.0};
  CHECK(autograd::gradient(f, x, strict) == autograd::gradient(f, std::vector(x.begin(), x.end())));
  const Matrix h = autograd::hessian(f, x, strict),
               plain = autograd::hessian(f, autograd::Point(x));
  for (std::size_t i = 0; i < 4; ++i) CHECK(h.data[i] == doctest::Approx(plain.data[i]));
  const auto g = [&](auto y) { return std::array{f(y), y[0] * y[1]}; };
  CHECK(autograd::jacobian(g, x, strict)(1, 0) == 2);
  CHECK(autograd::jvp(g, x, {0.0, 1.0}, strict).derivatives[1] == 0.5);
  CHECK(autograd::vjp(g, x, {0.0, 1.0}, strict).gradient == std::vector{2.0, 0.5});
  CHECK(autograd::hessian_vector_product(f, x, {1.0, 0.0}, strict)[1] == doctest::Approx(h(1, 0)));
}

TEST_CASE("strict: 0 times infinity is NaN, an infinite slope is infinite") {
  CHECK(std::isnan(slope([](auto x) { return square(sqrt(x[0])); }, 0)));
  CHECK(std::isnan(slope([](auto x) { return 0.0 * sqrt(x[0]) + x[0]; }, 0)));
  CHECK(std::isnan(slope([](auto x) { return 1.0 / exp(x[0]); }, 1000)));
  CHECK(slope([](auto x) { return sqrt(x[0]); }, 0) == kInf);
  CHECK(slope([](auto x) { return log(x[0]); }, 0) == kInf);
}

TEST_CASE("strict: a slope chosen at a kink is NaN, unless 0 arrives or leads there") {
  CHECK(std::isnan(slope([](auto x) { return abs(x[0]); }, 0)));
  CHECK(std::isnan(slope([](auto x) { return 2.0 * relu(x[0]) + x[0]; }, 0)));
  CHECK(std::isnan(slope([](auto x) { return max(x[0], 3.0 * x[0]); }, 0)));
  CHECK(slope([](auto x) { return abs(x[0]) * abs(x[0]); }, 0) == 0);
  CHECK(slope([](auto x) { return abs(-x[0] * x[0]); }, 0) == 0);
  CHECK(slope([](auto x) { return max(x[0], x[0]); }, 0) == 1);
  CHECK(slope([](auto x) { return elu(x[0]); }, 0) == 1);
  // A kink times infinity is NaN; one input of two.
  CHECK(std::isnan(slope([](auto x) { return abs(sqrt(x[0])); }, 0)));
  const auto one = autograd::gradient([](auto x) { return abs(x[0]) + square(x[1]); },
                                      std::array{0.0, 3.0}, strict);
  CHECK(std::isnan(one[0]));
  CHECK(one[1] == 6);
}

TEST_CASE("strict: a jump is NaN, even from an adjoint of 0; a step is flat between") {
  CHECK(std::isnan(slope([](auto x) { return sign(x[0]) * abs(x[0]); }, 0)));
  CHECK(std::isnan(slope([](auto x) { return floor(x[0]) * 0.0; }, 2)));
  CHECK(slope([](auto x) { return floor(x[0]) * x[0]; }, 2.5) == 2);
  CHECK(std::isnan(slope([](auto x) { return select(gt(x[0], 0), x[0], -x[0]); }, 0)));
  CHECK(slope([](auto x) { return select(gt(sqrt(x[0]), 1), 2.0 * x[0], x[0]); }, 0) == 1);
}

TEST_CASE("strict: at the end of a domain a comparison with the NaN beyond may jump") {
  const auto jumps = [](auto x) { return select(le(acos(x[0]), 2), 3.0 * x[0], x[0]); };
  const auto holds = [](auto x) { return select(gt(acos(x[0]), 2), 3.0 * x[0], x[0]); };
  const auto deep = [](auto x) { return select(le(2.0 * square(acos(x[0])), 9), x[0], 2.0); };
  const auto number = [](auto x) { return fmin(pow(x[0], 1.5), 2); };
  const auto chosen = [](auto x) { return select(ne(sqrt(x[0]), 0), 1.0, x[0]); };
  CHECK(std::isnan(slope(jumps, 1)));
  CHECK(std::isnan(second(jumps, 1)));
  CHECK(slope(jumps, 0.5) == 3);
  CHECK(slope(holds, 1) == 1);
  CHECK(second(holds, 1) == 0);
  CHECK(std::isnan(slope(deep, 1)));
  CHECK(std::isnan(slope(number, 0)));
  CHECK(slope(number, 1) == 1.5);
  CHECK(std::isnan(slope(chosen, 0)));
  // What is not taken does not count.
  CHECK(slope([&](auto x) { return select(gt(x[0], 2), jumps(x), x[0]); }, 1) == 1);
  // The rows of a Function diverge.
  const Function f = Function::trace(jumps, {0.5}, strict),
                 g = Function::trace(holds, {0.5}, strict);
  CHECK(f.gradient({}, {0.9}).inputs[0] == 3);
  CHECK_THROWS_AS(f.gradient({}, {1.0}), Error);
  CHECK(g.gradient({}, {1.0}).inputs[0] == 1);
  CHECK_THROWS_AS(Function::trace(number, {0.5}, strict).gradient({}, {0.0}), Error);
}

TEST_CASE("strict: nothing flows out of the untaken side of a select()") {
  CHECK(slope([](auto x) { return select(gt(x[0], -1), x[0], square(sqrt(x[0])) + abs(x[0])); },
              0) == 1);
}

TEST_CASE("strict: a comparison by bool at a tie is an Error, where it depends on the inputs") {
  const auto f = [](auto x) -> std::remove_const_t<typename decltype(x)::value_type> {
    if (x[0] == 0) return 1.0 * x[0];
    return sin(x[0]);
  };
  CHECK(
      helpers::error_of([&] { slope(f, 0); }).starts_with("strict: 'x == y' was decided at a tie"));
  CHECK(slope(f, 1) == std::cos(1));
  const Value c = 2.0;
  CHECK(slope([&](Values x) { return c > 2 ? x[0] : 2 * x[0]; }, 5) == 2);
}

TEST_CASE("strict: second derivatives that hang on a kink are NaN, others are not") {
  const auto kinked = [](auto x) { return 0.5 * square(hypot(x[0], x[1])) + x[2] * x[2] * x[0]; };
  const Matrix h = autograd::hessian(kinked, std::array{0.0, 0.0, 1.0}, strict);
  CHECK(std::isnan(h(0, 0)));
  CHECK(std::isnan(h(1, 1)));
  CHECK(h(0, 2) == 2);
  CHECK(h(2, 0) == 2);
  CHECK(h(2, 2) == 0);
  CHECK(std::isnan(second([](auto x) { return abs(x[0]); }, 0)));
  CHECK(std::isnan(second([](auto x) { return elu(x[0]); }, 0)));
  CHECK(std::isnan(second([](auto x) { return square(sqrt(x[0])); }, 0)));
  CHECK(second([](auto x) { return elu(x[0]); }, 1) == 0);
  CHECK(second([](auto x) { return 0.0 * abs(x[0]) + x[0] * x[0]; }, 0) == 2);
}

TEST_CASE("strict: a third derivative still hangs on it") {
  const StrictGuard guard;
  const Value x = 0.0;
  Value y = abs(x) * abs(x);
  for (int order = 1; order <= 4; ++order) {
    y = derivatives(y, {x})[0];
    CHECK(std::isnan(y.data()) == (order > 1));
  }
}

TEST_CASE("strict: a scope for backward() and derivatives(), that ends") {
  const Value x = 0.0, z = 3.0, y = square(sqrt(x)) + x * z;
  y.backward();
  CHECK(x.grad() == 3);
  {
    const StrictGuard guard;
    x.zero_grad();
    y.backward();
    CHECK(std::isnan(x.grad()));
    CHECK(z.grad() == 0);
    y.backward();  // adds
    CHECK(std::isnan(derivatives(y, {x})[0].data()));
    CHECK(derivatives(y, {z})[0].data() == 0);
    CHECK_THROWS_AS((void)(x == 0), Error);
    // Functional calls are as they are without.
    CHECK(autograd::gradient([](Values v) { return square(sqrt(v[0])); }, {0.0})[0] == 0);
    CHECK(autograd::hessian([](Values v) { return abs(v[0]) * abs(v[0]); }, {0.0})(0, 0) == 0);
  }
  x.zero_grad();
  y.backward();
  CHECK(x.grad() == 3);
  CHECK(x == 0);
  const Value twice = 2 * z;
  {
    const StrictGuard guard;
    z.zero_grad();
    twice.backward();
    twice.backward();
    CHECK(z.grad() == 4);
    CHECK(twice.grad() == 1);
  }
}

TEST_CASE("strict: the rows of a Function that are at a kink diverge") {
  const auto f = [](auto x) { return abs(x[0]) + max(x[0], x[1]); };
  const Function g = Function::trace(f, {1.0, 2.0}, strict);
  CHECK(g.gradient({}, {3.0, 2.0}).inputs == std::vector{2.0, 0.0});
  CHECK(helpers::error_of([&] {
          g.gradient({}, {0.0, 2.0});
        }).find("where |x| is at a kink or a jump. Take a function") != std::string::npos);
  const std::vector<double> rows{1, 2, 0, 2, 2, 2, -1, -3};
  std::vector<double> values(4);
  std::vector<std::uint8_t> diverged(4);
  autograd::Request request;
  request.values = values;
  request.diverged = diverged;
  g.run({}, autograd::Rows(rows, 2), request);
  CHECK(diverged == std::vector<std::uint8_t>{0, 1, 1, 0});
  // Not strict, they are computed.
  CHECK(Function::trace(f, {1.0, 2.0}).gradient({}, {0.0, 2.0}).inputs == std::vector{0.0, 1.0});
}

TEST_CASE("strict: a Function multiplies 0 by infinity, and leaves the untaken side out") {
  const Function root = Function::trace([](auto x) { return square(sqrt(x[0])); }, {1.0}, strict);
  CHECK(std::isnan(root.gradient({}, {0.0}).inputs[0]));
  CHECK(root.gradient({}, {4.0}).inputs[0] == 1);
  const auto f = [](auto x) {
    return select(gt(x[0], 0), square(sqrt(x[0])) * x[0], abs(x[0] + 1) * 2.0);
  };
  const Function sides = Function::trace(f, {1.0}, strict);
  CHECK(sides.gradient({}, {4.0}).inputs[0] == 8);
  CHECK(sides.gradient({}, {-2.0}).inputs[0] == -2);
  CHECK_THROWS_AS(sides.gradient({}, {-1.0}), Error);
  CHECK_THROWS_AS(sides.gradient({}, {0.0}), Error);
  // At -1 abs is on the side taken; where it is not, its kink is none.
  const Function other = Function::trace(
      [](auto x) {
        return select(gt(x[0], 0), x[0], 2.0 * x[0]) + select(gt(x[0], -3), x[0], abs(x[0] + 1));
      },
      {1.0}, strict);
  CHECK(other.gradient({}, {-1.0}).inputs[0] == 3);
  const auto branch = [](Values x) { return x[0] < x[1] ? x[0] : 2 * x[1]; };
  const Function guarded = Function::trace(branch, {3.0, 1.0}, strict);
  CHECK(guarded.gradient({}, {3.0, 2.0}).inputs[1] == 2);
  CHECK_THROWS_AS(guarded.gradient({}, {2.0, 2.0}), Error);
  CHECK_THROWS_AS(Function::trace(branch, {2.0, 2.0}, strict), Error);
}
