#include "autograd/derivatives.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

#include <autograd/numbers/derivative_term.hpp>
#include <autograd/numbers/running_call.hpp>
#include <autograd/numbers/strict_terms.hpp>
#include <autograd/tape/annotations.hpp>
#include <autograd/tape/by_leaf.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>
#include <autograd/tape/singularities.hpp>

namespace autograd {

using detail::Code;
using detail::DerivativeTerm;
using detail::Edge;
using detail::Id;
using detail::Operand;
using detail::Time;

namespace {

// An operation of the tape, and what is found out about it. The lists are used again for the next.
struct Step {
  std::span<const Operand> operands;
  std::vector<DerivativeTerm*> adjoints;  // of the operands; null where none is wanted
  std::vector<DerivativeTerm> partials;   // by operand; maybe more than that
  DerivativeTerm result;
  bool has_number = false;  // beside what varies, of an operation that has ties

  // Copies the operands of an operation: recording may move the tape. `adjoint` finds theirs.
  // Whether there is one.
  template <class Adjoint> bool read(const detail::Operands& from, const Adjoint& adjoint) {
    const std::size_t count = from.size();
    if (copies_.size() < count) {
      copies_.resize(count);
      adjoints.resize(count);
      partials.resize(count);
    }
    bool is_wanted = false;
    for (std::size_t i = 0; i < count; ++i) {
      // Member by member: a whole one would be read before its parts have arrived in memory.
      const auto [id, partial, number] = from[i];
      copies_[i].id = id;
      copies_[i].partial = partial;
      copies_[i].number = number;
      adjoints[i] = adjoint(id);
      is_wanted |= adjoints[i] != nullptr;
    }
    operands = std::span(copies_).first(count);
    return is_wanted;
  }

 private:
  std::vector<Operand> copies_;
};

DerivativeTerm term_of(const Operand& operand) {
  return operand.is_number() ? DerivativeTerm(operand.number) : DerivativeTerm::of(operand.id);
}

// Finds the partials.
using Rule = void (*)(Step&);

template <class Op> void rule(Step& step) {
  const auto& operands = step.operands;
  if constexpr (requires { Op::domain; }) {
    const DerivativeTerm x = term_of(operands[0]);
    if constexpr (Op::domain.size() == 1) {
      step.partials[0] = Op::dx(x, step.result);
    } else {
      const DerivativeTerm y = term_of(operands[1]);
      if constexpr (detail::KnowsNumbers<Op>) {
        if (step.has_number) {
          step.partials[0] = Op::dx_beside_number(x, y, step.result);
          step.partials[1] = Op::dy_beside_number(x, y, step.result);
          return;
        }
      }
      if (step.adjoints[0] != nullptr) step.partials[0] = Op::dx(x, y, step.result);
      if (step.adjoints[1] != nullptr) step.partials[1] = Op::dy(x, y, step.result);
    }
  } else {
    // Which output of softmax it is stands before the operands.
    constexpr std::size_t kFirst = std::same_as<Op, ops::Softmax> ? 1 : 0;
    const std::size_t count = operands.size() - kFirst;
    const std::size_t output = kFirst == 0 ? 0 : static_cast<std::size_t>(operands[0].number);
    std::vector<DerivativeTerm> x;
    for (const Operand& operand : operands.last(count)) x.push_back(term_of(operand));
    Op::partials(std::span<const DerivativeTerm>(x), output, step.result,
                 std::span(step.partials).subspan(kFirst, count));
  }
}

constexpr auto kRules = []<class... Op>(ops::List<Op...>) {
  return std::array<Rule, sizeof...(Op)>{rule<Op>...};
}(ops::All{});

void find_custom_partials(Id id, Step& step) {
  const detail::CustomRule& rule = *detail::tape.custom_rule(id);
  const std::size_t count = step.operands.size() - (rule.traced ? 1 : 0);
  if (!rule.derivatives) {
    throw Error(
        "derivatives() through the custom operation '" + rule.name +
        "': its local derivatives are known as numbers only. Let the function that gives them take "
        "std::span<const Value> too, as [](auto x) does; or use backward() for a first "
        "derivative.");
  }
  std::vector<Value> operands;
  for (const Operand& operand : step.operands.first(count))
    operands.push_back(Value::of(operand.id));
  const std::vector<Value> values = rule.derivatives(operands);
  rule.require(count, values.size());
  std::ranges::copy(values, step.partials.begin());
  if (rule.traced) step.adjoints[count] = nullptr;  // of the operation written out
}

void find_partials(Id id, Step& step) {
  const auto& operands = step.operands;
  const Code code = detail::tape.operation(id);
  if (code == detail::code<ops::Sum> || code == detail::code<ops::Mean>) {
    // Constants: the coefficients of the terms, and 1 / n.
    for (std::size_t i = 0; i < operands.size(); ++i) step.partials[i] = operands[i].partial;
  } else if (code == detail::code<ops::Dot>) {
    // Pairs of factors: the derivative by one is the other.
    for (std::size_t i = 0; i < operands.size(); ++i) step.partials[i] = term_of(operands[i ^ 1]);
  } else if (code == detail::code<ops::Custom>) {
    find_custom_partials(id, step);
  } else {
    step.result = DerivativeTerm::of(id);
    kRules[code](step);
  }
}

// Finds where max and its like have a plain number beside what varies. While a function is
// differentiated or traced, whose inputs are known, that is also a node which does not depend on them.
class Ties {
 public:
  explicit Ties(Id root) : root_(root) {}

  bool has_number(Id id, std::span<const Operand> operands) {
    if (!detail::has_ties(detail::tape.operation(id))) return false;
    const Operand &x = operands[0], &y = operands[1];
    if (x.is_number() || y.is_number()) return true;
    if (detail::tape.call == nullptr) return false;
    // The numbers of a Function that is traced are not those it will be run with.
    const bool is_tie = detail::tape.data[x.id] == detail::tape.data[y.id];
    if (!is_tie && detail::tape.tracing == nullptr) return false;
    if (is_dependent_ == nullptr)
      is_dependent_ = std::make_unique<detail::ByNode<char>>(detail::dependent_on_inputs(root_));
    return (*is_dependent_)[x.id] != (*is_dependent_)[y.id];
  }

 private:
  Id root_;
  std::unique_ptr<detail::ByNode<char>> is_dependent_;
};

// upstream * partial. As in the numeric sweep, nothing flows where nothing arrives, even if the
// partial is infinite.
DerivativeTerm contribution(const DerivativeTerm& upstream, const DerivativeTerm& partial) {
  const bool is_finite = std::isfinite(partial.data());
  if (detail::tape.tracing != nullptr && !upstream.is_number() &&
      !(partial.is_number() && is_finite)) {
    return DerivativeTerm::record<ops::AdjointProduct>(upstream, partial);
  }
  if (upstream.data() == 0 && !is_finite) return 0.0;
  return upstream * partial;
}

// What lies between xs and an operation `root`. What the root was not computed from costs nothing.
class ActiveSubgraph {
 public:
  ActiveSubgraph(Id root, std::span<const Value> xs, bool treat_as_independent)
      : flags_(reach_down_to(xs, root)), treat_as_independent_(treat_as_independent) {
    for (const Value& x : xs) {
      const Time at = detail::tape.time_of(x.id());
      if (at >= first() && at <= last()) flags_.set(x.id(), kGiven | kWanted);
    }
    give_places_to_leaves(xs);
    find_wanted();
    adjoints_.resize(static_cast<std::size_t>(last() - first()) + 1);
  }

  Time first() const { return flags_.lowest(); }
  Time last() const { return flags_.highest(); }
  // Whether what `id` was computed from is none of the question.
  bool is_independent(Id id) const { return treat_as_independent_ && flags_.has(id, kGiven); }

  // What has arrived at a node, 0 at first; null if the node does not lead down to xs.
  [[gnu::always_inline]] DerivativeTerm* adjoint(Id id) {
    if (id < 0) {
      const std::size_t at = leaf_place(id);
      return at != 0 ? &leaf_adjoints_[at] : nullptr;
    }
    const std::size_t at = flags_.place(id);
    return flags_.has_at(at, kWanted) ? &adjoints_[at] : nullptr;
  }

 private:
  enum : std::uint8_t { kGiven = 2, kWanted = 4 };  // beside kReached

  bool is_wanted(Id id) const { return id >= 0 ? flags_.has(id, kWanted) : leaf_place(id) != 0; }
  std::size_t leaf_place(Id id) const { return leaf_places_[id]; }

  // The operations that the root was computed from, as far down as one may lead to xs.
  static detail::OperationFlags reach_down_to(std::span<const Value> xs, Id root) {
    Time floor = detail::tape.time_of(root) + 1;
    for (const Value& x : xs) floor = std::min(floor, std::max(detail::tape.time_of(x.id()), 0));
    return detail::reach(
        root, [floor](Id, const Edge& edge) { return detail::tape.time_of(edge.id) >= floor; });
  }

  void give_places_to_leaves(std::span<const Value> xs) {
    std::vector<Id> leaves;
    for (const Value& x : xs)
      if (x.id() < detail::kZero) leaves.push_back(x.id());
    leaf_places_ = {leaves, 0};
    for (std::uint32_t i = 0; i < leaves.size(); ++i) leaf_places_[leaves[i]] = i + 1;
    leaf_adjoints_.resize(leaves.size() + 1);
  }

  void find_wanted() {
    for (Time t = first(); t <= last(); ++t) {
      const auto at = static_cast<std::size_t>(last() - t);
      if (!flags_.has_at(at, detail::kReached) || flags_.has_at(at, kWanted)) continue;
      const auto edges = detail::tape.edges_of(detail::tape.at_time(t));
      if (std::ranges::any_of(edges, [&](const Edge& edge) { return is_wanted(edge.id); }))
        flags_.set_at(at, kWanted);
    }
  }

  detail::OperationFlags flags_;
  bool treat_as_independent_;
  std::vector<DerivativeTerm> adjoints_;  // by distance from the root
  // The place in leaf_adjoints_, 0 of leaves that are not among xs.
  detail::ByLeaf<std::uint32_t> leaf_places_{{}, 0};
  std::vector<DerivativeTerm> leaf_adjoints_ = std::vector<DerivativeTerm>(1);
};

}  // namespace

std::vector<Value> derivatives(const Value& y, std::span<const Value> xs) {
  return detail::derivatives(y, xs, false);
}

std::vector<Value> detail::derivatives(const Value& y, std::span<const Value> xs,
                                       bool treat_as_independent) try {
  const Id root = y.id();
  std::vector<Value> result;
  result.reserve(xs.size());
  if (root < 0) {
    for (const Value& x : xs)
      result.push_back(Value::constant(x.id() == root && root != detail::kZero ? 1.0 : 0.0));
    return result;
  }

  const OrderHeld order_held;
  const DerivativeTerm::Scope scope;
  ActiveSubgraph part(root, xs, treat_as_independent);
  if (DerivativeTerm* adjoint = part.adjoint(root)) *adjoint = 1.0;
  std::optional<detail::StrictTerms> strict_terms;
  if (tape.strict != nullptr) strict_terms.emplace(root, xs);
  Step step;
  Ties ties(root);
  for (Time t = part.last(); t >= part.first(); --t) {
    const Id i = tape.at_time(t);
    const DerivativeTerm* upstream = part.adjoint(i);
    if (upstream == nullptr || part.is_independent(i)) continue;
    if (upstream->is_number(0) && !(strict_terms && strict_terms->has_arrived(i))) continue;
    if (!step.read(detail::operands(i), [&part](Id id) { return part.adjoint(id); })) continue;
    step.has_number = ties.has_number(i, step.operands);
    find_partials(i, step);
    const bool is_row_mean = tape.operation(i) == code<ops::RowMean>;
    for (std::size_t k = 0; k < step.operands.size(); ++k) {
      DerivativeTerm* sum = step.adjoints[k];
      if (sum == nullptr) continue;
      const auto add = [sum](DerivativeTerm more) {
        if (!more.is_number(0)) *sum = sum->is_number(0) ? more : *sum + more;
      };
      const auto more = [&] {
        return is_row_mean ? apply<ops::RowMean>(*upstream)
                           : contribution(*upstream, step.partials[k]);
      };
      if (!strict_terms) {
        add(more());
      } else {
        add(strict_terms->contribution(i, step.operands, k, *upstream, step.partials[k], more()));
      }
    }
  }

  for (const Value& x : xs) {
    const DerivativeTerm* adjoint = part.adjoint(x.id());
    result.push_back(adjoint != nullptr ? adjoint->value() : Value::constant(0.0));
    if (strict_terms && adjoint != nullptr) result.back() = strict_terms->result(x, result.back());
  }
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
