// Inputs: what a unit, a layer or a network is called with, plain numbers or Values.
#pragma once

#include <autograd/autograd.hpp>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>

namespace nn {

using autograd::Value;

// A view, for parameters of functions only: net({0.0, 1.0}), net(row), net(values).
class Inputs {
 public:
  Inputs(std::initializer_list<double> numbers) : numbers_(numbers.begin(), numbers.size()) {}
  Inputs(std::initializer_list<Value> values) : values_(values.begin(), values.size()) {}
  template <std::convertible_to<std::span<const double>> Range> Inputs(const Range& numbers)
      : numbers_(numbers) {}
  template <std::convertible_to<std::span<const Value>> Range> Inputs(const Range& values)
      : values_(values) {}

  std::size_t size() const { return numbers_.size() + values_.size(); }

  // f(span of double) or f(span of Value).
  template <class F> auto visit(F&& f) const { return values_.empty() ? f(numbers_) : f(values_); }

 private:
  std::span<const double> numbers_;  // one of these two is empty
  std::span<const Value> values_;
};

}  // namespace nn
