// From the tape to a trace: the only file of replay that knows the tape.
#pragma once

#include <span>

#include <autograd/replay/trace.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

// What `outputs` were computed from. The parameters and inputs are leaves or results of operations;
// other leaves become the numbers they are now.
// Throws: Error if an operation cannot be replayed, or there are too many nodes.
Trace trace_of(std::span<const Value> parameters, std::span<const Value> inputs,
               std::span<const Value> outputs);

}  // namespace autograd::detail
