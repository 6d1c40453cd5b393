// The strict sweep: derivatives that say where they are none.
//
// backward() lets nothing flow out of an adjoint that is exactly 0, and takes the slope that an
// operation has chosen at a kink. Here 0 is a number like any other, so that 0 times infinity is
// NaN, and what was chosen is marked:
//
//   at a jump                        NaN arrives at the operand, even from an adjoint of 0
//   at a kink                        a number that is indefinite, but finite: 0 times it is 0
//   at poles and edges               the local derivative, which may be infinite
//   out of the untaken side of a     nothing, unless the adjoint is NaN or infinite
//   select()
//   out of a step, and the           no number; but NaN arrives where what lies below jumps or has a
//   condition of a select()          pole
//   at the end of a domain           NaN, where the NaN beyond it is compared with a number: the
//                                    comparison jumps there
//
// Where an adjoint is neither NaN nor indefinite it is what backward() gives.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <autograd/tape/operands.hpp>
#include <autograd/tape/sweep.hpp>

namespace autograd::detail {

struct StrictAdjoint {
  double number = 0.0;
  bool has_arrived = false;    // some number has, if only a 0
  bool is_reached = false;     // y depends on it, if only by jumps
  bool is_indefinite = false;  // it hangs on a kink
  bool leaps_at_nan = false;   // y jumps where the node becomes NaN, as a comparison of it may

  double value() const;  // NaN if it is indefinite
};

// Whether y jumps where operand k leaves the domain of the operation.
bool leaps_at_end(const StrictAdjoint& adjoint, Id operation, const Operands& operands,
                  std::size_t k);

// By node, which depend on one of these nodes.
ByNode<char> dependent_on(std::span<const Id> nodes, Id root);
// The same for the leaves that have a gradient.
ByNode<char> dependent_on_leaves(Id root);

// d(root)/d(node) of the nodes up to the operation `root` that are dependent.
ByNode<StrictAdjoint> strict_sweep(Id root, const ByNode<char>& is_dependent);

// The part of backward() that differs while a Strict is alive.
void strict_backward(Id root);

// While one is alive on a thread, its derivatives are strict. With inputs, only these count as
// variable; without, all leaves with a gradient.
class Strict {
 public:
  Strict();
  explicit Strict(std::vector<Id> inputs);
  ~Strict();
  Strict(const Strict&) = delete;
  Strict& operator=(const Strict&) = delete;

  ByNode<char> dependent(Id root) const;
  // Throws: Error if it was decided at a tie, and depends on what is variable.
  void check_comparison(Id comparison) const;

 private:
  Strict* outer_;
  bool has_inputs_ = false;
  std::vector<Id> inputs_;
};

}  // namespace autograd::detail
