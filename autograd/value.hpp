// Value: a number that remembers how it was computed.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/ops.hpp>
#include <autograd/tape/tape.hpp>

namespace autograd {

// A handle to one node of the graph of this thread: a leaf, or the result of an operation.
//
// A Value made from a number is a leaf with a gradient; a plain number in an expression is a
// constant, and so is a temporary that is made there, as Value(2) in Value(2) * x. Value(2) *
// Value(3) is Value(6).
// Nodes live while some Value computed from them lives.
// Copies name the same node: std::vector<Value> w(3, 0.1) is one leaf three times. Three leaves are
// leaves(3, 0.1).
// Default-constructed and moved-from Values are the constant 0.
//
// Throws: Error when memory runs out. Arithmetic never throws for its operands: NaN and infinity are
// values.
class Value : public NumberBase<Value> {
 public:
  Value() = default;
  Value(double x) : Value(Node{detail::tape.leaf(x, detail::kVariable), detail::kUnique}) {}
  Value(double x, std::string label) : Value(x) {
    detail::tape.set_label(node_.id, std::move(label));
  }
  Value(const Value& other) : node_{other.id(), other.node_.mark} {
    if (node_.id == detail::kZero) return;
    if (other.handle() == detail::kTracked) {
      detail::tape.track(node_.id);
    } else {
      other.share();
      node_.mark = other.node_.mark + detail::tape.acquire(node_.id);
    }
  }
  [[gnu::always_inline]] Value(Value&& other) noexcept : node_(std::exchange(other.node_, {})) {
    if (detail::tape.no_grad.count > 0) [[unlikely]]
      drop_what_lies_below();
  }
  Value& operator=(const Value& other) { return *this = Value(other); }
  [[gnu::always_inline]] Value& operator=(Value&& other) noexcept {
    Value previous;  // that of this handle, which ends
    previous.node_ = std::exchange(node_, std::exchange(other.node_, {}));
    if (detail::tape.no_grad.count > 0) [[unlikely]]
      drop_what_lies_below();
    return *this;
  }
  [[gnu::always_inline]] ~Value() {
    if (node_.id != detail::kZero && !is_foreign()) detail::tape.release(node_.id, handle());
  }

  // While a Function is traced this is a guard: rows for which it would be another number are
  // reported.
  double data() const {
    if (detail::tape.tracing != nullptr) [[unlikely]]
      note_number();
    return number();
  }
  // Of a leaf: d(root)/d(this), added up over all backward() calls since zero_grad().
  // Of the result of an operation: d(root)/d(this) of the last backward() call of all.
  // 0 if there was none, and while it is frozen.
  double grad() const {
    const bool none = is_frozen() || (node_.id >= detail::tape.last_sweep.cleared_to &&
                                      node_.id < detail::tape.size);
    return none ? 0.0 : detail::tape.adjoint[node_.id] + 0.0;
  }
  // Changes a leaf. Operations that have been recorded keep the local derivatives they were recorded
  // with.
  // Throws: Error if this is the result of an operation.
  void set_data(double x) {
    if (id() < detail::kZero) [[likely]] {
      detail::tape.data[node_.id] = x;
    } else {
      replace_data(x);
    }
  }
  void zero_grad() const {
    if (id() != detail::kZero) detail::tape.adjoint[node_.id] = 0.0;
  }
  // Adds d(this)/d(leaf) to the gradient of every leaf that this was computed from, and writes
  // d(this)/d(node) into every node between. Nodes that this does not depend on are left as they are.
  // Where data() is NaN, gradients are what the local derivatives say.
  // Throws: Error if this is a constant: a plain number, a frozen leaf, or computed under a
  // NoGradGuard.
  // Cost: one multiplication and addition per edge.
  void backward() const;
  // A new leaf with the same data: results computed from it do not lead back here.
  Value detach() const {
    return detail::tape.tracing == nullptr ? Value(number()) : traced_detach();
  }

  std::string_view label() const { return detail::tape.label(id()); }
  void set_label(std::string text);
  std::string_view op() const;        // the operation's name, "" of a leaf
  std::vector<Value> inputs() const;  // the operands in order, plain numbers as constants
  // d(this)/d(operand), in the same order; 0 for plain numbers.
  std::vector<double> local_derivatives() const;
  bool is_leaf() const;
  // Whether backward() or zero_grad() has set grad() since this was made; a gradient of -0.0 alone
  // does not count.
  bool has_grad() const;

  // A frozen leaf is a constant to backward(): grad() is 0 and has_grad() false, so that the steps
  // of an optimizer leave it alone, until thaw(). It does not matter whether it was frozen before or
  // after the operations that use it were recorded. freeze() forgets the gradient there was, and
  // thaw() begins without one.
  // set_data() and labels work as before, drawings show a constant, and derivatives(y, {leaf}) is
  // still dy/d(leaf), since it is asked for by name.
  // The constant 0 is frozen; thawed it becomes a leaf.
  // Throws: Error if this is the result of an operation.
  // Cost: none; operations on a frozen leaf are recorded and swept as ever.
  void freeze();
  void thaw();
  bool is_frozen() const { return id() < 0 && detail::tape.is_constant(node_.id); }

  Value& operator+=(const Value& x);
  Value& operator+=(Value&& x);
  Value& operator+=(double x) { return *this = *this + x; }
  Value& operator-=(const Value& x) { return *this = *this - x; }
  Value& operator*=(const Value& x) { return *this = *this * x; }
  Value& operator/=(const Value& x) { return *this = *this / x; }
  Value& operator-=(Value&& x) { return *this = *this - std::move(x); }
  Value& operator*=(Value&& x) { return *this = *this * std::move(x); }
  Value& operator/=(Value&& x) { return *this = *this / std::move(x); }
  Value& operator-=(double x) { return *this = *this - x; }
  Value& operator*=(double x) { return *this = *this * x; }
  Value& operator/=(double x) { return *this = *this / x; }

  template <class Op> [[gnu::always_inline]] static Value record(const Value& x) {
    detail::Tape& tape = detail::tape;
    tape.room();
    const double in = tape.data[x.id()], out = Op::value(in);
    *tape.edge_end = {Op::dx(in, out), x.id()};
    return Value(Node{tape.push(detail::code<Op>, out, 1), detail::kUnique});
  }

  template <class Op> [[gnu::always_inline]] static Value record(const Value& x, const Value& y) {
    detail::Tape& tape = detail::tape;
    tape.room();
    const double a = tape.data[x.id()], b = tape.data[y.id()], out = Op::value(a, b);
    detail::Edge* edges = tape.edge_end;
    edges[0] = {Op::dx(a, b, out), x.id()};
    edges[1] = {Op::dy(a, b, out), y.id()};
    if constexpr (detail::KnowsNumbers<Op>) {
      if (a == b) [[unlikely]]
        ++tape.tie_count;
    }
    return Value(Node{tape.push(detail::code<Op>, out, 2), detail::kUnique});
  }

  template <class Op> [[gnu::always_inline]] static Value record(const Value& x, double b) {
    return Value(Node{push<Op>(x.id(), b), detail::kUnique});
  }
  template <class Op> [[gnu::always_inline]] static Value record(double a, const Value& y) {
    return Value(Node{push<Op>(a, y.id()), detail::kUnique});
  }

  // Op is Select. Sides may be plain numbers.
  template <class Op, class X, class Y>
  static Value record(const Value& condition, const X& x, const Y& y) {
    const std::array in{number(condition), number(x), number(y)};
    std::array<double, 3> partials;
    const double out = Op::value(std::span<const double>(in), 0);
    Op::partials(std::span<const double>(in), 0, out, std::span<double>(partials));
    detail::Edge* edges = detail::tape.room_for(3);
    edges[0] = {partials[0], condition.id()};
    edges[1] = edge_to(x, partials[1]);
    edges[2] = edge_to(y, partials[2]);
    return Value(Node{detail::tape.push(detail::code<Op>, out, 3), detail::kUnique});
  }
  template <class Op> static Value record_range(std::span<const Value> x, std::size_t k);
  // Appends all outputs of record_range<ops::Softmax>.
  static void record_softmax(std::span<const Value> x, std::vector<Value>& outputs);

  // ---- for the library's own use ----

  // data(), without a guard.
  double number() const { return detail::tape.data[id()]; }
  // Whether this is a number that nobody else knows of: a temporary T(2), T(1) in T(1) - x. As an
  // operand it is recorded as the plain number that it was made from.
  [[gnu::always_inline]] bool is_fresh_number() const {
    return node_.id < detail::kZero && handle() == detail::kUnique && !is_foreign() &&
           detail::tape.is_fresh(node_.id);
  }
  // Whether the compiler sees that this is a leaf, and so where it was made, as it does of T(2).
  [[gnu::always_inline]] bool is_made_here() const {
    const bool is_leaf = node_.id < detail::kZero;
    return __builtin_constant_p(is_leaf) && is_leaf;
  }
  // is_fresh_number() in code that stands where the operation is.
  [[gnu::always_inline]] bool is_fresh_number_here() const {
    return handle() == detail::kUnique && !is_foreign() && detail::tape.is_fresh_here(node_.id);
  }
  double take_number() { return detail::tape.take_back(std::exchange(node_, {}).id); }
  // Gives up the handle of an operand of the operation on top of the tape.
  [[gnu::always_inline]] void consume() {
    if (node_.id != detail::kZero && !is_foreign())
      detail::tape.release_consumed(node_.id, handle());
    node_ = {};
  }
  // Ends the handle, but for its count, which is a shared one then. To be given to release().
  detail::CountedId leave() {
    share();
    const detail::CountedId result{id(), handle()};
    node_ = {};
    return result;
  }
  // Makes a unique handle a shared one, so that handles made from the id need not be tracked.
  void share() const {
    if (handle() != detail::kUnique) return;
    detail::tape.share(node_.id);
    node_.mark -= detail::kUnique;
  }
  detail::Id id() const {
    if (is_foreign()) detail::Tape::foreign_thread();
    return node_.id;
  }
  // The first handle to a node, and another one.
  static Value adopt(detail::Id id) { return Value(Node{id, detail::kUnique}); }
  static Value of(detail::Id id);
  static Value constant(double x) { return adopt(detail::tape.leaf(x, detail::kConstant)); }

 private:
  // 8 bytes in all builds, copied as one.
  struct alignas(8) Node {
    detail::Id id = detail::kZero;
    // A Handle, and four times the number of the thread whose graph it is in: known, and checked,
    // in builds without NDEBUG. A copy changes it.
    mutable std::uint32_t mark = detail::kShared;
  };
  explicit Value(Node node) : node_(node) {
#ifndef NDEBUG
    node_.mark += 4 * detail::tape.thread;
#endif
  }
  detail::Handle handle() const { return static_cast<detail::Handle>(node_.mark & 3); }
  bool is_foreign() const {
#ifndef NDEBUG
    return node_.mark >= 4 && node_.mark / 4 != (detail::tape.thread & 0x3fffffff);
#else
    return false;
#endif
  }
  void drop_what_lies_below() noexcept;  // if it is the result of an operation without edges
  // Writes an operation with a plain number down.
  template <class Op> [[gnu::always_inline]] static detail::Id push(detail::Id x, double b) {
    detail::Tape& tape = detail::tape;
    tape.room();
    const double a = tape.data[x], out = Op::value(a, b);
    detail::Edge* edges = tape.edge_end;
    edges[0] = {detail::dx_beside_number<Op>(a, b, out), x};
    // The number in a product is the other factor's local derivative: no need to store it twice.
    if constexpr (std::same_as<Op, ops::Mul>) return tape.push(detail::code<Op>, out, 1);
    edges[1] = {b, detail::kNumber};
    return tape.push(detail::code<Op>, out, 2);
  }
  template <class Op> [[gnu::always_inline]] static detail::Id push(double a, detail::Id y) {
    if constexpr (std::same_as<Op, ops::Mul>) return push<Op>(y, a);
    detail::Tape& tape = detail::tape;
    tape.room();
    const double b = tape.data[y], out = Op::value(a, b);
    detail::Edge* edges = tape.edge_end;
    edges[0] = {a, detail::kNumber};
    edges[1] = {detail::dy_beside_number<Op>(a, b, out), y};
    return tape.push(detail::code<Op>, out, 2);
  }
  void replace_data(double x);  // set_data() of what is not a leaf of its own
  Value traced_detach() const;
  void require_leaf(const char* function, const char* done, const char* advice) const;
  void note_number() const;
  static double number(const Value& x) { return x.number(); }
  static double number(double x) { return x; }
  static detail::Edge edge_to(const Value& x, double partial) { return {partial, x.id()}; }
  static detail::Edge edge_to(double x, double) { return {x, detail::kNumber}; }

  Node node_;
};

// n leaves, each of them x.
//
//   std::vector<Value> w = leaves(3, 0.1);
//
// (std::vector<Value> w(3, 0.1) would be copies of one Value, and so one leaf three times.)
std::vector<Value> leaves(std::size_t n, double x = 0.0);
// A leaf for each number.
std::vector<Value> leaves(std::span<const double> x);
inline std::vector<Value> leaves(std::initializer_list<double> x) {
  return leaves(std::span<const double>(x.begin(), x.size()));
}

// The nodes that y was computed from and y itself: operands before the operations that use them,
// leaves just before their first use.
// Cost: linear in the operations recorded since the first of these.
std::vector<Value> topological_order(const Value& y);

std::ostream& operator<<(std::ostream& out, const Value& x);  // writes data()

// A sum on top of the tape grows in place.
[[gnu::always_inline]] inline Value& Value::operator+=(const Value& x) {
  detail::Tape& tape = detail::tape;
  tape.room();
  const double sum = tape.data[id()] + tape.data[x.id()];
  detail::Edge* edges = tape.edge_end;
  if (node_.id == tape.size - 1 && x.id() != node_.id &&
      tape.may_grow(node_.id, detail::code<ops::Sum>) && tape.edge_limit != nullptr) {
    edges[0] = {1.0, x.id()};
    tape.data[node_.id] = sum;
    ++tape.tag[node_.id].edges;
    ++tape.edge_end;
    return *this;
  }
  edges[0] = {1.0, node_.id};
  edges[1] = {1.0, x.id()};
  return *this = Value(Node{tape.push(detail::code<ops::Sum>, sum, 2), detail::kUnique});
}

[[gnu::always_inline]] inline Value& Value::operator+=(Value&& x) {
  if (x.is_fresh_number()) [[unlikely]]
    return *this += x.take_number();
  const detail::Id sum = id(), product = x.id();
  if ((sum < 0 || sum == product - 1) && detail::tape.is_product(product)) {
    const double result = detail::tape.data[sum] + detail::tape.data[product];
    if (sum >= 0 && detail::tape.add_product(sum, product, result)) {
      x.node_ = {};
      return *this;
    }
    if (detail::tape.begin_sum(sum, product, result)) return *this = std::move(x);
  }
  return *this += static_cast<const Value&>(x);
}

}  // namespace autograd
