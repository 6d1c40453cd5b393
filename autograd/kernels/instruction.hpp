// Instructions of a program: which kernel runs, and on what.
#pragma once

#include <cstddef>
#include <cstdint>

#include <autograd/kernels/replay_ops.hpp>

namespace autograd::detail {

// What an instruction reads or writes: a kind of memory and an index.
class Argument {
 public:
  enum Kind : std::uint32_t {
    kRegister,         // one number for each row of a block; its bits are its index
    kPreloaded,        // a uniform value, repeated in memory for the lanes of a vector
    kUniform,          // one number for all rows
    kZeroPlusUniform,  // 0 + that: sums may start from it, and -0 is 0 then
    kPlusZero,         // sums start from these
    kMinusZero,
    kInput,          // a column of the inputs
    kOutput,         // a column of the values
    kInputGradient,  // a column of the derivatives by the inputs
    kCarried,        // a column that goes from one phase to a later one
    kSum,            // a sum over the rows
    kGuard,
    kList,   // an index into Program::list
    kCount,  // a number of entries there, or a place among them
    kNothing
  };
  static constexpr std::uint32_t kMostIndex = 0x0fffffff;

  constexpr Argument() = default;
  constexpr Argument(Kind kind, std::size_t index = 0)
      : bits_(static_cast<std::uint32_t>(kind) << 28 | static_cast<std::uint32_t>(index)) {}
  // Lists hold bits.
  static constexpr Argument of(std::uint32_t bits) {
    Argument result;
    result.bits_ = bits;
    return result;
  }

  [[gnu::always_inline]] constexpr Kind kind() const { return static_cast<Kind>(bits_ >> 28); }
  [[gnu::always_inline]] constexpr std::uint32_t index() const { return bits_ & kMostIndex; }
  [[gnu::always_inline]] constexpr std::uint32_t bits() const { return bits_; }
  [[gnu::always_inline]] constexpr bool is(Kind kind_asked) const { return kind() == kind_asked; }
  constexpr bool operator==(const Argument&) const = default;

 private:
  std::uint32_t bits_ = std::uint32_t{kNothing} << 28;
};

struct Instruction {
  std::uint16_t kernel;
  Argument out, a, b, c;

  // Of an instruction with a list: its first entry, and how many there are.
  [[gnu::always_inline]] std::uint32_t list() const { return b.index(); }
  [[gnu::always_inline]] std::uint32_t count() const { return c.index(); }
};
static_assert(sizeof(Instruction) == 20);  // a large program is read from memory for every block

// Sums that one instruction of a tile makes.
inline constexpr std::size_t kTile = 4;

// Names what an instruction does, unless that is one operation: then it is the operation's code.
// Operations take registers and preloaded values; those of many operands take a list of them, and
// Softmax the place of its result in a.
enum Kernel : std::uint16_t {
  kBroadcast = kFirstReplayOnly + ReplayOnly::size,  // register out <- uniform a
  kLoad,                                             // register out <- input a
  kStore,                                            // output or input gradient out <- register a
  kStoreNegated,                                     // the same <- -a
  kCarry,                                            // carried out <- register a
  kFetch,                                            // register out <- carried a
  kCheckTrue,   // rows where register a is not 1 have diverged from guard out
  kCheckFalse,  // where it is not 0
  // register out <- a + what the list holds, added up from left to right.
  // a: a register, kZero, kMinusZero, kUniform or kZeroPlusUniform. An entry of the list is:
  kAddRegisters,            // register
  kAddUniforms,             // uniform
  kAddProducts,             // register, register
  kAddScaled,               // uniform, register
  kAddAdjointProducts,      // register (upstream), register (partial)
  kAddUniformPartials,      // uniform (partial), register (upstream)
  kAddUniformUpstreams,     // uniform (upstream), register (partial)
  kAddScaledTile,           // kTile of those with the same registers. The list begins with out
  kAddUniformPartialsTile,  // and a of each. Then an entry is a register and kTile uniforms.
  kAddUniformUpstreamsTile,
  // Sums over the rows. out: the first sum if they lie side by side, else nothing.
  kSumRows,                 // register, sum
  kSumProducts,             // register, sum: of register a times that register
  kSumAdjointProducts,      // register, sum: the same as an adjoint product
  kSumProductPairs,         // register, register, sum
  kSumAdjointProductPairs,  // register, register, sum
  kSumProductsTile,         // kTile of those with the same registers. The list begins with a and
  kSumAdjointProductsTile,  // the first sum of each, behind which its others lie. Then registers.
  kFused                    // and all behind it: two operations, see Fused
};

constexpr bool is_tile(std::uint16_t kernel) {
  return (kernel >= kAddScaledTile && kernel <= kAddUniformUpstreamsTile) ||
         kernel == kSumProductsTile || kernel == kSumAdjointProductsTile;
}
constexpr bool sums_over_rows(std::uint16_t kernel) {
  return kernel >= kSumRows && kernel <= kSumAdjointProductsTile;
}
constexpr bool adds_up(std::uint16_t kernel) {
  return kernel >= kAddRegisters && kernel <= kAddUniformUpstreamsTile;
}

// Two operations in one instruction, without a register for the number between them.
using FusedFirst = ops::List<ops::Add, ops::Sub, ops::Mul, ops::AdjointProduct, UnlessNan>;
using FusedLast = ops::List<ops::Add, ops::Sub, ops::Mul, ops::AdjointProduct, ops::Div>;
using FusedLastOfOne = ops::List<ops::Neg, ops::Reciprocal, ops::Square, ops::Exp, ops::Log,
                                 ops::Sqrt, ops::Tanh, ops::Erfc>;

struct Fused {
  enum Form : std::size_t {
    kLeft,   // last(first(a, b), c)
    kRight,  // last(c, first(a, b))
    kOfOne   // last(first(a, b))
  };
  std::size_t first, last;  // places in FusedFirst, and in FusedLast or FusedLastOfOne
  Form form;

  // Kernels with the same first operation: those of FusedLast in both forms, then the others.
  static constexpr std::size_t kPairs = 2 * FusedLast::size;
  static constexpr std::size_t kKernelsOfFirst = kPairs + FusedLastOfOne::size;

  constexpr std::uint16_t kernel() const {
    const std::size_t place = form == kOfOne ? kPairs + last : 2 * last + form;
    return static_cast<std::uint16_t>(kFused + kKernelsOfFirst * first + place);
  }
  static constexpr Fused of(std::uint16_t kernel) {
    const std::size_t first = (kernel - kFused) / kKernelsOfFirst;
    const std::size_t place = (kernel - kFused) % kKernelsOfFirst;
    if (place >= kPairs) return {first, place - kPairs, kOfOne};
    return {first, place / 2, static_cast<Form>(place % 2)};
  }
};
inline constexpr std::size_t kKernelCount = kFused + FusedFirst::size * Fused::kKernelsOfFirst;

}  // namespace autograd::detail
