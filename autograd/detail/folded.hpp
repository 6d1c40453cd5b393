// Folded: the number type of gradients that nobody draws. A number, and its derivative with respect
// to one node.
//
// A function of one operand, or of operands that hang on the same node, only updates that
// derivative, in registers: nothing is written. A node is written where two different ones meet; it
// has their two derivatives and no more. A sum grows in place as long as nothing else hangs on its
// node.
//
// The tape is one per thread and is used as a stack: a gradient that is asked for inside of another
// one lies above it.
#pragma once

#include <array>
#include <autograd/detail/block.hpp>
#include <autograd/ops.hpp>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace autograd {
namespace detail {

struct FoldedTape {
  struct [[gnu::packed]] Edge {
    double partial;
    std::uint32_t node;
  };
  Edge* edges = nullptr;
  std::uint16_t* edge_count = nullptr;  // by node
  double* adjoint = nullptr;
  std::uint32_t size = 1, edge_size = 0;  // node 0 stands for "nothing": constants hang on it
  std::uint32_t inputs = 0;               // nodes without edges, of all gradients under way
  std::uint32_t capacity = 0;             // of edges
  void room() {
    if (edge_size + 2 > capacity) [[unlikely]]
      grow(2);
  }
  std::uint32_t push(std::uint16_t edges_written) {
    edge_count[size] = edges_written;
    edge_size += edges_written;
    return size++;
  }
  void grow(std::size_t more_edges);
  std::uint32_t add_inputs(std::size_t count);  // the first of that many nodes without edges
  void sweep(std::uint32_t first);

  struct {
    Block edges, edge_count, adjoint;
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
  Folded(Folded&&) = default;
  [[gnu::always_inline]] Folded& operator=(const Folded& other) { return *this = Folded(other); }
  Folded& operator=(Folded&&) = default;

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
    return {r, 1.0, join(p, x.node_, q, y.node_), true};
  }

  // Op is Select.
  template <class Op>
  static Folded record(const Folded& condition, const Folded& x, const Folded& y) {
    return condition.data_ != 0 ? x : y;
  }
  template <class Op> static Folded record_range(std::span<const Folded> x, std::size_t k);

  [[gnu::always_inline]] Folded& operator+=(const Folded& x) {
    detail::FoldedTape& tape = detail::folded_tape;
    if (alone_ && node_ == tape.size - 1 && x.node_ != node_ &&
        tape.edge_count[node_] < kMostEdges) {
      tape.room();
      tape.edges[tape.edge_size] = {x.slope_, x.node_};
      ++tape.edge_size;
      ++tape.edge_count[node_];
      data_ += x.data_;
      return *this;
    }
    return *this = record<ops::Add>(*this, x);
  }
  // A product that was just written, and that nothing else hangs on, is taken over.
  [[gnu::always_inline]] Folded& operator+=(Folded&& x) {
    detail::FoldedTape& tape = detail::folded_tape;
    const std::uint32_t top = tape.size - 1;
    if (x.alone_ && x.node_ == top && alone_ && node_ == top - 1 &&
        tape.edge_count[node_] < kMostEdges) {
      const detail::FoldedTape::Edge* end = tape.edges + tape.edge_size;
      if (tape.edge_count[top] == 2 && end[-1].node != node_ && end[-2].node != node_) {
        tape.edge_count[node_] = static_cast<std::uint16_t>(tape.edge_count[node_] + 2);
        tape.size = top;
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
  static constexpr std::uint16_t kMostEdges = 0xfffd;

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

  [[gnu::always_inline]] static std::uint32_t join(double p, std::uint32_t x, double q,
                                                   std::uint32_t y) {
    detail::FoldedTape& tape = detail::folded_tape;
    tape.room();
    detail::FoldedTape::Edge* edge = tape.edges + tape.edge_size;
    edge[0] = {p, x};
    edge[1] = {q, y};
    return tape.push(2);
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
    sum += Folded(0.0, chain(partials[i], x[i].slope_), x[i].node_, false);
  }
  sum.data_ = r;
  return sum;
}

}  // namespace autograd
