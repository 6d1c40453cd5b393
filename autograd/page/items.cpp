#include "autograd/page/items.hpp"

#include <algorithm>
#include <unordered_map>

#include <autograd/error.hpp>
#include <autograd/explain.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/page/update_script.hpp>

namespace autograd::detail {

std::string parts_as_items(const PartTree& tree) {
  Items parts;
  for (const PartTree::Part& each : tree.parts) {
    Items part;
    part.add("name", java_script_string(each.name));
    part.add("parent", std::to_string(each.parent));
    parts.add(part.object());
  }
  return parts.array();
}

std::vector<std::size_t> parts_of_users(const GraphView& view, const PartTree& tree) {
  std::vector<std::size_t> result = tree.part_of;
  std::vector<bool> is_used(view.nodes.size(), false);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    for (const GraphView::Operand& each : view.operands_of(view.nodes[i])) {
      if (!view.nodes[each.node].op.empty()) continue;
      std::size_t &part = result[each.node], other = tree.part_of[i];
      if (!is_used[each.node]) part = other;
      is_used[each.node] = true;
      while (part != other)  // a part stands after the one that it lies in
        (part > other ? part : other) = tree.parts[std::max(part, other)].parent;
    }
  }
  return result;
}

std::string model_as_items(const GraphView& view, const std::vector<std::size_t>& place,
                           const PageOptions& options) {
  std::unordered_map<Id, std::size_t> place_of_id;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (place[i] != Explanation::kNone) place_of_id[view.nodes[i].id] = place[i];
  }
  const auto number_of = [&](const Value& x, const char* what) {
    const auto found = place_of_id.find(x.id());
    if (found == place_of_id.end())
      throw Error(std::string("to_page(): y was not computed from one of options.") + what);
    return std::to_string(found->second);
  };
  Items model, inputs, rows, weights;
  for (const Value& each : options.inputs) inputs.add(number_of(each, "inputs"));
  for (const std::vector<double>& row : options.rows) {
    Items numbers;
    for (const double each : row) numbers.add(java_script_number(each));
    rows.add(numbers.array());
  }
  for (const Value& each : options.weights) weights.add(number_of(each, "weights"));
  model.add("inputs", inputs.array());
  model.add("rows", rows.array());
  model.add("weights", weights.array());
  model.add("level", java_script_number(options.level));
  if (options.output) model.add("output", number_of(*options.output, "output"));
  return model.object();
}

std::string reason_without_entry(const GraphView::Node& node) {
  return "The operation " + std::string(node.op) +
         (node.operand_count > 512 ? " has too many operands"
                                   : " has no rule that can be written down") +
         ": the numbers are those of the recording.";
}

}  // namespace autograd::detail
