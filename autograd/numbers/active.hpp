// Active: the number type of gradients that nobody draws. A number, and its derivative by one node
// of the statement tape.
//
// A function of one operand, or of operands that depend on the same node, only updates that
// derivative, in registers: nothing is written. A node is written where two different ones meet; it
// has their two derivatives and no more. A sum grows by parts of two derivatives each, as long as
// nothing else depends on it.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <autograd/numbers/statement_tape.hpp>
#include <autograd/ops.hpp>

namespace autograd::detail {
namespace number_types {

// S is the type of the numbers: double, or Dual for derivatives of the gradient.
template <class S> class Active : public NumberBase<Active<S>> {
 public:
  using Data = S;

  Active(double x = 0) : data_(x) {}
  [[gnu::always_inline]] Active(const Active& other)
      : data_(other.data_), partial_(other.partial_), node_(other.node_) {
    other.owns_node_ = false;
  }
  [[gnu::always_inline]] Active(Active&& other) noexcept
      : data_(other.data_),
        partial_(other.partial_),
        node_(other.node_),
        owns_node_(std::exchange(other.owns_node_, false)) {}
  [[gnu::always_inline]] Active& operator=(const Active& other) { return *this = Active(other); }
  [[gnu::always_inline]] Active& operator=(Active&& other) noexcept {
    data_ = other.data_;
    partial_ = other.partial_;
    node_ = other.node_;
    owns_node_ = other.owns_node_;
    if (this != &other) other.owns_node_ = false;
    return *this;
  }

  // A node that depends on no other.
  struct Input {
    std::uint32_t node;
  };
  Active(const S& x, Input input) : data_(x), partial_(1.0), node_(input.node) {}
  const S& data() const { return data_; }
  const S& partial() const { return partial_; }
  std::uint32_t node() const { return node_; }

  template <class Op> [[gnu::always_inline]] static Active record(const Active& x) {
    const S r = apply<Op>(x.data_);
    x.owns_node_ = false;
    return {r, chain(Op::dx(x.data_, r), x.partial_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Active record(const Active& x, double y) {
    const S r = apply<Op>(x.data_, y);
    x.owns_node_ = false;
    return {r, chain(dx_beside_number<Op>(x.data_, y, r), x.partial_), x.node_, false};
  }
  template <class Op> [[gnu::always_inline]] static Active record(double x, const Active& y) {
    const S r = apply<Op>(x, y.data_);
    y.owns_node_ = false;
    return {r, chain(dy_beside_number<Op>(x, y.data_, r), y.partial_), y.node_, false};
  }
  template <class Op>
  [[gnu::always_inline]] static Active record(const Active& x, const Active& y) {
    const S r = apply<Op>(x.data_, y.data_);
    if constexpr (KnowsNumbers<Op>) {
      if (x.node_ == 0 || y.node_ == 0) [[unlikely]]
        return depend_on_one(x, y, r,
                             chain(Op::dx_beside_number(x.data_, y.data_, r), x.partial_) +
                                 chain(Op::dy_beside_number(x.data_, y.data_, r), y.partial_));
    }
    const S p = chain(Op::dx(x.data_, y.data_, r), x.partial_);
    const S q = chain(Op::dy(x.data_, y.data_, r), y.partial_);
    if (x.node_ == y.node_) [[unlikely]]
      return depend_on_one(x, y, r, p + q);
    if (x.node_ == 0) [[unlikely]]
      return depend_on_one(x, y, r, q);
    if (y.node_ == 0) [[unlikely]]
      return depend_on_one(x, y, r, p);
    return {r, 1.0, statement_tape<S>.push(p, x.node_, q, y.node_), true};
  }

  // Op is Select.
  template <class Op>
  static Active record(const Active& condition, const Active& x, const Active& y) {
    return condition.data_ != 0.0 ? x : y;
  }
  template <class Op> static Active record_range(std::span<const Active> x, std::size_t k);
  // Appends all outputs of record_range<ops::Softmax>.
  static void record_softmax(std::span<const Active> x, std::vector<Active>& outputs)
  requires std::same_as<S, double>;
  // x_1 y_1 + x_2 y_2 + ..., of at least one term: a node for each, with the bits of a loop of +=.
  static Active record_dot(std::span<const Active> x, std::span<const Active> y)
  requires std::same_as<S, double>;
  // r as a function of x with these derivatives.
  static Active function(std::span<const Active> x, const S& r, std::span<const S> partials);

  [[gnu::always_inline]] Active& operator+=(const Active& x) {
    Tape& tape = statement_tape<S>;
    if (owns_node_ && node_ == tape.size - 1 && x.node_ != node_) {
      typename Tape::Node& top = tape.nodes[node_];
      if (top.z == 0) {
        top.q = x.partial_;
        top.z = x.node_;
      } else {
        top.x |= Tape::kPart;
        node_ = tape.push(x.partial_, x.node_, 0, 0);
      }
      data_ += x.data_;
      return *this;
    }
    return *this = record<ops::Add>(*this, x);
  }
  // A product that was just written, and that no other number depends on, becomes a part of a sum.
  [[gnu::always_inline]] Active& operator+=(Active&& x) {
    Tape& tape = statement_tape<S>;
    const std::uint32_t top = tape.size - 1;
    if (x.owns_node_ && x.node_ == top && owns_node_ && node_ == top - 1) {
      const typename Tape::Node& product = tape.nodes[top];
      if (product.x != node_ && product.z != node_) {
        tape.nodes[node_].x |= Tape::kPart;
        node_ = top;
        x.owns_node_ = false;
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
  using Tape = StatementTape<S>;

  Active(const S& data, const S& partial, std::uint32_t node, bool owns_node)
      : data_(data), partial_(partial), node_(node), owns_node_(owns_node) {}

  // Where 0 meets an infinite derivative the product is NaN: see Dual.
  static S chain(const auto& outer, const S& inner) { return outer * inner; }

  // The result of two operands of which at most one has a node, or which both have the same.
  [[gnu::always_inline]] static Active depend_on_one(const Active& x, const Active& y,
                                                     const S& data, const S& partial) {
    x.owns_node_ = y.owns_node_ = false;
    return {data, partial, x.node_ | y.node_, false};
  }

  S data_ = 0, partial_ = 0;  // partial: d(this)/d(node)
  std::uint32_t node_ = 0;
  mutable bool owns_node_ = false;  // no other number depends on the node
};

template <class S>
Active<S> Active<S>::record_dot(std::span<const Active> x, std::span<const Active> y)
requires std::same_as<S, double>
{
  Tape& tape = statement_tape<S>;
  const std::size_t n = x.size();
  if (tape.capacity - tape.size < n) tape.grow(n);
  typename Tape::Node* node = tape.nodes + tape.size;
  S r = 0.0;
  for (std::size_t i = 0; i < n; ++i, ++node) {
    const Active &a = x[i], &b = y[i];
    r += a.data_ * b.data_;
    const S p = chain(b.data_, a.partial_), q = chain(a.data_, b.partial_);
    *node = {p, q, a.node_ | Tape::kPart, b.node_};
    if (a.node_ == b.node_) *node = {p + q, 0.0, a.node_ | Tape::kPart, 0};
    a.owns_node_ = b.owns_node_ = false;
  }
  node[-1].x &= ~Tape::kPart;
  tape.size += static_cast<std::uint32_t>(n);
  return {r, 1.0, tape.size - 1, true};
}

template <class S> template <class Op>
Active<S> Active<S>::record_range(std::span<const Active> x, std::size_t k) {
  if constexpr (std::same_as<S, double> &&
                (std::same_as<Op, ops::Sum> || std::same_as<Op, ops::Mean>)) {
    const double n = std::same_as<Op, ops::Sum> ? 1.0 : static_cast<double>(x.size());
    S r = 0.0;
    Active sum = 0.0;
    for (const Active& each : x) {
      r += each.data_;
      each.owns_node_ = false;
      sum += Active(0.0, chain(1.0 / n, each.partial_), each.node_, false);
    }
    sum.data_ = r / n;
    return sum;
  }
  std::vector<S> in(x.size()), partials(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
  const S r = apply_range<Op>(std::span<const S>(in), k);
  Op::partials(std::span<const S>(in), k, r, std::span(partials));
  return function(x, r, partials);
}

template <class S>
void Active<S>::record_softmax(std::span<const Active> x, std::vector<Active>& outputs)
requires std::same_as<S, double>
{
  const std::size_t n = x.size();
  std::vector<double> in(n), r(n), shares(n), partials(n);
  for (std::size_t i = 0; i < n; ++i) in[i] = x[i].data_;
  ops::Softmax::values(std::span<const double>(in), std::span(r));
  ops::Softmax::shares(std::span<const double>(in), std::span(shares));
  for (std::size_t k = 0; k < n; ++k) {
    ops::Softmax::partials_from(std::span<const double>(shares), k, r[k], std::span(partials));
    outputs.push_back(function(x, r[k], partials));
  }
}

template <class S>
Active<S> Active<S>::function(std::span<const Active> x, const S& r, std::span<const S> partials) {
  Active sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i].owns_node_ = false;
    sum += Active(0.0, chain(partials[i], x[i].partial_), x[i].node_, false);
  }
  sum.data_ = r;
  return sum;
}

}  // namespace number_types

using number_types::Active;

}  // namespace autograd::detail
