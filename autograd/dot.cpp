#include "autograd/dot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <new>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <autograd/draw/dot_text.hpp>
#include <autograd/draw/graphviz.hpp>
#include <autograd/draw/palette.hpp>
#include <autograd/file.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/singular.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using detail::bare;
using detail::GraphView;
using detail::markup;
using detail::Palette;
using detail::quoted;

// In characters; the rest is left out. Graphviz reads no more than 16,384 bytes at a time.
constexpr std::size_t kLongestLabel = 40;
constexpr std::size_t kLongestTitle = 200;

detail::DotAttribute font() { return quoted("fontname", "Helvetica,Arial,sans-serif"); }

std::string escaped(std::string_view text, std::size_t longest) {
  return detail::escaped(text, longest, "<br/>");
}

std::string_view word(Singular::Kind kind) {
  constexpr std::array<std::string_view, 8> kWords{"0 × inf", "jump",      "kink",     "pole",
                                                   "edge",    "undefined", "overflow", "kink"};
  return kWords[static_cast<std::size_t>(kind)];
}

// Whether exchanging the operands gives something else.
bool order_matters(const GraphView::Node& node) {
  return node.operand_count > 1 && detail::operation_info(node.op).commutes == ops::Commutes::kNo;
}

// ---- drawing ----

class Drawing {
 public:
  Drawing(const GraphView& listing, const std::vector<Singular>& singular,
          const DotOptions& options)
      : listing_(listing),
        options_(options),
        colour_(options.colours ? detail::kColours : detail::kBlackOnWhite) {
    for (const Singular& each : singular) singular_[each.value.id()] = word(each.kind);
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
    dot_.open_group();
    dot_.defaults(
        "node",
        {bare("shape", "ellipse"), bare("style", "filled"), quoted("margin", "0.03,0"),
         bare("width", "0.42"), bare("height", "0.42"), bare("fontsize", "20"),
         quoted("color", colour_.operation_line), quoted("fillcolor", colour_.operation_fill),
         quoted("fontcolor", colour_.operation_text)});
    for (std::size_t i = 0; i < listing_.nodes.size(); ++i) operation(i);
    dot_.close_group();
    for (std::size_t i = 0; i < listing_.nodes.size(); ++i) edges(i);
    return std::move(dot_).finish();
  }

 private:
  using Node = GraphView::Node;
  using Operand = GraphView::Operand;
  using Attributes = detail::DotWriter::Attributes;

  static std::string box_name(std::size_t i) { return std::string("n").append(std::to_string(i)); }

  const Operand& operand(const Node& node, std::size_t i) const {
    return listing_.operands[node.first_operand + i];
  }
  bool is_number(const Node& node, std::size_t i, double x) const {
    const Node& number = listing_.nodes[operand(node, i).node];
    return number.is_constant && number.op.empty() && number.label.empty() && number.data == x;
  }
  // A product with the number 1 is drawn as the other factor,
  // and a sum that starts from the number 0 without it.
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
  std::string number(double x) const { return text::rounded(x, options_.digits); }
  std::string_view sign_colour(double x) const {
    if (!std::isfinite(x)) return colour_.alarm;
    return x < 0 ? colour_.negative : x > 0 ? colour_.positive : colour_.muted;
  }

  void heading() {
    Attributes graph{bare("rankdir", is_across() ? "LR" : "TB"),
                     bare("bgcolor", "white"),
                     bare("pad", "0.3"),
                     bare("nodesep", "0.25"),
                     bare("ranksep", "0.35"),
                     font(),
                     bare("fontsize", "18"),
                     bare("labelloc", "t")};
    const std::string title = escaped(options_.title, kLongestTitle);
    if (!title.empty() || options_.local_derivatives) {
      std::string table = "<table border=\"0\" cellspacing=\"0\" cellpadding=\"3\">";
      if (!title.empty()) put(table, "<tr><td>", title, "</td></tr>");
      if (options_.local_derivatives) {
        put(table, "<tr><td><font point-size=\"11\" color=\"", colour_.muted,
            "\">numbers on edges: local derivatives</font></td></tr>");
      }
      graph.push_back(markup("label", table + "</table>"));
    }
    dot_.defaults("graph", graph);
    dot_.defaults("node", {bare("shape", "box"), quoted("style", "rounded,filled"),
                           bare("margin", "0.03"), font(), bare("fontsize", "13"),
                           quoted("color", colour_.line), bare("fillcolor", "white")});
    dot_.defaults("edge", {bare("arrowsize", "0.6"), font(), bare("fontsize", "11"),
                           quoted("color", colour_.line), quoted("fontcolor", colour_.positive)});
  }

  void box(std::size_t i) {
    const Node& node = listing_.nodes[i];
    const bool is_number = node.is_constant && node.label.empty();
    Attributes look{is_number ? quoted("label", number(node.data)) : markup("label", table(node))};
    const auto add = [&](std::initializer_list<detail::DotAttribute> more) {
      look.insert(look.end(), more);
    };
    if (i + 1 == listing_.nodes.size()) {
      add({bare("penwidth", "2.5"), quoted("color", colour_.result_line),
           quoted("fillcolor", colour_.result_fill)});
    } else if (node.is_constant) {
      add({quoted("color", colour_.faint), quoted("fontcolor", colour_.muted),
           bare("fontsize", "11"), quoted("margin", "0.06,0.03"), bare("width", "0"),
           bare("height", "0")});
    } else if (node.has_no_path) {
      std::string stripes(stripe(node));
      for (int k = 0; k < 6; ++k) put(stripes, ":white:", stripe(node));
      add({bare("style", "striped"), bare("margin", "0"), quoted("color", stripe(node)),
           quoted("fillcolor", stripes)});
    } else if (node.op.empty()) {
      add({quoted("color", colour_.leaf_line), quoted("fillcolor", colour_.leaf_fill)});
    }
    dot_.node(box_name(i), look);
  }

  // ---- the table in a box ----

  static void put(std::string& to, const auto&... parts) { ((to += parts), ...); }

  std::string table(const Node& node) const {
    // The stripes are drawn with the frame in their own colour: the table has a frame instead.
    std::string result = "<table cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" border=\"";
    if (node.has_no_path) {
      put(result, "1\" color=\"", node.op.empty() ? colour_.leaf_line : colour_.line, "\">");
    } else {
      put(result, "0\">");
    }
    if (!node.label.empty()) {
      put(result, "<tr><td colspan=\"2\"><b>", escaped(node.label, kLongestLabel),
          "</b></td></tr><hr/>");
    }
    const bool is_finite = std::isfinite(node.data);
    put_row(result, "data", number(node.data), is_finite ? std::string_view() : colour_.alarm);
    if (!node.is_constant) {
      if (node.has_gradient) {
        put_row(result, "grad", number(node.gradient), sign_colour(node.gradient));
      } else {
        put_row(result, "grad", "<i>none yet</i>", colour_.muted);
      }
    }
    return result + "</table>";
  }

  void put_row(std::string& to, std::string_view caption, std::string_view text,
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

  std::string_view stripe(const Node& node) const {
    return node.op.empty() ? colour_.leaf_hatch : colour_.hatch;
  }

  // ---- operations ----

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
      dot_.node(name + "_" + std::to_string(k / 2),
                {markup("label", "×"), bare("width", "0.25"), bare("height", "0.25"),
                 bare("fontsize", "14")});
    }
    const std::string_view symbol = detail::operation_info(node.op).glyph;
    const bool is_sum = node.op == "sum" || node.op == "dot";
    const bool is_word = symbol.size() > 1 && static_cast<unsigned char>(symbol[0]) < 0x80;
    Attributes look{
        markup("label", is_sum ? terms > 2 ? "Σ" : "+" : escaped(symbol, kLongestLabel))};
    if (is_word && !is_sum) look.push_back(bare("fontsize", "14"));
    if (order_matters(node)) look.push_back(bare("ordering", "in"));
    if (const auto found = singular_.find(node.id); found != singular_.end()) {
      look.insert(look.end(), {quoted("color", colour_.alarm), bare("penwidth", "2"),
                               bare("peripheries", "2"), quoted("xlabel", found->second)});
    }
    dot_.node(name, look);
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
      if (k % 2 == 1) dot_.edge(product, name);
    }
    dot_.edge(name, box_name(i));
  }

  void edge(const Node& node, std::size_t k, const std::string& target) {
    const auto [from, partial] = operand(node, k);
    const Node& source = listing_.nodes[from];
    const bool is_scaled = node.op == "sum" && partial != 1.0;
    Attributes look;
    if (source.is_constant && !is_scaled) {
      look.push_back(quoted("color", colour_.faint));
    } else {
      if (options_.local_derivatives || is_scaled) {
        const std::string gap = is_across() ? "" : " ", times = is_scaled ? "× " : "";
        look.push_back(quoted("label", gap + times + number(partial)));
        if (!(partial > 0)) look.push_back(quoted("fontcolor", sign_colour(partial)));
      }
      if (partial == 0) look.push_back(bare("style", "dashed"));
    }
    dot_.edge(box_name(from), target, look);
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
  std::unordered_map<detail::Id, std::string_view> singular_;  // what each operation is
  std::vector<bool> is_drawn_;
  detail::DotWriter dot_{"autograd"};
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

std::string to_dot(const Value& y, const DotOptions& options) try {
  check(options);
  const GraphView listing = detail::list_graph(y);
  return Drawing(listing, find_singular(y), options).text();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void render(const Value& y, const std::filesystem::path& path, const DotOptions& options) try {
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
  file::write(text, Drawing(listing, find_singular(y), options).text());
  detail::lay_out(text, path, format, options.time_limit);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
