// Dual<N>: a number and its derivatives in N directions, its tangent, carried forward. No graph, no
// memory.
//
// Where 0 meets an infinite derivative the product is NaN. So are the derivatives at a tie of max and
// its like, where one operand has none: it may be a plain number, or depend on the inputs as 0 * x
// does. Then the library runs the callable again on Values, which can tell an input that is not used
// from one that is multiplied by 0.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <vector>

#include <autograd/numbers/tangent.hpp>
#include <autograd/ops.hpp>

namespace autograd::detail {

// Types only: the namespace of a number type is searched for the functions that its users call.
namespace number_types {

// S is the type of the numbers: double, or Dual again for second derivatives.
template <std::size_t N, class S = double> class Dual : public NumberBase<Dual<N, S>> {
 public:
  using Data = S;

  [[gnu::always_inline]] Dual(double x = 0) : data_(x) {}
  [[gnu::always_inline]] Dual(const S& x, const Tangent<N, S>& tangent)
      : data_(x), tangent_(tangent) {}

  [[gnu::always_inline]] const S& data() const { return data_; }
  [[gnu::always_inline]] const Tangent<N, S>& tangent() const { return tangent_; }
  // Whether all derivatives are 0, as those of T(2) are.
  bool is_constant() const {
    bool result = true;
    for (std::size_t i = 0; i < N; ++i) result &= tangent_[i] == 0.0;
    return result;
  }

  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x) {
    const S r = apply<Op>(x.data_);
    return {r, Op::dx(x.data_, r) * x.tangent_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, double y) {
    const S r = apply<Op>(x.data_, y);
    return {r, dx_beside_number<Op>(x.data_, y, r) * x.tangent_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(double x, const Dual& y) {
    const S r = apply<Op>(x, y.data_);
    return {r, dy_beside_number<Op>(x, y.data_, r) * y.tangent_};
  }
  template <class Op> [[gnu::always_inline]] static Dual record(const Dual& x, const Dual& y) {
    const S r = apply<Op>(x.data_, y.data_);
    if constexpr (KnowsNumbers<Op>) {
      if (x.data_ == y.data_ && x.is_constant() != y.is_constant()) [[unlikely]]
        return {r, ops::kNaN * (x.tangent_ + y.tangent_)};
    }
    return {r, Op::dx(x.data_, y.data_, r) * x.tangent_ + Op::dy(x.data_, y.data_, r) * y.tangent_};
  }
  // Op is Select.
  template <class Op> static Dual record(const Dual& condition, const Dual& x, const Dual& y) {
    return condition.data_ != 0.0 ? x : y;
  }
  template <class Op> static Dual record_range(std::span<const Dual> x, std::size_t k) {
    std::vector<S> in(x.size()), partials(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) in[i] = x[i].data_;
    const S r = apply_range<Op>(std::span<const S>(in), k);
    Op::partials(std::span<const S>(in), k, r, std::span(partials));
    return function(x, r, partials);
  }
  // r as a function of x with these derivatives.
  static Dual function(std::span<const Dual> x, const S& r, std::span<const S> partials) {
    Dual result(r, {});
    for (std::size_t i = 0; i < x.size(); ++i) {
      result.tangent_ = result.tangent_ + partials[i] * x[i].tangent_;
    }
    return result;
  }

  [[gnu::always_inline]] Dual& operator+=(const auto& x) { return *this = *this + x; }
  [[gnu::always_inline]] Dual& operator-=(const auto& x) { return *this = *this - x; }
  [[gnu::always_inline]] Dual& operator*=(const auto& x) { return *this = *this * x; }
  [[gnu::always_inline]] Dual& operator/=(const auto& x) { return *this = *this / x; }

  friend bool operator==(const Dual& x, const Dual& y) { return x.data_ == y.data_; }
  friend auto operator<=>(const Dual& x, const Dual& y) { return x.data_ <=> y.data_; }
  friend bool operator==(const Dual& x, double y) { return x.data_ == y; }
  friend auto operator<=>(const Dual& x, double y) { return x.data_ <=> y; }

 private:
  S data_;
  Tangent<N, S> tangent_;
};

}  // namespace number_types

using number_types::Dual;

}  // namespace autograd::detail
