#include "autograd/dot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/draw/escape.hpp>
#include <autograd/draw/graphviz.hpp>
#include <autograd/draw/palette.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/system/file.hpp>

namespace autograd {

namespace {

using detail::escaped;
using detail::GraphView;
using detail::Palette;
using detail::short_number;

// In characters; the rest is left out. Graphviz reads no more than 16,384 bytes at a time.
constexpr std::size_t kLongestLabel = 40;
constexpr std::size_t kLongestTitle = 200;
constexpr std::string_view kFont = "fontname=\"Helvetica,Arial,sans-serif\"";

// Whether exchanging the operands gives something else.
bool order_matters(const GraphView::Node& node) {
  return node.operand_count > 1 && detail::operation_info(node.op).commutes == ops::Commutes::kNo;
}

// ---- drawing ----

class Drawing {
 public:
  Drawing(const GraphView& listing, const DotOptions& options)
      : listing_(listing),
        options_(options),
        colour_(options.colours ? detail::kColours : detail::kBlackOnWhite) {
    is_drawn_.resize(listing.nodes.size(), true);
    for (const Node& node : listing.nodes) {
      for (std::size_t i = 0; i < node.operand_count; ++i) {
        if (is_left_out(node, i)) is_drawn_[operand(node, i).node] = false;
      }
    }
  }

  std::string text() {
    heading();
    for (std::size_t i = 0; i < listing_.nodes.size(); ++i) {
      if (is_drawn_[i]) box(i);
    }
    put("{ node [shape=ellipse, style=filled, margin=\"0.03,0\", width=0.42, height=0.42, "
        "fontsize=20, color=\"",
        colour_.operation_line, "\", fillcolor=\"", colour_.operation_fill, "\", fontcolor=\"",
        colour_.operation_text, "\"]\n");
    for (std::size_t i = 0; i < listing_.nodes.size(); ++i) operation(i);
    put("}\n");
    for (std::size_t i = 0; i < listing_.nodes.size(); ++i) edges(i);
    put("}\n");
    return std::move(out_);
  }

 private:
  using Node = GraphView::Node;
  using Operand = GraphView::Operand;

  void put(const auto&... parts) { ((out_ += parts), ...); }

  const Operand& operand(const Node& node, std::size_t i) const {
    return listing_.operands[node.first_operand + i];
  }
  bool is_number(const Node& node, std::size_t i, double x) const {
    const Node& number = listing_.nodes[operand(node, i).node];
    return number.is_constant && number.op.empty() && number.label.empty() && number.data == x;
  }
  // A product with the number 1 is drawn as the other factor, and a sum that starts from the number
  // 0 without it.
  bool is_left_out(const Node& node, std::size_t i) const {
    if (node.op == "sum") return is_number(node, i, 0.0);
    if (node.op != "dot") return false;
    const bool is_times_1 = is_number(node, i ^ 1, 1.0);
    if (is_number(node, i, 1.0)) return i % 2 == 1 || !is_times_1;
    return is_number(node, i, 0.0) && is_times_1;
  }
  bool is_small_product(const Node& node, std::size_t i) const {
    return node.op == "dot" && !is_left_out(node, i) && !is_left_out(node, i ^ 1);
  }

  bool is_across() const { return options_.direction == Direction::kLeftToRight; }
  std::string number(double x) const { return short_number(x, options_.digits); }
  std::string_view sign_colour(double x) const {
    if (!std::isfinite(x)) return colour_.alarm;
    return x < 0 ? colour_.negative : x > 0 ? colour_.positive : colour_.muted;
  }

  void heading() {
    put("digraph autograd {\n",  //
        "graph [rankdir=", is_across() ? "LR" : "TB",
        ", bgcolor=white, pad=0.3, nodesep=0.25, ranksep=0.35, ", kFont,
        ", fontsize=18, labelloc=t");
    const std::string title = escaped(options_.title, kLongestTitle);
    if (!title.empty() || options_.local_derivatives) {
      put(", label=<<table border=\"0\" cellspacing=\"0\" cellpadding=\"3\">");
      if (!title.empty()) put("<tr><td>", title, "</td></tr>");
      if (options_.local_derivatives) {
        put("<tr><td><font point-size=\"11\" color=\"", colour_.muted,
            "\">numbers on edges: local derivatives</font></td></tr>");
      }
      put("</table>>");
    }
    put("]\nnode [shape=box, style=\"rounded,filled\", margin=0.03, ", kFont,
        ", fontsize=13, color=\"", colour_.line, "\", fillcolor=white]\nedge [arrowsize=0.6, ",
        kFont, ", fontsize=11, color=\"", colour_.line, "\", fontcolor=\"", colour_.positive,
        "\"]\n");
  }

  void box(std::size_t i) {
    const Node& node = listing_.nodes[i];
    put("n", std::to_string(i), " [label=");
    if (node.is_constant && node.label.empty()) {
      put("\"", number(node.data), "\"");
    } else {
      table(node);
    }
    if (i + 1 == listing_.nodes.size()) {
      put(", penwidth=2.5, color=\"", colour_.result_line, "\", fillcolor=\"", colour_.result_fill,
          "\"");
    } else if (node.is_constant) {
      put(", color=\"", colour_.faint, "\", fontcolor=\"", colour_.muted,
          "\", fontsize=11, margin=\"0.06,0.03\", width=0, height=0");
    } else if (node.has_no_path) {
      put(", style=striped, margin=0, color=\"", stripe(node), "\", fillcolor=\"", stripe(node));
      for (int k = 0; k < 6; ++k) put(":white:", stripe(node));
      put("\"");
    } else if (node.op.empty()) {
      put(", color=\"", colour_.leaf_line, "\", fillcolor=\"", colour_.leaf_fill, "\"");
    }
    put("]\n");
  }

  void table(const Node& node) {
    // The stripes are drawn with the frame in their own colour: the table has a frame instead.
    put("<<table cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" border=\"");
    if (node.has_no_path) {
      put("1\" color=\"", node.op.empty() ? colour_.leaf_line : colour_.line, "\">");
    } else {
      put("0\">");
    }
    if (!node.label.empty()) {
      put("<tr><td colspan=\"2\"><b>", escaped(node.label, kLongestLabel), "</b></td></tr><hr/>");
    }
    row("data", number(node.data), std::isfinite(node.data) ? std::string_view() : colour_.alarm);
    if (!node.is_constant) {
      if (node.has_gradient) {
        row("grad", number(node.gradient), sign_colour(node.gradient));
      } else {
        row("grad", "<i>none yet</i>", colour_.muted);
      }
    }
    put("</table>>");
  }

  void row(std::string_view caption, std::string_view text, std::string_view colour) {
    put("<tr><td align=\"left\"><font color=\"", colour_.muted, "\">", caption,
        "</font></td><td align=\"right\" width=\"36\">");
    if (colour.empty()) {
      put(text);
    } else {
      put("<font color=\"", colour, "\">", text, "</font>");
    }
    put("</td></tr>");
  }

  std::string_view stripe(const Node& node) const {
    return node.op.empty() ? colour_.leaf_hatch : colour_.hatch;
  }

  void operation(std::size_t i) {
    const Node& node = listing_.nodes[i];
    if (node.op.empty()) return;
    const std::string name = "op" + std::to_string(i);
    std::size_t terms = 0;
    for (std::size_t k = 0; k < node.operand_count; ++k) {
      if (is_left_out(node, k)) continue;
      ++terms;
      if (k % 2 == 1 || !is_small_product(node, k)) continue;
      --terms;
      put(name, "_", std::to_string(k / 2), " [label=<×>, width=0.25, height=0.25, fontsize=14]\n");
    }
    const std::string_view symbol = detail::operation_info(node.op).glyph;
    const bool is_sum = node.op == "sum" || node.op == "dot";
    put(name, " [label=<", is_sum ? terms > 2 ? "Σ" : "+" : escaped(symbol, kLongestLabel), ">");
    const bool is_word = symbol.size() > 1 && static_cast<unsigned char>(symbol[0]) < 0x80;
    if (is_word && !is_sum) put(", fontsize=14");
    if (order_matters(node)) put(", ordering=in");
    put("]\n");
  }

  void edges(std::size_t i) {
    const Node& node = listing_.nodes[i];
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
      if (k % 2 == 1) put(product, " -> ", name, "\n");
    }
    put(name, " -> n", std::to_string(i), "\n");
  }

  void edge(const Node& node, std::size_t k, const std::string& target) {
    const auto [from, partial] = operand(node, k);
    put("n", std::to_string(from), " -> ", target);
    const Node& source = listing_.nodes[from];
    const bool is_scaled = node.op == "sum" && partial != 1.0;
    if (source.is_constant && !is_scaled) {
      put(" [color=\"", colour_.faint, "\"]\n");
      return;
    }
    std::string_view separator = " [";
    const auto attribute = [&](const auto&... parts) {
      put(separator, parts...);
      separator = ", ";
    };
    if (options_.local_derivatives || is_scaled) {
      attribute("label=\"", is_across() ? "" : " ", is_scaled ? "× " : "", number(partial), "\"");
      if (!(partial > 0)) attribute("fontcolor=\"", sign_colour(partial), "\"");
    }
    if (partial == 0) attribute("style=dashed");
    put(separator == ", " ? "]\n" : "\n");
  }

  // Where operand k arrives, so that the order can be seen.
  std::string_view port(const Node& node, std::size_t k) const {
    if (!order_matters(node) || node.operand_count > 3) return "";
    if (k == 0) return ":nw";
    if (k + 1 == node.operand_count) return is_across() ? ":sw" : ":ne";
    return is_across() ? ":w" : ":n";
  }

  const GraphView& listing_;
  const DotOptions& options_;
  const Palette& colour_;
  std::vector<bool> is_drawn_;
  std::string out_;
};

// Boxes and operations.
std::size_t node_count(const GraphView& listing) {
  return listing.nodes.size() +
         static_cast<std::size_t>(std::count_if(listing.nodes.begin(), listing.nodes.end(),
                                                [](const auto& node) { return !node.op.empty(); }));
}

void check(const DotOptions& options) {
  if (options.digits < 1 || options.digits > 17) {
    throw Error("to_dot(): options.digits must be from 1 to 17, not " +
                std::to_string(options.digits));
  }
}

}  // namespace

std::string to_dot(const Value& y, const DotOptions& options) {
  check(options);
  const GraphView listing = detail::list_graph(y);
  return Drawing(listing, options).text();
}

void render(const Value& y, const std::filesystem::path& path, const DotOptions& options) {
  check(options);
  const std::string format = detail::picture_format(path);
  const GraphView listing = detail::list_graph(y);
  const std::size_t nodes = node_count(listing);
  if (nodes > options.node_limit) {
    throw Error("render(): the drawing would have " + std::to_string(nodes) +
                " boxes and operations, more than options.node_limit (" +
                std::to_string(options.node_limit) +
                "), and dot may need minutes. Draw a smaller graph, raise node_limit and "
                "time_limit, or write to_dot() to a file and lay it out with: sfdp -T" +
                format);
  }
  std::filesystem::path text = path;
  text.replace_extension(".dot");
  detail::TemporaryFile file(text);
  file.write(Drawing(listing, options).text());
  file.commit();
  detail::lay_out(text, path, format, options.time_limit);
}

}  // namespace autograd
