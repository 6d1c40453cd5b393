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
  LargeVector<std::uint32_t> terms;  // which ones of the sum
  LargeVector<Trace::Node> slots;    // of one term behind the other

  // Whether slot k is not the same in all terms; whether there is one.
  bool differs(std::size_t k) const;
  bool differs() const;
};

// A loop for each of these; for one only of those that go over the same columns.
std::vector<Loop> loops_of(const Trace& trace, std::vector<AlikeTerms> groups);

}  // namespace autograd::detail
