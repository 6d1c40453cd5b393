// C++ as text: a number type with which a rule of the operations, called as if it were a function of
// numbers, writes itself down.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace autograd::cpp {

// So that the compiler reads the same bits: 0x1.999999999999ap-4, 2.0, INFINITY, NAN.
std::string literal(double x);

// Without brackets around the whole.
std::string unbracketed(const std::string& expression);

// Whether C++ takes it for the name of a function: letters, digits and underscores, no keyword, and
// nothing that a header may define as a macro or a type.
bool is_function_name(std::string_view name);

// While one lives, what this thread does to Code becomes lines, `const double t3 = t1 * t2;`, and so
// nothing is written twice that is used twice.
class Lines {
 public:
  Lines(std::string& text, std::string indent);
  ~Lines();
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  // The one of this thread, or null.
  static Lines* current();
  // Adds a line; the name that it defines.
  std::string add(const std::string& expression) { return add("const double", expression); }
  // The same for one that is changed later.
  std::string add_variable(const std::string& expression) { return add("double", expression); }
  void set_indent(std::string indent) { indent_ = std::move(indent); }

 private:
  std::string add(const char* type, const std::string& expression);

  std::string& text_;
  std::string indent_;
  std::size_t count_ = 0;
};

struct Code {
  Code(std::string expression) : text(std::move(expression)) {}
  Code(double x) : text(literal(x)) {}

  Code& operator+=(const Code& x);

  std::string text;  // in brackets if it is a sum, a product or a choice
};

// An expression that needs brackets within another one, and one that does not.
Code composed(const std::string& expression);
Code closed(const std::string& expression);

inline Code operator+(const Code& x, const Code& y) { return composed(x.text + " + " + y.text); }
inline Code operator-(const Code& x, const Code& y) { return composed(x.text + " - " + y.text); }
inline Code operator*(const Code& x, const Code& y) { return composed(x.text + " * " + y.text); }
inline Code operator/(const Code& x, const Code& y) { return composed(x.text + " / " + y.text); }
inline Code operator-(const Code& x) {
  return composed(x.text.starts_with('-') ? "-(" + x.text + ")" : "-" + x.text);
}
inline Code& Code::operator+=(const Code& x) { return *this = *this + x; }

// The words in which rules branch.
inline Code gt(const Code& x, const Code& y) { return x.text + " > " + y.text; }
inline Code lt(const Code& x, const Code& y) { return x.text + " < " + y.text; }
inline Code le(const Code& x, const Code& y) { return x.text + " <= " + y.text; }
inline Code eq(const Code& x, const Code& y) { return x.text + " == " + y.text; }
inline Code ne(const Code& x, const Code& y) { return x.text + " != " + y.text; }
inline Code select(const Code& condition, const Code& yes, const Code& no) {
  return composed(condition.text + " ? " + yes.text + " : " + no.text);
}

inline Code call(const std::string& function, const Code& x) {
  return closed("std::" + function + "(" + unbracketed(x.text) + ")");
}
inline Code call(const std::string& function, const Code& x, const Code& y) {
  return closed("std::" + function + "(" + unbracketed(x.text) + ", " + unbracketed(y.text) + ")");
}
inline Code atan2(const Code& y, const Code& x) { return call("atan2", y, x); }
inline Code copysign(const Code& x, const Code& y) { return call("copysign", x, y); }
inline Code fmod(const Code& x, const Code& y) { return call("fmod", x, y); }
inline Code hypot(const Code& x, const Code& y) { return call("hypot", x, y); }
inline Code logb(const Code& x) { return call("logb", x); }
inline Code nextafter(const Code& x, const Code& y) { return call("nextafter", x, y); }
inline Code pow(const Code& x, const Code& y) { return call("pow", x, y); }
inline Code remainder(const Code& x, const Code& y) { return call("remainder", x, y); }
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

}  // namespace autograd::cpp
