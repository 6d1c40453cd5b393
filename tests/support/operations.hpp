// The elementary operations at run time, for tests that go over all of them.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/autograd.hpp>
#include <autograd/ops/singularity.hpp>

namespace operations {

namespace ops = autograd::ops;

// An operation on numbers of type T; one of two operands also with a plain number in the place of the
// other. One of one operand does not use y.
template <class T> struct Calls {
  T (*both)(const T& x, const T& y);
  T (*with_right)(const T& x, double y) = nullptr;
  T (*with_left)(double x, const T& y) = nullptr;
};

// What the struct of an operation in autograd/ops/ says, as functions of plain numbers and of Values.
struct Operation {
  ops::Info info;
  std::span<const ops::Interval> domain;  // of each operand
  double (*value)(double x, double y);
  // By x and by y; and the same where the other operand is a plain number, which matters at ties.
  std::array<double, 2> (*derivatives)(double x, double y);
  std::array<double, 2> (*derivatives_beside_number)(double x, double y);
  ops::Singularity (*singularity)(std::size_t operand, double x, double y);
  Calls<autograd::Value> on_values;

  std::string name() const { return std::string(info.name); }
  std::size_t arity() const { return domain.size(); }
};

// In the order of the list `ops::Elementary`.
const std::vector<Operation>& all();
const Operation& named(std::string_view name);

// Those of all operations, in the same order.
template <class T> const std::vector<Calls<T>>& calls() {
  static const std::vector<Calls<T>> result = [] {
    std::vector<Calls<T>> all;
    ops::Elementary::for_each([&]<class Op> {
      using autograd::detail::apply;
      if constexpr (Op::domain.size() == 1) {
        all.push_back({[](const T& x, const T&) -> T { return apply<Op>(x); }});
      } else {
        all.push_back({[](const T& x, const T& y) -> T { return apply<Op>(x, y); },
                       [](const T& x, double y) -> T { return apply<Op>(x, y); },
                       [](double x, const T& y) -> T { return apply<Op>(x, y); }});
      }
    });
    return all;
  }();
  return result;
}

// operations.cpp has those on Values, random_expressions.cpp those on other number types of the
// library. A test may have a number type of its own.
extern template const std::vector<Calls<autograd::Value>>& calls();

}  // namespace operations
