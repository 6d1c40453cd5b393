// Retrace: a trace recorded again, on Values.
#pragma once

#include <span>
#include <vector>

#include <autograd/replay/trace.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

// The outputs of a trace of operations of ops::All, for these parameters and inputs.
std::vector<Value> retrace(const Trace& trace, std::span<const Value> parameters,
                           std::span<const Value> inputs);

}  // namespace autograd::detail
