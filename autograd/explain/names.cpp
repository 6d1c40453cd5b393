#include "autograd/explain/names.hpp"

#include <unordered_set>

namespace autograd::detail {

std::vector<std::string> names_of(const GraphView& view) {
  std::vector<std::string> names(view.nodes.size());
  std::unordered_set<std::string> used;
  for (const GraphView::Node& node : view.nodes) used.insert(std::string(node.label));
  std::unordered_set<std::string> given;
  std::size_t leaves = 0, operations = 0;
  const auto next = [&](const char* letter, std::size_t& count) {
    std::string name;
    do {
      name = letter + std::to_string(++count);
    } while (used.contains(name));
    return name;
  };
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const GraphView::Node& node = view.nodes[i];
    const bool is_root = i + 1 == view.nodes.size();
    std::string name(node.label);
    if (name.empty() && is_root && !used.contains("f")) {
      name.assign(1, 'f');
    } else if (name.empty() && node.is_constant && node.op.empty()) {
      continue;
    } else if (name.empty()) {
      name = node.op.empty() ? next("x", leaves) : next("v", operations);
    } else if (given.contains(name)) {
      std::size_t count = 1;
      const std::string base = name + "#";
      do {
        name = base + std::to_string(++count);
      } while (used.contains(name) || given.contains(name));
    }
    given.insert(name);
    names[i] = std::move(name);
  }
  return names;
}

}  // namespace autograd::detail
