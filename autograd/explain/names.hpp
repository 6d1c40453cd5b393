// Names for the nodes of an explanation: labels where there are any, no two alike.
#pragma once

#include <string>
#include <vector>

#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// By node. Leaves without a label are x1, x2, ..., operations v1, v2, ..., the root is f. A label
// that is there twice gets a number: h, h#2. Plain numbers have no name.
std::vector<std::string> names_of(const GraphView& view);

}  // namespace autograd::detail
