// Eigenvalues and eigenvectors of symmetric matrices, where the matrix has zeros too.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Eigenvalues>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/eigen_check.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/programs.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// Of the entries from the diagonal on down, column by column.
template <class T> Matrix<T> symmetric(std::span<const T> in) {
  Matrix<T> a(3, 3);
  a << in[0], in[1], in[2], in[1], in[3], in[4], in[2], in[4], in[5];
  return a;
}
const std::vector<double> kFull{2, -0.5, 0.3, 1, 0.7, -1.5}, kDiagonal{2, 0, 0, -1, 0, 4},
    kBlocks{2, 0.5, 0, 1, 0, 5};

// With products of two entries of an eigenvector: its sign is a choice.
const auto values_and_vectors = []<class T>(std::span<const T> in) {
  Matrix<T> a = symmetric(in);
  for (Eigen::Index i = 0; i < 3; ++i) a(i, i) += 4.0;
  const Eigen::SelfAdjointEigenSolver<Matrix<T>> solver(a);
  const auto& value = solver.eigenvalues();
  const auto& v = solver.eigenvectors();
  const Matrix<T> root = solver.operatorSqrt();
  return T(value(0) * value(2) + 2.0 * value(1) + v(0, 0) * v(1, 0) + v(1, 1) * v(2, 1) +
           v(0, 2) * v(2, 2) + root(0, 1) + root(2, 1) * root(2, 2));
};
// The frequencies of two masses between three springs: A x = lambda M x.
const auto generalized = []<class T>(std::span<const T> in) {
  Matrix<T> stiffness(2, 2), mass(2, 2);
  stiffness << in[0] + in[1], -in[1], -in[1], in[1] + in[2];
  mass << in[3], T(0.0), T(0.0), in[4];
  using Solver = Eigen::GeneralizedSelfAdjointEigenSolver<Matrix<T>>;
  const Solver solver(stiffness, mass);
  const auto& v = solver.eigenvectors();
  return T(solver.eigenvalues()(0) + v(0, 0) * v(1, 0) / (v(1, 0) * v(1, 0)));
};

}  // namespace

TEST_CASE("eigen: eigenvalues and eigenvectors of symmetric matrices, to second order") {
  for (const auto& a : {kFull, kDiagonal, kBlocks}) {
    eigen_check::check(values_and_vectors, a);
  }
}

TEST_CASE("eigen: generalized eigenvalues and eigenvectors") {
  const auto of_values = [](std::span<const Value> v) { return generalized(v); };
  const auto number = [](const std::vector<double>& x) {
    return generalized(std::span<const double>(x));
  };
  const std::vector<double> x{3, 1, 2, 0.5, 1.5};
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); ++i) slopes.push_back(helpers::slope(number, x, i));
  programs::check_close(autograd::gradient(of_values, x), slopes, 1e-8, "generalized");
}

TEST_CASE("eigen: eigenvectors of a diagonal matrix turn by dA / (lambda_i - lambda_k)") {
  const Matrix<Value> a = Eigen::Vector2d(1, 3).asDiagonal().toDenseMatrix().cast<Value>();
  const Eigen::SelfAdjointEigenSolver<Matrix<Value>> solver(a);
  const auto& v = solver.eigenvectors();
  (v(1, 0) * v(0, 0)).backward();
  CHECK(a(1, 0).grad() == doctest::Approx(1.0 / (1 - 3)));
  CHECK(a(0, 1).grad() == 0);  // only the lower triangle is read
  a(1, 0).zero_grad();
  (v(0, 1) * v(1, 1)).backward();
  CHECK(a(1, 0).grad() == doctest::Approx(1.0 / (3 - 1)));
}

TEST_CASE("eigen: where eigenvalues are equal their sum has a derivative, eigenvectors have none") {
  const std::vector<double> same{1, 0, 0, 1, 0, 1};
  const auto sum = [](std::span<const Value> in) {
    return Eigen::SelfAdjointEigenSolver<Matrix<Value>>(symmetric(in)).eigenvalues().sum();
  };
  programs::check_close(autograd::gradient(sum, same), {1, 0, 0, 1, 0, 1}, 1e-15, "trace");
  for (const double each : eigen_check::gradient(values_and_vectors, same)) CHECK(std::isnan(each));
}

TEST_CASE("eigen: the direct formulas for small matrices, and views of a triangle") {
  const auto direct = [](std::span<const Value> in) {
    Eigen::SelfAdjointEigenSolver<Matrix<Value>> solver;
    solver.computeDirect(symmetric(in), Eigen::EigenvaluesOnly);
    return solver.eigenvalues()(0) * solver.eigenvalues()(1);
  };
  const auto view = [](std::span<const Value> in) {
    const Eigen::Matrix<Value, Eigen::Dynamic, 1> all =
        symmetric(in).template selfadjointView<Eigen::Lower>().eigenvalues();
    return all(0) * all(1);
  };
  programs::check_close(autograd::gradient(direct, kFull), autograd::gradient(view, kFull), 1e-12,
                        "direct");
}

TEST_CASE("eigen: eigenvalues in a Function are refused, as their rule needs the numbers") {
  const auto f = [](std::span<const Value> in) {
    return Eigen::SelfAdjointEigenSolver<Matrix<Value>>(symmetric(in)).eigenvalues()(0);
  };
  CHECK_THROWS_AS(autograd::Function::trace(f, kFull), autograd::Error);
}
