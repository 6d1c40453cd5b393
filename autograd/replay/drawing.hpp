// A drawing of a trace, in the language of Graphviz.
#pragma once

#include <span>
#include <string>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// Boxes are parameters (round), inputs and outputs, named as given; operations that are the same in
// all rows are white. Numbers at edges tell operands apart: the terms of a dot product, the
// places where order matters.
std::string to_dot(const Trace& trace, std::span<const std::string> outputs);

}  // namespace autograd::detail
