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

template <class A, class B> auto dot_of(std::span<const A> x, std::span<const B> y) {
  require_same_size("dot", x.size(), y.size());
  if constexpr (std::same_as<A, Value> || std::same_as<B, Value>) {
    return record_dot(nullptr, x, y);
  } else if constexpr (requires { A::record_dot(x, y); }) {
    return x.empty() ? A(0.0) : A::record_dot(x, y);
  } else {
    std::common_type_t<A, B> result = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) result += x[i] * y[i];
    return result;
  }
}
template <class X, class Y> Value dot_plus(const X& x, const Y& y, const Value& plus) {
  require_same_size("dot", std::ranges::size(x), std::ranges::size(y));
  return record_dot(&plus, span_of(x), span_of(y));
}
template <class... X> inline constexpr bool kIsDotPlus = false;
template <NumberRange X, NumberRange Y, std::convertible_to<Value> Plus>
inline constexpr bool kIsDotPlus<X, Y, Plus> = true;
template <class... X>
concept DotPlus = kIsDotPlus<X...>;

}  // namespace detail

// x_1 + ... + x_n; 0 of nothing.
template <NumberRange... R>
requires(sizeof...(R) == 1)
auto sum(const R&... x) {
  const auto operands = detail::span_of(x...);
  using T = typename decltype(operands)::value_type;
  return operands.empty() ? T(0.0) : detail::apply_range<ops::Sum>(operands, 0);
}

// (x_1 + ... + x_n) / n.
// Throws: Error for n = 0.
template <NumberRange... R>
requires(sizeof...(R) == 1)
auto mean(const R&... x) {
  const auto operands = detail::span_of(x...);
  detail::require_operands("mean", operands.size());
  return detail::apply_range<ops::Mean>(operands, 0);
}

// sqrt(x_1^2 + ... + x_n^2); 0 of nothing.
// Gradient: 0 where all are 0.
template <NumberRange... R>
requires(sizeof...(R) == 1)
auto norm(const R&... x) {
  const auto operands = detail::span_of(x...);
  using T = typename decltype(operands)::value_type;
  return operands.empty() ? T(0.0) : detail::apply_range<ops::Norm>(operands, 0);
}

// log(e^x_1 + ... + e^x_n).
// Throws: Error for n = 0.
template <NumberRange... R>
requires(sizeof...(R) == 1)
auto logsumexp(const R&... x) {
  const auto operands = detail::span_of(x...);
  detail::require_operands("logsumexp", operands.size());
  return detail::apply_range<ops::LogSumExp>(operands, 0);
}

// e^x_k / (e^x_1 + ... + e^x_n) for every k.
// Throws: Error for n = 0.
// Cost: n nodes of n edges each; 3 n exponentials.
template <NumberRange... R>
requires(sizeof...(R) == 1)
auto softmax(const R&... x) {
  const auto operands = detail::span_of(x...);
  using T = typename decltype(operands)::value_type;
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

// dot(x, y): x_1 y_1 + ... + x_n y_n; 0 of nothing. Either side may be plain numbers.
// Throws: Error if the sizes differ.
// Cost: one node; two edges a term, one if a side is plain numbers.
template <NumberRange... R>
requires(sizeof...(R) == 2)
auto dot(const R&... x_and_y) {
  return detail::dot_of(detail::span_of(x_and_y)...);
}

// dot(x, y, plus): x_1 y_1 + ... + x_n y_n + plus, the net input of a neuron, as one node.
template <class... X>
requires detail::DotPlus<X...>
Value dot(const X&... x_y_plus) {
  return detail::dot_plus(x_y_plus...);
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
