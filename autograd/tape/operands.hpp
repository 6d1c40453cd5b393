// The operands of an operation, decoded from its edges.
//
// An edge holds what the sweep needs, a local derivative and where it leads.
// Plain numbers have no node. Where they stand depends on the operation:
//
//   number + x, and all others   the edge of the number leads to kNumber and its partial is the number
//   number * x                   one edge, to x: its partial is the number
//   x * number in a Dot          the edge of x has the number as its partial;
//                                the edge beside it leads to kNumber
//
// Value::record, record_dot and Tape::begin_sum write that; this file alone reads it. A reader that
// wants partials only, as the sweeps do, takes the edges instead.
#pragma once

#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// A node with the local derivative by it, or a plain number.
struct Operand {
  Id id;           // kNumber if it is a plain number
  double partial;  // d(operation)/d(operand); 0 for a plain number
  double number;   // the plain number; 0 for a node

  static Operand node(Id id, double partial) { return {id, partial, 0.0}; }
  static Operand plain(double number) { return {kNumber, 0.0, number}; }
  bool is_number() const { return id == kNumber; }
};

// In the order in which they were written, as a range. It holds until something is recorded.
//
// Softmax has one more in front: a plain number, which of the outputs it is.
// A custom operation that was traced has one more behind: its value, written with operations of the
// library.
class Operands {
 public:
  explicit Operands(Id operation)
      : edges_(tape.edges_of(operation)), code_(tape.operation(operation)) {
    is_scaled_ = code_ == code<ops::Mul> && edges_.size() == 1;
  }

  std::size_t size() const { return edges_.size() + (is_scaled_ ? 1 : 0); }
  bool empty() const { return edges_.empty(); }
  Operand operator[](std::size_t i) const {
    if (is_scaled_) {
      if (i == 0) return Operand::plain(edges_[0].partial);
      --i;
    }
    const Edge& edge = edges_[i];
    if (edge.id != kNumber) return Operand::node(edge.id, edge.partial);
    return Operand::plain(code_ == code<ops::Dot> ? edges_[i ^ 1].partial : edge.partial);
  }

  // Which operand it is that an edge of the operation leads to.
  std::size_t index_of(const Edge& edge) const {
    return static_cast<std::size_t>(&edge - edges_.data()) + (is_scaled_ ? 1 : 0);
  }

  // begin() and end(), for loops.
  struct End {};
  class Iterator {
   public:
    explicit Iterator(const Operands& operands) : operands_(operands) {}
    Operand operator*() const { return operands_[i_]; }
    Iterator& operator++() { return ++i_, *this; }
    bool operator==(End) const { return i_ == operands_.size(); }

   private:
    const Operands& operands_;
    std::size_t i_ = 0;
  };
  Iterator begin() const { return Iterator(*this); }
  End end() const { return {}; }

 private:
  std::span<const Edge> edges_;
  Code code_;
  bool is_scaled_;
};

// Of a node; a leaf has none.
inline Operands operands(Id operation) { return Operands(operation); }

}  // namespace autograd::detail
