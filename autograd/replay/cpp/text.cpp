#include "autograd/replay/cpp/text.hpp"

#include <algorithm>
#include <cstdlib>

#include <autograd/error.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

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

template <class T, class Text>
std::string table_of(const std::string& type, const std::string& name, std::span<const T> entries,
                     const Text& text_of) {
  std::string result = "inline constexpr " + type + " " + name + "[] = {", line = "\n   ";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string entry = " " + text_of(entries[i]) + (i + 1 < entries.size() ? "," : "");
    if (line.size() + entry.size() > 100) {
      result += line;
      line = "\n   ";
    }
    line += entry;
  }
  return result + line + "};\n";
}

}  // namespace

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

std::string table(const std::string& name, std::span<const double> entries) {
  return table_of("double", name, entries, cpp::literal);
}
std::string table(const std::string& name, std::span<const std::uint32_t> entries) {
  return table_of("int", name, entries, [](std::uint32_t i) { return std::to_string(i); });
}

std::string written(ReplayCode c, std::span<const cpp::Code> x) {
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

std::vector<bool> needed_for(const Trace& trace, std::span<const Node> outputs) {
  std::vector<bool> result(trace.size(), false);
  for (const Node y : outputs) result[y] = true;
  for (Node i = trace.size(); i-- > 0;) {
    if (!result[i]) continue;
    for (const Node x : trace.operands(i)) result[x] = true;
  }
  return result;
}

void TraceText::write(const std::vector<bool>& which) {
  std::vector<cpp::Code> operands;
  for (Node i = 0; i < trace_.size(); ++i) {
    if (!which[i] || !names_[i].empty()) continue;
    if (trace_.is_number(i)) {
      names_[i] = cpp::literal(trace_.number(i));
    } else if (trace_.is_leaf(i)) {
      const bool is_parameter = trace_.code(i) == Trace::kParameter;
      const std::string& leaf = (is_parameter ? parameters_ : inputs_)[trace_.nodes[i].first];
      names_[i] = loads_ && leaf.ends_with(']') ? lines_.add(leaf) : leaf;
    } else {
      operands.clear();
      for (const Node x : trace_.operands(i)) operands.emplace_back(names_[x]);
      names_[i] = written(trace_.code(i), operands);
    }
  }
}

Names TraceText::outputs() const {
  Names result;
  for (const Node each : trace_.outputs) result.push_back(names_[each]);
  return result;
}

std::string index_text(const std::string& row, std::int64_t index) {
  if (row.empty()) return std::to_string(index);
  if (index == 0) return row;
  return row + (index < 0 ? " - " : " + ") + std::to_string(std::abs(index));
}

std::string Place::text() const {
  return array.empty() ? row : subscript(array, index_text(row, index));
}

Place ArraysText::place(std::size_t variable) const {
  const bool is_parameter = variable < parameter_count;
  return {is_parameter ? parameters : inputs, "",
          static_cast<std::int64_t>(is_parameter ? variable : variable - parameter_count)};
}

std::pair<std::int64_t, std::int64_t> range_of(const Column& column, std::size_t rows) {
  if (!column.list.empty()) {
    const auto [low, high] = std::ranges::minmax(column.list);
    return {low, high};
  }
  const std::int64_t last = column.first + (static_cast<std::int64_t>(rows) - 1) * column.step;
  return {std::min<std::int64_t>(column.first, last), std::max<std::int64_t>(column.first, last)};
}

Place ArraysText::place(const Column& column, std::size_t rows, const std::string& places,
                        std::int64_t offset) const {
  const auto p = static_cast<std::int64_t>(parameter_count);
  const auto [low, high] = range_of(column, rows);
  const bool has_list = !column.list.empty();
  const std::string row = has_list            ? subscript(places, "r")
                          : column.step == 1  ? "r"
                          : column.step == -1 ? "-r"
                                              : std::to_string(column.step) + " * r";
  const std::int64_t first = has_list ? offset : column.first;
  const Place in_parameters{parameters, row, first}, in_inputs{inputs, row, first - p};
  if (high < p) return in_parameters;
  if (low >= p) return in_inputs;
  return {"",
          "(" + index_text(row, first) + " < " + std::to_string(p) + " ? " + in_parameters.text() +
              " : " + in_inputs.text() + ")",
          0};
}

std::string zeros(const std::string& array, std::size_t first, std::size_t count) {
  if (count == 0) return "";
  return "  for (int i = " + std::to_string(first) + "; i < " + std::to_string(first + count) +
         "; ++i) " + array + "[i] = 0.0;\n";
}

}  // namespace autograd::detail
