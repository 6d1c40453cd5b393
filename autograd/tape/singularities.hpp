// Nodes that sit at a point where their operation has no derivative, or an infinite one.
#pragma once

#include <cstddef>
#include <cstdint>

#include <autograd/ops/singularity.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// What an operation has for a step of operand number k, at the numbers that its operands have now.
// Two operands that are one node move together: max(x, x) has no kink.
ops::Singularity singularity(Id operation, const Operands& operands, std::size_t k);

// What becomes of the result where operand k becomes NaN, as it does beyond the end of a domain:
// NaN of most operations, but comparisons, fmax and fmin have a number.
enum class AtNaN : std::uint8_t { kNaN, kSame, kLeaps };
AtNaN at_nan(Id operation, const Operands& operands, std::size_t k);
// Whether the operation may make a number of NaN.
bool has_number_at_nan(Code code);
// Whether the domain ends here: a step of operand k makes the result NaN.
bool is_at_end(Id operation, const Operands& operands, std::size_t k);

// Whether the operation is constant between jumps, as comparisons and floor are.
bool is_step(Code code);

// Whether it takes one of two operands, and both where they are equal: max, min and their like.
bool has_ties(Code code);

// Whether it is made of pieces, whose slopes are those of the piece that the operands are in.
bool is_piecewise(Code code);

// Whether operand k is a side that a select() has not taken.
bool is_untaken(Id operation, const Operands& operands, std::size_t k);
// Whether only a jump of operand k can change the result: an operand of a step, and the condition of
// a select().
bool is_flat(Id operation, std::size_t k);

}  // namespace autograd::detail
