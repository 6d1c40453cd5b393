// Boxes: values with their label, data and gradient.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include <autograd/dot/drawing.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

void GraphDrawing::box(std::size_t i) {
  const Node& node = view_.nodes[i];
  const bool is_number = node.is_constant && node.label.empty();
  Attributes look{is_number ? quoted("label", number(node.data)) : markup("label", table(node))};
  const auto add = [&](std::initializer_list<DotAttribute> more) { look.insert(look.end(), more); };
  if (i + 1 == view_.nodes.size()) {
    add({bare("penwidth", "2.5"), quoted("color", colour_.result_line),
         quoted("fillcolor", colour_.result_fill)});
  } else if (node.is_constant) {
    add({quoted("color", colour_.faint), quoted("fontcolor", colour_.muted), bare("fontsize", "11"),
         quoted("margin", "0.06,0.03"), bare("width", "0"), bare("height", "0")});
  } else if (is_hatched(node)) {
    std::string stripes(stripe(node));
    for (int k = 0; k < 6; ++k) put(stripes, ":white:", stripe(node));
    add({bare("style", "striped"), bare("margin", "0"), quoted("color", stripe(node)),
         quoted("fillcolor", stripes)});
  } else if (options_.colour_by == ColourBy::kGradient && node.has_gradient) {
    add({quoted("color", node.op.empty() ? colour_.leaf_line : colour_.line),
         quoted("fillcolor", gradient_fill(node.gradient))});
  } else if (node.op.empty()) {
    add({quoted("color", colour_.leaf_line), quoted("fillcolor", colour_.leaf_fill)});
  }
  dot_.node(box_name(i), look);
}

std::string GraphDrawing::table(const Node& node) const {
  // The stripes are drawn with the frame in their own colour: the table has a frame instead.
  std::string result = "<table cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" border=\"";
  if (is_hatched(node)) {
    put(result, "1\" color=\"", node.op.empty() ? colour_.leaf_line : colour_.line, "\">");
  } else {
    put(result, "0\">");
  }
  if (!node.label.empty()) {
    put(result, "<tr><td colspan=\"2\"><b>", markup_text(node.label, kLongestDotLabel),
        "</b></td></tr><hr/>");
  }
  const bool is_finite = std::isfinite(node.data);
  put_row(result, "data", number(node.data), is_finite ? std::string_view() : colour_.alarm);
  if (!node.is_constant && !options_.forward_only) {
    if (node.has_gradient) {
      put_row(result, "grad", number(node.gradient), sign_colour(node.gradient));
    } else {
      put_row(result, "grad", "<i>none yet</i>", colour_.muted);
    }
  }
  return result + "</table>";
}

void GraphDrawing::put_row(std::string& to, std::string_view caption, std::string_view text,
                           std::string_view colour) const {
  put(to, "<tr><td align=\"left\"><font color=\"", colour_.muted, "\">", caption,
      "</font></td><td align=\"right\" width=\"36\">");
  if (colour.empty()) {
    put(to, text);
  } else {
    put(to, "<font color=\"", colour, "\">", text, "</font>");
  }
  put(to, "</td></tr>");
}

bool GraphDrawing::is_hatched(const Node& node) const {
  return node.has_no_path && !options_.forward_only;
}

std::string GraphDrawing::gradient_fill(double gradient) const {
  if (!std::isfinite(gradient)) return "#F8DCE4";
  const double strength = largest_gradient_ > 0 ? std::abs(gradient) / largest_gradient_ : 0.0;
  return blend("#FFFFFF", gradient < 0 ? colour_.strong_negative : colour_.strong_positive,
               std::sqrt(strength));
}

std::string_view GraphDrawing::stripe(const Node& node) const {
  return node.op.empty() ? colour_.leaf_hatch : colour_.hatch;
}

}  // namespace autograd::detail
