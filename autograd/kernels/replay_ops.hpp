// Operations that only a replay has: passes make them of several others.
//
// Their codes follow those of ops::All, with room between: a code of the tape has 8 bits.
#pragma once

#include <cstdint>

#include <autograd/ops.hpp>

namespace autograd::detail {

struct UnlessNan {
  static constexpr ops::Info info{"unless_nan", "y, but x where that is NaN", {}, "", "unless nan"};
  static constexpr std::array domain{ops::kReals, ops::kReals};
  static auto value(auto x, auto y) { return ops::unless_nan(x, y); }
};

struct Gaussian {
  static constexpr ops::Info info{"gaussian", "e^(-x^2)", {}, "", "exp -x^2"};
  static constexpr std::array domain{ops::kReals};
  static auto value(auto x) { return ops::Exp::value(-(x * x)); }
};

// Sum and Dot start from 0, which would make 0 of -0. These start from their first term.
struct PlainSum {
  static constexpr ops::Info info{.name = "plain_sum",
                                  .formula = "x_1 + ... + x_n",
                                  .derivatives = {},
                                  .symbol = "sum",
                                  .commutes = ops::Commutes::kNearly};
};
struct PlainDot {
  static constexpr ops::Info info{"plain_dot", "x_1 x_2 + x_3 x_4 + ...", {}, "", "dot"};
};
struct AdjointDot {  // upstream, partial, upstream, partial, ...
  static constexpr ops::Info info{"adjoint_dot", "a sum of adjoint products", {}, "", "dot"};
};

using ReplayOnly = ops::List<UnlessNan, Gaussian, PlainSum, PlainDot, AdjointDot>;

// Names an operation of a trace: its code on the tape, or its place behind kFirstReplayOnly.
using ReplayCode = std::uint16_t;
inline constexpr ReplayCode kFirstReplayOnly = 256;
static_assert(ops::All::size <= kFirstReplayOnly);

template <class Op> constexpr ReplayCode replay_code() {
  constexpr std::size_t place = ReplayOnly::index<Op>();
  return static_cast<ReplayCode>(place < ReplayOnly::size ? kFirstReplayOnly + place : code<Op>);
}
inline constexpr ReplayCode kUnlessNan = replay_code<UnlessNan>(),
                            kGaussian = replay_code<Gaussian>(),
                            kPlainSum = replay_code<PlainSum>(),
                            kPlainDot = replay_code<PlainDot>(),
                            kAdjointDot = replay_code<AdjointDot>();

constexpr Facts facts_of(ReplayCode c) {
  return c < kFirstReplayOnly ? facts(static_cast<Code>(c)) : Facts{};
}
constexpr bool is_dot(ReplayCode c) {
  return c == code<ops::Dot> || c == kPlainDot || c == kAdjointDot;
}

// Operations that become instructions of sums, which read uniforms from where they are.
constexpr bool is_sum(ReplayCode c) { return is_dot(c) || c == code<ops::Sum> || c == kPlainSum; }

// Of an operation, not of a leaf of a trace.
constexpr const ops::Info& info_of(ReplayCode c) {
  return c < kFirstReplayOnly ? ops::All::infos[c] : ReplayOnly::infos[c - kFirstReplayOnly];
}

}  // namespace autograd::detail
