// The rules of the operations as formulas: what their structs say in text, read.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <autograd/explain/fraction.hpp>
#include <autograd/formula.hpp>

namespace autograd::detail {

// A formula as the structs in ops/ write it: 2 x e^(-x^2) / sqrt(pi), sin x, 1 where x > 0, else y,
// s (1 - s), s = sigmoid(x). Nothing if it is no formula.
std::optional<Formula> read_rule(std::string_view text);

// d/d(operand `i`) of the elementary operation `name`, in x, y and r; nothing if it is not known.
// It is read once.
const Formula* local_rule(std::string_view name, std::size_t i);

// The formula with other ones in place of names: `by(name)` gives one, or null to leave it.
template <class By> Formula substituted(const Formula& in, const By& by) {
  if (in.kind == Formula::Kind::kName) {
    const Formula* other = by(in.name);
    return other != nullptr ? *other : in;
  }
  Formula result{in.kind, in.number, in.name, {}};
  result.parts.reserve(in.parts.size());
  for (const Formula& part : in.parts) result.parts.push_back(substituted(part, by));
  return result;
}

// What a formula of numbers is worth; NaN if there is a name or a word in it.
double evaluate(const Formula& formula);

// The same with fractions, where all of it is rational. A number is what its shortest decimal says.
// `of(name)` is what a name stands for.
Exact evaluate_exactly(const Formula& formula, const std::function<Exact(const std::string&)>& of);

}  // namespace autograd::detail
