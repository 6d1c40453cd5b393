#include "autograd/nonfinite.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <string_view>

#include <autograd/inspect/description.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/scope.hpp>
#include <autograd/singular.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>
#include <autograd/tape/strict.hpp>
#include <autograd/tape/sweep.hpp>
#include <autograd/text.hpp>

namespace autograd {

using detail::ByNode;
using detail::Edge;
using detail::Id;

namespace {

std::string_view cure(const NonFinite& found) {
  const bool overflow = found.where == NonFinite::Where::kBackward &&
                        std::isfinite(found.operands[found.operand].derivative);
  if (overflow) return "the derivatives are too large for a double: scale y or its operands down";
  if (found.operation.empty()) {
    return "it was put in, not computed: look where it comes from. A parameter that has run away "
           "wants a smaller step";
  }
  if (found.operation == "checkpoint") {
    return "it was born inside of the function: call that without checkpoint(), and look again";
  }
  return detail::operation_info(found.operation).cure;
}

// Whether what is not finite in operand i can be why the result is not: not if a select() has taken
// the other side.
bool is_used(Id operation, std::size_t i) {
  if (detail::tape.operation(operation) != detail::code<ops::Select>) return true;
  return i == (detail::tape.data[detail::operands(operation)[0].id] != 0 ? 1 : 2);
}

// Whether operand i of an operation whose result is not finite may have made it so.
bool may_be_cause(Id operation, std::size_t i) {
  const detail::Operand operand = detail::operands(operation)[i];
  const double x = operand.is_number() ? operand.number : detail::tape.data[operand.id];
  return !std::isfinite(x) && is_used(operation, i);
}

void describe(NonFinite& found) {
  found.operation = found.value.op();
  found.label = found.value.label();
  found.parts = parts_of(found.value);
  found.operands = detail::described_operands(found.value);
}

// `next` leads from a node to one that uses it.
std::vector<Value> path_between(Id from, Id to, const ByNode<Id>& next) {
  std::vector<Value> path;
  for (Id i = from; i != to; i = next[i]) path.push_back(Value::of(i));
  path.push_back(Value::of(to));
  return path;
}

// Over operations of which the first one found uses each node.
std::vector<Value> path_to(Id root, Id node) {
  ByNode<Id> next(root, root);
  const detail::OperationFlags reached = detail::reach(root, [&](Id i, const Edge& edge) {
    if (next[edge.id] == root) next[edge.id] = i;
    return true;
  });
  return path_between(node, root, next);
}

// From y down over results that are not finite: the lowest operation reached, or the leaf or plain
// number that it has it from.
NonFinite find_forward(const Value& y) {
  constexpr Id kNone = -1;
  ByNode<Id> next(y.id(), kNone);
  const detail::OperationFlags reached = detail::reach(y.id(), [&](Id i, const Edge& edge) {
    if (!may_be_cause(i, detail::operands(i).index_of(edge))) return false;
    if (next[edge.id] == kNone) next[edge.id] = i;
    return true;
  });
  const Id lowest = y.id() < 0 ? y.id() : detail::tape.at_time(reached.lowest());

  NonFinite found;
  found.path = path_between(lowest, y.id(), next);
  found.value = found.path.front();
  const std::vector<Value> inputs = found.value.inputs();
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!may_be_cause(lowest, k)) continue;
    found.value = inputs[k];
    found.path.insert(found.path.begin(), inputs[k]);
    break;
  }
  found.number = found.value.data();
  describe(found);
  return found;
}

// The first contribution of the backward pass that makes the gradient of an operand infinite or
// NaN.
std::optional<NonFinite> find_backward(const Value& y) {
  const ByNode<char> is_differentiated = detail::dependent_on_leaves(y.id());
  ByNode<Id> next(y.id());
  ByNode<char> is_reached(y.id());
  std::optional<NonFinite> found;
  detail::sweep(y.id(), [&](Id i, const Edge& edge, const ByNode<double>& derivative) {
    if (is_differentiated[edge.id] == 0) return true;
    if (is_reached[edge.id] == 0) next[edge.id] = i;
    is_reached[edge.id] = 1;
    if (std::isfinite(derivative[edge.id])) return true;
    found.emplace();
    found->where = NonFinite::Where::kBackward;
    found->path = path_between(i, y.id(), next);
    found->value = found->path.front();
    found->gradient = derivative[i];
    found->number = derivative[edge.id];
    describe(*found);
    found->operand = detail::operands(i).index_of(edge);
    return false;
  });
  return found;
}

// Where both y and its gradient are finite: the node nearest to y at which a 0 has met an infinity.
std::optional<NonFinite> find_zero_times_infinity(const Value& y) {
  for (const Singular& each : find_singular(y)) {
    if (each.kind != Singular::Kind::kZeroTimesInfinity || each.is_masked) continue;
    NonFinite found;
    found.where = NonFinite::Where::kZeroTimesInfinity;
    found.value = each.value;
    found.number = ops::kNaN;
    found.operand = each.operand;
    describe(found);
    found.path = path_to(y.id(), each.value.id());
    return found;
  }
  return std::nullopt;
}

// ---- text ----

std::string six_digits(double x) { return text::rounded(x, 6); }

std::string step_text(const Value& x) {
  if (x.op().empty()) return detail::name_of(x);
  return std::string(x.op()) + (x.label().empty() ? "" : " '" + std::string(x.label()) + "'");
}

std::string path_text(const std::vector<Value>& path) {
  constexpr std::size_t kEnds = 4;
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i == kEnds && path.size() > 2 * kEnds + 1) {
      text += " -> ... " + std::to_string(path.size() - 2 * kEnds) + " more ...";
      i = path.size() - kEnds;
    }
    text += (i > 0 ? " -> " : "") + step_text(path[i]);
  }
  return text;
}

}  // namespace

std::optional<NonFinite> find_nonfinite(const Value& y) try {
  std::optional<NonFinite> found =
      std::isfinite(y.data()) ? find_backward(y) : std::optional(find_forward(y));
  if (!found) found = find_zero_times_infinity(y);
  if (found) found->cure = cure(*found);
  return found;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::string NonFinite::to_string() const try {
  std::string text = "Not finite: ";
  const std::string equals = label.empty() ? "" : label + " = ";
  if (where == Where::kBackward) {
    text += "the gradient of operand " + std::to_string(operand + 1) + " of " + equals +
            detail::call_text(operation, operands) + detail::where_text(operands) + ": " +
            six_digits(gradient) + " arrives, times the local derivative " +
            six_digits(operands[operand].derivative) + " it becomes " + six_digits(number);
  } else if (where == Where::kZeroTimesInfinity) {
    text = "0 times infinity: the gradient of operand " + std::to_string(operand + 1) + " of " +
           equals + detail::call_text(operation, operands) + detail::where_text(operands) +
           ": 0 arrives, and meets the local derivative " +
           six_digits(operands[operand].derivative) +
           ". Nothing was passed on, which need not be right";
  } else if (operation.empty()) {
    text += (label.empty() ? "the number " : "the leaf ") + equals + six_digits(number);
  } else {
    text += equals + detail::call_text(operation, operands) + " = " + six_digits(number) +
            detail::where_text(operands);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? ".\nPart: " : ", ") + parts[i];
  text += ".\nPath to the output: " + path_text(path) + ".\nCure: " + cure + ".\n";
  return text;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
