// The part of a graph that one value leads through.
#pragma once

#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// Only the nodes on paths from `from` to the root. Operands beside these paths are kept as constants.
//
// Throws: Error if the root was not computed from it.
GraphView paths_from(const GraphView& view, const Value& from);

}  // namespace autograd::detail
