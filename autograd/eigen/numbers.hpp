// The library's numbers as scalars of Eigen.
#pragma once

#include <concepts>
#include <type_traits>

#include <Eigen/Core>

#include <autograd/cmath.hpp>
#include <autograd/value.hpp>

// Eigen 5 has other short cuts, in Householder's reflections, than those that are cured here.
#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
#error "autograd/eigen.hpp is for Eigen 3.4"
#endif

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
