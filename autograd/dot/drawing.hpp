// The drawing of a graph in the language of Graphviz: what to_dot() writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <autograd/dot.hpp>
#include <autograd/draw/dot_text.hpp>
#include <autograd/draw/palette.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/singular.hpp>

namespace autograd::detail {

class GraphDrawing {
 public:
  GraphDrawing(const GraphView& view, const std::vector<Singular>& singular,
               const DotOptions& options);

  std::string text();

 private:
  using Node = GraphView::Node;
  using Attributes = DotWriter::Attributes;

  // ---- what is drawn (drawing.cpp) ----

  void heading();
  std::string small_row(const std::string& text) const;
  std::string meaning_of_edges() const;
  std::string legend() const;
  // The frame of a part with the boxes and operations in it, and the parts that lie in it.
  void part(std::size_t index);

  const GraphView::Operand& operand(const Node& node, std::size_t i) const {
    return view_.operands[node.first_operand + i];
  }
  bool is_number(const Node& node, std::size_t i, double x) const;
  // A product with the number 1 is drawn as the other factor,
  // and a sum that starts from the number 0 without it.
  bool is_left_out(const Node& node, std::size_t i) const;
  bool is_small_product(const Node& node, std::size_t i) const {
    return node.op == "dot" && !is_left_out(node, i) && !is_left_out(node, i ^ 1);
  }
  bool is_across() const { return options_.direction == Direction::kLeftToRight; }
  std::string number(double x) const;
  std::string_view sign_colour(double x) const;

  // ---- boxes (boxes.cpp) ----

  static std::string box_name(std::size_t i) { return std::string("n").append(std::to_string(i)); }
  void box(std::size_t i);
  std::string table(const Node& node) const;
  void put_row(std::string& to, std::string_view caption, std::string_view text,
               std::string_view colour) const;
  std::string_view stripe(const Node& node) const;
  bool is_hatched(const Node& node) const;
  // White for a gradient of 0, the darker the larger it is beside the largest one.
  std::string gradient_fill(double gradient) const;

  // ---- operations and edges (edges.cpp) ----

  void operation(std::size_t i);
  void edges(std::size_t i);
  void edge(const Node& node, std::size_t k, const std::string& target);
  std::string edge_text(const Node& node, double partial, bool is_scaled) const;
  // Where operand k arrives, so that the order can be seen.
  std::string_view port(const Node& node, std::size_t k) const;

  const GraphView& view_;
  const DotOptions& options_;
  const Palette& colour_;
  const PartTree parts_;
  std::vector<std::vector<std::size_t>> nodes_in_, parts_in_;  // by part
  std::unordered_map<Id, std::string_view> singular_;          // what each operation is
  std::vector<bool> is_drawn_;
  double largest_gradient_ = 0.0;
  DotWriter dot_{"autograd"};
};

// "text" as it stands in markup, cut after `longest` characters.
std::string markup_text(std::string_view text, std::size_t longest);

// In characters; the rest is left out. Graphviz reads no more than 16,384 bytes at a time.
inline constexpr std::size_t kLongestDotLabel = 40;

void put(std::string& to, const auto&... parts) { ((to += parts), ...); }

}  // namespace autograd::detail
