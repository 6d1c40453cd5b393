#include <algorithm>
#include <array>
#include <autograd/detail/passes.hpp>
#include <autograd/ops.hpp>
#include <bit>
#include <cmath>
#include <utility>

namespace autograd::detail {
namespace {

using Node = Trace::Node;
constexpr Node kUnknown = 0xffffffff;

// A trace made node by node from another one. rule(out, node, operands, place) adds what operation
// `node` becomes, and says where that is; place[i] is what has become of node i.
template <class Rule>
Trace rebuilt(const Trace& from, Rule rule, const std::vector<bool>* keep = nullptr) {
  Trace out;
  out.nodes.reserve(from.nodes.size());
  out.operand_list.reserve(from.operand_list.size());
  std::vector<Node> place(from.size(), kUnknown);
  std::vector<Node> operands;
  for (Node i = 0; i < from.size(); ++i) {
    if (keep != nullptr && !(*keep)[i]) continue;
    if (from.is_number(i)) {
      place[i] = out.add_number(from.number(i));
    } else if (from.is_leaf(i)) {
      place[i] = out.add_leaf(from.code(i), from.nodes[i].first);
    } else {
      operands.clear();
      for (const Node x : from.operands(i)) operands.push_back(place[x]);
      place[i] = rule(out, i, std::span<const Node>(operands), place);
    }
  }
  for (const Node y : from.outputs) out.outputs.push_back(place[y]);
  return out;
}

// ---- constants ----

using Evaluate = double (*)(std::span<const double>);

template <class Op> double evaluate(std::span<const double> x) {
  if constexpr (!requires { Op::domain; }) {
    if constexpr (std::same_as<Op, ops::Softmax>)
      return Op::value(x.subspan(1), static_cast<std::size_t>(x[0]));
    return Op::value(x, 0);
  } else if constexpr (Op::domain.size() == 1) {
    return Op::value(x[0]);
  } else {
    return Op::value(x[0], x[1]);
  }
}

constexpr auto kEvaluate = []<class... Op>(ops::List<Op...>) {
  return std::array<Evaluate, sizeof...(Op)>{evaluate<Op>...};
}(ops::All{});

// ---- identities ----

constexpr double kMinusZero = -0.0;

bool is_power_of_two(double x) {
  int exponent = 0;
  return std::isnormal(x) && std::frexp(std::abs(x), &exponent) == 0.5 && exponent > -900 &&
         exponent < 900;
}

bool is_comparison(Code c) { return c >= code<ops::Less> && c <= code<ops::NotEqual>; }

// The node that (code, x) is without doing anything new, or kUnknown.
Node same_as_before(const Trace& t, Code c, std::span<const Node> x) {
  const auto is = [&](std::size_t i, double number) {
    return t.is_number(x[i]) &&
           std::bit_cast<std::uint64_t>(t.number(x[i])) == std::bit_cast<std::uint64_t>(number);
  };
  if (c == code<ops::Mul> || c == code<ops::Flow>)
    return is(1, 1) ? x[0] : is(0, 1) ? x[1] : kUnknown;
  if (c == code<ops::Div> || c == code<ops::Pow>) return is(1, 1) ? x[0] : kUnknown;
  if (c == code<ops::Sub>) return is(1, 0) ? x[0] : kUnknown;
  if (c == code<ops::Add>) return is(1, kMinusZero) ? x[0] : is(0, kMinusZero) ? x[1] : kUnknown;
  // Comparisons are 1 or 0 already.
  if (c == code<ops::NotEqual> && is_comparison(t.code(x[0])) && is(1, 0)) return x[0];
  if (c == code<ops::Select> && is_comparison(t.code(x[0])) && is(1, 1) && is(2, 0)) return x[0];
  if (c == code<ops::Select>) {
    if (t.is_number(x[0])) return t.number(x[0]) != 0 ? x[1] : x[2];
    return x[1] == x[2] ? x[1] : kUnknown;
  }
  return kUnknown;
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
Node without_signs(Trace& t, Code c, std::span<const Node> x) {
  const auto is_negated = [&](Node each) { return t.code(each) == code<ops::Neg>; };
  const auto bare = [&](Node each) { return is_negated(each) ? t.operands(each)[0] : each; };
  if (std::ranges::none_of(x, is_negated)) return kUnknown;
  if (c == code<ops::Square> || c == code<ops::Abs>) return t.add(c, {bare(x[0])});
  if (c == code<ops::Reciprocal>) return negated(t, t.add(c, {bare(x[0])}));
  if (c == code<ops::Mul> || c == code<ops::Div> || c == code<ops::Flow>) {
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
  return kUnknown;
}

Node with_identity(Trace& t, Code c, std::span<const Node> x) {
  const Node same = same_as_before(t, c, x);
  if (same != kUnknown) return same;
  const auto becomes = [&](Code other, Node a, Node b) {
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
  if (c == code<ops::Flow>) {
    if (t.is_number(x[0], 0)) return x[0];
    const bool is_plain = t.is_number(x[0]) || (t.is_number(x[1]) && std::isfinite(t.number(x[1])));
    if (is_plain) return becomes(code<ops::Mul>, x[0], x[1]);
  }
  const Node unsigned_one = without_signs(t, c, x);
  return unsigned_one != kUnknown ? unsigned_one : t.add(c, x);
}

// ---- common nodes ----

bool is_symmetric(Code c) { return c == code<ops::Add> || c == code<ops::Mul>; }

// Finds nodes by what they are: open addressing, at most half full.
class Index {
 public:
  explicit Index(std::size_t count) : slots_(std::bit_ceil(2 * count + 2), kUnknown) {}

  // The node like `wanted` that was here first.
  Node first_like(const Trace& t, Node wanted) {
    for (std::size_t at = hash(t, wanted) & mask();; at = (at + 1) & mask()) {
      if (slots_[at] == kUnknown) slots_[at] = wanted;
      if (slots_[at] == wanted || alike(t, slots_[at], wanted)) return slots_[at];
    }
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }

  static std::uint64_t hash(const Trace& t, Node node) {
    std::uint64_t h = t.code(node);
    const auto mix = [&h](std::uint64_t x) {
      h = (h ^ x) * 0x9e3779b97f4a7c15u;
      h ^= h >> 29;
    };
    if (t.is_number(node)) {
      mix(std::bit_cast<std::uint64_t>(t.number(node)));
    } else if (t.is_leaf(node)) {
      mix(t.nodes[node].first);
    } else {
      for (const Node x : t.operands(node)) mix(x);
    }
    return h;
  }

  static bool alike(const Trace& t, Node x, Node y) {
    if (t.code(x) != t.code(y)) return false;
    if (t.is_number(x)) {
      return std::bit_cast<std::uint64_t>(t.number(x)) == std::bit_cast<std::uint64_t>(t.number(y));
    }
    if (t.is_leaf(x)) return t.nodes[x].first == t.nodes[y].first;
    return std::ranges::equal(t.operands(x), t.operands(y));
  }

  std::vector<Node> slots_;
};

// ---- sums ----

// Sums that begin with another sum and go on with Adds.
class Sums {
 public:
  struct Term {
    Node x, y;  // a product, or x alone
  };

  explicit Sums(const Trace& trace)
      : t_(trace), uses_(trace.size(), 0), first_(trace.size(), kUnknown), begins_(trace.size()) {
    for (Node i = 0; i < t_.size(); ++i)
      for (const Node x : t_.operands(i)) ++uses_[x];
    for (const Node y : t_.outputs) uses_[y] += 2;  // must stay
    for (Node i = 0; i < t_.size(); ++i) {
      if (t_.code(i) != code<ops::Add>) continue;
      const auto x = t_.operands(i);
      const auto is_open = [&](Node each) {
        return uses_[each] == 1 && t_.code(each) == code<ops::Add>;
      };
      first_[i] = is_open(x[0]) || !is_open(x[1]) ? x[0] : x[1];
      begins_[first_[i]] = is_open(first_[i]);
    }
  }

  // Whether it is only the beginning of a longer one.
  bool begins_another(Node node) const { return begins_[node]; }

  // The terms of the sum that ends with `node`, from left to right; products of one kind are taken
  // apart, and `kind` says which.
  std::vector<Term> terms(Node node, Code& kind) const {
    std::vector<Term> result;  // from right to left at first
    for (bool goes_on = true; goes_on && t_.code(node) == code<ops::Add>;) {
      const auto x = t_.operands(node);
      result.push_back({x[0] == first_[node] ? x[1] : x[0], kUnknown});
      node = first_[node];
      goes_on = begins_[node];
    }
    result.push_back({node, kUnknown});
    std::ranges::reverse(result);

    const auto has = [&](Code c) {
      return std::ranges::any_of(result, [&](const Term& term) { return is_product(term, c); });
    };
    kind = has(code<ops::Flow>) ? kFlowDot : has(code<ops::Mul>) ? kPlainDot : kPlainSum;
    const Code product = kind == kFlowDot ? code<ops::Flow> : code<ops::Mul>;
    for (Term& term : result) {
      if (kind == kPlainSum || !is_product(term, product)) continue;
      const auto x = t_.operands(term.x);
      term = {x[0], x[1]};
    }
    return result;
  }

 private:
  bool is_product(const Term& term, Code c) const {
    return term.y == kUnknown && t_.code(term.x) == c && uses_[term.x] == 1;
  }

  const Trace& t_;
  std::vector<std::uint32_t> uses_;
  std::vector<Node> first_;  // of an Add: the operand that may begin the sum
  std::vector<bool> begins_;
};

// Whether `node` is select(equal(x, x), v, x).
bool is_unless_nan(const Trace& t, Node node) {
  if (t.code(node) != code<ops::Select>) return false;
  const auto x = t.operands(node);
  if (t.code(x[0]) != code<ops::Equal>) return false;
  const auto compared = t.operands(x[0]);
  return compared[0] == compared[1] && compared[0] == x[2];
}

}  // namespace

Trace without_dead_nodes(const Trace& trace) {
  std::vector<bool> is_used(trace.size(), false);
  for (const Node y : trace.outputs) is_used[y] = true;
  for (Node i = trace.size(); i-- > 0;) {
    if (!is_used[i]) continue;
    for (const Node x : trace.operands(i)) is_used[x] = true;
  }
  const auto copy = [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    return out.add(trace.code(node), x);
  };
  return rebuilt(trace, copy, &is_used);
}

Trace with_folded_constants(const Trace& trace) {
  std::vector<double> numbers;
  return rebuilt(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    const bool is_constant = std::ranges::all_of(x, [&](Node each) { return out.is_number(each); });
    if (!is_constant || trace.code(node) >= ops::All::size) return out.add(trace.code(node), x);
    numbers.clear();
    for (const Node each : x) numbers.push_back(out.number(each));
    return out.add_number(kEvaluate[trace.code(node)](numbers));
  });
}

Trace with_identities_used(const Trace& trace) {
  return rebuilt(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    return with_identity(out, trace.code(node), x);
  });
}

Trace with_common_nodes_merged(const Trace& trace) {
  Trace out;
  out.nodes.reserve(trace.nodes.size());
  out.operand_list.reserve(trace.operand_list.size());
  Index index(trace.size());
  std::vector<Node> place(trace.size());
  std::vector<Node> x;
  for (Node i = 0; i < trace.size(); ++i) {
    Node added;
    if (trace.is_number(i)) {
      added = out.add_number(trace.number(i));
    } else if (trace.is_leaf(i)) {
      added = out.add_leaf(trace.code(i), trace.nodes[i].first);
    } else {
      x.clear();
      for (const Node each : trace.operands(i)) x.push_back(place[each]);
      if (is_symmetric(trace.code(i)) && x[0] > x[1]) std::swap(x[0], x[1]);
      added = out.add(trace.code(i), x);
    }
    place[i] = index.first_like(out, added);
    if (place[i] != added) out.take_back();
  }
  for (const Node y : trace.outputs) out.outputs.push_back(place[y]);
  return out;
}

Trace with_operations_joined(const Trace& trace) {
  const Sums sums(trace);
  Node one = kUnknown;
  std::vector<Node> flat;
  return rebuilt(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto& place) {
    if (is_unless_nan(trace, node)) return out.add(kUnlessNan, {x[2], x[1]});
    if (trace.code(node) != code<ops::Add> || sums.begins_another(node))
      return out.add(trace.code(node), x);
    Code kind;
    const auto terms = sums.terms(node, kind);
    const bool are_products =
        std::ranges::all_of(terms, [](const auto& term) { return term.y != kUnknown; });
    if (terms.size() < 3 && !are_products) return out.add(trace.code(node), x);
    flat.clear();
    for (const auto& term : terms) {
      if (kind != kPlainSum && term.y == kUnknown) {
        if (one == kUnknown) one = out.add_number(1);
        flat.push_back(one);
      }
      flat.push_back(place[term.x]);
      if (term.y != kUnknown) flat.push_back(place[term.y]);
    }
    return out.add(kind, flat);
  });
}

Trace simplified(Trace trace) {
  trace = with_folded_constants(trace);
  trace = with_identities_used(trace);
  trace = with_common_nodes_merged(trace);
  trace = with_operations_joined(without_dead_nodes(trace));
  return without_dead_nodes(trace);
}

namespace {

// Which nodes are needed in every row, and of which the sum over the rows is enough.
class SumDemand {
 public:
  SumDemand(const Trace& trace, const std::vector<bool>& is_summed)
      : t_(trace),
        is_uniform_(same_in_all_rows(trace)),
        in_rows_(trace.size(), false),
        in_sums_(trace.size(), false) {
    for (std::size_t i = 0; i < t_.outputs.size(); ++i)
      (is_summed[i] ? in_sums_ : in_rows_)[t_.outputs[i]] = true;
    for (Node i = t_.size(); i-- > 0;) {
      if (is_uniform_[i] && t_.code(i) != code<ops::RowMean>) continue;
      const bool is_split = in_sums_[i] && splits(i);
      for (const Node x : t_.operands(i)) {
        if (in_rows_[i] || (in_sums_[i] && !is_split) || t_.code(i) == code<ops::RowMean>)
          in_rows_[x] = true;
      }
      if (is_split) split(i);
    }
  }

  bool in_sums(Node i) const { return in_sums_[i]; }
  bool is_uniform(Node i) const { return is_uniform_[i]; }

  // Whether its sum is better made of the sums of its operands.
  bool splits(Node i) const {
    if (in_rows_[i] || is_uniform_[i]) return false;
    const Code c = t_.code(i);
    const auto x = t_.operands(i);
    if (c == code<ops::Add> || c == code<ops::Sub> || c == code<ops::Neg>) return true;
    if (c == code<ops::Mul> || c == code<ops::Flow>) return is_uniform_[x[0]] || is_uniform_[x[1]];
    return (c == code<ops::Dot> || c == kPlainDot || c == kFlowDot) &&
           std::ranges::any_of(x, [&](Node each) { return is_uniform_[each]; });
  }

 private:
  void split(Node i) {
    const auto x = t_.operands(i);
    const bool has_pairs =
        x.size() > 1 && t_.code(i) != code<ops::Add> && t_.code(i) != code<ops::Sub>;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const bool in_product = has_pairs && !is_uniform_[x[k]] && !is_uniform_[x[k ^ 1]];
      (in_product ? in_rows_ : in_sums_)[x[k]] = true;
    }
  }

  const Trace& t_;
  std::vector<bool> is_uniform_, in_rows_, in_sums_;
};

}  // namespace

Trace with_factors_out_of_sums(Trace t, const std::vector<bool>& is_summed) {
  const SumDemand demand(t, is_summed);
  const Node count = t.size();
  std::vector<Node> mean(count, kUnknown);  // of nodes whose sum is needed
  std::vector<Node> x;
  const auto mean_of_product = [&](Code c, Node a, Node b) {
    if (demand.is_uniform(a))
      return demand.is_uniform(b) ? t.add(c, {a, b}) : t.add(c, {a, mean[b]});
    if (demand.is_uniform(b)) return t.add(c, {mean[a], b});
    const Node product = t.add(c, {a, b});
    return t.add(code<ops::RowMean>, {product});
  };
  for (Node i = 0; i < count; ++i) {
    if (!demand.in_sums(i)) continue;
    if (demand.is_uniform(i)) {
      mean[i] = i;
      continue;
    }
    if (!demand.splits(i)) {
      mean[i] = t.add(code<ops::RowMean>, {i});
      continue;
    }
    const Code c = t.code(i);
    x.assign(t.operands(i).begin(), t.operands(i).end());
    if (c == code<ops::Add> || c == code<ops::Sub>) {
      mean[i] = t.add(c, {mean[x[0]], mean[x[1]]});
    } else if (c == code<ops::Neg>) {
      mean[i] = t.add(c, {mean[x[0]]});
    } else {
      const Code product = c == code<ops::Flow> || c == kFlowDot ? code<ops::Flow> : code<ops::Mul>;
      mean[i] = mean_of_product(product, x[0], x[1]);
      for (std::size_t k = 2; k < x.size(); k += 2)
        mean[i] = t.add(code<ops::Add>, {mean[i], mean_of_product(product, x[k], x[k + 1])});
    }
  }
  // A sum that is not split stays one.
  for (std::size_t i = 0; i < t.outputs.size(); ++i) {
    const Node y = t.outputs[i];
    if (is_summed[i] && demand.splits(y)) t.outputs[i] = mean[y];
  }
  return t;
}

std::vector<bool> same_in_all_rows(const Trace& trace) {
  std::vector<bool> result(trace.size());
  for (Node i = 0; i < trace.size(); ++i) {
    result[i] = trace.code(i) == code<ops::RowMean> ||
                (trace.code(i) != Trace::kInput &&
                 std::ranges::all_of(trace.operands(i), [&](Node x) { return result[x]; }));
  }
  return result;
}

}  // namespace autograd::detail
