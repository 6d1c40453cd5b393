// Functions as C++: Recorded::to_cpp().
//
// A function that is straight on becomes a line for each operation. One that is made of loops becomes
// these loops: over an array where the leaves of a column lie evenly, else over a table of places.

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <autograd/cpp.hpp>
#include <autograd/error.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/rerolled_function.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;
using Names = std::vector<std::string>;

std::string subscript(const std::string& array, const std::string& index) {
  return array + "[" + index + "]";
}
std::string subscript(const std::string& array, std::size_t index) {
  return subscript(array, std::to_string(index));
}
Names subscripts(const std::string& array, std::size_t count) {
  Names result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(subscript(array, i));
  return result;
}

// ---- operations ----

template <class Op> constexpr bool is_elementary() {
  return requires { Op::domain.size(); };
}

template <class Op> bool write_elementary(std::span<const cpp::Code> x, std::string& result) {
  if constexpr (Op::domain.size() == 1) {
    if constexpr (requires { Op::value(x[0]); }) {
      result = cpp::Code(Op::value(x[0])).text;
      return true;
    }
  } else {
    if constexpr (requires { Op::value(x[0], x[1]); }) {
      result = cpp::Code(Op::value(x[0], x[1])).text;
      return true;
    }
  }
  return false;
}

// A sum, or a dot product.
std::string sum_of(ReplayCode c, std::span<const cpp::Code> x) {
  std::string result = c == code<ops::Sum> || c == code<ops::Dot> ? "0.0" : "";
  const auto add = [&](const std::string& term) { result += (result.empty() ? "" : " + ") + term; };
  for (std::size_t i = 0; i < x.size(); i += is_dot(c) ? 2 : 1) {
    if (c == kAdjointDot) {
      add(ops::AdjointProduct::value(x[i], x[i + 1]).text);
    } else {
      add(is_dot(c) ? x[i].text + " * " + x[i + 1].text : x[i].text);
    }
  }
  return cpp::closed(result).text;
}

// The name of the result.
// Throws: Error if C++ has no functions for the operation.
std::string write(ReplayCode c, std::span<const cpp::Code> x) {
  if (is_sum(c)) return sum_of(c, x);
  bool is_written = false;
  std::string result;
  ops::Concatenation<ops::All, ReplayOnly>::for_each([&]<class Op>() {
    if (c != replay_code<Op>()) return;
    if constexpr (is_elementary<Op>()) {
      is_written = write_elementary<Op>(x, result);
    } else if constexpr (std::same_as<Op, ops::Softmax>) {
      // Its first operand is the number of the output.
      const auto k = static_cast<std::size_t>(std::stod(x[0].text));
      result = Op::value(x.subspan(1), k).text;
      is_written = true;
    } else if constexpr (requires { Op::value(x, 0); }) {
      result = cpp::Code(Op::value(x, 0)).text;
      is_written = true;
    }
  });
  if (!is_written || c == code<ops::RowMean>)
    throw Error("Function::to_cpp(): '" + std::string(info_of(c).name) +
                "' cannot be written as C++ of one row");
  return result;
}

// Lines for the nodes of a trace. What its outputs are called.
Names write(const Trace& trace, const Names& parameters, const Names& inputs) {
  std::vector<std::string> names(trace.size());
  std::vector<cpp::Code> operands;
  for (Node i = 0; i < trace.size(); ++i) {
    const std::uint32_t first = trace.nodes[i].first;
    if (trace.is_number(i)) {
      names[i] = cpp::literal(trace.number(i));
    } else if (trace.is_leaf(i)) {
      names[i] = (trace.code(i) == Trace::kParameter ? parameters : inputs)[first];
    } else {
      operands.clear();
      for (const Node x : trace.operands(i)) operands.emplace_back(names[x]);
      names[i] = write(trace.code(i), operands);
    }
  }
  Names result;
  for (const Node each : trace.outputs) result.push_back(names[each]);
  return result;
}

// Whether a trace reads an input.
bool reads_input(const Trace& trace, std::size_t input) {
  for (Node i = 0; i < trace.size(); ++i) {
    if (trace.code(i) != Trace::kInput || trace.nodes[i].first != input) continue;
    const auto is_this = [i](Node x) { return x == i; };
    return std::ranges::any_of(trace.operand_list, is_this) ||
           std::ranges::any_of(trace.outputs, is_this);
  }
  return false;
}

std::string assigned(const std::string& to, const std::string& from) {
  return "  " + to + " = " + from + ";\n";
}

template <class T, class Text> std::string table(const std::string& type, const std::string& name,
                                                 std::span<const T> entries, const Text& text_of) {
  std::string result = "  static const " + type + " " + name + "[] = {", line = "\n     ";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string entry = " " + text_of(entries[i]) + (i + 1 < entries.size() ? "," : "");
    if (line.size() + entry.size() > 100) {
      result += line;
      line = "\n     ";
    }
    line += entry;
  }
  return result + line + "};\n";
}

}  // namespace

// ---- loops ----

// Writes the loops of a function, and what is not in them.
class CppLoops {
 public:
  CppLoops(const RerolledFunction& f, bool has_gradient)
      : f_(f), has_gradient_(has_gradient), lines_(text_, "  ") {}

  std::string body() {
    if (has_gradient_) zero_gradients();
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) add_tables(k);
    const bool is_affine = !f_.slopes_.empty();
    Names sums, slopes;
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) {
      sums.push_back("sum" + std::to_string(k));
      if (is_affine) slopes.push_back(cpp::literal(f_.slopes_[k]));
      add_loop(k, sums[k], has_gradient_ && is_affine ? slopes[k] : "");
    }
    Names leaves;
    for (const std::uint32_t each : f_.leaves_) leaves.push_back(variable(each, "p", "x"));
    const Trace& rest = f_.rest_->trace();
    const std::span<const Node> wanted(rest.outputs);
    const Names results =
        write(remove_dead(rest, has_gradient_ ? wanted : wanted.first(1)), sums, leaves);
    if (!has_gradient_) return text_ + "  return " + results[0] + ";\n";
    for (std::size_t i = 0; i < leaves.size(); ++i)
      text_ += "  " + variable(f_.leaves_[i], "dp", "dx") + " += " + results[1 + sums.size() + i] +
               ";\n";
    for (std::size_t k = 0; k < sums.size() && !is_affine; ++k) add_loop(k, "", results[1 + k]);
    return text_ + "  return " + results[0] + ";\n";
  }

 private:
  std::string variable(std::size_t i, const std::string& parameters,
                       const std::string& inputs) const {
    return i < f_.parameters_ ? subscript(parameters, i) : subscript(inputs, i - f_.parameters_);
  }

  void zero_gradients() {
    const auto zero = [&](std::size_t count, const std::string& array) {
      if (count > 0)
        text_ +=
            "  for (int i = 0; i < " + std::to_string(count) + "; ++i) " + array + "[i] = 0.0;\n";
    };
    zero(f_.parameters_, "dp");
    zero(f_.inputs_, "dx");
  }

  std::string table_name(const char* kind, std::size_t part, std::size_t column) const {
    return kind + std::to_string(part) + "_" + std::to_string(column);
  }

  void add_tables(std::size_t k) {
    const RerolledFunction::Part& part = f_.parts_[k];
    for (std::size_t c = 0; c < part.columns.size(); ++c) {
      const auto& list = part.columns[c].list;
      if (!list.empty())
        text_ += table("int", table_name("place", k, c), std::span<const std::uint32_t>(list),
                       [](std::uint32_t i) { return std::to_string(i); });
    }
    for (std::size_t c = part.columns.size(); c < part.width(); ++c) {
      const auto numbers = std::span<const double>(part.numbers)
                               .subspan((c - part.columns.size()) * part.rows, part.rows);
      text_ += table("double", table_name("number", k, c), numbers, cpp::literal);
    }
  }

  // The entry of a column in row r.
  std::string entry(std::size_t k, std::size_t c, const std::string& parameters,
                    const std::string& inputs) const {
    const RerolledFunction::Part& part = f_.parts_[k];
    const Column& column = part.columns[c];
    const auto p = static_cast<std::int64_t>(f_.parameters_);
    const std::int64_t first = column.first,
                       last = first + (static_cast<std::int64_t>(part.rows) - 1) * column.step;
    bool has_parameters = first < p || last < p, has_inputs = first >= p || last >= p;
    if (!column.list.empty()) {
      const auto [low, high] = std::ranges::minmax(column.list);
      has_parameters = low < p;
      has_inputs = high >= p;
    }
    const auto place = [&](std::int64_t offset) {
      if (!column.list.empty()) {
        const std::string at = subscript(table_name("place", k, c), "r");
        return offset == 0 ? at : at + " - " + std::to_string(offset);
      }
      const std::int64_t from = first - offset;
      const std::string steps = column.step == 1    ? "r"
                                : column.step == -1 ? "-r"
                                                    : std::to_string(column.step) + " * r";
      return from == 0 ? steps
                       : steps + (from < 0 ? " - " : " + ") + std::to_string(std::abs(from));
    };
    if (!has_inputs) return subscript(parameters, place(0));
    if (!has_parameters) return subscript(inputs, place(p));
    return "(" + place(0) + " < " + std::to_string(p) + " ? " + subscript(parameters, place(0)) +
           " : " + subscript(inputs, place(p)) + ")";
  }

  // The sum over the rows, and slope times its derivatives; what is empty is not wanted.
  void add_loop(std::size_t k, const std::string& sum, const std::string& slope) {
    const RerolledFunction::Part& part = f_.parts_[k];
    const Trace& body = part.body->trace();
    const std::size_t shared = part.shared.size();
    Names parameters, inputs, totals;
    for (std::size_t i = 0; i < shared; ++i)
      parameters.push_back(variable(part.shared[i], "p", "x"));
    if (!sum.empty()) text_ += "  double " + sum + " = 0.0;\n";
    for (std::size_t i = 0; i < shared && !slope.empty(); ++i) {
      totals.push_back(table_name("total", k, i));
      text_ += "  double " + totals[i] + " = 0.0;\n";
    }
    text_ += "  for (int r = 0; r < " + std::to_string(part.rows) + "; ++r) {\n";
    lines_.set_indent("    ");
    std::span<const Node> wanted(body.outputs);
    if (sum.empty()) wanted = wanted.subspan(1);
    if (slope.empty()) wanted = wanted.first(1);
    const Trace row = remove_dead(body, wanted);
    for (std::size_t c = 0; c < part.width(); ++c) {
      if (!reads_input(row, c)) {
        inputs.emplace_back();
      } else {
        inputs.push_back(lines_.add(c < part.columns.size()
                                        ? entry(k, c, "p", "x")
                                        : subscript(table_name("number", k, c), "r")));
      }
    }
    Names results = write(row, parameters, inputs);
    if (sum.empty()) results.insert(results.begin(), "");
    if (!sum.empty()) text_ += "    " + sum + " += " + results[0] + ";\n";
    const std::string factor = slope == "1.0" ? "" : slope + " * ";
    for (std::size_t i = 0; i < totals.size(); ++i)
      text_ += "    " + totals[i] + " += " + results[1 + i] + ";\n";
    for (std::size_t c = 0; c < part.columns.size() && !slope.empty(); ++c)
      text_ += "    " + entry(k, c, "dp", "dx") + " += " + factor + results[1 + shared + c] + ";\n";
    lines_.set_indent("  ");
    text_ += "  }\n";
    for (std::size_t i = 0; i < totals.size(); ++i)
      text_ += "  " + variable(part.shared[i], "dp", "dx") + " += " + factor + totals[i] + ";\n";
  }

  const RerolledFunction& f_;
  const bool has_gradient_;
  std::string text_;
  cpp::Lines lines_;
};

std::string RerolledFunction::to_cpp(bool has_gradient) const {
  const bool has_guards =
      !rest_->guards.empty() ||
      std::ranges::any_of(parts_, [](const Part& part) { return !part.body->guards.empty(); });
  if (has_guards) return {};
  return CppLoops(*this, has_gradient).body();
}

// ---- the whole ----

std::string Recorded::body_as_cpp(bool has_gradient) const {
  if (one_row != nullptr)
    if (std::string own = one_row->to_cpp(has_gradient); !own.empty()) return own;
  const Trace& whole = trace();
  const std::size_t derivatives = parameters + differentiated;
  std::vector<Node> wanted(whole.outputs);
  if (!has_gradient)
    wanted.erase(wanted.begin() + 1, wanted.begin() + 1 + static_cast<std::ptrdiff_t>(derivatives));
  const Trace part = remove_dead(whole, wanted);
  std::string text;
  cpp::Lines lines(text, "  ");
  const Names results = write(part, subscripts("p", parameters), subscripts("x", inputs));
  const std::size_t first_guard = has_gradient ? 1 + derivatives : 1;
  std::string other_branch;
  for (std::size_t i = 0; i < guards.size(); ++i)
    other_branch += (i > 0 ? " || " : "") + results[first_guard + i] +
                    (guards[i].must_be ? " == 0.0" : " != 0.0");
  Names gradient = subscripts("dp", parameters);
  for (const std::string& each : subscripts("dx", differentiated)) gradient.push_back(each);
  if (!has_gradient) gradient.clear();
  if (!guards.empty()) {
    text += "  if (" + other_branch + ") {  // another branch than the one that was recorded\n";
    for (const std::string& each : gradient) text += "  " + assigned(each, "NAN");
    text += "    return NAN;\n  }\n";
  }
  for (std::size_t i = 0; i < gradient.size(); ++i) text += assigned(gradient[i], results[1 + i]);
  return text + "  return " + results[0] + ";\n";
}

std::string Recorded::to_cpp(const std::string& name) const {
  if (outputs != 1)
    throw Error("Function::to_cpp(): expected a function of one output, got one of " +
                std::to_string(outputs));
  if (!cpp::is_function_name(name))
    throw Error("Function::to_cpp(): '" + name + "' cannot be the name of a function");
  return "// A recorded function of p[" + std::to_string(parameters) + "] and x[" +
         std::to_string(inputs) +
         "]. Written by autograd::Function::to_cpp().\n"
         "#pragma once\n\n#include <cmath>\n\n// The value.\n"
         "inline double " +
         name + "([[maybe_unused]] const double* p, [[maybe_unused]] const double* x) {\n" +
         body_as_cpp(false) +
         "}\n\n// The value; into dp and dx its derivatives by all parameters and inputs.\n"
         "inline double " +
         name +
         "([[maybe_unused]] const double* p, [[maybe_unused]] const double* x,\n"
         "    [[maybe_unused]] double* dp, [[maybe_unused]] double* dx) {\n" +
         body_as_cpp(true) + "}\n";
}

}  // namespace autograd::detail
