// Solutions of linear equations and logarithms of determinants, with derivatives by rules of their
// own: right wherever the matrix is regular, and with few nodes.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <Eigen/Core>
#include <Eigen/LU>

#include <autograd/eigen/known_function.hpp>
#include <autograd/error.hpp>

namespace autograd {
namespace detail {

template <class A, class B> using ScalarOf =
    std::conditional_t<Differentiable<typename A::Scalar>, typename A::Scalar, typename B::Scalar>;
template <class D> inline constexpr bool kIsVariable = Differentiable<typename D::Scalar>;

// dx_i by the entries of A, column by column, and by those of b, where these are variable:
// dx_i/dA(p,q) = -w_p x_q and dx_i/db_p = w_p, where w is row i of the inverse of A.
template <bool kOfA, bool kOfB, class S>
std::vector<S> derivatives_of_solution(const auto& w, const auto& x) {
  std::vector<S> result;
  if constexpr (kOfA) {
    for (Eigen::Index q = 0; q < x.size(); ++q)
      for (Eigen::Index p = 0; p < w.size(); ++p) result.push_back(-(w(p) * x(q)));
  }
  if constexpr (kOfB) {
    for (Eigen::Index p = 0; p < w.size(); ++p) result.push_back(w(p));
  }
  return result;
}

// Entry i of the solution of A x = b on the graph: one node, below it the entries of A and b.
template <bool kOfA, bool kOfB>
Value solution_on_graph(Eigen::Index i, std::span<const Value> operands, const VectorX<double>& x,
                        const VectorX<double>& w, const VectorX<double>& b) {
  const auto constant = [](double c) { return Value::constant(c); };
  const auto derivatives = derivatives_of_solution<kOfA, kOfB, double>(w, x);
  if constexpr (!kOfA) {
    const auto again = [w, constant](auto) {
      const VectorX<Value> row = w.unaryExpr(constant);
      return std::vector<Value>(row.begin(), row.end());
    };
    return known_function<Value>("solve", operands, x(i), derivatives, again);
  } else {
    const auto again = [i, constant, n = x.size(), b = kOfB ? VectorX<double>() : b](auto in) {
      using Values = Eigen::Map<const VectorX<Value>>;
      const Eigen::PartialPivLU<MatrixX<Value>> lu(
          Eigen::Map<const MatrixX<Value>>(in.data(), n, n));
      const VectorX<Value> right = kOfB ? VectorX<Value>(Values(in.data() + n * n, n))
                                        : VectorX<Value>(b.unaryExpr(constant));
      const VectorX<Value> unit = VectorX<double>::Unit(n, i).unaryExpr(constant);
      const VectorX<Value> row = lu.transpose().solve(unit), solution = lu.solve(right);
      return derivatives_of_solution<true, kOfB, Value>(row, solution);
    };
    return known_function<Value>("solve", operands, x(i), derivatives, again);
  }
}

// x of A x = b. lu is of the numbers in A, and inverse their inverse.
template <class T, class A, class B, class Lu, class Inverse>
VectorX<T> solve_one(const A& a, const B& b, const Lu& lu, const Inverse& inverse) {
  using S = DataOf<T>;
  constexpr bool kOfA = kIsVariable<A>, kOfB = kIsVariable<B>;
  const Eigen::Index n = a.rows();
  const auto numbers = numbers_in(b);
  const VectorX<S> x = lu.solve(VectorX<S>(numbers.template cast<S>()));
  VectorX<T> result(n);
  std::vector<T> operands;
  if constexpr (std::same_as<T, Value>) {
    if constexpr (kOfA) operands.insert(operands.end(), a.data(), a.data() + a.size());
    if constexpr (kOfB) operands.insert(operands.end(), b.data(), b.data() + b.size());
    for (Eigen::Index i = 0; i < n; ++i)
      result(i) =
          solution_on_graph<kOfA, kOfB>(i, operands, x, inverse.row(i).transpose(), numbers);
    return result;
  } else {
    // r = b - A x, by A and b alone, and then the inverse times that: n^2 derivatives, not n^3.
    std::vector<T> residuals;
    for (Eigen::Index i = 0; i < n; ++i) {
      operands.clear();
      std::vector<S> derivatives;
      if constexpr (kOfA) {
        for (Eigen::Index k = 0; k < n; ++k) {
          operands.push_back(a(i, k));
          derivatives.push_back(-x(k));
        }
      }
      if constexpr (kOfB) {
        operands.push_back(b(i));
        derivatives.push_back(1.0);
      }
      residuals.push_back(T::function(operands, 0.0, derivatives));
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      const VectorX<S> row = inverse.row(i).transpose();
      result(i) = T::function(residuals, x(i), std::span<const S>(row.data(), residuals.size()));
    }
    return result;
  }
}

[[noreturn]] inline void wrong_shape(const char* function, const std::string& what) {
  throw Error(std::string(function) + ": " + what);
}
inline std::string shape(Eigen::Index rows, Eigen::Index columns) {
  return std::to_string(rows) + " by " + std::to_string(columns);
}

}  // namespace detail

// X of A X = B. B may be a vector, and A or B a matrix of double.
//
// Gradient: dX = A^-1 (dB - dA X).
// Throws:   Error if A is not square, or B has another number of rows.  Infinite or NaN for a
//           singular matrix.
// Cost:     one LU decomposition and inverse of numbers. In generic callables 2 n^2 derivatives for
//           each column of B; of Values n nodes, each with an edge to every entry of A and to those
//           of its column of B. While a Function is traced, the operations of the decomposition.
// Source:   Giles 2008, An extended collection of matrix derivative results, 2.2.3.
template <class A, class B>
auto solve(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  using T = detail::ScalarOf<A, B>;
  using Result = Eigen::Matrix<T, A::ColsAtCompileTime, B::ColsAtCompileTime>;
  if (a.rows() != a.cols())
    detail::wrong_shape("solve",
                        "a matrix of " + detail::shape(a.rows(), a.cols()) + "; it must be square");
  if (a.rows() != b.rows())
    detail::wrong_shape("solve", "a matrix of " + detail::shape(a.rows(), a.cols()) +
                                     " and a right side of " + detail::shape(b.rows(), b.cols()));
  const detail::MatrixX<typename A::Scalar> left = a;
  const detail::MatrixX<typename B::Scalar> right = b;
  if constexpr (!Differentiable<T>) {
    return Result(left.partialPivLu().solve(right));
  } else {
    if constexpr (std::same_as<T, Value>) {
      if (detail::tape.tracing != nullptr) {
        const Eigen::PartialPivLU<detail::MatrixX<T>> lu(left.template cast<T>());
        return Result(lu.solve(detail::MatrixX<T>(right.template cast<T>())));
      }
    }
    using S = detail::DataOf<T>;
    const detail::MatrixX<S> numbers = detail::numbers_in(left).template cast<S>();
    const Eigen::PartialPivLU<detail::MatrixX<S>> lu(numbers);
    const detail::MatrixX<S> inverse = lu.inverse();
    Result result(left.rows(), right.cols());
    for (Eigen::Index k = 0; k < right.cols(); ++k) {
      const detail::VectorX<typename B::Scalar> column = right.col(k);
      result.col(k) = detail::solve_one<T>(left, column, lu, inverse);
    }
    return result;
  }
}

// log |det A|, of determinants too that are too large or small for a number.
//
// Gradient: A^-T.
// Throws:   Error if A is not square.  -infinity for a singular matrix.
// Cost:     one LU decomposition and inverse of numbers, and one node with an edge to every entry.
//           While a Function is traced, the operations of the decomposition.
// Source:   Giles 2008, 2.2.4.
template <class A> auto log_determinant(const Eigen::MatrixBase<A>& a) {
  using T = typename A::Scalar;
  if (a.rows() != a.cols())
    detail::wrong_shape("log_determinant",
                        "a matrix of " + detail::shape(a.rows(), a.cols()) + "; it must be square");
  const auto of_numbers = []<class S>(const Eigen::PartialPivLU<detail::MatrixX<S>>& lu) {
    return S(lu.matrixLU().diagonal().array().abs().log().sum());
  };
  const detail::MatrixX<T> matrix = a;
  if constexpr (!Differentiable<T>) {
    return of_numbers(matrix.partialPivLu());
  } else {
    if constexpr (std::same_as<T, Value>) {
      if (detail::tape.tracing != nullptr) return of_numbers(matrix.partialPivLu());
    }
    using S = detail::DataOf<T>;
    // By the entries of A, column by column.
    const auto derivatives = []<class U>(const Eigen::PartialPivLU<detail::MatrixX<U>>& lu) {
      const detail::MatrixX<U> transposed = lu.inverse().transpose();
      return std::vector<U>(transposed.data(), transposed.data() + transposed.size());
    };
    const auto again = [derivatives, n = matrix.rows()](auto in) {
      using Values = detail::MatrixX<Value>;
      return derivatives(Eigen::PartialPivLU<Values>(Eigen::Map<const Values>(in.data(), n, n)));
    };
    const detail::MatrixX<S> numbers = detail::numbers_in(matrix);
    const Eigen::PartialPivLU<detail::MatrixX<S>> lu(numbers);
    const std::span<const T> operands(matrix.data(), static_cast<std::size_t>(matrix.size()));
    return detail::known_function<T>("log_determinant", operands, of_numbers(lu), derivatives(lu),
                                     again);
  }
}

}  // namespace autograd
