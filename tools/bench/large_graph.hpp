// A graph with parts, as large as wanted.
#pragma once

#include <cstddef>

#include <autograd/autograd.hpp>

namespace bench {

// n operations in ten parts, which use one leaf again and again.
autograd::Value large_graph(const autograd::Value& x, std::size_t n);

}  // namespace bench
