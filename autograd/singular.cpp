#include "autograd/singular.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <autograd/inspect/description.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/inspect/structural_zero.hpp>
#include <autograd/scope.hpp>
#include <autograd/tape/singularities.hpp>
#include <autograd/text.hpp>

namespace autograd {

using detail::ByNode;
using detail::Id;
using detail::Operand;
using detail::Operands;
using detail::StrictAdjoint;
using detail::Time;
using ops::Singularity;

namespace {

// What an operation has for a step of one operand; nothing where it is smooth.
std::optional<Singular::Kind> kind_of(Singularity declared, const StrictAdjoint& adjoint,
                                      double partial) {
  const bool is_zero = adjoint.has_arrived && adjoint.number == 0 && !adjoint.is_indefinite;
  if (is_zero && std::isinf(partial)) return Singular::Kind::kZeroTimesInfinity;
  switch (declared) {
    case Singularity::kJump:
      return Singular::Kind::kJump;
    case Singularity::kKink:
      return Singular::Kind::kKink;
    case Singularity::kPole:
      return Singular::Kind::kPole;
    case Singularity::kEdge:
      return std::isnan(partial) ? Singular::Kind::kUndefined : Singular::Kind::kEdge;
    case Singularity::kCurvatureJump:
      return Singular::Kind::kCurvatureJump;
    case Singularity::kNone:
      break;
  }
  if (std::isnan(partial)) return Singular::Kind::kUndefined;
  if (std::isinf(partial)) return Singular::Kind::kOverflow;
  return std::nullopt;
}

// One search: what is known of each node.
class Search {
 public:
  Search(Id root, const ByNode<char>& is_dependent)
      : root_(root),
        is_dependent_(is_dependent),
        adjoint_(detail::strict_sweep(root, is_dependent)),
        varies_(root),
        is_alive_(root) {
    find_varying();
    find_alive();
  }

  std::vector<Singular> run() const {
    std::vector<Singular> result;
    for (Time t = last(); t >= lowest_; --t) {
      const Id i = detail::tape.at_time(t);
      if (!is_asked(i)) continue;
      if (auto found = look_at(i)) result.push_back(std::move(*found));
    }
    return result;
  }

 private:
  bool is_asked(Id i) const { return adjoint_[i].is_reached && is_dependent_[i] != 0; }

  // Calls visit(k, operand, singularity, leaps) for the operands that a number arrives at; for others
  // if the result leaps there.
  void for_each_operand(Id i, const auto& visit) const {
    const Operands operands(i);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const Operand operand = operands[k];
      if (operand.is_number() || is_dependent_[operand.id] == 0) continue;
      const Singularity declared = detail::singularity(i, operands, k);
      const bool leaps = declared == Singularity::kJump || declared == Singularity::kPole ||
                         detail::leaps_at_end(adjoint_[i], i, operands, k);
      const bool is_flat = !adjoint_[i].has_arrived || detail::is_flat(i, k);
      if (detail::is_untaken(i, operands, k) || (is_flat && !leaps)) continue;
      visit(k, operand, declared, leaps);
    }
  }

  // The nodes with a first derivative that is not 0 by a leaf, sums that cancel aside.
  void find_varying() {
    for (Id id = -detail::tape.leaves.capacity; id < detail::kZero; ++id)
      varies_[id] = is_dependent_[id];
    lowest_ = last();
    for (Time t = lowest_; t >= lowest_; --t) {
      const Id i = detail::tape.at_time(t);
      if (!is_asked(i)) continue;
      for (const Operand operand : Operands(i))
        if (operand.id >= 0) lowest_ = std::min(lowest_, detail::tape.time_of(operand.id));
    }
    for (Time t = lowest_; t <= last(); ++t) {
      const Id i = detail::tape.at_time(t);
      if (!is_asked(i)) continue;
      bool is_input = true;
      for_each_operand(i, [&](std::size_t, const Operand& operand, Singularity declared, bool) {
        is_input = false;
        if ((operand.partial != 0 || declared != Singularity::kNone) && varies_[operand.id] != 0)
          varies_[i] = 1;
      });
      if (is_input) varies_[i] = is_dependent_[i];
    }
  }

  // The nodes whose adjoint is not 0 for good.
  void find_alive() {
    is_alive_[root_] = 1;
    for (Time t = last(); t >= lowest_; --t) {
      const Id i = detail::tape.at_time(t);
      if (!is_asked(i) || is_alive_[i] == 0) continue;
      const Operands operands(i);
      for_each_operand(i, [&](std::size_t k, const Operand& operand, Singularity, bool) {
        if (!detail::is_structural_zero(i, operands, k)) is_alive_[operand.id] = 1;
      });
    }
  }

  std::optional<Singular> look_at(Id i) const {
    const StrictAdjoint& adjoint = adjoint_[i];
    std::optional<Singular> found;
    for_each_operand(
        i, [&](std::size_t k, const Operand& operand, Singularity declared, bool leaps) {
          const std::optional<Singular::Kind> kind = kind_of(declared, adjoint, operand.partial);
          if (!kind || (found && found->kind <= *kind)) return;
          const bool hangs = leaps || hangs_first(*kind, adjoint, operand);
          if (!hangs && is_alive_[i] == 0) return;
          found.emplace();
          found->kind = *kind;
          found->operand = k;
          found->first = hangs;
          found->second = true;
        });
    if (found) describe(*found, i);
    return found;
  }

  bool hangs_first(Singular::Kind kind, const StrictAdjoint& adjoint,
                   const Operand& operand) const {
    if (kind == Singular::Kind::kCurvatureJump) return false;
    if (kind == Singular::Kind::kKink)
      return (adjoint.number != 0 || adjoint.is_indefinite) && varies_[operand.id] != 0;
    return kind == Singular::Kind::kJump || kind == Singular::Kind::kPole ||
           !std::isfinite(operand.partial);
  }

  void describe(Singular& found, Id i) const {
    found.value = Value::of(i);
    found.operation = found.value.op();
    found.label = found.value.label();
    found.parts = parts_of(found.value);
    found.operands = detail::described_operands(found.value);
    found.gradient = adjoint_[i].number;
    found.is_masked = is_alive_[i] == 0;
    const ops::Info info = detail::operation_info(found.operation);
    found.choice = info.choice;
    const bool has_kink = found.kind == Singular::Kind::kKink ||
                          found.kind == Singular::Kind::kJump ||
                          found.kind == Singular::Kind::kCurvatureJump;
    found.cure = has_kink ? info.kink_cure : info.cure;
  }

  Time last() const { return detail::tape.time_of(root_); }

  Id root_;
  Time lowest_ = 0;
  const ByNode<char>& is_dependent_;
  ByNode<StrictAdjoint> adjoint_;
  ByNode<char> varies_, is_alive_;
};

// ---- text ----

std::string_view verb(Singular::Kind kind) {
  constexpr std::array<std::string_view, 8> kFacts{"",
                                                   "jumps",
                                                   "has a kink",
                                                   "has a pole",
                                                   "is at an edge, where its slope may be infinite",
                                                   "has no derivative",
                                                   "has an infinite derivative",
                                                   "has a kink in its slope"};
  return kFacts[static_cast<std::size_t>(kind)];
}

}  // namespace

std::vector<Singular> find_singular(const Value& y) {
  if (y.id() < 0) return {};
  return detail::with_memory_errors(
      [&] { return Search(y.id(), detail::dependent_on_leaves(y.id())).run(); });
}

std::vector<Singular> detail::find_singular(const Value& y, std::span<const Value> inputs) {
  if (y.id() < 0) return {};
  return with_memory_errors([&] {
    std::vector<Id> ids;
    for (const Value& x : inputs) ids.push_back(x.id());
    return Search(y.id(), dependent_on(ids, y.id())).run();
  });
}

void detail::name_inputs(std::span<const Value> inputs) {
  with_memory_errors([&] {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      Value(inputs[i]).set_label("x[" + std::to_string(i) + "]");
  });
}

std::string Singular::fact() const {
  return detail::with_memory_errors([&] {
    const std::string slope = detail::number_text(operands[operand].derivative);
    const std::string text = (label.empty() ? "" : label + " = ") +
                             detail::call_text(operation, operands) + " = " +
                             detail::number_text(value.data()) + detail::where_text(operands);
    if (kind == Singular::Kind::kZeroTimesInfinity)
      return text + ": 0 arrives, meets the local derivative " + slope +
             ", and nothing is passed on";
    return text + ", " + std::string(verb(kind)) + ": " + detail::number_text(gradient) +
           " arrives, and the local derivative " + slope + " is taken" +
           (choice.empty() ? "" : " (" + choice + ")");
  });
}

std::string Singular::to_string() const {
  return detail::with_memory_errors([&] {
    std::string text =
        "Singular: " + fact() +
        (first ? ". First and second derivatives hang on it" : ". Second derivatives hang on it");
    for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? ".\nPart: " : ", ") + parts[i];
    return text + ".\nCure: " + cure + ".\n";
  });
}

}  // namespace autograd
