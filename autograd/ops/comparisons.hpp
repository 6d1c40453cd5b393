// Comparisons, and the choice between two numbers.
#pragma once

#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

// Comparisons give 1 or 0, and a derivative of 0.
template <class Compare> struct Comparison {
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(Compare::compare(x, y), 1.0, 0.0); }
  static auto dx(auto, auto, auto) { return 0.0; }
  static auto dy(auto, auto, auto) { return 0.0; }
  static auto jump(auto x, auto y) { return eq(x, y); }
};

struct Less : Comparison<Less> {
  static constexpr Info info{
      .name = "lt", .formula = "x < y", .derivatives = {"0", "0"}, .symbol = "<"};
  static auto compare(auto x, auto y) { return lt(x, y); }
};

struct LessEqual : Comparison<LessEqual> {
  static constexpr Info info{
      .name = "le", .formula = "x <= y", .derivatives = {"0", "0"}, .symbol = "<=", .glyph = "≤"};
  static auto compare(auto x, auto y) { return le(x, y); }
};

struct Greater : Comparison<Greater> {
  static constexpr Info info{
      .name = "gt", .formula = "x > y", .derivatives = {"0", "0"}, .symbol = ">"};
  static auto compare(auto x, auto y) { return gt(x, y); }
};

struct GreaterEqual : Comparison<GreaterEqual> {
  static constexpr Info info{
      .name = "ge", .formula = "x >= y", .derivatives = {"0", "0"}, .symbol = ">=", .glyph = "≥"};
  static auto compare(auto x, auto y) { return le(y, x); }
};

struct Equal : Comparison<Equal> {
  static constexpr Info info{.name = "eq",
                             .formula = "x == y",
                             .derivatives = {"0", "0"},
                             .symbol = "==",
                             .glyph = "=",
                             .commutes = Commutes::kExactly};
  static auto compare(auto x, auto y) { return eq(x, y); }
};

struct NotEqual : Comparison<NotEqual> {
  static constexpr Info info{.name = "ne",
                             .formula = "x != y",
                             .derivatives = {"0", "0"},
                             .symbol = "!=",
                             .glyph = "≠",
                             .commutes = Commutes::kExactly};
  static auto compare(auto x, auto y) { return ne(x, y); }
};

// The operands are the condition, then the two sides.  The side not taken receives nothing, not 0
// times something.
struct Select {
  static constexpr Info info{
      "select", "x_2 where x_1 is not 0, else x_3", {"0; 1 into the side taken, 0 into the other"}};
  template <class T> static T value(std::span<const T> x, std::size_t) {
    return select(ne(x[0], 0.0), x[1], x[2]);
  }
  template <class T>
  static void partials(std::span<const T> x, std::size_t, const T&, std::span<T> out) {
    out[0] = 0.0;
    out[1] = select(ne(x[0], 0.0), 1.0, 0.0);
    out[2] = select(ne(x[0], 0.0), 0.0, 1.0);
  }
};

using Comparisons = List<Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual>;
using Choices = List<Select>;

}  // namespace ops

namespace detail {

// A condition for a choice between X and Y: of the same number type, or a bool.
template <class C, class X, class Y>
concept ConditionOf =
    (Differentiable<C> ? NumberBeside<X, C> && NumberBeside<Y, C> : std::convertible_to<C, bool>);

namespace signatures {

template <class C, Number X, NumberBeside<X> Y>
requires ConditionOf<C, X, Y>
void choice(const C&, const X&, const Y&);

}  // namespace signatures

// A condition and two numbers.
template <class... All>
concept Choice = requires(const All&... x) { signatures::choice(x...); };

// A choice of which one part at least is not recorded.
template <class... All>
concept ChoiceBesidePlain = Choice<All...> && (!Differentiable<All> || ...);

inline constexpr auto choose = []<class C, class X, class Y>(const C& condition, const X& x,
                                                             const Y& y) {
  if constexpr (Differentiable<C>) {
    return C::template record<ops::Select>(condition, plain(x), plain(y));
  } else {
    using T = std::conditional_t<Differentiable<Y>, Y, X>;
    return static_cast<bool>(condition) ? T(plain(x)) : T(plain(y));
  }
};
inline constexpr OfPlainNumbers choose_of_recorded{choose};

}  // namespace detail

// 1 where the comparison holds, else 0: unlike the bool of x < y, an operation that select() can
// take.
AUTOGRAD_FUNCTION_OF_TWO(lt, detail::applied<ops::Less>)
AUTOGRAD_FUNCTION_OF_TWO(le, detail::applied<ops::LessEqual>)
AUTOGRAD_FUNCTION_OF_TWO(gt, detail::applied<ops::Greater>)
AUTOGRAD_FUNCTION_OF_TWO(ge, detail::applied<ops::GreaterEqual>)
AUTOGRAD_FUNCTION_OF_TWO(eq, detail::applied<ops::Equal>)
AUTOGRAD_FUNCTION_OF_TWO(ne, detail::applied<ops::NotEqual>)

// select(condition, x, y): x where the condition is not 0, else y. Nothing, not 0 times something,
// flows into the side not taken. With a condition of a number type it is an operation, and can be
// replayed with other numbers; with a bool or a plain number it is x or y.
template <class... X>
requires detail::ChoiceBesidePlain<X...>
auto select(const X&... condition_x_y) {
  return detail::choose(condition_x_y...);
}
AUTOGRAD_RECORDED_THREE(select, detail::choose_of_recorded)

}  // namespace autograd
