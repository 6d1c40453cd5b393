#include <algorithm>
#include <array>
#include <utility>

#include <autograd/error.hpp>
#include <autograd/replay/emitter.hpp>
#include <autograd/replay/registers.hpp>
#include <autograd/replay/schedule.hpp>
#include <autograd/replay/tiling.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

// The registers of a block have to stay in the innermost cache: 24 of its 32 KB, in numbers.
constexpr std::uint32_t kCached = 3072;
constexpr std::uint32_t kSmallestBlock = 64;
// Up to so many sums over rows are added up together, at the end of a body, as a sum alone waits
// for its own last addition. Until then each keeps two registers, which fill the cache: 24 sums.
constexpr std::size_t kFewSums = kCached / (2 * kSmallestBlock);

template <class... Op> std::size_t place_in(ops::List<Op...>, ReplayCode c) {
  std::size_t place = 0;
  (void)((replay_code<Op>() == c || (++place, false)) || ...);
  return place;
}

// In steps of about 0.25 ns for a row: 2 ns for a vector of 8 rows.
std::size_t cost_of(const Instruction& instruction) {
  const bool is_sum = adds_up(instruction.kernel) || sums_over_rows(instruction.kernel);
  if (!is_sum) return 4;
  return is_tile(instruction.kernel) ? kTile * instruction.count() : 1 + instruction.count();
}

// Writes the instructions of a schedule, phase by phase.
class Lowering {
 public:
  explicit Lowering(const Schedule& schedule)
      : s_(schedule), t_(schedule.trace), e_(program_.list) {}

  Program run() {
    program_.parameters = static_cast<std::uint32_t>(s_.parameters);
    program_.numbers = s_.numbers;
    program_.uniforms = s_.uniform_count;
    program_.sums = s_.sum_count;
    program_.carried = s_.carried_count;
    program_.totals = s_.totals;
    program_.hides_nan = s_.hides_nan;
    for (const Schedule::Phase& phase : s_.phases) {
      program_.phases.push_back({{}, {}, {}, phase.means});
      preloaded_ = phase.preloaded;
      for (const Node x : preloaded_) program_.phases.back().preloaded.push_back(s_.uniform[x]);
      program_.phases.back().prologue = prologue(phase.prologue);
      write_body(phase.body);
    }
    if (program_.list.size() > Argument::kMostIndex || t_.size() > Argument::kMostIndex)
      throw Error("Function: too many operations");
    program_.uniform_room = program_.uniforms;
    for (const Program::Phase& phase : program_.phases)
      program_.uniform_room = std::max(program_.uniform_room, phase.prologue.size());
    program_.registers = registers_.most();
    program_.block = kSmallestBlock;
    while (program_.block < kMostRows && 2 * program_.block * program_.registers <= kCached)
      program_.block *= 2;
    for (const Program::Phase& phase : program_.phases)
      for (const Instruction& each : phase.body) program_.cost += cost_of(each);
    return std::move(program_);
  }

 private:
  // Its leaves are uniforms: parameters, numbers, and results of phases before.
  Prologue prologue(const std::vector<Node>& nodes) const {
    Trace trace;
    std::vector<Node> place(nodes.empty() ? 0 : t_.size(), kNone), operands;
    std::vector<std::uint32_t> results;
    for (const Node node : nodes) {
      operands.clear();
      for (const Node x : t_.operands(node)) {
        if (place[x] == kNone) place[x] = trace.add_leaf(Trace::kParameter, s_.uniform[x]);
        operands.push_back(place[x]);
      }
      place[node] = trace.add(t_.code(node), operands);
      if (s_.uniform[node] == kNone) continue;
      results.push_back(s_.uniform[node]);
      trace.outputs.push_back(place[node]);
    }
    return {std::move(trace), std::move(results), s_.uniform_count};
  }

  void write_body(const std::vector<Node>& nodes) {
    std::vector<Instruction>& out = program_.phases.back().body;
    out.reserve(nodes.size());
    registers_.begin(t_.size());
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      for (const Node x : s_.read_by(nodes[k], read_)) registers_.needed_until(x, k);
      registers_.needed_until(nodes[k], k);
    }
    const bool sums_at_end = sums_in(nodes) <= kFewSums;
    if (sums_at_end) keep_summands(nodes);
    e_.begin(out, sums_at_end);
    // Sums of a tile stand together: their results are used after all of them.
    for (std::size_t k = 0, last = 0; k < nodes.size(); k = last) {
      do {
        write(nodes[last]);
        ++last;
      } while (last < nodes.size() && last - k < kTile &&
               are_alike(t_, nodes[k], nodes[last], s_.is_uniform));
      for (std::size_t i = k; i < last; ++i) finish(nodes[i], i);
    }
    e_.end();
  }

  // ---- what is where ----

  std::size_t sums_in(const std::vector<Node>& nodes) const {
    std::size_t count = 0;
    for (const Node node : nodes)
      s_.for_each_use(node, [&](const auto& use) { count += use.kernel == kSumRows ? 1 : 0; });
    return count;
  }

  void keep_summands(const std::vector<Node>& nodes) {
    for (const Node node : nodes) {
      s_.for_each_use(node, [&](const auto& use) {
        if (use.kernel == kSumRows) registers_.needed_to_the_end(node);
      });
      if (!s_.is_only_summed[node]) continue;
      for (const Node x : t_.operands(node)) registers_.needed_to_the_end(x);
    }
  }

  // The register of x, which is filled if it was not.
  Argument fetch(Node x) {
    if (registers_.has(x)) return registers_.of(x);
    const Argument r = registers_.give(x);
    if (s_.is_uniform[x])
      e_.emit(kBroadcast, r, {Argument::kUniform, s_.uniform[x]});
    else if (t_.is_leaf(x))
      e_.emit(kLoad, r, {Argument::kInput, t_.nodes[x].first});
    else
      e_.emit(kFetch, r, {Argument::kCarried, s_.carried[x]});
    return r;
  }

  Argument operand(Node x) {
    const auto place = std::ranges::lower_bound(preloaded_, x);
    if (place == preloaded_.end() || *place != x) return fetch(x);
    return {Argument::kPreloaded, static_cast<std::size_t>(place - preloaded_.begin())};
  }

  // ---- instructions ----

  void write(Node node) {
    if (s_.is_only_summed[node]) {
      const auto x = t_.operands(node);
      const Argument a = fetch(x[0]), b = fetch(x[1]);
      e_.sum_over_rows(
          t_.code(node) == code<ops::AdjointProduct> ? kSumAdjointProducts : kSumProducts, a, b,
          s_.uses[s_.first_use[node]].to);
    } else if (t_.is_leaf(node) || s_.is_uniform[node]) {
      fetch(node);
    } else if (is_sum(t_.code(node))) {
      write_sum(node);
    } else if (s_.fused[node] != kNone) {
      write_fused(node);
    } else if (facts_of(t_.code(node)).is_ranged) {
      write_list(node);
    } else {
      std::array<Argument, 3> x;
      std::ranges::transform(t_.operands(node), x.begin(),
                             [&](Node each) { return operand(each); });
      e_.emit(t_.code(node), registers_.give(node), x[0], x[1], x[2]);
    }
  }

  // Writes the uses of a node, and takes registers back that are no longer needed.
  void finish(Node node, std::size_t position) {
    if (!s_.is_only_summed[node]) {
      const Argument x = registers_.of(node);
      if (s_.carried[node] != kNone) e_.emit(kCarry, {Argument::kCarried, s_.carried[node]}, x);
      s_.for_each_use(node, [&](const Schedule::Use& use) {
        if (use.kernel == kSumRows)
          e_.sum_over_rows(kSumRows, {}, x, use.to);
        else
          e_.emit(use.kernel, use.to, x);
      });
    }
    if (!s_.is_uniform[node])
      for (const Node x : s_.read_by(node, read_)) registers_.release(x, position);
    registers_.release(node, position);
  }

  void write_list(Node node) {
    // The first operand of Softmax is the place of the result.
    const bool has_place = t_.code(node) == code<ops::Softmax>;
    const auto x = t_.operands(node);
    scratch_.clear();
    for (const Node each : x.subspan(has_place ? 1 : 0)) scratch_.push_back(operand(each).bits());
    const auto count = static_cast<std::uint32_t>(scratch_.size());
    program_.most_operands = std::max(program_.most_operands, count);
    const std::size_t place = has_place ? static_cast<std::size_t>(t_.number(x[0])) : 0;
    e_.emit(t_.code(node), registers_.give(node), {Argument::kCount, place}, scratch_, count);
  }

  void write_fused(Node node) {
    const Node inner = s_.fused[node];
    const auto x = t_.operands(node), y = t_.operands(inner);
    Fused kernel{place_in(FusedFirst{}, t_.code(inner)), 0, Fused::kOfOne};
    const Argument a = operand(y[0]), b = operand(y[1]);
    Argument c;
    if (x.size() == 1) {
      kernel.last = place_in(FusedLastOfOne{}, t_.code(node));
    } else {
      kernel.last = place_in(FusedLast{}, t_.code(node));
      kernel.form = x[1] == inner ? Fused::kRight : Fused::kLeft;
      c = operand(x[kernel.form == Fused::kRight ? 0 : 1]);
    }
    e_.emit(kernel.kernel(), registers_.give(node), a, b, c);
  }

  // ---- sums within a row ----

  struct Term {
    Kernel kernel;
    std::uint32_t x, y;  // an entry of the list; y is kNone if it is one number
  };

  Term term(Node x) {
    if (s_.is_uniform[x]) return {kAddUniforms, s_.uniform[x], kNone};
    return {kAddRegisters, fetch(x).bits(), kNone};
  }
  Term term(ReplayCode c, Node x, Node y) {
    const bool is_adjoint = c == kAdjointDot;
    if (t_.is_number(x, 1)) std::swap(x, y);
    if (t_.is_number(y, 1)) return term(x);
    if (s_.is_uniform[x])
      return {is_adjoint ? kAddUniformUpstreams : kAddScaled, s_.uniform[x], fetch(y).bits()};
    if (s_.is_uniform[y])
      return {is_adjoint ? kAddUniformPartials : kAddScaled, s_.uniform[y], fetch(x).bits()};
    const Argument a = fetch(x);
    return {is_adjoint ? kAddAdjointProducts : kAddProducts, a.bits(), fetch(y).bits()};
  }

  // Terms of one kind that follow one another are one instruction, which goes on from the one
  // before.
  void write_sum(Node node) {
    const ReplayCode c = t_.code(node);
    const auto x = t_.operands(node);
    std::vector<Term>& terms = terms_;
    terms.clear();
    for (std::size_t i = 0; i < x.size(); i += is_dot(c) ? 2 : 1)
      terms.push_back(is_dot(c) ? term(c, x[i], x[i + 1]) : term(x[i]));

    const Argument out = registers_.give(node);
    const bool from_zero = c == code<ops::Sum> || c == code<ops::Dot>;
    Argument start = from_zero ? Argument::kPlusZero : Argument::kMinusZero;
    std::size_t i = 0;
    // Two numbers may be added up in either order.
    if (terms.size() > 1 && terms[0].y != kNone && terms[1].y == kNone)
      std::swap(terms[0], terms[1]);
    if (terms.size() > 1 && terms[0].kernel == kAddUniforms) {
      start = {from_zero ? Argument::kZeroPlusUniform : Argument::kUniform, terms[0].x};
      i = 1;
    } else if (!from_zero && terms.size() > 1 && terms[0].y == kNone) {
      start = Argument::of(terms[0].x);
      i = 1;
    }
    while (i < terms.size()) {
      const Kernel kernel = terms[i].kernel;
      scratch_.clear();
      std::size_t count = 0;
      for (; i < terms.size() && terms[i].kernel == kernel; ++i, ++count) {
        scratch_.push_back(terms[i].x);
        if (terms[i].y != kNone) scratch_.push_back(terms[i].y);
      }
      e_.emit(kernel, out, start, scratch_, count);
      start = out;
    }
  }

  const Schedule& s_;
  const Trace& t_;
  Program program_;
  Emitter e_;
  // Of the body that is being written:
  Registers registers_;
  std::vector<Node> preloaded_, read_;
  std::vector<std::uint32_t> scratch_;
  std::vector<Term> terms_;
};

}  // namespace

Program lower(const Schedule& schedule) { return Lowering(schedule).run(); }

}  // namespace autograd::detail
