// Expressions as text: h = tanh(w*x + b); (h - t)^2
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <autograd/function.hpp>
#include <autograd/value.hpp>

namespace autograd {

namespace detail {
struct ExpressionProgram;
}

// What names stand for in the text of an expression: numbers or vectors of numbers.
using Variables = std::map<std::string, std::variant<Value, std::vector<Value>>, std::less<>>;

// A program of one or more statements, read once and evaluated as often as wanted.
//
//   Expression loss("h = tanh(w*x + b); (h - t)^2");
//   Value w(0.5, "w");
//   Value y = loss.evaluate({{"w", w}, {"x", 2}, {"b", 0}, {"t", 1}});
//
// Statements are separated by semicolons; the last one is the result. From the weakest to the
// strongest:
//
//   c ? x : y     where c is not 0, x, else y: nothing flows into the side not taken
//   == !=
//   < <= > >=     1 or 0; they do not chain
//   + -
//   * /
//   -x
//   x ^ y         also x ** y; to the right: 2^3^2 is 2^9, -x^2 is -(x^2)
//   f(x) v[0]     every operation of operations.md by its name; elements are counted from 0
//
// [x, y, z] is a vector; sum, mean, norm, logsumexp, softmax and dot take vectors, and all other
// operations go element by element. Numbers are decimal, or hexadecimal with 0x: 010 is ten. pi and
// e are constants. A comment is from # or // to the end of the line.
//
// name = x gives a name: operations get it as their label, and a plain number becomes a leaf with
// this label, as in Value w(2, "w").
class Expression {
 public:
  // Throws: Error with the place, the line and a caret below it where the text is no expression.
  // Cost:   linear, without recursion.
  explicit Expression(std::string_view text);

  const std::string& text() const { return text_; }
  // The names that are used before a statement gives them, in the order of their first use.
  const std::vector<std::string>& variables() const;

  // The last statement.
  // Throws: Error if a name is not there, a vector stands where a number is wanted or the other way
  //         round, lengths differ, or an element is not there.
  // Cost:   that of recording the operations.
  Value evaluate(const Variables& variables = {}) const;
  // The same; what statements gave names to is added to `variables`.
  Value evaluate_into(Variables& variables) const;

  // A Function of these names, each a number. Numbers that statements give names to are constants
  // there.
  // Throws: Error as evaluate() does.
  Function function(std::span<const std::string> parameters,
                    std::span<const std::string> inputs) const;

 private:
  std::string text_;
  std::shared_ptr<const detail::ExpressionProgram> program_;
};

}  // namespace autograd
