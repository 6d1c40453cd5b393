// The drawing of a graph for terminals.
#include <algorithm>
#include <new>
#include <vector>

#include <autograd/dot.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using detail::GraphView;

// A node that waits for its line.
struct Waiting {
  std::size_t node;
  std::string before;  // what stands before the names of its own operands
  std::string branch;  // what stands before its own name
  double partial;
  bool is_root = false;
};

std::string tree_name(const GraphView::Node& node) {
  if (!node.label.empty()) return std::string(node.label);
  return node.op.empty() ? text::rounded(node.data, 4)
                         : std::string(detail::operation_info(node.op).glyph);
}

text::TableRow tree_row(const GraphView::Node& node, const Waiting& line, bool is_repeated) {
  text::TableRow row{line.branch + tree_name(node)};
  if (is_repeated) row[0] += " ↑";
  const bool has_symbol = !node.op.empty() && !node.label.empty();
  row.push_back(has_symbol ? std::string(detail::operation_info(node.op).glyph) : "");
  row.push_back(text::rounded(node.data, 4));
  row.push_back(node.is_constant     ? ""
                : !node.has_gradient ? "none yet"
                : node.has_no_path   ? "0, no path"
                                     : text::rounded(node.gradient, 4));
  row.push_back(line.is_root || node.is_constant ? "" : text::rounded(line.partial, 4));
  return row;
}

}  // namespace

std::string to_tree(const Value& y, std::size_t most_lines) try {
  const GraphView view = detail::list_graph(y);
  std::vector<bool> is_shown(view.nodes.size(), false);
  std::vector<text::TableRow> rows{{"", "", "data", "grad", "local derivative"}};
  std::vector<Waiting> waiting{{view.nodes.size() - 1, "", "", 1.0, true}};
  while (!waiting.empty() && rows.size() <= most_lines) {
    const Waiting line = std::move(waiting.back());
    waiting.pop_back();
    const GraphView::Node& node = view.nodes[line.node];
    const bool is_repeated = is_shown[line.node];
    rows.push_back(tree_row(node, line, is_repeated && node.operand_count > 0));
    is_shown[line.node] = true;
    if (is_repeated) continue;
    const auto operands = view.operands_of(node);
    for (std::size_t k = std::min(operands.size(), most_lines); k-- > 0;) {
      const bool is_last = k + 1 == operands.size();
      waiting.push_back({operands[k].node, line.before + (is_last ? "   " : "│  "),
                         line.before + (is_last ? "└─ " : "├─ "), operands[k].partial});
    }
  }
  const auto left = static_cast<std::size_t>(std::ranges::count(is_shown, false));
  const std::string rest = left == 0 ? "" : "... and " + std::to_string(left) + " more nodes\n";
  return text::table(rows, "llrrr") + rest;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
