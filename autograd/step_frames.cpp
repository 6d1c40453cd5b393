#include "autograd/step_frames.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <optional>

#include <autograd/draw/palette.hpp>
#include <autograd/error.hpp>
#include <autograd/explain/layout.hpp>
#include <autograd/page/cards.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using detail::Cards;
using detail::kColours;

constexpr double kFrameSide = 16, kFrameHead = 44, kFrameFoot = 78;
constexpr std::size_t kMostCards = 200;
constexpr std::string_view kFrameInk = "#222222", kFrameMark = "#D55E00", kFramePale = "#FBFBFA";

// What has been done when a frame is drawn.
struct Moment {
  std::size_t values;  // so many operations have been computed
  std::size_t steps;   // so many steps of the sweep have been taken
  bool is_backward = false;
};

class FramePainter {
 public:
  FramePainter(const Cards& cards, const StepFramesOptions& options)
      : cards_(cards), options_(options) {
    const auto& nodes = cards.explanation.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!nodes[i].operation.empty()) operations_.push_back(i);
  }

  std::vector<Svg> frames() {
    std::vector<Moment> moments;
    const std::size_t all = operations_.size();
    if (options_.forward)
      for (std::size_t k = 0; k <= all; ++k) moments.push_back({k, 0});
    if (options_.backward)
      for (std::size_t k = 0; k <= cards_.explanation.steps.size(); ++k)
        moments.push_back({all, k, true});
    // As wide as the longest line.
    width_ = std::max(cards_.width, 420.0);
    for (const Moment& each : moments)
      width_ =
          std::max(width_, 8.6 * static_cast<double>(caption(each).line.size()) + 2 * kFrameSide);
    std::vector<Svg> result;
    for (const Moment& each : moments) result.push_back(frame(each));
    return result;
  }

 private:
  std::string number(double x) const { return text::rounded(x, options_.digits); }

  Svg frame(const Moment& now) const {
    Svg svg(width_, cards_.height + kFrameFoot);
    svg.text({kFrameSide, 27}, options_.title, {.size = 16, .colour = "#111111", .bold = true});
    const Explanation& all = cards_.explanation;
    const Explanation::Step* const step = present_step(now);
    const std::size_t computed =
        !now.is_backward && now.values > 0 ? operations_[now.values - 1] : Explanation::kNone;
    std::vector<bool> is_known(all.nodes.size(), false);
    for (std::size_t i = 0; i < all.nodes.size(); ++i) is_known[i] = all.nodes[i].operation.empty();
    for (std::size_t k = 0; k < now.values; ++k) is_known[operations_[k]] = true;
    // The marked arrows last, above the others.
    for (const bool is_marked : {false, true}) {
      for (std::size_t e = 0; e < cards_.arrows.size(); ++e)
        if (is_marked == is_present(e, step, computed)) arrow(svg, e, is_marked, step != nullptr);
    }
    for (std::size_t i = 0; i < all.nodes.size(); ++i) {
      const bool is_present = step != nullptr                     ? step->operand == i
                              : now.is_backward && now.steps == 0 ? i + 1 == all.nodes.size()
                                                                  : computed == i;
      card(svg, i, is_known[i], is_present, now);
    }
    draw_caption(svg, now);
    return svg;
  }

  bool is_present(std::size_t e, const Explanation::Step* step, std::size_t computed) const {
    const Cards::Arrow& arrow = cards_.arrows[e];
    if (step == nullptr) return computed == arrow.to;
    return arrow.from == step->operand && arrow.to == step->operation &&
           (!is_one_of_two(e) || use_of(e) == step->use);
  }
  // Several arrows between the same cards: the last one is the first use of the sweep.
  bool is_one_of_two(std::size_t e) const {
    return std::ranges::count_if(cards_.arrows, [&](const Cards::Arrow& each) {
             return each.from == cards_.arrows[e].from && each.to == cards_.arrows[e].to;
           }) > 1;
  }
  std::size_t use_of(std::size_t e) const {
    std::size_t later = 1;
    for (const Cards::Arrow& each : cards_.arrows) {
      if (each.from != cards_.arrows[e].from) continue;
      const bool is_later =
          each.to > cards_.arrows[e].to ||
          (each.to == cards_.arrows[e].to && each.operand > cards_.arrows[e].operand);
      later += is_later ? 1 : 0;
    }
    return later;
  }

  void arrow(Svg& svg, std::size_t e, bool is_marked, bool is_back) const {
    const Cards::Arrow& arrow = cards_.arrows[e];
    svg.path(arrow.path,
             {.stroke = is_marked ? kFrameMark : "#A8A8A8", .width = is_marked ? 3.0 : 1.2});
    const Cards::Card &from = cards_.cards[arrow.from], &to = cards_.cards[arrow.to];
    if (!is_marked) return;
    // The head: where the number goes to.
    const double x = is_back ? from.x + from.width : to.x - 3, way = is_back ? 8 : -8;
    const double y = is_back ? from.y + Cards::kHeight / 2 : end_of(e);
    svg.path(
        "M" + text::fixed(x, 1) + " " + text::fixed(y, 1) + "l" + text::fixed(way, 1) + " -5v10z",
        {.fill = kFrameMark});
  }
  double end_of(std::size_t e) const {
    const std::string& path = cards_.arrows[e].path;
    double y = 0;
    text::read_number(std::string_view(path).substr(path.rfind(' ') + 1), y);
    return y;
  }

  // The sum of what has arrived by now; nothing before the first.
  std::optional<double> gradient(std::size_t i, const Moment& now) const {
    if (!now.is_backward) return {};
    if (i + 1 == cards_.explanation.nodes.size()) return 1.0;
    std::optional<double> sum;
    for (std::size_t k = 0; k < now.steps; ++k) {
      const Explanation::Step& step = cards_.explanation.steps[k];
      if (step.operand == i) sum = step.sum.value;
    }
    return sum;
  }

  void card(Svg& svg, std::size_t i, bool is_known, bool is_present, const Moment& now) const {
    const Explanation::Node& node = cards_.explanation.nodes[i];
    const Cards::Card& card = cards_.cards[i];
    const bool is_leaf = node.operation.empty(), is_last = i + 1 == cards_.cards.size();
    const double x = card.x, y = card.y;
    svg.rect({x, y}, card.width, Cards::kHeight,
             {.stroke = is_present ? kFrameMark
                        : is_leaf  ? kColours.leaf_line
                        : is_last  ? kColours.result_line
                                   : kColours.line,
              .fill = !is_known ? kFramePale
                      : is_leaf ? kColours.leaf_fill
                      : is_last ? kColours.result_fill
                                : "#FFFFFF",
              .width = is_present ? 3.0 : 1.2},
             6);
    svg.text({x + 10, y + 18}, card.heading, {.size = 13, .colour = kFrameInk, .bold = true});
    const Svg::Words name{.size = 12, .colour = kColours.muted};
    Svg::Words value{.anchor = Svg::Anchor::kEnd, .size = 12, .colour = kFrameInk};
    svg.text({x + 10, y + 36}, "data", name);
    if (is_known) svg.text({x + card.width - 10, y + 36}, number(node.value.value), value);
    if (node.is_constant) return;
    svg.text({x + 10, y + 53}, "grad", name);
    if (const std::optional<double> sum = gradient(i, now)) {
      value.colour = *sum < 0 ? kColours.negative : kColours.positive;
      value.bold = is_present;
      svg.text({x + card.width - 10, y + 53}, number(*sum), value);
    }
  }

  struct Caption {
    std::string line, remark;
  };
  Caption caption(const Moment& now) const {
    const Explanation& all = cards_.explanation;
    const auto by = [](const std::string& y, const std::string& x) {
      return detail::derivative(Notation::kText, y, x);
    };
    if (const Explanation::Step* const step = present_step(now)) {
      const std::string& operation = all.nodes[step->operation].name;
      const std::string& operand = all.nodes[step->operand].name;
      Caption result{by(all.result, operand) + (step->use > 1 ? " += " : " = ") +
                         by(all.result, operation) + " * " + by(operation, operand) + " = (" +
                         number(step->upstream.value) + ")(" + number(step->local.value) +
                         ") = " + number(step->contribution.value),
                     ""};
      if (step->uses > 1)
        result.remark = "use " + std::to_string(step->use) + " of " + std::to_string(step->uses) +
                        ": the sum is now " + number(step->sum.value);
      if (!step->remark.empty())
        result.remark += (result.remark.empty() ? "" : "; ") + step->remark;
      return result;
    }
    if (now.is_backward) return {"backward: " + by(all.result, all.result) + " = 1", ""};
    if (now.values == 0) return {"forward: the leaves are given", ""};
    const Explanation::Node& node = all.nodes[operations_[now.values - 1]];
    return {node.name + " = " + node.formula.to_string(Notation::kText, options_.digits) + " = " +
                node.with_numbers.to_string(Notation::kText, options_.digits) + " = " +
                number(node.value.value),
            ""};
  }
  const Explanation::Step* present_step(const Moment& now) const {
    return now.is_backward && now.steps > 0 ? &cards_.explanation.steps[now.steps - 1] : nullptr;
  }

  void draw_caption(Svg& svg, const Moment& now) const {
    const Caption words = caption(now);
    const double y = svg.height() - kFrameFoot + 30;
    svg.text({kFrameSide, y}, words.line, {.size = 16, .colour = kFrameInk});
    svg.text({kFrameSide, y + 24}, words.remark, {.size = 13, .colour = kColours.muted});
    const std::size_t at = now.is_backward ? now.steps : now.values;
    const std::size_t count =
        now.is_backward ? cards_.explanation.steps.size() : operations_.size();
    svg.text({svg.width() - kFrameSide, 27},
             std::string(now.is_backward ? "backward " : "forward ") + std::to_string(at) + " / " +
                 std::to_string(count),
             {.anchor = Svg::Anchor::kEnd, .size = 12, .colour = kColours.muted});
  }

  const Cards& cards_;
  const StepFramesOptions& options_;
  std::vector<std::size_t> operations_;  // in the order in which they are computed
  double width_ = 0;
};

}  // namespace

std::vector<Svg> step_frames(const Value& y, const StepFramesOptions& options) try {
  if (options.digits < 1 || options.digits > 17) {
    throw Error("step_frames(): options.digits must be from 1 to 17, not " +
                std::to_string(options.digits));
  }
  const std::size_t count = topological_order(y).size();
  if (count > kMostCards) {
    throw Error("step_frames(): the graph has " + std::to_string(count) +
                " values, more than the " + std::to_string(kMostCards) +
                " that can be seen in a frame");
  }
  const Cards cards = detail::cards_of(y, options.digits, {kFrameSide, kFrameHead});
  return FramePainter(cards, options).frames();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void save_step_frames(const Value& y, const std::filesystem::path& path,
                      const StepFramesOptions& options) try {
  const std::vector<Svg> frames = step_frames(y, options);
  const std::size_t digits = std::max<std::size_t>(2, std::to_string(frames.size() - 1).size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    std::string number = std::to_string(i);
    number.insert(0, digits - number.size(), '0');
    std::filesystem::path file = path;
    file.replace_filename(path.stem().string() + "_" + number + path.extension().string());
    frames[i].save(file);
  }
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
