#include "autograd/tape/singularities.hpp"

#include <array>
#include <cmath>
#include <concepts>
#include <utility>

namespace autograd::detail {

namespace {

using ops::Singularity;

// Of an operation with result r and, if it has one or two operands, these.
using Find = Singularity (*)(std::size_t operand, double r, double x, double y);

template <class Op> Singularity find(std::size_t operand, double r, [[maybe_unused]] double x,
                                     [[maybe_unused]] double y) {
  if constexpr (!requires { Op::domain; }) {
    return ops::singularity_of<Op>(operand, r, r);
  } else if constexpr (Op::domain.size() == 1) {
    return ops::singularity_of<Op>(operand, r, x);
  } else {
    return ops::singularity_of<Op>(operand, r, x, y);
  }
}

template <class Op> constexpr bool kIsStep =
    requires { Op::jump(0.0); } || requires { Op::jump(0.0, 0.0); };

template <class Op> constexpr bool kIsPiecewise =
    kIsStep<Op> || std::same_as<Op, ops::Select> || requires { Op::kink(0.0); } ||
    requires { Op::kink(0.0, 0.0); } || requires { Op::kink_dx(0.0, 0.0); };

constexpr auto kFind = []<class... Op>(ops::List<Op...>) {
  return std::array<Find, sizeof...(Op)>{find<Op>...};
}(ops::All{});
constexpr auto kSteps = []<class... Op>(ops::List<Op...>) {
  return std::array{kIsStep<Op>...};
}(ops::All{});

constexpr auto kTies = []<class... Op>(ops::List<Op...>) {
  return std::array{KnowsNumbers<Op>...};
}(ops::All{});

constexpr auto kPieces = []<class... Op>(ops::List<Op...>) {
  return std::array{kIsPiecewise<Op>...};
}(ops::All{});

double number(const Operand& operand) {
  return operand.is_number() ? operand.number : tape.data[operand.id];
}

// The value at one operand or two. Null of operations of many.
using Evaluate = double (*)(double x, double y);

template <class Op> double evaluate(double x, [[maybe_unused]] double y) {
  if constexpr (Op::domain.size() == 1) {
    return Op::value(x);
  } else {
    return Op::value(x, y);
  }
}
template <class Op> constexpr Evaluate evaluate_of() {
  if constexpr (requires { Op::domain; }) {
    return evaluate<Op>;
  } else {
    return nullptr;
  }
}
constexpr auto kEvaluate = []<class... Op>(ops::List<Op...>) {
  return std::array<Evaluate, sizeof...(Op)>{evaluate_of<Op>()...};
}(ops::All{});

template <class Op> bool is_nan_at_nan() {
  if constexpr (!requires { Op::domain; }) {
    return true;
  } else if constexpr (Op::domain.size() == 1) {
    return std::isnan(Op::value(ops::kNaN));
  } else {
    return std::isnan(Op::value(ops::kNaN, 0.3)) && std::isnan(Op::value(0.3, ops::kNaN));
  }
}

// The two operands, or the one and 0.
std::pair<double, double> numbers(const Operands& operands) {
  return {number(operands[0]), operands.size() == 2 ? number(operands[1]) : 0.0};
}
bool are_one_node(const Operands& operands) {
  return operands.size() == 2 && operands[0].id == operands[1].id && !operands[0].is_number();
}

}  // namespace

Singularity singularity(Id operation, const Operands& operands, std::size_t k) {
  const Code code = tape.operation(operation);
  const bool is_pair = operands.size() == 2;
  const auto [x, y] = numbers(operands);
  const Singularity found = kFind[code](k, tape.data[operation], x, y);
  if (found == Singularity::kNone || !is_pair || facts(code).is_ranged) return found;
  // Where they are one node, what holds at any number holds everywhere.
  const bool is_everywhere = are_one_node(operands) && kFind[code](k, 0.0, 1.3, 1.3) == found;
  return is_everywhere ? Singularity::kNone : found;
}

bool has_number_at_nan(Code code) {
  static const auto kAnswers = []<class... Op>(ops::List<Op...>) {
    return std::array{!is_nan_at_nan<Op>()...};
  }(ops::All{});
  return kAnswers[code];
}

AtNaN at_nan(Id operation, const Operands& operands, std::size_t k) {
  const Code code = tape.operation(operation);
  const double now = tape.data[operation];
  const auto compare = [now](double then) {
    return std::isnan(then) ? AtNaN::kNaN : then == now ? AtNaN::kSame : AtNaN::kLeaps;
  };
  if (code == detail::code<ops::Select>) {
    if (k == 0) return compare(number(operands[1]));
    return is_untaken(operation, operands, k) ? AtNaN::kSame : AtNaN::kNaN;
  }
  if (!has_number_at_nan(code)) return AtNaN::kNaN;
  auto [x, y] = numbers(operands);
  if (k == 0 || are_one_node(operands)) x = ops::kNaN;
  if (k == 1 || are_one_node(operands)) y = ops::kNaN;
  return compare(kEvaluate[code](x, y));
}

bool is_at_end(Id operation, const Operands& operands, std::size_t k) {
  const Evaluate value = kEvaluate[tape.operation(operation)];
  if (value == nullptr) return false;
  const auto [x, y] = numbers(operands);
  const bool moves_x = k == 0 || are_one_node(operands);
  const bool moves_y = k == 1 || are_one_node(operands);
  const auto is_nan_towards = [&, x = x, y = y](double end) {
    return std::isnan(
        value(moves_x ? std::nextafter(x, end) : x, moves_y ? std::nextafter(y, end) : y));
  };
  return !std::isnan(tape.data[operation]) &&
         (is_nan_towards(-ops::kInfinity) || is_nan_towards(ops::kInfinity));
}

bool is_step(Code code) { return kSteps[code]; }

bool has_ties(Code code) { return code < kTies.size() && kTies[code]; }

bool is_piecewise(Code code) { return kPieces[code]; }

bool is_untaken(Id operation, const Operands& operands, std::size_t k) {
  return tape.operation(operation) == code<ops::Select> && k > 0 && operands[k].partial == 0;
}

bool is_flat(Id operation, std::size_t k) {
  const Code code = tape.operation(operation);
  return is_step(code) || (code == detail::code<ops::Select> && k == 0);
}

}  // namespace autograd::detail
