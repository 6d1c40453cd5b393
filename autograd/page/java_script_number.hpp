// A number type that writes down, in JavaScript, what is done to it.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/ops.hpp>
#include <autograd/page/java_script.hpp>

namespace autograd::detail {

// The body of a function while it is written: a line for each operation.
class JavaScriptBody {
 public:
  // The body that the numbers of this thread are writing to.
  static JavaScriptBody& current();

  std::string add(std::string_view expression);
  std::string take_lines() {
    count_ = 0;
    return std::exchange(lines_, {});
  }
  std::set<std::string> called;

 private:
  std::string lines_;
  std::size_t count_ = 0;
};

// "adjoint product" is adjoint_product.
std::string java_script_name(std::string_view operation);

template <class Op> std::string java_script_call(const std::string& arguments) {
  const std::string name = java_script_name(Op::info.name);
  JavaScriptBody::current().called.insert(name);
  return "op_" + name + "(" + arguments + ")";
}

template <class Op> std::string java_script_expression(const std::string& x, const std::string& y) {
  using namespace ops;
  if constexpr (Arithmetic::contains<Op> && Op::domain.size() == 2)
    return x + " " + std::string(Op::info.symbol) + " " + y;
  if constexpr (Comparisons::contains<Op>)
    return "+(" + x + " " + std::string(Op::info.symbol) + " " + y + ")";
  return java_script_call<Op>(x + ", " + y);
}

namespace number_types {

class JavaScriptNumber : public NumberBase<JavaScriptNumber> {
 public:
  JavaScriptNumber(double x = 0) : text_(java_script_number(x)) {}
  static JavaScriptNumber of(std::string text) {
    JavaScriptNumber result;
    result.text_ = std::move(text);
    return result;
  }
  const std::string& text() const { return text_; }
  // It is none: what looks at the number would be wrong for others.
  double data() const { return ops::kNaN; }

  template <class Op> static JavaScriptNumber record(const JavaScriptNumber& x) {
    if constexpr (std::same_as<Op, ops::Neg>) return write("-" + x.text_);
    return write(java_script_call<Op>(x.text_));
  }
  template <class Op>
  static JavaScriptNumber record(const JavaScriptNumber& x, const JavaScriptNumber& y) {
    return write(java_script_expression<Op>(x.text_, y.text_));
  }
  template <class Op> static JavaScriptNumber record(const JavaScriptNumber& x, double y) {
    return record<Op>(x, JavaScriptNumber(y));
  }
  template <class Op> static JavaScriptNumber record(double x, const JavaScriptNumber& y) {
    return record<Op>(JavaScriptNumber(x), y);
  }
  // Op is Select.
  template <class Op> static JavaScriptNumber record(const JavaScriptNumber& condition,
                                                     const JavaScriptNumber& x,
                                                     const JavaScriptNumber& y) {
    return write(condition.text_ + " !== 0 ? " + x.text_ + " : " + y.text_);
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
  static JavaScriptNumber write(std::string_view expression) {
    return of(JavaScriptBody::current().add(expression));
  }

  std::string text_;
};

}  // namespace number_types

using number_types::JavaScriptNumber;

}  // namespace autograd::detail
