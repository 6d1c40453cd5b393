#include "autograd/tape_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include <autograd/draw/palette.hpp>
#include <autograd/error.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using detail::GraphView;
using detail::kColours;

constexpr double kTapeTop = 74, kTapeFoot = 44, kTapeLeft = 26, kTapeRight = 84, kSmallestDot = 2;
constexpr std::size_t kTapeShades = 5;

std::string number_of(std::size_t count, const std::string& noun) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits + " " + noun + (count == 1 ? "" : "s");
}
std::string tape_length(double x) { return text::fixed(x, 1); }

// Where each node stands: operations in the order of recording, leaves in that of their first use.
struct Places {
  std::size_t operations = 0, leaves = 0;
  std::vector<std::size_t> place;  // by node; plain numbers have none

  explicit Places(const GraphView& view) : place(view.nodes.size(), 0) {
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      if (is_shown(view.nodes[i])) place[i] = view.nodes[i].op.empty() ? leaves++ : operations++;
    }
  }
  static bool is_shown(const GraphView::Node& node) {
    return !(node.is_constant && node.op.empty() && node.label.empty());
  }
};

// Dots in rows and columns, counted.
class Dots {
 public:
  Dots(std::size_t rows, std::size_t columns) : columns_(columns), cells_(rows * columns) {}

  void add(std::size_t row, std::size_t column, bool is_dead) {
    Cell& cell = cells_[row * columns_ + column];
    ++cell.count;
    if (!is_dead) cell.is_alive = true;
    most_ = std::max(most_, cell.count);
  }
  std::uint32_t most() const { return most_; }

  void draw(Svg& svg, PicturePoint corner, double width, double height) const {
    std::array<std::string, kTapeShades + 2> areas;
    for (std::size_t at = 0; at < cells_.size();) {
      const std::size_t shade = shade_of(cells_[at]), row = at / columns_, first = at % columns_;
      while (at < (row + 1) * columns_ && shade_of(cells_[at]) == shade) ++at;
      if (shade == 0) continue;
      const double length = width * static_cast<double>(at - row * columns_ - first);
      areas[shade] += "M" + tape_length(corner.x + width * static_cast<double>(first)) + " " +
                      tape_length(corner.y + height * static_cast<double>(row)) + "h" +
                      tape_length(length) + "v" + tape_length(height) + "h-" + tape_length(length) +
                      "z";
    }
    for (std::size_t shade = 1; shade < areas.size(); ++shade) {
      if (!areas[shade].empty()) svg.path(areas[shade], {.fill = colour_of(shade)});
    }
  }

  // 0 is empty, 1 is dead, the others are from light to dark.
  static std::string colour_of(std::size_t shade) {
    if (shade == 1) return std::string(kColours.strong_negative);
    return detail::blend("#7DB8DE", "#0B2B45",
                         static_cast<double>(shade - 2) / static_cast<double>(kTapeShades - 1));
  }

 private:
  struct Cell {
    std::uint32_t count = 0;
    bool is_alive = false;
  };
  std::size_t shade_of(const Cell& cell) const {
    if (cell.count == 0) return 0;
    if (!cell.is_alive) return 1;
    const double share = most_ > 1 ? std::log(cell.count) / std::log(most_) : 1.0;
    return 2 + static_cast<std::size_t>(std::lround(share * static_cast<double>(kTapeShades - 1)));
  }

  std::size_t columns_;
  std::vector<Cell> cells_;
  std::uint32_t most_ = 0;
};

class TapeDrawing {
 public:
  TapeDrawing(const GraphView& view, const TapePictureOptions& options)
      : view_(view),
        options_(options),
        places_(view),
        // The leaves have a share of the width, but always some and never most of it.
        band_(places_.leaves == 0 ? 0.0 : options.size * std::clamp(share_of_leaves(), 0.08, 0.35)),
        left_(kTapeLeft + band_ + (band_ > 0 ? 14 : 0)),
        svg_(left_ + options.size + kTapeRight, kTapeTop + options.size + kTapeFoot) {}

  Svg picture() && {
    draw_frames();
    draw_dots();
    draw_words();
    return std::move(svg_);
  }

 private:
  double share_of_leaves() const {
    return static_cast<double>(places_.leaves) / static_cast<double>(places_.operations + 1);
  }
  std::size_t cells(std::size_t count, double length) const {
    return std::min(count, static_cast<std::size_t>(length / kSmallestDot));
  }
  double row_at(std::size_t operation) const {
    return options_.size * static_cast<double>(operation) / static_cast<double>(places_.operations);
  }

  void draw_dots() {
    if (places_.operations == 0) return;
    const std::size_t rows = cells(places_.operations, options_.size),
                      columns = places_.leaves == 0 ? 1 : cells(places_.leaves, band_);
    Dots operations(rows, rows), leaves(rows, columns);
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      const GraphView::Node& node = view_.nodes[i];
      if (node.op.empty()) continue;
      const std::size_t row = places_.place[i] * rows / places_.operations;
      for (const GraphView::Operand& operand : view_.operands_of(node)) {
        const GraphView::Node& from = view_.nodes[operand.node];
        if (!Places::is_shown(from)) continue;
        ++operands_;
        const std::size_t place = places_.place[operand.node];
        const bool is_dead = operand.partial == 0;
        has_dead_ = has_dead_ || is_dead;
        if (from.op.empty()) {
          leaves.add(row, place * columns / places_.leaves, is_dead);
        } else {
          operations.add(row, place * rows / places_.operations, is_dead);
        }
      }
    }
    const double height = options_.size / static_cast<double>(rows);
    leaves.draw(svg_, {kTapeLeft, kTapeTop}, band_ / static_cast<double>(columns), height);
    operations.draw(svg_, {left_, kTapeTop}, height, height);
    most_ = std::max(leaves.most(), operations.most());
  }

  // A square on the diagonal for each run of operations of one part, with its name to the right.
  void draw_frames() {
    const detail::PartTree tree = part_tree(view_, options_.deepest_part);
    for (std::size_t depth = 1; depth <= options_.deepest_part; ++depth) {
      std::size_t part = 0, begin = 0;
      for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
        if (view_.nodes[i].op.empty()) continue;
        std::size_t now = tree.part_of[i];
        while (tree.parts[now].depth > depth) now = tree.parts[now].parent;
        if (tree.parts[now].depth < depth) now = 0;
        if (now == part) continue;
        draw_frame(tree, part, begin, places_.place[i]);
        part = now;
        begin = places_.place[i];
      }
      draw_frame(tree, part, begin, places_.operations);
    }
  }
  void draw_frame(const detail::PartTree& tree, std::size_t part, std::size_t begin,
                  std::size_t end) {
    if (part == 0) return;
    const double from = row_at(begin), to = row_at(end), length = to - from;
    const detail::PartTree::Part& is = tree.parts[part];
    if (length < 1) return;
    svg_.rect({left_ + from, kTapeTop + from}, length, length,
              {.stroke = kColours.frame_line,
               .fill = is.depth % 2 == 1 ? "#F1F1EC" : "#E4E9EE",
               .width = 0.7});
    constexpr double kLetter = 6.2, kLine = 11;
    // Names of parts that begin together stand below one another.
    const double line = 13 * static_cast<double>(is.depth - 1);
    const double x = left_ + to + 4, y = kTapeTop + from + std::min(length, 26.0) / 2 + 4 + line;
    const double room = svg_.width() - x;
    if (length < kLine + line || room < 20) return;
    std::string name = is.name;
    const auto most = static_cast<std::size_t>(room / kLetter);
    if (name.size() > most) name = name.substr(0, most > 1 ? most - 1 : 0) + "…";
    svg_.text({x, y}, name, {.size = 11, .colour = kColours.muted, .bold = is.depth == 1});
  }
  void draw_words() {
    const double foot = kTapeTop + options_.size;
    const Svg::Look axis{.stroke = kColours.faint, .width = 1};
    svg_.line({left_, kTapeTop}, {left_, foot}, axis);
    svg_.line({left_, foot}, {left_ + options_.size, foot}, axis);
    if (band_ > 0) {
      svg_.line({kTapeLeft, kTapeTop}, {kTapeLeft, foot}, axis);
      svg_.line({kTapeLeft, foot}, {kTapeLeft + band_, foot}, axis);
    }
    const std::string title =
        options_.title.empty() ? "The graph in the order of recording" : options_.title;
    svg_.text({kTapeLeft, 24}, title, {.size = 15, .colour = "#111111", .bold = true});
    std::string counts = number_of(places_.operations, "operation") + ", " +
                         number_of(operands_, "operand") + ", " + number_of(places_.leaves, "leaf");
    if (places_.leaves != 1) counts.replace(counts.size() - 5, 5, "leaves");
    svg_.text({kTapeLeft, 43}, counts, {.size = 12, .colour = kColours.muted});
    std::string dots =
        most_ > 1 ? "one dot: up to " + number_of(most_, "operand") : "a dot is an operand";
    svg_.text({kTapeLeft, 60}, dots, {.size = 12, .colour = kColours.muted});
    if (has_dead_) {
      const double x = kTapeLeft + 14 + 6.4 * static_cast<double>(dots.size());
      svg_.rect({x, 52}, 8, 8, {.fill = kColours.strong_negative});
      svg_.text({x + 13, 60}, "local derivative 0", {.size = 12, .colour = kColours.muted});
    }
    const Svg::Words words{.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = "#333333"};
    svg_.text({left_ + options_.size / 2, foot + 20}, "operands that are operations", words);
    if (band_ > 0) svg_.text({kTapeLeft + band_ / 2, foot + 20}, "leaves", words);
    Svg::Words turned = words;
    turned.turned = -90;
    svg_.text({kTapeLeft - 9, kTapeTop + options_.size / 2}, "← later · operations · earlier →",
              turned);
  }

  const GraphView& view_;
  const TapePictureOptions& options_;
  const Places places_;
  const double band_, left_;
  Svg svg_;
  std::size_t operands_ = 0;
  std::uint32_t most_ = 0;
  bool has_dead_ = false;
};

}  // namespace

Svg tape_picture(const Value& y, const TapePictureOptions& options) try {
  if (!(options.size >= 100 && options.size <= 10'000))
    throw Error("tape_picture(): options.size must be from 100 to 10000");
  const GraphView view = detail::list_graph(y);
  return TapeDrawing(view, options).picture();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
