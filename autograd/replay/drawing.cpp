#include "autograd/replay/drawing.hpp"

#include <array>
#include <charconv>

#include <autograd/draw/palette.hpp>
#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

std::string text_of(double x) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

std::string name_of(Node node) { return std::string("n").append(std::to_string(node)); }

std::string leaf_text(const Trace& trace, Node node) {
  if (trace.is_number(node)) return text_of(trace.number(node));
  const char* const kind = trace.code(node) == Trace::kParameter ? "parameter " : "input ";
  return kind + std::to_string(trace.nodes[node].first);
}

// 1 * x in a dot product is drawn as x.
bool is_one_in_a_dot(const Trace& trace, Node node, std::size_t k) {
  const auto x = trace.operands(node);
  return is_dot(trace.code(node)) && trace.is_number(x[k], 1) && !trace.is_number(x[k ^ 1], 1);
}

// What is written at the edge of operand k: which term it is a factor of, or where it stands.
std::string place_of(const Trace& trace, Node node, std::size_t k) {
  const ReplayCode c = trace.code(node);
  const auto x = trace.operands(node);
  if (is_dot(c)) return is_one_in_a_dot(trace, node, k ^ 1) ? "" : std::to_string(k / 2 + 1);
  const bool is_symmetric = x.size() < 2 || info_of(c).commutes != ops::Commutes::kNo;
  return is_symmetric ? "" : std::to_string(k + 1);
}

// Numbers that an edge or an output leads away from.
std::vector<bool> is_seen(const Trace& trace) {
  std::vector<bool> result(trace.size(), false);
  for (Node i = 0; i < trace.size(); ++i) {
    const auto x = trace.operands(i);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (!is_one_in_a_dot(trace, i, k)) result[x[k]] = true;
  }
  for (const Node y : trace.outputs) result[y] = true;
  return result;
}

}  // namespace

std::string to_dot(const Trace& trace, std::span<const std::string> outputs) {
  const Palette& colour = kColours;
  const std::vector<bool> is_uniform = uniform_nodes(trace), is_drawn = is_seen(trace);
  std::string out =
      "digraph function {\n"
      "rankdir=LR; nodesep=0.25; ranksep=0.45\n"
      "node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, style=filled]\n"
      "edge [color=\"";
  out.append(colour.muted)
      .append("\", arrowsize=0.6, fontname=\"Helvetica,Arial,sans-serif\", fontsize=10]\n");
  const auto box = [&](const std::string& name, const std::string& label, std::string_view line,
                       std::string_view fill, const char* more) {
    out.append(name).append(" [shape=box, label=\"").append(label).append("\", color=\"");
    out.append(line)
        .append("\", fillcolor=\"")
        .append(fill)
        .append("\"")
        .append(more)
        .append("]\n");
  };
  for (Node i = 0; i < trace.size(); ++i) {
    if (trace.is_number(i) && !is_drawn[i]) continue;
    if (trace.is_leaf(i)) {
      const bool is_number = trace.is_number(i);
      box(name_of(i), leaf_text(trace, i), is_number ? colour.faint : colour.leaf_line,
          is_number ? "#FFFFFF" : colour.leaf_fill,
          trace.code(i) == Trace::kInput ? "" : ", style=\"filled,rounded\"");
      continue;
    }
    out.append(name_of(i)).append(" [shape=ellipse, margin=\"0.04,0.02\", label=\"");
    out.append(info_of(trace.code(i)).symbol).append("\", color=\"").append(colour.operation_line);
    out.append("\", fillcolor=\"").append(is_uniform[i] ? "#FFFFFF" : colour.operation_fill);
    out.append("\", fontcolor=\"")
        .append(is_uniform[i] ? colour.operation_line : colour.operation_text);
    out.append("\"]\n");
    const auto x = trace.operands(i);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (is_one_in_a_dot(trace, i, k)) continue;
      out.append(name_of(x[k])).append(" -> ").append(name_of(i));
      const std::string place = place_of(trace, i, k);
      if (!place.empty()) out.append(" [headlabel=\"").append(place).append("\"]");
      out.append("\n");
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const std::string name = std::string("y").append(std::to_string(k));
    box(name, outputs[k], colour.result_line, colour.result_fill, "");
    out.append(name_of(trace.outputs[k])).append(" -> ").append(name).append("\n");
  }
  return out + "}\n";
}

}  // namespace autograd::detail
