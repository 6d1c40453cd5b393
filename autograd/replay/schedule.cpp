#include "autograd/replay/schedule.hpp"

#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {
namespace {

bool is_product(Code c) { return c == code<ops::Mul> || c == code<ops::AdjointProduct>; }

}  // namespace

Plan::Plan(const Trace& trace, std::span<const Sink> sinks, std::size_t parameters)
    : t_(trace),
      is_uniform_(uniform_nodes(trace)),
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

void Plan::find_phases() {
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

bool Plan::is_row_mean(Node i) const {
  return t_.code(i) == code<ops::RowMean> && !is_uniform_[t_.operands(i)[0]];
}

void Plan::add_sink(Node node, Sink sink) {
  sinks_.push_back({sink, first_sink_[node]});
  first_sink_[node] = static_cast<std::uint32_t>(sinks_.size() - 1);
}

void Plan::place_sink(Node output, const Sink& sink) {
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

void Plan::take_apart(Node node) {
  is_taken_apart_.resize(t_.size());
  is_taken_apart_[node] = true;
}

bool Plan::is_only_summed(Node node) const {
  if (!is_product(t_.code(node)) || uses_[node] != 1 || first_sink_[node] == kNone) return false;
  const RowSink& sink = sinks_[first_sink_[node]];
  return sink.sink.kind == Sink::kSum && sink.next == kNone &&
         std::ranges::none_of(t_.operands(node), [&](Node x) { return is_uniform_[x]; });
}

// Uniforms that other things than uniforms of the same phase take: these need a place of their own.
std::vector<bool> Plan::read_uniforms() const {
  std::vector<bool> result(t_.size(), false);
  for (const Program::Totals& each : totals_)
    if (each.are_uniform) result[each.from] = true;
  for (Node i = 0; i < t_.size(); ++i) {
    if (first_sink_[i] != kNone) result[i] = true;
    const bool names_operand = t_.code(i) == code<ops::RowMean>;
    for (const Node x : t_.operands(i))
      if (!is_uniform_[i] || phase_[i] != phase_[x] || names_operand) result[x] = true;
  }
  return result;
}

void Plan::name_uniforms() {
  const std::vector<bool> is_read = read_uniforms();
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
    if (is_alias) {
      uniform_[i] = uniform_[t_.operands(i)[0]];
    } else if (is_read[i] || is_row_mean(i)) {
      uniform_[i] = next++;
    }
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

void Plan::join_totals() {
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

void Plan::find_fused() {
  fused_.assign(t_.size(), kNone);
  is_inside_.assign(t_.size(), false);
  for (Node i = 0; i < t_.size(); ++i) {
    const Code c = t_.code(i);
    const bool takes = is_in(FusedLast{}, c) || is_in(FusedLastOfOne{}, c);
    if (!takes || is_uniform_[i] || is_only_summed(i)) continue;
    for (const Node x : t_.operands(i)) {
      const bool fits = is_in(FusedFirst{}, t_.code(x)) && uses_[x] == 1 &&
                        first_sink_[x] == kNone && !is_uniform_[x] && phase_[x] == phase_[i] &&
                        fused_[x] == kNone;
      if (!fits || fused_[i] != kNone) continue;
      fused_[i] = x;
      is_inside_[x] = true;
    }
  }
}

std::span<const Trace::Node> Plan::read_by(Node node) {
  const Node inner = fused_[node];
  if (inner == kNone) return t_.operands(node);
  read_.assign(t_.operands(inner).begin(), t_.operands(inner).end());
  for (const Node x : t_.operands(node))
    if (x != inner) read_.push_back(x);
  return read_;
}

void Plan::sort_by_phase() {
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

bool Plan::hides_nan() const {
  std::vector<bool> flows(t_.size(), false);
  for (Node i = 0; i < t_.size(); ++i) {
    const Code c = t_.code(i);
    const bool any = std::ranges::any_of(t_.operands(i), [&](Node x) { return flows[x]; });
    flows[i] = any || c == code<ops::AdjointProduct> || c == kAdjointDot;
    if (any && (c == code<ops::Select> || facts(c).is_comparison)) return true;
  }
  return false;
}

}  // namespace autograd::detail
