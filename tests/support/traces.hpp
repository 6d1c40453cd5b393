// Small traces for tests: written by hand, run number by number, and as text.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <autograd/ops.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <tests/support/numeric.hpp>

namespace traces {

using autograd::detail::kAdjointDot;
using autograd::detail::kGaussian;
using autograd::detail::kPlainDot;
using autograd::detail::kPlainSum;
using autograd::detail::kUnlessNan;
using autograd::detail::ReplayCode;
using autograd::detail::Trace;
namespace detail = autograd::detail;
namespace ops = autograd::ops;
using Node = Trace::Node;
using Numbers = std::vector<double>;
template <class Op> constexpr ReplayCode code = detail::code<Op>;

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ---- a trace, run as it stands ----

inline double value_of(ReplayCode c, std::span<const double> x) {
  if (c == kUnlessNan) return x[0] == x[0] ? x[1] : x[0];
  if (c == kGaussian) return std::exp(-(x[0] * x[0]));
  if (c == kPlainSum || c == kPlainDot || c == kAdjointDot) {
    double sum = -0.0;  // that plus any x is x
    for (std::size_t i = 0; i < x.size(); i += c == kPlainSum ? 1 : 2) {
      sum += c == kPlainSum   ? x[i]
             : c == kPlainDot ? x[i] * x[i + 1]
                              : ops::AdjointProduct::value(x[i], x[i + 1]);
    }
    return sum;
  }
  double result = 0;
  ops::All::for_each([&]<class Op> {
    if (code<Op> != c) return;
    if constexpr (std::same_as<Op, ops::Softmax>) {
      result = Op::value(x.subspan(1), static_cast<std::size_t>(x[0]));
    } else if constexpr (!requires { Op::domain; }) {
      result = Op::value(x, 0);
    } else if constexpr (Op::domain.size() == 1) {
      result = Op::value(x[0]);
    } else {
      result = Op::value(x[0], x[1]);
    }
  });
  return result;
}

// Leaf i, parameter or input, is x[i].
inline Numbers outputs_of(const Trace& t, const Numbers& x) {
  Numbers values, operands;
  for (Node i = 0; i < t.size(); ++i) {
    operands.clear();
    for (const Node each : t.operands(i)) operands.push_back(values[each]);
    values.push_back(t.is_number(i) ? t.number(i)
                     : t.is_leaf(i) ? x[t.nodes[i].first]
                                    : value_of(t.code(i), operands));
  }
  Numbers result;
  for (const Node y : t.outputs) result.push_back(values[y]);
  return result;
}

// NaN is NaN; all else has to have the same bits.
inline bool are_same(const Numbers& x, const Numbers& y) {
  return std::ranges::equal(x, y, [](double a, double b) {
    return (std::isnan(a) && std::isnan(b)) ||
           std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  });
}

inline constexpr std::array kHardNumbers = {0.0,   -0.0,   1.0,    -1.0,   2.0,   -2.0,
                                            0.5,   3.0,    0.1,    kInf,   -kInf, kNaN,
                                            1e308, -1e308, 5e-324, 1e-310, -0.7,  7.3};

inline std::string text_of(const Trace& t) {
  std::string result;
  for (Node i = 0; i < t.size(); ++i) {
    result += "\n  " + std::to_string(i) + " = ";
    if (t.is_number(i)) {
      result += numeric::text(t.number(i));
    } else if (t.is_leaf(i)) {
      result += "leaf " + std::to_string(t.nodes[i].first);
    } else {
      result += detail::info_of(t.code(i)).name;
    }
    for (const Node x : t.operands(i)) result += " " + std::to_string(x);
  }
  result += "\n  outputs";
  for (const Node y : t.outputs) result += " " + std::to_string(y);
  return result;
}

// x, y, z are leaves 0, 1, 2.
struct Draft {
  Trace t;
  Node x = t.add_leaf(Trace::kInput, 0), y = t.add_leaf(Trace::kInput, 1),
       z = t.add_leaf(Trace::kInput, 2);

  Node number(double n) { return t.add_number(n); }
  template <class Op> Node add(std::initializer_list<Node> operands) {
    return t.add(code<Op>, operands);
  }
  Draft& output(Node node) {
    t.outputs.push_back(node);
    return *this;
  }
};

inline bool has(const Trace& t, ReplayCode c) {
  for (Node i = 0; i < t.size(); ++i)
    if (t.code(i) == c) return true;
  return false;
}
}  // namespace traces
