#include "autograd/replay/cut.hpp"

#include <cstdint>
#include <unordered_map>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

}  // namespace

Cut::Cut(const Trace& function, std::span<const Node> outputs, std::span<const Node> parameters) {
  std::vector<char> is_needed(function.size(), 0);
  std::unordered_map<Node, std::uint32_t> parameter_of;
  for (const Node y : outputs) is_needed[y] = 1;
  for (const Node x : parameters)
    parameter_of.emplace(x, static_cast<std::uint32_t>(parameter_of.size()));
  for (Node node = function.size(); node-- > 0;) {
    if (is_needed[node] == 0 || parameter_of.contains(node)) continue;
    for (const Node x : function.operands(node)) is_needed[x] = 1;
  }
  std::vector<Node> place(function.size(), kNone), operands;
  for (Node node = 0; node < function.size(); ++node) {
    if (is_needed[node] == 0) continue;
    if (const auto at = parameter_of.find(node); at != parameter_of.end()) {
      place[node] = trace.add_leaf(Trace::kParameter, at->second);
    } else if (function.is_number(node)) {
      place[node] = trace.add_number(function.number(node));
    } else if (function.is_leaf(node)) {
      place[node] = trace.add_leaf(Trace::kInput, leaves.size());
      leaves.push_back(node);
    } else {
      operands.clear();
      for (const Node x : function.operands(node)) operands.push_back(place[x]);
      place[node] = trace.add(function.code(node), operands);
    }
  }
  for (const Node y : outputs) trace.outputs.push_back(place[y]);
}

Trace weighted(Trace trace) {
  std::vector<Node> pairs;
  for (std::size_t k = 0; k < trace.outputs.size(); ++k) {
    pairs.push_back(trace.add_leaf(Trace::kParameter, k));
    pairs.push_back(trace.outputs[k]);
  }
  trace.outputs = {trace.add(code<ops::Dot>, pairs)};
  return trace;
}

}  // namespace autograd::detail
