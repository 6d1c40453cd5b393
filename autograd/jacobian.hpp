// Derivatives of functions with several outputs, in a direction, and of second order. Plain numbers
// in and out.
//
// f is a callable as in gradient.hpp, except that it may return several numbers: a vector, array or
// other range.
#pragma once

#include <array>
#include <cstddef>
#include <ranges>
#include <span>
#include <vector>

#include <autograd/gradient.hpp>

namespace autograd {

// Row by row.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> data;

  double& operator()(std::size_t row, std::size_t column) { return data[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const {
    return data[row * columns + column];
  }
};

struct ValuesAndJacobian {
  std::vector<double> values;
  Matrix jacobian;  // (j, i): df_j/dx_i
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
  std::vector<T> result;
  result.push_back(std::move(y));
  return result;
}
template <std::ranges::range R> auto outputs(R&& y) {
  return std::vector<std::ranges::range_value_t<R>>(std::ranges::begin(y), std::ranges::end(y));
}

// From what f has recorded: the Jacobian, the gradient of sum_j weight_j output_j, the Hessian of y
// and that times v.
Matrix jacobian_of_values(std::span<const Value> outputs, const RecordedInputs& inputs);
std::vector<double> pull_back(std::span<const Value> outputs, const RecordedInputs& inputs,
                              Point weights);
Matrix hessian_of_values(const Value& y, const RecordedInputs& inputs);
std::vector<double> hessian_vector_of_values(const Value& y, const RecordedInputs& inputs, Point v);

std::vector<double> data_of(std::span<const Value> values);

// In how many directions a gradient is differentiated at once: those that one vector holds.
#ifdef __AVX__
inline constexpr std::size_t kAlong = 4;
#else
inline constexpr std::size_t kAlong = 2;
#endif

// x with the derivatives in N directions: direction k of input i is directions(i)[k].
template <std::size_t N> std::vector<Dual<N>> dual_inputs(Point x, const auto& directions) {
  std::vector<Dual<N>> in;
  in.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in.push_back({x[i], directions(i)});
  return in;
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

// The gradient and its derivatives in these directions: forward, over forward for few inputs and
// over backward for many.
template <std::size_t N, class F>
std::vector<Dual<N>> gradient_along(F& f, Point x, const auto& directions) {
  const std::vector<Dual<N>> in = dual_inputs<N>(x, directions);
  std::vector<Dual<N>> gradient(x.size());
  if (x.size() > kMostForward) {
    gradient_over(f, std::span<const Dual<N>>(in), std::span(gradient));
    return gradient;
  }
  using Second = Dual<kMostForward, Dual<N>>;
  std::vector<Second> second;
  second.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    second.push_back({in[i], Tangent<kMostForward, Dual<N>>::unit(i)});
  }
  const Second y = f(std::span<const Second>(second));
  for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = y.slopes()[i];
  return gradient;
}

template <class F> ValuesAndJacobian jacobian_on_values(F& f, Point x) {
  const RecordedInputs in(x);
  const auto y = outputs(f(in.values()));
  return {data_of(y), jacobian_of_values(y, in)};
}

template <class F> Jvp jvp_on_values(F& f, Point x, Point direction) {
  const RecordedInputs in(x);
  const auto y = outputs(f(in.values()));
  return {data_of(y), in.slopes_of(y, direction)};
}

template <class F> ValuesAndJacobian jacobian_folded(F& f, Point x) {
  const StatementScope<double> scope;
  const std::uint32_t first = statement_tape<double>.add_inputs(x.size());
  const auto y = outputs(run_on_statements(f, std::span<const double>(x), first));
  ValuesAndJacobian result{{}, {y.size(), x.size(), std::vector<double>(y.size() * x.size())}};
  const auto weight = [](std::size_t) { return 1.0; };
  for (std::size_t j = 0; j < y.size(); ++j) {
    result.values.push_back(y[j].data());
    sweep_statements<double>(std::span(&y[j], 1), weight, first,
                             std::span(result.jacobian.data).subspan(j * x.size(), x.size()));
  }
  if (!are_finite(result.jacobian.data)) return jacobian_on_values(f, x);
  return result;
}

template <class F> Vjp vjp_forward(F& f, Point x, Point weights) {
  Vjp result{{}, std::vector<double>(x.size())};
  const auto y = run_forward<kMostForward>(f, x, inputs_from<kMostForward>(0));
  require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  for (std::size_t j = 0; j < y.size(); ++j) {
    result.values.push_back(y[j].data());
    for (std::size_t i = 0; i < x.size(); ++i) result.gradient[i] += weights[j] * y[j].slopes()[i];
  }
  return result;
}

template <class F> Vjp vjp_folded(F& f, Point x, Point weights) {
  const StatementScope<double> scope;
  const std::uint32_t first = statement_tape<double>.add_inputs(x.size());
  const auto y = outputs(run_on_statements(f, std::span<const double>(x), first));
  require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  Vjp result{{}, std::vector<double>(x.size())};
  for (const Active<double>& each : y) result.values.push_back(each.data());
  sweep_statements<double>(
      y, [weights](std::size_t j) { return weights[j]; }, first, result.gradient);
  return result;
}

}  // namespace detail

// All f_j(x) and df_j/dx_i.
// Cost: for a generic f, the cheaper of one run for every four inputs and one sweep for every
// output; else one recording and the fewer of one sweep for every input or output.
template <class F> ValuesAndJacobian values_and_jacobian(F&& f, Point x) {
  if constexpr (detail::TakesSpanOf<F, Active<double>>) {
    auto y = detail::run_forward<detail::kMostForward>(
        f, x, detail::inputs_from<detail::kMostForward>(0));
    const std::size_t runs = (x.size() + detail::kMostForward - 1) / detail::kMostForward;
    if (runs > y.size() + 2) return detail::jacobian_folded(f, x);
    ValuesAndJacobian result{{}, {y.size(), x.size(), std::vector<double>(y.size() * x.size())}};
    for (const auto& each : y) result.values.push_back(each.data());
    for (std::size_t first = 0; first < x.size(); first += detail::kMostForward) {
      if (first > 0)
        y = detail::run_forward<detail::kMostForward>(
            f, x, detail::inputs_from<detail::kMostForward>(first));
      detail::require_size("jacobian", "the result of f", "output of its first call",
                           result.values.size(), y.size());
      for (std::size_t j = 0; j < y.size(); ++j) {
        for (std::size_t i = first; i < std::min(first + detail::kMostForward, x.size()); ++i) {
          result.jacobian(j, i) = y[j].slopes()[i - first];
        }
      }
    }
    if (detail::are_finite(result.jacobian.data)) return result;
  }
  return detail::jacobian_on_values(f, x);
}

// All df_j/dx_i: row j is the gradient of f_j.
template <class F> Matrix jacobian(F&& f, Point x) { return values_and_jacobian(f, x).jacobian; }

// All f_j(x), and d/dt f_j(x + t direction) at t = 0.  Error if the direction is not as long as x.
// Cost: about twice that of f for a generic f.
template <class F> Jvp jvp(F&& f, Point x, Point direction) {
  detail::require_size("jvp", "the direction", "input", x.size(), direction.size());
  if constexpr (detail::TakesSpanOf<F, Active<double>>) {
    Jvp result;
    const auto along = [direction](std::size_t i) { return direction[i] * Tangent<1>::unit(0); };
    for (const Dual<1>& y : detail::run_forward<1>(f, x, along)) {
      result.values.push_back(y.data());
      result.derivatives.push_back(y.slopes()[0]);
    }
    if (detail::are_finite(result.derivatives)) return result;
  }
  return detail::jvp_on_values(f, x, direction);
}

// All f_j(x), and the gradient of sum_j weight_j f_j.  Error if there is not a weight for each
// output.
// Cost: that of one gradient.
template <class F> Vjp vjp(F&& f, Point x, Point weights) {
  if constexpr (detail::TakesSpanOf<F, Active<double>>) {
    Vjp result = x.size() <= detail::kMostForward ? detail::vjp_forward(f, x, weights)
                                                  : detail::vjp_folded(f, x, weights);
    if (detail::are_finite(result.gradient)) return result;
  }
  const detail::RecordedInputs in(x);
  const auto y = detail::outputs(f(in.values()));
  detail::require_size("vjp", "the list of weights", "output", y.size(), weights.size());
  return {detail::data_of(y), detail::pull_back(y, in, weights)};
}

// All d2f/dx_i dx_j of a function with one output.
// Cost: for a generic f, a few gradients for every two or four inputs; else the gradient as a
// graph, and a sweep over it for every input.
template <class F> Matrix hessian(F&& f, Point x) {
  if constexpr (detail::TakesSpanOf<F, Active<double>>) {
    Matrix result{x.size(), x.size(), std::vector<double>(x.size() * x.size())};
    for (std::size_t first = 0; first < x.size(); first += detail::kAlong) {
      const auto gradient =
          detail::gradient_along<detail::kAlong>(f, x, detail::inputs_from<detail::kAlong>(first));
      for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t k = first; k < std::min(first + detail::kAlong, x.size()); ++k) {
          result(i, k) = gradient[i].slopes()[k - first];
        }
      }
    }
    if (detail::are_finite(result.data)) return result;
  }
  const detail::RecordedInputs in(x);
  return detail::hessian_of_values(f(in.values()), in);
}

// The Hessian times v, without the Hessian.  Error if v is not as long as x.
// Cost: for a generic f, a few gradients; else the gradient as a graph, and one sweep over it.
template <class F> std::vector<double> hessian_vector_product(F&& f, Point x, Point v) {
  detail::require_size("hessian_vector_product", "the vector", "input", x.size(), v.size());
  if constexpr (detail::TakesSpanOf<F, Active<double>>) {
    const auto along = [v](std::size_t i) { return v[i] * Tangent<1>::unit(0); };
    std::vector<double> result;
    for (const Dual<1>& each : detail::gradient_along<1>(f, x, along)) {
      result.push_back(each.slopes()[0]);
    }
    if (detail::are_finite(result)) return result;
  }
  const detail::RecordedInputs in(x);
  return detail::hessian_vector_of_values(f(in.values()), in, v);
}

}  // namespace autograd
