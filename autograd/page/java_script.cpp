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

// The rules of an operation of one or two operands, x and y, and its result r.
struct Rules {
  const ops::Info* info;
  std::size_t operands;
  Js (*value)(Js x, Js y) = nullptr;  // none if the rule asks for plain numbers
  // None for a derivative that is no operation of its own in a graph.
  Js (*dx)(Js x, Js y, Js r) = nullptr;
  Js (*dy)(Js x, Js y, Js r) = nullptr;
  Js (*dx_beside_number)(Js x, Js y, Js r) = nullptr;
  Js (*dy_beside_number)(Js x, Js y, Js r) = nullptr;
};

template <class Op> Rules rules_of() {
  Rules result{&Op::info, Op::domain.size()};
  if constexpr (Op::domain.size() == 1) {
    if constexpr (requires(Js x) { Op::value(x); })
      result.value = [](Js x, Js) -> Js { return Op::value(x); };
    if constexpr (!ops::DerivativesOnly::contains<Op> || std::same_as<Op, ops::LogCoshDerivative>)
      result.dx = [](Js x, Js, Js r) -> Js { return Op::dx(x, r); };
  } else {
    if constexpr (requires(Js x) { Op::value(x, x); })
      result.value = [](Js x, Js y) -> Js { return Op::value(x, y); };
    if constexpr (!ops::DerivativesOnly::contains<Op>) {
      result.dx = [](Js x, Js y, Js r) -> Js { return Op::dx(x, y, r); };
      result.dy = [](Js x, Js y, Js r) -> Js { return Op::dy(x, y, r); };
    }
    if constexpr (KnowsNumbers<Op>) {
      result.dx_beside_number = [](Js x, Js y, Js r) -> Js {
        return Op::dx_beside_number(x, y, r);
      };
      result.dy_beside_number = [](Js x, Js y, Js r) -> Js {
        return Op::dy_beside_number(x, y, r);
      };
    } else {
      result.dx_beside_number = result.dx;
      result.dy_beside_number = result.dy;
    }
  }
  return result;
}

const std::vector<Rules>& all_rules() {
  static const std::vector<Rules> rules = [] {
    std::vector<Rules> result;
    ops::Concatenation<ops::Elementary, ops::List<ops::AdjointProduct, ops::RowMean>,
                       ops::DerivativesOnly>::for_each([&]<class Op>() {
      result.push_back(rules_of<Op>());
    });
    return result;
  }();
  return rules;
}

// What is returned by the name that the last line gives it is returned at once.
std::string with_return(const std::string& lines, const std::string& result) {
  const std::string last = "const " + result + " = ";
  const std::size_t at = lines.rfind(last);
  if (at == std::string::npos || lines.find('\n', at) + 1 != lines.size())
    return lines + "return " + result + ";";
  return lines.substr(0, at) + "return " +
         lines.substr(at + last.size(), lines.size() - at - last.size() - 1);
}

std::string body(const auto& rule) {
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.take_lines();
  const Js result = rule();
  return with_return(writer.take_lines(), result.text());
}

// The same as an expression.
std::string expression(const auto& rule) {
  const std::string lines = body(rule);
  if (lines.find('\n') != std::string::npos) return "(() => {\n" + lines + "\n})()";
  return "(" + lines.substr(7, lines.size() - 8) + ")";  // without return and the semicolon
}

// const op_tanh = ...: what an operation is called by. A rule that calls its own operation, as that of
// exp does, means the function of this name; so does one that asks for a plain number.
struct Definition {
  std::string text;
  bool is_primitive;
};
Definition definition(const Rules& rules) {
  JavaScriptBody::current().clear();
  const Js x = Js::of("x"), y = Js::of("y");
  const std::string own = java_script_name(rules.info->name), begin = "const op_" + own + " = ";
  if (!rules.value) return {begin + own + ";\n", true};
  const std::string parameters = rules.operands == 1 ? "x" : "x, y";
  std::string lines = body([&] { return rules.value(x, y); });
  const std::string call = "op_" + own + "(";
  bool is_primitive = false;
  for (auto at = lines.find(call); at != std::string::npos; at = lines.find(call)) {
    lines.erase(at, 3);
    is_primitive = true;
  }
  return {begin + "(" + parameters + ") => {\n" + lines + "\n};\n", is_primitive};
}

// The local derivatives, as functions of the operands and the result.
std::string partials(const Rules& rules, bool x_is_number, bool y_is_number) {
  const Js x = Js::of("a[0]"), y = Js::of("a[1]"), r = Js::of("r");
  const auto written = [&](auto rule) { return expression([&] { return rule(x, y, r); }); };
  if (rules.operands == 1) return "[" + written(rules.dx) + "]";
  std::string dx = "0", dy = "0";
  if (y_is_number || !x_is_number) dx = written(y_is_number ? rules.dx_beside_number : rules.dx);
  if (x_is_number || !y_is_number) dy = written(x_is_number ? rules.dy_beside_number : rules.dy);
  return "[" + dx + ", " + dy + "]";
}

std::string elementary_entry(const Rules& rules, bool x_is_number, bool y_is_number) {
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.clear();
  const std::string call = rules.operands == 1 ? "(a[0])" : "(a[0], a[1])";
  const std::string own = java_script_name(rules.info->name);
  writer.called.insert(own);
  return "{value: (a) => op_" + own + call + ", partials: (a, r) => " +
         partials(rules, x_is_number, y_is_number) + "}";
}

// An operation of many operands, and select(): `count` numbers, and for softmax the number k of the
// output in front of them.
template <class Op> std::string ranged_entry(std::size_t count, std::size_t k, std::size_t first) {
  JavaScriptBody& writer = JavaScriptBody::current();
  writer.clear();
  std::vector<Js> x, out(count);
  for (std::size_t i = 0; i < count; ++i)
    x.push_back(Js::of("a[" + std::to_string(i + first) + "]"));
  const std::span<const Js> in(x);
  const std::string value = body([&]() -> Js { return Op::value(in, k); });
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
  for (const Rules& rules : all_rules()) {
    if (rules.info->name != node.op || operands.size() != rules.operands || !rules.dx) continue;
    const bool x = is_number(0), y = operands.size() > 1 && is_number(1);
    add(own + (x ? "_n" : "") + (y ? "_of_n" : ""), [&] { return elementary_entry(rules, x, y); });
  }
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
    for (const Rules& rules : all_rules()) {
      if (java_script_name(rules.info->name) != name) continue;
      std::set<std::string>& called = JavaScriptBody::current().called;
      called.clear();
      const Definition found = definition(rules);
      text += found.text;
      if (found.is_primitive && primitives != nullptr) primitives->insert(name);
      names.merge(called);
      called.clear();
    }
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
  for (const Rules& rules : all_rules()) {
    if (!rules.dx) continue;
    all.insert(java_script_name(rules.info->name));
    elementary_entry(rules, false, false);
  }
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
