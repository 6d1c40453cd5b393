#include "autograd/formula.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <string_view>

#include <autograd/draw/markup.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

using Kind = Formula::Kind;

// How strongly a formula holds together; a weaker one in a stronger one is put in brackets.
enum Strength { kChoiceLevel, kComparisonLevel, kSumLevel, kProductLevel, kPowerLevel, kAtomLevel };

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

// Letters first; what follows is an index.
std::size_t index_begin(const std::string& name) {
  std::size_t i = 0;
  while (i < name.size() && is_letter(name[i])) ++i;
  return i;
}

std::string latex_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("#$%&_{}").find(c) != std::string_view::npos) {
      result += '\\';
      result += c;
    } else if (c == '\\') {
      result += "\\backslash ";
    } else if (c == '^') {
      result += "\\wedge ";
    } else if (c == '~') {
      result += "\\sim ";
    } else {
      result += c;
    }
  }
  return result;
}

// Operations that LaTeX knows by a name of its own.
constexpr std::array kLatexFunctions{
    std::string_view("sin"),  std::string_view("cos"),  std::string_view("tan"),
    std::string_view("sinh"), std::string_view("cosh"), std::string_view("tanh"),
    std::string_view("log"),  std::string_view("max"),  std::string_view("min")};

class Printer {
 public:
  Printer(Notation notation, int digits) : notation_(notation), digits_(digits) {}

  std::string print(const Formula& f, int least = kChoiceLevel) const {
    std::string text = plain(f);
    return strength(f) < least ? bracketed(text) : text;
  }

 private:
  bool is_latex() const { return notation_ == Notation::kLatex; }
  bool is_text() const { return notation_ == Notation::kText; }

  static bool is_negative_number(const Formula& f) {
    return f.kind == Kind::kNumber && (f.number < 0 || (f.number == 0 && 1 / f.number < 0));
  }
  // A quotient or power in LaTeX needs no brackets around what it is made of.
  int strength(const Formula& f) const {
    switch (f.kind) {
      case Kind::kChoice:
        return kChoiceLevel;
      case Kind::kComparison:
        return kComparisonLevel;
      case Kind::kSum:
        return f.parts.size() == 1 ? strength(f.parts[0]) : kSumLevel;
      case Kind::kProduct:
        return f.parts.size() == 1 ? strength(f.parts[0]) : kProductLevel;
      case Kind::kQuotient:
        return kProductLevel;
      case Kind::kNegative:
        return kSumLevel;
      case Kind::kPower:
        return kPowerLevel;
      case Kind::kNumber:
        return is_negative_number(f) ? kSumLevel : number_strength(f.number);
      case Kind::kName:
      case Kind::kCall:
      case Kind::kWords:
        return kAtomLevel;
    }
    return kAtomLevel;
  }
  // 1e-7 in LaTeX and HTML is a product.
  int number_strength(double x) const {
    return !is_text() && digits(x).find('e') != std::string::npos ? kProductLevel : kAtomLevel;
  }

  std::string bracketed(const std::string& text) const {
    return is_latex() ? "\\left(" + text + "\\right)" : "(" + text + ")";
  }
  std::string minus() const { return notation_ == Notation::kHtml ? "−" : "-"; }

  std::string digits(double x) const {
    return digits_ == 0 ? text::shortest(x) : text::rounded(x, digits_);
  }
  std::string number(double x) const {
    std::string text = digits(x);
    if (is_text()) return text;
    if (text == "inf" || text == "-inf")
      return std::string(x < 0 ? minus() : "") + (is_latex() ? "\\infty" : "∞");
    if (std::isnan(x)) return is_latex() ? "\\mathrm{NaN}" : text;
    const std::size_t e = text.find('e');
    std::string mantissa = text.substr(0, e);
    if (mantissa.starts_with('-')) mantissa = minus() + mantissa.substr(1);
    if (e == std::string::npos) return mantissa;
    const std::string exponent = text.substr(e + 1);
    return is_latex() ? mantissa + " \\cdot 10^{" + exponent + "}"
                      : mantissa + " · 10<sup>" + exponent + "</sup>";
  }

  std::string plain(const Formula& f) const {
    switch (f.kind) {
      case Kind::kNumber:
        return number(f.number);
      case Kind::kName:
        return name_in(notation_, f.name);
      case Kind::kSum:
        return sum(f);
      case Kind::kProduct:
        return product(f);
      case Kind::kQuotient:
        return quotient(f);
      case Kind::kNegative:
        return minus() + print(f.parts[0], kProductLevel);
      case Kind::kPower:
        return power(f);
      case Kind::kCall:
        return call(f);
      case Kind::kComparison:
        return print(f.parts[0], kSumLevel) + " " + sign(f.name) + " " +
               print(f.parts[1], kSumLevel);
      case Kind::kChoice:
        return choice(f);
      case Kind::kWords:
        return words(f.name);
    }
    return "";
  }

  std::string words(const std::string& text) const {
    if (is_latex()) return "\\text{" + latex_escaped(text) + "}";
    return is_text() ? text : detail::markup_escaped(text);
  }

  std::string sign(const std::string& text) const {
    if (is_text()) return text;
    if (text == "<=") return is_latex() ? "\\le" : "≤";
    if (text == ">=") return is_latex() ? "\\ge" : "≥";
    if (text == "!=") return is_latex() ? "\\ne" : "≠";
    if (text == "==") return "=";
    return is_latex() ? text : detail::markup_escaped(text);
  }

  std::string sum(const Formula& f) const {
    std::string text;
    for (const Formula& part : f.parts) {
      const bool is_first = &part == &f.parts.front();
      if (!is_first && part.kind == Kind::kNegative) {
        text.append(1, ' ').append(minus()).append(1, ' ');
        text += print(part.parts[0], kProductLevel);
      } else {
        text += (is_first ? "" : " + ") + print(part, is_first ? kSumLevel : kProductLevel);
      }
    }
    return text;
  }

  // Named "()", numbers are put in brackets beside one another.
  std::string product(const Formula& f) const {
    std::string text;
    for (std::size_t i = 0; i < f.parts.size(); ++i) {
      const Formula& part = f.parts[i];
      const bool is_bracketed = f.name == "()" && is_numeric(part);
      if (is_bracketed) {
        text += (i > 0 && !is_numeric(f.parts[i - 1]) ? times() : "") + bracketed(print(part));
      } else {
        const bool is_after_quotient = i > 0 && part.kind == Kind::kQuotient;
        text += (i > 0 ? times() : "") +
                print(part, is_after_quotient && is_text() ? kPowerLevel : kProductLevel);
      }
    }
    return text;
  }
  std::string times() const { return is_text() ? "*" : is_latex() ? " \\, " : " · "; }

  // Whether there are numbers only.
  static bool is_numeric(const Formula& f) {
    if (f.kind == Kind::kName || f.kind == Kind::kWords) return false;
    return std::all_of(f.parts.begin(), f.parts.end(), is_numeric);
  }

  std::string quotient(const Formula& f) const {
    if (is_latex()) return "\\frac{" + print(f.parts[0]) + "}{" + print(f.parts[1]) + "}";
    const std::string slash = is_text() ? "/" : " / ";
    return print(f.parts[0], kProductLevel) + slash + print(f.parts[1], kPowerLevel);
  }

  std::string power(const Formula& f) const {
    const std::string base = print(f.parts[0], kAtomLevel);
    if (is_latex()) return "{" + base + "}^{" + print(f.parts[1]) + "}";
    if (is_text()) return base + "^" + print(f.parts[1], kPowerLevel);
    return base + "<sup>" + print(f.parts[1]) + "</sup>";
  }

  std::string call(const Formula& f) const {
    if (is_latex() && f.parts.size() == 1) {
      const std::string inside = print(f.parts[0]);
      if (f.name == "sqrt") return "\\sqrt{" + inside + "}";
      if (f.name == "abs") return "\\left|" + inside + "\\right|";
      if (f.name == "exp") return "e^{" + inside + "}";
    }
    std::string text;
    if (is_latex()) {
      const bool is_known = std::ranges::find(kLatexFunctions, f.name) != kLatexFunctions.end();
      text = is_known ? "\\" + f.name : "\\operatorname{" + latex_escaped(f.name) + "}";
    } else {
      text = is_text() ? f.name : detail::markup_escaped(f.name);
    }
    std::string inside;
    for (const Formula& part : f.parts)
      inside += (&part == &f.parts.front() ? "" : ", ") + print(part);
    return text + bracketed(inside);
  }

  std::string choice(const Formula& f) const {
    const std::string condition = print(f.parts[0]), yes = print(f.parts[1]),
                      no = print(f.parts[2]);
    if (is_latex())
      return "\\begin{cases}" + yes + " & " + condition + "\\\\ " + no +
             " & \\text{else}\\end{cases}";
    if (!is_text()) return yes + " where " + condition + ", else " + no;
    return print(f.parts[0], kComparisonLevel) + " ? " + print(f.parts[1], kComparisonLevel) +
           " : " + no;
  }

  Notation notation_;
  int digits_;
};

}  // namespace

std::string name_in(Notation notation, const std::string& name) {
  if (notation == Notation::kText) return name;
  const std::size_t at = index_begin(name);
  const std::string base = name.substr(0, at);
  std::string index = name.substr(at);
  if (at > 0 && index.size() > 1 && index[0] == '_') index.erase(0, 1);
  if (notation == Notation::kHtml) {
    return "<i>" + detail::markup_escaped(at == 0 ? name : base) + "</i>" +
           (index.empty() || at == 0 ? "" : "<sub>" + detail::markup_escaped(index) + "</sub>");
  }
  if (at == 0) return "\\mathrm{" + latex_escaped(name) + "}";
  const std::string letters = base.size() == 1 ? base : "\\mathrm{" + latex_escaped(base) + "}";
  return index.empty() ? letters : letters + "_{" + latex_escaped(index) + "}";
}

std::string Formula::to_string(Notation notation, int digits) const {
  return Printer(notation, digits).print(*this);
}

}  // namespace autograd
