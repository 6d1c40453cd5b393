#include "autograd/page/java_script.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <new>

#include <autograd/error.hpp>
#include <autograd/page.hpp>
#include <autograd/page/java_script_number.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

JavaScriptBody& JavaScriptBody::current() {
  static thread_local JavaScriptBody body;
  return body;
}

std::string JavaScriptBody::add(std::string_view expression) {
  const std::string name = "t" + std::to_string(count_++);
  lines_.append("const ").append(name).append(" = ").append(expression).append(";\n");
  return name;
}

std::string java_script_name(std::string_view operation) {
  std::string result(operation);
  std::ranges::replace(result, ' ', '_');
  return result;
}

std::string java_script_number(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  const std::string text = text::shortest(x);
  return text.starts_with('-') ? "(" + text + ")" : text;
}

std::string java_script_string(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result = "\"";
  while (!text.empty()) {
    const text::Character first = text::first_character(text);
    const unsigned code = first.code ? static_cast<unsigned>(*first.code) : 0xfffd;
    const bool is_plain = code >= 0x20 && code != 0x7f && code != '"' && code != '\\' &&
                          code != '<' && code != '>' && code != '&' && code != '\'' &&
                          code != 0x2028 && code != 0x2029 && first.code;
    if (is_plain) {
      result += text.substr(0, first.bytes);
    } else {
      result += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) result += kDigits[(code >> shift) & 15U];
    }
    text.remove_prefix(first.bytes);
  }
  return result + "\"";
}

namespace {

using Js = JavaScriptNumber;

constexpr std::size_t kMostOperands = 512;

// A rule gives a number of the type, or a plain one.
std::string returned(const Js& x) { return x.text(); }
std::string returned(double x) { return java_script_number(x); }

// What is returned by the name that the last line gives it is returned at once.
std::string with_return(const std::string& lines, const std::string& result) {
  const std::string last = "const " + result + " = ";
  const std::size_t at = lines.rfind(last);
  if (at == std::string::npos || lines.find('\n', at) + 1 != lines.size())
    return lines + "return " + result + ";";
  return lines.substr(0, at) + "return " +
         lines.substr(at + last.size(), lines.size() - at - last.size() - 1);
}

template <class F> std::string body(const F& rule) {
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.take_lines();
  const std::string result = returned(rule());
  return with_return(writer.take_lines(), result);
}

// The same as an expression.
template <class F> std::string expression(const F& rule) {
  const std::string lines = body(rule);
  if (lines.find('\n') != std::string::npos) return "(() => {\n" + lines + "\n})()";
  return "(" + lines.substr(7, lines.size() - 8) + ")";  // without return and the semicolon
}

// Whether the value can be written: not if the rule asks for a plain number.
template <class Op> constexpr bool has_value_rule() {
  if constexpr (Op::domain.size() == 1) {
    return requires(Js x) { Op::value(x); };
  } else {
    return requires(Js x) { Op::value(x, x); };
  }
}

// const op_tanh = ...: what an operation is called by. A rule that calls its own operation, as that of
// exp does, means the function of this name; so does one that asks for a plain number.
struct Definition {
  std::string text;
  bool is_primitive;
};
template <class Op> Definition definition() {
  const Js x = Js::of("x"), y = Js::of("y");
  const std::string own = java_script_name(Op::info.name), begin = "const op_" + own + " = ";
  std::string parameters = "x", lines;
  if constexpr (!has_value_rule<Op>()) {
    return {begin + own + ";\n", true};
  } else if constexpr (Op::domain.size() == 1) {
    lines = body([&] { return Op::value(x); });
  } else {
    parameters = "x, y";
    lines = body([&] { return Op::value(x, y); });
  }
  const std::string call = "op_" + own + "(";
  bool is_primitive = false;
  for (auto at = lines.find(call); at != std::string::npos; at = lines.find(call)) {
    lines.erase(at, 3);
    is_primitive = true;
  }
  return {begin + "(" + parameters + ") => {\n" + lines + "\n};\n", is_primitive};
}

// The local derivatives, as functions of the operands and the result.
template <class Op> std::string partials(bool x_is_number, bool y_is_number) {
  const Js x = Js::of("a[0]"), y = Js::of("a[1]"), r = Js::of("r");
  if constexpr (Op::domain.size() == 1) {
    return "[" + expression([&] { return Op::dx(x, r); }) + "]";
  } else {
    std::string dx = "0", dy = "0";
    if constexpr (KnowsNumbers<Op>) {
      if (y_is_number) dx = expression([&] { return Op::dx_beside_number(x, y, r); });
      if (x_is_number) dy = expression([&] { return Op::dy_beside_number(x, y, r); });
    } else {
      if (y_is_number) dx = expression([&] { return Op::dx(x, y, r); });
      if (x_is_number) dy = expression([&] { return Op::dy(x, y, r); });
    }
    if (!x_is_number && !y_is_number) {
      dx = expression([&] { return Op::dx(x, y, r); });
      dy = expression([&] { return Op::dy(x, y, r); });
    }
    return "[" + dx + ", " + dy + "]";
  }
}

template <class Op> std::string elementary_entry(bool x_is_number, bool y_is_number) {
  const std::string call = Op::domain.size() == 1 ? "(a[0])" : "(a[0], a[1])";
  const std::string own = java_script_name(Op::info.name);
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.called.insert(own);
  return "{value: (a) => op_" + own + call + ", partials: (a, r) => " +
         partials<Op>(x_is_number, y_is_number) + "}";
}

// An operation of many operands, and select(): `count` numbers, and for softmax the number k of the
// output in front of them.
template <class Op> std::string ranged_entry(std::size_t count, std::size_t k, std::size_t first) {
  std::vector<Js> x, out(count);
  for (std::size_t i = 0; i < count; ++i)
    x.push_back(Js::of("a[" + std::to_string(i + first) + "]"));
  const std::span<const Js> in(x);
  const std::string value = body([&] { return Op::value(in, k); });
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.take_lines();
  Op::partials(in, k, Js::of("r"), std::span<Js>(out));
  std::string result = "{value: (a) => {\n" + value + "\n}, partials: (a, r) => {\n" +
                       writer.take_lines() + "return [";
  if (first > 0) result += "0, ";
  for (const Js& each : out) result += each.text() + ", ";
  return result + "];\n}}";
}

}  // namespace

std::optional<std::string> JavaScript::entry(const GraphView& view, const GraphView::Node& node) {
  const auto operands = view.operands_of(node);
  if (operands.size() > kMostOperands) return {};
  const auto is_number = [&](std::size_t i) {
    const GraphView::Node& each = view.nodes[operands[i].node];
    return each.is_constant && each.op.empty() && each.label.empty();
  };
  std::optional<std::string> key;
  const auto add = [&](const std::string& name, const auto& text) {
    key = name;
    if (!entries_.contains(name)) entries_[name] = text();
  };
  const std::string own = java_script_name(node.op);
  ops::Concatenation<ops::Elementary, ops::List<ops::AdjointProduct, ops::RowMean>,
                     ops::List<ops::LogCoshDerivative>>::for_each([&]<class Op>() {
    if (Op::info.name != node.op || operands.size() != Op::domain.size()) return;
    const bool x = is_number(0), y = operands.size() > 1 && is_number(1);
    add(own + (x ? "_n" : "") + (y ? "_of_n" : ""), [&] { return elementary_entry<Op>(x, y); });
  });
  ops::Concatenation<ops::Choices, ops::Ranged>::for_each([&]<class Op>() {
    if (Op::info.name != node.op) return;
    const bool has_place = std::same_as<Op, ops::Softmax>;
    const std::size_t first = has_place ? 1 : 0, count = operands.size() - first;
    const std::size_t k =
        has_place ? static_cast<std::size_t>(view.nodes[operands[0].node].data) : 0;
    add(own + "_" + std::to_string(count) + (has_place ? "_" + std::to_string(k) : ""),
        [&] { return ranged_entry<Op>(count, k, first); });
  });
  std::set<std::string>& called = JavaScriptBody::current().called;
  called_.merge(called);
  called.clear();
  return key;
}

namespace {

// The definitions of all operations that these call, and that those call: in any order, as they are
// called when all are there.
std::string definitions_of(std::set<std::string> names, std::set<std::string>* primitives) {
  std::set<std::string> done;
  std::string text;
  while (!names.empty()) {
    const std::string name = *names.begin();
    names.erase(names.begin());
    if (!done.insert(name).second) continue;
    ops::Concatenation<ops::Elementary, ops::List<ops::AdjointProduct, ops::RowMean>,
                       ops::DerivativesOnly>::for_each([&]<class Op>() {
      if (java_script_name(Op::info.name) != name) return;
      std::set<std::string>& called = JavaScriptBody::current().called;
      called.clear();
      const Definition found = definition<Op>();
      text += found.text;
      if (found.is_primitive && primitives != nullptr) primitives->insert(name);
      names.merge(called);
      called.clear();
    });
  }
  return text;
}

}  // namespace

std::string JavaScript::text() const {
  std::string result = definitions_of(called_, nullptr) + "const OPERATIONS = {\n";
  for (const auto& [name, entry] : entries_) result += name + ": " + entry + ",\n";
  return result + "};\n";
}

std::set<std::string> java_script_primitives() {
  std::set<std::string> all, primitives;
  ops::Elementary::for_each([&]<class Op>() {
    all.insert(java_script_name(Op::info.name));
    elementary_entry<Op>(false, false);
  });
  std::set<std::string>& called = JavaScriptBody::current().called;
  all.merge(called);
  called.clear();
  definitions_of(all, &primitives);
  return primitives;
}

}  // namespace autograd::detail

namespace autograd {

std::string java_script_of(std::string_view operation) try {
  bool is_known = false;
  ops::Elementary::for_each([&]<class Op>() {
    if constexpr (Op::domain.size() == 1) is_known |= Op::info.name == operation;
  });
  if (!is_known)
    throw Error("java_script_of(): there is no operation '" + std::string(operation) +
                "' of one operand");
  const std::string name = detail::java_script_name(operation);
  return "(() => {" + std::string(detail::java_script_prelude()) +
         detail::definitions_of({name}, nullptr) + "return op_" + name + ";\n})()";
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
