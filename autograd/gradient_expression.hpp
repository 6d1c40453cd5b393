// A derivative as a formula.
#pragma once

#include <string>
#include <vector>

#include <autograd/formula.hpp>
#include <autograd/value.hpp>

namespace autograd {

// A formula with names for the parts that it uses more than once.
struct GradientExpression {
  struct Part {
    std::string name;
    Formula formula;
  };
  std::vector<Part> parts;  // each uses those before it
  Formula derivative;

  // Of kText a text that an Expression reads: "h = tanh(b + w*x); 2*x*(h - t)*(1 - h^2)". In the
  // other notations a line for each part.
  std::string to_string(Notation notation = Notation::kText) const;
};

// dy/dx as a formula of the leaves, by their labels, simplified enough to be read:
//
//   Value f = 1 / (w0 * x0 + w1);
//   gradient_expression(f, w0).to_string();    // "-x0/(w0*x0 + w1)^2"
//
// It holds at all points, not only at the one where y was recorded: where a rule has branches the
// formula has them too. Like terms and powers are collected, constants computed, 0 and 1 left out;
// nothing is multiplied out. Parts that are used more than once are named, by their label or as s1,
// s2, ..., so that the formula is as long as the graph. x may be an operation: the formula is then
// one of its name.
//
// Throws: Error if an operation has no formula, as one of custom() has none.
// Cost:   a few terms for each operation between x and y.
GradientExpression gradient_expression(const Value& y, const Value& x);

}  // namespace autograd
