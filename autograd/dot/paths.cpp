#include "autograd/dot/paths.hpp"

namespace autograd::detail {

GraphView paths_from(const GraphView& view, const Value& from) {
  std::vector<bool> is_on_path(view.nodes.size(), false), is_kept(view.nodes.size(), false);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    is_on_path[i] = view.nodes[i].id == from.id() && !view.nodes[i].is_constant;
    for (const GraphView::Operand& each : view.operands_of(view.nodes[i]))
      if (is_on_path[each.node]) is_on_path[i] = true;
    if (!is_on_path[i]) continue;
    is_kept[i] = true;
    // What `from` itself was computed from leads to it, not through it.
    if (view.nodes[i].id == from.id()) continue;
    for (const GraphView::Operand& each : view.operands_of(view.nodes[i]))
      is_kept[each.node] = true;
  }
  if (!is_on_path.back()) {
    throw Error("to_dot(): the result was not computed from options.from" +
                (from.label().empty() ? "" : " ('" + std::string(from.label()) + "')"));
  }
  GraphView result;
  std::vector<std::size_t> places(view.nodes.size());
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (!is_kept[i]) continue;
    GraphView::Node node = view.nodes[i];
    node.first_operand = result.operands.size();
    const bool is_start = node.id == from.id() && is_on_path[i];
    if (!is_on_path[i] || is_start) {
      node.op = {};
      node.operand_count = 0;
    }
    if (!is_on_path[i]) node.is_constant = true;
    for (std::size_t k = 0; k < node.operand_count; ++k) {
      const GraphView::Operand& each = view.operands[view.nodes[i].first_operand + k];
      result.operands.push_back({places[each.node], each.partial});
    }
    places[i] = result.nodes.size();
    result.nodes.push_back(node);
  }
  return result;
}

}  // namespace autograd::detail
