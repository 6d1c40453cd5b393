#include "autograd/replay/chain.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>

#include <autograd/replay/terms.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kFewestSteps = 16, kMostShared = 64, kMostColumns = 64;
constexpr std::size_t kMostTried = 16;  // lengths of a step

// How many entries each place has in common with the first ones: the Z function.
// Source: Gusfield 1997, Algorithms on Strings, Trees, and Sequences, section 1.4.
LargeVector<std::uint32_t> common_with_first(std::span<const std::uint32_t> text) {
  LargeVector<std::uint32_t> result(text.size(), 0);
  std::size_t begin = 0, end = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    std::size_t z = i < end ? std::min<std::size_t>(end - i, result[i - begin]) : 0;
    while (i + z < text.size() && text[z] == text[i + z]) ++z;
    result[i] = static_cast<std::uint32_t>(z);
    if (i + z > end) begin = i, end = i + z;
  }
  return result;
}

class FindChain {
 public:
  explicit FindChain(const Trace& trace) : t_(trace), place_(trace.size(), kNone) {
    for (Node node = 0; node < t_.size(); ++node) {
      if (t_.is_leaf(node)) continue;
      place_[node] = static_cast<std::uint32_t>(operations_.size());
      operations_.push_back(node);
    }
  }

  std::optional<Chain> run() {
    const std::size_t count = operations_.size();
    if (count < 2 * kFewestSteps) return std::nullopt;
    middle_ = count / 2;
    LargeVector<std::uint32_t> codes;
    codes.reserve(count - middle_);
    for (const Node node : std::span(operations_).subspan(middle_))
      codes.push_back(static_cast<std::uint32_t>(t_.operands(node).size() << 16) | t_.code(node));
    const LargeVector<std::uint32_t> common = common_with_first(codes);
    std::size_t tried = 0, longest = 0;
    for (std::size_t period = 1; kFewestSteps * period <= count && period < common.size();
         ++period) {
      // A shorter step that goes on as long has been looked at.
      if (common[period] < 2 * period || period + common[period] <= longest) continue;
      if (++tried > kMostTried) break;
      longest = period + common[period];
      if (std::optional<Chain> found = with_period(period)) return found;
    }
    return std::nullopt;
  }

 private:
  // What an operand is, from step to step.
  enum class Kind : std::uint8_t { kBefore, kLeaf, kNumber, kSame };

  // Operations `at` and `at` + period.
  Kind kind_of(Node x, Node y) const {
    if (t_.is_number(x)) return t_.is_number(y) ? Kind::kNumber : Kind::kSame;
    if (t_.is_leaf(x)) return t_.is_leaf(y) && !t_.is_number(y) ? Kind::kLeaf : Kind::kSame;
    return x == y ? Kind::kSame : Kind::kBefore;
  }
  bool agrees(Kind kind, Node x, Node y, ReplayCode c) const {
    switch (kind) {
      case Kind::kBefore:
        return place_[x] != kNone && place_[y] != kNone && place_[x] + period_ == place_[y];
      case Kind::kLeaf:
        return kind_of(x, y) == Kind::kLeaf;
      case Kind::kNumber:
        return kind_of(x, y) == Kind::kNumber && (x == y || may_vary(c));
      case Kind::kSame:
        return x == y;
    }
    return false;
  }

  // Whether operation `at` is, one step later, the same again.
  bool goes_on(std::size_t at) const {
    const Node x = operations_[at], y = operations_[at + period_];
    const auto a = t_.operands(x), b = t_.operands(y);
    if (t_.code(x) != t_.code(y) || a.size() != b.size()) return false;
    const Kind* const kinds = kinds_at(at);
    for (std::size_t k = 0; k < a.size(); ++k)
      if (!agrees(kinds[k], a[k], b[k], t_.code(x))) return false;
    return true;
  }
  // Of the operands of operation `at`.
  const Kind* kinds_at(std::size_t at) const {
    return kinds_.data() + first_kind_[(at + period_ - middle_ % period_) % period_];
  }

  std::optional<Chain> with_period(std::size_t period) {
    period_ = static_cast<std::uint32_t>(period);
    kinds_.clear();
    first_kind_.clear();
    for (std::size_t j = 0; j < period; ++j) {
      const auto a = t_.operands(operations_[middle_ + j]);
      const auto b = t_.operands(operations_[middle_ + j + period]);
      first_kind_.push_back(static_cast<std::uint32_t>(kinds_.size()));
      for (std::size_t k = 0; k < a.size(); ++k) kinds_.push_back(kind_of(a[k], b[k]));
    }
    std::size_t low = middle_, high = middle_;
    while (low > 0 && goes_on(low - 1)) --low;
    while (high + period < operations_.size() && goes_on(high)) ++high;
    high += period;  // the operations from low to high are steps
    if (high - low < kFewestSteps * period || 2 * (high - low) < operations_.size())
      return std::nullopt;
    const std::optional<std::size_t> shift = where_fewest_are_carried(low);
    if (!shift) return std::nullopt;
    low += *shift;
    std::size_t steps = (high - low) / period;
    // The last step may be cut off, if what follows takes more of it than is carried.
    for (int cut = 0; cut < 2; ++cut, --steps) {
      if (steps < kFewestSteps) return std::nullopt;
      if (std::optional<Chain> found = chain(low, steps)) return found;
    }
    return std::nullopt;
  }

  // From `low` on, where a step may begin so that the fewest operations are carried into the next.
  std::optional<std::size_t> where_fewest_are_carried(std::size_t low) const {
    // For each place where a step may begin: how many results are taken across it, and how many are
    // taken across it and across the next one too, which cannot be carried. As differences.
    std::vector<std::int64_t> over_one(2 * std::size_t{period_} + 1, 0), over_two(over_one);
    const auto mark = [&](std::vector<std::int64_t>& marks, std::size_t from, std::size_t to) {
      ++marks[from], --marks[to];
    };
    std::vector<std::size_t> reach(period_, 0);  // of what is at each place of a step
    for (std::size_t i = 0; i < period_; ++i) {
      const auto x = t_.operands(operations_[low + 2 * std::size_t{period_} + i]);
      for (std::size_t k = 0; k < x.size(); ++k) {
        if (kinds_at(low + i)[k] != Kind::kBefore) continue;
        const std::size_t back = low + 2 * std::size_t{period_} + i - place_[x[k]];
        if (back >= 2 * std::size_t{period_}) return std::nullopt;
        if (back > period_) mark(over_two, period_ + i + 1 - (back - period_), period_ + i + 1);
        std::size_t& longest = reach[(i + 2 * std::size_t{period_} - back) % period_];
        longest = std::max(longest, back);
      }
    }
    for (std::size_t j = 0; j < period_; ++j)
      if (reach[j] != 0) mark(over_one, j + 1, j + 1 + std::min<std::size_t>(reach[j], period_));
    std::vector<std::int64_t> one(period_, 0), two(period_, 0);
    std::int64_t ones = 0, twos = 0;
    for (std::size_t at = 0; at < 2 * std::size_t{period_}; ++at) {
      one[at % period_] += ones += over_one[at];
      two[at % period_] += twos += over_two[at];
    }
    std::optional<std::size_t> best;
    for (std::size_t shift = 0; shift < period_; ++shift)
      if (two[shift] == 0 && (!best || one[shift] < one[*best])) best = shift;
    if (!best || one[*best] == 0 || one[*best] > std::int64_t{kMostCarried}) return std::nullopt;
    return best;
  }

  std::optional<Chain> chain(std::size_t low, std::size_t steps) const {
    Chain result;
    result.steps = static_cast<std::uint32_t>(steps);
    // By place in a step: whether the next one takes it.
    std::vector<std::uint32_t> carried(period_, kNone);
    const std::size_t second = low + period_, high = low + steps * period_;
    for (std::size_t i = second; i < second + period_; ++i) {
      for (const Node x : t_.operands(operations_[i])) {
        if (place_[x] == kNone || place_[x] < low || place_[x] >= second) continue;
        const std::size_t j = place_[x] - low;
        if (carried[j] != kNone) continue;
        carried[j] = result.carried++;
        result.begin.push_back(kNone);
        result.end.push_back(operations_[high - period_ + j]);
      }
    }
    if (result.carried > kMostCarried) return std::nullopt;
    for (std::size_t j = 0; j < period_; ++j) {
      if (carried[j] == kNone) continue;
      if (low + j < period_) return std::nullopt;
      result.begin[carried[j]] = operations_[low + j - period_];
    }
    if (is_used_elsewhere(low, high, carried)) return std::nullopt;
    if (!write_body(result, low, carried)) return std::nullopt;
    return result;
  }

  // Whether what follows takes anything of the steps but what the last one carries.
  bool is_used_elsewhere(std::size_t low, std::size_t high,
                         const std::vector<std::uint32_t>& carried) const {
    const auto is_hidden = [&](Node x) {
      if (place_[x] == kNone || place_[x] < low || place_[x] >= high) return false;
      return place_[x] < high - period_ || carried[place_[x] - (high - period_)] == kNone;
    };
    for (std::size_t i = high; i < operations_.size(); ++i)
      for (const Node x : t_.operands(operations_[i]))
        if (is_hidden(x)) return true;
    return is_hidden(t_.outputs[0]);
  }

  bool write_body(Chain& chain, std::size_t low, const std::vector<std::uint32_t>& carried) const {
    Trace& body = chain.body;
    std::vector<Node> inputs, place(period_), operands;
    for (std::uint32_t k = 0; k < chain.carried; ++k)
      inputs.push_back(body.add_leaf(Trace::kInput, k));
    std::vector<std::vector<Node>> leaf_columns, number_columns;
    std::unordered_map<Node, Node> shared;
    std::vector<std::pair<Node, bool>> columns;  // nodes of the body that are inputs of columns
    const auto shared_node = [&](Node x) {
      const auto [at, is_new] = shared.try_emplace(x, kNone);
      if (!is_new) return at->second;
      if (t_.is_number(x)) return at->second = body.add_number(t_.number(x));
      chain.shared.push_back(x);
      return at->second = body.add_leaf(Trace::kParameter, chain.shared.size() - 1);
    };
    // Columns of leaves come before those of numbers: where an input lies is known at the end.
    const auto column_node = [&](std::vector<std::vector<Node>>& all, std::vector<Node>& column,
                                 bool is_number) {
      auto at = std::ranges::find(all, column);
      if (at == all.end()) {
        all.push_back(std::move(column));
        columns.push_back({body.add_leaf(Trace::kInput, all.size() - 1), is_number});
        return columns.back().first;
      }
      const auto index = static_cast<std::uint32_t>(at - all.begin());
      for (const auto& [node, is_of_number] : columns)
        if (is_of_number == is_number && body.nodes[node].first == index) return node;
      return kNone;
    };
    for (std::size_t j = 0; j < period_; ++j) {
      const Node node = operations_[low + j];
      operands.clear();
      if (chain.shared.size() > kMostShared || columns.size() > kMostColumns) return false;
      for (std::size_t k = 0; k < t_.operands(node).size(); ++k) {
        const Node x = t_.operands(node)[k];
        const Kind kind = kinds_at(low + j)[k];
        if (kind == Kind::kSame) {
          if (!t_.is_leaf(x) && place_[x] >= low) return false;
          operands.push_back(shared_node(x));
        } else if (kind != Kind::kBefore) {
          std::vector<Node> column;
          bool differs = false;
          for (std::size_t step = 0; step < chain.steps; ++step) {
            column.push_back(t_.operands(operations_[low + step * period_ + j])[k]);
            differs |= column.back() != x;
          }
          operands.push_back(!differs ? shared_node(x)
                                      : column_node(t_.is_number(x) ? number_columns : leaf_columns,
                                                    column, t_.is_number(x)));
        } else if (place_[x] >= low) {
          operands.push_back(place[place_[x] - low]);
        } else {
          operands.push_back(inputs[carried[place_[x] + period_ - low]]);
        }
      }
      place[j] = body.add(t_.code(node), operands);
    }
    chain.leaf_columns = static_cast<std::uint32_t>(leaf_columns.size());
    for (const auto& [node, is_number] : columns)
      body.nodes[node].first += chain.carried + (is_number ? chain.leaf_columns : 0);
    for (const auto* all : {&leaf_columns, &number_columns})
      for (const auto& column : *all)
        chain.columns.insert(chain.columns.end(), column.begin(), column.end());
    body.outputs.assign(chain.carried, kNone);
    for (std::size_t j = 0; j < period_; ++j)
      if (carried[j] != kNone) body.outputs[carried[j]] = place[j];
    return true;
  }

  const Trace& t_;
  LargeVector<Node> operations_;
  LargeVector<std::uint32_t> place_;  // of a node among the operations, or kNone
  std::size_t middle_ = 0;
  // Of the length that is looked at: what each operand of a step is, from the middle on.
  std::uint32_t period_ = 0;
  std::vector<Kind> kinds_;
  std::vector<std::uint32_t> first_kind_;
};

}  // namespace

std::optional<Chain> find_chain(const Trace& function) { return FindChain(function).run(); }

}  // namespace autograd::detail
