#include "autograd/replay/reroll.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <autograd/replay/loop_body.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/terms.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kFewestRows = 4;
constexpr std::size_t kMostCost = 8;  // nodes looked at, for each node and operand of the trace
constexpr int kMostRounds = 4;
constexpr std::size_t kMostFailures = 4;  // of looks that take too long

std::size_t hash_of(const std::vector<std::uint32_t>& numbers) {
  std::size_t result = numbers.size();
  for (const std::uint32_t each : numbers)
    result = (result ^ each) * 0x9e3779b97f4a7c15u, result ^= result >> 29;
  return result;
}

std::size_t uniform_operands(const Trace& body) {
  const std::vector<bool> is_uniform = uniform_nodes(body);
  std::size_t result = 0;
  for (Node node = 0; node < body.size(); ++node)
    if (is_uniform[node]) result += body.operands(node).size();
  return result;
}

class Reroll {
 public:
  Reroll(const Trace& trace, std::span<const Guard> guards, Node one)
      : trace_(trace),
        guards_(guards),
        use_counts_(trace.size(), 0),
        is_leaf_(trace.size(), 0),
        is_opened_(trace.size(), 0),
        writer_(trace, is_leaf_, one) {
    for (const Node x : trace.operand_list) ++use_counts_[x];
    for (const Node y : trace.outputs) ++use_counts_[y];
  }

  Rerolled run() {
    LargeVector<char> is_outside(trace_.size(), 0);
    std::vector<AlikeTerms> rows_of_outputs = find_rows_of_outputs();
    for (const std::uint32_t i : result_.outputs) is_outside[trace_.outputs[i]] = 1;
    for (Node node = trace_.size(); node-- > 0;) {
      if (is_outside[node] == 0) continue;
      if (is_addition(trace_.code(node)) && find_loops(node)) {
        for (const Addend& each : sums_.back().second.rest) {
          is_outside[each.x] = 1;
          if (each.y != kNone) is_outside[each.y] = 1;
        }
      } else {
        for (const Node x : trace_.operands(node)) is_outside[x] = 1;
      }
    }
    write_loops(std::move(rows_of_outputs));
    if (!result_.loops.empty()) write_rest(is_outside);
    // Operands of what is computed once, and not for each row.
    std::size_t once = result_.rest.operand_list.size();
    for (const Loop& each : result_.loops) once += uniform_operands(each.body);
    if (once > trace_.operand_list.size() / 2) result_.loops.clear();
    return std::move(result_);
  }

 private:
  // What a sum becomes: loops from `first` on, and terms that are alone.
  struct Sum {
    std::vector<AlikeTerms> groups;
    std::vector<Addend> rest;
    std::uint32_t first = 0, count = 0;
  };

  bool find_loops(Node sum) {
    const LargeVector<Addend> terms = terms_of(trace_, sum, use_counts_);
    cost_ += terms.size();
    Sum found;
    std::vector<std::uint32_t> alone;
    found.groups = rows_of(terms, {}, most_cost(), alone);
    if (found.groups.empty()) return false;
    for (const std::uint32_t i : alone) found.rest.push_back(terms[i]);
    sums_.emplace_back(sum, std::move(found));
    return true;
  }

  // Outputs but the first one, and guards; those that are alone are in the rest. What outputs have
  // in common is computed in each of their rows, so that each node is written but once or twice.
  std::vector<AlikeTerms> find_rows_of_outputs() {
    LargeVector<Addend> terms;
    std::vector<std::uint32_t> tags;
    std::map<std::tuple<bool, int, std::string_view>, std::uint32_t> tag_of;  // of guards
    const std::size_t values = trace_.outputs.size() - guards_.size();
    for (std::size_t i = 1; i < trace_.outputs.size(); ++i) {
      terms.push_back({trace_.outputs[i]});
      tags.push_back(kValue);
      if (i < values) continue;
      const Guard& guard = guards_[i - values];
      const auto next = kGuard + static_cast<std::uint32_t>(tag_of.size());
      tags.back() =
          tag_of.try_emplace({guard.must_be, guard.reason, guard.text}, next).first->second;
    }
    result_.outputs = {0};
    std::vector<std::uint32_t> alone;
    std::vector<AlikeTerms> groups =
        rows_of(terms, tags, std::size_t{2} * trace_.size() + trace_.operand_list.size(), alone);
    for (AlikeTerms& each : groups)
      for (std::uint32_t& i : each.terms) ++i;
    for (const std::uint32_t i : alone) result_.outputs.push_back(i + 1);
    std::ranges::sort(result_.outputs);
    return groups;
  }

  // Groups of terms that are alike, and the terms that are in none.
  std::vector<AlikeTerms> rows_of(const LargeVector<Addend>& terms,
                                  std::span<const std::uint32_t> tags, std::size_t most_cost,
                                  std::vector<std::uint32_t>& alone) {
    std::vector<AlikeTerms> groups, result;
    if (terms.size() < kFewestRows || cost_ > most_cost || !group(terms, tags, most_cost, groups)) {
      for (std::uint32_t i = 0; i < terms.size(); ++i) alone.push_back(i);
      return result;
    }
    for (AlikeTerms& each : groups) {
      if (each.terms.size() >= kFewestRows && each.differs()) {
        result.push_back(std::move(each));
      } else {
        alone.insert(alone.end(), each.terms.begin(), each.terms.end());
      }
    }
    return result;
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
  bool group(const LargeVector<Addend>& terms, std::span<const std::uint32_t> tags,
             std::size_t most_cost, std::vector<AlikeTerms>& groups) {
    mark_shared(terms);
    for (int round = 0; round < kMostRounds; ++round) {
      if (!group_once(terms, tags, most_cost, groups)) return false;
      if (!look_into_different(groups)) return true;
    }
    return false;
  }

  bool group_once(const LargeVector<Addend>& terms, std::span<const std::uint32_t> tags,
                  std::size_t most_cost, std::vector<AlikeTerms>& groups) {
    groups.clear();
    TermWriter& writer = writer_;
    const std::size_t cost_before = writer.cost();
    // The group of the last term; for each group that which came after it, as it will again.
    std::uint32_t last = kNone;
    std::vector<std::uint32_t> after;
    std::unordered_map<std::size_t, std::vector<std::uint32_t>> by_hash;
    for (std::uint32_t i = 0; i < terms.size(); ++i) {
      writer.write(terms[i], tags.empty() ? kAdded : tags[i]);
      if (cost_ + writer.cost() - cost_before > most_cost) {
        cost_ += (writer.cost() - cost_before) / kMostFailures;
        return false;
      }
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

  // Rows of outputs are in the loop of a sum that goes over the same columns, or in their own.
  void write_loops(std::vector<AlikeTerms> rows_of_outputs) {
    const auto add = [this](std::vector<Loop> loops) {
      for (Loop& each : loops) result_.loops.push_back(std::move(each));
      return static_cast<std::uint32_t>(result_.loops.size());
    };
    for (auto& [node, sum] : sums_) {
      sum.first = static_cast<std::uint32_t>(result_.loops.size());
      sum.count = add(loops_of(trace_, std::move(sum.groups), rows_of_outputs)) - sum.first;
    }
    std::vector<AlikeTerms> none;
    add(loops_of(trace_, std::move(rows_of_outputs), none));
  }

  void write_rest(const LargeVector<char>& is_outside) {
    Trace& rest = result_.rest;
    std::unordered_map<Node, const Sum*> sums;
    for (const auto& [node, sum] : sums_) sums.emplace(node, &sum);
    LargeVector<Node> place(trace_.size(), kNone);
    std::vector<Node> operands;
    for (Node node = 0; node < trace_.size(); ++node) {
      if (is_outside[node] == 0) continue;
      operands.clear();
      if (trace_.is_number(node)) {
        place[node] = rest.add_number(trace_.number(node));
      } else if (trace_.is_leaf(node)) {
        place[node] = rest.add_leaf(Trace::kInput, result_.leaves.size());
        result_.leaves.push_back(node);
      } else if (const auto sum = sums.find(node); sum != sums.end()) {
        for (const Addend& each : sum->second->rest) {
          const Node x = each.y == kNone ? place[each.x]
                                         : rest.add(code<ops::Mul>, {place[each.x], place[each.y]});
          operands.push_back(each.is_negative ? rest.add(code<ops::Neg>, {x}) : x);
        }
        for (std::uint32_t i = 0; i < sum->second->count; ++i)
          operands.push_back(rest.add_leaf(Trace::kParameter, sum->second->first + i));
        place[node] = operands.size() == 1 ? operands[0] : rest.add(code<ops::Sum>, operands);
      } else {
        for (const Node x : trace_.operands(node)) operands.push_back(place[x]);
        place[node] = rest.add(trace_.code(node), operands);
      }
    }
    for (const std::uint32_t i : result_.outputs) rest.outputs.push_back(place[trace_.outputs[i]]);
  }

  const Trace& trace_;
  const std::span<const Guard> guards_;
  LargeVector<std::uint32_t> use_counts_, user_;
  // Of nodes below the sum that is looked at: those that are leaves to its terms, and those that
  // are leaves no longer.
  LargeVector<char> is_leaf_, is_opened_;
  TermWriter writer_;
  std::size_t cost_ = 0;
  std::vector<std::pair<Node, Sum>> sums_;
  Rerolled result_;
};

}  // namespace

Rerolled reroll(const Trace& function, std::span<const Guard> guards, Trace::Node one) {
  return Reroll(function, guards, one).run();
}

}  // namespace autograd::detail
