// Term: the number type with which a rule is run to write down a derivative as part of the graph.
//
// A Term is a Value or a plain number. Plain numbers stay plain, so that 1 * g is g and 2 * 3 is 6.
// Comparisons look at the data and pick a branch: the derivative is that of the branch that was
// taken. While a Function is traced they are recorded, as it will be run with other data.
#pragma once

#include <array>
#include <autograd/ranges.hpp>
#include <span>
#include <utility>
#include <vector>

namespace autograd {

class Term {
 public:
  using IsRecorded = void;

  Term(double number = 0) : number_(number) {}
  Term(Value value) : value_(std::move(value)), is_number_(false) {}

  bool is_number() const { return is_number_; }
  double data() const { return is_number_ ? number_ : value_.data(); }
  Value value() const { return is_number_ ? Value::constant(number_) : value_; }

  Term& operator+=(const Term& x) { return *this = *this + x; }
  Term& operator*=(const Term& x) { return *this = *this * x; }
  Term& operator/=(const Term& x) { return *this = *this / x; }

  template <class Op> static Term record(const Term& x) {
    if (x.is_number_) return Op::value(x.number_);
    return Value::record<Op>(x.value_);
  }

  template <class Op> static Term record(const Term& x, const Term& y) {
    if constexpr (requires { Op::compare(0.0, 0.0); }) {
      if (detail::tape.tracing == nullptr) return Op::value(x.data(), y.data());
    }
    if (x.is_number_ && y.is_number_) return Op::value(x.number_, y.number_);
    if constexpr (std::same_as<Op, ops::Mul>) {
      if (x.is_number_ && x.number_ == 1) return y;
      if (y.is_number_ && y.number_ == 1) return x;
    }
    if (x.is_number_) return Value::record<Op>(x.number_, y.value_);
    if (y.is_number_) return Value::record<Op>(x.value_, y.number_);
    return Value::record<Op>(x.value_, y.value_);
  }

  // Op is Select.
  template <class Op> static Term record(const Term& condition, const Term& x, const Term& y) {
    if (condition.is_number_ || detail::tape.tracing == nullptr)
      return condition.data() != 0 ? x : y;
    return Value::record<Op>(condition.value_, x.value(), y.value());
  }

  template <class Op> static Term record_range(std::span<const Term> x, std::size_t k) {
    std::vector<Value> values;
    for (const Term& each : x) values.push_back(each.value());
    return Value::record_range<Op>(values, k);
  }

 private:
  double number_ = 0;
  Value value_;
  bool is_number_ = true;
};

}  // namespace autograd
