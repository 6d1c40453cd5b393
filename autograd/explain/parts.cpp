// By parts: what flows between them, forward and backward.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <autograd/explain/builder.hpp>
#include <autograd/explain/names.hpp>

namespace autograd::detail {

namespace {

// The block of each part: its outermost names down to the depth.
std::vector<std::size_t> blocks_of_parts(const Swept& graph, std::size_t depth,
                                         std::vector<Explanation::Block>& blocks) {
  std::map<std::string, std::size_t> places;
  std::vector<std::size_t> result;
  for (const std::vector<std::string>& names : graph.parts) {
    std::string name;
    for (std::size_t i = 0; i < std::min(depth, names.size()); ++i)
      name += (i == 0 ? "" : ", ") + names[i];
    if (name.empty()) name = "rest";
    const auto [place, is_new] = places.emplace(name, blocks.size());
    if (is_new) blocks.push_back({.name = name});
    result.push_back(place->second);
  }
  return result;
}

// An operand that is used in another block.
struct Use {
  std::size_t node, by;
  double contribution;
};

}  // namespace

Explanation explain_parts(const Swept& graph, const ExplainOptions& options) {
  Explanation result;
  const GraphView& view = graph.view;
  const std::size_t count = view.nodes.size();
  result.result = view.nodes.back().label.empty() ? "f" : std::string(view.nodes.back().label);
  result.value = view.nodes.back().data;
  result.digits = options.digits;
  std::vector<Explanation::Block> blocks{{.name = "inputs"}};
  const std::vector<std::size_t> block_of_part = blocks_of_parts(graph, options.depth, blocks);
  // A leaf is an input; plain numbers belong to the operation that uses them.
  std::vector<std::size_t> block(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!view.nodes[i].op.empty()) {
      block[i] = block_of_part[graph.part[i]];
      ++blocks[block[i]].operations;
    }
  }
  std::vector<Use> uses;
  std::vector<bool> is_output(count, false);
  is_output.back() = true;
  for (std::size_t i = 0; i < count; ++i) {
    for (const GraphView::Operand& operand : view.operands_of(view.nodes[i])) {
      const GraphView::Node& from = view.nodes[operand.node];
      const bool is_plain_number = from.is_constant && from.op.empty() && from.label.empty();
      if (is_plain_number || block[operand.node] == block[i]) continue;
      is_output[operand.node] = true;
      uses.push_back({operand.node, block[i], contribution(graph.gradient[i], operand.partial)});
    }
  }
  std::map<std::pair<std::size_t, std::size_t>, Explanation::Flow> flows;
  std::ranges::stable_sort(uses, {}, [](const Use& x) { return std::pair(x.node, x.by); });
  for (std::size_t i = 0; i < uses.size();) {
    const Use& first = uses[i];
    Explanation::Flow& flow = flows[{block[first.node], first.by}];
    double gradient = 0.0;
    for (; i < uses.size() && uses[i].node == first.node && uses[i].by == first.by; ++i) {
      gradient += uses[i].contribution;
      ++flow.uses;
    }
    ++flow.values;
    flow.size += view.nodes[first.node].data * view.nodes[first.node].data;
    flow.gradient += gradient * gradient;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_output[i]) continue;
    Explanation::Block& each = blocks[block[i]];
    ++each.outputs;
    each.output_size += view.nodes[i].data * view.nodes[i].data;
    each.gradient_size += graph.gradient[i] * graph.gradient[i];
  }
  // In the order in which they are computed, those without anything left out.
  std::vector<std::size_t> place(blocks.size(), Explanation::kNone);
  const auto add = [&](std::size_t b) {
    if (place[b] != Explanation::kNone) return;
    place[b] = result.blocks.size();
    result.blocks.push_back(blocks[b]);
    result.blocks.back().output_size = std::sqrt(blocks[b].output_size);
    result.blocks.back().gradient_size = std::sqrt(blocks[b].gradient_size);
  };
  add(0);
  for (std::size_t i = 0; i < count; ++i) {
    if (!view.nodes[i].op.empty()) add(block[i]);
  }
  for (auto& [ends, flow] : flows) {
    flow.from = place[ends.first];
    flow.to = place[ends.second];
    flow.size = std::sqrt(flow.size);
    flow.gradient = std::sqrt(flow.gradient);
    result.flows.push_back(flow);
  }
  std::ranges::sort(result.flows, [](const Explanation::Flow& x, const Explanation::Flow& y) {
    return std::pair(x.to, x.from) < std::pair(y.to, y.from);
  });
  return result;
}

}  // namespace autograd::detail
