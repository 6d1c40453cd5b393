#include <algorithm>
#include <array>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::array kPasses = {
    Pass{"fold_constants", fold_constants}, Pass{"simplify_identities", simplify_identities},
    Pass{"merge_common", merge_common},     Pass{"remove_dead", remove_dead},
    Pass{"fuse_sums", fuse_sums},           Pass{"remove_dead", remove_dead},
};

}  // namespace

Trace remove_dead(const Trace& trace, std::span<const Node> outputs) {
  std::vector<bool> is_used(trace.size(), false);
  for (const Node y : outputs) is_used[y] = true;
  for (Node i = trace.size(); i-- > 0;) {
    if (!is_used[i]) continue;
    for (const Node x : trace.operands(i)) is_used[x] = true;
  }
  const auto copy = [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    return out.add(trace.code(node), x);
  };
  return rewrite(trace, copy, outputs, &is_used);
}

Trace remove_dead(const Trace& trace) { return remove_dead(trace, trace.outputs); }

std::span<const Pass> passes() { return kPasses; }

Trace simplify(Trace trace) {
  for (const Pass& pass : passes()) trace = pass.run(trace);
  return trace;
}

std::vector<bool> uniform_nodes(const Trace& trace) {
  std::vector<bool> result(trace.size());
  for (Node i = 0; i < trace.size(); ++i) {
    result[i] = trace.code(i) == code<ops::RowMean> ||
                (trace.code(i) != Trace::kInput &&
                 std::ranges::all_of(trace.operands(i), [&](Node x) { return result[x]; }));
  }
  return result;
}

}  // namespace autograd::detail
