#include "autograd/dot/folded.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include <autograd/dot/drawing.hpp>
#include <autograd/draw/dot_text.hpp>
#include <autograd/draw/palette.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kDeepestFold = 8;

struct FoldedBox {
  std::size_t operations = 0, leaves = 0;
};

// Boxes are the parts of the tree; what is in none is in two, the leaves and the operations.
struct FoldedGraph {
  PartTree tree;
  std::size_t inputs;                                                 // the box of those leaves
  std::vector<FoldedBox> boxes;                                       // by part, and inputs
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> values;  // from one box to another

  FoldedGraph(const GraphView& view, std::size_t depth)
      : tree(part_tree(view, depth)), inputs(tree.parts.size()), boxes(inputs + 1) {
    std::vector<std::size_t> last_user(view.nodes.size(), inputs + 1);
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      const GraphView::Node& node = view.nodes[i];
      if (!node.op.empty()) ++boxes[box_of(view, i)].operations;
      if (is_leaf(node)) ++boxes[box_of(view, i)].leaves;
      for (const GraphView::Operand& operand : view.operands_of(node)) {
        const std::size_t from = box_of(view, operand.node), to = box_of(view, i);
        const GraphView::Node& source = view.nodes[operand.node];
        if (from == to || (source.op.empty() && !is_leaf(source))) continue;
        // Uses of one value by one box that follow one another count once.
        if (last_user[operand.node] != to) ++values[{from, to}];
        last_user[operand.node] = to;
      }
    }
  }

  static bool is_leaf(const GraphView::Node& node) {
    return node.op.empty() && (!node.is_constant || !node.label.empty());
  }
  std::size_t box_of(const GraphView& view, std::size_t i) const {
    return tree.part_of[i] == 0 && view.nodes[i].op.empty() ? inputs : tree.part_of[i];
  }
  bool is_empty(std::size_t box) const {
    return boxes[box].operations == 0 && boxes[box].leaves == 0;
  }
  std::size_t box_count() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) count += is_empty(i) ? 0 : 1;
    return count;
  }
  // "layer 1, unit 3"
  std::string name(std::size_t box) const {
    if (box == inputs) return "inputs";
    if (box == 0) return "rest";
    std::string result;
    for (std::size_t i = box; i != 0; i = tree.parts[i].parent)
      result = tree.parts[i].name + (result.empty() ? "" : ", ") + result;
    return result;
  }
};

std::string fold_row(std::size_t count, const std::string& noun, const Palette& colour) {
  std::string row;
  if (count > 0)
    put(row, "<tr><td align=\"right\">", std::to_string(count),
        "</td><td align=\"left\"><font color=\"", colour.muted, "\">", noun, "</font></td></tr>");
  return row;
}

}  // namespace

std::size_t depth_to_fold(const GraphView& view, std::size_t most) {
  for (std::size_t depth = kDeepestFold; depth > 0; --depth) {
    const FoldedGraph graph(view, depth);
    if (graph.tree.parts.size() < 3) return 0;
    if (graph.box_count() <= most) return depth;
  }
  return 0;
}

std::string folded_text(const GraphView& view, std::size_t depth, const DotOptions& options,
                        const std::string& note) {
  const FoldedGraph graph(view, depth);
  const Palette& colour = options.colours ? kColours : kBlackOnWhite;
  const bool is_across = options.direction == Direction::kLeftToRight;
  const DotAttribute font = quoted("fontname", "Helvetica,Arial,sans-serif");
  DotWriter dot("autograd");
  std::string label = markup_text(options.title, 200);
  if (!label.empty()) label += "<br/>";
  put(label, "<font point-size=\"11\" color=\"", colour.muted, "\">", note,
      note.empty() ? "" : "; ", "numbers on edges: values that one part uses of another</font>");
  dot.defaults("graph", {bare("rankdir", is_across ? "LR" : "TB"), bare("bgcolor", "white"),
                         bare("pad", "0.3"), bare("nodesep", "0.3"), bare("ranksep", "0.5"), font,
                         bare("fontsize", "18"), bare("labelloc", "t"), markup("label", label)});
  dot.defaults("node", {bare("shape", "box"), quoted("style", "rounded,filled"), font,
                        bare("fontsize", "13"), quoted("color", colour.line),
                        bare("fillcolor", "white"), quoted("margin", "0.06,0.04")});
  dot.defaults("edge", {bare("arrowsize", "0.6"), font, bare("fontsize", "11"),
                        quoted("color", colour.line), quoted("fontcolor", colour.muted)});
  const std::size_t root = graph.box_of(view, view.nodes.size() - 1);
  for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
    if (graph.is_empty(i)) continue;
    std::string table = "<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"2\">";
    put(table, "<tr><td colspan=\"2\"><b>", markup_text(graph.name(i), kLongestDotLabel),
        "</b></td></tr>");
    const FoldedBox& box = graph.boxes[i];
    put(table, fold_row(box.operations, box.operations == 1 ? "operation" : "operations", colour),
        fold_row(box.leaves, box.leaves == 1 ? "leaf" : "leaves", colour));
    if (i == root)
      put(table, "<tr><td colspan=\"2\">result ",
          text::rounded(view.nodes.back().data, options.digits), "</td></tr>");
    DotWriter::Attributes look{markup("label", table + "</table>")};
    if (i == root) {
      look.insert(look.end(), {bare("penwidth", "2.5"), quoted("color", colour.result_line),
                               quoted("fillcolor", colour.result_fill)});
    } else if (i == graph.inputs) {
      look.insert(look.end(),
                  {quoted("color", colour.leaf_line), quoted("fillcolor", colour.leaf_fill)});
    }
    dot.node("p" + std::to_string(i), look);
  }
  for (const auto& [ends, count] : graph.values) {
    const double width = 1 + std::log10(static_cast<double>(count));
    dot.edge("p" + std::to_string(ends.first), "p" + std::to_string(ends.second),
             {quoted("label", (is_across ? "" : " ") + std::to_string(count)),
              bare("penwidth", text::fixed(width, 1))});
  }
  return std::move(dot).finish();
}

}  // namespace autograd::detail
