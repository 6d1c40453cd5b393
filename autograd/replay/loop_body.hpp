// The rows of a loop, from terms that are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <autograd/replay/reroll.hpp>
#include <autograd/replay/terms.hpp>

namespace autograd::detail {

// Terms with the same text.
struct AlikeTerms {
  ExpressionText text;
  std::size_t width;                 // slots of a term
  LargeVector<std::uint32_t> terms;  // which ones of the sum, or of the outputs
  LargeVector<Trace::Node> slots;    // of one term behind the other

  // Whether slot k is not the same in all terms; whether there is one.
  bool differs(std::size_t k) const;
  bool differs() const;
};

// What becomes of terms: the tags of their texts.
inline constexpr std::uint32_t kAdded = 0, kValue = 1, kGuard = 2;  // and above, for other guards

// A loop for each of these, one only for those that go over the same columns. Takes what goes over
// these too from `more`.
std::vector<Loop> loops_of(const Trace& trace, std::vector<AlikeTerms> groups,
                           std::vector<AlikeTerms>& more);

}  // namespace autograd::detail
