// Where an operation has no derivative, or an infinite one.
//
// The struct of an operation declares it, by conditions on its operands written as rules are:
//
//   static auto jump(auto x)            the value jumps: floor at a whole number
//   static auto kink(auto x)            the slopes on both sides differ: abs at 0
//   static auto curvature_jump(auto x)  the slope has a kink: elu at 0
//   static auto pole(auto x)            the value is infinite: 1 / x at 0
//   static auto edge(auto x)            the value is finite and the slope infinite, or the domain
//                                       ends: cbrt at 0
//
// An operation of two operands has (x, y); what holds for a step of one operand only is a member
// whose name ends in _dx or _dy, as kink_dx(x, y). An operation of many operands has kink_at(r), of
// its result. The finite ends of the domain of an operation of one operand are poles or edges, as
// its value there is, and need no declaration.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <autograd/ops/rule.hpp>

namespace autograd::ops {

enum class Singularity : std::uint8_t { kNone, kJump, kKink, kCurvatureJump, kPole, kEdge };

// Which operand a condition is about.
inline constexpr std::size_t kAnyOperand = 2;

// Calls visit(kind, operand, condition) for each condition that the operation declares. x are its
// operands, or the result of an operation of many; they may be of any number type.
template <class Op, class Visit> void for_each_singularity(const Visit& visit, const auto&... x) {
  using enum Singularity;
  constexpr std::size_t kAny = kAnyOperand;
  if constexpr (requires { Op::jump(x...); }) visit(kJump, kAny, Op::jump(x...));
  if constexpr (requires { Op::jump_dx(x...); }) visit(kJump, 0, Op::jump_dx(x...));
  if constexpr (requires { Op::jump_dy(x...); }) visit(kJump, 1, Op::jump_dy(x...));
  if constexpr (requires { Op::pole(x...); }) visit(kPole, kAny, Op::pole(x...));
  if constexpr (requires { Op::kink(x...); }) visit(kKink, kAny, Op::kink(x...));
  if constexpr (requires { Op::kink_dx(x...); }) visit(kKink, 0, Op::kink_dx(x...));
  if constexpr (requires { Op::kink_at(x...); }) visit(kKink, kAny, Op::kink_at(x...));
  if constexpr (requires { Op::edge(x...); }) visit(kEdge, kAny, Op::edge(x...));
  if constexpr (requires { Op::edge_dx(x...); }) visit(kEdge, 0, Op::edge_dx(x...));
  if constexpr (requires { Op::edge_dy(x...); }) visit(kEdge, 1, Op::edge_dy(x...));
  if constexpr (requires { Op::curvature_jump_dx(x...); })
    visit(kCurvatureJump, 0, Op::curvature_jump_dx(x...));
}

inline bool holds(bool condition) { return condition; }
inline bool holds(double condition) { return condition != 0; }

// What the operation has at these operands for a step of operand number `operand`. r is its result.
template <class Op> Singularity singularity_of(std::size_t operand, double r, auto... x) {
  Singularity found = Singularity::kNone;
  for_each_singularity<Op>(
      [&](Singularity kind, std::size_t which, auto condition) {
        if (found == Singularity::kNone && (which == kAnyOperand || which == operand) &&
            holds(condition))
          found = kind;
      },
      x...);
  if constexpr (sizeof...(x) == 1 && requires { Op::domain; }) {
    const Interval ends = Op::domain[0];
    const bool is_at_end = (... && (std::isfinite(x) && (x == ends.low || x == ends.high)));
    if (found == Singularity::kNone && is_at_end)
      found = std::isinf(r) ? Singularity::kPole : Singularity::kEdge;
  }
  return found;
}

}  // namespace autograd::ops
