#include "autograd/error.hpp"

namespace autograd::detail {

namespace {

// Made beforehand: when it is thrown there may be no memory for its text.
const Error kOutOfMemory(
    "out of memory: what was asked for does not fit. Of a graph, let results go out of scope "
    "earlier, or detach() what needs no gradient.");

}  // namespace

void out_of_memory() { throw Error(kOutOfMemory); }

}  // namespace autograd::detail
