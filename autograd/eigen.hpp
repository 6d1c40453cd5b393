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
