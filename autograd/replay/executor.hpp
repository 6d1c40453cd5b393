// Executor: runs a program over the rows of a batch.
//
// The bits of a row do not depend on the other rows, nor those of a sum on the number of threads:
// rows are added up in blocks, blocks in chunks, chunks one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <autograd/replay/program.hpp>

namespace autograd::detail {

struct Batch {
  std::span<const double> parameters;
  Columns inputs;
  std::array<Columns, 2> outputs;  // of each Results
  std::size_t rows;
  std::array<double*, 2> totals;     // of each Results; null if none are requested
  bool mean;                         // else the sum
  std::span<std::uint8_t> diverged;  // set to 1 for rows that diverge; may be empty
};

// Rows that failed a guard.
struct Diverged {
  std::size_t rows = 0;
  std::size_t first_row = 0, first_guard = 0;
};

// Totals are sums over the rows that have not diverged; the outputs of those that have are NaN.
Diverged run(const Program& program, const Kernels& kernels, const Batch& batch,
             std::size_t threads);

}  // namespace autograd::detail
