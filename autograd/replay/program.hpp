// Program: a trace as steps over registers, to be run on blocks of rows.
//
// What is the same in all rows is computed once, in front of the rows. Where a mean over the rows
// is needed by what follows, the rows are gone through again: a phase for each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <autograd/kernels/kernel.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// What an output of a trace is wanted for.
struct Sink {
  enum Kind : std::uint8_t {
    kRow,    // in every row: column `index` of the outputs `group`
    kSum,    // added up over the rows: total `index` of `group`
    kGuard,  // has to be `expected` (1 or 0) in every row: guard `index`
  };
  Kind kind;
  std::uint32_t index;
  bool expected = false;  // of a kRow: whether it is wanted negated
  std::uint32_t group = 0;
};

struct Program {
  struct Phase {
    std::vector<Step> once;             // on one row: what is the same in all
    std::vector<std::uint32_t> pinned;  // uniforms that operations of the rows take
    std::vector<Step> rows;
    struct Mean {
      std::uint32_t sum, uniform;
    };
    std::vector<Mean> means;  // after the rows: uniform <- sum / rows
  };
  // Totals of `group` from `index` on, `count` of them: factor * uniforms from `from` on, or sums.
  struct Totals {
    std::uint32_t group, index, count, phase;
    std::uint32_t from;
    bool are_uniform;
    bool is_more;  // adds to what is there
    double factor;
  };

  std::vector<Phase> phases;
  std::vector<std::uint32_t> list;
  // Uniforms are the parameters, then these numbers, then what is computed.
  std::vector<double> numbers;
  std::uint32_t parameters = 0, uniforms = 0;
  std::uint32_t registers = 0, sums = 0, kept = 0;
  std::uint32_t block = 0;          // rows
  std::uint32_t most_operands = 0;  // of an operation with a list
  std::vector<Totals> totals;
  // A row that has diverged spoils the others, as means over all rows are used in each.
  bool mixes_rows = false;
  // A NaN may be gone again before it reaches an output.
  bool hides_nan = false;
};

// The sinks are those of trace.outputs, one for one.
Program compile(Trace trace, std::span<const Sink> sinks, std::size_t parameters);

// One line for each step.
std::string to_string(const Program& program);

}  // namespace autograd::detail
