// The memory of the tape's arrays.
#pragma once

#include <cstddef>
#include <cstdint>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

template <class T> T* array(GrowingArray& memory, std::size_t count, std::size_t most) {
  return static_cast<T*>(memory.grow(count * sizeof(T), most * sizeof(T)));
}

// For arrays by node, of leaves and operations alike: their first operation.
template <class T> T* array_around(GrowingArray& memory, std::size_t leaves, std::size_t more) {
  return array<T>(memory, leaves + more, 2 * std::size_t{kMostOperations}) + leaves;
}

}  // namespace autograd::detail
