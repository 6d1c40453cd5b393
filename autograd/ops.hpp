// Every operation, defined once: name, formulas as text, domain, value, local derivatives.
//
// A rule is generic in the number type: `double` when a graph is recorded, `Value` when a
// derivative is itself recorded as a graph. It names its operands x and y and its result r. Rules
// branch with select(), never with if, so that one rule also serves many rows at once. A derivative
// that is a constant is returned as a plain double.
//
// Everything else (operation codes, labels, the reference, the tests over all operations) is
// derived from the list `ops::All` at the end of this file.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>
#include <type_traits>

namespace autograd {

// A number type whose arithmetic is recorded or differentiated: it has a static member function
// record<Op>(operands).
template <class T>
concept Differentiable = requires { typename T::IsDifferentiable; };
template <class T>
concept Plain = std::is_arithmetic_v<T>;
template <class T>
concept Number = Differentiable<T> || Plain<T>;
// Y can stand beside X in an operation: not two different recorded types.
template <class Y, class X>
concept NumberBeside =
    Number<Y> && (!Differentiable<X> || !Differentiable<Y> || std::same_as<X, Y>);
// What X&& and Y&& of an operator may refer to.
template <class X>
concept DifferentiableOperand = Differentiable<std::remove_cvref_t<X>>;
template <class Y, class X>
concept SameOperand = std::same_as<std::remove_cvref_t<Y>, std::remove_cvref_t<X>>;

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

// Op on plain numbers gives a number; on recorded ones it records a node.
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

// The same for what X&& and Y&& refer to: operands that are temporaries are consumed.
template <class Op, class X, class Y>
[[gnu::always_inline]] inline auto apply_consuming(std::remove_reference_t<X>& x,
                                                   std::remove_reference_t<Y>& y) {
  auto result = apply<Op>(x, y);
  consume<X>(x);
  consume<Y>(y);
  return result;
}

template <class Op, class X> X apply_range(std::span<const X> x, std::size_t k) {
  if constexpr (Differentiable<X>) {
    return X::template record_range<Op>(x, k);
  } else {
    return Op::value(x, k);
  }
}

namespace ops {

struct Interval {
  double low, high;
};
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr Interval kReals{-kInfinity, kInfinity};
inline constexpr Interval kPositive{0, kInfinity};

// What drawings, explanations and the reference say of an operation.
struct Info {
  std::string_view name, formula;
  std::array<std::string_view, 2> derivatives;  // dr/dx, dr/dy
  std::string_view choice = "";                 // at a kink or a singular point
  std::string_view symbol = name;               // in drawings
};

// The words in which rules branch. Number types other than double bring their own, found by ADL.
inline bool gt(double x, double y) { return x > y; }
inline bool lt(double x, double y) { return x < y; }
inline bool le(double x, double y) { return x <= y; }
inline bool eq(double x, double y) { return x == y; }
inline bool ne(double x, double y) { return x != y; }
inline double select(bool condition, double yes, double no) { return condition ? yes : no; }

using std::abs, std::acos, std::acosh, std::asin, std::asinh, std::atan, std::atan2, std::atanh,
    std::cbrt, std::ceil, std::cos, std::cosh, std::erf, std::erfc, std::exp, std::exp2, std::expm1,
    std::floor, std::hypot, std::log, std::log10, std::log1p, std::log2, std::pow, std::round,
    std::sin, std::sinh, std::sqrt, std::tan, std::tanh;

// v, but NaN where x is NaN.
inline auto unless_nan(auto x, auto v) { return select(eq(x, x), v, x); }
// x cut to +-1000, so that a factor that has died out there is not multiplied by infinity.
inline auto bounded(auto x) { return select(gt(x, 1e3), 1e3, select(lt(x, -1e3), -1e3, x)); }

// ---- arithmetic ----

struct Add {
  static constexpr Info info{"add", "x + y", {"1", "1"}, "", "+"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x + y; }
  static auto dx(auto, auto, auto) { return 1.0; }
  static auto dy(auto, auto, auto) { return 1.0; }
};

struct Sub {
  static constexpr Info info{"sub", "x - y", {"1", "-1"}, "", "-"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x - y; }
  static auto dx(auto, auto, auto) { return 1.0; }
  static auto dy(auto, auto, auto) { return -1.0; }
};

struct Mul {
  static constexpr Info info{"mul", "x * y", {"y", "x"}, "", "*"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x * y; }
  static auto dx(auto, auto y, auto) { return y; }
  static auto dy(auto x, auto, auto) { return x; }
};

struct Div {
  static constexpr Info info{"div", "x / y", {"1 / y", "-r / y"}, "NaN at 0 / 0", "/"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return x / y; }
  static auto dx(auto, auto y, auto r) { return unless_nan(r, 1.0 / y); }
  static auto dy(auto, auto y, auto r) { return -r * (1.0 / y); }
};

struct Neg {
  static constexpr Info info{"neg", "-x", {"-1"}, "", "-"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return -x; }
  static auto dx(auto, auto) { return -1.0; }
};

struct Reciprocal {
  static constexpr Info info{"reciprocal", "1 / x", {"-r^2"}, "", "1/x"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return 1.0 / x; }
  static auto dx(auto, auto r) { return -r * r; }
};

struct Square {
  static constexpr Info info{"square", "x^2", {"2 x"}, "", "x^2"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return x * x; }
  static auto dx(auto x, auto) { return 2.0 * x; }
};

// ---- powers, exponentials, logarithms ----

struct Pow {
  static constexpr Info info{
      "pow",
      "x^y",
      {"y x^(y-1)", "r log x"},
      "x < 0 for whole y only; dx is 0 where y = 0; at x = 0, dy is 0 for y >= 0, -inf for y < 0"};
  static constexpr std::array domain{kPositive, kReals};
  static auto value(auto x, auto y) { return unless_nan(x, unless_nan(y, pow(x, y))); }
  static auto dx(auto x, auto y, auto) {
    return select(eq(y, 0.0), 0.0, unless_nan(x, y * pow(x, y - 1.0)));
  }
  static auto dy(auto x, auto y, auto r) {
    return select(eq(x, 0.0), unless_nan(y, select(lt(y, 0.0), -kInfinity, 0.0)), r * log(x));
  }
};

struct Exp {
  static constexpr Info info{"exp", "e^x", {"r"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return exp(x); }
  static auto dx(auto, auto r) { return r; }
};

struct Exp2 {
  static constexpr Info info{"exp2", "2^x", {"r log 2"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return exp2(x); }
  static auto dx(auto, auto r) { return r * std::numbers::ln2; }
};

struct Expm1 {
  static constexpr Info info{"expm1", "e^x - 1", {"e^x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return expm1(x); }
  static auto dx(auto x, auto) { return exp(x); }
};

struct Log {
  static constexpr Info info{"log", "log x", {"1 / x"}, "+inf at 0, NaN below"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, 1.0 / (x + 0.0)); }
};

struct Log2 {
  static constexpr Info info{"log2", "log x / log 2", {"1 / (x log 2)"}, "+inf at 0, NaN below"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log2(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, std::numbers::log2e / (x + 0.0)); }
};

struct Log10 {
  static constexpr Info info{"log10", "log x / log 10", {"1 / (x log 10)"}, "+inf at 0, NaN below"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return log10(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, std::numbers::log10e / (x + 0.0)); }
};

struct Log1p {
  static constexpr Info info{"log1p", "log(1 + x)", {"1 / (1 + x)"}, "+inf at -1, NaN below"};
  static constexpr std::array domain{Interval{-1, kInfinity}};
  static auto value(auto x) { return log1p(x); }
  static auto dx(auto x, auto r) { return select(gt(x, -1.0), 1.0 / (1.0 + x), -r); }
};

struct Sqrt {
  static constexpr Info info{"sqrt", "sqrt x", {"1 / (2 r)"}, "+inf at 0"};
  static constexpr std::array domain{kPositive};
  static auto value(auto x) { return sqrt(x); }
  static auto dx(auto, auto r) { return 0.5 / (r + 0.0); }  // -0 + 0 is 0
};

struct Cbrt {
  static constexpr Info info{"cbrt", "x^(1/3)", {"1 / (3 r^2)"}, "+inf at 0"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cbrt(x); }
  static auto dx(auto, auto r) { return 1.0 / (3.0 * r * r); }
};

// ---- trigonometric and hyperbolic ----

struct Sin {
  static constexpr Info info{"sin", "sin x", {"cos x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return sin(x); }
  static auto dx(auto x, auto) { return cos(x); }
};

struct Cos {
  static constexpr Info info{"cos", "cos x", {"-sin x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cos(x); }
  static auto dx(auto x, auto) { return -sin(x); }
};

struct Tan {
  static constexpr Info info{"tan", "tan x", {"1 + r^2"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tan(x); }
  static auto dx(auto, auto r) { return 1.0 + r * r; }
};

struct Asin {
  static constexpr Info info{"asin", "asin x", {"1 / sqrt(1 - x^2)"}, "+inf at -1 and 1"};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return asin(x); }
  static auto dx(auto x, auto) { return 1.0 / sqrt((1.0 - x) * (1.0 + x)); }
};

struct Acos {
  static constexpr Info info{"acos", "acos x", {"-1 / sqrt(1 - x^2)"}, "-inf at -1 and 1"};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return acos(x); }
  static auto dx(auto x, auto) { return -1.0 / sqrt((1.0 - x) * (1.0 + x)); }
};

struct Atan {
  static constexpr Info info{"atan", "atan x", {"1 / (1 + x^2)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return atan(x); }
  static auto dx(auto x, auto) { return 1.0 / (1.0 + x * x); }
};

// The angle of the point (y, x), in the order of std::atan2: the first operand is the ordinate.
struct Atan2 {
  static constexpr Info info{
      "atan2", "atan2(x, y)", {"y / (x^2 + y^2)", "-x / (x^2 + y^2)"}, "NaN at (0, 0)"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return atan2(x, y); }
  static auto dx(auto x, auto y, auto) { return y / hypot(x, y) / hypot(x, y); }
  static auto dy(auto x, auto y, auto) { return -x / hypot(x, y) / hypot(x, y); }
};

struct Sinh {
  static constexpr Info info{"sinh", "sinh x", {"cosh x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return sinh(x); }
  static auto dx(auto x, auto) { return cosh(x); }
};

struct Cosh {
  static constexpr Info info{"cosh", "cosh x", {"sinh x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return cosh(x); }
  static auto dx(auto x, auto) { return sinh(x); }
};

struct Tanh {
  static constexpr Info info{"tanh", "tanh x", {"1 - r^2"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return tanh(x); }
  static auto dx(auto, auto r) { return 1.0 - r * r; }
};

struct Asinh {
  static constexpr Info info{"asinh", "asinh x", {"1 / sqrt(x^2 + 1)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return asinh(x); }
  static auto dx(auto x, auto) { return 1.0 / hypot(x, 1.0); }
};

struct Acosh {
  static constexpr Info info{"acosh", "acosh x", {"1 / sqrt(x^2 - 1)"}, "+inf at 1"};
  static constexpr std::array domain{Interval{1, kInfinity}};
  static auto value(auto x) { return acosh(x); }
  static auto dx(auto x, auto) { return 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)); }
};

struct Atanh {
  static constexpr Info info{"atanh", "atanh x", {"1 / (1 - x^2)"}, "+inf at -1 and 1"};
  static constexpr std::array domain{Interval{-1, 1}};
  static auto value(auto x) { return atanh(x); }
  static auto dx(auto x, auto r) { return unless_nan(r, 1.0 / ((1.0 - x) * (1.0 + x))); }
};

struct Hypot {
  static constexpr Info info{"hypot", "sqrt(x^2 + y^2)", {"x / r", "y / r"}, "(0, 0) at (0, 0)"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return unless_nan(x, unless_nan(y, hypot(x, y))); }
  static auto dx(auto x, auto, auto r) { return select(eq(r, 0.0), 0.0, x / r); }
  static auto dy(auto, auto y, auto r) { return select(eq(r, 0.0), 0.0, y / r); }
};

struct Erf {
  static constexpr Info info{"erf", "erf x", {"2 e^(-x^2) / sqrt(pi)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return erf(x); }
  static auto dx(auto x, auto) { return 2.0 * std::numbers::inv_sqrtpi * exp(-(x * x)); }
};

struct Erfc {
  static constexpr Info info{"erfc", "1 - erf x", {"-2 e^(-x^2) / sqrt(pi)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return erfc(x); }
  static auto dx(auto x, auto) { return -2.0 * std::numbers::inv_sqrtpi * exp(-(x * x)); }
};

// ---- activations ----

struct Step {
  static constexpr Info info{
      "step", "1 where x > 0, else 0", {"0"}, "step(0) = 0; derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(gt(x, 0.0), 1.0, unless_nan(x, 0.0)); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
};

struct Sign {
  static constexpr Info info{"sign", "-1, 0 or 1", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(gt(x, 0.0), 1.0, select(lt(x, 0.0), -1.0, x)); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
};

struct Abs {
  static constexpr Info info{"abs", "|x|", {"sign x"}, "0 at 0", "|x|"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return abs(x); }
  static auto dx(auto x, auto) { return apply<Sign>(x); }
};

// 1 / (1 + e^-x), accurate in both tails.
struct Sigmoid {
  static constexpr Info info{"sigmoid", "1 / (1 + e^-x)", {"r (1 - r)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) {
    const auto e = exp(-abs(x));
    return select(lt(x, 0.0), e, unless_nan(x, 1.0)) / (1.0 + e);
  }
  static auto dx(auto x, auto r) { return r * apply<Sigmoid>(-x); }
};

struct Relu {
  static constexpr Info info{"relu", "max(x, 0)", {"step x"}, "0 at 0"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(lt(x, 0.0), 0.0, x); }
  static auto dx(auto x, auto) { return apply<Step>(x); }
};

// y is the slope on the negative side, a constant.
struct LeakyRelu {
  static constexpr Info info{"leaky_relu",
                             "x where x > 0, else y x",
                             {"1 where x > 0, else y", "0 where x > 0, else x"},
                             "y at 0"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, 0.0), x, y * x); }
  static auto dx(auto x, auto y, auto) { return select(gt(x, 0.0), 1.0, unless_nan(x, y)); }
  static auto dy(auto x, auto, auto) { return select(gt(x, 0.0), 0.0, x); }
};

// y is the depth of the negative side, a constant.
struct Elu {
  static constexpr Info info{"elu",
                             "x where x > 0, else y (e^x - 1)",
                             {"1 where x > 0, else y e^x", "0 where x > 0, else e^x - 1"},
                             "y at 0"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, 0.0), x, y * expm1(x)); }
  static auto dx(auto x, auto y, auto) { return select(gt(x, 0.0), 1.0, y * exp(x)); }
  static auto dy(auto x, auto, auto) { return select(gt(x, 0.0), 0.0, expm1(x)); }
};

// x times the normal distribution function of x.
struct Gelu {
  static constexpr Info info{
      "gelu", "x erfc(-x / sqrt 2) / 2", {"erfc(-x / sqrt 2) / 2 + x e^(-x^2 / 2) / sqrt(2 pi)"}};
  static constexpr std::array domain{kReals};
  static constexpr double kRootHalf = 0.5 * std::numbers::sqrt2;
  static auto value(auto x) { return select(lt(x, -1e3), 0.0, 0.5 * x * erfc(-kRootHalf * x)); }
  static auto dx(auto x, auto) {
    return 0.5 * erfc(-kRootHalf * x) +
           bounded(x) * exp(-0.5 * x * x) * (kRootHalf * std::numbers::inv_sqrtpi);
  }
};

struct Silu {
  static constexpr Info info{"silu", "x sigmoid(x)", {"s + x s (1 - s), s = sigmoid(x)"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return select(lt(x, -1e3), 0.0, x * Sigmoid::value(x)); }
  static auto dx(auto x, auto) {
    const auto s = apply<Sigmoid>(x);
    return s + bounded(x) * (s * apply<Sigmoid>(-x));
  }
};

// log(1 + e^x) without overflow.
struct Softplus {
  static constexpr Info info{"softplus", "log(1 + e^x)", {"sigmoid x"}};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return Relu::value(x) + log1p(exp(-abs(x))); }
  static auto dx(auto x, auto) { return apply<Sigmoid>(x); }
};

// ---- choosing and rounding ----

struct Max {
  static constexpr Info info{"max",
                             "max(x, y)",
                             {"1 where x > y, else 0", "1 where y > x, else 0"},
                             "1/2 each at a tie; NaN if either is NaN"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(gt(x, y), x, unless_nan(x, y)); }
  static auto dx(auto x, auto y, auto r) {
    return select(gt(x, y), 1.0, select(eq(x, y), 0.5, unless_nan(r, 0.0)));
  }
  static auto dy(auto x, auto y, auto r) { return dx(y, x, r); }
};

struct Min {
  static constexpr Info info{"min",
                             "min(x, y)",
                             {"1 where x < y, else 0", "1 where y < x, else 0"},
                             "1/2 each at a tie; NaN if either is NaN"};
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(lt(x, y), x, unless_nan(x, y)); }
  static auto dx(auto x, auto y, auto r) { return Max::dx(y, x, r); }
  static auto dy(auto x, auto y, auto r) { return Max::dx(x, y, r); }
};

struct Floor {
  static constexpr Info info{
      "floor", "the integer at or below x", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return floor(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
};

struct Ceil {
  static constexpr Info info{"ceil", "the integer at or above x", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return ceil(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
};

struct Round {
  static constexpr Info info{
      "round", "the nearest integer, halves away from 0", {"0"}, "derivative 0 everywhere"};
  static constexpr std::array domain{kReals};
  static auto value(auto x) { return round(x); }
  static auto dx(auto x, auto) { return unless_nan(x, 0.0); }
};

// Comparisons give 1 or 0, and a derivative of 0.
template <class Compare> struct Comparison {
  static constexpr std::array domain{kReals, kReals};
  static auto value(auto x, auto y) { return select(Compare::compare(x, y), 1.0, 0.0); }
  static auto dx(auto, auto, auto) { return 0.0; }
  static auto dy(auto, auto, auto) { return 0.0; }
};

struct Less : Comparison<Less> {
  static constexpr Info info{"lt", "x < y", {"0", "0"}, "", "<"};
  static auto compare(auto x, auto y) { return lt(x, y); }
};
struct LessEqual : Comparison<LessEqual> {
  static constexpr Info info{"le", "x <= y", {"0", "0"}, "", "<="};
  static auto compare(auto x, auto y) { return le(x, y); }
};
struct Greater : Comparison<Greater> {
  static constexpr Info info{"gt", "x > y", {"0", "0"}, "", ">"};
  static auto compare(auto x, auto y) { return gt(x, y); }
};
struct GreaterEqual : Comparison<GreaterEqual> {
  static constexpr Info info{"ge", "x >= y", {"0", "0"}, "", ">="};
  static auto compare(auto x, auto y) { return le(y, x); }
};
struct Equal : Comparison<Equal> {
  static constexpr Info info{"eq", "x == y", {"0", "0"}, "", "=="};
  static auto compare(auto x, auto y) { return eq(x, y); }
};
struct NotEqual : Comparison<NotEqual> {
  static constexpr Info info{"ne", "x != y", {"0", "0"}, "", "!="};
  static auto compare(auto x, auto y) { return ne(x, y); }
};

}  // namespace ops
}  // namespace autograd

#include <autograd/ops/range_ops.hpp>

namespace autograd {
namespace ops {

// ---- the list ----

template <class... Ops> struct List {
  static constexpr std::size_t size = sizeof...(Ops);
  // Calls f.template operator()<Op>() for every operation, in order.
  template <class F> static constexpr void for_each(F&& f) { (f.template operator()<Ops>(), ...); }
  template <class Op> static constexpr std::size_t index() {
    std::size_t i = 0;
    (void)((std::same_as<Op, Ops> || (++i, false)) || ...);
    return i;
  }
  static constexpr std::array<Info, size> infos{Ops::info...};
};

template <class... First, class... Then>
List<First..., Then...> concatenate(List<First...>, List<Then...>);

using Elementary = List<Add, Sub, Mul, Div, Neg, Reciprocal, Square, Pow, Exp, Exp2, Expm1, Log,
                        Log2, Log10, Log1p, Sqrt, Cbrt, Sin, Cos, Tan, Asin, Acos, Atan, Atan2,
                        Sinh, Cosh, Tanh, Asinh, Acosh, Atanh, Hypot, Erf, Erfc, Step, Sign, Abs,
                        Sigmoid, Relu, LeakyRelu, Elu, Gelu, Silu, Softplus, Max, Min, Floor, Ceil,
                        Round, Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual>;
using Ranged = List<Select, Sum, Mean, Dot, Norm, LogSumExp, Softmax>;
using All = decltype(concatenate(
    concatenate(Elementary{}, Ranged{}),
    List<Custom, AdjointProduct, RowMean>{}));  // the order is the operation code

}  // namespace ops

namespace detail {

// Names an operation: its place in the list.
using Code = std::uint8_t;
template <class Op> inline constexpr Code code = static_cast<Code>(ops::All::index<Op>());

}  // namespace detail

// ---- what users call, on recorded numbers and on plain ones ----

// Plain operands are taken by value, as bit-fields and members of packed structs must be.
template <DifferentiableOperand X, SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator+(X&& x, Y&& y) {
  return apply_consuming<ops::Add, X, Y>(x, y);
}
template <DifferentiableOperand X, Plain Y>
[[gnu::always_inline]] inline auto operator+(X&& x, Y y) {
  return apply_consuming<ops::Add, X, Y>(x, y);
}
template <Plain X, DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator+(X x, Y&& y) {
  return apply_consuming<ops::Add, X, Y>(x, y);
}
template <DifferentiableOperand X, SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator-(X&& x, Y&& y) {
  return apply_consuming<ops::Sub, X, Y>(x, y);
}
template <DifferentiableOperand X, Plain Y>
[[gnu::always_inline]] inline auto operator-(X&& x, Y y) {
  return apply_consuming<ops::Sub, X, Y>(x, y);
}
template <Plain X, DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator-(X x, Y&& y) {
  return apply_consuming<ops::Sub, X, Y>(x, y);
}
template <DifferentiableOperand X, SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator*(X&& x, Y&& y) {
  return apply_consuming<ops::Mul, X, Y>(x, y);
}
template <DifferentiableOperand X, Plain Y>
[[gnu::always_inline]] inline auto operator*(X&& x, Y y) {
  return apply_consuming<ops::Mul, X, Y>(x, y);
}
template <Plain X, DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator*(X x, Y&& y) {
  return apply_consuming<ops::Mul, X, Y>(x, y);
}
template <DifferentiableOperand X, SameOperand<X> Y>
[[gnu::always_inline]] inline auto operator/(X&& x, Y&& y) {
  return apply_consuming<ops::Div, X, Y>(x, y);
}
template <DifferentiableOperand X, Plain Y>
[[gnu::always_inline]] inline auto operator/(X&& x, Y y) {
  return apply_consuming<ops::Div, X, Y>(x, y);
}
template <Plain X, DifferentiableOperand Y>
[[gnu::always_inline]] inline auto operator/(X x, Y&& y) {
  return apply_consuming<ops::Div, X, Y>(x, y);
}
[[gnu::always_inline]] inline auto operator-(const Differentiable auto& x) {
  return apply<ops::Neg>(x);
}
template <Differentiable X> const X& operator+(const X& x) { return x; }

[[gnu::always_inline]] inline auto reciprocal(const Number auto& x) {
  return apply<ops::Reciprocal>(x);
}
[[gnu::always_inline]] inline auto square(const Number auto& x) { return apply<ops::Square>(x); }
[[gnu::always_inline]] inline auto exp(const Number auto& x) { return apply<ops::Exp>(x); }
[[gnu::always_inline]] inline auto exp2(const Number auto& x) { return apply<ops::Exp2>(x); }
[[gnu::always_inline]] inline auto expm1(const Number auto& x) { return apply<ops::Expm1>(x); }
[[gnu::always_inline]] inline auto log(const Number auto& x) { return apply<ops::Log>(x); }
[[gnu::always_inline]] inline auto log2(const Number auto& x) { return apply<ops::Log2>(x); }
[[gnu::always_inline]] inline auto log10(const Number auto& x) { return apply<ops::Log10>(x); }
[[gnu::always_inline]] inline auto log1p(const Number auto& x) { return apply<ops::Log1p>(x); }
[[gnu::always_inline]] inline auto sqrt(const Number auto& x) { return apply<ops::Sqrt>(x); }
[[gnu::always_inline]] inline auto cbrt(const Number auto& x) { return apply<ops::Cbrt>(x); }
[[gnu::always_inline]] inline auto sin(const Number auto& x) { return apply<ops::Sin>(x); }
[[gnu::always_inline]] inline auto cos(const Number auto& x) { return apply<ops::Cos>(x); }
[[gnu::always_inline]] inline auto tan(const Number auto& x) { return apply<ops::Tan>(x); }
[[gnu::always_inline]] inline auto asin(const Number auto& x) { return apply<ops::Asin>(x); }
[[gnu::always_inline]] inline auto acos(const Number auto& x) { return apply<ops::Acos>(x); }
[[gnu::always_inline]] inline auto atan(const Number auto& x) { return apply<ops::Atan>(x); }
[[gnu::always_inline]] inline auto sinh(const Number auto& x) { return apply<ops::Sinh>(x); }
[[gnu::always_inline]] inline auto cosh(const Number auto& x) { return apply<ops::Cosh>(x); }
[[gnu::always_inline]] inline auto tanh(const Number auto& x) { return apply<ops::Tanh>(x); }
[[gnu::always_inline]] inline auto asinh(const Number auto& x) { return apply<ops::Asinh>(x); }
[[gnu::always_inline]] inline auto acosh(const Number auto& x) { return apply<ops::Acosh>(x); }
[[gnu::always_inline]] inline auto atanh(const Number auto& x) { return apply<ops::Atanh>(x); }
[[gnu::always_inline]] inline auto erf(const Number auto& x) { return apply<ops::Erf>(x); }
[[gnu::always_inline]] inline auto erfc(const Number auto& x) { return apply<ops::Erfc>(x); }
[[gnu::always_inline]] inline auto step(const Number auto& x) { return apply<ops::Step>(x); }
[[gnu::always_inline]] inline auto sign(const Number auto& x) { return apply<ops::Sign>(x); }
[[gnu::always_inline]] inline auto abs(const Number auto& x) { return apply<ops::Abs>(x); }
[[gnu::always_inline]] inline auto sigmoid(const Number auto& x) { return apply<ops::Sigmoid>(x); }
[[gnu::always_inline]] inline auto relu(const Number auto& x) { return apply<ops::Relu>(x); }
[[gnu::always_inline]] inline auto gelu(const Number auto& x) { return apply<ops::Gelu>(x); }
[[gnu::always_inline]] inline auto silu(const Number auto& x) { return apply<ops::Silu>(x); }
[[gnu::always_inline]] inline auto softplus(const Number auto& x) {
  return apply<ops::Softplus>(x);
}
[[gnu::always_inline]] inline auto floor(const Number auto& x) { return apply<ops::Floor>(x); }
[[gnu::always_inline]] inline auto ceil(const Number auto& x) { return apply<ops::Ceil>(x); }
[[gnu::always_inline]] inline auto round(const Number auto& x) { return apply<ops::Round>(x); }

template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto pow(const X& x, const Y& y) {
  return apply<ops::Pow>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto atan2(const X& x, const Y& y) {
  return apply<ops::Atan2>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto hypot(const X& x, const Y& y) {
  return apply<ops::Hypot>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto max(const X& x, const Y& y) {
  return apply<ops::Max>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto min(const X& x, const Y& y) {
  return apply<ops::Min>(x, y);
}
[[gnu::always_inline]] inline auto leaky_relu(const Number auto& x, double slope = 0.01) {
  return apply<ops::LeakyRelu>(x, slope);
}
[[gnu::always_inline]] inline auto elu(const Number auto& x, double depth = 1.0) {
  return apply<ops::Elu>(x, depth);
}

// 1 where the comparison holds, else 0: unlike the bool of x < y, an operation that select() can
// take.
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto lt(const X& x, const Y& y) {
  return apply<ops::Less>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto le(const X& x, const Y& y) {
  return apply<ops::LessEqual>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto gt(const X& x, const Y& y) {
  return apply<ops::Greater>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto ge(const X& x, const Y& y) {
  return apply<ops::GreaterEqual>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto eq(const X& x, const Y& y) {
  return apply<ops::Equal>(x, y);
}
template <Number X, NumberBeside<X> Y>
[[gnu::always_inline]] inline auto ne(const X& x, const Y& y) {
  return apply<ops::NotEqual>(x, y);
}

// x where the condition is not 0, else y.  Nothing, not 0 times something, flows into the side not
// taken. With a recorded condition it is an operation, and can be replayed with other numbers; with
// a bool or a plain number it is x or y.
template <Differentiable C, NumberBeside<C> X, NumberBeside<C> Y>
auto select(const C& condition, const X& x, const Y& y) {
  return C::template record<ops::Select>(condition, plain(x), plain(y));
}
template <Number X, NumberBeside<X> Y> auto select(bool condition, const X& x, const Y& y) {
  using T = std::conditional_t<Differentiable<Y>, Y, X>;
  return condition ? T(plain(x)) : T(plain(y));
}
template <std::floating_point C, Number X, NumberBeside<X> Y>
auto select(C condition, const X& x, const Y& y) {
  return select(condition != 0, x, y);
}

}  // namespace autograd
