// Second derivatives of functions with one output. Plain numbers in and out.
//
// f is a callable as in gradient.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/jacobian.hpp>
#include <autograd/matrix.hpp>

namespace autograd {

namespace detail {

// From what f has recorded: the Hessian of y, and that times v.
Matrix hessian_of_values(const Value& y, const RecordedInputs& inputs);
std::vector<double> hessian_vector_of_values(const Value& y, const RecordedInputs& inputs, Point v);

// As in gradient.hpp: the compiler sees how many inputs there are, and would warn of more.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#endif

// The gradient of up to kMostForward inputs and its derivatives in N directions, forward over
// forward. kInputs is how many there may be.
template <std::size_t kInputs, std::size_t N, class F>
void gradient_along(F& f, std::span<const Dual<N>> x, std::span<Dual<N>> gradient) {
  using Second = Dual<kInputs, Dual<N>>;
  std::array<Second, kInputs> in;
  for (std::size_t i = 0; i < x.size(); ++i)
    in[i] = Second(x[i], Tangent<kInputs, Dual<N>>::unit(i));
  const Second y = f(std::span<const Second>(in.data(), x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = y.tangent()[i];
}

// The same for any number of inputs: forward over forward for few, over backward for many. f is
// compiled for that one only. An array of kMostForward, or a vector.
template <std::size_t N, bool kIsFew, class F>
auto gradient_along(F& f, Point x, const auto& directions) {
  if constexpr (kIsFew) {
    std::array<Dual<N>, kMostForward> in, gradient;
    for (std::size_t i = 0; i < x.size(); ++i) in[i] = {x[i], directions(i)};
    gradient_along<kMostForward, N>(f, std::span<const Dual<N>>(in.data(), x.size()),
                                    std::span<Dual<N>>(gradient.data(), x.size()));
    return gradient;
  } else {
    const std::vector<Dual<N>> in = dual_inputs<N>(x, directions);
    std::vector<Dual<N>> gradient = zeros<Dual<N>>(x.size());
    gradient_over(f, std::span<const Dual<N>>(in), std::span(gradient));
    return gradient;
  }
}

// N columns a run.
template <std::size_t N, class F> Matrix hessian_forward(F& f, Point x) {
  Matrix result{x.size(), x.size(), zeros<double>(x.size() * x.size())};
  for (std::size_t first = 0; first < x.size(); first += N) {
    const auto gradient = gradient_along<N, false>(f, x, inputs_from<N>(first));
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t k = first; k < std::min(first + N, x.size()); ++k)
        result(i, k) = gradient[i].tangent()[k - first];
  }
  return result;
}

template <std::size_t kInputs, class F>
MatrixOf<kInputs, kInputs> hessian_forward(F& f, const std::array<double, kInputs>& x) {
  constexpr bool kIsFew = kInputs <= kMostForward;
  constexpr std::size_t N = kInputs == 0 ? 1 : kIsFew ? kInputs : kWide;
  MatrixOf<kInputs, kInputs> result;
  for (std::size_t first = 0; first < kInputs; first += N) {
    const auto in = dual_inputs<N>(x, inputs_from<N>(first));
    std::array<Dual<N>, kInputs> gradient;
    if constexpr (kIsFew) {
      gradient_along<N, N>(f, std::span<const Dual<N>>(in), std::span<Dual<N>>(gradient));
    } else {
      gradient_over(f, in, gradient);
    }
    for (std::size_t i = 0; i < kInputs; ++i)
      for (std::size_t k = 0; k < N && first + k < kInputs; ++k)
        result(i, first + k) = gradient[i].tangent()[k];
  }
  return result;
}

// A function of its own: beside one another they would keep their inputs in memory.
template <std::size_t kInputs, class F>
[[gnu::noinline]] Matrix hessian_of_few(F& f, const double* x) {
  std::array<double, kInputs> in;
  std::copy_n(x, kInputs, in.begin());
  return hessian_forward(f, in);
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class F> Matrix hessian_without_graph(F& f, Point x) {
  switch (x.size()) {
    case 1:
      return hessian_of_few<1>(f, x.data());
    case 2:
      return hessian_of_few<2>(f, x.data());
    case 3:
      return hessian_of_few<3>(f, x.data());
    case kMostForward:
      return hessian_of_few<kMostForward>(f, x.data());
    default:
      return hessian_forward<kWide>(f, x);
  }
}

}  // namespace detail

// All d2f/dx_i dx_j of a function with one output.
// Cost: for a generic f, a few gradients for up to four inputs and for every eight of more; else the
// gradient as a graph, and a sweep over it for every eight inputs, for each of fewer than sixteen.
template <class F> Matrix hessian(F&& f, Point x) {
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    Matrix result = detail::hessian_without_graph(f, x);
    if (detail::are_finite(result.data)) return result;
  }
  const detail::RecordedInputs in(x);
  return detail::hessian_of_values(f(in.values()), in);
}
// The same without asking for memory beyond the tape: an array in is an array out.
template <class F, std::size_t N>
requires detail::TakesSpanOf<F, detail::Active<double>>
MatrixOf<N, N> hessian(F&& f, const std::array<double, N>& x) {
  MatrixOf<N, N> result = detail::hessian_forward(f, x);
  if (!detail::are_finite(result.data)) [[unlikely]] {
    const detail::RecordedInputs in(x);
    std::ranges::copy(detail::hessian_of_values(f(in.values()), in).data, result.data.begin());
  }
  return result;
}

// The Hessian times v, without the Hessian.
// Throws: Error if v is not as long as x.
// Cost: for a generic f, a few gradients; else the gradient as a graph, and one sweep over it.
template <class F> std::vector<double> hessian_vector_product(F&& f, Point x, Point v) {
  detail::require_size("hessian_vector_product", "the vector", "input", x.size(), v.size());
  if constexpr (detail::TakesSpanOf<F, detail::Active<double>>) {
    const auto along = [v](std::size_t i) { return v[i] * detail::Tangent<1>::unit(0); };
    std::vector<double> result = detail::room_for<double>(x.size());
    const auto add = [&](const auto& gradient) {
      for (std::size_t i = 0; i < x.size(); ++i) result.push_back(gradient[i].tangent()[0]);
    };
    if (x.size() <= detail::kMostForward) {
      add(detail::gradient_along<1, true>(f, x, along));
    } else {
      add(detail::gradient_along<1, false>(f, x, along));
    }
    if (detail::are_finite(result)) return result;
  }
  const detail::RecordedInputs in(x);
  return detail::hessian_vector_of_values(f(in.values()), in, v);
}

}  // namespace autograd
