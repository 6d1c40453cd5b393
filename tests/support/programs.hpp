// A program of an engineer, written once as a template over its number type, in all the ways that
// the library differentiates it, against differences of the same program in long double.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace programs {

using Wide = long double;

// df/dx_i by Richardson's extrapolation of central differences.
template <class F> Wide difference(const F& f, std::vector<Wide> x, std::size_t i) {
  constexpr int kLevels = 5;
  const Wide at = x[i];
  Wide row[kLevels] = {}, step = 0x1p-8L * std::fmax(1.0L, std::abs(at));
  for (int level = 0; level < kLevels; ++level, step /= 2) {
    x[i] = at + step;
    const Wide above = f(std::span<const Wide>(x));
    x[i] = at - step;
    const Wide below = f(std::span<const Wide>(x));
    Wide next = (above - below) / (2 * step), power = 1;
    for (int k = 0; k <= level; ++k) {
      const Wide last = row[k];
      row[k] = next;
      power *= 4;
      next += (next - last) / (power - 1);
    }
  }
  return row[kLevels - 1];
}

// What is close relative to the largest of a gradient.
inline void check_close(const std::vector<double>& found, const std::vector<double>& expected,
                        double tolerance, const std::string& way) {
  INFO(way);
  REQUIRE(found.size() == expected.size());
  double scale = 0;
  for (const double each : expected) scale = std::fmax(scale, std::abs(each));
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO("by input ", i);
    CHECK(std::abs(found[i] - expected[i]) <= tolerance * scale);
  }
}

// f is a generic callable of a span that returns one number. Returns its value and gradient.
template <class F> autograd::ValueAndGradient check(const F& f, const std::vector<double>& x,
                                                    double tolerance = 1e-10) {
  const std::vector<Wide> wide(x.begin(), x.end());
  const auto exact = static_cast<double>(f(std::span<const Wide>(wide)));
  std::vector<double> expected;
  for (std::size_t i = 0; i < x.size(); ++i)
    expected.push_back(static_cast<double>(difference(f, wide, i)));

  const autograd::ValueAndGradient generic = autograd::value_and_gradient(f, x);
  CHECK(generic.value == doctest::Approx(exact).epsilon(1e-12));
  check_close(generic.gradient, expected, tolerance, "generic");

  const auto of_values = [&f](std::span<const autograd::Value> v) { return f(v); };
  const autograd::ValueAndGradient values = autograd::value_and_gradient(of_values, x);
  CHECK(values.value == generic.value);
  check_close(values.gradient, generic.gradient, 1e-13, "Values");

  const auto function = autograd::Function::trace(f, x);
  const auto replayed = function.gradient({}, x);
  CHECK(replayed.value == doctest::Approx(exact).epsilon(1e-12));
  check_close(replayed.inputs, generic.gradient, 1e-12, "Function");

  const autograd::Matrix hessian = autograd::hessian(f, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<double> row, differences;
    const double step = 1e-5 * std::fmax(1.0, std::abs(x[i]));
    std::vector<double> above = x, below = x;
    above[i] += step;
    below[i] -= step;
    const auto up = autograd::gradient(f, above), down = autograd::gradient(f, below);
    for (std::size_t j = 0; j < x.size(); ++j) {
      row.push_back(hessian(i, j));
      differences.push_back((up[j] - down[j]) / (above[i] - below[i]));
    }
    check_close(row, differences, 1e-6, "row " + std::to_string(i) + " of the Hessian");
  }
  return generic;
}

}  // namespace programs
