// Nodes where there is no derivative, or an infinite one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <autograd/gradient.hpp>
#include <autograd/inspect/description.hpp>
#include <autograd/numbers/recorded_inputs.hpp>
#include <autograd/tape/strict.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct Singular {
  enum class Kind {
    kZeroTimesInfinity,  // an adjoint of exactly 0 met an infinite local derivative
    kJump,               // the value jumps
    kKink,               // the slopes on the two sides differ
    kPole,               // the value is infinite
    kEdge,               // the value is finite and the slope infinite, or the domain ends
    kUndefined,          // the local derivative is NaN
    kOverflow,           // the local derivative is infinite, as of exp(800)
    kCurvatureJump,      // the slope has a kink
  };

  using Operand = detail::DescribedOperand;

  Kind kind = Kind::kKink;
  Value value;                          // the node
  std::string operation = {};           // its name
  std::string label = {};               // of value
  std::vector<std::string> parts = {};  // that it is in: see scope.hpp
  std::vector<Operand> operands = {};   // with the local derivatives that were taken
  std::size_t operand = 0;              // the first for which the node is singular
  double gradient = 0.0;                // dy/d(value), what arrives here
  // Which derivatives of y may hang on what was chosen here, or are infinite because of it.
  bool first = false, second = false;
  bool is_masked = false;   // a factor of 0, or a part that is flat, lies between this and y
  std::string choice = {};  // what the operation chooses at such points, of operations.md
  std::string cure = {};    // what usually helps

  // What there is and was chosen, as a clause.
  std::string fact() const;
  // That, which derivatives hang on it, and the cure.
  std::string to_string() const;
};

// The nodes that y was computed from at which their operation is singular, and on which a first or
// second derivative of y hangs: those nearest to y first. Not on the untaken side of a select(), and
// none that no leaf with a gradient leads to.
//
//   for (const Singular& each : find_singular(loss)) std::cerr << each.to_string();
//
// Changes no gradient. The numbers of leaves are taken as they are now.
// Cost: linear in the operations recorded up to y.
std::vector<Singular> find_singular(const Value& y);

namespace detail {

// With these nodes in place of the leaves with a gradient.
std::vector<Singular> find_singular(const Value& y, std::span<const Value> inputs);
// Labels them x[0], x[1], ...
void name_inputs(std::span<const Value> inputs);

}  // namespace detail

// The same of f at x, a callable as in gradient.hpp. The inputs are named x[0], x[1], ...
template <class F>
requires std::invocable<F&, std::span<const Value>>
std::vector<Singular> find_singular(F&& f, Point x) {
  const detail::RecordedInputs in(x);
  detail::name_inputs(in.values());
  return detail::find_singular(Value(f(in.values())), in.values());
}

}  // namespace autograd
