#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/program.hpp>
#include <autograd/replay/schedule.hpp>
#include <autograd/replay/tiling.hpp>

namespace autograd::detail {
namespace {

// Writes down the steps of a plan, phase by phase.
class Writer : Plan {
 public:
  Writer(const Trace& trace, std::span<const Sink> sinks, std::size_t parameters)
      : Plan(trace, sinks, parameters) {}

  Program run() {
    for (std::uint32_t p = 0; p < program_.phases.size(); ++p) {
      write_phase(p, true);
      write_phase(p, false);
    }
    // As many rows as fit the innermost cache with their registers.
    program_.block = 64;
    while (program_.block < kMostRows && 2 * program_.block * program_.registers <= kCached)
      program_.block *= 2;
    return std::move(program_);
  }

 private:
  static constexpr std::uint32_t kCached = 3072;  // numbers: 24 KB of 32

  void write_phase(std::uint32_t phase, bool once) {
    once_ = once;
    phase_now_ = phase;
    steps_ = once ? &program_.phases[phase].once : &program_.phases[phase].rows;
    const std::vector<Node> nodes = once ? nodes_of(phase, true) : rows_side_by_side(phase);
    steps_->reserve((once ? 2 : 1) * nodes.size());
    register_.assign(t_.size(), kNone);
    last_use_.assign(t_.size(), 0);
    free_.clear();
    next_register_ = 0;
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      for (const Node x : read_by(nodes[k])) last_use_[x] = k;
      last_use_[nodes[k]] = std::max(last_use_[nodes[k]], k);
    }
    if (!once) pin(nodes);
    sums_at_end_ = !once && sums_in(nodes) <= kFewSums;
    if (sums_at_end_) hold_what_is_summed(nodes);
    // What becomes of the sums of a tile comes after all of them.
    for (std::size_t k = 0, last = 0; k < nodes.size(); k = last) {
      do {
        write(nodes[last]);
        ++last;
      } while (last < nodes.size() && last - k < kTile &&
               are_alike(t_, nodes[k], nodes[last], is_uniform_));
      for (std::size_t i = k; i < last; ++i) finish(nodes[i], i);
    }
    for (Late& late : late_) {
      if (late.list.empty()) continue;
      const std::uint32_t width = late.kernel == kSumRows ? 2 : 3;
      emit(late.kernel, kNone, kNone, static_cast<std::uint32_t>(program_.list.size()),
           static_cast<std::uint32_t>(late.list.size()) / width);
      program_.list.insert(program_.list.end(), late.list.begin(), late.list.end());
      late.list.clear();
    }
    make_tiles(*steps_, program_.list);
  }

  std::vector<Node> rows_side_by_side(std::uint32_t phase) {
    const std::vector<Node>& nodes = nodes_of(phase, false);
    std::vector<bool> only_summed(t_.size(), false);
    for (const Node node : nodes) only_summed[node] = is_only_summed(node);
    return side_by_side(t_, nodes, is_uniform_, only_summed);
  }

  // A few sums over the rows are added up together in the end, as one alone waits for itself.
  static constexpr std::size_t kFewSums = 24;

  std::size_t sums_in(const std::vector<Node>& nodes) const {
    std::size_t count = 0;
    for (const Node node : nodes)
      for (std::uint32_t i = first_sink_[node]; i != kNone; i = sinks_[i].next)
        if (sinks_[i].sink.kind == Sink::kSum) ++count;
    return count;
  }

  void hold_what_is_summed(const std::vector<Node>& nodes) {
    constexpr auto kForEver = std::numeric_limits<std::size_t>::max();
    for (const Node node : nodes) {
      if (is_only_summed(node)) {
        for (const Node x : t_.operands(node)) last_use_[x] = kForEver;
        continue;
      }
      for (std::uint32_t i = first_sink_[node]; i != kNone; i = sinks_[i].next)
        if (sinks_[i].sink.kind == Sink::kSum) last_use_[node] = kForEver;
    }
  }

  // The uniforms that operations on rows take, as long as these are not too many.
  void pin(const std::vector<Node>& nodes) {
    pinned_.clear();
    for (const Node node : nodes) {
      if (takes_uniforms(t_.code(node)) || is_uniform_[node]) continue;
      for (const Node x : read_by(node))
        if (is_uniform_[x]) pinned_.push_back(x);
    }
    std::ranges::sort(pinned_);
    pinned_.erase(std::unique(pinned_.begin(), pinned_.end()), pinned_.end());
    if (pinned_.size() > kMostPinned) pinned_.resize(kMostPinned);
    for (const Node x : pinned_) program_.phases[phase_now_].pinned.push_back(uniform_[x]);
  }
  static constexpr std::size_t kMostPinned = 1024;

  static bool takes_uniforms(Code c) {
    return c == code<ops::Dot> || c == code<ops::Sum> || c == kPlainDot || c == kPlainSum ||
           c == kAdjointDot;
  }

  std::uint32_t new_register() {
    if (free_.empty()) {
      program_.registers = std::max(program_.registers, next_register_ + 1);
      return next_register_++;
    }
    const std::uint32_t r = free_.back();
    free_.pop_back();
    return r;
  }

  void emit(std::uint16_t kernel, std::uint32_t out, std::uint32_t a = kNone,
            std::uint32_t b = kNone, std::uint32_t c = kNone) {
    steps_->push_back({kernel, out, a, b, c});
  }

  // The register that holds x, which is filled if it was not.
  std::uint32_t fetch(Node x) {
    if (register_[x] != kNone) return register_[x];
    const std::uint32_t r = register_[x] = new_register();
    if (is_uniform_[x]) {
      emit(kBroadcast, r, uniform_[x]);
    } else if (t_.is_leaf(x)) {
      emit(kLoad, r, t_.nodes[x].first);
    } else {
      emit(kFetch, r, kept_[x]);
    }
    return r;
  }

  // What an operation takes of x.
  std::uint32_t operand(Node x) {
    const auto pinned = std::ranges::lower_bound(pinned_, x);
    if (once_ || pinned == pinned_.end() || *pinned != x) return fetch(x);
    return static_cast<std::uint32_t>(pinned - pinned_.begin()) | kPinned;
  }

  void release(Node x, std::size_t position) {
    if (last_use_[x] != position || register_[x] == kNone) return;
    free_.push_back(register_[x]);
    register_[x] = kNone;
  }

  void write(Node node) {
    if (!once_ && is_only_summed(node)) {
      const auto x = t_.operands(node);
      const std::uint32_t a = fetch(x[0]), b = fetch(x[1]);
      const std::uint32_t sum = sinks_[first_sink_[node]].sink.index;
      sum_over_rows(t_.code(node) == code<ops::AdjointProduct> ? kSumFlows : kSumProducts, a, b,
                    sum);
    } else if (t_.is_leaf(node) || (!once_ && is_uniform_[node])) {
      fetch(node);
    } else {
      write_operation(node);
    }
  }

  // Writes what a node is wanted for, and gives back the registers that nobody needs any more.
  void finish(Node node, std::size_t position) {
    if (once_) {
      if (uniform_[node] != kNone) emit(kCollect, uniform_[node], register_[node]);
    } else if (!is_only_summed(node)) {
      write_sinks(node);
    }
    if (!is_uniform_[node] || once_) {
      for (const Node x : read_by(node)) release(x, position);
    }
    release(node, position);
  }

  void write_sinks(Node node) {
    if (kept_[node] != kNone) emit(kKeep, kept_[node], register_[node]);
    for (std::uint32_t i = first_sink_[node]; i != kNone; i = sinks_[i].next) {
      const Sink& sink = sinks_[i].sink;
      if (sink.kind == Sink::kRow)
        emit(sink.expected ? kStoreNegated : kStore, sink.index, register_[node], sink.group);
      if (sink.kind == Sink::kSum) sum_over_rows(kSumRows, kNone, register_[node], sink.index);
      if (sink.kind == Sink::kGuard)
        emit(kCheck, kNone, register_[node], sink.expected ? 1 : 0, sink.index);
    }
  }

  // Sums that follow one another are one step.
  void sum_over_rows(std::uint16_t kernel, std::uint32_t a, std::uint32_t x, std::uint32_t sum) {
    auto& list = program_.list;
    if (sums_at_end_) {
      auto& late = late_[kernel - kSumRows].list;
      if (kernel != kSumRows) late.push_back(a);
      late.insert(late.end(), {x, sum});
      return;
    }
    const bool goes_on = !steps_->empty() && steps_->back().kernel == kernel &&
                         steps_->back().a == a &&
                         steps_->back().b + 2 * steps_->back().c == list.size();
    if (!goes_on) {
      emit(kernel, 0, a, static_cast<std::uint32_t>(list.size()), 0);
    } else if (list.back() + 1 != sum) {
      steps_->back().out = kNone;
    }
    list.push_back(x);
    list.push_back(sum);
    ++steps_->back().c;
  }

  void write_operation(Node node) {
    const Code c = t_.code(node);
    const auto x = t_.operands(node);
    if (takes_uniforms(c)) {
      write_sum(node);
      return;
    }
    if (fused_[node] != kNone) {
      write_fused(node);
      return;
    }
    const bool is_list = facts(c).is_ranged;
    std::vector<std::uint32_t>& operands = scratch_;
    operands.clear();
    const std::size_t skip = c == code<ops::Softmax> ? 1 : 0;
    for (const Node each : x.subspan(skip)) operands.push_back(operand(each));
    const std::uint32_t out = register_[node] = new_register();
    if (is_list) {
      const auto which = skip != 0 ? static_cast<std::uint32_t>(t_.number(x[0])) : 0;
      const auto at = static_cast<std::uint32_t>(program_.list.size());
      program_.most_operands =
          std::max(program_.most_operands, static_cast<std::uint32_t>(operands.size()));
      program_.list.insert(program_.list.end(), operands.begin(), operands.end());
      emit(c, out, which, at, static_cast<std::uint32_t>(operands.size()));
    } else {
      operands.resize(3, kNone);
      emit(c == kUnlessNan  ? std::uint16_t{kUnless}
           : c == kGaussian ? std::uint16_t{kGaussianOfRows}
                            : c,
           out, operands[0], operands[1], operands[2]);
    }
  }

  void write_fused(Node node) {
    const Node inner = fused_[node];
    const auto x = t_.operands(node), y = t_.operands(inner);
    const std::size_t first = place_in(FusedFirst{}, t_.code(inner));
    const std::uint32_t a = operand(y[0]), b = operand(y[1]);
    if (x.size() == 1) {
      const std::uint32_t out = register_[node] = new_register();
      emit(fused(first, place_in(FusedLastOfOne{}, t_.code(node))), out, a, b);
      return;
    }
    const bool turned = x[1] == inner;
    const std::uint32_t c = operand(x[turned ? 0 : 1]);
    const std::uint32_t out = register_[node] = new_register();
    emit(fused(first, place_in(FusedLast{}, t_.code(node)), turned), out, a, b, c);
  }

  // ---- sums within a row ----

  struct Term {
    std::uint16_t kernel;
    std::uint32_t x, y;  // entries of the list; y is kNone if there is one
  };

  Term term(Code c, Node x, Node y) {
    const bool flows = c == kAdjointDot;
    if (t_.is_number(x, 1)) std::swap(x, y);
    if (t_.is_number(y, 1)) return term(x);
    const bool scales_x = !once_ && is_uniform_[x], scales_y = !once_ && is_uniform_[y];
    if (scales_x)
      return {static_cast<std::uint16_t>(flows ? kAddFlowsIn : kAddScaled), uniform_[x], fetch(y)};
    if (scales_y)
      return {static_cast<std::uint16_t>(flows ? kAddFlowsOut : kAddScaled), uniform_[y], fetch(x)};
    const std::uint32_t a = fetch(x);
    return {static_cast<std::uint16_t>(flows ? kAddFlows : kAddProducts), a, fetch(y)};
  }
  Term term(Node x) {
    if (!once_ && is_uniform_[x]) return {kAddUniforms, uniform_[x], kNone};
    return {kAddRegisters, fetch(x), kNone};
  }

  // Terms of one kind that follow one another are one step, which goes on from the one before.
  void write_sum(Node node) {
    const Code c = t_.code(node);
    const auto x = t_.operands(node);
    std::vector<Term>& terms = terms_;
    terms.clear();
    const bool is_sum = c == code<ops::Sum> || c == kPlainSum;
    for (std::size_t i = 0; i < x.size(); i += is_sum ? 1 : 2)
      terms.push_back(is_sum ? term(x[i]) : term(c, x[i], x[i + 1]));

    const std::uint32_t out = register_[node] = new_register();
    const bool from_zero = c == code<ops::Sum> || c == code<ops::Dot>;
    std::uint32_t start = from_zero ? kNone : kMinusZero;
    std::size_t i = 0;
    // Two numbers may be added up in either order.
    if (terms.size() > 1 && terms[0].y != kNone && terms[1].y == kNone)
      std::swap(terms[0], terms[1]);
    const bool starts_uniform = terms.size() > 1 && terms[0].kernel == kAddUniforms;
    if (starts_uniform) {
      start = terms[0].x | kUniform | (from_zero ? kFromZero : 0);
      i = 1;
    } else if (!from_zero && terms.size() > 1 && terms[0].y == kNone) {
      start = terms[0].x;
      i = 1;
    }
    while (i < terms.size()) {
      const std::uint16_t kernel = terms[i].kernel;
      const auto at = static_cast<std::uint32_t>(program_.list.size());
      std::uint32_t count = 0;
      for (; i < terms.size() && terms[i].kernel == kernel; ++i, ++count) {
        program_.list.push_back(terms[i].x);
        if (terms[i].y != kNone) program_.list.push_back(terms[i].y);
      }
      emit(kernel, out, start, at, count);
      start = out;
    }
  }

  // Of the phase that is being written.
  bool once_ = false;
  std::uint32_t phase_now_ = 0;
  std::vector<Step>* steps_ = nullptr;
  std::vector<std::uint32_t> register_, free_, scratch_;
  std::vector<Node> pinned_;  // sorted
  std::vector<std::size_t> last_use_;
  std::vector<Term> terms_;
  std::uint32_t next_register_ = 0;
  bool sums_at_end_ = false;
  struct Late {
    std::uint16_t kernel;
    std::vector<std::uint32_t> list;
  };
  std::array<Late, 3> late_{{{kSumRows, {}}, {kSumProductPairs, {}}, {kSumFlowPairs, {}}}};
};

}  // namespace

Program compile(Trace trace, std::span<const Sink> sinks, std::size_t parameters) {
  std::vector<bool> is_summed;
  for (const Sink& sink : sinks) is_summed.push_back(sink.kind == Sink::kSum);
  const bool mixes_rows = std::ranges::any_of(
      trace.nodes, [](const Trace::Entry& node) { return node.code == code<ops::RowMean>; });
  trace = remove_dead(hoist_uniform_factors(std::move(trace), is_summed));
  Program program = Writer(trace, sinks, parameters).run();
  program.mixes_rows = mixes_rows;
  return program;
}

}  // namespace autograd::detail
