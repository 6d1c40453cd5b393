// A number type that writes down, in JavaScript, what is done to it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <autograd/ops.hpp>
#include <autograd/page/java_script.hpp>

namespace autograd::detail {

// The body of a function while it is written: a line for each operation.
class JavaScriptBody {
 public:
  // The body that the numbers of this thread are writing to.
  static JavaScriptBody& current();

  // Forgets lines and numbers.
  void clear();
  std::string take_lines();
  // A line of its own for an expression, and the name of its result.
  std::string add(std::string_view expression);
  // The place of a number that is written as `text`, until clear().
  std::uint32_t number(std::string text);
  const std::string& text_of(std::uint32_t number) const { return numbers_[number]; }

  std::set<std::string> called;

 private:
  std::string lines_;
  std::size_t count_ = 0;
  std::deque<std::string> numbers_;
};

// "adjoint product" is adjoint_product.
std::string java_script_name(std::string_view operation);

namespace number_types {

// As small as it can be: rules of a hundred operations are compiled for it.
class JavaScriptNumber : public NumberBase<JavaScriptNumber> {
 public:
  JavaScriptNumber(double x = 0) : JavaScriptNumber(of(java_script_number(x))) {}
  static JavaScriptNumber of(std::string text);
  const std::string& text() const;
  // It is none: what looks at the number would be wrong for others.
  double data() const { return ops::kNaN; }

  template <class Op> static JavaScriptNumber record(JavaScriptNumber x) {
    return unary(Op::info, std::same_as<Op, ops::Neg>, x);
  }
  template <class Op> static JavaScriptNumber record(JavaScriptNumber x, JavaScriptNumber y) {
    constexpr bool kIsComparison = ops::Comparisons::contains<Op>;
    constexpr bool kIsOperator = kIsComparison || ops::Arithmetic::contains<Op>;
    return binary(Op::info, kIsOperator, kIsComparison, x, y);
  }
  template <class Op> static JavaScriptNumber record(JavaScriptNumber x, double y) {
    return record<Op>(x, JavaScriptNumber(y));
  }
  template <class Op> static JavaScriptNumber record(double x, JavaScriptNumber y) {
    return record<Op>(JavaScriptNumber(x), y);
  }
  // Op is Select.
  template <class Op> static JavaScriptNumber record(JavaScriptNumber condition, JavaScriptNumber x,
                                                     JavaScriptNumber y) {
    return choose(condition, x, y);
  }
  template <class Op>
  static JavaScriptNumber record_range(std::span<const JavaScriptNumber> x, std::size_t k) {
    return Op::value(x, k);
  }

  JavaScriptNumber& operator+=(const auto& x) { return *this = *this + x; }
  JavaScriptNumber& operator-=(const auto& x) { return *this = *this - x; }
  JavaScriptNumber& operator*=(const auto& x) { return *this = *this * x; }
  JavaScriptNumber& operator/=(const auto& x) { return *this = *this / x; }

  friend bool operator==(const JavaScriptNumber&, const JavaScriptNumber&) { return false; }
  friend bool operator==(const JavaScriptNumber&, double) { return false; }

 private:
  static JavaScriptNumber unary(const ops::Info& info, bool is_operator, JavaScriptNumber x);
  static JavaScriptNumber binary(const ops::Info& info, bool is_operator, bool is_comparison,
                                 JavaScriptNumber x, JavaScriptNumber y);
  static JavaScriptNumber choose(JavaScriptNumber condition, JavaScriptNumber x,
                                 JavaScriptNumber y);

  struct Empty {};
  explicit JavaScriptNumber(Empty) {}

  std::uint32_t place_ = 0;
};

}  // namespace number_types

using number_types::JavaScriptNumber;

}  // namespace autograd::detail
