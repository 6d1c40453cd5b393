#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

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

// ---- common nodes ----

bool is_symmetric(Code c) { return facts(c).commutes == ops::Commutes::kExactly; }

// Finds nodes by what they are: open addressing, at most half full. A few places are tried near
// that of the last operand first: nodes mostly use what lies just before them, so that what is
// looked at is in the cache.
class Index {
 public:
  explicit Index(std::size_t count) : slots_(std::bit_ceil(2 * count + 2), kUnknown) {}

  // The node like `wanted` that was here first.
  Node first_like(const Trace& t, Node wanted) {
    const std::size_t near = near_place(t, wanted), far = hash(t, wanted);
    for (std::size_t i = 0;; ++i) {
      Node& slot = slots_[(i < kTriedNear ? near + i : far + i) & (slots_.size() - 1)];
      if (slot == kUnknown) slot = wanted;
      if (slot == wanted || alike(t, slot, wanted)) return slot;
    }
  }

 private:
  static constexpr std::size_t kTriedNear = 4;

  static std::size_t near_place(const Trace& t, Node node) {
    const auto x = t.operands(node);
    return x.empty() ? hash(t, node) : 2 * std::size_t{std::ranges::max(x)};
  }

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

Trace fold_constants(const Trace& trace) {
  std::vector<double> numbers;
  return rewrite(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    const bool is_constant = std::ranges::all_of(x, [&](Node each) { return out.is_number(each); });
    if (!is_constant || trace.code(node) >= ops::All::size) return out.add(trace.code(node), x);
    numbers.clear();
    for (const Node each : x) numbers.push_back(out.number(each));
    return out.add_number(kEvaluate[trace.code(node)](numbers));
  });
}

Trace merge_common(const Trace& trace) {
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

Trace simplify(Trace trace) {
  trace = fold_constants(trace);
  trace = simplify_identities(trace);
  trace = merge_common(trace);
  trace = fuse_sums(remove_dead(trace));
  return remove_dead(trace);
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
