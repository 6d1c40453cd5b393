#include "autograd/replay/drawing.hpp"

#include <utility>

#include <autograd/draw/dot_text.hpp>
#include <autograd/draw/palette.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kLongestLabel = 40;  // in characters

std::string name_of(Node node) { return std::string("n").append(std::to_string(node)); }

std::string leaf_text(const Trace& trace, Node node) {
  if (trace.is_number(node)) return text::shortest(trace.number(node));
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
  const DotAttribute font = quoted("fontname", "Helvetica,Arial,sans-serif");
  DotWriter dot("function");
  dot.defaults("graph", {bare("rankdir", "LR"), bare("nodesep", "0.25"), bare("ranksep", "0.45")});
  dot.defaults("node", {font, bare("fontsize", "12"), bare("style", "filled")});
  dot.defaults("edge", {quoted("color", colour.muted), bare("arrowsize", "0.6"), font,
                        bare("fontsize", "10")});
  const auto box = [&](const std::string& name, const std::string& text, std::string_view line,
                       std::string_view fill, bool is_round) {
    DotWriter::Attributes look{bare("shape", "box"), text_attribute("label", text, kLongestLabel),
                               quoted("color", line), quoted("fillcolor", fill)};
    if (is_round) look.push_back(quoted("style", "filled,rounded"));
    dot.node(name, look);
  };
  for (Node i = 0; i < trace.size(); ++i) {
    if (trace.is_number(i) && !is_drawn[i]) continue;
    if (trace.is_leaf(i)) {
      const bool is_number = trace.is_number(i);
      box(name_of(i), leaf_text(trace, i), is_number ? colour.faint : colour.leaf_line,
          is_number ? "#FFFFFF" : colour.leaf_fill, trace.code(i) != Trace::kInput);
      continue;
    }
    dot.node(name_of(i),
             {bare("shape", "ellipse"), quoted("margin", "0.04,0.02"),
              text_attribute("label", info_of(trace.code(i)).symbol, kLongestLabel),
              quoted("color", colour.operation_line),
              quoted("fillcolor", is_uniform[i] ? "#FFFFFF" : colour.operation_fill),
              quoted("fontcolor", is_uniform[i] ? colour.operation_line : colour.operation_text)});
    const auto x = trace.operands(i);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (is_one_in_a_dot(trace, i, k)) continue;
      const std::string place = place_of(trace, i, k);
      DotWriter::Attributes look;
      if (!place.empty()) look.push_back(quoted("headlabel", place));
      dot.edge(name_of(x[k]), name_of(i), look);
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const std::string name = std::string("y").append(std::to_string(k));
    box(name, outputs[k], colour.result_line, colour.result_fill, false);
    dot.edge(name_of(trace.outputs[k]), name);
  }
  return std::move(dot).finish();
}

}  // namespace autograd::detail
