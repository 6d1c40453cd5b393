// Loops that run for ever: their graph and their process stay as large as they are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include <autograd/statistics.hpp>
#include <tests/support/helpers.hpp>

namespace bounded {

// How often a loop runs: ten times as often at night.
inline int rounds() {
  return helpers::length() == helpers::Length::kDeep ? 10'000'000
                                                     : helpers::scaled(1'000'000, 20'000);
}

inline bool fits(const autograd::GraphStatistics& x, const autograd::GraphStatistics& within) {
  return x.operations <= within.operations && x.leaves <= within.leaves &&
         x.edges <= within.edges && x.bytes <= within.bytes &&
         x.bytes_reserved <= within.bytes_reserved;
}

inline std::string text(const autograd::GraphStatistics& x) {
  return std::to_string(x.operations) + " operations, " + std::to_string(x.leaves) + " leaves, " +
         std::to_string(x.edges) + " edges, " + std::to_string(x.bytes) + " of " +
         std::to_string(x.bytes_reserved) + " bytes";
}

// Leaves that nobody names wait for others to be collected with, so that counts saw up and down.
// The highest of many rounds does not.
struct Peak {
  autograd::GraphStatistics high;
  void see(const autograd::GraphStatistics& now) {
    high.operations = std::max(high.operations, now.operations);
    high.leaves = std::max(high.leaves, now.leaves);
    high.edges = std::max(high.edges, now.edges);
    high.bytes = std::max(high.bytes, now.bytes);
    high.bytes_reserved = std::max(high.bytes_reserved, now.bytes_reserved);
  }
};

// Whether the graph and the process stay as large as they were after the first tenth of the rounds.
template <class Round> void check_bounded(const Round& round) {
  Peak warm, later;
  for (int i = 0; i < rounds() / 10; ++i) {
    round(i);
    warm.see(autograd::graph_statistics());
  }
  const std::size_t resident = helpers::resident_bytes();
  for (int i = rounds() / 10; i < rounds(); ++i) {
    round(i);
    later.see(autograd::graph_statistics());
  }
  INFO("first tenth: " << text(warm.high) << "; then: " << text(later.high));
  CHECK(fits(later.high, warm.high));
  CHECK(helpers::resident_bytes() <= resident + (1 << 20));
}

// So many operations are recorded at least before a graph is looked through.
inline constexpr std::size_t kSmall = 8192;

// Runs the turns. Never may there be more operations than these, and in the second half of the turns
// no more memory is taken.
template <class Turn> void check_flat(std::size_t most_operations, const Turn& turn) {
  const int turns = rounds();
  std::size_t operations = 0, leaves = 0, reserved = 0, resident = 0;
  for (int i = 0; i < turns; ++i) {
    turn(i);
    const autograd::GraphStatistics now = autograd::graph_statistics();
    operations = std::max(operations, now.operations);
    leaves = std::max(leaves, now.leaves);
    if (i == turns / 2) {
      reserved = now.bytes_reserved;
      resident = helpers::resident_bytes();
    }
  }
  CHECK(operations <= most_operations);
  CHECK(leaves <= 2 * most_operations);
  CHECK(autograd::graph_statistics().bytes_reserved <= reserved + reserved / 8);
  CHECK(helpers::resident_bytes() <= resident + (1 << 20));
}

}  // namespace bounded
