// Functions of many operands: one node with an edge to each of them, and a rule that is stable as a
// whole.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <new>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

// A vector, array, span or the like of numbers.
template <class R>
concept NumberRange = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                      Number<std::ranges::range_value_t<R>>;

namespace detail {

template <NumberRange R> auto span_of(const R& x) {
  return std::span<const std::ranges::range_value_t<R>>(std::ranges::data(x), std::ranges::size(x));
}

// Throws: Error if a function that needs at least one operand got none.
void require_operands(std::string_view function, std::size_t count);
void require_same_size(std::string_view function, std::size_t x, std::size_t y);

// plus + x_1 y_1 + ... as one node, without `plus` if that is null.
Value record_dot(const Value* plus, std::span<const Value> x, std::span<const Value> y);
Value record_dot(const Value* plus, std::span<const Value> x, std::span<const double> y);
inline Value record_dot(const Value* plus, std::span<const double> x, std::span<const Value> y) {
  return record_dot(plus, y, x);
}

}  // namespace detail

// x_1 + ... + x_n; 0 of nothing.
template <NumberRange R> auto sum(const R& x, detail::Nothing auto...) {
  using T = std::ranges::range_value_t<R>;
  const auto operands = detail::span_of(x);
  return operands.empty() ? T(0.0) : detail::apply_range<ops::Sum>(operands, 0);
}

// (x_1 + ... + x_n) / n.
// Throws: Error for n = 0.
template <NumberRange R> auto mean(const R& x, detail::Nothing auto...) {
  const auto operands = detail::span_of(x);
  detail::require_operands("mean", operands.size());
  return detail::apply_range<ops::Mean>(operands, 0);
}

// sqrt(x_1^2 + ... + x_n^2); 0 of nothing.
// Gradient: 0 where all are 0.
template <NumberRange R> auto norm(const R& x, detail::Nothing auto...) {
  using T = std::ranges::range_value_t<R>;
  const auto operands = detail::span_of(x);
  return operands.empty() ? T(0.0) : detail::apply_range<ops::Norm>(operands, 0);
}

// log(e^x_1 + ... + e^x_n).
// Throws: Error for n = 0.
template <NumberRange R> auto logsumexp(const R& x, detail::Nothing auto...) {
  const auto operands = detail::span_of(x);
  detail::require_operands("logsumexp", operands.size());
  return detail::apply_range<ops::LogSumExp>(operands, 0);
}

// e^x_k / (e^x_1 + ... + e^x_n) for every k.
// Throws: Error for n = 0.
// Cost: n nodes of n edges each; 3 n exponentials.
template <NumberRange R> auto softmax(const R& x, detail::Nothing auto...) {
  using T = std::ranges::range_value_t<R>;
  const auto operands = detail::span_of(x);
  detail::require_operands("softmax", operands.size());
  return detail::with_memory_errors([&] {
    std::vector<T> result;
    result.reserve(operands.size());
    if constexpr (requires { T::record_softmax(operands, result); }) {
      T::record_softmax(operands, result);
    } else if constexpr (std::same_as<T, double>) {
      result.resize(operands.size());
      ops::Softmax::values(operands, std::span(result));
    } else {
      for (std::size_t k = 0; k < operands.size(); ++k)
        result.push_back(detail::apply_range<ops::Softmax>(operands, k));
    }
    return result;
  });
}

// x_1 y_1 + ... + x_n y_n; 0 of nothing. Either side may be plain numbers.
// Throws: Error if the sizes differ.
// Cost: one node; two edges a term, one if a side is plain numbers.
template <NumberRange X, NumberRange Y> auto dot(const X& x, const Y& y, detail::Nothing auto...) {
  const auto a = detail::span_of(x);
  const auto b = detail::span_of(y);
  detail::require_same_size("dot", a.size(), b.size());
  using A = std::ranges::range_value_t<X>;
  using B = std::ranges::range_value_t<Y>;
  if constexpr (std::same_as<A, Value> || std::same_as<B, Value>) {
    return detail::record_dot(nullptr, a, b);
  } else if constexpr (requires { A::record_dot(a, b); }) {
    return a.empty() ? A(0.0) : A::record_dot(a, b);
  } else {
    std::common_type_t<A, B> result = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) result += a[i] * b[i];
    return result;
  }
}

// x_1 y_1 + ... + x_n y_n + plus, the net input of a neuron, as one node.
template <NumberRange X, NumberRange Y, std::convertible_to<Value> Plus>
Value dot(const X& x, const Y& y, const Plus& plus, detail::Nothing auto...) {
  detail::require_same_size("dot", std::ranges::size(x), std::ranges::size(y));
  const Value& bias = plus;
  return detail::record_dot(&bias, detail::span_of(x), detail::span_of(y));
}

template <Number T> auto sum(std::initializer_list<T> x) { return sum(std::span(x)); }
template <Number T> auto mean(std::initializer_list<T> x) { return mean(std::span(x)); }
template <Number T> auto norm(std::initializer_list<T> x) { return norm(std::span(x)); }
template <Number T> auto logsumexp(std::initializer_list<T> x) { return logsumexp(std::span(x)); }
template <Number T> auto softmax(std::initializer_list<T> x) { return softmax(std::span(x)); }

// ---- how Values record them ----

template <class Op> Value Value::record_range(std::span<const Value> x, std::size_t k) try {
  std::vector<double> in(x.size()), partials(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data();
  const double result = Op::value(std::span<const double>(in), k);
  Op::partials(std::span<const double>(in), k, result, std::span<double>(partials));
  // Which output of softmax it is stands before the operands, as a plain number.
  constexpr bool has_outputs = std::same_as<Op, ops::Softmax>;
  const std::size_t count = x.size() + (has_outputs ? 1 : 0);
  detail::Edge* edge = detail::tape.room_for(count);
  if (has_outputs) *edge++ = {static_cast<double>(k), detail::kNumber};
  for (std::size_t i = 0; i < x.size(); ++i) *edge++ = {partials[i], x[i].id()};
  return adopt(detail::tape.push_many(detail::code<Op>, result, count));
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
