// Folded: the number type of gradients that nobody draws. A number, and its derivative with respect
// to one node.
//
// A function of one operand, or of operands that hang on the same node, only updates that
// derivative, in registers: nothing is written. A node is written where two different ones meet; it
// has their two derivatives and no more. A sum grows by parts of two derivatives each, as long as
// nothing else hangs on it.
//
// The tape is one per thread and is used as a stack: a gradient that is asked for inside of another
// one lies above it.
#pragma once

#include <autograd/detail/block.hpp>
#include <autograd/ops.hpp>
#include <compare>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace autograd {
namespace detail {

struct FoldedTape {
  // dy/dx = p, dy/dz = q for the node y itself. Node 0 stands for "nothing".
  struct Node {
    double p, q;
    std::uint32_t x, z;
  };
  // Added to x of a node that is a part of the sum which the node above it is another part of: both
  // have the same adjoint.
  static constexpr std::uint32_t kPart = 0x80000000;

  Node* nodes = nullptr;
  double* adjoint = nullptr;
  std::uint32_t size = 1, capacity = 0;  // of both

  std::uint32_t push(double p, std::uint32_t x, double q, std::uint32_t z) {
    if (size == capacity) [[unlikely]]
      grow(1);
    nodes[size] = {p, q, x, z};
    return size++;
  }
  void grow(std::size_t more);
  std::uint32_t add_inputs(std::size_t count);  // the first of that many nodes that are only named
  void sweep(std::uint32_t first);

  struct {
    Block nodes, adjoint;
  } memory;
};
extern constinit thread_local FoldedTape folded_tape;

}  // namespace detail

class Folded {
 public:
  using IsRecorded = void;

  Folded(double x = 0) : data_(x) {}
  [[gnu::always_inline]] Folded(const Folded& other)
      : data_(other.data_), slope_(other.slope_), node_(other.node_) {
    other.alone_ = false;
  }
  [[gnu::always_inline]] Folded(Folded&& other) noexcept
      : data_(other.data_),
        slope_(other.slope_),
        node_(other.node_),
        alone_(std::exchange(other.alone_, false)) {}
  [[gnu::always_inline]] Folded& operator=(const Folded& other) { return *this = Folded(other); }
  [[gnu::always_inline]] Folded& operator=(Folded&& other) noexcept {
    data_ = other.data_;
    slope_ = other.slope_;
    node_ = other.node_;
    alone_ = other.alone_;
    if (this != &other) other.alone_ = false;
    return *this;
  }

  static Folded input(double x, std::uint32_t node) { return {x, 1.0, node, false}; }
  double data() const { return data_; }
  double slope() const { return slope_; }
  std::uint32_t node() const { return node_; }

  template <class Op> [[gnu::always_inline]] static Folded record(const Folded& x) {
    const double r = Op::value(x.data_);
    x.alone_ = false;
    return {r, chain(Op::dx(x.data_, r), x.slope_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Folded record(const Folded& x, double y) {
    const double r = Op::value(x.data_, y);
    x.alone_ = false;
    return {r, chain(Op::dx(x.data_, y, r), x.slope_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Folded record(double x, const Folded& y) {
    const double r = Op::value(x, y.data_);
    y.alone_ = false;
    return {r, chain(Op::dy(x, y.data_, r), y.slope_), y.node_, false};
  }
  template <class Op>
  [[gnu::always_inline]] static Folded record(const Folded& x, const Folded& y) {
    const double r = Op::value(x.data_, y.data_);
    const double p = chain(Op::dx(x.data_, y.data_, r), x.slope_);
    const double q = chain(Op::dy(x.data_, y.data_, r), y.slope_);
    if (x.node_ == y.node_) [[unlikely]]
      return hang(x, y, r, p + q);
    if (x.node_ == 0) [[unlikely]]
      return hang(x, y, r, q);
    if (y.node_ == 0) [[unlikely]]
      return hang(x, y, r, p);
    return {r, 1.0, detail::folded_tape.push(p, x.node_, q, y.node_), true};
  }

  // Op is Select.
  template <class Op>
  static Folded record(const Folded& condition, const Folded& x, const Folded& y) {
    return condition.data_ != 0 ? x : y;
  }
  template <class Op> static Folded record_range(std::span<const Folded> x, std::size_t k);

  [[gnu::always_inline]] Folded& operator+=(const Folded& x) {
    detail::FoldedTape& tape = detail::folded_tape;
    if (alone_ && node_ == tape.size - 1 && x.node_ != node_) {
      detail::FoldedTape::Node& top = tape.nodes[node_];
      if (top.z == 0) {
        top.q = x.slope_;
        top.z = x.node_;
      } else {
        top.x |= detail::FoldedTape::kPart;
        node_ = tape.push(x.slope_, x.node_, 0, 0);
      }
      data_ += x.data_;
      return *this;
    }
    return *this = record<ops::Add>(*this, x);
  }
  // A product that was just written, and that nothing else hangs on, becomes a part of the sum.
  [[gnu::always_inline]] Folded& operator+=(Folded&& x) {
    detail::FoldedTape& tape = detail::folded_tape;
    const std::uint32_t top = tape.size - 1;
    if (x.alone_ && x.node_ == top && alone_ && node_ == top - 1) {
      const detail::FoldedTape::Node& product = tape.nodes[top];
      if (product.x != node_ && product.z != node_) {
        tape.nodes[node_].x |= detail::FoldedTape::kPart;
        node_ = top;
        x.alone_ = false;
        data_ += x.data_;
        return *this;
      }
    }
    return *this += static_cast<const Folded&>(x);
  }
  Folded& operator+=(double x) { return *this = *this + x; }
  [[gnu::always_inline]] Folded& operator-=(const auto& x) { return *this = *this - x; }
  [[gnu::always_inline]] Folded& operator*=(const auto& x) { return *this = *this * x; }
  [[gnu::always_inline]] Folded& operator/=(const auto& x) { return *this = *this / x; }

  friend bool operator==(const Folded& x, const Folded& y) { return x.data_ == y.data_; }
  friend auto operator<=>(const Folded& x, const Folded& y) { return x.data_ <=> y.data_; }
  friend bool operator==(const Folded& x, double y) { return x.data_ == y; }
  friend auto operator<=>(const Folded& x, double y) { return x.data_ <=> y; }

 private:
  Folded(double data, double slope, std::uint32_t node, bool alone)
      : data_(data), slope_(slope), node_(node), alone_(alone) {}

  // Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which know
  // better.
  static double chain(double outer, double inner) { return outer * inner; }

  // The result of two operands of which at most one has a node, or both the same.
  [[gnu::always_inline]] static Folded hang(const Folded& x, const Folded& y, double data,
                                            double slope) {
    x.alone_ = y.alone_ = false;
    return {data, slope, x.node_ | y.node_, false};
  }

  double data_ = 0, slope_ = 0;  // slope: d(this)/d(node)
  std::uint32_t node_ = 0;
  mutable bool alone_ = false;  // nothing else hangs on the node
};

template <class Op> Folded Folded::record_range(std::span<const Folded> x, std::size_t k) {
  std::vector<double> in(x.size()), partials(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
  const double r = Op::value(std::span<const double>(in), k);
  Op::partials(std::span<const double>(in), k, r, std::span(partials));
  Folded sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i].alone_ = false;
    sum += Folded(0.0, chain(partials[i], x[i].slope_), x[i].node_, false);
  }
  sum.data_ = r;
  return sum;
}

}  // namespace autograd
