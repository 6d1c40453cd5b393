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
//
// S is the type of the numbers: double, or Dual for derivatives of the gradient.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <autograd/ops.hpp>
#include <autograd/system/growing_array.hpp>

namespace autograd {
namespace detail {

template <class S> struct StatementTape {
  // dy/dx = p, dy/dz = q for the node y itself. Node 0 stands for "nothing".
  struct Node {
    S p, q;
    std::uint32_t x, z;
  };
  // Added to x of a node that is a part of the sum which the node above it is another part of: both
  // have the same adjoint.
  static constexpr std::uint32_t kPart = 0x80000000;

  Node* nodes = nullptr;
  S* adjoint = nullptr;
  std::uint32_t size = 1, capacity = 0;  // of both

  std::uint32_t push(const S& p, std::uint32_t x, const S& q, std::uint32_t z) {
    if (size == capacity) [[unlikely]]
      grow(1);
    nodes[size] = {p, q, x, z};
    return size++;
  }
  void grow(std::size_t more);
  std::uint32_t add_inputs(std::size_t count);  // the first of that many nodes that are only named
  void sweep(std::uint32_t first);

  struct {
    GrowingArray nodes, adjoint;
  } memory;
};
template <class S> inline constinit thread_local StatementTape<S> statement_tape;

}  // namespace detail

template <class S> class Active : public NumberBase<Active<S>> {
 public:
  using Data = S;

  Active(double x = 0) : data_(x) {}
  [[gnu::always_inline]] Active(const Active& other)
      : data_(other.data_), slope_(other.slope_), node_(other.node_) {
    other.alone_ = false;
  }
  [[gnu::always_inline]] Active(Active&& other) noexcept
      : data_(other.data_),
        slope_(other.slope_),
        node_(other.node_),
        alone_(std::exchange(other.alone_, false)) {}
  [[gnu::always_inline]] Active& operator=(const Active& other) { return *this = Active(other); }
  [[gnu::always_inline]] Active& operator=(Active&& other) noexcept {
    data_ = other.data_;
    slope_ = other.slope_;
    node_ = other.node_;
    alone_ = other.alone_;
    if (this != &other) other.alone_ = false;
    return *this;
  }

  static Active input(const S& x, std::uint32_t node) { return {x, 1.0, node, false}; }
  const S& data() const { return data_; }
  const S& slope() const { return slope_; }
  std::uint32_t node() const { return node_; }

  template <class Op> [[gnu::always_inline]] static Active record(const Active& x) {
    const S r = detail::apply<Op>(x.data_);
    x.alone_ = false;
    return {r, chain(Op::dx(x.data_, r), x.slope_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Active record(const Active& x, double y) {
    const S r = detail::apply<Op>(x.data_, y);
    x.alone_ = false;
    return {r, chain(Op::dx(x.data_, y, r), x.slope_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Active record(double x, const Active& y) {
    const S r = detail::apply<Op>(x, y.data_);
    y.alone_ = false;
    return {r, chain(Op::dy(x, y.data_, r), y.slope_), y.node_, false};
  }
  template <class Op>
  [[gnu::always_inline]] static Active record(const Active& x, const Active& y) {
    const S r = detail::apply<Op>(x.data_, y.data_);
    const S p = chain(Op::dx(x.data_, y.data_, r), x.slope_);
    const S q = chain(Op::dy(x.data_, y.data_, r), y.slope_);
    if (x.node_ == y.node_) [[unlikely]]
      return hang(x, y, r, p + q);
    if (x.node_ == 0) [[unlikely]]
      return hang(x, y, r, q);
    if (y.node_ == 0) [[unlikely]]
      return hang(x, y, r, p);
    return {r, 1.0, detail::statement_tape<S>.push(p, x.node_, q, y.node_), true};
  }

  // Op is Select.
  template <class Op>
  static Active record(const Active& condition, const Active& x, const Active& y) {
    return condition.data_ != 0.0 ? x : y;
  }
  template <class Op> static Active record_range(std::span<const Active> x, std::size_t k);
  // r as a function of x with these derivatives.
  static Active function(std::span<const Active> x, const S& r, std::span<const S> partials);

  [[gnu::always_inline]] Active& operator+=(const Active& x) {
    Tape& tape = detail::statement_tape<S>;
    if (alone_ && node_ == tape.size - 1 && x.node_ != node_) {
      typename Tape::Node& top = tape.nodes[node_];
      if (top.z == 0) {
        top.q = x.slope_;
        top.z = x.node_;
      } else {
        top.x |= Tape::kPart;
        node_ = tape.push(x.slope_, x.node_, 0, 0);
      }
      data_ += x.data_;
      return *this;
    }
    return *this = record<ops::Add>(*this, x);
  }
  // A product that was just written, and that nothing else hangs on, becomes a part of the sum.
  [[gnu::always_inline]] Active& operator+=(Active&& x) {
    Tape& tape = detail::statement_tape<S>;
    const std::uint32_t top = tape.size - 1;
    if (x.alone_ && x.node_ == top && alone_ && node_ == top - 1) {
      const typename Tape::Node& product = tape.nodes[top];
      if (product.x != node_ && product.z != node_) {
        tape.nodes[node_].x |= Tape::kPart;
        node_ = top;
        x.alone_ = false;
        data_ += x.data_;
        return *this;
      }
    }
    return *this += static_cast<const Active&>(x);
  }
  Active& operator+=(double x) { return *this = *this + x; }
  [[gnu::always_inline]] Active& operator-=(const auto& x) { return *this = *this - x; }
  [[gnu::always_inline]] Active& operator*=(const auto& x) { return *this = *this * x; }
  [[gnu::always_inline]] Active& operator/=(const auto& x) { return *this = *this / x; }

  friend bool operator==(const Active& x, const Active& y) { return x.data_ == y.data_; }
  friend auto operator<=>(const Active& x, const Active& y) { return x.data_ <=> y.data_; }
  friend bool operator==(const Active& x, double y) { return x.data_ == y; }
  friend auto operator<=>(const Active& x, double y) { return x.data_ <=> y; }

 private:
  using Tape = detail::StatementTape<S>;

  Active(const S& data, const S& slope, std::uint32_t node, bool alone)
      : data_(data), slope_(slope), node_(node), alone_(alone) {}

  // Where 0 meets an infinite slope this is NaN: then who asked begins again on Values, which know
  // better.
  static S chain(const auto& outer, const S& inner) { return outer * inner; }

  // The result of two operands of which at most one has a node, or both the same.
  [[gnu::always_inline]] static Active hang(const Active& x, const Active& y, const S& data,
                                            const S& slope) {
    x.alone_ = y.alone_ = false;
    return {data, slope, x.node_ | y.node_, false};
  }

  S data_ = 0, slope_ = 0;  // slope: d(this)/d(node)
  std::uint32_t node_ = 0;
  mutable bool alone_ = false;  // nothing else hangs on the node
};

template <class S> template <class Op>
Active<S> Active<S>::record_range(std::span<const Active> x, std::size_t k) {
  std::vector<S> in(x.size()), partials(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
  const S r = detail::apply_range<Op>(std::span<const S>(in), k);
  Op::partials(std::span<const S>(in), k, r, std::span(partials));
  return function(x, r, partials);
}

template <class S>
Active<S> Active<S>::function(std::span<const Active> x, const S& r, std::span<const S> partials) {
  Active sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i].alone_ = false;
    sum += Active(0.0, chain(partials[i], x[i].slope_), x[i].node_, false);
  }
  sum.data_ = r;
  return sum;
}

}  // namespace autograd
