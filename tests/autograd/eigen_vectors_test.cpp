// Eigen's vectors and matrices as points, results, rows and views.

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>

using autograd::Value;

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

const Eigen::Matrix3d kA = (Eigen::Matrix3d() << 2, 1, 0, -1, 3, 0.5, 0.25, 1, -2).finished();
const Eigen::Vector3d kX(0.5, -1, 2);

// x^T A x, with the gradient (A + A^T) x and the Hessian A + A^T
const auto form = [](const auto& x) { return x.dot(kA * x); };
const auto form_of_span = []<class T>(std::span<const T> x) {
  T sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k)
      sum += kA(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) * x[i] * x[k];
  return sum;
};
const auto form_of_values = [](std::span<const Value> x) { return form_of_span(x); };

const Eigen::Matrix3d kBoth = kA + kA.transpose();

template <class F, class X> void check_form(const F& f, const X& x) {
  const auto [value, slopes] = autograd::value_and_gradient(f, x);
  static_assert(std::same_as<std::remove_cvref_t<decltype(slopes)>, typename X::PlainObject>);
  CHECK(value == doctest::Approx(kX.dot(kA * kX)));
  CHECK(slopes.isApprox(kBoth * kX, 1e-14));
  CHECK(autograd::gradient(f, x) == slopes);
  CHECK(autograd::gradient(f, x, autograd::strict).isApprox(slopes, 1e-14));
  CHECK(autograd::hessian(f, x).isApprox(kBoth, 1e-14));
  CHECK(autograd::hessian_vector_product(f, x, kX).isApprox(kBoth * kX, 1e-14));
  Eigen::VectorXd into(3);
  CHECK(autograd::value_and_gradient(f, x, into) == value);
  CHECK(into.isApprox(slopes, 1e-14));
}

}  // namespace

TEST_CASE("eigen: the gradient at a vector is a vector, the Hessian a matrix") {
  check_form(form, kX);
  check_form(form, Eigen::VectorXd(kX));
  check_form(form_of_span, kX);
  check_form(form_of_span, Eigen::VectorXd(kX));
  check_form(form_of_values, kX);
  check_form(form_of_values, Eigen::VectorXd(kX));
  const Eigen::VectorXd longer = Eigen::VectorXd::LinSpaced(9, -1, 1);
  CHECK(autograd::gradient(form, longer.segment(2, 3)).isApprox(kBoth * longer.segment(2, 3)));
  CHECK(autograd::gradient(form, kX + kX).isApprox(2 * kBoth * kX));
}

TEST_CASE("eigen: the gradient by a matrix has its shape: d tr(A X) / dX is A^T") {
  const auto trace = [](const auto& x) { return (kA * x).trace(); };
  const Eigen::Matrix3d fixed = Eigen::Matrix3d::Ones();
  CHECK(autograd::gradient(trace, fixed).isApprox(kA.transpose()));
  const RowMajor rows = Eigen::MatrixXd::Ones(3, 3);
  CHECK(autograd::gradient(trace, rows).isApprox(kA.transpose()));
}

TEST_CASE("eigen: callables that return vectors of Eigen have Jacobians") {
  const auto product = [](const auto& x) { return kA * x; };  // an expression, evaluated at once
  const auto y = autograd::values_and_jacobian(product, kX);
  CHECK(y.values.isApprox(kA * kX));
  CHECK(y.jacobian.isApprox(kA));
  CHECK(autograd::jacobian(product, Eigen::VectorXd(kX)).isApprox(kA));
  CHECK(autograd::jacobian(product, kX, autograd::strict).isApprox(kA));

  const auto of_span = []<class T>(std::span<const T> in) {
    const Eigen::Map<const Eigen::Matrix<T, 3, 1>> x(in.data());
    return Eigen::Matrix<T, 3, 1>(kA * x);
  };
  const autograd::Matrix j = autograd::jacobian(of_span, {0.5, -1, 2});
  CHECK(autograd::as_eigen(j).isApprox(kA));
  const autograd::Matrix same = autograd::jacobian(of_span, std::array{0.5, -1.0, 2.0});
  CHECK(autograd::as_eigen(same).isApprox(kA));
  const auto [values, derivatives] = autograd::jvp(of_span, {0.5, -1, 2}, {1, 0, 0});
  CHECK(derivatives == std::vector<double>{2, -1, 0.25});
}

TEST_CASE("eigen: a matrix of derivatives is seen as one of Eigen, without a copy") {
  autograd::Matrix m{2, 3, {1, 2, 3, 4, 5, 6}};
  auto seen = autograd::as_eigen(m);
  CHECK(seen(1, 0) == 4);
  seen(1, 2) = 7;
  CHECK(m(1, 2) == 7);
  CHECK(seen.data() == m.data.data());
}

TEST_CASE("eigen: the rows of a matrix in either order, of blocks and of maps, without a copy") {
  const auto function = autograd::Function::trace(
      [](auto p, auto x) { return p[0] * x[0] + x[1] * x[2]; }, {2.0}, {1.0, 2.0, 3.0});
  Eigen::MatrixXd whole(7, 5);
  for (Eigen::Index i = 0; i < whole.size(); ++i) whole(i) = std::sin(static_cast<double>(i));
  const Eigen::VectorXd expected =
      2 * whole.col(1).segment(1, 4).array() +
      whole.col(2).segment(1, 4).array() * whole.col(3).segment(1, 4).array();
  const auto check = [&](const auto& rows) {
    const autograd::Matrix values = function.values({2.0}, rows);
    CHECK(autograd::as_eigen(values).isApprox(expected, 1e-14));
    const auto [mean, gradient] = function.value_and_gradient({2.0}, rows);
    CHECK(mean == doctest::Approx(expected.mean()));
    CHECK(gradient[0] == doctest::Approx(whole.col(1).segment(1, 4).mean()));
  };
  check(whole.block(1, 1, 4, 3));
  const Eigen::MatrixXd by_columns = whole.block(1, 1, 4, 3);
  check(by_columns);
  const RowMajor by_rows = by_columns;
  check(by_rows);
  const RowMajor large = whole;
  check(large.block(1, 1, 4, 3));
  check(Eigen::Map<const RowMajor>(by_rows.data(), 4, 3));
  const Eigen::Map<const Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> apart(
      whole.data() + 8, 4, 3, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(7, 1));
  check(apart);

  // Results lie as the rows do.
  Eigen::MatrixXd slopes(4, 3);
  autograd::Request request;
  request.input_gradients = std::span(slopes.data(), 12);
  function.run({2.0}, whole.block(1, 1, 4, 3), request);
  CHECK(slopes.col(0).isApproxToConstant(2));
  CHECK(slopes.col(1).isApprox(by_columns.col(2), 1e-14));
}
