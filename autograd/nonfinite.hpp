// Where a NaN or an infinity was born.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <autograd/inspect/description.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct NonFinite {
  enum class Where {
    kForward,   // a result is not finite although its operands are, or a leaf is not
    kBackward,  // all results are finite, but a derivative is not
    // All of them are finite, but an adjoint of 0 has met an infinite local derivative, and nothing
    // was passed on. The derivative that came out may be wrong: see find_singular().
    kZeroTimesInfinity,
  };
  using Operand = detail::DescribedOperand;

  Where where = Where::kForward;
  Value value;                 // the node it was born at
  std::string operation = {};  // "" of a leaf or a plain number
  std::string label = {};      // of value
  double number = 0.0;         // what was born: the data of value, or dy/d(operand)
  double gradient = 0.0;       // not forward: dy/d(value), which is finite
  std::size_t operand = 0;     // not forward: the operand whose gradient is not finite
  std::vector<Operand> operands = {};
  std::vector<std::string> parts = {};  // that the node is in, the outermost first: see Scope
  std::vector<Value> path = {};         // from value to y, both included
  std::string cure = {};                // what usually helps

  std::string to_string() const;
};

// The node at which the NaN or the infinity in y was born or, if y is finite, the one in its
// gradient or, if that is finite too, where a 0 has met an infinity on the way back. A number that
// is not finite but reaches neither does not count: the side of a select() that was not taken, or
// what is multiplied by the plain number 0.
//
//   if (const auto found = find_nonfinite(loss)) std::cerr << found->to_string();
//
// Changes no gradient.
// Cost: linear in the operations recorded up to y.
std::optional<NonFinite> find_nonfinite(const Value& y);

}  // namespace autograd
