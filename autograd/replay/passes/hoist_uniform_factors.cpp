#include <algorithm>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

// Which nodes are needed in every row, and of which the sum over the rows is enough.
class SumDemand {
 public:
  SumDemand(const Trace& trace, const std::vector<bool>& is_summed)
      : t_(trace),
        is_uniform_(uniform_nodes(trace)),
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
    const ReplayCode c = t_.code(i);
    const auto x = t_.operands(i);
    if (c == code<ops::Add> || c == code<ops::Sub> || c == code<ops::Neg>) return true;
    if (c == code<ops::Mul> || c == code<ops::AdjointProduct>)
      return is_uniform_[x[0]] || is_uniform_[x[1]];
    return (c == code<ops::Dot> || c == kPlainDot || c == kAdjointDot) &&
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

Trace hoist_uniform_factors(Trace t, const std::vector<bool>& is_summed) {
  const SumDemand demand(t, is_summed);
  const Node count = t.size();
  std::vector<Node> mean(count, kNone);  // of nodes whose sum is needed
  std::vector<Node> x;
  const auto mean_of_product = [&](ReplayCode c, Node a, Node b) {
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
    const ReplayCode c = t.code(i);
    x.assign(t.operands(i).begin(), t.operands(i).end());
    if (c == code<ops::Add> || c == code<ops::Sub>) {
      mean[i] = t.add(c, {mean[x[0]], mean[x[1]]});
    } else if (c == code<ops::Neg>) {
      mean[i] = t.add(c, {mean[x[0]]});
    } else {
      const ReplayCode product = c == code<ops::AdjointProduct> || c == kAdjointDot
                                     ? code<ops::AdjointProduct>
                                     : code<ops::Mul>;
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

}  // namespace autograd::detail
