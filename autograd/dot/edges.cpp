// Operations, and the edges between them and the boxes.
#include <cmath>

#include <autograd/dot/drawing.hpp>

namespace autograd::detail {

namespace {

// Whether exchanging the operands gives something else.
bool order_matters(const GraphView::Node& node) {
  return node.operand_count > 1 && operation_info(node.op).commutes == ops::Commutes::kNo;
}

}  // namespace

void GraphDrawing::operation(std::size_t i) {
  const Node& node = view_.nodes[i];
  if (node.op.empty()) return;
  const std::string name = "op" + std::to_string(i);
  std::size_t terms = 0;
  for (std::size_t k = 0; k < node.operand_count; ++k) {
    if (is_left_out(node, k)) continue;
    ++terms;
    if (k % 2 == 1 || !is_small_product(node, k)) continue;
    --terms;
    dot_.node(name + "_" + std::to_string(k / 2), {markup("label", "×"), bare("width", "0.25"),
                                                   bare("height", "0.25"), bare("fontsize", "14")});
  }
  const std::string_view symbol = operation_info(node.op).glyph;
  const bool is_sum = node.op == "sum" || node.op == "dot";
  const bool is_word = symbol.size() > 1 && static_cast<unsigned char>(symbol[0]) < 0x80;
  Attributes look{
      markup("label", is_sum ? terms > 2 ? "Σ" : "+" : markup_text(symbol, kLongestDotLabel))};
  if (is_word && !is_sum) look.push_back(bare("fontsize", "14"));
  if (order_matters(node)) look.push_back(bare("ordering", "in"));
  if (const auto found = singular_.find(node.id); found != singular_.end()) {
    look.insert(look.end(), {quoted("color", colour_.alarm), bare("penwidth", "2"),
                             bare("peripheries", "2"), quoted("xlabel", found->second)});
  }
  dot_.node(name, look);
}

void GraphDrawing::edges(std::size_t i) {
  const Node& node = view_.nodes[i];
  if (node.op.empty()) return;
  const std::string name = "op" + std::to_string(i);
  for (std::size_t k = 0; k < node.operand_count; ++k) {
    if (is_left_out(node, k)) continue;
    if (!is_small_product(node, k)) {
      edge(node, k, name + std::string(port(node, k)));
      continue;
    }
    const std::string product = name + "_" + std::to_string(k / 2);
    edge(node, k, product);
    if (k % 2 == 1) dot_.edge(product, name);
  }
  dot_.edge(name, box_name(i));
}

void GraphDrawing::edge(const Node& node, std::size_t k, const std::string& target) {
  const auto [from, partial] = operand(node, k);
  const Node& source = view_.nodes[from];
  const bool is_scaled = node.op == "sum" && partial != 1.0;
  Attributes look;
  if (source.is_constant && !is_scaled) {
    look.push_back(quoted("color", colour_.faint));
  } else {
    const std::string label = edge_text(node, partial, is_scaled);
    if (!label.empty()) {
      look.push_back(quoted("label", (is_across() ? "" : " ") + label));
      const bool by_contribution = options_.contributions && node.has_gradient;
      const double sign = by_contribution && node.gradient != 0 ? node.gradient * partial
                          : by_contribution                     ? 0.0
                                                                : partial;
      if (!(sign > 0)) look.push_back(quoted("fontcolor", sign_colour(sign)));
    }
    if (partial == 0 && !options_.forward_only) look.push_back(bare("style", "dashed"));
  }
  dot_.edge(box_name(from), target, look);
}

std::string GraphDrawing::edge_text(const Node& node, double partial, bool is_scaled) const {
  const bool has_contribution =
      options_.contributions && node.has_gradient && !options_.forward_only;
  const bool has_factor = (options_.local_derivatives && !options_.forward_only) || is_scaled;
  std::string text;
  if (has_factor) put(text, is_scaled || has_contribution ? "× " : "", number(partial));
  if (has_contribution) {
    // As in a sweep: an adjoint of 0 adds nothing, whatever the local derivative is.
    const double contribution = node.gradient == 0 ? 0.0 : node.gradient * partial;
    put(text, has_factor ? " = " : "", number(contribution));
  }
  return text;
}

// Where operand k arrives, so that the order can be seen.
std::string_view GraphDrawing::port(const Node& node, std::size_t k) const {
  if (!order_matters(node) || node.operand_count > 3) return "";
  if (k == 0) return ":nw";
  if (k + 1 == node.operand_count) return is_across() ? ":sw" : ":ne";
  return is_across() ? ":w" : ":n";
}

}  // namespace autograd::detail
