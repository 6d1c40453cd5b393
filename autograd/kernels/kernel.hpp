// Kernels: functions that carry out an instruction for a block of rows at once.
//
// There is one table of them for each set of instructions that the processor may have. A row is a
// lane: its results do not depend on its place in a block, or on the other rows. Results of + - * /
// and sqrt, and sums over rows, are the same in all tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <autograd/kernels/instruction.hpp>

namespace autograd::detail {

// Rows of a block, at most.
inline constexpr std::size_t kMostRows = 256;
// Lanes of the widest vector. A sum over rows is kLanes sums of every kLanes-th row, in all tables.
inline constexpr std::size_t kLanes = 8;

// Where numbers of rows lie.
struct Columns {
  double* data;
  std::size_t row_stride, column_stride;
  [[gnu::always_inline]] double* at(std::size_t row, std::size_t column) const {
    return data + row * row_stride + column * column_stride;
  }
};

// What the instructions of a program work on: the numbers of one block of rows.
struct BlockState {
  double* registers;  // `block` numbers each
  std::size_t block;
  const double* preloaded;  // kLanes times each
  void* operands;           // room for one vector each, of the operation that has the most
  double* uniforms;
  double* sums;
  double* carried;
  const std::uint32_t* list;
  Columns inputs;
  std::array<Columns, 2> outputs;  // values, derivatives by the inputs
  std::size_t rows;                // of this block, at most `block`
  std::size_t lanes;               // that hold them, a multiple of those of a vector
  std::uint8_t* diverged;          // 1 for each row that has
  bool has_diverged;
  std::uint32_t guard;  // from which the first of them has
  bool is_nan;          // a NaN has been stored or added up
};

struct Kernels {
  using Run = void (*)(const Instruction&, BlockState&);
  const char* name;
  std::size_t lanes;
  // nan_safe: a gradient of 0 adds nothing, whatever partial derivative it meets. Where nothing is
  // NaN, `fast` gives the same.
  std::array<Run, kKernelCount> fast, nan_safe;
};

// The tables that this processor can run, the fastest first.
std::span<const Kernels* const> usable_kernels();

}  // namespace autograd::detail
