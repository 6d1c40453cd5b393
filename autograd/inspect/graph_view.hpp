// The graph of a value as a list of plain data: what drawings and explanations are made from.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// Nodes in topological order, operands first, the root last. A plain number is a node of its own
// for each of its uses, just before the operation that uses it. The texts are those of the graph:
// they hold until it changes.
struct GraphView {
  struct Operand {
    std::size_t node;  // its place in nodes
    double partial;    // the local derivative
  };
  struct Node {
    Id id = kZero;
    std::string_view label, op;  // op is empty for a leaf
    double data = 0.0, gradient = 0.0;
    bool is_constant = false;
    bool has_gradient = false;  // whether a backward() has come by
    bool has_no_path =
        false;  // it has left 0: no path of local derivatives other than 0 leads here
    std::size_t first_operand = 0, operand_count = 0;
  };

  std::vector<Node> nodes;
  std::vector<Operand> operands;

  std::span<const Operand> operands_of(const Node& node) const {
    return {operands.data() + node.first_operand, node.operand_count};
  }
};

// Cost: linear, without recursion.
GraphView list_graph(const Value& y);

// What is known of the operation `name`, or only the name if it is not one of ops::All.
ops::Info operation_info(std::string_view name);

}  // namespace autograd::detail
