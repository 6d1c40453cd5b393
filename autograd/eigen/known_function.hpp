// Results of linear algebra as functions of the entries of a matrix, each one node, with derivatives
// by a rule of its own instead of those of the algorithm.
#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <autograd/custom.hpp>
#include <autograd/eigen/numbers.hpp>

namespace autograd::detail {

template <class T> using VectorX = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <class T> using MatrixX = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

// What a number type computes with: double, or a number type again for derivatives of derivatives.
template <class T> struct NumbersOf {
  using type = double;
};
template <class T>
requires requires { typename T::Data; }
struct NumbersOf<T> {
  using type = typename T::Data;
};
template <class T> using DataOf = typename NumbersOf<T>::type;

template <class D> auto numbers_in(const Eigen::MatrixBase<D>& m) {
  using T = typename D::Scalar;
  if constexpr (Differentiable<T>) {
    return m.unaryExpr([](const T& x) { return DataOf<T>(x.data()); }).eval();
  } else {
    return m.eval();
  }
}

// The plain number in x, of any number type.
template <class T> double plain_number(const T& x) {
  if constexpr (Differentiable<T>) {
    return plain_number(x.data());
  } else {
    return x;
  }
}

// The function `name` of x with this value and these derivatives. `again` gives the derivatives from
// x as Values: of a node it is asked for by derivatives().
// Throws: Error while a Function is traced, as a row with other numbers would need the rule.
template <class T, class Again>
T known_function(const char* name, std::span<const T> x, const DataOf<T>& value,
                 const std::vector<DataOf<T>>& derivatives, Again again) {
  if constexpr (std::same_as<T, Value>) {
    if (tape.tracing != nullptr) cannot_trace(name);
    auto rule = with_memory_errors([&] {
      return std::make_shared<const CustomRule>(CustomRule{name, std::move(again), false});
    });
    return record_custom(std::move(rule), x, value, derivatives);
  } else {
    return T::function(x, value, derivatives);
  }
}

}  // namespace autograd::detail
