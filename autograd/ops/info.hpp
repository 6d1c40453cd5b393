// What is known of an operation beside its rule: names, formulas, facts that other parts of the
// library read. Each stands once, in the struct of the operation.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace autograd::ops {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// From where to where an operand may go.
struct Interval {
  double low, high;
};
inline constexpr Interval kReals{-kInfinity, kInfinity};
inline constexpr Interval kPositive{0, kInfinity};

// Whether exchanged operands give the same number.
//   kExactly   to the last bit
//   kNearly    up to rounding, or to the sign of a zero
enum class Commutes : std::uint8_t { kNo, kNearly, kExactly };

struct Info {
  std::string_view name, formula;
  std::array<std::string_view, 2> derivatives;  // dr/dx, dr/dy
  std::string_view choice = "";                 // at a kink or a singular point
  std::string_view symbol = name;               // in programs, in plain characters
  std::string_view glyph = symbol;              // in drawings, as written by hand
  Commutes commutes = Commutes::kNo;
  // What helps where the result or a derivative is infinite or NaN.
  std::string_view cure = "look at what this operation does with these operands";
  // What helps where a derivative hangs on a kink or a jump.
  std::string_view kink_cure =
      "take a function that is smooth there, or move the point a little off";
};

inline constexpr std::string_view kTooLarge =
    "the numbers are too large for a double: scale them down, or compute with logarithms";
inline constexpr std::string_view kSquaredLength =
    "a length has a cone at 0: where its square is meant, add up the squares and leave out the "
    "root; else add a small number under the root";

}  // namespace autograd::ops
