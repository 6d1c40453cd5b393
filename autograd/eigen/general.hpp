// Eigenvalues of matrices of recorded numbers that need not be symmetric.
//
// Eigen's own algorithm takes an entry below the diagonal that is 0 but for rounding as 0, and loses
// its derivative: of a matrix that is triangular already, all of these. This is the same class for the
// library's numbers: Eigen finds the eigenvalues of the matrix of plain numbers, and derivatives are
// by the rule, with v and w the right and left eigenvectors:
//
//   d lambda = w^T dA v / (w^T v)
//
// It is NaN where w^T v is nearly 0: there eigenvalues meet, and have no derivative. Where there is a
// whole space of eigenvectors, as at the identity, the sum over equal eigenvalues is right.
// Eigenvectors are not offered: their length and direction are a choice.
//
// Cost: n^2 edges for each real and each imaginary part.
// Source: Magnus 1985, On differentiating eigenvalues and eigenvectors, theorem 2.
#pragma once

#include <cmath>
#include <complex>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <Eigen/LU>

#include <autograd/eigen/known_function.hpp>

namespace Eigen {
template <class> class EigenSolver;
}

namespace autograd::detail {

// Eigen's class, whose definition is known where M is.
template <class M> struct PlainSolver {
  using Type = Eigen::EigenSolver<Eigen::MatrixXd>;
};

template <class S> struct ComplexVector {
  VectorX<S> real, imaginary;
};
using ComplexNumbers = Eigen::VectorXcd;

// The vector v of (A - lambda I) v = 0 near `here`, with here^H v = 1, where `left` is near the left
// eigenvector. Of a system of real equations, bordered so that it is regular.
template <class S> ComplexVector<S> null_vector(const MatrixX<S>& a, const S& real,
                                                const S& imaginary, const ComplexNumbers& here,
                                                const ComplexNumbers& left) {
  const Eigen::Index n = a.rows();
  MatrixX<S> system = MatrixX<S>::Zero(2 * n + 2, 2 * n + 2);
  for (const Eigen::Index first : {Eigen::Index{0}, n}) {
    system.block(first, first, n, n) = a;
    for (Eigen::Index i = first; i < first + n; ++i) system(i, i) -= real;
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    system(i, n + i) = imaginary;
    system(n + i, i) = -imaginary;
    const std::complex<double> v = here(i), w = left(i);
    system(2 * n, i) = system(2 * n + 1, n + i) = v.real();
    system(2 * n, n + i) = v.imag();
    system(2 * n + 1, i) = -v.imag();
    system(i, 2 * n) = system(n + i, 2 * n + 1) = w.real();
    system(n + i, 2 * n) = -w.imag();
    system(i, 2 * n + 1) = w.imag();
  }
  VectorX<S> unit = VectorX<S>::Zero(2 * n + 2);
  unit(2 * n) = 1.0;
  const VectorX<S> solution = Eigen::PartialPivLU<MatrixX<S>>(system).solve(unit);
  return {solution.head(n), solution.segment(n, n)};
}

// The derivatives of the real part of an eigenvalue by the entries of A, column by column, or those
// of the imaginary part.
template <class S> std::vector<S> derivatives_of_eigenvalue(bool of_real, const MatrixX<S>& a,
                                                            const S& real, const S& imaginary,
                                                            const ComplexNumbers& right,
                                                            const ComplexNumbers& left) {
  constexpr double kLeast = 1e-6;  // some square roots of the rounding error
  const auto count = static_cast<std::size_t>(a.size());
  const double condition = std::abs((left.transpose() * right)(0)) / (left.norm() * right.norm());
  if (!(condition > kLeast))
    return std::vector<S>(count, S(std::numeric_limits<double>::quiet_NaN()));
  ComplexVector<S> v, w;
  if constexpr (std::same_as<S, double>) {
    v = {right.real(), right.imag()};
    w = {left.real(), left.imag()};
  } else {
    v = null_vector<S>(a, real, imaginary, right, left);
    w = null_vector<S>(a.transpose(), real, imaginary, left, right);
  }
  // 1 / (w^T v) = (c - i d) / (c^2 + d^2)
  const S c = w.real.dot(v.real) - w.imaginary.dot(v.imaginary);
  const S d = w.real.dot(v.imaginary) + w.imaginary.dot(v.real);
  const S square = c * c + d * d;
  std::vector<S> result;
  for (Eigen::Index q = 0; q < a.cols(); ++q)
    for (Eigen::Index p = 0; p < a.rows(); ++p) {
      const S x = w.real(p) * v.real(q) - w.imaginary(p) * v.imaginary(q);
      const S y = w.real(p) * v.imaginary(q) + w.imaginary(p) * v.real(q);
      result.push_back(of_real ? S((x * c + y * d) / square) : S((y * c - x * d) / square));
    }
  return result;
}

}  // namespace autograd::detail

// NOLINTBEGIN(readability-identifier-naming): Eigen's names
template <class M>
requires autograd::Differentiable<typename M::Scalar>
class Eigen::EigenSolver<M> {
 public:
  using MatrixType = M;
  using Scalar = typename M::Scalar;
  using RealScalar = Scalar;
  using ComplexScalar = std::complex<Scalar>;
  using EigenvalueType = Matrix<ComplexScalar, M::ColsAtCompileTime, 1>;

  EigenSolver() = default;
  explicit EigenSolver(Index) {}
  // The second argument of Eigen's, whether eigenvectors are wanted, must be false.
  template <class Input> EigenSolver(const EigenBase<Input>& matrix, bool eigenvectors) {
    compute(matrix, eigenvectors);
  }

  template <class Input> EigenSolver& compute(const EigenBase<Input>& matrix, bool eigenvectors) {
    eigen_assert(!eigenvectors && "Eigenvectors have no derivatives here.");
    static_cast<void>(eigenvectors);
    namespace detail = autograd::detail;
    using S = detail::DataOf<Scalar>;
    const detail::MatrixX<Scalar> a = M(matrix.derived());
    const detail::MatrixX<S> numbers = detail::numbers_in(a);
    const MatrixXd plain = numbers.unaryExpr([](const S& x) { return detail::plain_number(x); });
    const typename detail::PlainSolver<M>::Type solver(plain, true);
    m_info = solver.info();
    const MatrixXcd right = solver.eigenvectors(), left = right.inverse().transpose();
    Matrix<std::complex<S>, Dynamic, 1> values;
    if constexpr (std::same_as<S, double>) {
      values = solver.eigenvalues();
    } else {
      values = EigenSolver<detail::MatrixX<S>>(numbers, false).eigenvalues();
    }

    const std::span<const Scalar> operands(a.data(), static_cast<std::size_t>(a.size()));
    m_eivalues.resize(a.rows());
    for (Index i = 0; i < a.rows(); ++i) {
      const auto part = [&, v = VectorXcd(right.col(i)), w = VectorXcd(left.col(i))](bool of_real) {
        const auto again = [=, n = a.rows()](auto in) {
          using Values = detail::MatrixX<autograd::Value>;
          const Values same = Map<const Values>(in.data(), n, n);
          const auto lambda = EigenSolver<Values>(same, false).eigenvalues()(i);
          return detail::derivatives_of_eigenvalue<autograd::Value>(of_real, same, lambda.real(),
                                                                    lambda.imag(), v, w);
        };
        return detail::known_function<Scalar>(
            "eigenvalue", operands, of_real ? values(i).real() : values(i).imag(),
            detail::derivatives_of_eigenvalue<S>(of_real, numbers, values(i).real(),
                                                 values(i).imag(), v, w),
            again);
      };
      // A real eigenvalue stays real.
      const bool is_real = detail::plain_number(values(i).imag()) == 0;
      m_eivalues(i) = {part(true), is_real ? Scalar(0.0) : part(false)};
    }
    return *this;
  }

  const EigenvalueType& eigenvalues() const { return m_eivalues; }
  ComputationInfo info() const { return m_info; }

 private:
  EigenvalueType m_eivalues;
  ComputationInfo m_info = InvalidInput;
};
// NOLINTEND(readability-identifier-naming)
