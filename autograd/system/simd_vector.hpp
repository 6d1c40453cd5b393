// Doubles in one register: the vector types of GCC and Clang, by their number. They become AVX-512,
// AVX, SSE2 or NEON by the flags of the file that is compiled.
#pragma once

#include <cstddef>

namespace autograd::detail {

// Type    N doubles
// Stored  the same, aligned to no more than 16 bytes, so that numbers that hold one lie in any
//         vector or array
// Bits    N integers of the same width, as comparisons give them
template <std::size_t N> struct SimdVector;
template <> struct SimdVector<1> {
  using Type [[gnu::vector_size(8)]] = double;
  using Stored = Type;
};
template <> struct SimdVector<2> {
  using Type [[gnu::vector_size(16)]] = double;
  using Stored = Type;
  using Bits [[gnu::vector_size(16)]] = long long;
};
template <> struct SimdVector<4> {
  using Type [[gnu::vector_size(32)]] = double;
  using Stored [[gnu::vector_size(32), gnu::aligned(16)]] = double;
  using Bits [[gnu::vector_size(32)]] = long long;
};
template <> struct SimdVector<8> {
  using Type [[gnu::vector_size(64)]] = double;
  using Bits [[gnu::vector_size(64)]] = long long;
};

}  // namespace autograd::detail
