// StrictTerms: what derivatives() does otherwise where derivatives are strict.
//
// A contribution that is a choice, as at a kink, is recorded as a node whose own derivatives are
// NaN, so that second derivatives show it. A derivative that hangs on a choice, or on 0 times
// infinity, is NaN.
//
// While a Function is traced nothing is known of the rows it will be run with: that an operation is
// at no kink and no jump becomes a guard, for those rows in which something flows into it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <autograd/numbers/derivative_term.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/strict.hpp>

namespace autograd::detail {

class StrictTerms {
 public:
  // For the derivatives of the operation `root`, while a Strict is alive.
  StrictTerms(Id root, std::span<const Value> xs);

  // What arrives at operand k of an operation. `plain` is that of derivatives that are not strict.
  // Operations come from the root down.
  DerivativeTerm contribution(Id operation, std::span<const Operand> operands, std::size_t k,
                              const DerivativeTerm& upstream, const DerivativeTerm& partial,
                              const DerivativeTerm& plain);
  // Whether something arrives at an operation, if only a 0: while a Function is traced.
  bool has_arrived(Id operation);
  // The derivative by x, from the sum of contributions.
  Value result(const Value& x, const Value& sum) const;

 private:
  DerivativeTerm traced(Id operation, std::span<const Operand> operands, std::size_t k,
                        const DerivativeTerm& upstream, const DerivativeTerm& partial,
                        const DerivativeTerm& plain);
  void guard(Id operation, std::span<const Operand> operands, std::size_t k);
  // Finds the nodes that change by leaps.
  void find_jumps(const ByNode<char>& is_dependent);

  // 1 where the root depends on a node, else 0: see StrictAdjoint.
  struct Reached {
    DerivativeTerm by_number, by_jumps;
    DerivativeTerm by_nan;  // see leaps_at_nan
  };
  Reached& reached(Id id) {
    const std::size_t at = distance(id);
    if (at >= reached_.size()) reached_.resize(at + 1);
    return reached_[at];
  }
  std::size_t distance(Id id) const {
    return static_cast<std::size_t>(root_time_ - tape.time_of(id));
  }

  Time root_time_;
  bool is_tracing_;
  // While nothing is traced.
  std::optional<ByNode<StrictAdjoint>> adjoints_;
  std::optional<ByNode<char>> can_jump_;
  // While a Function is traced, by the distance of their times from the root's.
  std::vector<Reached> reached_;
};

}  // namespace autograd::detail
