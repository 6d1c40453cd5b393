#include <algorithm>
#include <array>
#include <autograd/detail/passes.hpp>
#include <autograd/detail/program.hpp>
#include <charconv>
#include <limits>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

bool is_product(Code c) { return c == code<ops::Mul> || c == code<ops::Flow>; }

class Compiler {
 public:
  Compiler(const Trace& trace, std::span<const Sink> sinks, std::size_t parameters)
      : t_(trace),
        is_uniform_(same_in_all_rows(trace)),
        phase_(trace.size(), 0),
        uses_(trace.size(), 0),
        uniform_(trace.size(), kNone),
        kept_(trace.size(), kNone),
        first_sink_(trace.size(), kNone) {
    program_.parameters = static_cast<std::uint32_t>(parameters);
    find_phases();
    for (std::size_t i = 0; i < sinks.size(); ++i) ++uses_[trace.outputs[i]];
    for (std::size_t i = 0; i < sinks.size(); ++i) place_sink(trace.outputs[i], sinks[i]);
    name_uniforms();
    find_fused();
    sort_by_phase();
    program_.hides_nan = hides_nan();
  }

  Program run() {
    for (std::uint32_t p = 0; p < program_.phases.size(); ++p) {
      write_phase(p, true);
      write_phase(p, false);
    }
    // As many rows as fit the innermost cache with their registers.
    program_.block = 32;
    while (program_.block < kMostRows && 2 * program_.block * program_.registers <= kCached)
      program_.block *= 2;
    return std::move(program_);
  }

 private:
  static constexpr std::uint32_t kCached = 4096;  // numbers: 32 KB

  // ---- what is needed where ----

  void find_phases() {
    std::uint32_t last = 0;
    for (Node i = 0; i < t_.size(); ++i) {
      for (const Node x : t_.operands(i)) {
        ++uses_[x];
        phase_[i] = std::max(phase_[i], phase_[x]);
      }
      if (is_row_mean(i)) ++phase_[i];
      last = std::max(last, phase_[i]);
    }
    program_.phases.resize(last + 1);
  }

  // The mean of what differs from row to row.
  bool is_row_mean(Node i) const {
    return t_.code(i) == code<ops::RowMean> && !is_uniform_[t_.operands(i)[0]];
  }

  struct RowSink {
    Sink sink;
    std::uint32_t next;  // of the same node
  };

  void add_sink(Node node, Sink sink) {
    sinks_.push_back({sink, first_sink_[node]});
    first_sink_[node] = static_cast<std::uint32_t>(sinks_.size() - 1);
  }

  // Sums over rows are taken apart where they are sums within the row too.
  void place_sink(Node output, const Sink& sink) {
    const bool is_negated = t_.code(output) == code<ops::Neg> && uses_[output] == 1;
    if (sink.kind == Sink::kRow && is_negated && !is_uniform_[output]) {
      take_apart(output);
      add_sink(t_.operands(output)[0], {Sink::kRow, sink.index, true, sink.group});
      return;
    }
    if (sink.kind != Sink::kSum) {
      add_sink(output, sink);
      return;
    }
    struct Part {
      Node node;
      double factor;
    };
    std::vector<Part> parts{{output, 1}};
    const std::size_t first = totals_.size();
    const auto total = [&](Node node, bool is_uniform, std::uint32_t from, double factor) {
      totals_.push_back({sink.group, sink.index, 1, phase_[node], from, is_uniform, false, factor});
    };
    while (!parts.empty()) {
      const auto [node, factor] = parts.back();
      parts.pop_back();
      if (is_uniform_[node]) {
        total(node, true, node, factor);
        continue;
      }
      const Code c = t_.code(node);
      const auto x = t_.operands(node);
      if ((c == code<ops::Add> || c == code<ops::Sub> || c == code<ops::Neg>)&&uses_[node] == 1) {
        parts.push_back({x[0], c == code<ops::Neg> ? -factor : factor});
        if (x.size() == 2) parts.push_back({x[1], c == code<ops::Sub> ? -factor : factor});
        take_apart(node);
        continue;
      }
      total(node, false, program_.sums, factor);
      add_sink(node, {Sink::kSum, program_.sums++});
    }
    // What comes first is written, the rest is added to it.
    const auto parts_of_total = std::span(totals_).subspan(first);
    std::ranges::sort(parts_of_total, {}, &Program::Totals::phase);
    for (Program::Totals& each : parts_of_total.subspan(1)) each.is_more = true;
  }

  void take_apart(Node node) {
    is_taken_apart_.resize(t_.size());
    is_taken_apart_[node] = true;
  }
  bool is_taken_apart(Node node) const { return !is_taken_apart_.empty() && is_taken_apart_[node]; }

  // A product of two rows that is only added up over them.
  bool is_only_summed(Node node) const {
    if (!is_product(t_.code(node)) || uses_[node] != 1 || first_sink_[node] == kNone) return false;
    const RowSink& sink = sinks_[first_sink_[node]];
    return sink.sink.kind == Sink::kSum && sink.next == kNone &&
           std::ranges::none_of(t_.operands(node), [&](Node x) { return is_uniform_[x]; });
  }

  void name_uniforms() {
    std::uint32_t next = program_.parameters;
    for (Node i = 0; i < t_.size(); ++i) {
      if (t_.code(i) == Trace::kParameter) uniform_[i] = t_.nodes[i].first;
      if (!t_.is_number(i)) continue;
      uniform_[i] = next++;
      program_.numbers.push_back(t_.number(i));
    }
    for (Node i = 0; i < t_.size(); ++i) {
      if (!is_uniform_[i] || t_.is_leaf(i)) continue;
      const bool is_alias = t_.code(i) == code<ops::RowMean> && !is_row_mean(i);
      uniform_[i] = is_alias ? uniform_[t_.operands(i)[0]] : next++;
      if (!is_row_mean(i)) continue;
      const Node x = t_.operands(i)[0];
      add_sink(x, {Sink::kSum, program_.sums});
      program_.phases[phase_[x]].means.push_back({program_.sums++, uniform_[i]});
    }
    program_.uniforms = next;
    for (Program::Totals& each : totals_)
      if (each.are_uniform) each.from = uniform_[each.from];
    join_totals();
  }

  // Totals that lie side by side, and so do what they come from, are written together.
  void join_totals() {
    for (const Program::Totals& next : totals_) {
      if (!program_.totals.empty()) {
        Program::Totals& last = program_.totals.back();
        const bool goes_on = next.group == last.group && next.index == last.index + last.count &&
                             next.from == last.from + last.count && next.phase == last.phase &&
                             next.are_uniform == last.are_uniform && next.is_more == last.is_more &&
                             next.factor == last.factor;
        if (goes_on) {
          ++last.count;
          continue;
        }
      }
      program_.totals.push_back(next);
    }
  }

  // The place of an operation in a list, or that list's size.
  template <class... Op> static std::size_t place_in(ops::List<Op...>, Code c) {
    constexpr std::array<Code, sizeof...(Op)> codes{code<Op>...};
    return static_cast<std::size_t>(std::ranges::find(codes, c) - codes.begin());
  }

  // Operations that only one other one takes, and that are one step with it.
  void find_fused() {
    fused_.assign(t_.size(), kNone);
    is_inside_.assign(t_.size(), false);
    for (Node i = 0; i < t_.size(); ++i) {
      const Code c = t_.code(i);
      const bool takes = place_in(FusedFirst{}, c) < FusedFirst::size ||
                         place_in(FusedLast{}, c) < FusedLast::size;
      if (!takes || is_uniform_[i] || is_only_summed(i)) continue;
      for (const Node x : t_.operands(i)) {
        const bool fits = place_in(FusedFirst{}, t_.code(x)) < FusedFirst::size && uses_[x] == 1 &&
                          first_sink_[x] == kNone && !is_uniform_[x] && phase_[x] == phase_[i] &&
                          fused_[x] == kNone;
        if (!fits || fused_[i] != kNone) continue;
        fused_[i] = x;
        is_inside_[x] = true;
      }
    }
  }

  // What a step for `node` reads: its operands, and those of the operation that is fused with it.
  std::span<const Node> read_by(Node node) {
    const Node inner = fused_[node];
    if (inner == kNone) return t_.operands(node);
    read_.assign(t_.operands(inner).begin(), t_.operands(inner).end());
    for (const Node x : t_.operands(node))
      if (x != inner) read_.push_back(x);
    return read_;
  }

  void sort_by_phase() {
    nodes_.resize(2 * program_.phases.size());
    for (Node i = 0; i < t_.size(); ++i) {
      if (is_taken_apart(i) || is_inside_[i]) continue;
      const bool is_wanted = first_sink_[i] != kNone;
      if (t_.code(i) == code<ops::RowMean>) {
        if (is_wanted) nodes_of(phase_[i], false).push_back(i);
        continue;
      }
      if (!t_.is_leaf(i) || is_wanted)
        nodes_of(phase_[i], is_uniform_[i] && !t_.is_leaf(i)).push_back(i);
      // What is the same in all rows, and wanted in each, is also a matter of the rows.
      if (is_uniform_[i] && !t_.is_leaf(i) && is_wanted) nodes_of(phase_[i], false).push_back(i);
    }
    // What a later phase needs is kept.
    for (Node i = 0; i < t_.size(); ++i) {
      if (is_taken_apart(i)) continue;
      for (const Node x : t_.operands(i)) {
        if (is_uniform_[x] || t_.is_leaf(x) || phase_[x] == phase_[i] || is_row_mean(i)) continue;
        if (kept_[x] == kNone) kept_[x] = program_.kept++;
      }
    }
  }

  std::vector<Node>& nodes_of(std::uint32_t phase, bool uniform) {
    return nodes_[2 * phase + (uniform ? 1 : 0)];
  }

  // Whether a gradient may meet an operation that can turn a NaN into something else.
  bool hides_nan() const {
    std::vector<bool> flows(t_.size(), false);
    for (Node i = 0; i < t_.size(); ++i) {
      const Code c = t_.code(i);
      const bool any = std::ranges::any_of(t_.operands(i), [&](Node x) { return flows[x]; });
      flows[i] = any || c == code<ops::Flow> || c == kFlowDot;
      const bool compares = c >= code<ops::Less> && c <= code<ops::NotEqual>;
      if (any && (c == code<ops::Select> || compares)) return true;
    }
    return false;
  }

  // ---- writing steps ----

  void write_phase(std::uint32_t phase, bool once) {
    once_ = once;
    phase_now_ = phase;
    steps_ = once ? &program_.phases[phase].once : &program_.phases[phase].rows;
    const std::vector<Node>& nodes = nodes_of(phase, once);
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
    for (std::size_t k = 0; k < nodes.size(); ++k) write(nodes[k], k);
    for (Late& late : late_) {
      if (late.list.empty()) continue;
      const std::uint32_t width = late.kernel == kSumRows ? 2 : 3;
      emit(late.kernel, kNone, kNone, static_cast<std::uint32_t>(program_.list.size()),
           static_cast<std::uint32_t>(late.list.size()) / width);
      program_.list.insert(program_.list.end(), late.list.begin(), late.list.end());
      late.list.clear();
    }
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

  // The uniforms that operations on rows take as operands stay in registers of their own, as long
  // as these are not too many.
  void pin(const std::vector<Node>& nodes) {
    std::vector<Node> wanted;
    const auto want = [&](Node x) {
      if (is_uniform_[x]) wanted.push_back(x);
    };
    for (const Node node : nodes) {
      if (is_uniform_[node]) want(node);
      if (takes_uniforms(t_.code(node)) || is_uniform_[node]) continue;
      for (const Node x : read_by(node)) want(x);
    }
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
    if (wanted.size() > kMostPinned) wanted.resize(kMostPinned);
    for (const Node x : wanted) {
      register_[x] = next_register_++;
      last_use_[x] = std::numeric_limits<std::size_t>::max();
      program_.phases[phase_now_].first.push_back(
          {kBroadcast, register_[x], uniform_[x], kNone, kNone});
    }
    program_.registers = std::max(program_.registers, next_register_);
  }
  static constexpr std::size_t kMostPinned = 1024;

  static bool takes_uniforms(Code c) {
    return c == code<ops::Dot> || c == code<ops::Sum> || c == kPlainDot || c == kPlainSum ||
           c == kFlowDot;
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

  void release(Node x, std::size_t position) {
    if (last_use_[x] != position || register_[x] == kNone) return;
    free_.push_back(register_[x]);
    register_[x] = kNone;
  }

  void write(Node node, std::size_t position) {
    if (!once_ && is_only_summed(node)) {
      const auto x = t_.operands(node);
      const std::uint32_t a = fetch(x[0]), b = fetch(x[1]);
      const std::uint32_t sum = sinks_[first_sink_[node]].sink.index;
      sum_over_rows(t_.code(node) == code<ops::Flow> ? kSumFlows : kSumProducts, a, b, sum);
    } else {
      if (t_.is_leaf(node) || (!once_ && is_uniform_[node])) {
        fetch(node);
      } else {
        write_operation(node);
      }
      if (once_) {
        emit(kCollect, uniform_[node], register_[node]);
      } else {
        write_sinks(node);
      }
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
        emit(kGuard, kNone, register_[node], sink.expected ? 1 : 0, sink.index);
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
    const bool is_list = c >= code<ops::Sum> && c <= code<ops::Softmax>;
    std::vector<std::uint32_t>& operands = scratch_;
    operands.clear();
    const std::size_t skip = c == code<ops::Softmax> ? 1 : 0;
    for (const Node each : x.subspan(skip)) operands.push_back(fetch(each));
    const std::uint32_t out = register_[node] = new_register();
    if (is_list) {
      const auto which = skip != 0 ? static_cast<std::uint32_t>(t_.number(x[0])) : 0;
      const auto at = static_cast<std::uint32_t>(program_.list.size());
      program_.list.insert(program_.list.end(), operands.begin(), operands.end());
      emit(c, out, which, at, static_cast<std::uint32_t>(operands.size()));
    } else {
      operands.resize(3, kNone);
      emit(c == kUnlessNan ? std::uint16_t{kUnless} : c, out, operands[0], operands[1],
           operands[2]);
    }
  }

  void write_fused(Node node) {
    const Node inner = fused_[node];
    const auto x = t_.operands(node), y = t_.operands(inner);
    const std::size_t first = place_in(FusedFirst{}, t_.code(inner));
    const std::uint32_t a = fetch(y[0]), b = fetch(y[1]);
    if (x.size() == 1) {
      const std::uint32_t out = register_[node] = new_register();
      emit(fused(first, place_in(FusedLast{}, t_.code(node))), out, a, b);
      return;
    }
    const bool turned = x[1] == inner;
    const std::uint32_t c = fetch(x[turned ? 0 : 1]);
    const std::uint32_t out = register_[node] = new_register();
    emit(fused(first, place_in(FusedFirst{}, t_.code(node)), turned), out, a, b, c);
  }

  // ---- sums within a row ----

  struct Term {
    std::uint16_t kernel;
    std::uint32_t x, y;  // entries of the list; y is kNone if there is one
  };

  Term term(Code c, Node x, Node y) {
    const bool flows = c == kFlowDot;
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
    if (!from_zero && terms.size() > 1 && terms[0].y == kNone) {
      start = terms[0].kernel == kAddUniforms ? terms[0].x | kUniform : terms[0].x;
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

  const Trace& t_;
  std::vector<bool> is_uniform_, is_taken_apart_;
  std::vector<std::uint32_t> phase_, uses_;
  std::vector<std::uint32_t> uniform_, kept_;  // by node: its place, or kNone
  std::vector<std::uint32_t> first_sink_;
  std::vector<Node> fused_;  // the operand that is one step with it, or kNone
  std::vector<bool> is_inside_;
  std::vector<Node> read_;
  std::vector<RowSink> sinks_;
  std::vector<Program::Totals> totals_;   // one by one
  std::vector<std::vector<Node>> nodes_;  // by phase: of the rows, and the same in all rows

  // Of the phase that is being written.
  bool once_ = false;
  std::uint32_t phase_now_ = 0;
  std::vector<Step>* steps_ = nullptr;
  std::vector<std::uint32_t> register_, free_, scratch_;
  std::vector<std::size_t> last_use_;
  std::vector<Term> terms_;
  std::uint32_t next_register_ = 0;
  bool sums_at_end_ = false;
  struct Late {
    std::uint16_t kernel;
    std::vector<std::uint32_t> list;
  };
  std::array<Late, 3> late_{{{kSumRows, {}}, {kSumProductPairs, {}}, {kSumFlowPairs, {}}}};

  Program program_;
};

}  // namespace

namespace {

std::string register_name(std::uint32_t r) { return std::string("r").append(std::to_string(r)); }
std::string uniform_name(const Program& program, std::uint32_t u) {
  const std::uint32_t number = u - program.parameters;
  if (u < program.parameters) return std::string("p").append(std::to_string(u));
  if (number < program.numbers.size()) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), program.numbers[number]);
    return {text.data(), end.ptr};
  }
  return std::string("u").append(std::to_string(u));
}

// What a step adds up, entry by entry.
std::string entries(const Program& program, const Step& step) {
  std::string result;
  const bool is_pair = step.kernel >= kAddProducts && step.kernel != kSumRows;
  for (std::uint32_t i = 0; i < step.c; ++i) {
    const std::uint32_t* const entry = program.list.data() + step.b + i * (is_pair ? 2 : 1);
    const bool is_uniform = step.kernel == kAddUniforms || step.kernel == kAddScaled ||
                            step.kernel == kAddFlowsIn || step.kernel == kAddFlowsOut;
    result += " + ";
    result += is_uniform ? uniform_name(program, entry[0]) : register_name(entry[0]);
    if (is_pair) result += " " + register_name(entry[1]);
  }
  return result;
}

std::string fused_text(const Step& step) {
  const std::string a = register_name(step.a), b = register_name(step.b);
  constexpr std::array first{"add ", "sub ", "mul ", "flow "};
  const std::size_t k = step.kernel - kFused;
  if (k >= 32) {
    std::string last;
    std::size_t i = 0;
    FusedLast::for_each([&]<class Op>() {
      if (i++ == (k - 32) % 8) last = std::string(Op::info.name);
    });
    return last + " (" + first[(k - 32) / 8] + a + " " + b + ")";
  }
  const std::string inner = std::string("(").append(first[k / 8]) + a + " " + b + ")";
  const std::string c = register_name(step.c), last = first[k / 2 % 4];
  return k % 2 == 0 ? last + inner + " " + c : last + c + " " + inner;
}

std::string text_of(const Program& program, const Step& step) {
  const auto sum = [&](std::uint32_t i) { return std::string("s").append(std::to_string(i)); };
  const std::string out = register_name(step.out), a = register_name(step.a);
  const std::uint32_t* const entry = program.list.data() + step.b;
  std::string text;
  switch (step.kernel) {
    case kBroadcast:
      return out + " = " + uniform_name(program, step.a);
    case kCollect:
      return uniform_name(program, step.out) + " = " + a;
    case kLoad:
      return out + " = input " + std::to_string(step.a);
    case kStore:
    case kStoreNegated:
      return (step.b == 0 ? "output " : "input gradient ") + std::to_string(step.out) +
             (step.kernel == kStore ? " = " : " = -") + a;
    case kKeep:
      return "kept " + std::to_string(step.out) + " = " + a;
    case kFetch:
      return out + " = kept " + std::to_string(step.a);
    case kGuard:
      return "check " + a + (step.b != 0 ? " is true" : " is false");
    case kSumProductPairs:
    case kSumFlowPairs:
      for (std::uint32_t i = 0; i < step.c; ++i) {
        text += (i == 0 ? "" : ", ") + sum(entry[3 * i + 2]) +
                " += " + register_name(entry[3 * i]) + " " + register_name(entry[3 * i + 1]);
      }
      return text;
    case kSumRows:
    case kSumProducts:
    case kSumFlows:
      for (std::uint32_t i = 0; i < step.c; ++i) {
        text += (i == 0 ? "" : ", ") + sum(entry[2 * i + 1]) + " += ";
        if (step.kernel != kSumRows) text += a + " ";
        text += register_name(entry[2 * i]);
      }
      return text;
    default:
      break;
  }
  if (step.kernel >= kFused) return out + " = " + fused_text(step);
  if (step.kernel >= kAddRegisters) {
    const std::string start = step.a == kNone || step.a == kMinusZero ? ""
                              : (step.a & kUniform) != 0 ? uniform_name(program, step.a & ~kUniform)
                                                         : a;
    const std::string rest = entries(program, step);
    return out + " = " + (start.empty() ? rest.substr(3) : start + rest);
  }
  if (step.kernel == kUnless) return out + " = " + register_name(step.b) + " unless nan " + a;
  text = out + " = " + std::string(ops::All::infos[step.kernel].name);
  if (step.kernel >= code<ops::Sum> && step.kernel <= code<ops::Softmax>) {
    for (std::uint32_t i = 0; i < step.c; ++i) text += " " + register_name(entry[i]);
    if (step.kernel == code<ops::Softmax>) text += ", the one at " + std::to_string(step.a);
    return text;
  }
  for (const std::uint32_t r : {step.a, step.b, step.c})
    if (r != kNone) text += " " + register_name(r);
  return text;
}

}  // namespace

std::string to_string(const Program& program) {
  std::string result;
  const auto write = [&](const char* title, const std::vector<Step>& steps) {
    if (steps.empty()) return;
    result += title;
    for (const Step& step : steps) result += "  " + text_of(program, step) + "\n";
  };
  for (std::size_t i = 0; i < program.phases.size(); ++i) {
    const Program::Phase& phase = program.phases[i];
    write("once\n", phase.once);
    write("before the rows\n", phase.first);
    write("for each row\n", phase.rows);
    for (const auto& mean : phase.means) {
      result += uniform_name(program, mean.uniform) + " = mean over rows s" +
                std::to_string(mean.sum) + "\n";
    }
  }
  return result;
}

Program compile(const Trace& trace, std::span<const Sink> sinks, std::size_t parameters) {
  std::vector<bool> is_summed;
  for (const Sink& sink : sinks) is_summed.push_back(sink.kind == Sink::kSum);
  const Trace best = without_dead_nodes(with_factors_out_of_sums(trace, is_summed));
  Program program = Compiler(best, sinks, parameters).run();
  program.mixes_rows = std::ranges::any_of(
      trace.nodes, [](const Trace::Entry& node) { return node.code == code<ops::RowMean>; });
  return program;
}

}  // namespace autograd::detail
