#include "autograd/inspect/part_tree.hpp"

#include <algorithm>
#include <map>

#include <autograd/tape/annotations.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kNotUsed = static_cast<std::size_t>(-1);

// Numbers the parts of the tape in the order in which a drawing meets them.
class PartNumbers {
 public:
  PartNumbers(const Parts& parts, std::size_t depth, PartTree& tree)
      : parts_(parts), depth_(depth), tree_(tree), numbers_{{0, 0}} {}

  std::size_t number(Parts::Part part) {
    std::vector<Parts::Part> path;
    for (; !numbers_.contains(part); part = parts_.parent(part)) path.push_back(part);
    std::size_t result = numbers_.at(part);
    for (; !path.empty(); path.pop_back()) {
      if (tree_.parts[result].depth < depth_) {
        tree_.parts.push_back({parts_.name(path.back()), result, tree_.parts[result].depth + 1});
        result = tree_.parts.size() - 1;
      }
      numbers_[path.back()] = result;
    }
    return result;
  }

 private:
  const Parts& parts_;
  const std::size_t depth_;
  PartTree& tree_;
  std::map<Parts::Part, std::size_t> numbers_;
};

void place_operations(const GraphView& view, std::size_t depth, PartTree& tree) {
  const Parts& parts = tape.annotations->parts;
  const std::vector<Parts::Run> runs = parts.runs(tape.now());
  PartNumbers numbers(parts, depth, tree);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    if (view.nodes[i].op.empty()) continue;
    const Time time = tape.time_of(view.nodes[i].id);
    const auto run = std::ranges::upper_bound(runs, time, {}, &Parts::Run::end);
    if (run != runs.end() && run->begin <= time) tree.part_of[i] = numbers.number(run->part);
  }
}

void place_leaves(const GraphView& view, PartTree& tree) {
  std::vector<std::size_t> user(view.nodes.size(), kNotUsed);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    for (const GraphView::Operand& operand : view.operands_of(view.nodes[i])) {
      std::size_t& part = user[operand.node];
      part = part == kNotUsed || part == tree.part_of[i] ? tree.part_of[i] : 0;
    }
  }
  for (std::size_t i = 0; i < view.nodes.size(); ++i)
    if (view.nodes[i].op.empty() && user[i] != kNotUsed) tree.part_of[i] = user[i];
}

}  // namespace

PartTree part_tree(const GraphView& view, std::size_t depth) {
  PartTree tree;
  tree.part_of.resize(view.nodes.size(), 0);
  if (tape.annotations == nullptr || depth == 0) return tree;
  place_operations(view, depth, tree);
  place_leaves(view, tree);
  return tree;
}

}  // namespace autograd::detail
