// How an operation is applied to operands that are temporaries.
#pragma once

#include <type_traits>

#include <autograd/ops/number.hpp>
#include <autograd/ops/signatures.hpp>

namespace autograd::detail {

// A temporary is not needed any more once it has been an operand. Value has a member function
// consume() that gives it up then, rather than at the end of the statement.
template <class X> [[gnu::always_inline]] inline void consume(std::remove_reference_t<X>& x) {
  if constexpr (!std::is_lvalue_reference_v<X> && requires { x.consume(); }) x.consume();
}

// A temporary of a type that knows numbers which are nothing but numbers yet, as Value does: see
// Value::is_fresh_number().
template <class X>
concept PerhapsFresh =
    !std::is_lvalue_reference_v<X> && requires(std::remove_reference_t<X>& x) { x.take_number(); };

// What X&& refers to, or a plain number.
template <class X> using OperandOf = std::conditional_t<Plain<X>, X, std::remove_reference_t<X>&>;

// Op of what X&& and Y&& refer to: operands that are temporaries are consumed.
template <class Op, class X, class Y>
[[gnu::always_inline]] inline auto apply_and_consume(OperandOf<X> x, OperandOf<Y> y) {
  auto result = apply<Op>(x, y);
  consume<X>(x);
  consume<Y>(y);
  return result;
}
// The same where x, or y, is a fresh number: it is recorded as a plain number. Where the compiler
// sees that the number is made here, as T(2) is, the code stands where the operation is; else in a
// function of its own, so that the code around common operands stays small.
template <class Op, class X, class Y>
[[gnu::noinline]] auto apply_to_fresh_x(std::remove_reference_t<X>& x,
                                        std::remove_reference_t<Y>& y) {
  return apply_and_consume<Op, double, Y>(x.take_number(), y);
}
template <class Op, class X, class Y>
[[gnu::noinline]] auto apply_to_fresh_y(std::remove_reference_t<X>& x,
                                        std::remove_reference_t<Y>& y) {
  return apply_and_consume<Op, X, double>(x, y.take_number());
}
// Of fresh numbers alone: one again.
template <class Op, class T, class... X> [[gnu::noinline]] T apply_to_numbers(X... x) {
  return T(Op::value(static_cast<double>(x)...));
}

// A function for each case: with two results in one, compilers would move the one that is returned.
template <class Op, class X, class Y>
[[gnu::always_inline]] inline auto apply_consuming(std::remove_reference_t<X>& x,
                                                   std::remove_reference_t<Y>& y) {
  using T = std::remove_cvref_t<std::conditional_t<DifferentiableOperand<X>, X, Y>>;
  if constexpr (PerhapsFresh<X> && PerhapsFresh<Y>) {
    if (x.is_fresh_number() && y.is_fresh_number()) [[unlikely]]
      return apply_to_numbers<Op, T>(x.take_number(), y.take_number());
  }
  if constexpr (PerhapsFresh<X> && Plain<Y>) {
    if (x.is_fresh_number()) [[unlikely]]
      return apply_to_numbers<Op, T>(x.take_number(), y);
  }
  if constexpr (PerhapsFresh<Y> && Plain<X>) {
    if (y.is_fresh_number()) [[unlikely]]
      return apply_to_numbers<Op, T>(x, y.take_number());
  }
  if constexpr (PerhapsFresh<X> && DifferentiableOperand<Y>) {
    if (x.is_made_here()) {
      if (x.is_fresh_number_here()) return apply_and_consume<Op, double, Y>(x.take_number(), y);
    } else if (x.is_fresh_number()) [[unlikely]] {
      return apply_to_fresh_x<Op, X, Y>(x, y);
    }
  }
  if constexpr (PerhapsFresh<Y> && DifferentiableOperand<X>) {
    if (y.is_made_here()) {
      if (y.is_fresh_number_here()) return apply_and_consume<Op, X, double>(x, y.take_number());
    } else if (y.is_fresh_number()) [[unlikely]] {
      return apply_to_fresh_y<Op, X, Y>(x, y);
    }
  }
  return apply_and_consume<Op, X, Y>(x, y);
}
// Of one operand.
template <class Op, class X>
[[gnu::always_inline]] inline auto apply_to(std::remove_reference_t<X>& x) {
  if constexpr (PerhapsFresh<X>) {
    if (x.is_fresh_number()) [[unlikely]]
      return apply_to_numbers<Op, std::remove_cvref_t<X>>(x.take_number());
  }
  return apply<Op>(x);
}

// The function (x, y) -> Op of them, which knows temporaries.
template <class Op> struct Applied {
  template <class X, class Y> [[gnu::always_inline]] auto operator()(X&& x, Y&& y) const {
    return apply_consuming<Op, X, Y>(x, y);
  }
};
template <class Op> inline constexpr Applied<Op> applied;

// f of its operands, but of plain numbers in place of fresh ones.
template <class T, class F, class X, class... Rest>
T with_plain_numbers(const F& f, X&& x, Rest&&... rest) {
  const auto go_on = [&](const auto& first) {
    if constexpr (sizeof...(Rest) == 0) {
      return T(f(first));
    } else {
      return with_plain_numbers<T>([&](const auto&... others) { return f(first, others...); },
                                   static_cast<Rest&&>(rest)...);
    }
  };
  if constexpr (PerhapsFresh<X>) {
    if (x.is_fresh_number()) return go_on(x.take_number());
  }
  return go_on(x);
}

// A formula of several numbers as a function of operands that may be temporaries.
template <class Formula> struct OfPlainNumbers {
  Formula formula;
  template <class... X> auto operator()(X&&... x) const {
    using T = NumberAmong<std::remove_cvref_t<X>...>;
    return with_plain_numbers<T>(formula, static_cast<X&&>(x)...);
  }
};
template <class Formula> OfPlainNumbers(Formula) -> OfPlainNumbers<Formula>;

}  // namespace autograd::detail

// Declares name(x, y) as f(x, y), in namespace autograd, for numbers of which one at least is
// recorded: a function in which a temporary T(2) is the plain number 2. Two recorded numbers are
// taken by the base of their type: a conversion, so that a caller's own function is preferred.
#define AUTOGRAD_FUNCTION_OF_TWO(name, f)                                                         \
  template <class... X>                                                                           \
  requires ::autograd::detail::NumberBesidePlain<X...>                                            \
  [[gnu::always_inline]] inline auto name(const X&... x) {                                        \
    return f(x...);                                                                               \
  }                                                                                               \
  template <class X>                                                                              \
  [[gnu::always_inline]] inline X name(const NumberBase<X>& x, const NumberBase<X>& y) {          \
    return f(static_cast<const X&>(x), static_cast<const X&>(y));                                 \
  }                                                                                               \
  template <class X>                                                                              \
  [[gnu::always_inline]] inline X name(const NumberBase<X>& x, NumberBase<X>&& y) {               \
    return f(static_cast<const X&>(x), static_cast<X&&>(y));                                      \
  }                                                                                               \
  template <class X>                                                                              \
  [[gnu::always_inline]] inline X name(NumberBase<X>&& x, const NumberBase<X>& y) {               \
    return f(static_cast<X&&>(x), static_cast<const X&>(y));                                      \
  }                                                                                               \
  template <class X> [[gnu::always_inline]] inline X name(NumberBase<X>&& x, NumberBase<X>&& y) { \
    return f(static_cast<X&&>(x), static_cast<X&&>(y));                                           \
  }

// name(x, y, z) as f(x, y, z) in the same way.
#define AUTOGRAD_FUNCTION_OF_THREE(name, f)             \
  template <class... X>                                 \
  requires ::autograd::detail::NumbersBesidePlain<X...> \
  auto name(const X&... x) {                            \
    return f(x...);                                     \
  }                                                     \
  AUTOGRAD_RECORDED_THREE(name, f)
// Those overloads that take three recorded numbers.
#define AUTOGRAD_RECORDED_THREE(name, f)              \
  AUTOGRAD_XYZ(name, f, const, &, const, &, const, &) \
  AUTOGRAD_XYZ(name, f, const, &, const, &, , &&)     \
  AUTOGRAD_XYZ(name, f, const, &, , &&, const, &)     \
  AUTOGRAD_XYZ(name, f, const, &, , &&, , &&)         \
  AUTOGRAD_XYZ(name, f, , &&, const, &, const, &)     \
  AUTOGRAD_XYZ(name, f, , &&, const, &, , &&)         \
  AUTOGRAD_XYZ(name, f, , &&, , &&, const, &)         \
  AUTOGRAD_XYZ(name, f, , &&, , &&, , &&)
#define AUTOGRAD_XYZ(name, f, cx, rx, cy, ry, cz, rz)                                              \
  template <class X> X name(cx NumberBase<X> rx x, cy NumberBase<X> ry y, cz NumberBase<X> rz z) { \
    return f(static_cast<cx X rx>(x), static_cast<cy X ry>(y), static_cast<cz X rz>(z));           \
  }
