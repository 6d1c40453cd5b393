// Chain: finds the loop in a function whose steps need one another.
//
//   s = s + h sin(s) p
//
// was run many times, and its trace is unrolled. Operations that are the same from step to step,
// with operands that are as many operations back, are one body. What a step takes from the one
// before is carried; what is the same in all steps, shared; leaves that differ from step to step
// are columns.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <autograd/replay/trace.hpp>

namespace autograd::detail {

inline constexpr std::size_t kMostCarried = 8;

struct Chain {
  // Of a step. Its parameters are `shared`, its inputs what is carried, then the columns; its
  // outputs what it leaves to the next.
  Trace body;
  std::uint32_t steps = 0, carried = 0;
  std::vector<Trace::Node> begin;   // nodes of the function that the first step takes
  std::vector<Trace::Node> end;     // and those that the last step leaves
  std::vector<Trace::Node> shared;  // nodes of the function
  // Leaves of the function, and numbers; one column behind the other: first those of leaves.
  std::vector<Trace::Node> columns;
  std::uint32_t leaf_columns = 0;

  std::size_t width() const { return columns.size() / steps; }
};

// Of a function with one output; the chain is at least half of it.
// Cost: a few looks at each node.
std::optional<Chain> find_chain(const Trace& function);

}  // namespace autograd::detail
