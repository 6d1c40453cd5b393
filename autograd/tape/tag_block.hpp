// Tags of many nodes at once.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// A tag as a number: a block of them is looked at with a few vector instructions.
inline std::uint32_t word(const Tag& tag) { return std::bit_cast<std::uint32_t>(tag); }

inline bool has_handle(const Tag& tag) { return (word(tag) & word({0, 0xff, kHasTracked})) != 0; }

// What 64 nodes have together.
struct TagBlock {
  static constexpr Id kSize = 64;

  bool may_be_skipped;  // no handle, and the number of edges is known from the tags
  std::uint32_t edges;

  explicit TagBlock(const Tag* tags) {
    constexpr int kEdgesShift = std::endian::native == std::endian::little ? 16 : 0;
    std::uint32_t words[kSize];  // a copy: g++ makes no vectors of the tags themselves
    std::memcpy(words, tags, sizeof words);
    std::uint32_t all = 0, many = 0, count = 0;
    for (const std::uint32_t each : words) {
      const std::uint32_t n = each >> kEdgesShift & kMany;
      all |= each;
      many |= n + 1;  // kMany + 1, a bit of its own, for kMany
      count += n;
    }
    may_be_skipped = !has_handle(std::bit_cast<Tag>(all)) && (many & (kMany + 1u)) == 0;
    edges = count;
  }
};

}  // namespace autograd::detail
