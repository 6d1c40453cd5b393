#include "autograd/inspect/graph_view.hpp"

#include <algorithm>
#include <unordered_map>

namespace autograd::detail {

namespace {

bool is_constant(const Value& x) { return tape.is_constant(x.id()); }

// Constants without a name are drawn where they are used, as often as they are.
bool is_number(const Value& x) { return x.label().empty() && is_constant(x); }

GraphView::Node node_of(const Value& x) {
  return {.id = x.id(),
          .label = x.label(),
          .op = x.op(),
          .data = x.data(),
          .gradient = x.grad(),
          .is_constant = is_constant(x),
          .has_gradient = x.has_grad()};
}

// A leaf whose gradient is 0 does not know whether a backward() has come by; the operations that
// use it do.
void spread_has_gradient(GraphView& view) {
  for (const GraphView::Node& node : view.nodes) {
    if (!node.has_gradient) continue;
    for (const GraphView::Operand& operand : view.operands_of(node)) {
      GraphView::Node& leaf = view.nodes[operand.node];
      if (leaf.op.empty()) leaf.has_gradient = true;
    }
  }
}

void find_nodes_without_path(GraphView& view) {
  std::vector<bool> has_path(view.nodes.size(), false);
  has_path.back() = true;
  for (std::size_t i = view.nodes.size(); i-- > 0;) {
    GraphView::Node& node = view.nodes[i];
    node.has_no_path =
        !has_path[i] && node.has_gradient && node.gradient == 0.0 && !node.is_constant;
    if (!has_path[i]) continue;
    for (const GraphView::Operand& operand : view.operands_of(node)) {
      if (operand.partial != 0.0) has_path[operand.node] = true;
    }
  }
}

}  // namespace

GraphView list_graph(const Value& y) {
  GraphView view;
  std::unordered_map<Id, std::size_t> places;
  for (const Value& x : topological_order(y)) {
    if (is_number(x) && x.id() != y.id()) continue;
    const std::vector<Value> inputs = x.inputs();
    const std::vector<double> partials = x.local_derivatives();
    GraphView::Node node = node_of(x);
    node.first_operand = view.operands.size();
    node.operand_count = inputs.size();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::size_t place = view.nodes.size();
      if (is_number(inputs[i])) {
        view.nodes.push_back(node_of(inputs[i]));
      } else {
        place = places.at(inputs[i].id());
      }
      view.operands.push_back({place, partials[i]});
    }
    places[x.id()] = view.nodes.size();
    view.nodes.push_back(node);
  }
  spread_has_gradient(view);
  find_nodes_without_path(view);
  return view;
}

ops::Info operation_info(std::string_view name) {
  const auto known = std::find_if(ops::All::infos.begin(), ops::All::infos.end(),
                                  [&](const ops::Info& info) { return info.name == name; });
  if (known != ops::All::infos.end()) return *known;
  return {.name = name, .formula = name, .derivatives = {}};
}

}  // namespace autograd::detail
