// Numbers of the library in Eigen's matrices: products, sums, norms, decompositions and solvers, on
// their own and mixed with matrices of double.
//
//   using Matrix = Eigen::Matrix<autograd::Value, Eigen::Dynamic, Eigen::Dynamic>;
//   Matrix a = numbers.cast<autograd::Value>();  // leaves
//   Value y = (a.partialPivLu().solve(b)).norm();
//   y.backward();
//   Eigen::MatrixXd gradient = a.unaryExpr([](const Value& x) { return x.grad(); });
//
// The number types of callables with auto stand in matrices as well:
//
//   auto f = [&](auto x) {
//     using Vector = Eigen::VectorX<typename decltype(x)::value_type>;
//     const Eigen::Map<const Vector> v(x.data(), std::ssize(x));
//     return v.dot(a * v);
//   };
//   Matrix curvature = hessian(f, point);
//
// Solving equations is right where entries are exactly 0. Eigenvectors, and U and V of an SVD, are not
// where the matrix is diagonal already, or has blocks of zeros: Eigen leaves rotations out there, and
// with them their derivatives. The same holds for the solve() of an SVD: take a QR decomposition.
//
// Needs Eigen 3.3 or later on the include path, as <Eigen/Core>. Nothing else of this library does:
// include this file by name.
#pragma once

#include <cmath>
#include <concepts>
#include <type_traits>

#include <Eigen/Core>

#include <autograd/value.hpp>

namespace autograd {

bool isfinite(const Differentiable auto&... x)
requires(sizeof...(x) == 1)
{
  using std::isfinite;
  return isfinite(x.data()...);
}
bool isinf(const Differentiable auto&... x)
requires(sizeof...(x) == 1)
{
  using std::isinf;
  return isinf(x.data()...);
}
bool isnan(const Differentiable auto&... x)
requires(sizeof...(x) == 1)
{
  using std::isnan;
  return isnan(x.data()...);
}

}  // namespace autograd

template <autograd::Differentiable T> struct Eigen::NumTraits<T> : Eigen::NumTraits<double> {
  using Real = T;
  using NonInteger = T;
  using Nested = T;
  // Eigen's names.  NOLINTNEXTLINE(readability-identifier-naming)
  enum { RequireInitialization = 1, ReadCost = 1, AddCost = 8, MulCost = 8 };
};

template <autograd::Differentiable T, class Op> struct Eigen::ScalarBinaryOpTraits<T, double, Op> {
  using ReturnType = T;
};
template <autograd::Differentiable T, class Op> struct Eigen::ScalarBinaryOpTraits<double, T, Op> {
  using ReturnType = T;
};

namespace autograd::detail {

template <class Left, class Right> constexpr bool is_large_product() {
  if constexpr (std::derived_from<Left, Eigen::MatrixBase<Left>> &&
                std::derived_from<Right, Eigen::MatrixBase<Right>>) {
    constexpr bool is_inner = Left::RowsAtCompileTime == 1 && Right::ColsAtCompileTime == 1;
    constexpr bool is_outer = Left::ColsAtCompileTime == 1 || Right::RowsAtCompileTime == 1;
    constexpr bool is_recorded =
        Differentiable<typename Left::Scalar> || Differentiable<typename Right::Scalar>;
    return is_recorded && !is_inner && !is_outer;
  } else {
    return false;
  }
}

// Where Eigen would take its blocked kernels for a product with recorded numbers.
template <class Left, class Right>
concept LargeProduct = is_large_product<std::remove_cvref_t<Left>, std::remove_cvref_t<Right>>();

}  // namespace autograd::detail

// Coefficient by coefficient instead: the kernels cannot mix types, and record more operations.
template <class Left, class Right>
requires autograd::detail::LargeProduct<Left, Right>
struct Eigen::internal::product_type<Left, Right> {
  // NOLINTNEXTLINE(readability-identifier-naming)
  enum { value = CoeffBasedProductMode, ret = value };
};

// ---- where Eigen 3.4 looks at the value of a number, and would lose a derivative ----

namespace autograd::detail {

// x of T x = b for a triangular matrix T, in place. Eigen skips what belongs to an entry that is 0,
// and with it the derivative of that entry.
template <int kMode, bool kConjugate, int kOrder, class Left, class T, class Index>
void solve_triangular(Index size, const Left* matrix, Index stride, T* x) {
  using Matrix = Eigen::Matrix<Left, Eigen::Dynamic, Eigen::Dynamic, kOrder>;
  const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> a(matrix, size, size,
                                                            Eigen::OuterStride<>(stride));
  constexpr bool kIsLower = (kMode & Eigen::Lower) == Eigen::Lower;
  for (Index k = 0; k < size; ++k) {
    const Index i = kIsLower ? k : size - 1 - k;
    for (Index j = kIsLower ? 0 : i + 1; j < (kIsLower ? i : size); ++j) x[i] -= a(i, j) * x[j];
    if constexpr ((kMode & Eigen::UnitDiag) == 0) x[i] /= a(i, i);
  }
}

// The imaginary part of a number, which is 0. makeHouseholder() asks whether it is small, and takes
// a column whose tail is 0 as done if so: then the derivatives of the tail are lost. It is told that
// it is not, unless the whole column is 0.
template <class T> struct NoImaginaryPart {
  bool is_zero;
  operator T() const { return T(0.0); }
};
struct SquaredNoImaginaryPart {
  bool is_small;
  friend bool operator<=(SquaredNoImaginaryPart x, const auto&) { return x.is_small; }
};

}  // namespace autograd::detail

template <class Left, autograd::Differentiable T, class Index, int mode, bool conjugate>
struct Eigen::internal::triangular_solve_vector<Left, T, Index, Eigen::OnTheLeft, mode, conjugate,
                                                Eigen::RowMajor> {
  static void run(Index size, const Left* matrix, Index stride, T* x) {
    autograd::detail::solve_triangular<mode, conjugate, Eigen::RowMajor>(size, matrix, stride, x);
  }
};
template <class Left, autograd::Differentiable T, class Index, int mode, bool conjugate>
struct Eigen::internal::triangular_solve_vector<Left, T, Index, Eigen::OnTheLeft, mode, conjugate,
                                                Eigen::ColMajor> {
  static void run(Index size, const Left* matrix, Index stride, T* x) {
    autograd::detail::solve_triangular<mode, conjugate, Eigen::ColMajor>(size, matrix, stride, x);
  }
};

template <autograd::Differentiable T> struct Eigen::internal::imag_retval<T> {
  using type = autograd::detail::NoImaginaryPart<T>;
};
template <autograd::Differentiable T> struct Eigen::internal::imag_impl<T> {
  static autograd::detail::NoImaginaryPart<T> run(const T& x) { return {x == 0.0}; }
};
template <class T> struct Eigen::internal::abs2_retval<autograd::detail::NoImaginaryPart<T>> {
  using type = autograd::detail::SquaredNoImaginaryPart;
};
template <class T> struct Eigen::internal::abs2_impl<autograd::detail::NoImaginaryPart<T>> {
  static autograd::detail::SquaredNoImaginaryPart run(const auto& x) { return {x.is_zero}; }
};
