// Kernels: the steps of a program, each for a block of rows at once.
//
// One table for each set of instructions that the processor may have. A row is a lane: what comes
// out for it does not depend on where in a block it stands, or on its neighbours. Results of + - *
// / and sqrt, and sums over rows, are the same in all tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <autograd/ops.hpp>

namespace autograd::detail {

// Rows of a block, at most. Sums over rows are made of kLanes sums of every kLanes-th row.
inline constexpr std::size_t kMostRows = 256, kLanes = 8;
// Sums that are made in one step.
inline constexpr std::size_t kTile = 4;
inline constexpr std::uint32_t kNone = 0xffffffff, kMinusZero = 0xfffffffe, kUniform = 0x80000000,
                               kFromZero = 0x40000000, kPinned = 0x80000000;

// What a step does is named by the code of an operation, or one of these. Operands are registers of
// one number a row, uniforms of one number for all rows, and lists of them. What operations take
// may also be a pinned uniform, with kPinned added to its place.
enum Kernel : std::uint16_t {
  kUnless = 64,     // out <- b, but a where that is NaN
  kGaussianOfRows,  // out <- exp(-a^2)
  kBroadcast,       // out <- uniform a
  kCollect,         // uniform out <- a, of a program that runs on one row
  kLoad,            // out <- column a of the inputs
  kStore,           // column out of the outputs b (0 or 1) <- a
  kStoreNegated,    // the same <- -a
  kKeep,            // column out of what is kept for the next phase <- a
  kFetch,           // out <- column a of what was kept
  kCheck,           // rows where a is not b (0 or 1) have diverged from guard c
  // out <- a + what the list from b on holds, c entries of it, from left to right.
  // a: kNone (0), kMinusZero, a register, or a uniform with kUniform added to it, and kFromZero if
  // 0 is to be added to it first.
  kAddRegisters,  // register
  kAddUniforms,   // uniform
  kAddProducts,   // register, register
  kAddScaled,     // uniform, register
  kAddFlows,      // register, register, as AdjointProduct
  kAddFlowsOut,   // uniform, register: AdjointProduct(register, uniform)
  kAddFlowsIn,    // uniform, register: AdjointProduct(uniform, register)
  // kTile of those with the same registers. The list from b on holds out and a of each; then c
  // entries of a register and the kTile uniforms.
  kAddScaledTile,
  kAddFlowsOutTile,
  kAddFlowsInTile,
  // Sums over the rows, for the list from b on, c entries of it. out: kNone if the sums do not lie
  // side by side.
  kSumRows,          // register, sum
  kSumProducts,      // register, sum: of a times the register
  kSumFlows,         // register, sum: of AdjointProduct(a, register)
  kSumProductPairs,  // register, register, sum
  kSumFlowPairs,
  // kTile of those with the same registers. The list from b on holds a and the first sum of each,
  // whose others lie behind it; then c registers.
  kSumProductsTile,
  kSumFlowsTile,
  kFused,  // and what follows: see fused()
  kKernelCount = kFused + 5 * (2 * 5 + 8)
};

// y, but x where that is NaN: what kUnless does.
struct Unless {
  static auto value(auto x, auto y) { return ops::unless_nan(x, y); }
};

// Two operations as one step, without a register for what is between.
using FusedFirst = ops::List<ops::Add, ops::Sub, ops::Mul, ops::AdjointProduct, Unless>;
using FusedLast = ops::List<ops::Add, ops::Sub, ops::Mul, ops::AdjointProduct, ops::Div>;
using FusedLastOfOne = ops::List<ops::Neg, ops::Reciprocal, ops::Square, ops::Exp, ops::Log,
                                 ops::Sqrt, ops::Tanh, ops::Erfc>;
// out <- last(first(a, b), c), or last(c, first(a, b)) if turned.
constexpr std::uint16_t fused(std::size_t first, std::size_t last, bool turned) {
  return static_cast<std::uint16_t>(kFused + 18 * first + 2 * last + (turned ? 1 : 0));
}
// out <- last(first(a, b)).
constexpr std::uint16_t fused(std::size_t first, std::size_t last) {
  return static_cast<std::uint16_t>(kFused + 18 * first + 10 + last);
}

constexpr bool is_tile(std::uint16_t kernel) {
  return (kernel >= kAddScaledTile && kernel <= kAddFlowsInTile) || kernel == kSumProductsTile ||
         kernel == kSumFlowsTile;
}

struct Step {
  std::uint16_t kernel;
  std::uint32_t out, a, b, c;
};

// Where numbers of rows lie.
struct Columns {
  double* data;
  std::size_t row_stride, column_stride;
  double* at(std::size_t row, std::size_t column) const {
    return data + row * row_stride + column * column_stride;
  }
};

// What the steps of one block work on.
struct BlockState {
  double* registers;  // `block` numbers each
  std::size_t block;
  const double* pinned;  // uniforms that operations take, kLanes times each
  void* operands;        // room for one vector each, of the operation that has the most
  double* uniforms;
  double* sums;
  double* kept;
  const std::uint32_t* list;
  Columns inputs;
  std::array<Columns, 2> outputs;
  std::size_t rows;        // of this block, at most `block`
  std::size_t lanes;       // that hold them, a multiple of those of a vector
  std::uint8_t* diverged;  // 1 for each row that has
  bool has_diverged;
  std::uint32_t guard;  // where the first of them did
  bool is_nan;          // a NaN has been stored or added up
};

struct Kernels {
  using Run = void (*)(const Step&, BlockState&);
  const char* name;
  std::size_t lanes;
  // nan_safe: a gradient that is 0 does not flow on, whatever it meets. Where nothing is NaN, `fast`
  // gives the same.
  std::array<Run, kKernelCount> fast, nan_safe;
};

// The tables that this processor can run, the fastest first.
std::span<const Kernels* const> usable_kernels();

}  // namespace autograd::detail
