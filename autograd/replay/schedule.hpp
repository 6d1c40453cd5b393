// Schedule: what is computed where and for which purpose, before there are instructions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <autograd/replay/program.hpp>

namespace autograd::detail {

struct Schedule {
  using Node = Trace::Node;

  // What else becomes of a node than that operations take it: an instruction without its operand.
  struct Use {
    std::uint16_t kernel;  // kStore, kStoreNegated, kCheckTrue, kCheckFalse or kSumRows
    Argument to;
    std::uint32_t next;  // of the same node, or kNone
  };
  struct Phase {
    std::vector<Node> prologue, body;  // in the order in which they are computed
    std::vector<Node> preloaded;       // the uniform operands of the body, sorted
    std::vector<Program::Mean> means;
  };

  Trace trace;
  std::size_t parameters = 0;
  // For each node:
  std::vector<bool> is_uniform;      // the same in all rows
  std::vector<bool> is_only_summed;  // a product of rows that is only needed as a sum over them
  std::vector<std::uint32_t> phase;
  std::vector<Node> fused;  // the operand that is computed by the same instruction, or kNone
  std::vector<std::uint32_t> uniform, carried;  // its places among these, or kNone
  std::vector<std::uint32_t> first_use;         // or kNone

  std::vector<Use> uses;
  std::vector<Phase> phases;
  std::vector<double> numbers;
  std::vector<Program::Totals> totals;
  std::uint32_t uniform_count = 0, sum_count = 0, carried_count = 0;
  bool hides_nan = false;

  // The nodes that the instruction for `node` reads: its operands, and those of the operation that
  // is fused with it. `room` may hold them.
  std::span<const Node> read_by(Node node, std::vector<Node>& room) const;

  template <class F> void for_each_use(Node node, F f) const {
    for (std::uint32_t i = first_use[node]; i != kNone; i = uses[i].next) f(uses[i]);
  }
};

// The outputs are those of the trace, one for one.
Schedule schedule(Trace trace, std::span<const Output> outputs, std::size_t parameters);

Program lower(const Schedule& schedule);

}  // namespace autograd::detail
