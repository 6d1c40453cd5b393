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
  CHECK(close(data_of(product), kA * kB));
  product.cwiseProduct(w).sum().backward();
  CHECK(close(grad_of(a), w * kB.transpose()));
  CHECK(close(grad_of(b), kA.transpose() * w));
}

TEST_CASE("eigen: products with numbers record constants, not leaves") {
  helpers::on_a_fresh_graph([] {
    const Matrix a = kA.cast<Value>();
    const auto before = autograd::graph_statistics().leaves;
    const Matrix left = kA * a, right = a * kB, scaled = 2 * a - a * 3.0 + a / 2.0, sum = a + kA;
    const Vector vector = a * kB.col(0);
    const Value number = kB.col(0).transpose() * a * kB.col(1);
    CHECK(autograd::graph_statistics().leaves == before);
    CHECK(close(data_of(left), kA * kA));
    CHECK(close(data_of(right), kA * kB));
    CHECK(close(data_of(scaled), -0.5 * kA));
    CHECK(close(data_of(sum), 2 * kA));
    CHECK(close(data_of(vector), kA * kB.col(0)));
    number.backward();
    CHECK(number.data() == doctest::Approx(kB.col(0).dot(kA * kB.col(1))));
    CHECK(close(grad_of(a), kB.col(0) * kB.col(1).transpose()));
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
    CHECK(close(data_of(product), data_of(a) * data_of(a)));
  });
}

TEST_CASE("eigen: inner, outer and fixed-size products") {
  const Vector x = kB.col(0).cast<Value>(), y = kB.col(1).cast<Value>();
  const Value dot = x.dot(y), inner = x.transpose() * y;
  const Matrix outer = x * y.transpose();
  (dot + 3 * inner + outer.sum()).backward();
  CHECK(dot.data() == kB.col(0).dot(kB.col(1)));
  CHECK(inner == dot);
  CHECK(close(data_of(outer), kB.col(0) * kB.col(1).transpose()));
  CHECK(close(grad_of(x), (4 * kB.col(1)).array() + kB.col(1).sum()));
  const Eigen::Matrix<Value, 2, 2> small = kA.topLeftCorner<2, 2>().cast<Value>();
  const Eigen::Matrix<Value, 2, 2> cube = small * small * small;
  const Eigen::Matrix2d number = kA.topLeftCorner<2, 2>();
  CHECK(close(data_of(cube), number * number * number));
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
  const Eigen::VectorXd number = kA.partialPivLu().solve(kB.col(0));
  CHECK(close(data_of(x), number));
  x.dot(weight).backward();
  const Eigen::VectorXd adjoint = kA.transpose().partialPivLu().solve(weight);
  CHECK(close(grad_of(b), adjoint));
  CHECK(close(grad_of(a), -adjoint * number.transpose()));
}

TEST_CASE("eigen: larger systems of equations, where Eigen works in blocks") {
  constexpr Eigen::Index n = 40;
  const Numbers numbers = Numbers::Random(n, n) + Numbers::Identity(n, n) * 5;
  const Matrix a = numbers.cast<Value>();
  const Numbers right = Numbers::Ones(n, 1);
  const Vector x = a.partialPivLu().solve(right.cast<Value>());
  CHECK(data_of(x).isApprox(numbers.partialPivLu().solve(right), 1e-10));
  x.sum().backward();
  const Numbers adjoint = numbers.transpose().partialPivLu().solve(right);
  CHECK(grad_of(a).isApprox(-adjoint * data_of(x).transpose(), 1e-10));
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
  CHECK(close(grad_of(a), -inverse.transpose() * w * inverse.transpose()));
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

TEST_CASE("eigen: in callables for any number type, with few inputs and with many") {
  for (const Eigen::Index n : {3, 6}) {
    Numbers a(n, n);
    Eigen::VectorXd at(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      at[i] = 0.3 * static_cast<double>(i) - 0.5;
      for (Eigen::Index k = 0; k < n; ++k)
        a(i, k) = std::cos(static_cast<double>(i + 2 * k)) + (i == k ? 3 : 0);
    }
    const auto f = [&](auto x) {
      using T = typename decltype(x)::value_type;
      const Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>> v(x.data(), n);
      return v.dot(a * v) + v.array().sin().sum() + 2.0 * v.squaredNorm();
    };
    const std::vector<double> x(at.begin(), at.end());
    const Numbers both = a + a.transpose();
    const Eigen::VectorXd slope = both * at + at.array().cos().matrix() + 4 * at;
    const Numbers curvature = both + Numbers((4 - at.array().sin()).matrix().asDiagonal());
    const auto gradient = autograd::gradient(f, x);
    const auto product = autograd::hessian_vector_product(f, x, x);
    const autograd::Matrix hessian = autograd::hessian(f, x);
    const Eigen::VectorXd expected_product = curvature * at;
    CHECK(autograd::check_gradient(f, x).ok());
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto row = static_cast<std::size_t>(i);
      CHECK(gradient[row] == doctest::Approx(slope[i]));
      CHECK(product[row] == doctest::Approx(expected_product[i]));
      for (Eigen::Index k = 0; k < n; ++k)
        CHECK(hessian(row, static_cast<std::size_t>(k)) == doctest::Approx(curvature(i, k)));
    }
  }
}

TEST_CASE("eigen: solving and decomposing in callables for any number type") {
  // |S^-1 b|^2 + det S of S = diag(x) + b b^T, against Values and differences.
  const auto f = [](auto x) {
    using T = typename decltype(x)::value_type;
    using Square = Eigen::Matrix<T, 3, 3>;
    const Eigen::Vector3d b(1, -0.5, 2);
    Square s = (b * b.transpose()).cast<T>();
    for (Eigen::Index i = 0; i < 3; ++i) s(i, i) += x[static_cast<std::size_t>(i)];
    const Eigen::Matrix<T, 3, 1> right = b.cast<T>();
    const Eigen::Matrix<T, 3, 1> solution = s.partialPivLu().solve(right);
    return T(solution.squaredNorm() + s.determinant());
  };
  const std::vector<double> x{2, 3, 1.5};
  const auto gradient = autograd::gradient(f, x);
  const auto expected = autograd::gradient([f](std::span<const Value> in) { return f(in); }, x);
  for (std::size_t i = 0; i < 3; ++i) CHECK(gradient[i] == doctest::Approx(expected[i]));
  CHECK(autograd::check_gradient(f, x).ok());
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
