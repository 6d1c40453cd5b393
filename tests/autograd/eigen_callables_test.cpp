// Eigen's matrices in callables for any number type: few inputs are carried forward, many go over
// the statement tape, and second derivatives over both.

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <Eigen/LU>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;

namespace {

// Carried forward where there are few inputs, else over the statement tape, without the ways for
// other numbers of inputs.
template <std::size_t N, class F>
std::array<double, N> gradient_of(const F& f, const std::array<double, N>& x) {
  if constexpr (N <= autograd::detail::kMostForward) {
    return autograd::gradient(f, x);
  } else {
    std::array<double, N> result;
    autograd::detail::gradient_on_statements(f, x, result);
    return result;
  }
}

// x'A x + sum sin x_i + 2 x'x
struct Form {
  Eigen::MatrixXd a;
  template <class T> T operator()(std::span<const T> x) const {
    const Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>> v(x.data(), a.rows());
    return v.dot(a * v) + v.array().sin().sum() + 2.0 * v.squaredNorm();
  }
};

template <std::size_t N> void check_form() {
  constexpr auto n = static_cast<Eigen::Index>(N);
  Eigen::MatrixXd a(n, n);
  Eigen::VectorXd at(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    at[i] = 0.3 * static_cast<double>(i) - 0.5;
    for (Eigen::Index k = 0; k < n; ++k)
      a(i, k) = std::cos(static_cast<double>(i + 2 * k)) + (i == k ? 3 : 0);
  }
  std::array<double, N> x{};
  std::copy(at.begin(), at.end(), x.begin());
  const Eigen::MatrixXd both = a + a.transpose();
  const Eigen::VectorXd slope = both * at + at.array().cos().matrix() + 4 * at;
  const Eigen::MatrixXd curvature =
      both + Eigen::MatrixXd((4 - at.array().sin()).matrix().asDiagonal());

  const Form f{a};
  const std::array<double, N> gradient = gradient_of(f, x);
  const autograd::Matrix hessian = autograd::hessian(f, x);
  for (std::size_t i = 0; i < N; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    CHECK(gradient[i] == doctest::Approx(slope[row]));
    for (std::size_t k = 0; k < N; ++k)
      CHECK(hessian(i, k) == doctest::Approx(curvature(row, static_cast<Eigen::Index>(k))));
  }
}

// |S^-1 b|^2 + det S of S = diag(x_1, x_2, x_3) + b b^T.
struct Solve {
  template <class T> T operator()(std::span<const T> x) const {
    using Vector = Eigen::Matrix<T, 3, 1>;
    const Eigen::Vector3d b(1, -0.5, 2);
    Eigen::Matrix<T, 3, 3> s = (b * b.transpose()).cast<T>();
    for (Eigen::Index i = 0; i < 3; ++i) s(i, i) += x[static_cast<std::size_t>(i)];
    const Vector solution = s.partialPivLu().solve(Vector(b.cast<T>()));
    return solution.squaredNorm() + s.determinant();
  }
};

}  // namespace

TEST_CASE("eigen: in callables for any number type, with few inputs and with many") {
  check_form<3>();
  check_form<6>();
}

TEST_CASE("eigen: solving and decomposing in callables for any number type") {
  const Solve f;
  const std::vector<double> x{2, 3, 1.5};
  const auto few = gradient_of(f, std::array{2.0, 3.0, 1.5});
  const auto many = gradient_of(f, std::array{2.0, 3.0, 1.5, 0.0, 0.0});
  const auto values = autograd::gradient([&](std::span<const Value> in) { return f(in); }, x);
  const auto number = [&](const std::vector<double>& at) { return f(std::span(at)); };
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(few[i] == doctest::Approx(values[i]).epsilon(1e-12));
    CHECK(many[i] == doctest::Approx(values[i]).epsilon(1e-12));
    CHECK(values[i] == doctest::Approx(helpers::slope(number, x, i)).epsilon(1e-8));
  }
  CHECK(many[3] == 0);
}
