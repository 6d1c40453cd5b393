// DerivativeTerm: the number type with which a rule is run to write a derivative down as part of
// the graph.
//
// A DerivativeTerm is a node or a plain number. Plain numbers stay plain, so that 1 * g is g and
// 2 * 3 is 6. Comparisons look at the data and pick a branch: the derivative is that of the branch
// that was taken. While a Function is traced comparisons are recorded, as it will be run with other
// data.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <autograd/ranges.hpp>

namespace autograd::detail {
namespace number_types {

// Copies are not counted as handles are: the nodes that they record live as long as the Scope.
class DerivativeTerm : public NumberBase<DerivativeTerm> {
 public:
  class Scope {
   public:
    Scope() : outer_(std::exchange(current, this)) {}
    ~Scope() {
      current = outer_;
      for (const auto [id, handle] : nodes_) tape.release(id, handle);
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    friend class DerivativeTerm;
    static inline constinit thread_local Scope* current = nullptr;
    Scope* outer_;
    std::vector<CountedId> nodes_;
  };

  DerivativeTerm(double number = 0) : data_(number) {}
  // A node that is kept by others.
  static DerivativeTerm of(Id node) { return {tape.data[node], node}; }
  // A node that the Scope keeps.
  [[gnu::always_inline]] DerivativeTerm(Value node) : DerivativeTerm(of(node.id())) {
    if (id_ == kZero) return;
    CountedId& kept = Scope::current->nodes_.emplace_back();
    kept = node.leave();
  }

  bool is_number() const { return id_ == kNumber; }
  bool is_number(double x) const { return is_number() && data_ == x; }
  double data() const { return data_; }
  Value value() const { return is_number() ? Value::constant(data_) : Value::of(id()); }

  DerivativeTerm& operator+=(const DerivativeTerm& x) { return *this = *this + x; }
  DerivativeTerm& operator*=(const DerivativeTerm& x) { return *this = *this * x; }
  DerivativeTerm& operator/=(const DerivativeTerm& x) { return *this = *this / x; }

  template <class Op> static DerivativeTerm record(const DerivativeTerm& x) {
    if (x.is_number()) return Op::value(x.data_);
    return Value::record<Op>(Uncounted(x));
  }

  template <class Op>
  static DerivativeTerm record(const DerivativeTerm& x, const DerivativeTerm& y) {
    if constexpr (requires { Op::compare(0.0, 0.0); }) {
      if (tape.tracing == nullptr) return Op::value(x.data_, y.data_);
    }
    if (x.is_number() && y.is_number()) return Op::value(x.data_, y.data_);
    if constexpr (std::same_as<Op, ops::Mul>) {
      if (x.is_number(1)) return y;
      if (y.is_number(1)) return x;
    }
    if (x.is_number()) return Value::record<Op>(x.data_, Uncounted(y));
    if (y.is_number()) return Value::record<Op>(Uncounted(x), y.data_);
    return Value::record<Op>(Uncounted(x), Uncounted(y));
  }

  // Op is Select.
  template <class Op> static DerivativeTerm record(const DerivativeTerm& condition,
                                                   const DerivativeTerm& x,
                                                   const DerivativeTerm& y) {
    if (condition.is_number() || tape.tracing == nullptr) return condition.data_ != 0 ? x : y;
    return Value::record<Op>(condition.value(), x.value(), y.value());
  }

  template <class Op>
  static DerivativeTerm record_range(std::span<const DerivativeTerm> x, std::size_t k) {
    std::vector<Value> values;
    for (const DerivativeTerm& each : x) values.push_back(each.value());
    return Value::record_range<Op>(values, k);
  }

 private:
  DerivativeTerm(double data, Id id) : data_(data), id_(id) {}
  Id id() const { return static_cast<Id>(id_); }

  // The node of a DerivativeTerm as a Value that is not counted.
  class Uncounted {
   public:
    explicit Uncounted(const DerivativeTerm& term) : value(Value::adopt(term.id())) {}
    ~Uncounted() {}
    operator const Value&() const { return value; }

   private:
    union {
      Value value;
    };
  };

  double data_;
  std::int64_t id_ = kNumber;  // as wide as it is copied
};

}  // namespace number_types

using number_types::DerivativeTerm;

}  // namespace autograd::detail
