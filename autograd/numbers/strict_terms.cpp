#include "autograd/numbers/strict_terms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include <autograd/numbers/tracing.hpp>
#include <autograd/tape/annotations.hpp>
#include <autograd/tape/singularities.hpp>

namespace autograd::detail {

namespace {

using ops::Singularity;

bool is_choice(Singularity kind) {
  return kind == Singularity::kJump || kind == Singularity::kKink ||
         kind == Singularity::kCurvatureJump;
}

DerivativeTerm term_of(const Operand& operand) {
  return operand.is_number() ? DerivativeTerm(operand.number) : DerivativeTerm::of(operand.id);
}

// A node with this number, whose derivatives by the operands are NaN to any order.
Value chosen(double number, std::span<const Value> operands) {
  static const auto rule =
      std::make_shared<const CustomRule>(CustomRule{"choice", [](std::span<const Value> x) {
                                                      std::vector<Value> result;
                                                      for (const Value& each : x)
                                                        result.push_back(each * ops::kNaN);
                                                      return result;
                                                    }});
  Edge* edge = tape.room_for(operands.size());
  for (const Value& x : operands) *edge++ = {ops::kNaN, x.id()};
  Value result = Value::adopt(tape.push_many(code<ops::Custom>, number, operands.size()));
  tape.set_custom_rule(result.id(), rule);
  return result;
}

// ---- conditions, 1 or 0 ----

DerivativeTerm both(const DerivativeTerm& x, const DerivativeTerm& y) {
  if (x.is_number()) return x.data() != 0 ? y : x;
  if (y.is_number()) return y.data() != 0 ? x : y;
  return x * y;
}
DerivativeTerm either(const DerivativeTerm& x, const DerivativeTerm& y) {
  if (x.is_number()) return x.data() != 0 ? x : y;
  if (y.is_number()) return y.data() != 0 ? y : x;
  return max(x, y);
}

// The conditions under which an operation is singular for a step of operand k.
// x are its operands, or its result if it has many.
struct Condition {
  Singularity kind;
  DerivativeTerm term;
};
using Conditions = std::vector<Condition>;
using FindConditions = void (*)(std::span<const DerivativeTerm> x, std::size_t k,
                                Conditions& found);

template <class Op>
void find_conditions(std::span<const DerivativeTerm> x, std::size_t k, Conditions& found) {
  const auto visit = [&](Singularity kind, std::size_t which, const DerivativeTerm& condition) {
    if (which == ops::kAnyOperand || which == k) found.push_back({kind, condition});
  };
  if constexpr (!requires { Op::domain; }) {
    ops::for_each_singularity<Op>(visit, x[0]);
  } else if constexpr (Op::domain.size() == 1) {
    ops::for_each_singularity<Op>(visit, x[0]);
    for (const double end : {Op::domain[0].low, Op::domain[0].high}) {
      if (!std::isfinite(end)) continue;
      const bool is_pole = std::isinf(Op::value(end));
      found.push_back({is_pole ? Singularity::kPole : Singularity::kEdge, eq(x[0], end)});
    }
  } else {
    ops::for_each_singularity<Op>(visit, x[0], x[1]);
  }
}

constexpr auto kFindConditions = []<class... Op>(ops::List<Op...>) {
  return std::array<FindConditions, sizeof...(Op)>{find_conditions<Op>...};
}(ops::All{});

// Where the two operands are one node, takes those conditions out that hold wherever that is:
// max(x, x) has no kink.
void remove_constant(Conditions& conditions, Code code, std::span<const Operand> operands,
                     std::size_t k) {
  if (operands.size() != 2 || operands[0].id != operands[1].id || operands[0].is_number()) return;
  Conditions anywhere;
  kFindConditions[code](std::array<DerivativeTerm, 2>{1.3, 1.3}, k, anywhere);
  for (std::size_t i = conditions.size(); i-- > 0;) {
    if (anywhere[i].term.data() != 0)
      conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// What the result is where operand k is NaN, if that is a number.
std::optional<DerivativeTerm> number_at_nan(Id operation, std::span<const Operand> operands,
                                            std::size_t k) {
  const Code code = tape.operation(operation);
  if (code == detail::code<ops::Select>)
    return k == 0 ? std::optional(term_of(operands[1])) : std::nullopt;
  if (!has_number_at_nan(code)) return std::nullopt;
  if (facts(code).is_comparison) return code == detail::code<ops::NotEqual> ? 1.0 : 0.0;
  return term_of(operands[1 - k]);
}

}  // namespace

StrictTerms::StrictTerms(Id root, std::span<const Value> xs)
    : root_time_(tape.time_of(root)), is_tracing_(tape.tracing != nullptr) {
  if (is_tracing_) {
    reached(root).by_number = 1.0;
    return;
  }
  std::vector<Id> ids;
  for (const Value& x : xs) ids.push_back(x.id());
  const ByNode<char> is_dependent = dependent_on(ids, root);
  adjoints_ = strict_sweep(root, is_dependent);
  can_jump_.emplace(root);
  find_jumps(is_dependent);
}

DerivativeTerm StrictTerms::contribution(Id operation, std::span<const Operand> operands,
                                         std::size_t k, const DerivativeTerm& upstream,
                                         const DerivativeTerm& partial,
                                         const DerivativeTerm& plain) {
  if (is_tracing_) return traced(operation, operands, k, upstream, partial, plain);
  const Operands all(operation);
  if (is_choice(singularity(operation, all, k))) {
    std::vector<Value> from{plain.value(), upstream.value()};
    for (const Operand& each : operands)
      if (!each.is_number()) from.push_back(Value::of(each.id));
    return chosen(plain.data(), from);
  }
  // The piece that the operands are in changes where one of them jumps.
  DerivativeTerm result = plain;
  const Code code = tape.operation(operation);
  if (!is_piecewise(code)) return result;
  // Of a select() that is the condition alone.
  for (const Operand& each :
       operands.first(code == detail::code<ops::Select> ? 1 : operands.size())) {
    if (each.is_number() || (*can_jump_)[each.id] == 0) continue;
    result = Value::record<ops::Select>(Value::of(each.id), result.value(), result.value());
  }
  return result;
}

void StrictTerms::find_jumps(const ByNode<char>& is_dependent) {
  ByNode<char> can_become_nan(tape.at_time(root_time_));
  for (Time t = 0; t <= root_time_; ++t) {
    const Id i = tape.at_time(t);
    if (is_dependent[i] == 0) continue;
    const Operands operands(i);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      if (operands[k].is_number() || is_dependent[operands[k].id] == 0) continue;
      const Singularity kind = singularity(i, operands, k);
      const bool is_nan = can_become_nan[operands[k].id] != 0;
      const bool leaps = kind == Singularity::kJump || kind == Singularity::kPole ||
                         (is_nan && at_nan(i, operands, k) == AtNaN::kLeaps);
      if (leaps || (*can_jump_)[operands[k].id] != 0) (*can_jump_)[i] = 1;
      if ((is_nan && at_nan(i, operands, k) == AtNaN::kNaN) ||
          (kind == Singularity::kEdge && is_at_end(i, operands, k)))
        can_become_nan[i] = 1;
    }
  }
}

bool StrictTerms::has_arrived(Id operation) {
  if (!is_tracing_) return false;
  const Reached& here = reached(operation);
  return !here.by_number.is_number(0) || !here.by_jumps.is_number(0);
}

Value StrictTerms::result(const Value& x, const Value& sum) const {
  if (is_tracing_ || tape.time_of(x.id()) > root_time_ || !std::isnan((*adjoints_)[x.id()].value()))
    return sum;
  return chosen(ops::kNaN, std::array{sum, x});
}

// ---- while a Function is traced ----

// Where nothing flows into the operation, an infinite partial is not to be seen.
DerivativeTerm StrictTerms::traced(Id operation, std::span<const Operand> operands, std::size_t k,
                                   const DerivativeTerm& upstream, const DerivativeTerm& partial,
                                   const DerivativeTerm& plain) {
  guard(operation, operands, k);
  const Code code = tape.operation(operation);
  const Reached here = reached(operation);
  Reached there = here;
  if (is_flat(operation, k)) {
    there = {0.0, either(here.by_number, here.by_jumps), here.by_nan};
  } else if (code == detail::code<ops::Select>) {
    const DerivativeTerm condition = term_of(operands[0]);
    const DerivativeTerm is_taken = k == 1 ? ne(condition, 0.0) : eq(condition, 0.0);
    there = {both(here.by_number, is_taken), both(here.by_jumps, is_taken),
             both(here.by_nan, is_taken)};
  }
  if (const auto number = number_at_nan(operation, operands, k)) {
    const DerivativeTerm leaps = ne(DerivativeTerm::of(operation), *number);
    there.by_nan = both(either(here.by_number, here.by_jumps), leaps);
  }
  if (operands[k].id >= 0) {
    Reached& all = reached(operands[k].id);
    all = {either(all.by_number, there.by_number), either(all.by_jumps, there.by_jumps),
           either(all.by_nan, there.by_nan)};
  }
  if (here.by_number.is_number(0)) return upstream.is_number(0) ? upstream : plain;
  if (code == detail::code<ops::Select>) return select(there.by_number, upstream, 0.0);
  if (code == detail::code<ops::RowMean>) return apply<ops::RowMean>(upstream);
  return upstream * (here.by_number.is_number() ? partial : select(here.by_number, partial, 0.0));
}

void StrictTerms::guard(Id operation, std::span<const Operand> operands, std::size_t k) {
  const Code code = tape.operation(operation);
  if (code == detail::code<ops::Custom>) return;
  std::vector<DerivativeTerm> x;
  Conditions conditions;
  if (facts(code).is_ranged || code == detail::code<ops::Select>) {
    x.push_back(DerivativeTerm::of(operation));
  } else {
    for (const Operand& each : operands) x.push_back(term_of(each));
  }
  kFindConditions[code](x, k, conditions);
  remove_constant(conditions, code, operands, k);
  const ops::Info& info = ops::All::infos[code];
  const Reached here = reached(operation);
  for (const auto& [kind, term] : conditions) {
    const bool is_pole = kind == Singularity::kPole, is_end = kind == Singularity::kEdge;
    const bool leaps = kind == Singularity::kJump || (is_pole && is_step(code));
    const DerivativeTerm where = leaps     ? either(here.by_number, here.by_jumps)
                                 : is_pole ? here.by_jumps
                                 : is_end  ? here.by_nan
                                           : here.by_number;
    const DerivativeTerm condition = both(term, where);
    const std::string text = std::string(info.formula) +
                             (is_pole  ? " is at a pole"
                              : is_end ? " is at the end of its domain, and compared with a number"
                                       : " is at a kink or a jump");
    if (!condition.is_number()) {
      tape.tracing->guards.push_back({condition.value(), false, Tracing::kSlope, text});
    } else if (condition.data() != 0) {
      throw Error("Function::trace: strict: " + text + " in every row");
    }
  }
}

}  // namespace autograd::detail
