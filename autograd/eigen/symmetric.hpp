// Eigenvalues and eigenvectors of symmetric matrices of recorded numbers.
//
// Eigen's own algorithm leaves rotations out where a matrix is diagonal, or has blocks of zeros, and
// with them the derivatives of eigenvectors. This is the same class for the library's numbers: Eigen
// decomposes the matrix of plain numbers, and derivatives are by the rule.
//
//   lambda_i                  d lambda_i = v_i^T dA v_i
//   v_i, of length 1          d v_i = sum_(j != i) v_j (v_j^T dA v_i) / (lambda_i - lambda_j)
//
// Only the lower triangle of A is read, as by Eigen. Where an eigenvalue comes twice, its eigenvectors
// have no derivative: it is NaN. Of the eigenvalues the sum over equal ones is right.
//
// Cost: n^2 / 2 edges for each eigenvalue and each entry of an eigenvector.
// Source: Magnus and Neudecker 1999, Matrix Differential Calculus, 8.7 and 8.8.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <autograd/eigen/known_function.hpp>

namespace Eigen {
template <class> class SelfAdjointEigenSolver;
}

namespace autograd::detail {

// x and y are different numbers but for rounding, of a matrix of norm `scale`.
inline bool are_apart(double x, double y, double scale) {
  return std::abs(x - y) > 64 * std::numeric_limits<double>::epsilon() * scale;
}

// The entries of a symmetric matrix that are read: column by column, from the diagonal on down.
template <class T> std::vector<T> lower_entries(const MatrixX<T>& a) {
  std::vector<T> result;
  for (Eigen::Index q = 0; q < a.cols(); ++q)
    for (Eigen::Index p = q; p < a.rows(); ++p) result.push_back(a(p, q));
  return result;
}
template <class T> MatrixX<T> from_lower_entries(std::span<const T> entries, Eigen::Index n) {
  MatrixX<T> result(n, n);
  std::size_t k = 0;
  for (Eigen::Index q = 0; q < n; ++q)
    for (Eigen::Index p = q; p < n; ++p) result(p, q) = result(q, p) = entries[k++];
  return result;
}

// d(x^T dA y) by these entries.
template <class S, class X, class Y>
std::vector<S> derivatives_by_lower_entries(const X& x, const Y& y) {
  std::vector<S> result;
  for (Eigen::Index q = 0; q < x.size(); ++q) {
    result.push_back(x(q) * y(q));
    for (Eigen::Index p = q + 1; p < x.size(); ++p) result.push_back(x(p) * y(q) + x(q) * y(p));
  }
  return result;
}

template <class S> struct SymmetricRule {
  VectorX<S> values;
  MatrixX<S> vectors;

  std::vector<S> of_value(Eigen::Index i) const {
    return derivatives_by_lower_entries<S>(vectors.col(i), vectors.col(i));
  }
  // Of entry k of eigenvector i.
  std::vector<S> of_vector(Eigen::Index k, Eigen::Index i) const {
    const Eigen::Index n = values.size();
    double scale = 0;
    for (Eigen::Index j = 0; j < n; ++j)
      scale = std::fmax(scale, std::abs(plain_number(values(j))));
    VectorX<S> weight = VectorX<S>::Zero(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (j == i) continue;
      if (!are_apart(plain_number(values(i)), plain_number(values(j)), scale)) {
        weight.setConstant(S(std::numeric_limits<double>::quiet_NaN()));
        break;
      }
      weight += vectors(k, j) / (values(i) - values(j)) * vectors.col(j);
    }
    return derivatives_by_lower_entries<S>(weight, vectors.col(i));
  }
};

}  // namespace autograd::detail

// NOLINTBEGIN(readability-identifier-naming): Eigen's names
template <class M>
requires autograd::Differentiable<typename M::Scalar>
class Eigen::SelfAdjointEigenSolver<M> {
 public:
  using MatrixType = M;
  using Scalar = typename M::Scalar;
  using RealScalar = Scalar;
  using EigenvectorsType = Matrix<Scalar, M::RowsAtCompileTime, M::ColsAtCompileTime>;
  using RealVectorType = Matrix<Scalar, M::RowsAtCompileTime, 1>;
  enum { Size = M::RowsAtCompileTime, ColsAtCompileTime = M::ColsAtCompileTime };

  SelfAdjointEigenSolver() = default;
  explicit SelfAdjointEigenSolver(Index) {}
  template <class Input> explicit SelfAdjointEigenSolver(const EigenBase<Input>& matrix,
                                                         int options = ComputeEigenvectors) {
    compute(matrix, options);
  }

  template <class Input> SelfAdjointEigenSolver& compute(const EigenBase<Input>& matrix,
                                                         int options = ComputeEigenvectors) {
    return compute(M(matrix.derived()), options,
                   [](auto& solver, const auto& numbers) { solver.compute(numbers); });
  }
  // By formulas for matrices of 2 by 2 and 3 by 3, which are less accurate.
  SelfAdjointEigenSolver& computeDirect(const M& matrix, int options = ComputeEigenvectors) {
    return compute(matrix, options,
                   [](auto& solver, const auto& numbers) { solver.computeDirect(numbers); });
  }

  const RealVectorType& eigenvalues() const { return m_eivalues; }
  const EigenvectorsType& eigenvectors() const {
    eigen_assert(m_eigenvectorsOk && "The eigenvectors have not been computed.");
    return m_eivec;
  }
  M operatorSqrt() const { return function(m_eivalues.cwiseSqrt()); }
  M operatorInverseSqrt() const { return function(m_eivalues.cwiseInverse().cwiseSqrt()); }
  ComputationInfo info() const { return m_info; }

 protected:
  EigenvectorsType m_eivec;
  RealVectorType m_eivalues;
  ComputationInfo m_info = InvalidInput;
  bool m_eigenvectorsOk = false;

 private:
  template <class Values> M function(const Values& values) const {
    return eigenvectors() * values.asDiagonal() * m_eivec.transpose();
  }
  SelfAdjointEigenSolver& compute(const M& matrix, int options, const auto& decompose) {
    namespace detail = autograd::detail;
    using S = detail::DataOf<Scalar>;
    using Numbers = Matrix<S, M::RowsAtCompileTime, M::ColsAtCompileTime>;
    SelfAdjointEigenSolver<Numbers> solver;
    decompose(solver, Numbers(detail::numbers_in(matrix)));
    m_info = solver.info();
    m_eigenvectorsOk = (options & ComputeEigenvectors) == ComputeEigenvectors;

    const Index n = matrix.rows();
    const auto entries = detail::lower_entries<Scalar>(matrix);
    const std::span<const Scalar> operands(entries);
    const detail::SymmetricRule<S> rule{solver.eigenvalues(), solver.eigenvectors()};
    const auto again = [n](auto in) {
      using Values = detail::MatrixX<autograd::Value>;
      const SelfAdjointEigenSolver<Values> same(detail::from_lower_entries(in, n));
      return detail::SymmetricRule<autograd::Value>{same.eigenvalues(), same.eigenvectors()};
    };
    m_eivalues.resize(n);
    for (Index i = 0; i < n; ++i)
      m_eivalues(i) =
          detail::known_function<Scalar>("eigenvalue", operands, rule.values(i), rule.of_value(i),
                                         [again, i](auto in) { return again(in).of_value(i); });
    if (!m_eigenvectorsOk) return *this;
    m_eivec.resize(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index k = 0; k < n; ++k)
        m_eivec(k, i) = detail::known_function<Scalar>(
            "eigenvector", operands, rule.vectors(k, i), rule.of_vector(k, i),
            [again, k, i](auto in) { return again(in).of_vector(k, i); });
    return *this;
  }
};
// NOLINTEND(readability-identifier-naming)
