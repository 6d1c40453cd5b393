// Plan: what the steps of a program will be about, before any is written: which nodes are the same
// in all rows, what is wanted of each node, in which phase it is computed, and which two are one
// step.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/program.hpp>

namespace autograd::detail {

class Plan {
 protected:
  using Node = Trace::Node;

  Plan(const Trace& trace, std::span<const Sink> sinks, std::size_t parameters);

  void find_phases();

  // The mean of what differs from row to row.
  bool is_row_mean(Node i) const;

  struct RowSink {
    Sink sink;
    std::uint32_t next;  // of the same node
  };

  void add_sink(Node node, Sink sink);

  // Sums over rows are taken apart where they are sums within the row too.
  void place_sink(Node output, const Sink& sink);

  void take_apart(Node node);

  bool is_taken_apart(Node node) const { return !is_taken_apart_.empty() && is_taken_apart_[node]; }

  // A product of two rows that is only added up over them.
  bool is_only_summed(Node node) const;

  std::vector<bool> read_uniforms() const;
  void name_uniforms();

  // Totals that lie side by side, and so do what they come from, are written together.
  void join_totals();

  template <class List> static bool is_in(List list, Code c) {
    return place_in(list, c) < List::size;
  }
  // The place of an operation in a list, or that list's size.
  template <class... Op> static std::size_t place_in(ops::List<Op...>, Code c) {
    constexpr std::array<Code, sizeof...(Op)> codes{std::same_as<Op, Unless> ? kUnlessNan
                                                                             : code<Op>...};
    return static_cast<std::size_t>(std::ranges::find(codes, c) - codes.begin());
  }

  // Operations that only one other one takes, and that are one step with it.
  void find_fused();

  // What a step for `node` reads: its operands, and those of the operation that is fused with it.
  std::span<const Node> read_by(Node node);

  void sort_by_phase();

  std::vector<Node>& nodes_of(std::uint32_t phase, bool uniform) {
    return nodes_[2 * phase + (uniform ? 1 : 0)];
  }

  // Whether a gradient may meet an operation that can turn a NaN into something else.
  bool hides_nan() const;

  const Trace& t_;
  std::vector<bool> is_uniform_, is_taken_apart_;
  std::vector<std::uint32_t> phase_, uses_;
  std::vector<std::uint32_t> uniform_, kept_;  // by node: its place, or kNone
  std::vector<std::uint32_t> first_sink_;
  std::vector<Node> fused_;  // the operand that is one step with it, or kNone
  std::vector<bool> is_inside_;
  std::vector<Node> read_;
  std::vector<RowSink> sinks_;
  std::vector<Program::Totals> totals_;   // one by one
  std::vector<std::vector<Node>> nodes_;  // by phase: of the rows, and the same in all rows

  Program program_;
};

}  // namespace autograd::detail
