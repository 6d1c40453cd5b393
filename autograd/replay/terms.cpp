#include "autograd/replay/terms.hpp"

namespace autograd::detail {

bool is_addition(ReplayCode c) {
  return c == code<ops::Add> || c == code<ops::Sub> || c == code<ops::Sum> || c == code<ops::Dot>;
}

bool may_vary(ReplayCode c) {
  return is_addition(c) || c == code<ops::Mul> || c == code<ops::Div> || c == code<ops::Mean>;
}

LargeVector<Addend> terms_of(const Trace& trace, Trace::Node sum,
                             std::span<const std::uint32_t> use_counts) {
  struct Part {
    Trace::Node node;
    bool is_negative;
  };
  LargeVector<Addend> result;
  LargeVector<Part> parts{{sum, false}};  // the next one last
  while (!parts.empty()) {
    const auto [node, is_negative] = parts.back();
    parts.pop_back();
    const ReplayCode c = trace.code(node);
    const bool is_own = node == sum || (!trace.is_leaf(node) && use_counts[node] == 1);
    const auto x = trace.operands(node);
    if (is_own && c == code<ops::Mul>) {
      result.push_back({x[0], x[1], is_negative});
    } else if (!is_own || (!is_addition(c) && c != code<ops::Neg>)) {
      result.push_back({node, kNone, is_negative});
    } else if (c == code<ops::Dot>) {
      for (std::size_t i = 0; i < x.size(); i += 2) {
        if (trace.is_number(x[i + 1], 1)) {
          parts.push_back({x[i], is_negative});
        } else {
          result.push_back({x[i], x[i + 1], is_negative});
        }
      }
    } else {
      for (std::size_t i = x.size(); i-- > 0;)
        parts.push_back(
            {x[i], is_negative != (c == code<ops::Neg> || (c == code<ops::Sub> && i == 1))});
    }
  }
  return result;
}

std::uint32_t TermWriter::leaf(std::uint32_t kind, Trace::Node node) {
  text_.push_back(kind);
  slots_.push_back(node);
  return entries_++;
}

void TermWriter::write(const Addend& term, std::uint32_t tag) {
  text_.clear();
  slots_.clear();
  entries_ = 0;
  ++current_;
  text_.push_back((term.is_negative ? 1u : 0u) + (term.y != kNone ? 2u : 0u) + (tag << 2));
  operands_.clear();
  write(term.x);
  if (term.y != kNone) write(term.y);
  text_.insert(text_.end(), operands_.begin(), operands_.end());
}

// Leaves the entry of the root on top of operands_.
void TermWriter::write(Trace::Node root) {
  const auto push_operand = [this](Trace::Node node) {
    ++cost_;
    if (trace_.is_number(node)) {
      operands_.push_back(leaf(kNumberSlot, node));
    } else if (written_[node].text == current_) {
      operands_.push_back(written_[node].entry);
    } else if (trace_.is_leaf(node) || is_leaf_[node] != 0) {
      written_[node] = {leaf(kLeafSlot, node), current_};
      operands_.push_back(written_[node].entry);
    } else {
      stack_.push_back({node, 0, static_cast<std::uint32_t>(operands_.size())});
    }
  };
  const std::size_t bottom = stack_.size();
  if (!trace_.is_leaf(root) && written_[root].text != current_) {
    ++cost_;
    stack_.push_back({root, 0, static_cast<std::uint32_t>(operands_.size())});
  } else {
    push_operand(root);
  }
  while (stack_.size() > bottom) {
    Visit& visit = stack_.back();
    const auto x = trace_.operands(visit.node);
    const ReplayCode c = trace_.code(visit.node);
    // Which of the factors in a sum of products are 1 differs from row to row.
    if (c == code<ops::Sum> && visit.next != 0) operands_.push_back(leaf(kNumberSlot, one_));
    if (visit.next < x.size()) {
      const Trace::Node operand = x[visit.next++];
      if (trace_.is_number(operand) && !may_vary(c)) {
        text_.push_back(kFixedNumber);
        text_.push_back(operand);
        operands_.push_back(entries_++);
      } else {
        push_operand(operand);
      }
      continue;
    }
    text_.push_back(c == code<ops::Sum> ? code<ops::Dot> : c);
    text_.push_back(static_cast<std::uint32_t>(operands_.size() - visit.first));
    for (std::size_t i = visit.first; i < operands_.size(); ++i) text_.push_back(operands_[i]);
    operands_.resize(visit.first);
    written_[visit.node] = {entries_, current_};
    operands_.push_back(entries_++);
    stack_.pop_back();
  }
}

}  // namespace autograd::detail
