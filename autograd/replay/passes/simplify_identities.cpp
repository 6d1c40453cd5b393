#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

bool is_power_of_two(double x) {
  int exponent = 0;
  return std::isnormal(x) && std::frexp(std::abs(x), &exponent) == 0.5 && exponent > -900 &&
         exponent < 900;
}

// The node that (code, x) is without doing anything new, or kNone.
Node same_as_before(const Trace& t, ReplayCode c, std::span<const Node> x) {
  const auto is = [&](std::size_t i, double number) {
    return t.is_number(x[i]) &&
           std::bit_cast<std::uint64_t>(t.number(x[i])) == std::bit_cast<std::uint64_t>(number);
  };
  if (c == code<ops::Mul> || c == code<ops::AdjointProduct>)
    return is(1, 1) ? x[0] : is(0, 1) ? x[1] : kNone;
  if (c == code<ops::Div> || c == code<ops::Pow>) return is(1, 1) ? x[0] : kNone;
  if (c == code<ops::Sub>) return is(1, 0) ? x[0] : kNone;
  if (c == code<ops::Add>) return is(1, -0.0) ? x[0] : is(0, -0.0) ? x[1] : kNone;
  // Comparisons are 1 or 0 already.
  if (c == code<ops::NotEqual> && facts_of(t.code(x[0])).is_comparison && is(1, 0)) return x[0];
  if (c == code<ops::Select> && facts_of(t.code(x[0])).is_comparison && is(1, 1) && is(2, 0))
    return x[0];
  if (c == code<ops::Select>) {
    if (t.is_number(x[0])) return t.number(x[0]) != 0 ? x[1] : x[2];
    return x[1] == x[2] ? x[1] : kNone;
  }
  return kNone;
}

// -x, with the sign where it costs nothing.
Node negated(Trace& t, Node x) {
  if (t.code(x) == code<ops::Neg>) return t.operands(x)[0];
  if (t.is_number(x)) return t.add_number(-t.number(x));
  if (t.code(x) == code<ops::Mul>) {
    const Node a = t.operands(x)[0], b = t.operands(x)[1];
    if (t.is_number(a)) return t.add(code<ops::Mul>, {t.add_number(-t.number(a)), b});
    if (t.is_number(b)) return t.add(code<ops::Mul>, {a, t.add_number(-t.number(b))});
  }
  return t.add(code<ops::Neg>, {x});
}

// Signs are taken out of products and quotients, into sums, and cancelled: all exact.
Node without_signs(Trace& t, ReplayCode c, std::span<const Node> x) {
  const auto is_negated = [&](Node each) { return t.code(each) == code<ops::Neg>; };
  const auto bare = [&](Node each) { return is_negated(each) ? t.operands(each)[0] : each; };
  if (std::ranges::none_of(x, is_negated)) return kNone;
  if (c == code<ops::Square> || c == code<ops::Abs>) return t.add(c, {bare(x[0])});
  if (c == code<ops::Reciprocal>) return negated(t, t.add(c, {bare(x[0])}));
  if (c == code<ops::Mul> || c == code<ops::Div> || c == code<ops::AdjointProduct>) {
    const bool both = is_negated(x[0]) && is_negated(x[1]);
    const Node product = t.add(c, {bare(x[0]), bare(x[1])});
    return both ? product : negated(t, product);
  }
  // Not -(x + y) and the like: where that is 0 its sign would change.
  if (c == code<ops::Add>) {
    return is_negated(x[1]) ? t.add(code<ops::Sub>, {x[0], bare(x[1])})
                            : t.add(code<ops::Sub>, {x[1], bare(x[0])});
  }
  if (c == code<ops::Sub> && is_negated(x[1])) {
    return is_negated(x[0]) ? t.add(c, {bare(x[1]), bare(x[0])})
                            : t.add(code<ops::Add>, {x[0], bare(x[1])});
  }
  return kNone;
}

Node with_identity(Trace& t, ReplayCode c, std::span<const Node> x) {
  const Node same = same_as_before(t, c, x);
  if (same != kNone) return same;
  const auto becomes = [&](ReplayCode other, Node a, Node b) {
    return with_identity(t, other, std::array{a, b});
  };
  if (c == code<ops::Pow> && t.is_number(x[1], 2)) return t.add(code<ops::Square>, {x[0]});
  if (c == code<ops::Pow> && t.is_number(x[1], -1)) return t.add(code<ops::Reciprocal>, {x[0]});
  if (c == code<ops::Div> && t.is_number(x[0], 1)) return t.add(code<ops::Reciprocal>, {x[1]});
  if (c == code<ops::Div> && t.is_number(x[1]) && is_power_of_two(t.number(x[1])))
    return becomes(code<ops::Mul>, x[0], t.add_number(1 / t.number(x[1])));
  if (c == code<ops::Mul> && t.is_number(x[1], -1)) return negated(t, x[0]);
  if (c == code<ops::Mul> && t.is_number(x[0], -1)) return negated(t, x[1]);
  if (c == code<ops::Mul> && x[0] == x[1]) return t.add(code<ops::Square>, {x[0]});
  if (c == code<ops::Neg>) return negated(t, x[0]);
  if (c == code<ops::AdjointProduct>) {
    if (t.is_number(x[0], 0)) return x[0];
    const bool is_plain = t.is_number(x[0]) || (t.is_number(x[1]) && std::isfinite(t.number(x[1])));
    if (is_plain) return becomes(code<ops::Mul>, x[0], x[1]);
  }
  const Node unsigned_one = without_signs(t, c, x);
  return unsigned_one != kNone ? unsigned_one : t.add(c, x);
}

}  // namespace

Trace simplify_identities(const Trace& trace) {
  return rewrite(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    return with_identity(out, trace.code(node), x);
  });
}

}  // namespace autograd::detail
