// Terms: what a sum of a trace adds up, and the expression of each as a text that can be compared.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// x, or x y, or the negative of that.
struct Addend {
  Trace::Node x, y = kNone;
  bool is_negative = false;
};

// The terms of an addition, through additions, subtractions and sums of products below it that
// nobody else uses, from left to right.
LargeVector<Addend> terms_of(const Trace& trace, Trace::Node sum,
                             std::span<const std::uint32_t> use_counts);
bool is_addition(ReplayCode code);
// Whether the numbers of an operation may differ from row to row, as a factor does. The order of
// polygamma, an exponent, a bound of max are a part of the expression.
bool may_vary(ReplayCode code);

// An expression without its leaves, whose places are numbered: slots. Entries are numbered too, by
// which operations name their operands:
//   kLeafSlot             a leaf, or a node that stands for one; once for each
//   kNumberSlot           a number; each time it is used
//   kFixedNumber, node    a number that is part of the operation, as an exponent is
//   code, count, entries  an operation; a sum as a dot product with ones
using ExpressionText = std::vector<std::uint32_t>;
inline constexpr std::uint32_t kLeafSlot = 0xfffffff0, kNumberSlot = 0xfffffff1,
                               kFixedNumber = 0xfffffff2;

// Writes terms as text. It goes no further down than to leaves and to nodes that `is_leaf` marks.
class TermWriter {
 public:
  // `one` is the number 1 of the trace.
  TermWriter(const Trace& trace, const LargeVector<char>& is_leaf, Trace::Node one)
      : trace_(trace), is_leaf_(is_leaf), one_(one), written_(trace.size()) {}

  // The text, and what is in its slots. Both are valid until the next call. Texts of terms with
  // different tags differ.
  void write(const Addend& term, std::uint32_t tag = 0);
  static std::uint32_t tag_of(const ExpressionText& text) { return text[0] >> 2; }
  const ExpressionText& text() const { return text_; }
  const std::vector<Trace::Node>& slots() const { return slots_; }
  // Nodes that were written since the beginning.
  std::size_t cost() const { return cost_; }

 private:
  void write(Trace::Node root);
  std::uint32_t leaf(std::uint32_t kind, Trace::Node node);

  const Trace& trace_;
  const LargeVector<char>& is_leaf_;
  const Trace::Node one_;
  ExpressionText text_;
  std::vector<Trace::Node> slots_;
  struct Written {
    std::uint32_t entry = 0, text = 0;  // which one, of which text
  };
  LargeVector<Written> written_;  // by node
  std::uint32_t current_ = 0, entries_ = 0;
  std::size_t cost_ = 0;
  struct Visit {
    Trace::Node node;
    std::uint32_t next;   // operand
    std::uint32_t first;  // of its operands' entries in `operands_`
  };
  std::vector<Visit> stack_;
  std::vector<std::uint32_t> operands_;
};

}  // namespace autograd::detail
