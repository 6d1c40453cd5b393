// solve() and log_determinant(): right where entries are 0, in all ways and to second order.

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <Eigen/LU>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/eigen_check.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T> using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

constexpr Eigen::Index kSize = 3;
const Eigen::MatrixXd kB = (Eigen::MatrixXd(3, 2) << 1, -2, 0.5, 3, 2, -1).finished();
const std::vector<double> kRegular{0.1, 3, -2, 2, 1, 0.25, -1, 0.5, 4};  // by columns
const std::vector<double> kIdentity{1, 0, 0, 0, 1, 0, 0, 0, 1};

std::vector<double> with_right_side(std::vector<double> a, std::vector<double> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// x_0 x_1 + sin x_2
template <class T> T number_of(const Vector<T>& x) {
  using std::sin;
  return x(0) * x(1) + sin(x(2));
}

const auto variable = []<class T>(std::span<const T> in) {
  const Eigen::Map<const Matrix<T>> a(in.data(), kSize, kSize);
  const Eigen::Map<const Vector<T>> b(in.data() + kSize * kSize, kSize);
  return number_of<T>(autograd::solve(a, b));
};
const auto plain_right_side = []<class T>(std::span<const T> in) {
  const Eigen::Map<const Matrix<T>> a(in.data(), kSize, kSize);
  if constexpr (autograd::Differentiable<T>) {
    const Matrix<T> x = autograd::solve(a, kB);
    return T(number_of<T>(x.col(0)) * x(2, 1));
  } else {
    const Matrix<T> x = autograd::solve(a, kB.cast<T>());
    return T(number_of<T>(x.col(0)) * x(2, 1));
  }
};
const auto plain_matrix = []<class T>(std::span<const T> in) {
  const Eigen::Map<const Eigen::MatrixXd> a(kRegular.data(), kSize, kSize);
  const Eigen::Map<const Vector<T>> b(in.data(), kSize);
  if constexpr (autograd::Differentiable<T>) {
    return number_of<T>(autograd::solve(a, b));
  } else {
    return number_of<T>(autograd::solve(a.cast<T>(), b));
  }
};
const auto log_of_determinant = []<class T>(std::span<const T> in) {
  using std::exp;
  return T(exp(0.5 * autograd::log_determinant(Eigen::Map<const Matrix<T>>(in.data(), 3, 3))));
};

}  // namespace

TEST_CASE("eigen: solve() has the derivatives of the solution, to second order") {
  for (const auto& a : {kRegular, kIdentity}) {
    eigen_check::check(variable, with_right_side(a, {1, 2, 0}));
    eigen_check::check(plain_right_side, a);
  }
  eigen_check::check(plain_matrix, {1, 0, -2});
}

TEST_CASE("eigen: solve() at the identity: dx_i/dA(i,j) is -x_j") {
  const Eigen::Matrix<Value, 2, 2> a = Eigen::Matrix2d::Identity().cast<Value>();
  const Eigen::Vector2d b(1, 2);
  const Eigen::Matrix<Value, 2, 1> x = solve(a, b);
  x(1).backward();
  CHECK(x(1).data() == 2);
  CHECK(x(1).op() == "solve");
  CHECK(a(1, 0).grad() == -1);
  CHECK(a(1, 1).grad() == -2);
  CHECK(a(0, 0).grad() == 0);
  CHECK(a(0, 1).grad() == 0);
}

TEST_CASE("eigen: log_determinant() has the transposed inverse as gradient, to second order") {
  for (const auto& a : {kRegular, kIdentity}) {
    eigen_check::check(log_of_determinant, a);
  }
}

TEST_CASE("eigen: log_determinant() of determinants that are no numbers") {
  const Eigen::MatrixXd large = Eigen::MatrixXd::Identity(200, 200) * 1e-3;
  CHECK(autograd::log_determinant(large) == doctest::Approx(-600 * std::log(10)));
  const Matrix<Value> values = large.cast<Value>();
  const Value y = log_determinant(values);
  y.backward();
  CHECK(y.data() == doctest::Approx(-600 * std::log(10)));
  CHECK(values(7, 7).grad() == doctest::Approx(1e3));
  CHECK(values(7, 8).grad() == 0);
  CHECK(autograd::log_determinant(Eigen::MatrixXd::Zero(2, 2)) == -HUGE_VAL);
}

TEST_CASE("eigen: solve() and log_determinant() carried forward, and in a Function") {
  const auto f = []<class T>(std::span<const T> in) {
    const Eigen::Map<const Eigen::Matrix<T, 2, 2>> a(in.data());
    using Vector = Eigen::Matrix<T, 2, 1>;
    const Vector x = autograd::solve(a, Eigen::Vector2d(1, 2));
    return T(x(0) * x(1) + autograd::log_determinant(a));
  };
  const std::vector<double> at{1, 0, 0, 1};
  // d(x_0 x_1)/dA = -A^-T (x_1, x_0) x^T at A = I, and d log det A/dA = A^-T
  programs::check_close(autograd::gradient(f, at), {-2 + 1, -1, -4, -2 + 1}, 1e-15, "forward");
  const auto function = autograd::Function::trace(f, at);
  for (const auto& other : {at, std::vector<double>{3, 1, -0.5, 2}})
    programs::check_close(function.gradient({}, other).inputs, autograd::gradient(f, other), 1e-14,
                          "Function");
}

TEST_CASE("eigen: a solution of n numbers is n nodes") {
  helpers::on_a_fresh_graph([] {
    const Matrix<Value> a = Eigen::MatrixXd::Identity(10, 10).cast<Value>();
    const Vector<Value> b = Eigen::VectorXd::Ones(10).cast<Value>();
    const auto before = autograd::graph_statistics();
    const Vector<Value> x = solve(a, b);
    CHECK(autograd::graph_statistics().operations == before.operations + 10);
    CHECK(autograd::graph_statistics().leaves == before.leaves);
    CHECK(x(3).inputs().size() == 110);
    CHECK(log_determinant(a).inputs().size() == 100);
  });
}

TEST_CASE("eigen: solve() and log_determinant() of matrices that are not square") {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Ones(3, 2), square = Eigen::MatrixXd::Identity(3, 3);
  CHECK_THROWS_WITH_AS(autograd::solve(a, Eigen::VectorXd::Ones(3)),
                       "solve: a matrix of 3 by 2; it must be square", autograd::Error);
  CHECK_THROWS_WITH_AS(autograd::solve(square, Eigen::VectorXd::Ones(2)),
                       "solve: a matrix of 3 by 3 and a right side of 2 by 1", autograd::Error);
  CHECK_THROWS_WITH_AS(autograd::log_determinant(a),
                       "log_determinant: a matrix of 3 by 2; it must be square", autograd::Error);
}
