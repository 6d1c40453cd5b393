#include <algorithm>
#include <bit>
#include <utility>

#include <autograd/replay/passes/rewrite.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

bool is_symmetric(ReplayCode c) { return facts_of(c).commutes == ops::Commutes::kExactly; }

// A hash table of nodes, by their operation and operands: open addressing, at most half full. The
// first places that are tried lie near that of the last operand. Most nodes use nodes just before
// them, so that these places are in the cache.
class Index {
 public:
  explicit Index(std::size_t count) : slots_(std::bit_ceil(2 * count + 2), kNone) {}

  // The node like `wanted` that was here first.
  Node first_like(const Trace& t, Node wanted) {
    const std::size_t near = near_place(t, wanted), far = hash(t, wanted);
    for (std::size_t i = 0;; ++i) {
      Node& slot = slots_[(i < kTriedNear ? near + i : far + i) & (slots_.size() - 1)];
      if (slot == kNone) slot = wanted;
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

}  // namespace autograd::detail
