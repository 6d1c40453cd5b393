// Normalisations of one row of numbers, as transformers have them: RMS norm and layer norm.
// Normalisation over the rows of a batch is in batch_norm.hpp.
//
// Written for every number type. Labels: nn::set_labels(result, "norm").
#pragma once

#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include <autograd/autograd.hpp>

namespace nn {

namespace detail {

// What is computed from the numbers of R: doubles from plain ones.
template <autograd::NumberRange R> using ComputedFrom =
    std::conditional_t<std::is_arithmetic_v<std::ranges::range_value_t<R>>, double,
                       std::ranges::range_value_t<R>>;

// Throws: Error unless there is a number and epsilon is at least 0.
void check_normalised(const char* function, std::size_t count, double epsilon);
// Throws: Error unless there is one `what` for each of `count` numbers.
void check_per_number(const char* function, const char* what, std::size_t given, std::size_t count);

// factor x_i.
template <autograd::NumberRange X, class T> std::vector<T> scaled(const X& x, const T& factor) {
  std::vector<T> result;
  result.reserve(std::ranges::size(x));
  for (const auto& each : x) result.push_back(each * factor);
  return result;
}

// 1 / sqrt(mean of x^2 + epsilon).
template <autograd::NumberRange X>
ComputedFrom<X> reciprocal_deviation(const X& x, double epsilon) {
  const auto count = static_cast<double>(std::ranges::size(x));
  return 1.0 / autograd::sqrt(autograd::dot(x, x) / count + epsilon);
}

}  // namespace detail

// y_i = x_i / sqrt(mean of x^2 + epsilon); with gains, g_i y_i.
//
// Shapes:   n numbers, n gains; the result n.
// Gradient: with upstream gradients u (times the gains) and s = 1 / sqrt(...):
//           s (u_i - y_i mean of u y).
// Throws:   Error if there are no numbers, another count of gains, or epsilon is below 0.
// Cost:     n + 5 nodes, 2n + 5 with gains.
// Source:   B. Zhang, R. Sennrich, "Root mean square layer normalization", NeurIPS 2019, eq. 4;
//           epsilon as in the authors' code.
template <autograd::NumberRange X> auto rms_norm(const X& x, double epsilon = 1e-5) {
  detail::check_normalised("nn::rms_norm", std::ranges::size(x), epsilon);
  return detail::scaled(x, detail::reciprocal_deviation(x, epsilon));
}
template <autograd::NumberRange X, autograd::NumberRange Gains>
auto rms_norm(const X& x, const Gains& gains, double epsilon = 1e-5) {
  detail::check_per_number("nn::rms_norm", "gain", std::ranges::size(gains), std::ranges::size(x));
  const auto y = rms_norm(x, epsilon);
  std::vector<decltype(gains[0] * y[0])> result;
  result.reserve(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) result.push_back(gains[i] * y[i]);
  return result;
}

// y_i = (x_i - m) / sqrt(mean of (x - m)^2 + epsilon), m the mean of x; with gains and biases,
// g_i y_i + b_i.
//
// Shapes:   n numbers, n gains, n biases; the result n.
// Gradient: with upstream gradients u (times the gains) and s = 1 / sqrt(...):
//           s (u_i - mean of u - y_i mean of u y).
// Throws:   Error if there are no numbers, another count of gains or biases, or epsilon is below 0.
// Cost:     2n + 6 nodes, 4n + 6 with gains and biases.
// Source:   J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", arXiv:1607.06450, 2016,
//           eq. 3 and 4; epsilon as in PyTorch.
template <autograd::NumberRange X> auto layer_norm(const X& x, double epsilon = 1e-5) {
  detail::check_normalised("nn::layer_norm", std::ranges::size(x), epsilon);
  const detail::ComputedFrom<X> mean = autograd::mean(x);
  std::vector<detail::ComputedFrom<X>> centred;
  centred.reserve(std::ranges::size(x));
  for (const auto& each : x) centred.push_back(each - mean);
  return detail::scaled(centred, detail::reciprocal_deviation(centred, epsilon));
}
template <autograd::NumberRange X, autograd::NumberRange Gains, autograd::NumberRange Biases>
auto layer_norm(const X& x, const Gains& gains, const Biases& biases, double epsilon = 1e-5) {
  const std::size_t count = std::ranges::size(x);
  detail::check_per_number("nn::layer_norm", "gain", std::ranges::size(gains), count);
  detail::check_per_number("nn::layer_norm", "bias", std::ranges::size(biases), count);
  const auto y = layer_norm(x, epsilon);
  std::vector<decltype(gains[0] * y[0] + biases[0])> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i) result.push_back(gains[i] * y[i] + biases[i]);
  return result;
}

}  // namespace nn
