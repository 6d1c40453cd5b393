#include "autograd/value.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <ostream>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>
#include <autograd/tape/strict.hpp>

namespace autograd {

using detail::Edge;
using detail::Id;
using detail::Tape;

Value Value::of(Id id) {
  return id == detail::kZero ? Value() : Value(Node{id, detail::tape.acquire_unknown(id)});
}

void Value::replace_data(double x) {
  if (node_.id == detail::kZero) {
    *this = Value(x);
    return;
  }
  require_leaf("set_data", "changed",
               "Make a new leaf with detach(), or change the leaves it came from.");
}

void Value::require_leaf(const char* function, const char* done, const char* advice) const {
  if (id() < 0) return;
  throw Error(std::string(function) + "() on the result of '" +
              std::string(ops::All::infos[detail::tape.operation(node_.id)].name) +
              "': only a leaf can be " + done + ". " + advice);
}

void Value::drop_what_lies_below() noexcept try {
  if (handle() == detail::kUnique && !is_foreign()) node_.id = detail::tape.leaf_instead(node_.id);
} catch (const Error&) {
  // No room for a leaf: the operation stays.
}

void Value::freeze() {
  require_leaf("freeze", "frozen", "Freeze the leaves it came from, or compute with detach().");
  if (node_.id == detail::kZero) return;
  detail::tape.tag[node_.id].code &= static_cast<detail::Code>(~detail::kHasGradient);
}

void Value::thaw() {
  require_leaf("thaw", "thawed", "Thaw the leaves it came from.");
  if (!is_frozen()) return;
  if (node_.id == detail::kZero) *this = Value(0.0);
  detail::tape.tag[node_.id].code |= detail::kHasGradient;
  detail::tape.adjoint[node_.id] = -0.0;
}

void Value::backward() const {
  if (detail::tape.tracing != nullptr) {
    throw Error(
        "backward() while a Function is traced: gradients are not numbers yet. Use "
        "derivatives(y, xs), or the gradient of the Function.");
  }
  if (detail::tape.is_constant(id())) [[unlikely]] {
    throw Error(
        "backward() of a constant: no leaf would receive a gradient. It is a plain number, frozen, "
        "or was computed under a NoGradGuard. Compute it from Values, thaw() it, or end the guard "
        "before.");
  }
  if (detail::tape.strict != nullptr && id() >= 0) [[unlikely]]
    return detail::with_memory_errors([&] { detail::strict_backward(id()); });
  detail::tape.backward(id(), 1.0);
}

Value Value::traced_detach() const {
  static const auto rule = std::make_shared<const detail::CustomRule>(detail::CustomRule{
      "detach", [](std::span<const Value>) { return std::vector<Value>(); }, true});
  detail::Edge* edge = detail::tape.room_for(1);
  *edge = {0.0, id()};
  Value result = adopt(detail::tape.push_many(detail::code<ops::Custom>, number(), 1));
  detail::tape.set_custom_rule(result.id(), rule);
  return result;
}

void Value::set_label(std::string text) {
  if (node_.id == detail::kZero) *this = Value(0.0);
  detail::tape.set_label(id(), std::move(text));
}

bool Value::has_grad() const {
  if (is_frozen()) return false;
  if (node_.id >= 0) return detail::tape.has_been_swept(node_.id);
  return std::bit_cast<std::uint64_t>(detail::tape.adjoint[node_.id]) !=
         std::bit_cast<std::uint64_t>(-0.0);
}

bool Value::is_leaf() const { return id() < 0 || detail::tape.edges_of(node_.id).empty(); }

std::string_view Value::op() const {
  if (is_leaf()) return {};
  const detail::Code code = detail::tape.operation(node_.id);
  if (code == detail::code<ops::Custom>) return detail::tape.custom_rule(node_.id)->name;
  return ops::All::infos[code].name;
}

std::vector<Value> Value::inputs() const try {
  std::vector<Value> result;
  if (id() < 0) return result;
  const detail::Operands operands(node_.id);
  result.reserve(operands.size());
  for (const detail::Operand operand : operands)
    result.push_back(operand.is_number() ? Value::constant(operand.number) : of(operand.id));
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::vector<double> Value::local_derivatives() const try {
  std::vector<double> result;
  if (id() < 0) return result;
  const detail::Operands operands(node_.id);
  result.reserve(operands.size());
  for (const detail::Operand operand : operands) result.push_back(operand.partial);
  return result;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::vector<Value> leaves(std::size_t n, double x) {
  return detail::with_memory_errors([&] {
    if (n > std::vector<Value>().max_size()) throw std::bad_alloc();
    std::vector<Value> result;
    result.reserve(n);
    for (std::size_t i = 0; i < n; ++i) result.emplace_back(x);
    return result;
  });
}

std::vector<Value> leaves(std::span<const double> x) {
  return detail::with_memory_errors([&] { return std::vector<Value>(x.begin(), x.end()); });
}

std::vector<Value> topological_order(const Value& y) try {
  if (y.id() < 0) return {y};
  Tape& tape = detail::tape;
  const detail::OperationFlags reached = detail::reach(y.id());
  std::vector<Value> order;
  std::vector<bool> listed(static_cast<std::size_t>(tape.leaves.capacity) + 1, false);
  for (detail::Time t = reached.lowest(); t <= reached.highest(); ++t) {
    const Id i = tape.at_time(t);
    if (!reached.has(i, detail::kReached)) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id >= detail::kNumber || listed[static_cast<std::size_t>(-edge.id)]) continue;
      listed[static_cast<std::size_t>(-edge.id)] = true;
      order.push_back(Value::of(edge.id));
    }
    order.push_back(Value::of(i));
  }
  return order;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::ostream& operator<<(std::ostream& out, const Value& x) { return out << x.number(); }

}  // namespace autograd
