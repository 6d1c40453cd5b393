// Passes: each makes a better trace of a trace, with the same outputs, in linear time.
//
// A pass may use only laws that hold for NaN, infinities and both zeros: x * 0 is not 0, and x + 0
// is not x where x is -0.
#pragma once

#include <span>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// Leaves out nodes that no output needs.
Trace remove_dead(const Trace& trace, std::span<const Trace::Node> outputs);
Trace remove_dead(const Trace& trace);

// Operations on numbers become numbers.
Trace fold_constants(const Trace& trace);

// x * 1, x / 1, x - 0, -(-x), pow(x, 2), select(1, x, y) and the like become what they are.
Trace simplify_identities(const Trace& trace);

// Nodes with the same operation and operands become one.
Trace merge_common(const Trace& trace);

// ((a b + c d) + e) + ... becomes one dot product or sum, in the same order, where nothing else
// uses the sums in between. select(eq(x, x), v, x) and exp(-x^2) become one operation each.
Trace fuse_sums(const Trace& trace);

struct Pass {
  const char* name;
  Trace (*run)(const Trace&);
};
// The passes that every trace goes through, in their order.
std::span<const Pass> passes();
Trace simplify(Trace trace);

// For outputs that are only added up over the rows (is_summed, one for each): uniform factors are
// taken out of the sum, as in sum_r p x_r = p sum_r x_r. Such an output becomes the mean.
Trace hoist_uniform_factors(Trace trace, const std::vector<bool>& is_summed);

// For each node: whether it is uniform, the same in all rows. No input leads to it, except through
// a mean over the rows.
std::vector<bool> uniform_nodes(const Trace& trace);

}  // namespace autograd::detail
