// Gradients of functions: plain numbers in, plain numbers out, no graph left behind.
//
// f is any callable that takes the inputs as std::span<const T> and returns a T, where T is a
// number type of the library:
//
//   [](auto x) { return x[0] * sin(x[1]); }                          any T: the fast way
//   []<class T>(std::span<const T> x) { return x[0] * sin(x[1]); }   the same, with a name for T
//   [](std::span<const Value> x) { return x[0] * sin(x[1]); }        Values alone
//
// The second form is also the adapter for functors that are templates of their own, as Ceres and
// Eigen have them:
//
//   []<class T>(std::span<const T> x) { T r; Residual()(x.data(), &r); return r; }
//
// A generic callable runs on dual numbers where there are few inputs, else on a tape that keeps no
// operations. Where a derivative is infinite or NaN it runs again on Values, because only these can
// tell an input that is not used from one that is multiplied by 0. A callable of Values records its
// operations, and the graph is swept.
//
// Only x is differentiated: other Values in f are constants, and a NoGradGuard outside of f does
// nothing. f may itself ask for gradients of functions that do not change its own numbers. A number
// that f has moved from must not be read: it is 0 for some number types and not for others.
//
// At a tie of max, min, fmax and fmin each of two numbers gets half of the slope. A number that does
// not depend on the inputs is a plain one there: the other gets 0.
//
// Throws: what f throws, and leaves nothing behind. Error if another call like this one runs around
// it, and f uses a Value that depends on its inputs: the derivatives here are plain numbers, and
// theirs would be lost. derivatives() of Values are not.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <vector>

#include <autograd/derivatives.hpp>
#include <autograd/no_grad.hpp>
#include <autograd/numbers/active.hpp>
#include <autograd/numbers/dual.hpp>
#include <autograd/numbers/recorded_inputs.hpp>
#include <autograd/value.hpp>

namespace autograd {

// Inputs: any range of doubles, or a list in braces.
class Point : public std::span<const double> {
 public:
  Point(std::initializer_list<double> x) : span(x.begin(), x.size()) {}
  template <std::ranges::contiguous_range R>
  requires(std::same_as<std::ranges::range_value_t<R>, double>)
  Point(const R& x) : span(std::ranges::data(x), std::ranges::size(x)) {}
};

struct ValueAndGradient {
  double value;
  std::vector<double> gradient;
};
// Of a function of N inputs.
template <std::size_t N> struct ValueAndGradientOf {
  double value;
  std::array<double, N> gradient;
};

namespace detail {

template <class F, class T>
concept TakesSpanOf = std::invocable<F&, std::span<const T>>;

// Up to this many inputs are carried forward.
inline constexpr std::size_t kMostForward = 4;

template <class F, std::size_t... i>
auto gradient_forward(F& f, const double* x, std::index_sequence<i...>);
template <std::size_t N, class F> double forward_alone(F& f, const double* x, double* gradient);
template <class F> double gradient_on_statements(F& f, Point x, std::span<double> gradient);
template <class F> double gradient_of_values(F& f, Point x, std::span<double> gradient);

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
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    switch (x.size()) {
      case 1:
        return detail::forward_alone<1>(f, x.data(), gradient.data());
      case 2:
        return detail::forward_alone<2>(f, x.data(), gradient.data());
      case 3:
        return detail::forward_alone<3>(f, x.data(), gradient.data());
      case detail::kMostForward:
        return detail::forward_alone<detail::kMostForward>(f, x.data(), gradient.data());
      default:
        return detail::gradient_on_statements(f, x, gradient);
    }
  } else {
    static_assert(detail::TakesSpanOf<F, Value>,
                  "f must be callable with std::span<const Value> or, better, with auto");
    return detail::gradient_of_values(f, x, gradient);
  }
}

// f(x) and all df/dx_i.
template <class F> ValueAndGradient value_and_gradient(F&& f, Point x) {
  ValueAndGradient result{0, detail::zeros<double>(x.size())};
  result.value = value_and_gradient(f, x, result.gradient);
  return result;
}
// The same without asking for memory: an array in is an array out. The fastest for few inputs.
template <class F, std::size_t N>
[[gnu::always_inline]] inline ValueAndGradientOf<N> value_and_gradient(
    F&& f, const std::array<double, N>& x) {
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>> && 0 < N &&
                N <= detail::kMostForward) {
    return detail::gradient_forward(f, x.data(), std::make_index_sequence<N>());
  } else {
    ValueAndGradientOf<N> result;
    result.value = value_and_gradient(f, Point(x), std::span<double>(result.gradient));
    return result;
  }
}

// All df/dx_i.
template <class F> std::vector<double> gradient(F&& f, Point x) {
  return value_and_gradient(f, x).gradient;
}
template <class F, std::size_t N>
[[gnu::always_inline]] inline std::array<double, N> gradient(F&& f,
                                                             const std::array<double, N>& x) {
  return value_and_gradient(f, x).gradient;
}

// ---- how ----

namespace detail {

// x, which the compiler does not join with other numbers in a vector.
[[gnu::always_inline]] inline double apart(double x) {
#ifdef __x86_64__
  asm("" : "+x"(x));
#endif
  return x;
}

inline bool are_finite(std::span<const double> numbers) {
  bool finite = true;
  for (const double each : numbers) finite &= std::abs(each) <= std::numeric_limits<double>::max();
  return finite;
}

// By value, so that the numbers of who asks need not lie in memory.
template <std::size_t N, class F>
[[gnu::noinline]] ValueAndGradientOf<N> again_on_values(F& f, std::array<double, N> x) {
  ValueAndGradientOf<N> result;
  result.value = gradient_of_values(f, x, result.gradient);
  return result;
}

// The compiler sees how many inputs there are here, and would warn of those that f reads beyond
// when it is given more.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#endif
// On dual numbers. Number by number: arrays that are copied whole would lie in memory.
template <class F, std::size_t... i>
[[gnu::always_inline]] inline auto gradient_forward(F& f, const double* x,
                                                    std::index_sequence<i...>) {
  constexpr std::size_t N = sizeof...(i);
  const std::array in{Dual<N>(x[i], Tangent<N>::unit(i))...};
  const Dual<N> y = f(std::span<const Dual<N>>(in));
  const double partials[] = {apart(y.tangent()[i])...};
  // An infinity or NaN shows in this sum; an overflow of its own costs time only. Its bits are
  // looked at, as a comparison of doubles would wait among those that compute.
  const double sum = [&partials] {
    if constexpr (N == 3) {
      return partials[0] * partials[1] + partials[2];
    } else {
      return (partials[i] + ...);
    }
  }();
  constexpr std::uint64_t kInfinity = 0x7ff0000000000000;
  if (std::bit_cast<std::uint64_t>(sum) << 1 >= kInfinity << 1) [[unlikely]] {
    const auto again = again_on_values<N>(f, {apart(x[i])...});
    return ValueAndGradientOf<N>{again.value, {again.gradient[i]...}};
  }
  return ValueAndGradientOf<N>{y.data(), {partials[i]...}};
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

// A function of its own: beside one another they would keep their inputs in memory.
template <std::size_t N, class F>
[[gnu::noinline]] double forward_alone(F& f, const double* x, double* gradient) {
  const auto y = gradient_forward(f, x, std::make_index_sequence<N>());
  for (std::size_t i = 0; i < N; ++i) gradient[i] = y.gradient[i];
  return y.value;
}

// Takes what is written on the statement tape back, however the scope is left.
template <class S> class StatementScope {
 public:
  StatementScope() = default;
  ~StatementScope() { statement_tape<S>.size = size_; }
  StatementScope(const StatementScope&) = delete;
  StatementScope& operator=(const StatementScope&) = delete;

 private:
  std::uint32_t size_ = statement_tape<S>.size;
};

// What f returns for numbers x on the statement tape, whose nodes begin at `first`.
template <class F, class S>
auto run_on_statements(F& f, std::span<const S> x, std::uint32_t first) {
  std::vector<Active<S>> in = room_for<Active<S>>(x.size());
  for (const S& each : x) {
    const auto node = first + static_cast<std::uint32_t>(in.size());
    in.emplace_back(each, typename Active<S>::Input{node});
  }
  return f(std::span<const Active<S>>(in));
}

// The gradient of sum_j weight(j) y_j with respect to the inputs, whose nodes begin at `first`.
template <class S> void sweep_statements(std::span<const Active<S>> y, const auto& weight,
                                         std::uint32_t first, std::span<S> gradient) {
  StatementTape<S>& statements = statement_tape<S>;
  // Of zeros alone.
  std::memset(static_cast<void*>(statements.adjoint + first), 0,
              (statements.size - first) * sizeof(S));
  for (std::size_t j = 0; j < y.size(); ++j) {
    if (y[j].node() >= first) statements.adjoint[y[j].node()] += weight(j) * y[j].partial();
  }
  statements.sweep(first + static_cast<std::uint32_t>(gradient.size()));
  std::copy_n(statements.adjoint + first, gradient.size(), gradient.begin());
}

// f(x), for numbers that themselves carry derivatives or do not.
template <class F, class S> S gradient_over(F& f, std::span<const S> x, std::span<S> gradient) {
  const StatementScope<S> scope;
  const std::uint32_t first = statement_tape<S>.add_inputs(x.size());
  const Active<S> y = run_on_statements(f, x, first);
  sweep_statements<S>(
      std::span(&y, 1), [](std::size_t) { return 1.0; }, first, gradient);
  return y.data();
}
template <class F, class S, std::size_t N>
S gradient_over(F& f, const std::array<S, N>& x, std::array<S, N>& gradient) {
  const StatementScope<S> scope;
  const std::uint32_t first = statement_tape<S>.add_inputs(N);
  const auto in = [&]<std::uint32_t... i>(std::integer_sequence<std::uint32_t, i...>) {
    return std::array{Active<S>(x[i], typename Active<S>::Input{first + i})...};
  }(std::make_integer_sequence<std::uint32_t, N>());
  const Active<S> y = f(std::span<const Active<S>>(in));
  sweep_statements<S>(
      std::span(&y, 1), [](std::size_t) { return 1.0; }, first, std::span<S>(gradient));
  return y.data();
}

template <class F>
[[gnu::noinline]] double gradient_on_statements(F& f, Point x, std::span<double> gradient) {
  const double y = gradient_over(f, std::span<const double>(x), gradient);
  if (!are_finite(gradient)) [[unlikely]]
    return gradient_of_values(f, x, gradient);
  return y;
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
