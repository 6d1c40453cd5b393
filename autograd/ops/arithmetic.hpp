// Sums, products, quotients, squares.
#pragma once

#include <autograd/ops/rule.hpp>

namespace autograd {
namespace ops {

inline constexpr std::string_view kDivision =
    "keep the divisor away from 0: add a small number to it, or take the other side of a select() "
    "where it is 0";

struct Add {
  static constexpr Info info{.name = "add",
                             .formula = "x + y",
                             .derivatives = {"1", "1"},
                             .symbol = "+",
                             .commutes = Commutes::kExactly,
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x + y; }
  static auto dx(auto, auto, auto) { return 1.0; }
  static auto dy(auto, auto, auto) { return 1.0; }
};

struct Sub {
  static constexpr Info info{.name = "sub",
                             .formula = "x - y",
                             .derivatives = {"1", "-1"},
                             .symbol = "-",
                             .glyph = "−",
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x - y; }
  static auto dx(auto, auto, auto) { return 1.0; }
  static auto dy(auto, auto, auto) { return -1.0; }
};

struct Mul {
  static constexpr Info info{.name = "mul",
                             .formula = "x * y",
                             .derivatives = {"y", "x"},
                             .symbol = "*",
                             .glyph = "×",
                             .commutes = Commutes::kExactly,
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x * y; }
  static auto dx(auto, auto y, auto) { return y; }
  static auto dy(auto x, auto, auto) { return x; }
};

struct Div {
  static constexpr Info info{.name = "div",
                             .formula = "x / y",
                             .derivatives = {"1 / y", "-r / y"},
                             .choice = "NaN at 0 / 0",
                             .symbol = "/",
                             .cure = kDivision};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x / y; }
  static auto dx(auto, auto y, auto r) { return unless_nan(r, 1.0 / y); }
  static auto dy(auto, auto y, auto r) { return -r * (1.0 / y); }
};

struct Neg {
  static constexpr Info info{
      .name = "neg", .formula = "-x", .derivatives = {"-1"}, .symbol = "-", .glyph = "−"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return -x; }
  static auto dx(auto, auto) { return -1.0; }
};

struct Reciprocal {
  static constexpr Info info{.name = "reciprocal",
                             .formula = "1 / x",
                             .derivatives = {"-r^2"},
                             .symbol = "1/x",
                             .cure = kDivision};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return 1.0 / x; }
  static auto dx(auto, auto r) { return -r * r; }
};

struct Square {
  static constexpr Info info{.name = "square",
                             .formula = "x^2",
                             .derivatives = {"2 x"},
                             .symbol = "x^2",
                             .glyph = "x²",
                             .cure = kTooLarge};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return x * x; }
  static auto dx(auto x, auto) { return 2.0 * x; }
};

using Arithmetic = List<Add, Sub, Mul, Div, Neg, Reciprocal, Square>;

}  // namespace ops

// detail::Plain operands are taken by value, as bit-fields and members of packed structs must be.
template <detail::DifferentiableOperand X, detail::SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator+(X&& x, Y&& y) {
  return detail::apply_consuming<ops::Add, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::Plain Y>
[[gnu::always_inline]] inline auto operator+(X&& x, Y y) {
  return detail::apply_consuming<ops::Add, X, Y>(x, y);
}
template <detail::Plain X, detail::DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator+(X x, Y&& y) {
  return detail::apply_consuming<ops::Add, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator-(X&& x, Y&& y) {
  return detail::apply_consuming<ops::Sub, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::Plain Y>
[[gnu::always_inline]] inline auto operator-(X&& x, Y y) {
  return detail::apply_consuming<ops::Sub, X, Y>(x, y);
}
template <detail::Plain X, detail::DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator-(X x, Y&& y) {
  return detail::apply_consuming<ops::Sub, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator*(X&& x, Y&& y) {
  return detail::apply_consuming<ops::Mul, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::Plain Y>
[[gnu::always_inline]] inline auto operator*(X&& x, Y y) {
  return detail::apply_consuming<ops::Mul, X, Y>(x, y);
}
template <detail::Plain X, detail::DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator*(X x, Y&& y) {
  return detail::apply_consuming<ops::Mul, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator/(X&& x, Y&& y) {
  return detail::apply_consuming<ops::Div, X, Y>(x, y);
}
template <detail::DifferentiableOperand X, detail::Plain Y>
[[gnu::always_inline]] inline auto operator/(X&& x, Y y) {
  return detail::apply_consuming<ops::Div, X, Y>(x, y);
}
template <detail::Plain X, detail::DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator/(X x, Y&& y) {
  return detail::apply_consuming<ops::Div, X, Y>(x, y);
}
template <detail::DifferentiableOperand X> [[gnu::always_inline]] inline auto operator-(X&& x) {
  return detail::apply_to<ops::Neg, X>(x);
}
template <Differentiable X> const X& operator+(const X& x) { return x; }

[[gnu::always_inline]] inline auto reciprocal(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Reciprocal>(x...);
}
[[gnu::always_inline]] inline auto square(const Number auto&... x)
requires(sizeof...(x) == 1)
{
  return detail::apply<ops::Square>(x...);
}

}  // namespace autograd
