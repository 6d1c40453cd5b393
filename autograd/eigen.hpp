// Values in Eigen's matrices: products, sums, norms, decompositions and solvers, on their own and
// mixed with matrices of double.
//
//   using Matrix = Eigen::Matrix<autograd::Value, Eigen::Dynamic, Eigen::Dynamic>;
//   Matrix a = numbers.cast<autograd::Value>();  // leaves
//   Value y = (a.partialPivLu().solve(b)).norm();
//   y.backward();
//   Eigen::MatrixXd slopes = a.unaryExpr([](const Value& x) { return x.grad(); });
//
// Needs Eigen 3.3 or later on the include path, as <Eigen/Core>. Nothing else of this library does:
// include this file by name.
#pragma once

#include <Eigen/Core>
#include <autograd/value.hpp>
#include <cmath>
#include <concepts>
#include <type_traits>

namespace autograd {

inline bool isfinite(const Value& x) { return std::isfinite(x.data()); }
inline bool isinf(const Value& x) { return std::isinf(x.data()); }
inline bool isnan(const Value& x) { return std::isnan(x.data()); }

}  // namespace autograd

template <> struct Eigen::NumTraits<autograd::Value> : Eigen::NumTraits<double> {
  using Real = autograd::Value;
  using NonInteger = autograd::Value;
  using Nested = autograd::Value;
  // Eigen's names.  NOLINTNEXTLINE(readability-identifier-naming)
  enum { RequireInitialization = 1, ReadCost = 1, AddCost = 8, MulCost = 8 };
};

template <class Op> struct Eigen::ScalarBinaryOpTraits<autograd::Value, double, Op> {
  using ReturnType = autograd::Value;
};
template <class Op> struct Eigen::ScalarBinaryOpTraits<double, autograd::Value, Op> {
  using ReturnType = autograd::Value;
};

namespace autograd::detail {

template <class Left, class Right> constexpr bool is_large_product() {
  if constexpr (std::derived_from<Left, Eigen::MatrixBase<Left>> &&
                std::derived_from<Right, Eigen::MatrixBase<Right>>) {
    constexpr bool is_inner = Left::RowsAtCompileTime == 1 && Right::ColsAtCompileTime == 1;
    constexpr bool is_outer = Left::ColsAtCompileTime == 1 || Right::RowsAtCompileTime == 1;
    constexpr bool left = std::same_as<typename Left::Scalar, Value>;
    constexpr bool right = std::same_as<typename Right::Scalar, Value>;
    return (left || right) && !is_inner && !is_outer;
  } else {
    return false;
  }
}

// Where Eigen would take its blocked kernels for a product with Values.
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
