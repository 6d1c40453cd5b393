#include "autograd/tape/strict.hpp"

#include <cmath>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include <autograd/tape/reach.hpp>
#include <autograd/tape/singularities.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

StrictAdjoint arrived(double number, bool is_indefinite = false) {
  return {
      .number = number, .has_arrived = true, .is_reached = true, .is_indefinite = is_indefinite};
}

// adjoint times the local derivative of an operand where the operation has `kind`.
StrictAdjoint product(const StrictAdjoint& adjoint, double partial, ops::Singularity kind) {
  const double number = adjoint.number * partial;
  // Only 0 and what is infinite are more than indefinite beside a number that is.
  if (kind == ops::Singularity::kKink) {
    const bool is_zero = adjoint.number == 0 && !adjoint.is_indefinite;
    return is_zero ? arrived(0.0) : arrived(number, true);
  }
  if (!adjoint.is_indefinite) return arrived(number);
  if (partial == 0 && std::isfinite(adjoint.number)) return arrived(0.0);
  return arrived(std::isfinite(partial) ? number : kNaN, true);
}

// What arrives at operand k of an operation, but for leaps_at_nan.
StrictAdjoint arriving(const StrictAdjoint& adjoint, Id operation, const Operands& operands,
                       std::size_t k) {
  const double partial = operands[k].partial;
  const ops::Singularity kind = singularity(operation, operands, k);
  const bool is_quiet = std::isfinite(adjoint.number) && partial == 0;
  if (kind == ops::Singularity::kJump || leaps_at_end(adjoint, operation, operands, k))
    return arrived(kNaN);
  if (is_untaken(operation, operands, k) && is_quiet) return {};
  if (!adjoint.has_arrived || (is_flat(operation, k) && is_quiet)) {
    if (kind == ops::Singularity::kPole) return arrived(kNaN);
    return {.is_reached = true};
  }
  return product(adjoint, partial, kind);
}

StrictAdjoint contribution(const StrictAdjoint& adjoint, Id operation, const Operands& operands,
                           std::size_t k) {
  StrictAdjoint result = arriving(adjoint, operation, operands, k);
  const AtNaN becomes = at_nan(operation, operands, k);
  result.leaps_at_nan =
      becomes == AtNaN::kLeaps || (becomes == AtNaN::kNaN && adjoint.leaps_at_nan);
  return result;
}

// Marks what depends on the nodes that are marked already.
void spread(ByNode<char>& is_dependent, Id root) {
  const OperationFlags reached = reach(root);
  for (Time t = reached.lowest(); t <= reached.highest(); ++t) {
    const Id i = tape.at_time(t);
    if (!reached.has(i, kReached)) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id != kNumber && is_dependent[edge.id] != 0) is_dependent[i] = 1;
    }
  }
}

}  // namespace

bool leaps_at_end(const StrictAdjoint& adjoint, Id operation, const Operands& operands,
                  std::size_t k) {
  if (!adjoint.leaps_at_nan) return false;
  const bool may_end = singularity(operation, operands, k) == ops::Singularity::kEdge ||
                       std::isnan(operands[k].partial);
  return may_end && is_at_end(operation, operands, k);
}

double StrictAdjoint::value() const { return is_indefinite ? kNaN : number; }

ByNode<char> dependent_on(std::span<const Id> nodes, Id root) {
  ByNode<char> result(root);
  for (const Id id : nodes) {
    if (tape.time_of(id) <= tape.time_of(root) && id != kZero) result[id] = 1;
  }
  spread(result, root);
  return result;
}

ByNode<char> dependent_on_leaves(Id root) {
  ByNode<char> result(root);
  for (Id id = -tape.leaves.capacity; id < kZero; ++id)
    result[id] = static_cast<char>((tape.tag[id].code & kHasGradient) != 0);
  spread(result, root);
  return result;
}

ByNode<StrictAdjoint> strict_sweep(Id root, const ByNode<char>& is_dependent) {
  ByNode<StrictAdjoint> adjoint(root);
  adjoint[root] = arrived(1.0);
  Time lowest = tape.time_of(root);
  for (Time t = lowest; t >= std::max(lowest, 0); --t) {
    const Id i = tape.at_time(t);
    const StrictAdjoint from = adjoint[i];
    if (!from.is_reached || is_dependent[i] == 0) continue;
    const Operands operands(i);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const Operand operand = operands[k];
      if (operand.is_number() || is_dependent[operand.id] == 0) continue;
      const StrictAdjoint more = contribution(from, i, operands, k);
      if (!more.is_reached) continue;
      StrictAdjoint& sum = adjoint[operand.id];
      sum = {.number = sum.number + more.number,
             .has_arrived = sum.has_arrived || more.has_arrived,
             .is_reached = true,
             .is_indefinite = sum.is_indefinite || more.is_indefinite,
             .leaps_at_nan = sum.leaps_at_nan || more.leaps_at_nan};
      if (operand.id >= 0) lowest = std::min(lowest, tape.time_of(operand.id));
    }
  }
  return adjoint;
}

void strict_backward(Id root) {
  const ByNode<char> is_dependent = tape.strict->dependent(root);
  const ByNode<StrictAdjoint> adjoint = strict_sweep(root, is_dependent);
  std::vector<std::pair<Id, double>> sums;  // of leaves
  for (Id id = -tape.leaves.capacity; id < kZero; ++id)
    if (adjoint[id].has_arrived) sums.emplace_back(id, tape.adjoint[id] + adjoint[id].value());
  tape.backward(root, 1.0);
  for (const auto& [id, sum] : sums) tape.adjoint[id] = sum;
  const OperationFlags reached = reach(root);
  for (Time t = reached.lowest(); t <= reached.highest(); ++t) {
    const Id i = tape.at_time(t);
    if (adjoint[i].has_arrived) tape.adjoint[i] = adjoint[i].value();
  }
}

Strict::Strict() : outer_(std::exchange(tape.strict, this)) {}
Strict::Strict(std::vector<Id> inputs)
    : outer_(std::exchange(tape.strict, this)), has_inputs_(true), inputs_(std::move(inputs)) {}
Strict::~Strict() { tape.strict = outer_; }

ByNode<char> Strict::dependent(Id root) const {
  return has_inputs_ ? dependent_on(inputs_, root) : dependent_on_leaves(root);
}

void Strict::check_comparison(Id comparison) const {
  const Operands operands(comparison);
  for (std::size_t k = 0; k < operands.size(); ++k) {
    const Operand operand = operands[k];
    if (operand.is_number() || singularity(comparison, operands, k) != ops::Singularity::kJump)
      continue;
    if (dependent(comparison)[operand.id] == 0) continue;
    const std::string label(tape.label(operand.id));
    throw Error("strict: '" + std::string(ops::All::infos[tape.operation(comparison)].formula) +
                "' was decided at a tie, where " + (label.empty() ? "both are " : label + " = ") +
                text::rounded(tape.data[operand.id], 6) +
                ". The derivative of the branch that is taken there need not be that of the "
                "function. Take a function of the library that knows the point, as abs, max, "
                "relu or sinc do, or move the point a little off");
  }
}

}  // namespace autograd::detail
