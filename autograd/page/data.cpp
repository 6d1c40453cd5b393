#include "autograd/page/data.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <autograd/explain/layout.hpp>
#include <autograd/explain/names.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/page/cards.hpp>
#include <autograd/page/items.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/page/update_script.hpp>
#include <autograd/text.hpp>
#include <autograd/worksheet/mistakes.hpp>

namespace autograd::detail {

namespace {

std::string position(double x) { return text::fixed(x, 1); }
std::string words(const std::string& text) { return java_script_string(text); }

class PageData {
 public:
  PageData(const Value& y, const PageOptions& options)
      : options_(options), view_(list_graph(y)), cards_(cards_of(y, options.digits)) {
    const std::vector<std::string> names = names_of(view_);
    place_.assign(view_.nodes.size(), Explanation::kNone);
    for (std::size_t i = 0, card = 0; i < view_.nodes.size(); ++i) {
      if (names[i].empty()) continue;
      place_[i] = card++;
      node_of_card_.push_back(i);
    }
    find_mistakes(names);
  }

  std::string text() {
    Items page, nodes;
    for (std::size_t i = 0; i < node_of_card_.size(); ++i) nodes.add(node(i));
    page.add("digits", std::to_string(options_.digits));
    page.add("cardHeight", position(Cards::kHeight));
    page.add("leastWidth", position(card_with("", options_.digits).width));
    page.add("nodes", nodes.array());
    add_parts(page);
    page.add("drawing", drawing());
    page.add("steps", steps());
    page.add("reason", words(reason_));
    if (!options_.inputs.empty()) {
      page.add("model", model_as_items(view_, place_, options_));
      page.add("update", update_as_items(options_.update, options_.weights.size(), functions_));
    }
    return functions_.text() + "const PAGE = " + page.object() + ";\n";
  }

 private:
  std::string html(const Formula& formula) const {
    return words(formula.to_string(Notation::kHtml, options_.digits));
  }

  void add_parts(Items& page) const {
    const PartTree tree = part_tree(view_, kDeepestPart);
    const std::vector<std::size_t> part = parts_of_users(view_, tree);
    Items part_of;
    for (const std::size_t i : node_of_card_) part_of.add(std::to_string(part[i]));
    page.add("parts", parts_as_items(tree));
    page.add("partOf", part_of.array());
  }

  // Of all values; those of closed parts are made by the reader's choice.
  std::string drawing() const {
    Items result, cards, arrows;
    for (const CardDrawing::Card& each : cards_.cards) {
      Items card;
      card.add("heading", words(each.heading));
      card.add("x", position(each.x));
      card.add("y", position(each.y));
      card.add("width", position(each.width));
      cards.add(card.object());
    }
    for (const CardDrawing::Arrow& each : cards_.arrows) {
      Items arrow;
      arrow.add("from", std::to_string(each.from));
      arrow.add("to", std::to_string(each.to));
      arrow.add("k", std::to_string(each.operand));
      arrow.add("path", words(each.path));
      arrows.add(arrow.object());
    }
    result.add("width", position(cards_.width));
    result.add("height", position(cards_.height));
    result.add("cards", cards.array());
    result.add("arrows", arrows.array());
    return result.object();
  }

  std::string node(std::size_t i) {
    const Explanation::Node& is = cards_.explanation.nodes[i];
    const GraphView::Node& node = view_.nodes[node_of_card_[i]];
    Items result, operands, numbers, mistakes;
    result.add("name", words(is.name));
    result.add("html", words(name_in(Notation::kHtml, is.name)));
    result.add("heading", words(cards_.cards[i].heading));
    result.add("value", java_script_number(node.data));
    if (node.is_constant) result.add("constant", "true");
    if (!node.op.empty()) {
      for (const GraphView::Operand& operand : view_.operands_of(node)) {
        const bool is_plain = place_[operand.node] == Explanation::kNone;
        operands.add(is_plain ? "-1" : std::to_string(place_[operand.node]));
        numbers.add(is_plain ? java_script_number(view_.nodes[operand.node].data) : "0");
      }
      const std::optional<std::string> entry = functions_.entry(view_, node);
      if (!entry && reason_.empty()) reason_ = reason_without_entry(node);
      result.add("op", words(std::string(node.op)));
      result.add("entry", entry ? words(*entry) : "null");
      result.add("operands", operands.array());
      result.add("numbers", numbers.array());
      result.add("formula", html(is.formula));
      result.add("withNumbers", html(is.with_numbers));
    }
    for (const Candidate& each : mistakes_[i]) {
      Items mistake;
      mistake.add(java_script_number(each.answer));
      mistake.add(words(each.message));
      mistakes.add(mistake.array());
    }
    if (!mistakes_[i].empty()) result.add("mistakes", mistakes.array());
    return result.object();
  }

  // In the order of the sweep; the script finds operation and operand by the same order.
  std::string steps() const {
    Items result;
    for (const Explanation::Step& each : cards_.explanation.steps) {
      Items step;
      step.add("rule", html(each.rule));
      step.add("withNumbers", html(each.with_numbers));
      step.add("local", java_script_number(each.local.value));
      if (!each.remark.empty()) step.add("remark", words(each.remark));
      result.add(step.object());
    }
    return result.array();
  }

  // Of leaves, that the worksheet asks for.
  void find_mistakes(const std::vector<std::string>& names) {
    constexpr std::size_t kMostQuestions = 60;
    const GraphNumbers numbers(view_);
    mistakes_.resize(node_of_card_.size());
    std::size_t questions = 0;
    for (std::size_t i = 0; i < node_of_card_.size() && questions < kMostQuestions; ++i) {
      const GraphView::Node& node = view_.nodes[node_of_card_[i]];
      if (!node.op.empty() || node.is_constant) continue;
      ++questions;
      mistakes_[i] = candidates(view_, names, numbers, node_of_card_[i], options_.digits);
    }
  }

  const PageOptions& options_;
  const GraphView view_;
  const Cards cards_;
  std::vector<std::size_t> place_, node_of_card_;  // cards by node of the view, and back
  std::vector<std::vector<Candidate>> mistakes_;   // by card
  JavaScript functions_;
  std::string reason_;  // why the numbers cannot be recomputed; empty if they can
};

}  // namespace

std::string page_data(const Value& y, const PageOptions& options) {
  return PageData(y, options).text();
}

}  // namespace autograd::detail
