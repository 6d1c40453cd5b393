// Hessians and their products with vectors, of functions for any number type: forward over forward
// for few inputs, forward over backward for many, compared with Values and with what is published.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>
#include <tests/support/special_values.hpp>

namespace {

using autograd::graph_statistics;
using autograd::hessian;
using autograd::hessian_vector_product;
using autograd::Matrix;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

// The same function, with four inputs more that it does not look at: too many to carry forward.
template <class F> auto among_others(const F& f, std::size_t inputs) {
  return [f, inputs](auto x) { return f(x.first(inputs)); };
}
Numbers with_others(Numbers x) {
  x.insert(x.end(), 4, 0.25);
  return x;
}

double largest_of(const Numbers& x) {
  double result = 1;
  for (const double each : x) result = std::max(result, std::abs(each));
  return result;
}

bool is_close(const Numbers& x, const Numbers& y) {
  if (x.size() != y.size()) return false;
  const double size = largest_of(x);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(x[i] - y[i]) <= 1e-11 * size)) return false;
  return true;
}

Numbers times(const Matrix& h, const Numbers& v) {
  Numbers result(h.rows, 0.0);
  for (std::size_t i = 0; i < h.rows; ++i)
    for (std::size_t k = 0; k < h.columns; ++k) result[i] += h(i, k) * v[k];
  return result;
}

const auto rosenbrock = [](auto x) {
  typename decltype(x)::value_type y = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    y += 100.0 * square(x[i + 1] - x[i] * x[i]) + square(1.0 - x[i]);
  return y;
};

}  // namespace

TEST_CASE("hessian: Rosenbrock's function, with few inputs and with many") {
  for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 8u, 13u}) {
    Numbers x, v;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(0.3 * static_cast<double>(i % 5) - 0.7);
      v.push_back(1.0 - 0.4 * static_cast<double>(i % 4));
    }
    Matrix expected{n, n, Numbers(n * n, 0.0)};
    for (std::size_t i = 0; i + 1 < n; ++i) {
      expected(i, i) += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
      expected(i, i + 1) = expected(i + 1, i) = -400 * x[i];
      expected(i + 1, i + 1) += 200;
    }
    CAPTURE(n);
    CHECK(is_close(hessian(rosenbrock, x).data, expected.data));
    CHECK(is_close(hessian(on_values(rosenbrock), x).data, expected.data));
    CHECK(is_close(hessian_vector_product(rosenbrock, x, v), times(expected, v)));
    CHECK(is_close(hessian_vector_product(on_values(rosenbrock), x, v), times(expected, v)));
  }
}

TEST_CASE("hessian: operations of many operands, with few inputs and with many") {
  const auto check = [](const auto& f) {
    const Numbers x{0.4, 1.1, -0.3}, v{2, -1, 0.5};
    const Matrix expected = hessian(on_values(f), x);
    CHECK(largest_of(expected.data) > 0);
    CHECK(is_close(hessian(f, x).data, expected.data));
    CHECK(is_close(hessian_vector_product(f, x, v), times(expected, v)));
    const Matrix larger = hessian(among_others(f, 3), with_others(x));
    for (std::size_t i = 0; i < larger.rows; ++i)
      for (std::size_t k = 0; k < larger.columns; ++k)
        CHECK(larger(i, k) ==
              doctest::Approx(i < 3 && k < 3 ? expected(i, k) : 0).epsilon(1e-11).scale(1));
  };
  check([](auto x) { return norm(x) * logsumexp(x); });
  check([](auto x) { return dot(softmax(x), x) + square(mean(x)); });
  check([](auto x) { return exp(sum(x)) * select(gt(x[0], x[1]), x[0], x[1] * x[2]); });
  const auto tied = [](auto x) {
    const std::vector both{x[0] * x[1], x[1] * x[0], x[2]};
    return logsumexp(both) * softmax(both)[1];
  };
  check(tied);
}

TEST_CASE("hessian: every second derivative that the table of special values states") {
  int stated = 0;
  for (const auto& row : autograd::special_values::all()) {
    if (row.hessian.empty()) continue;
    ++stated;
    const std::size_t n = row.at.size();
    const Matrix few = hessian(row.function, row.at);
    const Matrix many = hessian(among_others(row.function, n), with_others(row.at));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k) {
        const double expected = row.hessian[i * n + k] + 0.0;
        if (!numeric::agrees(few(i, k), expected) || !numeric::agrees(many(i, k), expected))
          FAIL_CHECK(row.expression, " at ", numeric::point(row.at), ": second derivative (", i,
                     ", ", k, ") is ", few(i, k), ", among other inputs ", many(i, k),
                     ", expected ", expected);
      }
  }
  CHECK(stated > 100);
}

TEST_CASE("hessian: random expressions agree with Values, with few inputs and with many") {
  using random_expressions::Expression;
  for (std::uint64_t seed = 1; seed <= helpers::cases(2000); ++seed) {
    const Expression f = random_expressions::random_expression(seed);
    const std::size_t n = f.at.size();
    const Matrix expected = hessian([&](Values x) { return f(x); }, f.at);
    const Matrix h = hessian(f, f.at);
    const Matrix many = hessian(among_others(f, n), with_others(f.at));
    Numbers block;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k) block.push_back(many(i, k));
    if (!is_close(h.data, expected.data) || !is_close(block, expected.data))
      FAIL_CHECK(f.text(), "\nValues ", numeric::point(expected.data), "\nhere ",
                 numeric::point(h.data), "\namong other inputs ", numeric::point(block));
  }
}

TEST_CASE("hessian: of few inputs needs no graph, however many operations there are") {
  const auto steps = [](auto x) {
    auto s = x[1];
    for (int i = 0; i < 100'000; ++i) s = s + 1e-5 * x[0] * s;
    return s;
  };
  // s_n = s_0 (1 + 1e-5 p)^n
  const double p = 0.5, s0 = 2, q = 1 + 1e-5 * p, n = 1e5;
  const double slope = n * 1e-5 * std::pow(q, n - 1);
  const auto before = graph_statistics();
  const Matrix h = hessian(steps, {p, s0});
  const Numbers product = hessian_vector_product(steps, {p, s0}, {0, 1});
  const Numbers pulled = autograd::vjp(steps, {p, s0}, {2}).gradient;
  CHECK(graph_statistics().bytes_reserved == before.bytes_reserved);
  CHECK(h(0, 0) == doctest::Approx(s0 * (n - 1) * 1e-5 * slope / q));
  CHECK(h(0, 1) == doctest::Approx(slope));
  CHECK(h(1, 0) == doctest::Approx(slope));
  CHECK(h(1, 1) == 0);
  CHECK(product == Numbers{h(0, 1), h(1, 1)});
  CHECK(is_close(pulled, {2 * s0 * slope, 2 * std::pow(q, n)}));
}

TEST_CASE("hessian: where f, its slope or its curvature is not finite, Values decide") {
  const double inf = autograd::special_values::kInf;
  const auto f = [](auto x) { return sqrt(x[0]) + x[1] * x[1] * x[1]; };
  for (const auto& h : {hessian(f, {0, 1}), hessian(among_others(f, 2), with_others({0, 1}))}) {
    CHECK(h(0, 0) == -inf);
    CHECK(h(0, 1) == 0);
    CHECK(h(1, 1) == 6);
  }
  CHECK(hessian_vector_product(f, {0, 1}, {0, 1}) == Numbers{0, 6});
  CHECK(hessian_vector_product(among_others(f, 2), with_others({0, 1}), {0, 1, 0, 0, 0, 0}) ==
        Numbers{0, 6, 0, 0, 0, 0});
  // The slope is infinite, the curvature of the rest is not.
  const auto cancelled = [](auto x) { return 0.0 * sqrt(x[0]) + x[0] * x[0]; };
  CHECK(hessian(cancelled, {0}).data == Numbers{2});
}
