#include <algorithm>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

// Sums that begin with another sum and go on with Adds.
class Sums {
 public:
  struct Term {
    Node x, y;  // a product, or x alone
  };

  explicit Sums(const Trace& trace)
      : t_(trace), uses_(trace.size(), 0), first_(trace.size(), kNone), begins_(trace.size()) {
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
  std::vector<Term> terms(Node node, ReplayCode& kind) const {
    std::vector<Term> result;  // from right to left at first
    for (bool goes_on = true; goes_on && t_.code(node) == code<ops::Add>;) {
      const auto x = t_.operands(node);
      result.push_back({x[0] == first_[node] ? x[1] : x[0], kNone});
      node = first_[node];
      goes_on = begins_[node];
    }
    result.push_back({node, kNone});
    std::ranges::reverse(result);

    const auto has = [&](ReplayCode c) {
      return std::ranges::any_of(result, [&](const Term& term) { return is_product(term, c); });
    };
    kind = has(code<ops::AdjointProduct>) ? kAdjointDot
           : has(code<ops::Mul>)          ? kPlainDot
                                          : kPlainSum;
    const ReplayCode product = kind == kAdjointDot ? code<ops::AdjointProduct> : code<ops::Mul>;
    for (Term& term : result) {
      if (kind == kPlainSum || !is_product(term, product)) continue;
      const auto x = t_.operands(term.x);
      term = {x[0], x[1]};
    }
    return result;
  }

 private:
  bool is_product(const Term& term, ReplayCode c) const {
    return term.y == kNone && t_.code(term.x) == c && uses_[term.x] == 1;
  }

  const Trace& t_;
  std::vector<std::uint32_t> uses_;
  std::vector<Node> first_;  // of an Add: the operand that may begin the sum
  std::vector<bool> begins_;
};

// Whether `node` is select(eq(x, x), v, x).
bool is_unless_nan(const Trace& t, Node node) {
  if (t.code(node) != code<ops::Select>) return false;
  const auto x = t.operands(node);
  if (t.code(x[0]) != code<ops::Equal>) return false;
  const auto compared = t.operands(x[0]);
  return compared[0] == compared[1] && compared[0] == x[2];
}

// The x of a `node` that is exp(-x^2), as in the derivative of erf; or kNone.
Node gaussian_argument(const Trace& t, Node node) {
  for (const ReplayCode c : {code<ops::Exp>, code<ops::Neg>, code<ops::Square>}) {
    if (t.code(node) != c) return kNone;
    node = t.operands(node)[0];
  }
  return node;
}

}  // namespace

Trace fuse_sums(const Trace& trace) {
  const Sums sums(trace);
  Node one = kNone;
  std::vector<Node> flat;
  return rewrite(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto& place) {
    if (is_unless_nan(trace, node)) return out.add(kUnlessNan, {x[2], x[1]});
    if (const Node center = gaussian_argument(trace, node); center != kNone)
      return out.add(kGaussian, {place[center]});
    if (trace.code(node) != code<ops::Add> || sums.begins_another(node))
      return out.add(trace.code(node), x);
    ReplayCode kind;
    const auto terms = sums.terms(node, kind);
    const bool are_products =
        std::ranges::all_of(terms, [](const auto& term) { return term.y != kNone; });
    if (terms.size() < 3 && !are_products) return out.add(trace.code(node), x);
    flat.clear();
    for (const auto& term : terms) {
      if (kind != kPlainSum && term.y == kNone) {
        if (one == kNone) one = out.add_number(1);
        flat.push_back(one);
      }
      flat.push_back(place[term.x]);
      if (term.y != kNone) flat.push_back(place[term.y]);
    }
    return out.add(kind, flat);
  });
}

}  // namespace autograd::detail
