#include "autograd/replay/reroll.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <autograd/replay/loop_body.hpp>
#include <autograd/replay/terms.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kFewestRows = 4;
constexpr std::size_t kMostCost = 8;  // nodes looked at, for each node and operand of the trace
constexpr int kMostRounds = 4;

std::size_t hash_of(const std::vector<std::uint32_t>& numbers) {
  std::size_t result = numbers.size();
  for (const std::uint32_t each : numbers)
    result = (result ^ each) * 0x9e3779b97f4a7c15u, result ^= result >> 29;
  return result;
}

class Reroll {
 public:
  Reroll(const Trace& trace, Node one)
      : trace_(trace),
        use_counts_(trace.size(), 0),
        is_leaf_(trace.size(), 0),
        is_opened_(trace.size(), 0),
        writer_(trace, is_leaf_, one) {
    for (const Node x : trace.operand_list) ++use_counts_[x];
    for (const Node y : trace.outputs) ++use_counts_[y];
  }

  Rerolled run() {
    LargeVector<char> is_outside(trace_.size(), 0);
    is_outside[trace_.outputs[0]] = 1;
    for (Node node = trace_.outputs[0] + 1; node-- > 0;) {
      if (is_outside[node] == 0) continue;
      if (is_addition(trace_.code(node)) && find_loops(node)) {
        for (const Addend& each : sums_[node].rest) {
          is_outside[each.x] = 1;
          if (each.y != kNone) is_outside[each.y] = 1;
        }
      } else {
        for (const Node x : trace_.operands(node)) is_outside[x] = 1;
      }
    }
    if (!result_.loops.empty()) write_rest(is_outside);
    if (result_.rest.size() > trace_.size() / 2) result_.loops.clear();
    return std::move(result_);
  }

 private:
  // What a sum becomes: loops from `first` on, and terms that are alone.
  struct Sum {
    std::uint32_t first, count;
    std::vector<Addend> rest;
  };

  bool find_loops(Node sum) {
    const LargeVector<Addend> terms = terms_of(trace_, sum, use_counts_);
    cost_ += terms.size();
    if (terms.size() < kFewestRows || cost_ > most_cost()) return false;
    mark_shared(terms);
    std::vector<AlikeTerms> groups;
    for (int round = 0;; ++round) {
      if (round == kMostRounds || !group(terms, groups)) return false;
      if (!look_into_different(groups)) break;
    }
    Sum found{static_cast<std::uint32_t>(result_.loops.size()), 0, {}};
    std::vector<AlikeTerms> loops;
    for (AlikeTerms& each : groups) {
      if (each.terms.size() >= kFewestRows && each.differs()) {
        loops.push_back(std::move(each));
      } else {
        for (const std::uint32_t i : each.terms) found.rest.push_back(terms[i]);
      }
    }
    if (loops.empty()) return false;
    for (Loop& each : loops_of(trace_, std::move(loops))) result_.loops.push_back(std::move(each));
    found.count = static_cast<std::uint32_t>(result_.loops.size()) - found.first;
    sums_.emplace(sum, std::move(found));
    return true;
  }

  // What many terms use is a leaf to all of them, until it is found to be another node in each.
  // Those that use a node are counted, up to as many as make a loop, and some of them twice.
  void mark_shared(const LargeVector<Addend>& terms) {
    constexpr std::uint32_t kNobody = kNone, kMany = kNone - 1, kTwo = kMany - kFewestRows + 2;
    std::ranges::fill(is_leaf_, 0);
    std::ranges::fill(is_opened_, 0);
    cost_ += trace_.size();
    user_.assign(trace_.size(), kNobody);
    const auto count_of = [](std::uint32_t user) { return user < kTwo ? 1 : user - kTwo + 2; };
    const auto use = [&](Node node, std::uint32_t by) {
      std::uint32_t& user = user_[node];
      if (user == kNobody || user == by) {
        user = user == kNobody || by < kTwo ? by : kMany;
      } else {
        user = std::min(kMany, kTwo + count_of(user) + count_of(by) - 2);
      }
    };
    Node highest = 0;
    for (std::uint32_t i = 0; i < terms.size(); ++i) {
      for (const Node root : {terms[i].x, terms[i].y}) {
        if (root == kNone) continue;
        use(root, i);
        highest = std::max(highest, root);
      }
    }
    for (Node node = highest + 1; node-- > 0;) {
      const std::uint32_t user = user_[node];
      if (user == kNobody) continue;
      is_leaf_[node] = user == kMany && !trace_.is_leaf(node) ? 1 : 0;
      for (const Node x : trace_.operands(node)) use(x, user);
    }
  }

  // False if it takes too long.
  bool group(const LargeVector<Addend>& terms, std::vector<AlikeTerms>& groups) {
    groups.clear();
    TermWriter& writer = writer_;
    const std::size_t cost_before = writer.cost();
    // The group of the last term; for each group that which came after it, as it will again.
    std::uint32_t last = kNone;
    std::vector<std::uint32_t> after;
    std::unordered_map<std::size_t, std::vector<std::uint32_t>> by_hash;
    for (std::uint32_t i = 0; i < terms.size(); ++i) {
      writer.write(terms[i]);
      if (cost_ + writer.cost() - cost_before > most_cost()) return false;
      const std::uint32_t likely = last == kNone ? kNone : after[last];
      std::uint32_t group = likely;
      if (likely == kNone || groups[likely].text != writer.text()) {
        std::vector<std::uint32_t>& alike = by_hash[hash_of(writer.text())];
        auto at = std::ranges::find_if(
            alike, [&](std::uint32_t g) { return groups[g].text == writer.text(); });
        if (at == alike.end()) {
          alike.push_back(static_cast<std::uint32_t>(groups.size()));
          groups.push_back({writer.text(), writer.slots().size(), {}, {}});
          after.push_back(kNone);
          at = std::prev(alike.end());
        }
        group = *at;
        if (last != kNone) after[last] = group;
      }
      last = group;
      AlikeTerms& found = groups[group];
      found.terms.push_back(i);
      for (const Node each : writer.slots()) found.slots.push_back(each);
    }
    cost_ += writer.cost() - cost_before;
    return true;
  }

  // Whether there are nodes that were leaves to their terms, and are no longer.
  bool look_into_different(const std::vector<AlikeTerms>& groups) {
    std::vector<Node> nodes;
    for (const AlikeTerms& each : groups) {
      const bool is_alone = each.terms.size() < kFewestRows;
      for (std::size_t k = 0; k < each.width; ++k) {
        if (!is_alone && !each.differs(k)) continue;
        for (std::size_t i = k; i < each.slots.size(); i += each.width)
          if (is_leaf_[each.slots[i]] != 0) nodes.push_back(each.slots[i]);
      }
    }
    const bool result = !nodes.empty();
    while (!nodes.empty()) {
      const Node node = nodes.back();
      nodes.pop_back();
      if (trace_.is_leaf(node) || std::exchange(is_opened_[node], 1) != 0) continue;
      is_leaf_[node] = 0;
      for (const Node x : trace_.operands(node)) nodes.push_back(x);
    }
    return result;
  }

  std::size_t most_cost() const { return kMostCost * (trace_.size() + trace_.operand_list.size()); }

  void write_rest(const LargeVector<char>& is_outside) {
    Trace& rest = result_.rest;
    LargeVector<Node> place(trace_.size(), kNone);
    std::vector<Node> operands;
    for (Node node = 0; node <= trace_.outputs[0]; ++node) {
      if (is_outside[node] == 0) continue;
      operands.clear();
      if (trace_.is_number(node)) {
        place[node] = rest.add_number(trace_.number(node));
      } else if (trace_.is_leaf(node)) {
        place[node] = rest.add_leaf(Trace::kInput, result_.leaves.size());
        result_.leaves.push_back(node);
      } else if (const auto sum = sums_.find(node); sum != sums_.end()) {
        for (const Addend& each : sum->second.rest) {
          const Node x = each.y == kNone ? place[each.x]
                                         : rest.add(code<ops::Mul>, {place[each.x], place[each.y]});
          operands.push_back(each.is_negative ? rest.add(code<ops::Neg>, {x}) : x);
        }
        for (std::uint32_t i = 0; i < sum->second.count; ++i)
          operands.push_back(rest.add_leaf(Trace::kParameter, sum->second.first + i));
        place[node] = operands.size() == 1 ? operands[0] : rest.add(code<ops::Sum>, operands);
      } else {
        for (const Node x : trace_.operands(node)) operands.push_back(place[x]);
        place[node] = rest.add(trace_.code(node), operands);
      }
    }
    rest.outputs = {place[trace_.outputs[0]]};
  }

  const Trace& trace_;
  LargeVector<std::uint32_t> use_counts_, user_;
  // Of nodes below the sum that is looked at: those that are leaves to its terms, and those that
  // are leaves no longer.
  LargeVector<char> is_leaf_, is_opened_;
  TermWriter writer_;
  std::size_t cost_ = 0;
  std::unordered_map<Node, Sum> sums_;
  Rerolled result_;
};

}  // namespace

Rerolled reroll(const Trace& function, Trace::Node one) { return Reroll(function, one).run(); }

}  // namespace autograd::detail
