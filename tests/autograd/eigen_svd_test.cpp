// The singular value decomposition, where the matrix has zeros too.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/SVD>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/eigen_check.hpp>
#include <tests/support/programs.hpp>

using autograd::Value;

namespace {

template <class T> using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T> using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
constexpr unsigned kThin = Eigen::ComputeThinU | Eigen::ComputeThinV;

enum class Part { kDecomposition, kSolution };

// A number of singular values and vectors, with products in which the signs of u_i and v_i cancel; or
// of x of A x = b, of the least |A x - b|, or the shortest. Of A by columns and b.
struct Decomposed {
  Eigen::Index rows, columns;
  Part part;
  template <class T> T operator()(std::span<const T> in) const {
    const Matrix<T> a = Eigen::Map<const Matrix<T>>(in.data(), rows, columns);
    const Eigen::JacobiSVD<Matrix<T>> svd(a, kThin);
    if (part == Part::kSolution) {
      const Vector<T> b = Eigen::Map<const Vector<T>>(in.data() + rows * columns, rows);
      const Vector<T> x = svd.solve(b);
      return x(0) * x(0) + 2.0 * x(1) + x(columns - 1) * x(1);
    }
    const auto& s = svd.singularValues();
    const auto& u = svd.matrixU();
    const auto& v = svd.matrixV();
    T result = s(0) * s(1) + u(1, 0) * v(0, 0) + u(0, 0) * u(1, 0);
    for (Eigen::Index i = 0; i < s.size(); ++i) result += u(0, i) * v(1, i) / (s(i) + 1.0);
    return result;
  }
};

std::vector<double> with(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
const std::vector<double> kSquare{0.1, 3, -2, 2, 1, 0.25, -1, 0.5, 4},
    kDiagonal{3, 0, 0, 0, 1, 0, 0, 0, 2}, kIdentity{1, 0, 0, 0, 1, 0, 0, 0, 1},
    kTall{1, 2, -1, 0.5, 3, 2}, kTallZeros{1, 0, 0, 0, 2, 0};

}  // namespace

TEST_CASE("eigen: singular values and vectors, to second order") {
  eigen_check::check(Decomposed{3, 3, Part::kDecomposition}, kSquare);
  eigen_check::check(Decomposed{3, 3, Part::kDecomposition}, kDiagonal);
  eigen_check::check(Decomposed{3, 2, Part::kDecomposition}, kTall);
  eigen_check::check(Decomposed{3, 2, Part::kDecomposition}, kTallZeros);
  eigen_check::check(Decomposed{2, 3, Part::kDecomposition}, kTall);
}

TEST_CASE("eigen: solutions by an SVD, to second order") {
  eigen_check::check(Decomposed{3, 3, Part::kSolution}, with(kSquare, {1, 2, 0}));
  eigen_check::check(Decomposed{3, 3, Part::kSolution}, with(kIdentity, {1, 2, 0}));
  eigen_check::check(Decomposed{3, 2, Part::kSolution}, with(kTall, {1, 2, -1}));
  eigen_check::check(Decomposed{3, 2, Part::kSolution}, with(kTallZeros, {1, 2, -1}));
  eigen_check::check(Decomposed{2, 3, Part::kSolution}, with(kTall, {1, 2}));
}

TEST_CASE("eigen: an SVD by divide and conquer has the derivatives of one by Jacobi's rotations") {
  const Eigen::MatrixXd numbers = Eigen::Map<const Eigen::MatrixXd>(kSquare.data(), 3, 3);
  const Eigen::Vector3d b(1, -2, 0.5);
  const Matrix<Value> a = numbers.cast<Value>();
  const auto grad_of = [&a](const Value& y) {
    for (const Value& each : a.reshaped()) each.zero_grad();
    y.backward();
    return Eigen::MatrixXd(a.unaryExpr([](const Value& x) { return x.grad(); }));
  };
  const Eigen::JacobiSVD<Matrix<Value>> jacobi(a, kThin);
  const Eigen::BDCSVD<Matrix<Value>> divided(a, kThin);
  const auto number = [&b](const auto& svd) {
    const Vector<Value> x = svd.solve(b);
    return Value(x(0) * x(1) + svd.singularValues()(1) + svd.matrixU()(0, 1) * svd.matrixV()(2, 1));
  };
  CHECK(grad_of(number(jacobi)).isApprox(grad_of(number(divided)), 1e-12));
}

TEST_CASE("eigen: solving by an SVD at the identity: dx_1/dA(1,0) is -x_0") {
  const Eigen::Matrix<Value, 2, 2> a = Eigen::Matrix2d::Identity().cast<Value>();
  const Eigen::Vector2d b(1, 2);
  const Vector<Value> x = a.jacobiSvd(Eigen::ComputeFullU | Eigen::ComputeFullV).solve(b);
  x(1).backward();
  CHECK(a(1, 0).grad() == doctest::Approx(-1));
  CHECK(a(1, 1).grad() == doctest::Approx(-2));
  CHECK(a(0, 0).grad() == doctest::Approx(0));
}

TEST_CASE("eigen: an SVD has no derivatives where there are none") {
  const auto gradient = [](const auto& f, const std::vector<double>& x) {
    return autograd::gradient([&f](std::span<const Value> in) { return f(in); }, x);
  };
  const auto svd_of = [](std::span<const Value> in) {
    return Eigen::JacobiSVD<Matrix<Value>>(Eigen::Map<const Matrix<Value>>(in.data(), 2, 2), kThin);
  };
  const std::vector<double> same{1, 0, 0, 1};
  const auto sum = [&](auto in) { return svd_of(in).singularValues().sum(); };
  programs::check_close(gradient(sum, same), {1, 0, 0, 1}, 1e-15, "equal values");
  const auto vector = [&](auto in) {
    const auto svd = svd_of(in);
    return svd.matrixU()(0, 0) * svd.matrixU()(1, 0);
  };
  for (const double each : gradient(vector, same)) CHECK(std::isnan(each));

  // Of rank 1: the solution jumps.
  const auto solved = [&](auto in) {
    return svd_of(in).solve(Vector<Value>(Eigen::Map<const Vector<Value>>(in.data() + 4, 2)))(0);
  };
  const auto slopes = gradient(solved, {1, 2, 2, 4, 5, 0});
  CHECK(std::isnan(slopes[0]));
  CHECK(slopes[4] == doctest::Approx(0.04));  // A^+ = A^T / 25
  CHECK(slopes[5] == doctest::Approx(0.08));
}
