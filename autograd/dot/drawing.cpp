#include "autograd/dot/drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kLongestTitle = 200;
// Frames within frames; Graphviz needs time and a reader patience for more.
constexpr std::size_t kDeepestPart = 8;

DotAttribute drawing_font() { return quoted("fontname", "Helvetica,Arial,sans-serif"); }

std::string_view singular_word(Singular::Kind kind) {
  constexpr std::array<std::string_view, 8> kWords{"0 × inf", "jump",      "kink",     "pole",
                                                   "edge",    "undefined", "overflow", "kink"};
  return kWords[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string markup_text(std::string_view text, std::size_t longest) {
  return escaped(text, longest, "<br/>");
}

GraphDrawing::GraphDrawing(const GraphView& view, const std::vector<Singular>& singular,
                           const DotOptions& options)
    : view_(view),
      options_(options),
      colour_(options.colours ? kColours : kBlackOnWhite),
      parts_(part_tree(view, options.parts ? kDeepestPart : 0)) {
  for (const Singular& each : singular) singular_[each.value.id()] = singular_word(each.kind);
  is_drawn_.resize(view.nodes.size(), true);
  for (const Node& node : view.nodes) {
    if (node.has_gradient && std::isfinite(node.gradient))
      largest_gradient_ = std::max(largest_gradient_, std::abs(node.gradient));
    for (std::size_t i = 0; i < node.operand_count; ++i) {
      if (is_left_out(node, i)) is_drawn_[operand(node, i).node] = false;
    }
  }
  nodes_in_.resize(parts_.parts.size());
  parts_in_.resize(parts_.parts.size());
  for (std::size_t i = 0; i < view.nodes.size(); ++i) nodes_in_[parts_.part_of[i]].push_back(i);
  for (std::size_t i = 1; i < parts_.parts.size(); ++i)
    parts_in_[parts_.parts[i].parent].push_back(i);
}

std::string GraphDrawing::text() {
  heading();
  part(0);
  for (std::size_t i = 0; i < view_.nodes.size(); ++i) edges(i);
  return std::move(dot_).finish();
}

void GraphDrawing::part(std::size_t index) {
  if (index != 0) {
    dot_.open_frame(
        index,
        {markup("label", markup_text(parts_.parts[index].name, kLongestDotLabel)),
         quoted("style", "rounded,filled"), quoted("color", colour_.frame_line),
         quoted("fillcolor", colour_.frame_fill[parts_.parts[index].depth % 2]),
         quoted("fontcolor", colour_.muted), bare("fontsize", "13"), quoted("labeljust", "l")});
  }
  for (const std::size_t i : nodes_in_[index]) {
    if (is_drawn_[i]) box(i);
  }
  dot_.open_group();
  dot_.defaults(
      "node", {bare("shape", "ellipse"), bare("style", "filled"), quoted("margin", "0.03,0"),
               bare("width", "0.42"), bare("height", "0.42"), bare("fontsize", "20"),
               quoted("color", colour_.operation_line), quoted("fillcolor", colour_.operation_fill),
               quoted("fontcolor", colour_.operation_text)});
  for (const std::size_t i : nodes_in_[index]) operation(i);
  dot_.close_group();
  for (const std::size_t inner : parts_in_[index]) part(inner);
  if (index != 0) dot_.close_group();
}

// ---- what is left out ----

bool GraphDrawing::is_number(const Node& node, std::size_t i, double x) const {
  const Node& number = view_.nodes[operand(node, i).node];
  return number.is_constant && number.op.empty() && number.label.empty() && number.data == x;
}
// A product with the number 1 is drawn as the other factor,
// and a sum that starts from the number 0 without it.
bool GraphDrawing::is_left_out(const Node& node, std::size_t i) const {
  if (node.op == "sum") return is_number(node, i, 0.0);
  if (node.op != "dot") return false;
  const bool is_times_1 = is_number(node, i ^ 1, 1.0);
  if (is_number(node, i, 1.0)) return i % 2 == 1 || !is_times_1;
  return is_number(node, i, 0.0) && is_times_1;
}
// ---- numbers ----

std::string GraphDrawing::number(double x) const { return text::rounded(x, options_.digits); }

std::string_view GraphDrawing::sign_colour(double x) const {
  if (!std::isfinite(x)) return colour_.alarm;
  return x < 0 ? colour_.negative : x > 0 ? colour_.positive : colour_.muted;
}

// ---- title and legend ----

std::string GraphDrawing::small_row(const std::string& text) const {
  std::string row;
  put(row, "<tr><td><font point-size=\"11\" color=\"", colour_.muted, "\">", text,
      "</font></td></tr>");
  return row;
}

std::string GraphDrawing::meaning_of_edges() const {
  if (options_.forward_only) return "";
  if (options_.contributions && options_.local_derivatives)
    return "× local derivative = what it adds to the gradient";
  if (options_.contributions) return "what they add to gradients";
  return options_.local_derivatives ? "local derivatives" : "";
}

// Only what there is in this drawing.
std::string GraphDrawing::legend() const {
  std::string result;
  const auto add = [&](bool is_there, std::string_view colour, std::string_view sign,
                       std::string_view text) {
    if (!is_there) return;
    if (!result.empty()) result += " &#160; ";
    put(result, "<font color=\"", colour, "\">", sign, "</font>&#160;", text);
  };
  const auto any = [&](auto condition) { return std::ranges::any_of(view_.nodes, condition); };
  const bool by_gradient = options_.colour_by == ColourBy::kGradient;
  const bool has_inputs =
      any([](const Node& node) { return node.op.empty() && !node.is_constant; });
  const bool has_zeros = std::ranges::any_of(view_.operands, [&](const GraphView::Operand& each) {
    return each.partial == 0 && !view_.nodes[each.node].is_constant;
  });
  add(!by_gradient && has_inputs, colour_.leaf_line, "■", "leaf");
  add(true, colour_.result_line, "■", "result");
  add(by_gradient, colour_.positive, "■", "gradient above 0");
  add(by_gradient, colour_.negative, "■", "below 0");
  add(any([](const Node& node) { return node.is_constant && !node.label.empty(); }), colour_.faint,
      "■", "constant");
  add(any([&](const Node& node) { return is_hatched(node); }), colour_.muted, "▥",
      "gradient 0: no path");
  add(has_zeros && !options_.forward_only, colour_.muted, "╌", "local derivative 0");
  add(!singular_.empty(), colour_.alarm, "◎", "singular");
  return result;
}

void GraphDrawing::heading() {
  Attributes graph{bare("rankdir", is_across() ? "LR" : "TB"),
                   bare("bgcolor", "white"),
                   bare("pad", "0.3"),
                   bare("nodesep", "0.25"),
                   bare("ranksep", "0.35"),
                   drawing_font(),
                   bare("fontsize", "18"),
                   bare("labelloc", "t")};
  const std::string title = markup_text(options_.title, kLongestTitle);
  std::string rows;
  if (!title.empty()) put(rows, "<tr><td>", title, "</td></tr>");
  const std::string edges = meaning_of_edges();
  if (!edges.empty()) put(rows, small_row("numbers on edges: " + edges));
  if (options_.legend) put(rows, small_row(legend()));
  if (!rows.empty()) {
    graph.push_back(markup(
        "label", "<table border=\"0\" cellspacing=\"0\" cellpadding=\"3\">" + rows + "</table>"));
  }
  dot_.defaults("graph", graph);
  dot_.defaults("node", {bare("shape", "box"), quoted("style", "rounded,filled"),
                         bare("margin", "0.03"), drawing_font(), bare("fontsize", "13"),
                         quoted("color", colour_.line), bare("fillcolor", "white")});
  dot_.defaults("edge", {bare("arrowsize", "0.6"), drawing_font(), bare("fontsize", "11"),
                         quoted("color", colour_.line), quoted("fontcolor", colour_.positive)});
}

}  // namespace autograd::detail
