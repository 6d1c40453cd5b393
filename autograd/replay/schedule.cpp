#include "autograd/replay/schedule.hpp"

#include <algorithm>
#include <utility>

#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/tiling.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

bool is_product(ReplayCode c) { return c == code<ops::Mul> || c == code<ops::AdjointProduct>; }
bool is_linear(ReplayCode c) {
  return c == code<ops::Add> || c == code<ops::Sub> || c == code<ops::Neg>;
}

// Operations of a body read preloaded values from the cache. So many of 64 bytes are 64 KB, which
// the second cache holds; beyond that, to fill a register costs no more.
constexpr std::size_t kMostPreloaded = 1024;

template <class... Op> bool is_in(ops::List<Op...>, ReplayCode c) {
  return ((c == replay_code<Op>()) || ...);
}

class Scheduler {
 public:
  Scheduler(Trace trace, std::size_t parameters) : t_(s_.trace) {
    s_.trace = std::move(trace);
    s_.parameters = parameters;
    s_.is_uniform = uniform_nodes(t_);
    s_.is_only_summed.assign(t_.size(), false);
    s_.phase.assign(t_.size(), 0);
    s_.fused = s_.uniform = s_.carried = s_.first_use =
        std::vector<std::uint32_t>(t_.size(), kNone);
    use_count_.assign(t_.size(), 0);
    is_taken_apart_.assign(t_.size(), false);
    is_inside_.assign(t_.size(), false);
  }

  Schedule run(std::span<const Output> outputs) {
    find_phases();
    for (std::size_t i = 0; i < outputs.size(); ++i) ++use_count_[t_.outputs[i]];
    for (std::size_t i = 0; i < outputs.size(); ++i) place_output(t_.outputs[i], outputs[i]);
    number_uniforms();
    join_totals();
    find_fused();
    place_nodes();
    number_carried();
    s_.hides_nan = hides_nan();
    return std::move(s_);
  }

 private:
  void find_phases() {
    std::uint32_t last = 0;
    for (Node i = 0; i < t_.size(); ++i) {
      for (const Node x : t_.operands(i)) {
        ++use_count_[x];
        s_.phase[i] = std::max(s_.phase[i], s_.phase[x]);
      }
      if (is_row_mean(i)) ++s_.phase[i];
      last = std::max(last, s_.phase[i]);
    }
    s_.phases.resize(last + 1);
  }

  // A mean of values that differ from row to row.
  bool is_row_mean(Node i) const {
    return t_.code(i) == code<ops::RowMean> && !s_.is_uniform[t_.operands(i)[0]];
  }

  void add_use(Node node, std::uint16_t kernel, Argument to) {
    s_.uses.push_back({kernel, to, s_.first_use[node]});
    s_.first_use[node] = static_cast<std::uint32_t>(s_.uses.size() - 1);
  }
  std::uint32_t add_sum(Node node) {
    add_use(node, kSumRows, {Argument::kSum, s_.sum_count});
    return s_.sum_count++;
  }

  void place_output(Node node, const Output& output) {
    if (output.kind == Output::kSum) return place_total(node, output);
    if (output.kind == Output::kGuard)
      return add_use(node, output.must_be ? kCheckTrue : kCheckFalse,
                     {Argument::kGuard, output.index});
    const bool is_negated =
        t_.code(node) == code<ops::Neg> && use_count_[node] == 1 && !s_.is_uniform[node];
    if (is_negated) is_taken_apart_[node] = true;
    add_use(is_negated ? t_.operands(node)[0] : node, is_negated ? kStoreNegated : kStore,
            {output.results == Results::kValues ? Argument::kOutput : Argument::kInputGradient,
             output.index});
  }

  // The sum over rows of a sum within a row is made of the sums over rows of its terms.
  void place_total(Node output, const Output& to) {
    struct Part {
      Node node;
      double factor;
    };
    std::vector<Part> parts{{output, 1}};
    const std::size_t first = totals_.size();
    while (!parts.empty()) {
      const auto [node, factor] = parts.back();
      parts.pop_back();
      const ReplayCode c = t_.code(node);
      const bool is_uniform = s_.is_uniform[node];
      if (!is_uniform && is_linear(c) && use_count_[node] == 1) {
        const auto x = t_.operands(node);
        parts.push_back({x[0], c == code<ops::Neg> ? -factor : factor});
        if (x.size() == 2) parts.push_back({x[1], c == code<ops::Sub> ? -factor : factor});
        is_taken_apart_[node] = true;
        continue;
      }
      const std::uint32_t from = is_uniform ? node : add_sum(node);
      totals_.push_back({to.results, to.index, 1, s_.phase[node], from, is_uniform, false, factor});
    }
    // The first part is written, the others are added to it.
    const auto parts_of_total = std::span(totals_).subspan(first);
    std::ranges::sort(parts_of_total, {}, &Program::Totals::phase);
    for (Program::Totals& each : parts_of_total.subspan(1)) each.is_added = true;
  }

  // Uniform nodes that are read outside of the prologue which computes them: these need a place.
  std::vector<bool> uniforms_read() const {
    std::vector<bool> result(t_.size(), false);
    for (const Program::Totals& each : totals_)
      if (each.are_uniform) result[each.from] = true;
    for (Node i = 0; i < t_.size(); ++i) {
      if (s_.first_use[i] != kNone) result[i] = true;
      const bool names_operand = t_.code(i) == code<ops::RowMean>;
      for (const Node x : t_.operands(i))
        if (!s_.is_uniform[i] || s_.phase[i] != s_.phase[x] || names_operand) result[x] = true;
    }
    return result;
  }

  void number_uniforms() {
    const std::vector<bool> is_read = uniforms_read();
    auto next = static_cast<std::uint32_t>(s_.parameters);
    for (Node i = 0; i < t_.size(); ++i) {
      if (t_.code(i) == Trace::kParameter) s_.uniform[i] = t_.nodes[i].first;
      if (!t_.is_number(i)) continue;
      s_.uniform[i] = next++;
      s_.numbers.push_back(t_.number(i));
    }
    for (Node i = 0; i < t_.size(); ++i) {
      if (!s_.is_uniform[i] || t_.is_leaf(i)) continue;
      const Node x = t_.operands(i)[0];
      const bool is_mean = is_row_mean(i);
      if (t_.code(i) == code<ops::RowMean> && !is_mean) {
        s_.uniform[i] = s_.uniform[x];
      } else if (is_read[i] || is_mean) {
        s_.uniform[i] = next++;
      }
      if (is_mean) s_.phases[s_.phase[x]].means.push_back({add_sum(x), s_.uniform[i]});
    }
    s_.uniform_count = next;
    for (Program::Totals& each : totals_)
      if (each.are_uniform) each.from = s_.uniform[each.from];
  }

  // Totals that lie side by side, and whose sums do too, are written together.
  void join_totals() {
    for (const Program::Totals& next : totals_) {
      Program::Totals* const last = s_.totals.empty() ? nullptr : &s_.totals.back();
      const bool goes_on = last != nullptr && next.results == last->results &&
                           next.index == last->index + last->count &&
                           next.from == last->from + last->count && next.phase == last->phase &&
                           next.are_uniform == last->are_uniform &&
                           next.is_added == last->is_added && next.factor == last->factor;
      if (goes_on)
        ++last->count;
      else
        s_.totals.push_back(next);
    }
  }

  bool is_only_summed(Node node) const {
    if (!is_product(t_.code(node)) || use_count_[node] != 1 || s_.first_use[node] == kNone)
      return false;
    const Schedule::Use& use = s_.uses[s_.first_use[node]];
    return use.kernel == kSumRows && use.next == kNone &&
           std::ranges::none_of(t_.operands(node), [&](Node x) { return s_.is_uniform[x]; });
  }

  // Operations whose result only one other one takes, and for which there is a fused kernel.
  void find_fused() {
    for (Node i = 0; i < t_.size(); ++i) {
      s_.is_only_summed[i] = is_only_summed(i);
      const ReplayCode c = t_.code(i);
      const bool takes = is_in(FusedLast{}, c) || is_in(FusedLastOfOne{}, c);
      if (!takes || s_.is_uniform[i] || s_.is_only_summed[i]) continue;
      for (const Node x : t_.operands(i)) {
        const bool fits = is_in(FusedFirst{}, t_.code(x)) && use_count_[x] == 1 &&
                          s_.first_use[x] == kNone && !s_.is_uniform[x] &&
                          s_.phase[x] == s_.phase[i] && s_.fused[x] == kNone;
        if (!fits || s_.fused[i] != kNone) continue;
        s_.fused[i] = x;
        is_inside_[x] = true;
      }
    }
  }

  void place_nodes() {
    for (Node i = 0; i < t_.size(); ++i) {
      if (is_taken_apart_[i] || is_inside_[i]) continue;
      Schedule::Phase& phase = s_.phases[s_.phase[i]];
      const bool is_used = s_.first_use[i] != kNone, is_leaf = t_.is_leaf(i);
      const bool is_computed = !is_leaf && t_.code(i) != code<ops::RowMean>;
      if (s_.is_uniform[i] && is_computed) phase.prologue.push_back(i);
      // A uniform output of every row is also a matter of the rows.
      if (is_used || (is_computed && !s_.is_uniform[i])) phase.body.push_back(i);
    }
    for (Schedule::Phase& phase : s_.phases) {
      phase.body = side_by_side(t_, phase.body, s_.is_uniform, s_.is_only_summed);
      preload(phase);
    }
  }

  void preload(Schedule::Phase& phase) const {
    auto& preloaded = phase.preloaded;
    std::vector<Node> read;
    for (const Node node : phase.body) {
      if (is_sum(t_.code(node)) || s_.is_uniform[node]) continue;
      for (const Node x : s_.read_by(node, read))
        if (s_.is_uniform[x]) preloaded.push_back(x);
    }
    std::ranges::sort(preloaded);
    preloaded.erase(std::unique(preloaded.begin(), preloaded.end()), preloaded.end());
    if (preloaded.size() > kMostPreloaded) preloaded.resize(kMostPreloaded);
  }

  void number_carried() {
    for (Node i = 0; i < t_.size(); ++i) {
      if (is_taken_apart_[i]) continue;
      for (const Node x : t_.operands(i)) {
        const bool is_at_hand =
            s_.is_uniform[x] || t_.is_leaf(x) || s_.phase[x] == s_.phase[i] || is_row_mean(i);
        if (!is_at_hand && s_.carried[x] == kNone) s_.carried[x] = s_.carried_count++;
      }
    }
  }

  // Whether a derivative may meet an operation that can turn a NaN into another number.
  bool hides_nan() const {
    std::vector<bool> is_derivative(t_.size(), false);
    for (Node i = 0; i < t_.size(); ++i) {
      const ReplayCode c = t_.code(i);
      const bool any =
          std::ranges::any_of(t_.operands(i), [&](Node x) { return is_derivative[x]; });
      is_derivative[i] = any || c == code<ops::AdjointProduct> || c == kAdjointDot;
      if (any && (c == code<ops::Select> || facts_of(c).is_comparison)) return true;
    }
    return false;
  }

  Schedule s_;
  const Trace& t_;
  std::vector<std::uint32_t> use_count_;
  std::vector<bool> is_taken_apart_, is_inside_;
  std::vector<Program::Totals> totals_;  // one by one
};

}  // namespace

std::span<const Node> Schedule::read_by(Node node, std::vector<Node>& room) const {
  const Node inner = fused[node];
  if (inner == kNone) return trace.operands(node);
  room.assign(trace.operands(inner).begin(), trace.operands(inner).end());
  for (const Node x : trace.operands(node))
    if (x != inner) room.push_back(x);
  return room;
}

Schedule schedule(Trace trace, std::span<const Output> outputs, std::size_t parameters) {
  return Scheduler(std::move(trace), parameters).run(outputs);
}

}  // namespace autograd::detail
