// Local derivatives that are 0 because of the structure of an expression, not of its numbers.
#pragma once

#include <cstddef>

#include <autograd/tape/operands.hpp>

namespace autograd::detail {

// Whether the derivative of an operation by its operand k is 0, and stays so while its operands move
// a little: the plain number 0 is the other factor, max() has the other operand, a select() has not
// taken it.
bool is_structural_zero(Id operation, const Operands& operands, std::size_t k);

}  // namespace autograd::detail
