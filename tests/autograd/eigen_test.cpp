// Recorded numbers in Eigen's matrices: values as of double, gradients as of the closed forms.

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/eigen.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;

namespace {

using Numbers = Eigen::MatrixXd;
using Matrix = Eigen::Matrix<Value, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Value, Eigen::Dynamic, 1>;

Numbers data_of(const Matrix& m) {
  return m.unaryExpr([](const Value& x) { return x.data(); });
}
Numbers grad_of(const Matrix& m) {
  return m.unaryExpr([](const Value& x) { return x.grad(); });
}

// Products of plain matrices, and x of A x = b, compiled once.
Numbers times(const Numbers& a, const Numbers& b) { return a * b; }
Numbers solution(const Numbers& a, const Numbers& b) { return a.partialPivLu().solve(b); }

bool close(const Numbers& x, const Numbers& y) { return x.isApprox(y, 1e-12); }

// Not symmetric, well conditioned, and in need of pivoting.
const Numbers kA = (Numbers(3, 3) << 0.1, 2, -1, 3, 1, 0.5, -2, 0.25, 4).finished();
const Numbers kB = (Numbers(3, 2) << 1, -2, 0.5, 3, 2, -1).finished();

// d f / d A by central differences, for f of a matrix of doubles.
template <class F> Numbers slopes(const F& f, const Numbers& a) {
  const auto of_list = [&](const std::vector<double>& x) {
    return f(Numbers(Eigen::Map<const Numbers>(x.data(), a.rows(), a.cols())));
  };
  const std::vector<double> at(a.data(), a.data() + a.size());
  Numbers result(a.rows(), a.cols());
  for (Eigen::Index i = 0; i < a.size(); ++i)
    result(i) = helpers::slope(of_list, at, static_cast<std::size_t>(i));
  return result;
}

}  // namespace

TEST_CASE("eigen: a matrix of numbers becomes a matrix of leaves, one each") {
  helpers::on_a_fresh_graph([] {
    const auto before = autograd::graph_statistics();
    const Matrix a = kA.cast<Value>();
    CHECK(autograd::graph_statistics().leaves == before.leaves + 9);
    CHECK(autograd::graph_statistics().operations == before.operations);
    CHECK(data_of(a) == kA);
    a(1, 2).backward();
    CHECK(a(1, 2).grad() == 1);
    CHECK_FALSE(a(2, 1).has_grad());
  });
}

TEST_CASE("eigen: d sum(W o AB) is W B^T and A^T W") {
  const Matrix a = kA.cast<Value>(), b = kB.cast<Value>();
  const Numbers w = (Numbers(3, 2) << 1, 2, 3, 4, 5, 6).finished();
  const Matrix product = a * b;
  CHECK(close(data_of(product), times(kA, kB)));
  product.cwiseProduct(w).sum().backward();
  CHECK(close(grad_of(a), times(w, kB.transpose())));
  CHECK(close(grad_of(b), times(kA.transpose(), w)));
}

TEST_CASE("eigen: products with numbers record constants, not leaves") {
  helpers::on_a_fresh_graph([] {
    const Matrix a = kA.cast<Value>();
    const auto before = autograd::graph_statistics().leaves;
    const Matrix left = kA * a, right = a * kB, scaled = 2 * a - a * 3.0 + a / 2.0, sum = a + kA;
    const Vector vector = a * kB.col(0);
    const Value number = kB.col(0).transpose() * a * kB.col(1);
    CHECK(autograd::graph_statistics().leaves == before);
    CHECK(close(data_of(left), times(kA, kA)));
    CHECK(close(data_of(right), times(kA, kB)));
    CHECK(close(data_of(scaled), -0.5 * kA));
    CHECK(close(data_of(sum), 2 * kA));
    CHECK(close(data_of(vector), times(kA, kB.col(0))));
    number.backward();
    CHECK(number.data() == doctest::Approx(kB.col(0).dot(times(kA, kB.col(1)).col(0))));
    CHECK(close(grad_of(a), times(kB.col(0), kB.col(1).transpose())));
  });
}

TEST_CASE("eigen: a product of n by n matrices costs 2 n^3 - n^2 operations") {
  helpers::on_a_fresh_graph([] {
    constexpr Eigen::Index n = 20;
    const Matrix a = Numbers::Random(n, n).cast<Value>();
    const auto before = autograd::graph_statistics();
    const Matrix product = a * a;
    CHECK(autograd::graph_statistics().operations - before.operations == 2 * n * n * n - n * n);
    CHECK(autograd::graph_statistics().leaves == before.leaves);
    CHECK(close(data_of(product), times(data_of(a), data_of(a))));
  });
}

TEST_CASE("eigen: inner, outer and fixed-size products") {
  const Vector x = kB.col(0).cast<Value>(), y = kB.col(1).cast<Value>();
  const Value dot = x.dot(y), inner = x.transpose() * y;
  const Matrix outer = x * y.transpose();
  (dot + 3 * inner + outer.sum()).backward();
  CHECK(dot.data() == kB.col(0).dot(kB.col(1)));
  CHECK(inner == dot);
  CHECK(close(data_of(outer), times(kB.col(0), kB.col(1).transpose())));
  CHECK(close(grad_of(x), (4 * kB.col(1)).array() + kB.col(1).sum()));
  const Eigen::Matrix<Value, 2, 2> small = kA.topLeftCorner<2, 2>().cast<Value>();
  const Eigen::Matrix<Value, 2, 2> cube = small * small * small;
  const Numbers number = kA.topLeftCorner<2, 2>();
  CHECK(close(data_of(cube), times(number, times(number, number))));
}

TEST_CASE("eigen: d det A is det(A) A^-T") {
  const Matrix a = kA.cast<Value>();
  const Value det = a.determinant();
  det.backward();
  CHECK(det.data() == doctest::Approx(kA.determinant()));
  CHECK(close(grad_of(a), kA.determinant() * kA.inverse().transpose()));
}

TEST_CASE("eigen: the solution x of A x = b has dc/db = A^-T c', dc/dA = -(A^-T c') x^T") {
  const Matrix a = kA.cast<Value>();
  const Vector b = kB.col(0).cast<Value>();
  const Eigen::Vector3d weight(1, -2, 3);
  const Vector x = a.partialPivLu().solve(b);
  const Eigen::VectorXd number = solution(kA, kB.col(0));
  CHECK(close(data_of(x), number));
  x.dot(weight).backward();
  const Eigen::VectorXd adjoint = solution(kA.transpose(), weight);
  CHECK(close(grad_of(b), adjoint));
  CHECK(close(grad_of(a), times(-adjoint, number.transpose())));
}

TEST_CASE("eigen: larger systems of equations, where Eigen works in blocks") {
  constexpr Eigen::Index n = 40;
  const Numbers numbers = Numbers::Random(n, n) + Numbers::Identity(n, n) * 5;
  const Matrix a = numbers.cast<Value>();
  const Numbers right = Numbers::Ones(n, 1);
  const Vector x = a.partialPivLu().solve(right.cast<Value>());
  CHECK(data_of(x).isApprox(solution(numbers, right), 1e-10));
  x.sum().backward();
  const Numbers adjoint = solution(numbers.transpose(), right);
  CHECK(grad_of(a).isApprox(times(-adjoint, data_of(x).transpose()), 1e-10));
}

TEST_CASE("eigen: d sum(W o A^-1) is -A^-T W A^-T") {
  const Matrix a = kA.cast<Value>();
  const Numbers w = (Numbers(3, 3) << 1, 2, 3, 4, 5, 6, 7, 8, 10).finished();
  const Numbers inverse = kA.inverse();
  SUBCASE("of any size") {
    const Matrix result = a.inverse();
    CHECK(close(data_of(result), inverse));
    result.cwiseProduct(w).sum().backward();
  }
  SUBCASE("of fixed size, by cofactors") {
    const Eigen::Matrix<Value, 3, 3> fixed = a;
    const Matrix result = fixed.inverse();
    CHECK(close(data_of(result), inverse));
    result.cwiseProduct(w).sum().backward();
  }
  CHECK(close(grad_of(a), times(-inverse.transpose(), times(w, inverse.transpose()))));
}

TEST_CASE("eigen: norms, and the gradient of a norm is of length 1") {
  const Matrix a = kA.cast<Value>();
  const Value norm = a.norm();
  norm.backward();
  CHECK(norm.data() == doctest::Approx(kA.norm()));
  CHECK(close(grad_of(a), kA / kA.norm()));
  CHECK(a.squaredNorm().data() == doctest::Approx(kA.squaredNorm()));
  CHECK(a.lpNorm<1>().data() == doctest::Approx(kA.lpNorm<1>()));
  CHECK(a.trace() == kA.trace());
  CHECK(a.maxCoeff() == 4);
  CHECK(a.allFinite());
  CHECK((a * std::nan("")).hasNaN());
}

TEST_CASE("eigen: Cholesky's factor, determinant and solution agree with central differences") {
  const auto f = [](const auto& m, const auto& right) {
    const auto spd = (m * m.transpose()).eval();
    const auto factor = spd.llt();
    auto product = factor.matrixLLT().diagonal().prod();
    return product + factor.solve(right).squaredNorm();
  };
  const auto number = [&](const Numbers& m) { return f(m, Numbers(kB.col(0))); };
  const Matrix a = kA.cast<Value>();
  const Value y = f(a, Matrix(kB.col(0).cast<Value>()));
  y.backward();
  CHECK(y.data() == doctest::Approx(number(kA)));
  CHECK(grad_of(a).isApprox(slopes(number, kA), 1e-6));
}

TEST_CASE("eigen: elementwise functions") {
  const Matrix a = (kA.array() * kA.array() + 1).matrix().cast<Value>();
  const Numbers at = data_of(a);
  const Matrix y = (a.array().log() * a.array().sqrt() + (-a.array()).exp()).matrix();
  y.sum().backward();
  CHECK(close(data_of(y), (at.array().log() * at.array().sqrt() + (-at.array()).exp()).matrix()));
  CHECK(close(grad_of(a), (1 / at.array().sqrt() + at.array().log() / (2 * at.array().sqrt()) -
                           (-at.array()).exp())
                              .matrix()));
}

TEST_CASE("eigen: a matrix that goes out of scope lets go of its nodes") {
  helpers::on_a_fresh_graph([] {
    const auto before = autograd::graph_statistics();
    {
      Matrix a = kA.cast<Value>();
      for (int i = 0; i < 10; ++i) a = (a * a / a.norm()).eval();
    }
    CHECK(autograd::graph_statistics().operations == before.operations);
    CHECK(autograd::graph_statistics().leaves == before.leaves);
  });
}
