// From a graph to the data of an explanation.
#pragma once

#include <vector>

#include <autograd/explain.hpp>
#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// The graph of a result, its derivatives by every node, and which part each node is in.
struct Swept {
  explicit Swept(const Value& y);

  GraphView view;
  std::vector<double> gradient;                 // d(result)/d(node)
  std::vector<std::size_t> part;                // by node: a place in parts
  std::vector<std::vector<std::string>> parts;  // the names of each, outermost first; [0] is none
};

// What one use of an operand adds to its derivative: nothing where nothing arrives, as in backward().
inline double contribution(double upstream, double partial) {
  return upstream == 0.0 ? 0.0 : upstream * partial;
}

// Step by step, of the nodes that are shown.
Explanation explain_steps(const Swept& graph, const ExplainOptions& options,
                          const std::vector<bool>& is_shown, std::size_t from);
// By parts.
Explanation explain_parts(const Swept& graph, const ExplainOptions& options);

}  // namespace autograd::detail
