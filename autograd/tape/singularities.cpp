#include "autograd/tape/singularities.hpp"

#include <array>
#include <concepts>

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

constexpr auto kPieces = []<class... Op>(ops::List<Op...>) {
  return std::array{kIsPiecewise<Op>...};
}(ops::All{});

double number(const Operand& operand) {
  return operand.is_number() ? operand.number : tape.data[operand.id];
}

}  // namespace

Singularity singularity(Id operation, const Operands& operands, std::size_t k) {
  const Code code = tape.operation(operation);
  const bool is_pair = operands.size() == 2;
  const double x = number(operands[0]), y = is_pair ? number(operands[1]) : 0.0;
  const Singularity found = kFind[code](k, tape.data[operation], x, y);
  if (found == Singularity::kNone || !is_pair || facts(code).is_ranged) return found;
  const bool is_same = operands[0].id == operands[1].id && !operands[0].is_number();
  if (is_same && kFind[code](k, tape.data[operation], x + 1, y + 1) == found)
    return Singularity::kNone;
  return found;
}

bool is_step(Code code) { return kSteps[code]; }

bool is_piecewise(Code code) { return kPieces[code]; }

bool is_untaken(Id operation, const Operands& operands, std::size_t k) {
  return tape.operation(operation) == code<ops::Select> && k > 0 && operands[k].partial == 0;
}

bool is_flat(Id operation, std::size_t k) {
  const Code code = tape.operation(operation);
  return is_step(code) || (code == detail::code<ops::Select> && k == 0);
}

}  // namespace autograd::detail
