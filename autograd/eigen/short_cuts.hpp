// Where Eigen 3.4 looks at the value of a number, takes a short cut, and would lose a derivative.
#pragma once

#include <Eigen/Core>

#include <autograd/eigen/numbers.hpp>

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
