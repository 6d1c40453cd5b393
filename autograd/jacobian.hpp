// Derivatives of functions with several outputs, in a direction, and weighted. Plain numbers in and
// out.
//
// f is a callable as in gradient.hpp, except that it may return several numbers: a vector, array or
// other range.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/matrix.hpp>

namespace autograd {

struct ValuesAndJacobian {
  std::vector<double> values;
  Matrix jacobian;  // (j, i): df_j/dx_i
};
// Of a function of N inputs with M outputs.
template <std::size_t M, std::size_t N> struct ValuesAndJacobianOf {
  std::array<double, M> values;
  MatrixOf<M, N> jacobian;
};

struct Jvp {
  std::vector<double> values, derivatives;
};
struct Vjp {
  std::vector<double> values, gradient;
};

namespace detail {

// One number is a range of one.
template <Differentiable T> std::vector<T> outputs(T y) {
  std::vector<T> result = room_for<T>(1);
  result.push_back(std::move(y));
  return result;
}
template <class T> std::vector<T> outputs(std::vector<T>&& y) { return std::move(y); }
template <std::ranges::range R> auto outputs(R&& y) {
  return with_memory_errors([&] {
    return std::vector<std::ranges::range_value_t<R>>(std::ranges::begin(y), std::ranges::end(y));
  });
}

template <Differentiable T> const T& output_at(const T& y, std::size_t) { return y; }
template <class R> const auto& output_at(const R& y, std::size_t j) { return y[j]; }

// How many outputs a type of result has, if it says so: a number one, an array its size.
template <class R> inline constexpr std::size_t kOutputs = Differentiable<R> ? 1 : 0;
template <Differentiable T, std::size_t M> inline constexpr std::size_t kOutputs<std::array<T, M>> =
    M;

// From what f has recorded: the Jacobian, and the gradient of sum_j weight_j output_j.
Matrix jacobian_of_values(std::span<const Value> outputs, const RecordedInputs& inputs);
std::vector<double> pull_back(std::span<const Value> outputs, const RecordedInputs& inputs,
                              Point weights);

std::vector<double> data_of(std::span<const Value> values);

// x with the derivatives in N directions: direction k of input i is directions(i)[k].
template <std::size_t N> std::vector<Dual<N>> dual_inputs(Point x, const auto& directions) {
  std::vector<Dual<N>> in = room_for<Dual<N>>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in.push_back({x[i], directions(i)});
  return in;
}
template <std::size_t N, std::size_t kInputs>
std::array<Dual<N>, kInputs> dual_inputs(const std::array<double, kInputs>& x,
                                         const auto& directions) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return std::array<Dual<N>, kInputs>{Dual<N>(x[i], directions(i))...};
  }(std::make_index_sequence<kInputs>());
}

// The directions of N inputs from the first one on.
template <std::size_t N> auto inputs_from(std::size_t first) {
  return
      [first](std::size_t i) { return i - first < N ? Tangent<N>::unit(i - first) : Tangent<N>(); };
}

// f and its derivatives in these directions.
template <std::size_t N, class F> auto run_forward(F& f, Point x, const auto& directions) {
  const std::vector<Dual<N>> in = dual_inputs<N>(x, directions);
  return outputs(f(std::span<const Dual<N>>(in)));
}

// In how many directions numbers in a vector are carried at once where there are more than
// kMostForward inputs.
inline constexpr std::size_t kWide = 8;

template <class F> ValuesAndJacobian jacobian_on_values(F& f, Point x) {
  const RecordedInputs in(x);
  const auto y = outputs(f(in.values()));
  return {data_of(y), jacobian_of_values(y, in)};
}

template <class F> ValuesAndJacobian jacobian_on_statements(F& f, Point x) {
  const StatementScope<double> scope;
  const std::uint32_t first = statement_tape<double>.add_inputs(x.size());
  const auto y = outputs(run_on_statements(f, std::span<const double>(x), first));
  ValuesAndJacobian result{room_for<double>(y.size()),
                           {y.size(), x.size(), zeros<double>(y.size() * x.size())}};
  const auto weight = [](std::size_t) { return 1.0; };
  for (std::size_t j = 0; j < y.size(); ++j) {
    result.values.push_back(y[j].data());
    sweep_statements<double>(std::span(&y[j], 1), weight, first,
                             std::span(result.jacobian.data).subspan(j * x.size(), x.size()));
  }
  return result;
}

// N inputs a run; on the statement tape if there are so few outputs that this is cheaper.
template <std::size_t N, class F> ValuesAndJacobian jacobian_forward(F& f, Point x) {
  auto y = run_forward<N>(f, x, inputs_from<N>(0));
  const std::size_t runs = (x.size() + N - 1) / N;
  if (runs > y.size() + 2) return jacobian_on_statements(f, x);
  ValuesAndJacobian result{room_for<double>(y.size()),
                           {y.size(), x.size(), zeros<double>(y.size() * x.size())}};
  for (const auto& each : y) result.values.push_back(each.data());
  for (std::size_t first = 0; first < x.size(); first += N) {
    if (first > 0) y = run_forward<N>(f, x, inputs_from<N>(first));
    require_size("jacobian", "the result of f", "output of its first call", result.values.size(),
                 y.size());
    const std::size_t count = std::min(N, x.size() - first);
    for (std::size_t j = 0; j < y.size(); ++j)
      for (std::size_t i = 0; i < count; ++i) result.jacobian(j, first + i) = y[j].tangent()[i];
  }
  return result;
}

// Up to this many inputs in an array are carried in one run.
inline constexpr std::size_t kMostInOneRun = 16;
template <std::size_t N> inline constexpr std::size_t kInRun = N == 0               ? 1
                                                               : N <= kMostInOneRun ? N
                                                                                    : kWide;

template <std::size_t M, std::size_t N, class F>
ValuesAndJacobianOf<M, N> jacobian_forward(F& f, const std::array<double, N>& x) {
  constexpr std::size_t kCount = kInRun<N>;
  ValuesAndJacobianOf<M, N> result;
  for (std::size_t first = 0; first == 0 || first < N; first += kCount) {
    const auto in = dual_inputs<kCount>(x, inputs_from<kCount>(first));
    const auto y = f(std::span<const Dual<kCount>>(in));
    for (std::size_t j = 0; j < M; ++j) {
      const Dual<kCount>& each = output_at(y, j);
      result.values[j] = each.data();
      for (std::size_t i = 0; i < kCount && first + i < N; ++i)
        result.jacobian(j, first + i) = each.tangent()[i];
    }
  }
  return result;
}

template <class F> Vjp vjp_forward(F& f, Point x, Point weights) {
  const auto y = run_forward<kMostForward>(f, x, inputs_from<kMostForward>(0));
  require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  Vjp result{room_for<double>(y.size()), zeros<double>(x.size())};
  for (std::size_t j = 0; j < y.size(); ++j) {
    result.values.push_back(y[j].data());
    for (std::size_t i = 0; i < x.size(); ++i) result.gradient[i] += weights[j] * y[j].tangent()[i];
  }
  return result;
}

template <class F> Vjp vjp_on_statements(F& f, Point x, Point weights) {
  const StatementScope<double> scope;
  const std::uint32_t first = statement_tape<double>.add_inputs(x.size());
  const auto y = outputs(run_on_statements(f, std::span<const double>(x), first));
  require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  Vjp result{room_for<double>(y.size()), zeros<double>(x.size())};
  for (const Active<double>& each : y) result.values.push_back(each.data());
  sweep_statements<double>(
      y, [weights](std::size_t j) { return weights[j]; }, first, result.gradient);
  return result;
}

}  // namespace detail

// All f_j(x) and df_j/dx_i.
// Cost: for a generic f, the cheaper of one run for every four or eight inputs and one sweep for
// every output; else one recording and the fewer of one sweep for every input or output.
template <class F> ValuesAndJacobian values_and_jacobian(F&& f, Point x) {
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    ValuesAndJacobian result = x.size() <= detail::kMostForward
                                   ? detail::jacobian_forward<detail::kMostForward>(f, x)
                                   : detail::jacobian_forward<detail::kWide>(f, x);
    if (detail::are_finite(result.jacobian.data)) return result;
  }
  return detail::jacobian_on_values(f, x);
}
// The same without asking for memory, for a generic f that returns a std::array or one number: an
// array in is an array out.
template <class F, std::size_t N>
requires detail::TakesSpanOf<F, detail::Active<double>>
auto values_and_jacobian(F&& f, const std::array<double, N>& x) {
  using T = detail::Dual<detail::kInRun<N>>;
  constexpr std::size_t M = detail::kOutputs<std::invoke_result_t<F&, std::span<const T>>>;
  if constexpr (M == 0) {
    return values_and_jacobian(f, Point(x));
  } else {
    auto result = detail::jacobian_forward<M>(f, x);
    if (!detail::are_finite(result.jacobian.data)) [[unlikely]] {
      const ValuesAndJacobian again = detail::jacobian_on_values(f, x);
      std::ranges::copy(again.values, result.values.begin());
      std::ranges::copy(again.jacobian.data, result.jacobian.data.begin());
    }
    return result;
  }
}

// All df_j/dx_i: row j is the gradient of f_j.
template <class F> Matrix jacobian(F&& f, Point x) { return values_and_jacobian(f, x).jacobian; }
template <class F, std::size_t N>
requires detail::TakesSpanOf<F, detail::Active<double>>
auto jacobian(F&& f, const std::array<double, N>& x) {
  return values_and_jacobian(f, x).jacobian;
}

// All f_j(x), and d/dt f_j(x + t direction) at t = 0.
// Throws: Error if the direction is not as long as x.
// Cost: about twice that of f for a generic f.
template <class F> Jvp jvp(F&& f, Point x, Point direction) {
  detail::require_size("jvp", "the direction", "input", x.size(), direction.size());
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    Jvp result;
    const auto along = [direction](std::size_t i) {
      return direction[i] * detail::Tangent<1>::unit(0);
    };
    const auto outputs = detail::run_forward<1>(f, x, along);
    result = {detail::room_for<double>(outputs.size()), detail::room_for<double>(outputs.size())};
    for (const detail::Dual<1>& y : outputs) {
      result.values.push_back(y.data());
      result.derivatives.push_back(y.tangent()[0]);
    }
    if (detail::are_finite(result.derivatives)) return result;
  }
  const detail::RecordedInputs in(x);
  const auto y = detail::outputs(f(in.values()));
  return {detail::data_of(y), in.tangents_of(y, direction)};
}

// All f_j(x), and the gradient of sum_j weight_j f_j.
// Throws: Error if there is not a weight for each output.
// Cost: that of one gradient.
template <class F> Vjp vjp(F&& f, Point x, Point weights) {
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    Vjp result = x.size() <= detail::kMostForward ? detail::vjp_forward(f, x, weights)
                                                  : detail::vjp_on_statements(f, x, weights);
    if (detail::are_finite(result.gradient)) return result;
  }
  const detail::RecordedInputs in(x);
  const auto y = detail::outputs(f(in.values()));
  detail::require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  return {detail::data_of(y), detail::pull_back(y, in, weights)};
}

}  // namespace autograd
