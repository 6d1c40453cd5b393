// The contract of a number type, and how an operation is applied to one.
//
// A number type T is a type that generic code uses instead of double to learn a derivative: a
// handle to a recorded node (Value), a dual number, a number on the statement tape. It meets the
// operations of ops.hpp in one place, the static member function record<Op>; everything that users
// call on numbers is made of it.
//
// What must hold. For an operation r = Op(x, y), let p = Op::dx(x, y, r) and q = Op::dy(x, y, r).
// A number X of the type stands for a plain number x = X.data() and for a derivative x' of that
// number in whatever form the type has chosen: numbers, or a place on a tape. Then
//
//   T::record<Op>(X, Y)    stands for  r = Op(x, y)  and  r' = p x' + q y'
//   T::record<Op>(X, c)    for a plain number c: the same with c' = 0, so r' = p x', where p is
//                          dx_beside_number<Op>(x, c, r)
//   T::record<Op>(c, Y)    likewise: r' = q y'
//   T::record<Op>(X)       for an Op of one operand: r' = p x'
//   T::record<Select>(C, X, Y)      is X where c is not 0, else Y: nothing of the other side, not
//                                   even 0 times it, is in the result
//   T::record_range<Op>(span, k)    r' = sum_i p_i x_i', with all p_i from Op::partials
//   T(c), T{}                       stand for c and for 0
//   T += x, -= x, *= x, /= x        are T = T op x; x may be a T or a double
//   T < T, T == T, T < double ...   compare the plain numbers
//
// Where the local derivative is infinite or NaN and x' is 0, the type may say NaN or 0. The library
// runs a callable again on Values where a fast type gave an infinity or NaN.
//
// The smallest example is a dual number of one direction, whole:
//
//   struct Dual : NumberBase<Dual> {
//     double x, dx;
//     Dual(double number = 0, double derivative = 0) : x(number), dx(derivative) {}
//     double data() const { return x; }
//     template <class Op> static Dual record(const Dual& a) {
//       const double r = Op::value(a.x);
//       return {r, Op::dx(a.x, r) * a.dx};
//     }
//     template <class Op> static Dual record(const Dual& a, const Dual& b) {
//       const double r = Op::value(a.x, b.x);
//       return {r, Op::dx(a.x, b.x, r) * a.dx + Op::dy(a.x, b.x, r) * b.dx};
//     }
//     template <class Op> static Dual record(const Dual& a, double b) { ... }
//     template <class Op> static Dual record(double a, const Dual& b) { ... }
//     ... record<Select>, record_range, the assignments and comparisons
//   };
//
// tests/autograd/number_types_test.cpp has it in full and holds every number type against these
// lines. A type without derivatives that only runs rules (SIMD lanes, text) needs less: see
// RuleNumber in rule.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

namespace autograd {

namespace ops {
struct Neg;
struct Mul;
struct Max;
struct Min;
struct Select;
struct Sum;
}  // namespace ops

// The base of every number type. It is empty, and a class of its own for each type, so that a
// number that holds another one is no larger for it. Through it the functions of this namespace
// are found for number types of any namespace.
//
// max, min, clamp and minmax of numbers of one type are functions, not templates: std::max has the
// signature of any generic one, and after `using std::max` it would be preferred to every template
// of ours.
template <class T> struct NumberBase {
  [[gnu::always_inline]] friend inline T max(const T& x, const T& y) {
    return T::template record<ops::Max>(x, y);
  }
  [[gnu::always_inline]] friend inline T min(const T& x, const T& y) {
    return T::template record<ops::Min>(x, y);
  }
  friend T clamp(const T& x, const T& low, const T& high) { return min(max(x, low), high); }
  friend std::pair<T, T> minmax(const T& x, const T& y) { return {min(x, y), max(x, y)}; }
};

// A number type whose arithmetic is recorded or differentiated. Kept short, as every overload of
// every operation asks it; detail::NumberType is the contract in full.
template <class T>
concept Differentiable = std::derived_from<T, NumberBase<T>>;
// One of these, or a plain number.
template <class T>
concept Number = Differentiable<T> || std::is_arithmetic_v<T>;

namespace detail {

template <class T>
concept Plain = std::is_arithmetic_v<T>;
// Y can stand beside X in an operation: not two different number types.
template <class Y, class X>
concept NumberBeside =
    Number<Y> && (!Differentiable<X> || !Differentiable<Y> || std::same_as<X, Y>);
// What X&& and Y&& of an operator may refer to.
template <class X>
concept DifferentiableOperand = Differentiable<std::remove_cvref_t<X>>;
template <class Y, class X>
concept SameOperand = std::same_as<std::remove_cvref_t<Y>, std::remove_cvref_t<X>>;

// The functions that users call take their operands as one pack of a fixed size. Such a function
// template is less specialised than one that names its operands: a caller's own generic function of
// the same name is preferred, whichever way it takes them.
template <class... X> inline constexpr bool kAreTwoNumbers = false;
template <Number X, NumberBeside<X> Y> inline constexpr bool kAreTwoNumbers<X, Y> = true;
template <class... X>
concept TwoNumbers = kAreTwoNumbers<X...>;
template <class... X> inline constexpr bool kAreNumberAndPlain = false;
template <Number X, Plain Y> inline constexpr bool kAreNumberAndPlain<X, Y> = true;
template <class... X>
concept NumberAndPlain = kAreNumberAndPlain<X...>;

template <class... X>
concept TwoPlain = sizeof...(X) == 2 && (Plain<X> && ...);

// What a base of a number type is the base of.
template <class X> [[gnu::always_inline]] inline const X& whole(const NumberBase<X>& x) {
  return static_cast<const X&>(x);
}

// The first half of the contract: what operations and rules need.
template <class T>
concept Recording = Differentiable<T> && std::copyable<T> && std::convertible_to<double, T> &&
                    requires(const T& x, double c, std::span<const T> xs, std::size_t k) {
                      { T::template record<ops::Neg>(x) } -> std::same_as<T>;
                      { T::template record<ops::Mul>(x, x) } -> std::same_as<T>;
                      { T::template record<ops::Mul>(x, c) } -> std::same_as<T>;
                      { T::template record<ops::Mul>(c, x) } -> std::same_as<T>;
                      { T::template record<ops::Select>(x, x, x) } -> std::same_as<T>;
                      { T::template record_range<ops::Sum>(xs, k) } -> std::same_as<T>;
                      x.data();
                    };

// The contract: what generic callables need beside that.
template <class T>
concept NumberType =
    Recording<T> && std::default_initializable<T> && requires(T t, const T& x, double c) {
      { t += x } -> std::same_as<T&>;
      { t -= x } -> std::same_as<T&>;
      { t *= x } -> std::same_as<T&>;
      { t /= x } -> std::same_as<T&>;
      { t += c } -> std::same_as<T&>;
      { t -= c } -> std::same_as<T&>;
      { t *= c } -> std::same_as<T&>;
      { t /= c } -> std::same_as<T&>;
      { x == x } -> std::convertible_to<bool>;
      { x == c } -> std::convertible_to<bool>;
      { x < x } -> std::convertible_to<bool>;
      { x < c } -> std::convertible_to<bool>;
      { c < x } -> std::convertible_to<bool>;
      { x <= x } -> std::convertible_to<bool>;
      { c >= x } -> std::convertible_to<bool>;
    };

// A plain operand as a double, a recorded one as it is.
template <class X> [[gnu::always_inline]] inline decltype(auto) plain(const X& x) {
  if constexpr (std::is_arithmetic_v<X>) {
    return static_cast<double>(x);
  } else {
    return static_cast<const X&>(x);
  }
}

// A temporary is not needed any more once it has been an operand. Value has a member function
// consume() that gives it up then, rather than at the end of the statement.
template <class X> [[gnu::always_inline]] inline void consume(std::remove_reference_t<X>& x) {
  if constexpr (!std::is_lvalue_reference_v<X> && requires { x.consume(); }) x.consume();
}

// The derivative by one operand where the other is a plain number, which matters at ties alone.
template <class Op>
concept KnowsNumbers = requires { Op::dx_beside_number(1.0, 1.0, 1.0); };
template <class Op>
[[gnu::always_inline]] inline auto dx_beside_number(const auto& x, double y, const auto& r) {
  if constexpr (KnowsNumbers<Op>) {
    return Op::dx_beside_number(x, y, r);
  } else {
    return Op::dx(x, y, r);
  }
}
template <class Op>
[[gnu::always_inline]] inline auto dy_beside_number(double x, const auto& y, const auto& r) {
  if constexpr (KnowsNumbers<Op>) {
    return Op::dy_beside_number(x, y, r);
  } else {
    return Op::dy(x, y, r);
  }
}

// Op of plain numbers is a number; of numbers of a number type it is recorded.
template <class Op, class X> [[gnu::always_inline]] inline auto apply(const X& x) {
  if constexpr (Differentiable<X>) {
    return X::template record<Op>(x);
  } else {
    return Op::value(plain(x));
  }
}

template <class Op, class X, class Y>
[[gnu::always_inline]] inline auto apply(const X& x, const Y& y) {
  if constexpr (Differentiable<X>) {
    return X::template record<Op>(x, plain(y));
  } else if constexpr (Differentiable<Y>) {
    return Y::template record<Op>(plain(x), y);
  } else {
    return Op::value(plain(x), plain(y));
  }
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

// Op of a range of numbers.
template <class Op, class X> X apply_range(std::span<const X> x, std::size_t k) {
  if constexpr (Differentiable<X>) {
    return X::template record_range<Op>(x, k);
  } else {
    return Op::value(x, k);
  }
}

}  // namespace detail
}  // namespace autograd

// Numeric code asks for these of any number type. They are as of double.
template <autograd::Differentiable T> struct std::numeric_limits<T> : std::numeric_limits<double> {
};
// Of a number type and a plain number: the number type.
template <autograd::Differentiable T, autograd::detail::Plain U> struct std::common_type<T, U> {
  using type = T;
};
template <autograd::detail::Plain T, autograd::Differentiable U> struct std::common_type<T, U> {
  using type = U;
};
