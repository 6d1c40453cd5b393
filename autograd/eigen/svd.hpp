// Singular value decompositions of matrices of recorded numbers, A = U diag(sigma) V^T.
//
// Eigen's own algorithms leave rotations out where a matrix is diagonal, or has blocks of zeros, and
// with them the derivatives of U, of V, and of solutions. These are the same classes for the
// library's numbers: Eigen decomposes the matrix of plain numbers, and derivatives are by the rule.
//
//   d sigma_i = u_i^T dA v_i
//   d u_i = sum_(j != i) u_j (sigma_i u_j^T dA v_i + sigma_j u_i^T dA v_j) / (sigma_i^2 - sigma_j^2)
//           + (I - U U^T) dA v_i / sigma_i,            and d v_i likewise for A^T
//   x = A^+ b:  dx = A^+ (db - dA x) + A^+ A^+^T dA^T (b - A x) + (I - A^+ A) dA^T A^+^T x
//
// The derivatives of u_i and v_i are NaN where sigma_i comes twice, and so are those of columns beyond
// the smaller side of A, which are a choice. Of the singular values the sum over equal ones is right;
// that of a singular value 0 is the slope on one side. The solution is right at all matrices of full
// rank; where the rank is lower it has no derivative by A: it is NaN.
//
// Cost: rows times columns edges for each singular value, entry of U or V, and entry of a solution.
// Source: Giles 2008, An extended collection of matrix derivative results, 3.2; Golub and Pereyra
// 1973 for the solution.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <autograd/eigen/known_function.hpp>
#include <autograd/eigen/symmetric.hpp>

namespace autograd::detail {

template <class S> MatrixX<S> not_a_number(Eigen::Index rows, Eigen::Index columns) {
  return MatrixX<S>::Constant(rows, columns, S(std::numeric_limits<double>::quiet_NaN()));
}

template <class S> struct SvdRule {
  VectorX<S> values;
  MatrixX<S> u, v;

  // By the entries of A.
  MatrixX<S> of_value(Eigen::Index i) const { return u.col(i) * v.col(i).transpose(); }
  MatrixX<S> of_u(Eigen::Index r, Eigen::Index i) const { return of_vector(u, v, r, i); }
  MatrixX<S> of_v(Eigen::Index r, Eigen::Index i) const {
    return of_vector(v, u, r, i).transpose();
  }

 private:
  // Of left(r, i), by the entries of the matrix that takes right to left.
  MatrixX<S> of_vector(const MatrixX<S>& left, const MatrixX<S>& right, Eigen::Index r,
                       Eigen::Index i) const {
    const Eigen::Index count = values.size(), rows = left.rows(), columns = right.rows();
    if (i >= count) return not_a_number<S>(rows, columns);
    const double scale = plain_number(values(0)), here = plain_number(values(i));
    VectorX<S> f = VectorX<S>::Zero(rows), g = VectorX<S>::Zero(columns);
    for (Eigen::Index j = 0; j < count; ++j) {
      if (j == i) continue;
      if (!are_apart(here, plain_number(values(j)), scale)) return not_a_number<S>(rows, columns);
      const S weight = left(r, j) / ((values(i) - values(j)) * (values(i) + values(j)));
      f += weight * values(i) * left.col(j);
      g += weight * values(j) * right.col(j);
    }
    if (rows > count) {
      if (!are_apart(here, 0, scale)) return not_a_number<S>(rows, columns);
      VectorX<S> outside = VectorX<S>::Zero(rows);
      outside(r) = 1.0;
      for (Eigen::Index j = 0; j < count; ++j) outside -= left(r, j) * left.col(j);
      f += outside / values(i);
    }
    return f * right.col(i).transpose() + left.col(i) * g.transpose();
  }
};

// Entry i of x = A^+ b, where p is the pseudo-inverse A^+ of a matrix of full rank: by the entries of
// A, and behind them by those of b if these are variable.
template <bool kOfB, class S>
std::vector<S> derivatives_of_least_squares(Eigen::Index i, const MatrixX<S>& a,
                                            const MatrixX<S>& p, const VectorX<S>& b) {
  const VectorX<S> x = p * b, residual = b - a * x, y = p.transpose() * x;
  const VectorX<S> row = p.row(i).transpose();
  const VectorX<S> of_residual = p * row;
  VectorX<S> outside = -(a.transpose() * row);
  outside(i) += 1.0;
  const MatrixX<S> of_a =
      -(row * x.transpose()) + residual * of_residual.transpose() + y * outside.transpose();
  std::vector<S> result(of_a.data(), of_a.data() + of_a.size());
  if constexpr (kOfB) result.insert(result.end(), row.begin(), row.end());
  return result;
}

// Algorithm::Of<S> is one of Eigen's classes, of matrices of S.
template <class M, class Algorithm> class Svd {
 public:
  using MatrixType = M;
  using Scalar = typename M::Scalar;
  using RealScalar = Scalar;
  // NOLINTBEGIN(readability-identifier-naming): Eigen's names
  static constexpr int RowsAtCompileTime = M::RowsAtCompileTime;
  static constexpr int ColsAtCompileTime = M::ColsAtCompileTime;
  using MatrixUType = Eigen::Matrix<Scalar, RowsAtCompileTime, RowsAtCompileTime>;
  using MatrixVType = Eigen::Matrix<Scalar, ColsAtCompileTime, ColsAtCompileTime>;
  using SingularValuesType = VectorX<Scalar>;

  Svd() = default;
  Svd(Eigen::Index, Eigen::Index, unsigned options = 0) : options_(options) {}
  explicit Svd(const M& matrix, unsigned options = 0) { compute(matrix, options); }

  Svd& compute(const M& matrix) { return compute(matrix, options_); }
  Svd& compute(const M& matrix, unsigned options) {
    options_ = options;
    a_ = matrix;
    numbers_ = numbers_in(a_);
    // Both, as derivatives need them.
    svd_.compute(numbers_,
                 (asks(Eigen::ComputeFullU) ? unsigned{Eigen::ComputeFullU} : Algorithm::kU) |
                     (asks(Eigen::ComputeFullV) ? unsigned{Eigen::ComputeFullV} : Algorithm::kV));
    has_sigma_ = has_u_ = has_v_ = false;
    return *this;
  }

  // All of these are recorded when they are first asked for.
  const SingularValuesType& singularValues() const {
    if (has_sigma_) return sigma_;
    const SvdRule<S> rule = this->rule();
    sigma_.resize(rule.values.size());
    for (Eigen::Index i = 0; i < sigma_.size(); ++i)
      sigma_(i) = function("singular value", rule.values(i), rule.of_value(i),
                           [i](const auto& same) { return same.of_value(i); });
    has_sigma_ = true;
    return sigma_;
  }
  const MatrixUType& matrixU() const {
    eigen_assert(computeU() && "U was not asked for.");
    if (has_u_) return u_;
    const SvdRule<S> rule = this->rule();
    u_.resize(rows(), asks(Eigen::ComputeFullU) ? rows() : rule.values.size());
    for (Eigen::Index i = 0; i < u_.cols(); ++i)
      for (Eigen::Index r = 0; r < rows(); ++r)
        u_(r, i) = function("singular vector", rule.u(r, i), rule.of_u(r, i),
                            [r, i](const auto& same) { return same.of_u(r, i); });
    has_u_ = true;
    return u_;
  }
  const MatrixVType& matrixV() const {
    eigen_assert(computeV() && "V was not asked for.");
    if (has_v_) return v_;
    const SvdRule<S> rule = this->rule();
    v_.resize(cols(), asks(Eigen::ComputeFullV) ? cols() : rule.values.size());
    for (Eigen::Index i = 0; i < v_.cols(); ++i)
      for (Eigen::Index r = 0; r < cols(); ++r)
        v_(r, i) = function("singular vector", rule.v(r, i), rule.of_v(r, i),
                            [r, i](const auto& same) { return same.of_v(r, i); });
    has_v_ = true;
    return v_;
  }
  bool computeU() const { return asks(Eigen::ComputeFullU) || asks(Eigen::ComputeThinU); }
  bool computeV() const { return asks(Eigen::ComputeFullV) || asks(Eigen::ComputeThinV); }
  Eigen::Index rows() const { return a_.rows(); }
  Eigen::Index cols() const { return a_.cols(); }
  Eigen::Index rank() const { return svd_.rank(); }
  Eigen::Index nonzeroSingularValues() const { return svd_.nonzeroSingularValues(); }
  RealScalar threshold() const { return plain_number(svd_.threshold()); }
  Svd& setThreshold(const auto& threshold) {
    svd_.setThreshold(threshold);
    return *this;
  }
  Eigen::ComputationInfo info() const { return svd_.info(); }
  // NOLINTEND(readability-identifier-naming)

  // The shortest x of those for which |A x - b| is least.
  template <class B> Eigen::Matrix<Scalar, ColsAtCompileTime, B::ColsAtCompileTime> solve(
      const Eigen::MatrixBase<B>& b) const {
    constexpr bool kOfB = Differentiable<typename B::Scalar>;
    const MatrixX<S> p = pseudo_inverse();
    Eigen::Matrix<Scalar, ColsAtCompileTime, B::ColsAtCompileTime> result(cols(), b.cols());
    for (Eigen::Index k = 0; k < b.cols(); ++k) {
      const VectorX<typename B::Scalar> right = b.col(k);
      const VectorX<S> numbers = numbers_in(right).template cast<S>();
      std::vector<Scalar> operands(a_.data(), a_.data() + a_.size());
      if constexpr (kOfB) operands.insert(operands.end(), right.begin(), right.end());
      for (Eigen::Index i = 0; i < cols(); ++i)
        result(i, k) = solution<kOfB>(i, operands, p, numbers);
    }
    return result;
  }

 private:
  using S = DataOf<Scalar>;

  SvdRule<S> rule() const { return {svd_.singularValues(), svd_.matrixU(), svd_.matrixV()}; }
  bool asks(unsigned option) const { return (options_ & option) != 0; }
  bool has_full_rank() const { return rank() == std::min(rows(), cols()); }

  Scalar function(const char* name, const S& value, const MatrixX<S>& derivatives,
                  auto of_rule) const {
    const auto again = [of_rule, rows = rows(), columns = cols()](auto in) {
      const typename Algorithm::template Of<Value> same(
          Eigen::Map<const MatrixX<Value>>(in.data(), rows, columns),
          Algorithm::kU | Algorithm::kV);
      const MatrixX<Value> result =
          of_rule(SvdRule<Value>{same.singularValues(), same.matrixU(), same.matrixV()});
      return std::vector<Value>(result.data(), result.data() + result.size());
    };
    return known_function<Scalar>(
        name, std::span<const Scalar>(a_.data(), static_cast<std::size_t>(a_.size())), value,
        std::vector<S>(derivatives.data(), derivatives.data() + derivatives.size()), again);
  }

  // Of a matrix of lower rank it is a constant: derivatives by A are NaN.
  MatrixX<S> pseudo_inverse() const {
    if constexpr (Differentiable<S>) {
      if (has_full_rank())
        return typename Algorithm::template Complete<S>(numbers_).pseudoInverse();
    }
    const Eigen::Index r = rank();
    return (svd_.matrixV().leftCols(r) * svd_.singularValues().head(r).cwiseInverse().asDiagonal() *
            svd_.matrixU().leftCols(r).transpose())
        .unaryExpr([](const S& x) { return S(plain_number(x)); });
  }

  template <bool kOfB> Scalar solution(Eigen::Index i, const std::vector<Scalar>& operands,
                                       const MatrixX<S>& p, const VectorX<S>& b) const {
    auto derivatives = derivatives_of_least_squares<kOfB, S>(i, numbers_, p, b);
    const S value = p.row(i).dot(b);
    if (!has_full_rank()) {
      std::fill_n(derivatives.begin(), a_.size(), S(std::numeric_limits<double>::quiet_NaN()));
      const auto again = [derivatives](auto) {
        std::vector<Value> result;
        for (const S& each : derivatives) result.push_back(Value::constant(plain_number(each)));
        return result;
      };
      return known_function<Scalar>("solve", operands, value, derivatives, again);
    }
    const auto again = [i, rows = rows(), columns = cols(),
                        plain_b = kOfB ? VectorX<S>() : b](auto in) {
      const MatrixX<Value> a = Eigen::Map<const MatrixX<Value>>(in.data(), rows, columns);
      const MatrixX<Value> q = typename Algorithm::template Complete<Value>(a).pseudoInverse();
      VectorX<Value> right;
      if constexpr (kOfB) {
        right = Eigen::Map<const VectorX<Value>>(in.data() + a.size(), rows);
      } else {
        right = plain_b.unaryExpr([](const S& x) { return Value::constant(plain_number(x)); });
      }
      return derivatives_of_least_squares<kOfB, Value>(i, a, q, right);
    };
    return known_function<Scalar>("solve", operands, value, derivatives, again);
  }

  unsigned options_ = 0;
  MatrixX<Scalar> a_;
  MatrixX<S> numbers_;
  typename Algorithm::template Of<S> svd_;
  mutable SingularValuesType sigma_;
  mutable MatrixUType u_;
  mutable MatrixVType v_;
  mutable bool has_sigma_ = false, has_u_ = false, has_v_ = false;
};

// Names of classes of which <Eigen/SVD> has the definitions.
struct WithOrthogonal {
  template <class S> using Complete = Eigen::CompleteOrthogonalDecomposition<MatrixX<S>>;
};
template <int kPreconditioner> struct ByJacobi : WithOrthogonal {
  template <class S> using Of = Eigen::JacobiSVD<MatrixX<S>, kPreconditioner>;
  static constexpr bool kIsFull = kPreconditioner == Eigen::FullPivHouseholderQRPreconditioner;
  static constexpr unsigned kU = kIsFull ? Eigen::ComputeFullU : Eigen::ComputeThinU;
  static constexpr unsigned kV = kIsFull ? Eigen::ComputeFullV : Eigen::ComputeThinV;
};
struct ByDivideAndConquer : WithOrthogonal {
  template <class S> using Of = Eigen::BDCSVD<MatrixX<S>>;
  static constexpr unsigned kU = Eigen::ComputeThinU, kV = Eigen::ComputeThinV;
};

}  // namespace autograd::detail

template <class M, int kPreconditioner>
requires autograd::Differentiable<typename M::Scalar>
class Eigen::JacobiSVD<M, kPreconditioner>
    : public autograd::detail::Svd<M, autograd::detail::ByJacobi<kPreconditioner>> {
 public:
  using autograd::detail::Svd<M, autograd::detail::ByJacobi<kPreconditioner>>::Svd;
};
template <class M>
requires autograd::Differentiable<typename M::Scalar>
class Eigen::BDCSVD<M> : public autograd::detail::Svd<M, autograd::detail::ByDivideAndConquer> {
 public:
  using autograd::detail::Svd<M, autograd::detail::ByDivideAndConquer>::Svd;
};
