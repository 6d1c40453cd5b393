// Program: a trace as instructions over registers, to be run on blocks of rows.
//
// Uniform values are computed once, in the prologue of a phase; its body is run for every block of
// rows. A value that needs a mean over the rows belongs to a later phase, which goes through the
// rows again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <autograd/kernels/kernel.hpp>
#include <autograd/replay/prologue.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// Which results an output is one of: those of the function, or its derivatives.
enum class Results : std::uint8_t { kValues, kDerivatives };

// The purpose of an output of a trace.
struct Output {
  enum Kind : std::uint8_t {
    kRow,    // wanted for every row: a column of `results`
    kSum,    // wanted as a sum over the rows: a total of `results`
    kGuard,  // a comparison that has to be `must_be` in every row
  };
  Kind kind;
  Results results;
  std::uint32_t index;  // of the column, total or guard
  bool must_be = false;
};

struct Program {
  struct Mean {
    std::uint32_t sum, uniform;
  };
  struct Phase {
    Prologue prologue;
    std::vector<std::uint32_t> preloaded;  // uniforms that operations of the body take
    std::vector<Instruction> body;
    std::vector<Mean> means;  // after the body: uniform <- sum / rows
  };
  // Totals of `results` that lie side by side: factor times sums, or times uniforms.
  struct Totals {
    Results results;
    std::uint32_t index, count;
    std::uint32_t phase;  // after which they are known
    std::uint32_t from;   // the first sum or uniform
    bool are_uniform;
    bool is_added;  // to the total of an earlier phase
    double factor;
  };

  std::vector<Phase> phases;
  std::vector<std::uint32_t> list;
  // Uniforms are the parameters, then these numbers, then results of instructions.
  std::vector<double> numbers;
  std::uint32_t parameters = 0, uniforms = 0;
  std::size_t uniform_room = 0;  // numbers for the uniforms, and behind them for prologues
  std::uint32_t registers = 0, sums = 0, carried = 0;
  std::uint32_t block = 0;          // rows
  std::uint32_t most_operands = 0;  // of an operation with a list
  std::vector<Totals> totals;
  std::uint64_t cost = 0;  // of a row, in steps of about 0.25 ns
  // A row that has diverged spoils the others, as means over all rows are used in each.
  bool mixes_rows = false;
  // A NaN may be gone again before it reaches an output.
  bool hides_nan = false;
};

// One line for each instruction.
std::string to_string(const Program& program);

}  // namespace autograd::detail
