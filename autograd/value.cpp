#include <algorithm>
#include <autograd/value.hpp>
#include <bit>
#include <ostream>

namespace autograd {

using detail::Edge;
using detail::Id;
using detail::Tape;

Value Value::of(Id id) {
  if (id != detail::kZero) detail::tape.acquire(id);
  return Value(Node{id});
}

void Value::replace_data(double x) {
  if (node_.id == detail::kZero) {
    *this = Value(x);
    return;
  }
  throw Error("set_data() on the result of '" +
              std::string(ops::All::infos[detail::tape.operation(node_.id)].name) +
              "': only a leaf can be changed. Make a new leaf with detach(), or change the leaves "
              "it came from.");
}

void Value::backward() const { detail::tape.backward(id(), 1.0); }

void Value::set_label(std::string text) {
  if (node_.id == detail::kZero) *this = Value(0.0);
  detail::tape.set_label(id(), std::move(text));
}

bool Value::has_grad() const {
  if (id() == detail::kZero) return false;
  if (id() >= 0) return node_.id < detail::tape.clean;
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

namespace {

// The number that an edge to kNumber stands for: it is stored as that edge's partial, but in a
// product it is the partial of the other factor.
double number_at(Id id, std::span<const Edge> edges, std::size_t i) {
  return detail::tape.operation(id) == detail::code<ops::Dot> ? edges[i ^ 1].partial
                                                              : edges[i].partial;
}

bool is_scaled(Id id, std::span<const Edge> edges) {
  return detail::tape.operation(id) == detail::code<ops::Mul> && edges.size() == 1;
}

}  // namespace

std::vector<Value> Value::inputs() const {
  std::vector<Value> result;
  if (id() < 0) return result;
  const auto edges = detail::tape.edges_of(node_.id);
  if (is_scaled(node_.id, edges)) result.push_back(Value::constant(edges[0].partial));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    result.push_back(edges[i].id == detail::kNumber ? Value::constant(number_at(node_.id, edges, i))
                                                    : of(edges[i].id));
  }
  return result;
}

std::vector<double> Value::local_derivatives() const {
  std::vector<double> result;
  if (id() < 0) return result;
  const auto edges = detail::tape.edges_of(node_.id);
  if (is_scaled(node_.id, edges)) result.push_back(0.0);
  for (const Edge& edge : edges) result.push_back(edge.id == detail::kNumber ? 0.0 : edge.partial);
  return result;
}

std::vector<Value> topological_order(const Value& y) {
  if (y.id() < 0) return {y};
  Tape& tape = detail::tape;
  // Marks, from y down, what y was computed from.
  std::vector<bool> reached(static_cast<std::size_t>(y.id()) + 1, false);
  reached.back() = true;
  Id lowest = y.id();
  for (Id i = y.id(); i >= lowest; --i) {
    if (!reached[static_cast<std::size_t>(i)]) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id < 0) continue;
      reached[static_cast<std::size_t>(edge.id)] = true;
      lowest = std::min(lowest, edge.id);
    }
  }
  std::vector<Value> order;
  std::vector<bool> listed(static_cast<std::size_t>(tape.leaf_capacity) + 1, false);
  for (Id i = lowest; i <= y.id(); ++i) {
    if (!reached[static_cast<std::size_t>(i)]) continue;
    for (const Edge& edge : tape.edges_of(i)) {
      if (edge.id >= detail::kNumber || listed[static_cast<std::size_t>(-edge.id)]) continue;
      listed[static_cast<std::size_t>(-edge.id)] = true;
      order.push_back(Value::of(edge.id));
    }
    order.push_back(Value::of(i));
  }
  return order;
}

NoGradGuard::NoGradGuard() {
  Tape& tape = detail::tape;
  if (tape.guards++ == 0) {
    tape.quiet = tape.size;
    tape.edge_limit = 0;
  }
}

NoGradGuard::~NoGradGuard() {
  Tape& tape = detail::tape;
  tape.drop_edges();
  if (--tape.guards == 0) tape.edge_limit = tape.capacity;
}

detail::GuardsLifted::GuardsLifted() : guards_(tape.guards) {
  if (guards_ == 0) return;
  tape.drop_edges();
  tape.guards = 0;
  tape.edge_limit = tape.capacity;
}

detail::GuardsLifted::~GuardsLifted() {
  if (guards_ == 0) return;
  tape.guards = guards_;
  tape.quiet = tape.size;
  tape.edge_limit = 0;
}

std::ostream& operator<<(std::ostream& out, const Value& x) { return out << x.data(); }

}  // namespace autograd
