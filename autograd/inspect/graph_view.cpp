#include "autograd/inspect/graph_view.hpp"

#include <algorithm>
#include <unordered_map>

namespace autograd::detail {

namespace {

bool is_constant(const Value& x) {
  if (x.id() >= 0) return x.is_leaf();  // recorded under a NoGradGuard
  return x.id() == kZero || (tape.tag[x.id()].code & kHasGradient) == 0;
}

// Constants without a name are drawn where they are used, as often as they are.
bool is_number(const Value& x) { return x.label().empty() && is_constant(x); }

GraphView::Node node_of(const Value& x) {
  return {.label = x.label(),
          .op = x.op(),
          .data = x.data(),
          .gradient = x.grad(),
          .is_constant = is_constant(x),
          .has_gradient = x.has_grad()};
}

// A leaf whose gradient is 0 does not know whether a backward() has come by; the operations that
// use it do.
void spread_has_gradient(GraphView& listing) {
  for (const GraphView::Node& node : listing.nodes) {
    if (!node.has_gradient) continue;
    for (const GraphView::Operand& operand : listing.operands_of(node)) {
      GraphView::Node& leaf = listing.nodes[operand.node];
      if (leaf.op.empty()) leaf.has_gradient = true;
    }
  }
}

void mark_dead(GraphView& listing) {
  std::vector<bool> alive(listing.nodes.size(), false);
  alive.back() = true;
  for (std::size_t i = listing.nodes.size(); i-- > 0;) {
    GraphView::Node& node = listing.nodes[i];
    node.has_no_path = !alive[i] && node.has_gradient && node.gradient == 0.0 && !node.is_constant;
    if (!alive[i]) continue;
    for (const GraphView::Operand& operand : listing.operands_of(node)) {
      if (operand.partial != 0.0) alive[operand.node] = true;
    }
  }
}

}  // namespace

GraphView list_graph(const Value& y) {
  GraphView listing;
  std::unordered_map<Id, std::size_t> places;
  for (const Value& x : topological_order(y)) {
    if (is_number(x) && x.id() != y.id()) continue;
    const std::vector<Value> inputs = x.inputs();
    const std::vector<double> partials = x.local_derivatives();
    GraphView::Node node = node_of(x);
    node.first_operand = listing.operands.size();
    node.operand_count = inputs.size();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::size_t place = listing.nodes.size();
      if (is_number(inputs[i])) {
        listing.nodes.push_back(node_of(inputs[i]));
      } else {
        place = places.at(inputs[i].id());
      }
      listing.operands.push_back({place, partials[i]});
    }
    places[x.id()] = listing.nodes.size();
    listing.nodes.push_back(node);
  }
  spread_has_gradient(listing);
  mark_dead(listing);
  return listing;
}

ops::Info operation_info(std::string_view name) {
  const auto known = std::find_if(ops::All::infos.begin(), ops::All::infos.end(),
                                  [&](const ops::Info& info) { return info.name == name; });
  if (known != ops::All::infos.end()) return *known;
  return {.name = name, .formula = name, .derivatives = {}};
}

}  // namespace autograd::detail
