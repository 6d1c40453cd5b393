// Arrays and objects of JavaScript, written item by item.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/page.hpp>

namespace autograd::detail {

class Items {
 public:
  void add(std::string_view item) {
    if (!text_.empty()) text_ += ',';
    text_ += item;
  }
  void add(std::string_view key, std::string_view item) {
    add(std::string(key) + ":" + std::string(item));
  }
  std::string array() const { return "[" + text_ + "]"; }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

// What the pages of small and large graphs have in common. `place` is the number in the page of each
// node of the view, Explanation::kNone of a plain number.

// [{name, parent}, ...], part 0 is the whole graph.
std::string parts_as_items(const PartTree& tree);
// By node: the part of an operation; that of a leaf is the innermost one around all of its users.
std::vector<std::size_t> parts_of_users(const GraphView& view, const PartTree& tree);
// Parts deeper than this are counted as the part that they lie in.
constexpr std::size_t kDeepestPart = 8;
// Inputs, rows and weights.
// Throws: Error for an input, output or weight that y was not computed from.
std::string model_as_items(const GraphView& view, const std::vector<std::size_t>& place,
                           const PageOptions& options);
// Why an operation has no entry.
std::string reason_without_entry(const GraphView::Node& node);

}  // namespace autograd::detail
