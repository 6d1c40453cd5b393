#include "autograd/replay/scalar_program.hpp"

#include <algorithm>
#include <span>
#include <string>

#include <autograd/error.hpp>

namespace autograd::detail {
namespace {

using Operands = const std::uint32_t*;

template <class Op> double run_elementary(double* numbers, Operands x, std::size_t, double*) {
  if constexpr (Op::domain.size() == 1) {
    return Op::value(numbers[x[0]]);
  } else {
    return Op::value(numbers[x[0]], numbers[x[1]]);
  }
}

// The operands side by side, as rules of many take them.
template <class Op> double run_ranged(double* numbers, Operands x, std::size_t count, double* in) {
  for (std::size_t i = 0; i < count; ++i) in[i] = numbers[x[i]];
  if constexpr (std::same_as<Op, ops::Softmax>) {  // behind the number of the output
    return Op::value(std::span<const double>(in + 1, count - 1), static_cast<std::size_t>(in[0]));
  } else {
    return Op::value(std::span<const double>(in, count), 0);
  }
}

// last(first(a, b), c), last(c, first(a, b)) or last(first(a, b)): the number between them makes no
// trip to memory.
template <class First, class Last, Fused::Form form>
double run_fused(double* numbers, Operands x, std::size_t, double*) {
  const double inner = First::value(numbers[x[0]], numbers[x[1]]);
  if constexpr (form == Fused::kOfOne) {
    return Last::value(inner);
  } else if constexpr (form == Fused::kLeft) {
    return Last::value(inner, numbers[x[2]]);
  } else {
    return Last::value(numbers[x[2]], inner);
  }
}

// g x, and g y into a place of its own: what the two factors of a product get of its gradient g.
double run_two_products(double* numbers, Operands x, std::size_t, double*) {
  const double g = numbers[x[0]];
  numbers[x[3]] = ops::AdjointProduct::value(g, numbers[x[2]]);
  return ops::AdjointProduct::value(g, numbers[x[1]]);
}

double run_select(double* numbers, Operands x, std::size_t, double*) {
  return numbers[x[0]] != 0 ? numbers[x[1]] : numbers[x[2]];
}

// `from_zero`: 0 + x_1 + ..., which makes 0 of -0.
template <bool from_zero> double run_sum(double* numbers, Operands x, std::size_t count, double*) {
  double sum = from_zero ? 0 + numbers[x[0]] : numbers[x[0]];
  for (std::size_t i = 1; i < count; ++i) sum += numbers[x[i]];
  return sum;
}
template <class Product, bool from_zero>
double run_dot(double* numbers, Operands x, std::size_t count, double*) {
  const auto product = [&](std::size_t i) {
    return Product::value(numbers[x[i]], numbers[x[i + 1]]);
  };
  double sum = from_zero ? 0 + product(0) : product(0);
  for (std::size_t i = 2; i < count; i += 2) sum += product(i);
  return sum;
}

}  // namespace

ScalarProgram::Run ScalarProgram::run_of(ReplayCode c) {
  if (c == code<ops::Sum>) return run_sum<true>;
  if (c == code<ops::Select>) return run_select;
  if (c == kPlainSum) return run_sum<false>;
  if (c == code<ops::Dot>) return run_dot<ops::Mul, true>;
  if (c == kPlainDot) return run_dot<ops::Mul, false>;
  if (c == kAdjointDot) return run_dot<ops::AdjointProduct, false>;
  Run result = nullptr;
  ops::Concatenation<ops::All, ReplayOnly>::for_each([&]<class Op>() {
    if (c != replay_code<Op>() || std::same_as<Op, ops::RowMean>) return;
    if constexpr (requires { Op::domain.size(); }) {
      result = run_elementary<Op>;
    } else if constexpr (requires(std::span<const double> x) { Op::value(x, std::size_t{0}); }) {
      result = run_ranged<Op>;
    }
  });
  if (result == nullptr)
    throw Error("Evaluator: '" + std::string(info_of(c).name) + "' is of many rows");
  return result;
}

// Null if the two are not fused.
ScalarProgram::Run ScalarProgram::run_of(ReplayCode first, ReplayCode last, Fused::Form form) {
  Run result = nullptr;
  FusedFirst::for_each([&]<class First>() {
    if (first != replay_code<First>()) return;
    const auto look = [&]<class Last>() {
      if (last != replay_code<Last>()) return;
      if constexpr (Last::domain.size() == 1) {
        result = run_fused<First, Last, Fused::kOfOne>;
      } else {
        result = form == Fused::kRight ? run_fused<First, Last, Fused::kRight>
                                       : run_fused<First, Last, Fused::kLeft>;
      }
    };
    FusedLast::for_each(look);
    FusedLastOfOne::for_each(look);
  });
  return result;
}

ScalarProgram::ScalarProgram(const Trace& trace, std::size_t parameters, std::size_t inputs)
    : first_constant_(parameters + inputs) {
  std::vector<std::uint32_t> place(trace.size());
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    if (!trace.is_number(i)) continue;
    place[i] = static_cast<std::uint32_t>(first_constant_ + constants_.size());
    constants_.push_back(trace.number(i));
  }
  auto next_second = static_cast<std::uint32_t>(first_constant_ + constants_.size());
  first_result_ = next_second + static_cast<std::size_t>(std::ranges::count(
                                    trace.nodes, code<ops::AdjointProduct>, &Trace::Entry::code)) /
                                    2;
  std::vector<std::uint32_t> uses(trace.size(), 0);  // by operations
  for (const Trace::Node each : trace.operand_list) ++uses[each];
  std::vector<char> is_output(trace.size(), 0);
  for (const Trace::Node each : trace.outputs) is_output[each] = 1;
  const std::vector<Trace::Node> inner = fused(trace, uses, is_output);
  std::vector<char> is_inner(trace.size(), 0);
  for (const Trace::Node each : inner)
    if (each != kNone) is_inner[each] = 1;
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    if (trace.is_number(i) || is_inner[i] != 0) continue;
    if (trace.is_leaf(i)) {
      const std::size_t before = trace.code(i) == Trace::kParameter ? 0 : parameters;
      place[i] = static_cast<std::uint32_t>(before + trace.nodes[i].first);
      continue;
    }
    const auto operands = trace.operands(i);
    // A negative that only outputs need is no step: derivatives often are one.
    if (trace.code(i) == code<ops::Neg> && uses[i] == 0 && inner[i] == kNone) {
      place[i] = place[operands[0]] ^ kNegative;
      continue;
    }
    if (trace.code(i) == code<ops::AdjointProduct> && inner[i] == kNone &&
        joins_last_step(place[operands[0]], place[operands[1]])) {
      steps_.back() = {run_two_products, 4};
      operands_.push_back(place[operands[1]]);
      operands_.push_back(place[i] = next_second++);
      continue;
    }
    place[i] = static_cast<std::uint32_t>(first_result_ + steps_.size());
    std::vector<Trace::Node> read(operands.begin(), operands.end());
    Run rule;
    if (inner[i] == kNone) {
      rule = run_of(trace.code(i));
    } else {
      const bool is_right = operands.size() == 2 && operands[0] != inner[i];
      read.assign(trace.operands(inner[i]).begin(), trace.operands(inner[i]).end());
      if (operands.size() == 2) read.push_back(operands[is_right ? 0 : 1]);
      rule = run_of(trace.code(inner[i]), trace.code(i), is_right ? Fused::kRight : Fused::kLeft);
    }
    steps_.push_back({rule, static_cast<std::uint32_t>(read.size())});
    for (const Trace::Node x : read) operands_.push_back(place[x]);
  }
  size_ = first_result_ + steps_.size();
  std::uint32_t most_operands = 0;
  for (const Step& step : steps_) most_operands = std::max(most_operands, step.count);
  size_ += most_operands;
  for (const Trace::Node each : trace.outputs) outputs_.push_back(place[each]);
}

// Whether the last step is a product of g too, which x does not need.
bool ScalarProgram::joins_last_step(std::uint32_t g, std::uint32_t x) const {
  return !steps_.empty() && steps_.back().run == run_elementary<ops::AdjointProduct> &&
         operands_[operands_.size() - 2] == g && x != first_result_ + steps_.size() - 1;
}

// For each node the operand that is computed by the same step, or kNone. Nothing else needs that.
std::vector<Trace::Node> ScalarProgram::fused(const Trace& trace,
                                              std::span<const std::uint32_t> uses,
                                              std::span<const char> is_output) {
  std::vector<Trace::Node> result(trace.size(), kNone);
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    const bool is_sign =
        trace.code(i) == code<ops::Neg> && uses[i] == 0;  // of outputs, for nothing
    if (trace.is_leaf(i) || is_sign) continue;
    for (const Trace::Node x : trace.operands(i)) {
      const bool fits = !trace.is_leaf(x) && uses[x] == 1 && is_output[x] == 0 &&
                        result[x] == kNone && result[i] == kNone;
      if (fits && run_of(trace.code(x), trace.code(i), Fused::kLeft) != nullptr) result[i] = x;
    }
  }
  return result;
}

void ScalarProgram::set_constants(double* numbers) const {
  std::ranges::copy(constants_, numbers + first_constant_);
}

}  // namespace autograd::detail
