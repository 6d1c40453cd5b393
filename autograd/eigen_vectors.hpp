// Derivatives of functions of Eigen's vectors: vectors and matrices of Eigen in and out.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <autograd/eigen/numbers.hpp>
#include <autograd/gradient.hpp>
#include <autograd/hessian.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/matrix.hpp>
#include <autograd/strict.hpp>

namespace autograd {
namespace detail {

template <class X>
concept EigenNumbers = std::same_as<typename X::Scalar, double> && requires(const X& x) {
  typename X::PlainObject;
  x.derived().eval();
};
template <class X>
concept EigenVector = EigenNumbers<X> && bool(X::IsVectorAtCompileTime);

// A vector or matrix as X is one, of numbers of type T.
template <class X, class T> struct Rebound;
template <template <class, int, int, int, int, int> class M, class S, int kRows, int kColumns,
          int kOptions, int kMostRows, int kMostColumns, class T>
struct Rebound<M<S, kRows, kColumns, kOptions, kMostRows, kMostColumns>, T> {
  using type = M<T, kRows, kColumns, kOptions, kMostRows, kMostColumns>;
};
template <class X, class T> using MapLike =
    Eigen::Map<const typename Rebound<typename X::PlainObject, T>::type>;

// The numbers of x, in an array if their count is known to the compiler: the calls for arrays ask
// for no memory.
template <class X> auto numbers_of(const X& x) {
  if constexpr (X::SizeAtCompileTime != Eigen::Dynamic) {
    std::array<double, static_cast<std::size_t>(X::SizeAtCompileTime)> result;
    Eigen::Map<typename X::PlainObject>(result.data(), x.rows(), x.cols()) = x;
    return result;
  } else {
    std::vector<double> result(static_cast<std::size_t>(x.size()));
    Eigen::Map<typename X::PlainObject>(result.data(), x.rows(), x.cols()) = x;
    return result;
  }
}

// What f returns; an expression of Eigen, which may refer to numbers that end with f, as its result.
template <class Y> auto evaluated(Y&& y) {
  if constexpr (requires { typename std::remove_cvref_t<Y>::PlainObject; }) {
    return typename std::remove_cvref_t<Y>::PlainObject(std::forward<Y>(y));
  } else {
    return std::remove_cvref_t<Y>(std::forward<Y>(y));
  }
}

// Whether f takes such a vector or a span. The second is asked only where the first is false: the
// body of a generic f need not be right for a span.
template <class F, class X, class T> constexpr bool takes_numbers() {
  if constexpr (std::invocable<F&, MapLike<X, T>>) {
    return true;
  } else {
    return std::invocable<F&, std::span<const T>>;
  }
}

// f, which takes a vector as X is one, or a span, as a function of a span.
template <class X, class F> auto of_span(F& f, const X& x) {
  return [&f, rows = x.rows(), columns = x.cols() ]<class T>(std::span<const T> in)
  requires(takes_numbers<F, X, T>())
  {
    if constexpr (std::invocable<F&, MapLike<X, T>>) {
      return evaluated(f(MapLike<X, T>(in.data(), rows, columns)));
    } else {
      return evaluated(f(in));
    }
  };
}

// Plain numbers as a vector or matrix as X is one.
template <class X> typename X::PlainObject shaped(const X& x, const auto& numbers) {
  return Eigen::Map<const typename X::PlainObject>(numbers.data(), x.rows(), x.cols());
}
template <int kRows, int kColumns> Eigen::Matrix<double, kRows, kColumns> matrix_of(const auto& m) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(m.data.data(), static_cast<Eigen::Index>(m.rows),
                                    static_cast<Eigen::Index>(m.columns));
}
inline Eigen::VectorXd vector_of(const auto& numbers) {
  return Eigen::Map<const Eigen::VectorXd>(numbers.data(), std::ssize(numbers));
}

template <class... S>
concept PerhapsStrict = sizeof...(S) <= 1 && (std::same_as<S, StrictDerivatives> && ...);

}  // namespace detail

template <class Gradient> struct ValueAndGradientLike {
  double value;
  Gradient gradient;
};
template <int kInputs> struct EigenValuesAndJacobian {
  Eigen::VectorXd values;
  Eigen::Matrix<double, Eigen::Dynamic, kInputs> jacobian;
};

// The calls of gradient.hpp, jacobian.hpp and hessian.hpp at a point that is a vector of Eigen. f
// takes a vector of the same kind, of any number type, or a span:
//
//   gradient([](const auto& x) { return x.dot(a * x); }, x)
//
// and may return a vector of Eigen where it may return several numbers. With `strict` behind,
// derivatives are right or NaN. gradient() and value_and_gradient() take matrices too, and give the
// derivatives by the entries in the same place.
template <class F, detail::EigenNumbers X, class... Strict>
requires detail::PerhapsStrict<Strict...>
auto value_and_gradient(F&& f, const X& x, Strict... s) {
  const auto y = value_and_gradient(detail::of_span(f, x), detail::numbers_of(x), s...);
  return ValueAndGradientLike<typename X::PlainObject>{y.value, detail::shaped(x, y.gradient)};
}
// f(x), with the gradient into a vector of yours, as optimizers ask for it.
template <class F, detail::EigenNumbers X, class Gradient>
requires detail::EigenNumbers<std::remove_cvref_t<Gradient>>
double value_and_gradient(F&& f, const X& x, Gradient&& gradient) {
  const auto y = value_and_gradient(detail::of_span(f, x), detail::numbers_of(x));
  gradient = detail::shaped(x, y.gradient);
  return y.value;
}
template <class F, detail::EigenNumbers X, class... Strict>
requires detail::PerhapsStrict<Strict...>
typename X::PlainObject gradient(F&& f, const X& x, Strict... s) {
  return value_and_gradient(f, x, s...).gradient;
}

// (j, i): df_j/dx_i.
template <class F, detail::EigenVector X, class... Strict>
requires detail::PerhapsStrict<Strict...>
auto values_and_jacobian(F&& f, const X& x, Strict... s) {
  const auto y = values_and_jacobian(detail::of_span(f, x), detail::numbers_of(x), s...);
  return EigenValuesAndJacobian<X::SizeAtCompileTime>{
      detail::vector_of(y.values),
      detail::matrix_of<Eigen::Dynamic, X::SizeAtCompileTime>(y.jacobian)};
}
template <class F, detail::EigenVector X, class... Strict>
requires detail::PerhapsStrict<Strict...>
auto jacobian(F&& f, const X& x, Strict... s) {
  return values_and_jacobian(f, x, s...).jacobian;
}
template <class F, detail::EigenVector X, class... Strict>
requires detail::PerhapsStrict<Strict...>
auto hessian(F&& f, const X& x, Strict... s) {
  return detail::matrix_of<X::SizeAtCompileTime, X::SizeAtCompileTime>(
      hessian(detail::of_span(f, x), detail::numbers_of(x), s...));
}
template <class F, detail::EigenVector X, detail::EigenVector V, class... Strict>
requires detail::PerhapsStrict<Strict...>
typename X::PlainObject hessian_vector_product(F&& f, const X& x, const V& v, Strict... s) {
  return detail::shaped(x, hessian_vector_product(detail::of_span(f, x), detail::numbers_of(x),
                                                  detail::numbers_of(v), s...));
}

// A matrix of derivatives as one of Eigen, without a copy: m.data stays where it is.
inline auto as_eigen(Matrix& m) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<RowMajor>(m.data.data(), static_cast<Eigen::Index>(m.rows),
                              static_cast<Eigen::Index>(m.columns));
}
inline auto as_eigen(const Matrix& m) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(m.data.data(), static_cast<Eigen::Index>(m.rows),
                                    static_cast<Eigen::Index>(m.columns));
}
void as_eigen(const Matrix&& m) = delete;  // it would end before the map

}  // namespace autograd
