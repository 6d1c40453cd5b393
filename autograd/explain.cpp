#include "autograd/explain.hpp"

#include <algorithm>
#include <new>

#include <autograd/explain/builder.hpp>

namespace autograd {

using detail::GraphView;
using detail::Swept;

namespace {

// The nodes that depend on one.
std::vector<bool> dependents(const GraphView& view, std::size_t from) {
  std::vector<bool> result(view.nodes.size(), false);
  result[from] = true;
  for (std::size_t i = from; i < view.nodes.size(); ++i) {
    for (const GraphView::Operand& operand : view.operands_of(view.nodes[i]))
      if (result[operand.node]) result[i] = true;
  }
  return result;
}

std::size_t place_of(const GraphView& view, const Value& x) {
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (view.nodes[i].id == x.id()) return i;
  }
  throw Error("explain(): the result was not computed from options.from" +
              (x.label().empty() ? "" : " ('" + std::string(x.label()) + "')"));
}

std::string joined(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return result;
}

// The operations in a part, and the nodes that they use.
std::vector<bool> nodes_of_part(const Swept& graph, const std::string& part) {
  std::vector<bool> is_in(graph.parts.size(), false);
  bool is_there = false;
  for (std::size_t p = 1; p < graph.parts.size(); ++p) {
    const std::string name = joined(graph.parts[p]);
    is_in[p] = name == part || name.starts_with(part + ", ");
    is_there = is_there || is_in[p];
  }
  if (!is_there) {
    std::string known;
    for (std::size_t p = 1; p < std::min<std::size_t>(graph.parts.size(), 11); ++p)
      known += (p == 1 ? "" : "; ") + joined(graph.parts[p]);
    throw Error(
        "explain(): there is no part '" + part + "'" +
        (known.empty() ? "; the graph was recorded without Scopes" : "; the parts are: " + known) +
        (graph.parts.size() > 11 ? "; ..." : ""));
  }
  std::vector<bool> result(graph.view.nodes.size(), false);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = is_in[graph.part[i]];
  return result;
}

void check(const ExplainOptions& options) {
  if (options.digits < 1 || options.digits > 17) {
    throw Error("explain(): options.digits must be 1 to 17, but is " +
                std::to_string(options.digits));
  }
  if (options.forward_mode && !options.from) {
    throw Error("explain(): forward mode is for one input; name it in options.from");
  }
}

}  // namespace

Explanation explain(const Value& y, const ExplainOptions& options) try {
  check(options);
  const Swept graph(y);
  const std::vector<GraphView::Node>& nodes = graph.view.nodes;
  std::size_t from = Explanation::kNone;
  std::vector<bool> is_shown(nodes.size(), true);
  if (options.from) {
    from = place_of(graph.view, *options.from);
    is_shown = dependents(graph.view, from);
  }
  if (!options.part.empty()) {
    const std::vector<bool> is_in = nodes_of_part(graph, options.part);
    for (std::size_t i = 0; i < is_in.size(); ++i) is_shown[i] = is_shown[i] && is_in[i];
  }
  std::size_t operations = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) operations += is_shown[i] && !nodes[i].op.empty();
  if (options.part.empty() && options.depth > 0 && operations > options.most_operations)
    return detail::explain_parts(graph, options);
  return detail::explain_steps(graph, options, is_shown, from);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
