// Eigenvalues of matrices that are not symmetric, where they are triangular too.

#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include <Eigen/Eigenvalues>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/eigen_check.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// Of A by columns: the trace of exp(A / 3), and products of real and imaginary parts. Sums over all
// eigenvalues, as their order may change when A does.
const auto of_eigenvalues = []<class T>(std::span<const T> in) {
  using std::cos, std::exp;
  const Matrix<T> a = Eigen::Map<const Matrix<T>>(in.data(), 3, 3);
  const auto values = Eigen::EigenSolver<Matrix<T>>(a, false).eigenvalues();
  T sum = 0.0;
  for (Eigen::Index i = 0; i < 3; ++i) {
    const T real = values(i).real(), imaginary = values(i).imag();
    sum += exp(real / 3.0) * cos(imaginary / 3.0) + real * imaginary * imaginary;
  }
  return sum;
};

}  // namespace

TEST_CASE("eigen: eigenvalues of matrices that are not symmetric, to second order") {
  eigen_check::check(of_eigenvalues, {1, 2, -1, 0.5, 3, 1, 0.25, 0.1, -2});    // all real
  eigen_check::check(of_eigenvalues, {5, 0.5, 0.25, 1, 0, 1, -0.5, -2, 0.5});  // one pair a +- ib
}

TEST_CASE("eigen: eigenvalues of triangular and diagonal matrices, to second order") {
  eigen_check::check(of_eigenvalues, {1, 0, 0, 2, 3, 0, -1, 0.5, -2});
  eigen_check::check(of_eigenvalues, {1, 0, 0, 0, 3, 0, 0, 0, -2});

  // [1 1; 0 2]: d lambda_1 / dA(1,0) = A(0,1) / (A(0,0) - A(1,1)) = -1
  const Eigen::Matrix<Value, 2, 2> a = (Eigen::Matrix2d() << 1, 1, 0, 2).finished().cast<Value>();
  const Value lowest = a.eigenvalues()(0).real();
  lowest.backward();
  CHECK(lowest.data() == 1);
  CHECK(a(1, 0).grad() == doctest::Approx(-1));
  CHECK(a(0, 0).grad() == doctest::Approx(1));
  CHECK(a(0, 1).grad() == doctest::Approx(0));
}

TEST_CASE("eigen: where eigenvalues meet they have no derivative") {
  const Eigen::Matrix<Value, 2, 2> a = (Eigen::Matrix2d() << 1, 1, 0, 1).finished().cast<Value>();
  a.eigenvalues()(0).real().backward();
  CHECK(std::isnan(a(1, 0).grad()));
}
