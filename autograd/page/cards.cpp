#include "autograd/page/cards.hpp"

#include <algorithm>
#include <utility>

#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kLongestHeading = 26;
constexpr double kLetterWidth = 7.6;

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(text::first_character(text).bytes);
  return count;
}
std::string cut(std::string_view text, std::size_t longest) {
  if (characters(text) <= longest) return std::string(text);
  std::string result;
  for (std::size_t i = 0; i + 1 < longest; ++i) {
    const std::size_t bytes = text::first_character(text).bytes;
    result += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return result + "…";
}

std::string heading_of(const Explanation::Node& node) {
  if (node.operation.empty()) return cut(node.name, kLongestHeading);
  return cut(node.name + " = " + node.formula.to_string(Notation::kText, 4), kLongestHeading);
}

std::string coordinates(LayeredLayout::Point point) {
  return text::fixed(point.x, 1) + " " + text::fixed(point.y, 1);
}

// A curve that leaves each of the points to the right.
std::string path_through(const std::vector<LayeredLayout::Point>& points) {
  std::string path = "M" + coordinates(points[0]);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double middle = (points[i - 1].x + points[i].x) / 2;
    path += "C" + coordinates({middle, points[i - 1].y}) + " " +
            coordinates({middle, points[i].y}) + " " + coordinates(points[i]);
  }
  return path;
}

}  // namespace

CardDrawing::Card card_with(std::string heading, int digits) {
  const double room_for_numbers = 58 + 7.2 * (std::min(digits, 12) + 5);
  const double width =
      std::max(room_for_numbers, 20 + kLetterWidth * static_cast<double>(characters(heading)));
  return {0, 0, width, std::move(heading)};
}

void CardDrawing::lay_out(LayeredLayout::Point corner) {
  std::vector<LayeredLayout::Box> boxes;
  std::vector<LayeredLayout::Edge> edges;
  for (const Card& each : cards) boxes.push_back({each.width, kHeight});
  for (const Arrow& each : arrows)
    if (each.from < each.to) edges.push_back({each.from, each.to});
  const LayeredLayout layout = layered_layout(boxes, edges);
  width = layout.width + 2 * corner.x;
  height = layout.height + corner.y + corner.x;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    cards[i].x = layout.centre[i].x - cards[i].width / 2 + corner.x;
    cards[i].y = layout.centre[i].y - kHeight / 2 + corner.y;
  }
  // Arrows arrive at a card in the order of their operands.
  std::vector<std::size_t> arriving(cards.size(), 0), arrived(cards.size(), 0);
  for (const Arrow& each : arrows) ++arriving[each.to];
  std::size_t edge = 0;
  for (Arrow& arrow : arrows) {
    const Card &from = cards[arrow.from], &to = cards[arrow.to];
    std::vector<LayeredLayout::Point> points{{from.x + from.width, from.y + kHeight / 2}};
    if (arrow.from < arrow.to) {
      for (const LayeredLayout::Point& each : layout.between[edge])
        points.push_back({each.x + corner.x, each.y + corner.y});
      ++edge;
    }
    const double share =
        static_cast<double>(++arrived[arrow.to]) / static_cast<double>(arriving[arrow.to] + 1);
    points.push_back({to.x - 3, to.y + kHeight * share});
    arrow.path = path_through(points);
  }
}

Cards cards_of(const Value& y, int digits, LayeredLayout::Point corner) {
  Cards result;
  result.explanation = explain(y, {.digits = digits, .depth = 0});
  const std::vector<Explanation::Node>& nodes = result.explanation.nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    result.cards.push_back(card_with(heading_of(nodes[i]), digits));
    for (std::size_t k = 0; k < nodes[i].operands.size(); ++k) {
      if (nodes[i].operands[k] != Explanation::kNone)
        result.arrows.push_back({nodes[i].operands[k], i, k, ""});
    }
  }
  result.lay_out(corner);
  return result;
}

}  // namespace autograd::detail
