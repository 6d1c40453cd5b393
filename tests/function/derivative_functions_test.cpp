// Jacobians, Hessians and Hessian-vector products of every row, against those of the same callable
// for one row.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/instructions.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>
#include <tests/support/random_expressions.hpp>

namespace {

using autograd::By;
using autograd::Function;
using autograd::Matrix;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using helpers::error_of;
using Numbers = std::vector<double>;

// Three outputs of two parameters and three inputs.
const auto kOutputs = [](auto p, auto x) {
  return std::array{p[0] * sin(x[0] * x[1]) + x[2], exp(p[1] * x[2]) / x[0],
                    tanh(x[1] - p[0]) * x[2] * x[2]};
};
const auto kFirst = [](auto p, auto x) { return kOutputs(p, x)[0] * kOutputs(p, x)[1]; };

const Numbers kParameters{0.7, -0.4};

Numbers some_rows(std::size_t count) {
  numeric::Random random(5);
  Numbers result;
  for (std::size_t i = 0; i < 3 * count; ++i) result.push_back(random.between(0.5, 1.5));
  return result;
}

// f with the parameters or the inputs held.
template <class F> auto by_inputs(F f, const Numbers& p) {
  return [f, p](auto x) {
    using T = std::remove_cvref_t<decltype(x[0])>;
    const std::vector<T> held(p.begin(), p.end());
    return f(std::span<const T>(held), x);
  };
}
template <class F> auto by_parameters(F f, Numbers x) {
  return [f, x](auto p) {
    using T = std::remove_cvref_t<decltype(p[0])>;
    const std::vector<T> held(x.begin(), x.end());
    return f(p, std::span<const T>(held));
  };
}

std::span<const double> row_of(const Numbers& rows, std::size_t r) {
  return std::span(rows).subspan(3 * r, 3);
}

void check_row(const Matrix& rows, std::size_t r, const Numbers& expected) {
  REQUIRE(rows.columns == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k)
    CHECK(rows(r, k) == doctest::Approx(expected[k]).epsilon(1e-11));
}

}  // namespace

TEST_CASE("Function: the Jacobian of all outputs, by inputs and by parameters, for every row") {
  const std::size_t count = 70;
  const Numbers rows = some_rows(count);
  const Function f = Function::trace(kOutputs, kParameters, {1, 1, 1});
  const Function by_x = f.jacobian(), by_p = f.jacobian(By::kParameters);
  CHECK(by_x.outputs() == 9);
  CHECK(by_p.outputs() == 6);
  CHECK(by_p.inputs() == 3);
  const Matrix of_x = by_x.values(kParameters, Rows(rows, 3), 2);
  const Matrix of_p = by_p.values(kParameters, Rows(rows, 3));
  for (std::size_t r = 0; r < count; ++r) {
    const Numbers x(row_of(rows, r).begin(), row_of(rows, r).end());
    check_row(of_x, r, autograd::jacobian(by_inputs(kOutputs, kParameters), x).data);
    check_row(of_p, r, autograd::jacobian(by_parameters(kOutputs, x), kParameters).data);
    check_row(
        {1, 9, by_x.values(kParameters, x)}, 0,
        Numbers(of_x.data.begin() + 9 * static_cast<std::ptrdiff_t>(r),
                of_x.data.begin() + 9 * static_cast<std::ptrdiff_t>(r) + 9));  // of a row alone
  }
}

TEST_CASE("Function: Hessians and Hessian-vector products of every row") {
  const std::size_t count = 67;
  const Numbers rows = some_rows(count), v{0.3, -2, 1.25}, w{-1, 0.5};
  Numbers with_v;
  for (std::size_t r = 0; r < count; ++r) {
    with_v.insert(with_v.end(), row_of(rows, r).begin(), row_of(rows, r).end());
    for (const double each : v) with_v.push_back(each + static_cast<double>(r));
  }
  const Numbers p_and_w{kParameters[0], kParameters[1], w[0], w[1]};
  const Function f = Function::trace(kFirst, kParameters, {1, 1, 1});
  const Function product = f.hessian_vector_product();
  const Function of_parameters = f.hessian_vector_product(By::kParameters);
  CHECK(product.inputs() == 6);
  CHECK(of_parameters.parameters() == 4);
  const Matrix of_x = f.hessian().values(kParameters, Rows(rows, 3));
  const Matrix of_p = f.hessian(By::kParameters).values(kParameters, Rows(rows, 3));
  const Matrix times_v = product.values(kParameters, Rows(with_v, 6));
  const Matrix times_w = of_parameters.values(p_and_w, Rows(rows, 3));
  for (std::size_t r = 0; r < count; ++r) {
    const Numbers x(row_of(rows, r).begin(), row_of(rows, r).end());
    const auto g = by_inputs(kFirst, kParameters);
    const auto h = by_parameters(kFirst, x);
    Numbers own = v;
    for (double& each : own) each += static_cast<double>(r);
    check_row(of_x, r, autograd::hessian(g, x).data);
    check_row(of_p, r, autograd::hessian(h, kParameters).data);
    check_row(times_v, r, autograd::hessian_vector_product(g, x, own));
    check_row(times_w, r, autograd::hessian_vector_product(h, kParameters, w));
  }
}

TEST_CASE("Function: the Hessian of a batch is a total, the gradient of a Hessian its derivative") {
  const Numbers rows = some_rows(40);
  const Function f = Function::trace(kFirst, kParameters, {1, 1, 1});
  const Function h = f.hessian(By::kParameters);
  const Matrix each = h.values(kParameters, Rows(rows, 3));
  Numbers totals(4), gradient(2);
  Request request;
  request.totals = totals;
  request.gradient = gradient;
  request.reduce = autograd::Reduce::kSum;
  h.run(kParameters, Rows(rows, 3), request);
  for (std::size_t k = 0; k < 4; ++k) {
    double sum = 0;
    for (std::size_t r = 0; r < 40; ++r) sum += each(r, k);
    CHECK(totals[k] == doctest::Approx(sum).epsilon(1e-12));
  }
  const double step = 1e-6;
  Numbers above(4), below(4);
  request = {};
  request.reduce = autograd::Reduce::kSum;
  request.totals = above;
  h.run(Numbers{kParameters[0], kParameters[1] + step}, Rows(rows, 3), request);
  request.totals = below;
  h.run(Numbers{kParameters[0], kParameters[1] - step}, Rows(rows, 3), request);
  CHECK(gradient[1] == doctest::Approx((above[0] - below[0]) / (2 * step)).epsilon(1e-6));
}

TEST_CASE(
    "Function: derivatives of random expressions are those of the callable, to the last infinity") {
  const auto same = [](double x, double y) {
    return (std::isnan(x) && std::isnan(y)) || x == y ||
           std::abs(x - y) <= 1e-9 * (1 + std::abs(y));
  };
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    const auto expression = random_expressions::random_expression(seed);
    const Numbers x(expression.at.begin(), expression.at.end());
    if (rounding_decides(expression, expression.at)) continue;
    const auto on_values = [&](std::span<const Value> in) { return expression(in); };
    const Function f = Function::trace(on_values, x);
    const Numbers gradient = f.jacobian().values({}, x), expected = f.gradient({}, x).inputs;
    REQUIRE(gradient.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK_MESSAGE(same(gradient[i], expected[i]), gradient[i] << " " << expected[i]);
    if (!expression.is_smooth) continue;
    const Matrix hessian = autograd::hessian(on_values, x);
    const Numbers given = f.hessian().values({}, x);
    bool is_finite = true;
    for (const double h : hessian.data) is_finite = is_finite && std::abs(h) < 1e6;
    for (std::size_t i = 0; is_finite && i < given.size(); ++i)
      CHECK_MESSAGE(same(given[i], hessian.data[i]), given[i] << " " << hessian.data[i]);
  }
}

TEST_CASE(
    "Function: derivatives at ties, at zero and beside infinite slopes are those of the callable") {
  const auto f = [](auto x) {
    return max(x[0], x[1]) * x[1] + max(x[0], 1.0) * x[0] + abs(x[1] - 1.0) * x[0] +
           pow(x[1], 2.0) * pow(x[0], 3.0);
  };
  const auto root = [](auto x) { return sqrt(x[0]) * x[1] + x[0] * x[1]; };
  for (const Numbers& x : {Numbers{1, 1}, Numbers{0, 0}, Numbers{1, 0}, Numbers{2, 1}}) {
    const Function traced = Function::trace(f, {0.3, 0.4});
    CHECK(traced.jacobian().values({}, x) == autograd::jacobian(f, x).data);
    CHECK(traced.hessian().values({}, x) == autograd::hessian(f, x).data);
    const Numbers of_root = Function::trace(root, {0.3, 0.4}).jacobian().values({}, x);
    CHECK(of_root == autograd::jacobian(root, x).data);
  }
}

TEST_CASE("Function: guards and strictness are kept by derivatives") {
  const Function branch = Function::trace(
      [](auto p, auto x) { return x[0] < p[0] ? x[0] * x[0] : x[0] * x[0] * x[0]; }, {1}, {0.5});
  const Numbers rows{0.25, 2, 0.75};
  const std::string text = error_of([&] { branch.hessian().values({1}, Rows(rows, 1)); });
  CHECK(text.find("1 of 3 rows") != std::string::npos);
  CHECK(text.find("row 1, where x < y is false") != std::string::npos);
  Numbers values(3);
  std::vector<std::uint8_t> marks(3);
  Request request;
  request.values = values;
  request.diverged = marks;
  branch.jacobian().run({1}, Rows(rows, 1), request);
  CHECK(marks == std::vector<std::uint8_t>{0, 1, 0});
  CHECK(values[2] == 1.5);
  CHECK(std::isnan(values[1]));

  const Function kink =
      Function::trace([](auto x) { return abs(x[0]) * x[0]; }, {2}, autograd::strict);
  CHECK(kink.jacobian().values({}, Numbers{3})[0] == 6);
  CHECK(error_of([&] { kink.jacobian().values({}, Numbers{0}); }).find("strict") !=
        std::string::npos);
}

TEST_CASE("Function: derivatives of a function of loops, and of a function of derivatives") {
  const auto f = [](auto x) {
    auto sum = x[0] * 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
      sum += 100.0 * square(x[i + 1] - x[i] * x[i]) + square(1.0 - x[i]);
    return sum;
  };
  Numbers x;
  for (int i = 0; i < 12; ++i) x.push_back(std::sin(i));
  const Function traced = Function::trace(f, x);
  CHECK(traced.stages().starts_with("reroll"));
  check_row({1, 144, traced.hessian().values({}, x)}, 0, autograd::hessian(f, x).data);
  check_row({1, 144, traced.jacobian().jacobian().values({}, x)}, 0, autograd::hessian(f, x).data);
}

TEST_CASE("Function: what has no derivatives of a row is an Error that says why") {
  const Function mean = Function::trace(
      [](auto x) { return square(x[0] - autograd::mean_over_rows(x.first(1))); }, {1});
  CHECK(
      error_of([&] { mean.jacobian(); }).starts_with("Function::jacobian: the function has means"));
  const Function detached =
      Function::trace([](std::span<const Value> x) { return x[0] * x[0].detach(); }, {1});
  CHECK(error_of([&] {
          detached.hessian();
        }).starts_with("Function::hessian: the function has custom"));
  const Function f = Function::trace([](auto x) { return x[0]; }, {1});
  CHECK(error_of([&] {
          f.hessian_vector_product(By::kParameters);
        }).starts_with("Function::hessian_vector_product: there is nothing"));
  const Function wide =
      Function::trace([](std::span<const Value> x) { return x[0] * x[1]; }, Numbers(5000, 1));
  CHECK(error_of([&] { wide.hessian(); }) ==
        "Function::hessian: 5000 times 5000 derivatives are too many for one row");
}
