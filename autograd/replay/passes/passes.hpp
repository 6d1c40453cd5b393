// Passes: a trace in, a better one out, with the same outputs. Each is linear in the trace.
//
// What they may assume is what holds for NaN, infinities and both zeros: x * 0 is not 0, x + 0 is
// not x where x is -0.
#pragma once

#include <span>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// What passes make of several operations. Unlike Sum and Dot, these sums do not start from 0, which
// would make 0 of -0.
inline constexpr Code kPlainSum = 0x40,
                      kPlainDot = 0x41,  // x, y, x, y, ...
    kAdjointDot = 0x42,                  // upstream, partial, upstream, partial, ...
    kUnlessNan = 0x43,                   // x, v: v, but x where that is NaN
    kGaussian = 0x44;                    // exp(-x^2)

// Without what no output needs.
Trace remove_dead(const Trace& trace, std::span<const Trace::Node> outputs);
inline Trace remove_dead(const Trace& trace) { return remove_dead(trace, trace.outputs); }

// Operations on numbers become numbers.
Trace fold_constants(const Trace& trace);

// x * 1, x / 1, x - 0, -(-x), pow(x, 2), select(1, x, y) and the like become what they are.
Trace simplify_identities(const Trace& trace);

// Nodes with the same operation and operands become one.
Trace merge_common(const Trace& trace);

// ((a b + c d) + e) + ... becomes one dot product or sum, in the same order, where nobody else
// needs what is between.
// And select(eq(x, x), v, x) becomes one operation.
Trace fuse_sums(const Trace& trace);

// All of them, in this order, dead nodes last.
Trace simplify(Trace trace);

// Outputs that are only added up over the rows (is_summed, one for each): what is the same in all
// rows is taken out of the sum, as in sum_r p x_r = p sum_r x_r. Such an output becomes the mean.
Trace hoist_uniform_factors(Trace trace, const std::vector<bool>& is_summed);

// Of each node: whether it is the same in all rows, as it leads back to no input, or through means
// over rows only.
std::vector<bool> uniform_nodes(const Trace& trace);

}  // namespace autograd::detail
