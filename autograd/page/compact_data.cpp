#include "autograd/page/compact_data.hpp"

#include <bit>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include <autograd/explain.hpp>
#include <autograd/explain/names.hpp>
#include <autograd/explain/operations.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/page/items.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/page/update_script.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

// Numbers as text: eight or four bytes each, the lowest first, six bits a character.
class Base64 {
 public:
  void add(double x) { add_bytes(std::bit_cast<std::uint64_t>(x), 8); }
  void add(std::int32_t x) { add_bytes(static_cast<std::uint32_t>(x), 4); }
  std::string text() && {
    if (bits_ > 0) add_letter(pending_ << (6 - bits_));
    while (text_.size() % 4 != 0) text_ += '=';
    return "\"" + std::move(text_) + "\"";
  }

 private:
  void add_bytes(std::uint64_t bytes, int count) {
    for (int i = 0; i < count; ++i) {
      pending_ = pending_ << 8 | ((bytes >> (8 * i)) & 255U);
      for (bits_ += 8; bits_ >= 6; bits_ -= 6) add_letter(pending_ >> (bits_ - 6));
    }
  }
  void add_letter(std::uint64_t bits) {
    text_ += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[bits & 63U];
  }

  std::string text_;
  std::uint64_t pending_ = 0;
  int bits_ = 0;
};

// The operand k of a formula that stands for all of a kind; the result stands behind the operands.
// These are characters that no text has, so that the script can put names or numbers there.
constexpr char32_t kFirstPlace = 0xF0000, kPlaces = 0x1FFFE;
Formula placeholder(std::size_t k) {
  const char32_t c = kFirstPlace + static_cast<char32_t>(k % kPlaces);
  std::string text;
  for (const int shift : {18, 12, 6, 0})
    text += static_cast<char>(shift == 18 ? 0xF0U | (c >> 18) : 0x80U | ((c >> shift) & 63U));
  return Formula::of(std::move(text));
}
// Factors in brackets, as numbers are: they are set beside one another.
void set_beside(Formula& formula, int digits) {
  for (Formula& part : formula.parts) {
    set_beside(part, digits);
    if (formula.kind != Formula::Kind::kProduct) continue;
    std::string factor = part.to_string(Notation::kHtml, digits);
    if (part.kind == Formula::Kind::kName || factor.find('<') != std::string::npos)
      factor = part.to_string(Notation::kText, digits);
    part = Formula::of(Formula::Kind::kWords, {}, "(" + factor + ")");
  }
}
// <i> around what is put in is written by the script.
std::string without_tags(std::string text) {
  for (const char* const first : {"<i>\xF3", "<i>\xF4"}) {
    for (auto at = text.find(first); at != std::string::npos; at = text.find(first, at)) {
      text.erase(at + 7, 4);
      text.erase(at, 3);
    }
  }
  return text;
}

class CompactData {
 public:
  CompactData(const Value& y, const PageOptions& options)
      : options_(options), view_(list_graph(y)), names_(names_of(view_)) {
    place_.assign(view_.nodes.size(), Explanation::kNone);
    for (std::size_t i = 0, next = 0; i < view_.nodes.size(); ++i)
      if (!names_[i].empty()) place_[i] = next++;
  }

  std::string text() {
    Base64 kinds, values, operands, locals, plain, part_of;
    const PartTree tree = part_tree(view_, kDeepestPart);
    const std::vector<std::size_t> part = parts_of_users(view_, tree);
    std::unordered_map<std::uint64_t, std::int32_t> plain_numbers;
    const auto place_of_number = [&](double x) {
      const auto count = static_cast<std::int32_t>(plain_numbers.size());
      const auto [at, is_new] = plain_numbers.try_emplace(std::bit_cast<std::uint64_t>(x), count);
      if (is_new) plain.add(x);
      return -1 - at->second;
    };
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (place_[i] == Explanation::kNone) continue;
      const GraphView::Node& node = view_.nodes[i];
      kinds.add(static_cast<std::int32_t>(kind_of(node)));
      values.add(node.data);
      part_of.add(static_cast<std::int32_t>(part[i]));
      for (const GraphView::Operand& each : view_.operands_of(node)) {
        const bool is_plain = place_[each.node] == Explanation::kNone;
        operands.add(is_plain ? place_of_number(view_.nodes[each.node].data)
                              : static_cast<std::int32_t>(place_[each.node]));
        locals.add(each.partial);
      }
    }
    Items data;
    data.add("digits", std::to_string(options_.digits));
    data.add("kinds", kinds_.array());
    data.add("names", names());
    data.add("kindOf", std::move(kinds).text());
    data.add("values", std::move(values).text());
    data.add("operands", std::move(operands).text());
    data.add("locals", std::move(locals).text());
    data.add("plain", std::move(plain).text());
    data.add("parts", parts_as_items(tree));
    data.add("partOf", std::move(part_of).text());
    data.add("most", std::to_string(options_.most_values));
    data.add("reason", java_script_string(reason_));
    if (!options_.inputs.empty()) {
      data.add("model", model_as_items(view_, place_, options_));
      data.add("update", update_as_items(options_.update, options_.weights.size(), functions_));
    }
    return functions_.text() + "const COMPACT = " + data.object() + ";\n";
  }

 private:
  // Those that a count in the order of the nodes does not give: x1, x2, ... and v1, v2, ...
  std::string names() const {
    Items exceptions;
    std::size_t count[2] = {0, 0};
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (place_[i] == Explanation::kNone) continue;
      const bool is_operation = !view_.nodes[i].op.empty();
      if (names_[i] == (is_operation ? "v" : "x") + std::to_string(count[is_operation] + 1)) {
        ++count[is_operation];
        continue;
      }
      exceptions.add(std::to_string(place_[i]), java_script_string(names_[i]));
    }
    return exceptions.object();
  }

  // An operation with so many operands, of which these are these plain numbers.
  std::size_t kind_of(const GraphView::Node& node) {
    constexpr std::size_t kMostOfNumbers = 1000;
    const auto operands = view_.operands_of(node);
    std::string key = std::string(node.op) + (node.is_constant ? " constant" : "") + " " +
                      std::to_string(operands.size());
    std::string key_of_any = key;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      if (place_[operands[k].node] != Explanation::kNone) continue;
      key += " " + std::to_string(k);
      key_of_any = key;
      key += "=" + text::shortest(view_.nodes[operands[k].node].data);
    }
    const bool has_number = key != key_of_any;
    const auto known = kind_.find(key);
    if (known != kind_.end()) return known->second;
    // Where there are too many of them, numbers are put in as names are.
    const bool for_any = has_number && kind_.size() > kMostOfNumbers;
    if (for_any) {
      const auto any = kind_.find(key_of_any + " any");
      if (any != kind_.end()) return any->second;
      key = key_of_any + " any";
    }
    const std::size_t place = kind_.size();
    kind_[key] = place;
    kinds_.add(kind(node, for_any));
    return place;
  }

  std::string kind(const GraphView::Node& node, bool for_any) {
    const auto operands = view_.operands_of(node);
    Items result;
    result.add("op", java_script_string(node.op));
    if (node.is_constant) result.add("constant", "true");
    if (node.op.empty()) return result.object();
    std::vector<Formula> x;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const bool is_plain = place_[operands[k].node] == Explanation::kNone;
      x.push_back(is_plain && !for_any ? Formula::of(view_.nodes[operands[k].node].data)
                                       : placeholder(k));
    }
    const Operation operation{node.op, x, placeholder(operands.size())};
    const auto written = [&](const Formula& formula) {
      return java_script_string(without_tags(formula.to_string(Notation::kHtml, options_.digits)));
    };
    Formula formula = shortened(value_formula(operation));
    result.add("text", java_script_string(formula.to_string(Notation::kText, 4)));
    result.add("formula", written(formula));
    set_beside(formula, options_.digits);
    std::string with_numbers = written(formula);
    const std::string between = ") · (";
    for (auto at = with_numbers.find(between); at != std::string::npos;
         at = with_numbers.find(between, at))
      with_numbers.replace(at, between.size(), ")(");
    result.add("withNumbers", with_numbers);
    Items rules;
    for (std::size_t k = 0; k < operands.size(); ++k)
      rules.add(written(shortened(partial_formula(operation, k))));
    result.add("rules", rules.array());
    const std::optional<std::string> entry = functions_.entry(view_, node);
    if (!entry && reason_.empty()) reason_ = reason_without_entry(node);
    result.add("entry", entry ? java_script_string(*entry) : "null");
    result.add("count", std::to_string(operands.size()));
    return result.object();
  }

  const PageOptions& options_;
  const GraphView view_;
  const std::vector<std::string> names_;
  std::vector<std::size_t> place_;
  std::map<std::string, std::size_t> kind_;
  Items kinds_;
  JavaScript functions_;
  std::string reason_;
};

}  // namespace

std::string compact_page_data(const Value& y, const PageOptions& options) {
  return CompactData(y, options).text();
}

}  // namespace autograd::detail
