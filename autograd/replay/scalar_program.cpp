#include "autograd/replay/scalar_program.hpp"

#include <algorithm>
#include <span>
#include <string>

#include <autograd/error.hpp>

namespace autograd::detail {
namespace {

using Operands = const std::uint32_t*;

template <class Op> double run_elementary(const double* numbers, Operands x, std::size_t, double*) {
  if constexpr (Op::domain.size() == 1) {
    return Op::value(numbers[x[0]]);
  } else {
    return Op::value(numbers[x[0]], numbers[x[1]]);
  }
}

// The operands side by side, as rules of many take them.
template <class Op>
double run_ranged(const double* numbers, Operands x, std::size_t count, double* in) {
  for (std::size_t i = 0; i < count; ++i) in[i] = numbers[x[i]];
  if constexpr (std::same_as<Op, ops::Softmax>) {  // behind the number of the output
    return Op::value(std::span<const double>(in + 1, count - 1), static_cast<std::size_t>(in[0]));
  } else {
    return Op::value(std::span<const double>(in, count), 0);
  }
}

double run_select(const double* numbers, Operands x, std::size_t, double*) {
  return numbers[x[0]] != 0 ? numbers[x[1]] : numbers[x[2]];
}

// `from_zero`: 0 + x_1 + ..., which makes 0 of -0.
template <bool from_zero>
double run_sum(const double* numbers, Operands x, std::size_t count, double*) {
  double sum = from_zero ? 0 + numbers[x[0]] : numbers[x[0]];
  for (std::size_t i = 1; i < count; ++i) sum += numbers[x[i]];
  return sum;
}
template <class Product, bool from_zero>
double run_dot(const double* numbers, Operands x, std::size_t count, double*) {
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

ScalarProgram::ScalarProgram(const Trace& trace, std::size_t parameters, std::size_t inputs)
    : first_constant_(parameters + inputs) {
  std::vector<std::uint32_t> place(trace.size());
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    if (!trace.is_number(i)) continue;
    place[i] = static_cast<std::uint32_t>(first_constant_ + constants_.size());
    constants_.push_back(trace.number(i));
  }
  first_result_ = first_constant_ + constants_.size();
  // A negative that only outputs need is no step: derivatives often are one.
  std::vector<char> is_operand(trace.size());
  for (const Trace::Node each : trace.operand_list) is_operand[each] = 1;
  for (Trace::Node i = 0; i < trace.size(); ++i) {
    if (trace.is_number(i)) continue;
    if (trace.is_leaf(i)) {
      const std::size_t before = trace.code(i) == Trace::kParameter ? 0 : parameters;
      place[i] = static_cast<std::uint32_t>(before + trace.nodes[i].first);
      continue;
    }
    const auto operands = trace.operands(i);
    if (trace.code(i) == code<ops::Neg> && is_operand[i] == 0) {
      place[i] = place[operands[0]] ^ kNegative;
      continue;
    }
    place[i] = static_cast<std::uint32_t>(first_result_ + steps_.size());
    steps_.push_back({run_of(trace.code(i)), static_cast<std::uint32_t>(operands.size())});
    for (const Trace::Node x : operands) operands_.push_back(place[x]);
  }
  size_ = first_result_ + steps_.size();
  std::uint32_t most_operands = 0;
  for (const Step& step : steps_) most_operands = std::max(most_operands, step.count);
  size_ += most_operands;
  for (const Trace::Node each : trace.outputs) outputs_.push_back(place[each]);
}

void ScalarProgram::set_constants(double* numbers) const {
  std::ranges::copy(constants_, numbers + first_constant_);
}

}  // namespace autograd::detail
