#include "autograd/replay/loop_body.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;
using Entries = std::vector<Node>;

// Writes the body of a loop, for groups of as many terms each.
class LoopWriter {
 public:
  LoopWriter(const Trace& trace, std::size_t rows) : trace_(trace) {
    loop_.rows = static_cast<std::uint32_t>(rows);
  }

  // The columns first: where they lie is known when all are.
  void add_columns(const AlikeTerms& group) {
    for (std::size_t k = 0; k < group.width; ++k) {
      if (!group.differs(k)) continue;
      Entries column = column_of(group, k);
      auto& columns = trace_.is_number(column[0]) ? number_columns_ : leaf_columns_;
      columns.try_emplace(std::move(column), static_cast<std::uint32_t>(columns.size()));
    }
  }
  bool shares_a_column(const AlikeTerms& group) const {
    for (std::size_t k = 0; k < group.width; ++k) {
      if (!group.differs(k)) continue;
      const Entries column = column_of(group, k);
      if (leaf_columns_.contains(column) || number_columns_.contains(column)) return true;
    }
    return false;
  }

  void begin_body() {
    // In the order of their first leaves, as that of shared().
    for (auto* const columns : {&leaf_columns_, &number_columns_}) {
      std::uint32_t next = 0;
      for (auto& [column, at] : *columns) at = next++;
    }
    loop_.leaf_columns = static_cast<std::uint32_t>(leaf_columns_.size());
    const std::size_t count = leaf_columns_.size() + number_columns_.size();
    loop_.columns.resize(count * loop_.rows);
    for (const auto& [column, at] : leaf_columns_) copy_column(column, at);
    for (const auto& [column, at] : number_columns_) copy_column(column, loop_.leaf_columns + at);
    for (std::size_t i = 0; i < count; ++i)
      inputs_.push_back(loop_.body.add_leaf(Trace::kInput, i));
  }

  void add_term(const AlikeTerms& group) {
    const std::uint32_t header = group.text[0];
    const std::size_t roots = (header & 2u) != 0 ? 2 : 1, end = group.text.size() - roots;
    std::vector<Node> entries, operands;
    std::size_t slot = 0;
    for (std::size_t at = 1; at < end;) {
      const std::uint32_t kind = group.text[at++];
      if (kind == kLeafSlot || kind == kNumberSlot) {
        entries.push_back(in_slot(group, slot++));
      } else if (kind == kFixedNumber) {
        entries.push_back(loop_.body.add_number(trace_.number(group.text[at++])));
      } else {
        const std::size_t count = group.text[at++];
        operands.clear();
        for (std::size_t i = 0; i < count; ++i) operands.push_back(entries[group.text[at++]]);
        entries.push_back(operation(static_cast<ReplayCode>(kind), operands));
      }
    }
    Node term = entries[group.text[end]];
    if (roots == 2) term = loop_.body.add(code<ops::Mul>, {term, entries[group.text[end + 1]]});
    if ((header & 1u) != 0) term = loop_.body.add(code<ops::Neg>, {term});
    const std::uint32_t tag = TermWriter::tag_of(group.text);
    if (tag == kAdded) {
      sum_ = sum_ == kNone ? term : loop_.body.add(code<ops::Add>, {sum_, term});
    } else if (tag == kValue) {
      values_.push_back(term);
      loop_.values.insert(loop_.values.end(), group.terms.begin(), group.terms.end());
    } else {
      guards_.push_back(term);
      loop_.guards.push_back(group.terms[0]);
    }
  }

  // What two terms have in common is one, so that it is differentiated once.
  Loop finish() {
    loop_.has_sum = sum_ != kNone;
    loop_.body.outputs = {loop_.has_sum ? sum_ : loop_.body.add_number(0)};
    for (const auto* const more : {&values_, &guards_})
      loop_.body.outputs.insert(loop_.body.outputs.end(), more->begin(), more->end());
    loop_.body = remove_dead(merge_common(loop_.body));
    sort_shared();
    return std::move(loop_);
  }

 private:
  // In the order of the function: what lies side by side there stays so, the weights of a unit and
  // with them the sums of their derivatives.
  void sort_shared() {
    std::vector<std::uint32_t> order(loop_.shared.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return loop_.shared[i]; });
    std::vector<std::uint32_t> place(order.size());
    std::vector<Node> sorted;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      place[order[i]] = i;
      sorted.push_back(loop_.shared[order[i]]);
    }
    loop_.shared = std::move(sorted);
    for (Trace::Entry& node : loop_.body.nodes)
      if (node.code == Trace::kParameter) node.first = place[node.first];
  }

  static Entries column_of(const AlikeTerms& group, std::size_t k) {
    Entries result;
    result.reserve(group.terms.size());
    for (std::size_t i = k; i < group.slots.size(); i += group.width)
      result.push_back(group.slots[i]);
    return result;
  }
  void copy_column(const Entries& column, std::size_t at) {
    std::ranges::copy(column, loop_.columns.begin() + static_cast<std::ptrdiff_t>(at * loop_.rows));
  }

  Node in_slot(const AlikeTerms& group, std::size_t k) {
    if (!group.differs(k)) return shared(group.slots[k]);
    const Entries column = column_of(group, k);
    return inputs_[trace_.is_number(column[0])
                       ? loop_.leaf_columns + number_columns_.find(column)->second
                       : leaf_columns_.find(column)->second];
  }

  // A dot product with ones is a sum.
  Node operation(ReplayCode c, std::vector<Node>& operands) {
    if (c != code<ops::Dot>) return loop_.body.add(c, operands);
    for (std::size_t i = 1; i < operands.size(); i += 2)
      if (!loop_.body.is_number(operands[i], 1)) return loop_.body.add(c, operands);
    for (std::size_t i = 0; i < operands.size(); i += 2) operands[i / 2] = operands[i];
    operands.resize(operands.size() / 2);
    return loop_.body.add(code<ops::Sum>, operands);
  }

  // What is the same in all rows: a number, a leaf, or computed from those.
  Node shared(Node root) {
    std::vector<Node> waiting{root}, operands;
    while (!waiting.empty()) {
      const Node node = waiting.back();
      if (shared_.contains(node)) {
        waiting.pop_back();
        continue;
      }
      const std::size_t before = waiting.size();
      for (const Node x : trace_.operands(node))
        if (!shared_.contains(x)) waiting.push_back(x);
      if (waiting.size() > before) continue;
      waiting.pop_back();
      Node copy;
      if (trace_.is_number(node)) {
        copy = loop_.body.add_number(trace_.number(node));
      } else if (trace_.is_leaf(node)) {
        copy = loop_.body.add_leaf(Trace::kParameter, loop_.shared.size());
        loop_.shared.push_back(node);
      } else {
        operands.clear();
        for (const Node x : trace_.operands(node)) operands.push_back(shared_.at(x));
        copy = loop_.body.add(trace_.code(node), operands);
      }
      shared_.emplace(node, copy);
    }
    return shared_.at(root);
  }

  const Trace& trace_;
  Loop loop_;
  std::map<Entries, std::uint32_t> leaf_columns_, number_columns_;
  std::vector<Node> inputs_;  // of the body
  std::vector<Node> values_, guards_;
  std::unordered_map<Node, Node> shared_;
  Node sum_ = kNone;
};

}  // namespace

bool AlikeTerms::differs(std::size_t k) const {
  for (std::size_t i = k + width; i < slots.size(); i += width)
    if (slots[i] != slots[k]) return true;
  return false;
}
bool AlikeTerms::differs() const {
  for (std::size_t k = 0; k < width; ++k)
    if (differs(k)) return true;
  return false;
}

std::vector<Loop> loops_of(const Trace& trace, std::vector<AlikeTerms> groups,
                           std::vector<AlikeTerms>& more) {
  std::vector<Loop> result;
  while (!groups.empty()) {
    std::vector<AlikeTerms> members;
    LoopWriter writer(trace, groups[0].terms.size());
    for (auto* const from : {&groups, &more}) {
      for (auto at = from->begin(); at != from->end();) {
        const bool joins = members.empty() || (at->terms.size() == members[0].terms.size() &&
                                               writer.shares_a_column(*at));
        if (!joins) {
          ++at;
          continue;
        }
        writer.add_columns(*at);
        members.push_back(std::move(*at));
        at = from->erase(at);
      }
    }
    writer.begin_body();
    for (const AlikeTerms& each : members) writer.add_term(each);
    result.push_back(writer.finish());
  }
  return result;
}

}  // namespace autograd::detail
