// The operands of the functions that users call.
//
// These functions take their operands as one pack of a fixed size. Such a function template is less
// specialised than one that names its operands: a caller's own generic function of the same name is
// preferred, whichever way it takes them. What the pack must be like is said by a function that is
// declared only, and would take it:
//
//   template <Number X, NumberBeside<X> Y> void two_numbers(const X&, const Y&);
//   template <class... All>
//   concept TwoNumbers = requires(const All&... x) { two_numbers(x...); };
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <autograd/ops/number.hpp>

namespace autograd::detail {

// The number type of operands of which some are plain numbers; double if all are.
template <class... X> struct FirstRecorded {
  using Type = double;
};
template <class X, class... Rest> struct FirstRecorded<X, Rest...> {
  using Type = std::conditional_t<Differentiable<X>, X, typename FirstRecorded<Rest...>::Type>;
};
template <class... X> using NumberAmong = typename FirstRecorded<X...>::Type;

namespace signatures {

template <Number X, NumberBeside<X> Y> void two_numbers(const X&, const Y&);
template <Number X, NumberBeside<X> Y, NumberBeside<X> Z>
requires NumberBeside<Z, Y>
void three_numbers(const X&, const Y&, const Z&);
template <Plain X, Plain Y> void two_plain(X, Y);
template <Number X, Plain Y> void number_and_plain(const X&, Y);
template <Plain X, Number Y> void plain_and_number(X, const Y&);
template <Number X, NumberBeside<X> Y, Plain Z> void two_numbers_and_plain(const X&, const Y&, Z);
template <Number X> void number_and_place(const X&, X*);
template <Number X> void number_and_int_place(const X&, int*);
template <Number X, NumberBeside<X> Y> void two_numbers_and_int_place(const X&, const Y&, int*);

}  // namespace signatures

template <class... All>
concept TwoNumbers = requires(const All&... x) { signatures::two_numbers(x...); };
// One of them plain at least.
template <class... All>
concept NumberBesidePlain = TwoNumbers<All...> && (Plain<All> || ...);
template <class... All>
concept ThreeNumbers = requires(const All&... x) { signatures::three_numbers(x...); };
template <class... All>
concept TwoPlain = requires(const All&... x) { signatures::two_plain(x...); };
template <class... All>
concept NumberAndPlain = requires(const All&... x) { signatures::number_and_plain(x...); };
template <class... All>
concept PlainAndNumber = requires(const All&... x) { signatures::plain_and_number(x...); };
template <class... All>
concept TwoNumbersAndPlain = requires(const All&... x) { signatures::two_numbers_and_plain(x...); };
// A number, and where another one is to be written: as of modf().
template <class... All>
concept NumberAndPlace = requires(const All&... x) { signatures::number_and_place(x...); };
template <class... All>
concept NumberAndIntPlace = requires(const All&... x) { signatures::number_and_int_place(x...); };
template <class... All>
concept TwoNumbersAndIntPlace =
    requires(const All&... x) { signatures::two_numbers_and_int_place(x...); };
// Three, one of them plain at least.
template <class... All>
concept NumbersBesidePlain = ThreeNumbers<All...> && (Plain<All> || ...);

}  // namespace autograd::detail
