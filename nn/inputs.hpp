// Inputs: what a unit, a layer or a network is called with, plain numbers or Values;
// one row of them or a batch of rows.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <new>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include <autograd/autograd.hpp>

namespace nn {

using autograd::Value;

// A view, for parameters of functions only: net({0.0, 1.0}), net(row), net(values).
class Inputs {
 public:
  Inputs() = default;
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

// What predictions are compared with: the same choice of numbers or Values.
using Targets = Inputs;

// The rows of a batch, a view as well: any range of vectors, arrays or spans of numbers or Values.
class InputRows {
 public:
  template <std::ranges::input_range Range>
  requires std::is_lvalue_reference_v<std::ranges::range_reference_t<const Range&>> &&
           std::convertible_to<std::ranges::range_reference_t<const Range&>, Inputs>
  InputRows(const Range& rows) try : rows_(std::ranges::begin(rows), std::ranges::end(rows)) {
  } catch (const std::bad_alloc&) {
    autograd::detail::out_of_memory();
  }

  std::size_t size() const { return rows_.size(); }
  const Inputs& operator[](std::size_t row) const { return rows_[row]; }

 private:
  std::vector<Inputs> rows_;
};

enum class Mode { kEvaluate, kTrain };

// How a batch goes through a layer or a network.
//
// kTrain:    batch normalisation by the batch's own statistics; dropout by the masks.
// kEvaluate: batch normalisation by the running statistics; nothing is dropped, masks are ignored.
//
// masks: 0 or 1, mask_size() of them for every row, one row after the other; see draw_masks().
struct Pass {
  Mode mode = Mode::kEvaluate;
  Inputs masks = {};
};

}  // namespace nn
