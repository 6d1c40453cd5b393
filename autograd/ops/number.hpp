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
//
// A number turns into a plain one only where that is written down: its derivative is lost.
template <class T> struct NumberBase {
  // The plain number, as value_of() has it: double(x); static_cast<int>(x) is that of trunc(x).
  template <class To>
  requires(std::is_arithmetic_v<To> && !std::same_as<To, bool>)
  explicit operator To() const {
    const T& x = static_cast<const T&>(*this);
    if constexpr (std::is_integral_v<To>) {
      return static_cast<To>(value_of(trunc(x)));
    } else {
      return static_cast<To>(value_of(x));
    }
  }

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

// What a base of a number type is the base of.
template <class X> [[gnu::always_inline]] inline const X& whole(const NumberBase<X>& x) {
  return static_cast<const X&>(x);
}
template <class X> [[gnu::always_inline]] inline X& whole(NumberBase<X>& x) {
  return static_cast<X&>(x);
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

// Op of a range of numbers.
template <class Op, class X> X apply_range(std::span<const X> x, std::size_t k) {
  if constexpr (Differentiable<X>) {
    return X::template record_range<Op>(x, k);
  } else {
    return Op::value(x, k);
  }
}

}  // namespace detail

// The plain number of a number of any type, without its derivative. While a Function is traced it
// is a guard: rows for which it would be another one are reported.
double value_of(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  if constexpr ((Differentiable<std::remove_cvref_t<decltype(x)>> && ...)) {
    return value_of(x.data()...);
  } else {
    return static_cast<double>((x, ...));
  }
}

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
