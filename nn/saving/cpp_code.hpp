// C++ expressions as text: a number type with which a rule of the engine's operations, called as if
// it were a function of numbers, writes itself down.
#pragma once

#include <string>
#include <utility>

namespace nn::detail {

// So that the compiler reads the same bits: 0x1.999999999999ap-4, 2.0, INFINITY, NAN.
std::string literal(double x);

// Without brackets around the whole.
std::string unbracketed(const std::string& expression);

struct Code {
  Code(std::string expression) : text(std::move(expression)) {}
  Code(double x) : text(literal(x)) {}

  std::string text;  // in brackets if it is a sum, a product or a choice
};

inline Code operator+(const Code& x, const Code& y) { return "(" + x.text + " + " + y.text + ")"; }
inline Code operator-(const Code& x, const Code& y) { return "(" + x.text + " - " + y.text + ")"; }
inline Code operator*(const Code& x, const Code& y) { return "(" + x.text + " * " + y.text + ")"; }
inline Code operator/(const Code& x, const Code& y) { return "(" + x.text + " / " + y.text + ")"; }
inline Code operator-(const Code& x) { return "(-" + x.text + ")"; }

// The words in which rules branch.
inline Code gt(const Code& x, const Code& y) { return x.text + " > " + y.text; }
inline Code lt(const Code& x, const Code& y) { return x.text + " < " + y.text; }
inline Code le(const Code& x, const Code& y) { return x.text + " <= " + y.text; }
inline Code eq(const Code& x, const Code& y) { return x.text + " == " + y.text; }
inline Code ne(const Code& x, const Code& y) { return x.text + " != " + y.text; }
inline Code select(const Code& condition, const Code& yes, const Code& no) {
  return "(" + condition.text + " ? " + yes.text + " : " + no.text + ")";
}

inline Code call(const std::string& function, const Code& x) {
  return "std::" + function + "(" + unbracketed(x.text) + ")";
}
inline Code abs(const Code& x) { return call("abs", x); }
inline Code acos(const Code& x) { return call("acos", x); }
inline Code acosh(const Code& x) { return call("acosh", x); }
inline Code asin(const Code& x) { return call("asin", x); }
inline Code asinh(const Code& x) { return call("asinh", x); }
inline Code atan(const Code& x) { return call("atan", x); }
inline Code atanh(const Code& x) { return call("atanh", x); }
inline Code cbrt(const Code& x) { return call("cbrt", x); }
inline Code ceil(const Code& x) { return call("ceil", x); }
inline Code cos(const Code& x) { return call("cos", x); }
inline Code cosh(const Code& x) { return call("cosh", x); }
inline Code erf(const Code& x) { return call("erf", x); }
inline Code erfc(const Code& x) { return call("erfc", x); }
inline Code exp(const Code& x) { return call("exp", x); }
inline Code exp2(const Code& x) { return call("exp2", x); }
inline Code expm1(const Code& x) { return call("expm1", x); }
inline Code floor(const Code& x) { return call("floor", x); }
inline Code lgamma(const Code& x) { return call("lgamma", x); }
inline Code log(const Code& x) { return call("log", x); }
inline Code log10(const Code& x) { return call("log10", x); }
inline Code log1p(const Code& x) { return call("log1p", x); }
inline Code log2(const Code& x) { return call("log2", x); }
inline Code rint(const Code& x) { return call("rint", x); }
inline Code round(const Code& x) { return call("round", x); }
inline Code sin(const Code& x) { return call("sin", x); }
inline Code sinh(const Code& x) { return call("sinh", x); }
inline Code sqrt(const Code& x) { return call("sqrt", x); }
inline Code tan(const Code& x) { return call("tan", x); }
inline Code tanh(const Code& x) { return call("tanh", x); }
inline Code tgamma(const Code& x) { return call("tgamma", x); }
inline Code trunc(const Code& x) { return call("trunc", x); }

}  // namespace nn::detail
