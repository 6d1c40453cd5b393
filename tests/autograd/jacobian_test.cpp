// Jacobians, Hessians and directional derivatives of functions, on every kind of number.

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::gradient;
using autograd::Matrix;
using autograd::Value;
using numeric::is_close;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

}  // namespace

TEST_CASE("jacobian: several outputs in a vector or an array, more or fewer than inputs") {
  const auto polar = [](auto x) { return std::array{x[0] * cos(x[1]), x[0] * sin(x[1])}; };
  const Matrix j = autograd::jacobian(polar, {2, 0.5});
  CHECK(j.rows == 2);
  CHECK(j.columns == 2);
  CHECK(is_close(j.data, {std::cos(0.5), -2 * std::sin(0.5), std::sin(0.5), 2 * std::cos(0.5)}));
  CHECK(j(1, 0) == j.data[2]);

  const auto powers = [](auto x) { return std::vector{x[0], x[0] * x[0], pow(x[0], 3)}; };
  const auto tall = autograd::values_and_jacobian(powers, {2});
  CHECK(tall.values == Numbers{2, 4, 8});
  CHECK(is_close(tall.jacobian.data, {1, 4, 12}));
  const auto values_only = [powers](Values x) { return powers(x); };
  CHECK(autograd::jacobian(values_only, {2}).data == tall.jacobian.data);

  const auto halves = [](auto x) {
    return std::vector{sum(x.subspan(0, 10)), norm(x.subspan(10))};
  };
  const Numbers x(20, 3.0);
  const Matrix wide = autograd::jacobian(halves, x);
  CHECK(wide.rows == 2);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(wide(0, i) == (i < 10 ? 1 : 0));
    CHECK(is_close(wide(1, i), i < 10 ? 0 : 1 / std::sqrt(10)));
  }
  CHECK(
      is_close(autograd::jacobian([halves](Values in) { return halves(in); }, x).data, wide.data));
}

TEST_CASE("jacobian: outputs that are inputs, constants or one another") {
  const auto f = [](auto x) {
    using T = typename decltype(x)::value_type;
    const T y = x[0] * x[1];
    return std::vector<T>{x[1], T(5), y, y};
  };
  const Numbers expected{0, 1, 0, 0, 3, 2, 3, 2};
  CHECK(autograd::jacobian(f, {2, 3}).data == expected);
  CHECK(autograd::jacobian([f](Values x) { return f(x); }, {2, 3}).data == expected);
  CHECK(autograd::vjp(f, {2, 3}, {1, 1, 1, 1}).gradient == Numbers{6, 5});
  CHECK(autograd::jvp(f, {2, 3}, {1, 10}).derivatives == Numbers{10, 0, 23, 23});
}

TEST_CASE("jvp and vjp: are the Jacobian times a vector from either side") {
  const auto f = [](auto x) {
    return std::vector{x[0] * x[1] * x[2], exp(x[0] - x[2]), tanh(x[1]) / x[2]};
  };
  const Numbers x{0.3, -0.7, 1.9}, v{2, -1, 0.5}, w{1, -3, 2};
  const Matrix j = autograd::jacobian(f, x);
  Numbers right(3, 0.0), from_left(3, 0.0);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      right[i] += j(i, k) * v[k];
      from_left[k] += w[i] * j(i, k);
    }
  CHECK(is_close(autograd::jvp(f, x, v).derivatives, right));
  CHECK(is_close(autograd::vjp(f, x, w).gradient, from_left));
  const auto values_only = [f](Values in) { return f(in); };
  CHECK(is_close(autograd::jvp(values_only, x, v).derivatives, right));
  CHECK(autograd::jvp(f, x, v).values == autograd::vjp(f, x, w).values);
}

TEST_CASE("hessian: closed forms, symmetry and products") {
  const auto f = [](auto x) { return x[0] * x[0] * x[1] + exp(x[1] * x[2]); };
  const Numbers x{2, 0.5, -1};
  const double e = std::exp(-0.5);
  const Matrix h = autograd::hessian(f, x);
  CHECK(is_close(h.data, {1, 4, 0, 4, e, e - 0.5 * e, 0, e - 0.5 * e, 0.25 * e}));
  CHECK(is_close(autograd::hessian(on_values(f), x).data, h.data));
  const Numbers v{1, -2, 3};
  Numbers expected(3, 0.0);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) expected[i] += h(i, k) * v[k];
  CHECK(is_close(autograd::hessian_vector_product(f, x, v), expected));
  CHECK(is_close(autograd::hessian_vector_product(on_values(f), x, v), expected));
}

TEST_CASE("hessian: is the Jacobian of the gradient") {
  const auto f = [](auto x) { return norm(x) * logsumexp(x) + sin(x[0] * x[4]); };
  const Numbers x{0.4, 1.1, -0.3, 0.9, 1.7};
  const Matrix h = autograd::hessian(f, x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double step = 1e-5;
    Numbers above = x, below = x;
    above[k] += step;
    below[k] -= step;
    const Numbers up = gradient(f, above), down = gradient(f, below);
    for (std::size_t i = 0; i < x.size(); ++i)
      CHECK(h(i, k) == doctest::Approx((up[i] - down[i]) / (2 * step)).epsilon(1e-7));
  }
}
