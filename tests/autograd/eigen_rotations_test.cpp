// Givens' and Jacobi's rotations, the update of a Cholesky factor, and std::complex.

#include <complex>
#include <span>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Jacobi>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/eigen_check.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// Of p, q and a matrix whose rows are turned by the rotation that takes (p, q) to (r, 0).
const auto givens = []<class T>(std::span<const T> x) {
  Eigen::JacobiRotation<T> rotation;
  T r = 0.0;
  rotation.makeGivens(x[0], x[1], &r);
  Matrix<T> m(2, 2);
  m << x[2], x[3], x[4], x[5];
  m.applyOnTheLeft(0, 1, rotation.adjoint());
  return T(r + m(0, 0) * m(1, 1) + 3.0 * m(0, 1) + m(1, 0));
};
// Of [x y; y z]: the angle, and how nearly diagonal the matrix becomes.
const auto jacobi = []<class T>(std::span<const T> x) {
  Matrix<T> m(2, 2);
  m << x[0], x[1], x[1], x[2];
  Eigen::JacobiRotation<T> rotation;
  rotation.makeJacobi(m, 0, 1);
  m.applyOnTheLeft(0, 1, rotation.adjoint());
  m.applyOnTheRight(0, 1, rotation);
  return T(rotation.s() * rotation.c() + m(0, 0) * m(0, 0) + 2.0 * m(0, 1));
};
const auto rank_update = []<class T>(std::span<const T> x) {
  Matrix<T> a(2, 2);
  a << x[0], x[1], x[1], x[2];
  Eigen::LLT<Matrix<T>> llt(a);
  Eigen::Matrix<T, Eigen::Dynamic, 1> v(2);
  v << x[3], x[4];
  llt.rankUpdate(v, T(1.0));
  const Matrix<T> l = llt.matrixL();
  return T(l(0, 0) + 2.0 * l(1, 0) + 3.0 * l(1, 1));
};

}  // namespace

TEST_CASE("eigen: Givens' rotations, where an entry is 0 too") {
  for (const auto& pq :
       std::vector<std::vector<double>>{{3, 4}, {-3, 4}, {2, 0}, {-2, 0}, {0, 1.5}, {0, -1.5}})
    eigen_check::check(givens, {pq[0], pq[1], 1, 2, -0.5, 3});
}

TEST_CASE("eigen: Jacobi's rotations, where the matrix is diagonal too") {
  for (const auto& x :
       std::vector<std::vector<double>>{{1, 0.5, 3}, {3, -0.5, 1}, {1, 0, 3}, {3, 0, 1}})
    eigen_check::check(jacobi, x);
  Eigen::JacobiRotation<Value> none;
  CHECK_FALSE(none.makeJacobi(Value(2), Value(0), Value(2)));
  CHECK(none.c().data() == 1);
}

TEST_CASE("eigen: rotations have the numbers of Eigen's own") {
  for (const double p : {2.0, -2.0, 0.0})
    for (const double q : {1.0, -3.0, 0.0}) {
      Eigen::JacobiRotation<double> plain, product;
      Eigen::JacobiRotation<Value> ours;
      double r = 0;
      Value length = 0;
      plain.makeGivens(p, q, &r);
      ours.makeGivens(p, q, &length);
      CHECK(ours.c().data() == doctest::Approx(plain.c()));
      CHECK(ours.s().data() == doctest::Approx(plain.s()));
      CHECK(length.data() == doctest::Approx(r));
      plain.makeJacobi(p, q, 0.5);
      ours.makeJacobi(p, q, 0.5);
      CHECK(ours.c().data() == doctest::Approx(plain.c()));
      CHECK(ours.s().data() == doctest::Approx(plain.s()));
      product = plain * plain;
      CHECK((ours * ours).s().data() == doctest::Approx(product.s()));
    }
}

TEST_CASE("eigen: the update of a Cholesky factor, by a vector with zeros too") {
  eigen_check::check(rank_update, {4, 1, 3, 0.5, -1});
  eigen_check::check(rank_update, {4, 0, 3, 0, -1});
  eigen_check::check(rank_update, {4, 0, 3, 0.5, 0});
}
