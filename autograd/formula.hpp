// Formulas as trees: what explanations and derivatives are written in.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace autograd {

// How formulas are written.
enum class Notation {
  kText,   // -x0/(w0*x0 + w1)^2, as an Expression reads it
  kLatex,  // -\frac{x_{0}}{(w_{0} x_{0} + w_{1})^{2}}
  kHtml,   // names in <i>, indices in <sub>
};

// A number, a name, or an operation on formulas.
struct Formula {
  enum class Kind {
    kNumber,
    kName,
    kSum,         // of its parts; a part that is a kNegative is taken away
    kProduct,     // of its parts; named "()" numbers stand beside one another: (-2)(3)
    kQuotient,    // two parts
    kNegative,    // one part
    kPower,       // two parts
    kCall,        // `name` of its parts
    kComparison,  // two parts with the sign `name` between
    kChoice,      // condition, the part where it holds, the other part
    kWords,       // `name` in words: no formula is known
  };
  Kind kind = Kind::kNumber;
  double number = 0.0;
  std::string name = {};
  std::vector<Formula> parts = {};

  static Formula of(double number) { return {.number = number}; }
  static Formula of(std::string name) { return {.kind = Kind::kName, .name = std::move(name)}; }
  static Formula of(Kind kind, std::vector<Formula> parts, std::string name = {}) {
    return {.kind = kind, .name = std::move(name), .parts = std::move(parts)};
  }

  // digits: significant ones of every number, 1 to 17; 0 for as many as it takes to read the same
  // number back.
  std::string to_string(Notation notation = Notation::kText, int digits = 6) const;
};

// A name alone, as it stands in a formula.
std::string name_in(Notation notation, const std::string& name);

}  // namespace autograd
