// Gradients of functions: plain numbers in, plain numbers out, no graph left behind.
//
// f is any callable that takes the inputs as std::span<const T> and returns a T, where T is a
// number type of the library:
//   [](auto x) { return x[0] * sin(x[1]); }                         any T: the fast way
//   [](std::span<const Value> x) { return x[0] * sin(x[1]); }      Values: recorded operation by
//   operation
// A callable for any T runs on dual numbers where there are few inputs, else on a tape that keeps
// no operations; where a derivative is infinite or NaN it is run again on Values, because only
// these can tell what does not depend on an input from what is multiplied by 0. Only x is
// differentiated: other Values in f are constants, and a NoGradGuard outside of f does nothing. f
// may itself ask for gradients, of functions that do not change its own numbers. What f has moved
// from it must not read: it is 0 for some number types and not for others. Errors: what f throws
// passes through, and leaves nothing behind.
#pragma once

#include <algorithm>
#include <autograd/derivatives.hpp>
#include <autograd/detail/dual.hpp>
#include <autograd/detail/folded.hpp>
#include <autograd/detail/inputs.hpp>
#include <autograd/value.hpp>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <vector>

namespace autograd {

// Inputs: any range of doubles, or a list in braces.
class Point : public std::span<const double> {
 public:
  Point(std::initializer_list<double> x) : span(x.begin(), x.size()) {}
  template <std::ranges::contiguous_range R>
  requires(std::same_as<std::ranges::range_value_t<R>, double>) Point(const R& x)
      : span(std::ranges::data(x), std::ranges::size(x)) {}
};

struct ValueAndGradient {
  double value;
  std::vector<double> gradient;
};

namespace detail {

template <class F, class T>
concept TakesSpanOf = std::invocable<F&, std::span<const T>>;

// Up to this many inputs are carried forward.
inline constexpr std::size_t kMostForward = 4;

template <class F> double gradient_forward(F& f, Point x, std::span<double> gradient);
template <class F> double gradient_folded(F& f, Point x, std::span<double> gradient);
template <class F> double gradient_of_values(F& f, Point x, std::span<double> gradient);

inline bool are_finite(std::span<const double> numbers) {
  bool finite = true;
  for (const double each : numbers) finite &= std::abs(each) <= std::numeric_limits<double>::max();
  return finite;
}

[[noreturn]] void wrong_size(const char* function, const char* what, const char* each,
                             std::size_t expected, std::size_t given);
// Error unless `what` of `function` has one entry for each of the `expected` inputs or outputs.
inline void require_size(const char* function, const char* what, const char* each,
                         std::size_t expected, std::size_t given) {
  if (expected != given) [[unlikely]]
    wrong_size(function, what, each, expected, given);
}

}  // namespace detail

// f(x), and df/dx_i into gradient[i].  Error if gradient is not as long as x.
template <class F> double value_and_gradient(F&& f, Point x, std::span<double> gradient) {
  detail::require_size("value_and_gradient", "the gradient", "input", x.size(), gradient.size());
  if constexpr (detail::TakesSpanOf<F, Folded>) {
    if (x.size() <= detail::kMostForward) return detail::gradient_forward(f, x, gradient);
    return detail::gradient_folded(f, x, gradient);
  } else {
    static_assert(detail::TakesSpanOf<F, Value>,
                  "f must be callable with std::span<const Value> or, better, with auto");
    return detail::gradient_of_values(f, x, gradient);
  }
}

// f(x) and all df/dx_i.
template <class F> ValueAndGradient value_and_gradient(F&& f, Point x) {
  ValueAndGradient result{0, std::vector<double>(x.size())};
  result.value = value_and_gradient(f, x, result.gradient);
  return result;
}

// All df/dx_i.
template <class F> std::vector<double> gradient(F&& f, Point x) {
  return value_and_gradient(f, x).gradient;
}

// ---- how ----

namespace detail {

// The compiler sees how many inputs there are here, and would warn of those that f reads beyond
// when it is given more.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#endif
template <std::size_t N, class F>
[[gnu::noinline]] double gradient_forward_by(F& f, const double* x, double* gradient) {
  const auto in = [&]<std::size_t... i>(std::index_sequence<i...>) {
    return std::array{Dual<N>(x[i], Tangent<N>::unit(i))...};
  }
  (std::make_index_sequence<N>{});
  const Dual<N> y = f(std::span<const Dual<N>>(in));
  if (!y.slopes().are_finite()) [[unlikely]]
    return gradient_of_values(f, Point(std::span(x, N)), std::span(gradient, N));
  for (std::size_t i = 0; i < N; ++i) gradient[i] = y.slopes()[i];
  return y.data();
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class F>
[[gnu::always_inline]] inline double gradient_forward(F& f, Point x, std::span<double> gradient) {
  switch (x.size()) {
    case 1:
      return gradient_forward_by<1>(f, x.data(), gradient.data());
    case 2:
      return gradient_forward_by<2>(f, x.data(), gradient.data());
    case 3:
      return gradient_forward_by<3>(f, x.data(), gradient.data());
    case 4:
      return gradient_forward_by<4>(f, x.data(), gradient.data());
    default:
      return gradient_folded(f, x, gradient);
  }
}

// Takes what is written on the folded tape back, however the scope is left.
class FoldedScope {
 public:
  FoldedScope() = default;
  ~FoldedScope() { folded_tape.size = size_; }
  FoldedScope(const FoldedScope&) = delete;
  FoldedScope& operator=(const FoldedScope&) = delete;

 private:
  std::uint32_t size_ = folded_tape.size;
};

inline std::vector<Folded> folded_inputs(Point x, std::uint32_t first) {
  std::vector<Folded> in;
  in.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    in.push_back(Folded::input(x[i], first + static_cast<std::uint32_t>(i)));
  }
  return in;
}

// dy/d(input) for the inputs, whose nodes begin at `first`.
inline void sweep_folded(const Folded& y, std::uint32_t first, std::span<double> gradient) {
  FoldedTape& folded = folded_tape;
  std::fill(folded.adjoint + first, folded.adjoint + folded.size, 0.0);
  if (y.node() >= first) {
    folded.adjoint[y.node()] = y.slope();
    folded.sweep(first + static_cast<std::uint32_t>(gradient.size()));
  }
  std::copy_n(folded.adjoint + first, gradient.size(), gradient.begin());
}

template <class F> double gradient_folded(F& f, Point x, std::span<double> gradient) {
  const FoldedScope scope;
  const std::uint32_t first = folded_tape.add_inputs(x.size());
  const std::vector<Folded> in = folded_inputs(x, first);
  const Folded y = f(std::span<const Folded>(in));
  sweep_folded(y, first, gradient);
  if (!are_finite(gradient)) [[unlikely]]
    return gradient_of_values(f, x, gradient);
  return y.data();
}

template <class F>
[[gnu::noinline]] double gradient_of_values(F& f, Point x, std::span<double> gradient) {
  const RecordedInputs in(x);
  const Value y = f(in.values());
  std::ranges::copy(in.gradient_of(y), gradient.begin());
  return y.data();
}

}  // namespace detail

}  // namespace autograd
