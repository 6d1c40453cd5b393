#include "autograd/page/java_script_number.hpp"

#include <algorithm>

namespace autograd::detail {

JavaScriptBody& JavaScriptBody::current() {
  static thread_local JavaScriptBody body;
  return body;
}

void JavaScriptBody::clear() {
  take_lines();
  numbers_.clear();
}

std::string JavaScriptBody::take_lines() {
  count_ = 0;
  return std::exchange(lines_, {});
}

std::string JavaScriptBody::add(std::string_view expression) {
  const std::string name = "t" + std::to_string(count_++);
  lines_.append("const ").append(name).append(" = ").append(expression).append(";\n");
  return name;
}

std::uint32_t JavaScriptBody::number(std::string text) {
  numbers_.push_back(std::move(text));
  return static_cast<std::uint32_t>(numbers_.size() - 1);
}

std::string java_script_name(std::string_view operation) {
  std::string result(operation);
  std::ranges::replace(result, ' ', '_');
  return result;
}

namespace number_types {

namespace {

JavaScriptNumber write(std::string_view expression) {
  return JavaScriptNumber::of(JavaScriptBody::current().add(expression));
}

JavaScriptNumber call(const ops::Info& info, const std::string& arguments) {
  const std::string name = java_script_name(info.name);
  JavaScriptBody::current().called.insert(name);
  return write("op_" + name + "(" + arguments + ")");
}

}  // namespace

JavaScriptNumber JavaScriptNumber::of(std::string text) {
  JavaScriptNumber result{Empty()};
  result.place_ = JavaScriptBody::current().number(std::move(text));
  return result;
}

const std::string& JavaScriptNumber::text() const {
  return JavaScriptBody::current().text_of(place_);
}

JavaScriptNumber JavaScriptNumber::unary(const ops::Info& info, bool is_operator,
                                         JavaScriptNumber x) {
  return is_operator ? write("-" + x.text()) : call(info, x.text());
}

JavaScriptNumber JavaScriptNumber::binary(const ops::Info& info, bool is_operator,
                                          bool is_comparison, JavaScriptNumber x,
                                          JavaScriptNumber y) {
  if (!is_operator) return call(info, x.text() + ", " + y.text());
  const std::string text = x.text() + " " + std::string(info.symbol) + " " + y.text();
  return write(is_comparison ? "+(" + text + ")" : text);
}

JavaScriptNumber JavaScriptNumber::choose(JavaScriptNumber condition, JavaScriptNumber x,
                                          JavaScriptNumber y) {
  return write(condition.text() + " !== 0 ? " + x.text() + " : " + y.text());
}

}  // namespace number_types

}  // namespace autograd::detail
