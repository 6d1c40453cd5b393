// How passes make one trace from another.
#pragma once

#include <span>
#include <vector>

#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {

// A trace made node by node from another one. rule(out, node, operands, place) adds what operation
// `node` becomes, and says where that is; place[i] is what has become of node i.
template <class Rule> Trace rewrite(const Trace& from, Rule rule,
                                    std::span<const Trace::Node> outputs,
                                    const std::vector<bool>* keep = nullptr) {
  Trace out;
  out.nodes.reserve(from.nodes.size());
  out.operand_list.reserve(from.operand_list.size());
  out.number_list.reserve(from.number_list.size());
  std::vector<Trace::Node> place(from.size(), kNone);
  std::vector<Trace::Node> operands;
  for (Trace::Node i = 0; i < from.size(); ++i) {
    if (keep != nullptr && !(*keep)[i]) continue;
    if (from.is_number(i)) {
      place[i] = out.add_number(from.number(i));
    } else if (from.is_leaf(i)) {
      place[i] = out.add_leaf(from.code(i), from.nodes[i].first);
    } else {
      operands.clear();
      for (const Trace::Node x : from.operands(i)) operands.push_back(place[x]);
      place[i] = rule(out, i, std::span<const Trace::Node>(operands), place);
    }
  }
  for (const Trace::Node y : outputs) out.outputs.push_back(place[y]);
  return out;
}
template <class Rule> Trace rewrite(const Trace& from, Rule rule) {
  return rewrite(from, rule, from.outputs);
}

}  // namespace autograd::detail
