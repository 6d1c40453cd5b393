// A function that uses Eigen, in a generic callable and on Values, to second order, against
// differences of the same function of double. Few number types, each of which takes the compiler
// long: gradients and Hessians come out of one run on the statement tape.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/programs.hpp>

namespace eigen_check {

// The gradient, and behind it the Hessian row by row.
template <class F> std::vector<double> derivatives(const F& f, const std::vector<double>& x) {
  namespace detail = autograd::detail;
  const std::size_t n = x.size();
  std::vector<double> result(n + n * n);
  for (std::size_t first = 0; first < n; first += detail::kWide) {
    const auto gradient = detail::gradient_along<detail::kWide, false>(
        f, autograd::Point(x), detail::inputs_from<detail::kWide>(first));
    for (std::size_t i = 0; i < n; ++i) {
      result[i] = gradient[i].data();
      for (std::size_t k = first; k < std::min(first + detail::kWide, n); ++k)
        result[n + i * n + k] = gradient[i].tangent()[k - first];
    }
  }
  return result;
}

template <class F> std::vector<double> gradient(const F& f, const std::vector<double>& x) {
  std::vector<double> result = derivatives(f, x);
  result.resize(x.size());
  return result;
}

template <class F> void check(const F& f, const std::vector<double>& x) {
  const std::size_t n = x.size();
  const auto number = [&f](const std::vector<double>& at) {
    return f(std::span<const double>(at));
  };
  std::vector<double> slopes;
  for (std::size_t i = 0; i < n; ++i) slopes.push_back(helpers::slope(number, x, i));

  const std::vector<double> generic = derivatives(f, x);
  programs::check_close({generic.begin(), generic.begin() + std::ssize(x)}, slopes, 1e-8,
                        "generic");
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> above = x, below = x, differences;
    above[i] += 1e-5;
    below[i] -= 1e-5;
    const auto up = eigen_check::gradient(f, above), down = eigen_check::gradient(f, below);
    for (std::size_t j = 0; j < n; ++j)
      differences.push_back((up[j] - down[j]) / (above[i] - below[i]));
    const auto row = generic.begin() + std::ssize(x) * static_cast<std::ptrdiff_t>(i + 1);
    programs::check_close({row, row + std::ssize(x)}, differences, 1e-6,
                          "row " + std::to_string(i) + " of the Hessian");
  }

  const auto of_values = [&f](std::span<const autograd::Value> v) { return f(v); };
  const auto values = autograd::value_and_gradient(of_values, x);
  CHECK(values.value == doctest::Approx(number(x)).epsilon(1e-12));
  std::vector<double> on_values = values.gradient;
  const autograd::Matrix hessian = autograd::hessian(of_values, x);
  on_values.insert(on_values.end(), hessian.data.begin(), hessian.data.end());
  programs::check_close(on_values, generic, 1e-9, "on Values");
}

}  // namespace eigen_check
