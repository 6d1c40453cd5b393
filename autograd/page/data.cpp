#include "autograd/page/data.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <vector>

#include <autograd/error.hpp>
#include <autograd/explain/layout.hpp>
#include <autograd/explain/names.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/part_tree.hpp>
#include <autograd/page/cards.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/text.hpp>
#include <autograd/worksheet/mistakes.hpp>

namespace autograd::detail {

namespace {

// An array or an object, item by item.
class Items {
 public:
  void add(std::string_view item) {
    if (!text_.empty()) text_ += ',';
    text_ += item;
  }
  void add(std::string_view key, std::string_view item) {
    add(std::string(key) + ":" + std::string(item));
  }
  std::string array() const { return "[" + text_ + "]"; }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string position(double x) { return text::fixed(x, 1); }
std::string words(const std::string& text) { return java_script_string(text); }

// By node: the part of an operation; that of a leaf is the innermost one around all of its users.
std::vector<std::size_t> parts_of_users(const GraphView& view, const PartTree& tree) {
  std::vector<std::size_t> result = tree.part_of;
  std::vector<bool> is_used(view.nodes.size(), false);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    for (const GraphView::Operand& each : view.operands_of(view.nodes[i])) {
      if (!view.nodes[each.node].op.empty()) continue;
      std::size_t &part = result[each.node], other = tree.part_of[i];
      if (!is_used[each.node]) part = other;
      is_used[each.node] = true;
      while (part != other)  // a part stands after the one that it lies in
        (part > other ? part : other) = tree.parts[std::max(part, other)].parent;
    }
  }
  return result;
}

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
      card_of_id_[view_.nodes[i].id] = place_[i];
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
    if (!options_.inputs.empty()) page.add("model", model());
    return functions_.text() + "const PAGE = " + page.object() + ";\n";
  }

 private:
  std::string html(const Formula& formula) const {
    return words(formula.to_string(Notation::kHtml, options_.digits));
  }

  void add_parts(Items& page) const {
    constexpr std::size_t kDeepest = 8;
    const PartTree tree = part_tree(view_, kDeepest);
    Items parts, part_of;
    for (const PartTree::Part& each : tree.parts) {
      Items part;
      part.add("name", words(each.name));
      part.add("parent", std::to_string(each.parent));
      parts.add(part.object());
    }
    const std::vector<std::size_t> part = parts_of_users(view_, tree);
    for (const std::size_t i : node_of_card_) part_of.add(std::to_string(part[i]));
    page.add("parts", parts.array());
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
      if (!entry && reason_.empty())
        reason_ = "The operation " + std::string(node.op) +
                  (node.operand_count > 512 ? " has too many operands"
                                            : " has no rule that can be written down") +
                  ": the numbers are those of the recording.";
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

  std::size_t card_of(const Value& x, const char* what) const {
    const auto found = card_of_id_.find(x.id());
    if (found == card_of_id_.end())
      throw Error(std::string("to_page(): y was not computed from one of options.") + what);
    return found->second;
  }

  std::string model() const {
    Items model, inputs, rows, weights;
    for (const Value& each : options_.inputs) inputs.add(std::to_string(card_of(each, "inputs")));
    for (const std::vector<double>& row : options_.rows) {
      Items numbers;
      for (const double each : row) numbers.add(java_script_number(each));
      rows.add(numbers.array());
    }
    for (const Value& each : options_.weights)
      weights.add(std::to_string(card_of(each, "weights")));
    model.add("inputs", inputs.array());
    model.add("rows", rows.array());
    model.add("weights", weights.array());
    model.add("rate", java_script_number(options_.rate));
    model.add("level", java_script_number(options_.level));
    if (options_.output) model.add("output", std::to_string(card_of(*options_.output, "output")));
    return model.object();
  }

  const PageOptions& options_;
  const GraphView view_;
  const Cards cards_;
  std::vector<std::size_t> place_, node_of_card_;  // cards by node of the view, and back
  std::unordered_map<Id, std::size_t> card_of_id_;
  std::vector<std::vector<Candidate>> mistakes_;  // by card
  JavaScript functions_;
  std::string reason_;  // why the numbers cannot be recomputed; empty if they can
};

}  // namespace

std::string page_data(const Value& y, const PageOptions& options) {
  return PageData(y, options).text();
}

}  // namespace autograd::detail
