#include "autograd/inspect/structural_zero.hpp"

#include <array>

#include <autograd/numbers/dual.hpp>
#include <autograd/tape/singularities.hpp>

namespace autograd::detail {

namespace {

// Whether a local derivative does not change with the operands.
template <class T> bool is_constant(const T& derivative) {
  if constexpr (std::is_arithmetic_v<T>) {
    return true;
  } else {
    return derivative.tangent()[0] == 0 && derivative.tangent()[1] == 0;
  }
}

using Ask = bool (*)(double x, double y, std::size_t k);

template <class Op>
bool ask(double at_x, [[maybe_unused]] double at_y, [[maybe_unused]] std::size_t k) {
  using T = Dual<2>;
  const T x(at_x, Tangent<2>::unit(0));
  if constexpr (Op::domain.size() == 1) {
    return is_constant(Op::dx(x, apply<Op>(x)));
  } else {
    const T y(at_y, Tangent<2>::unit(1)), r = apply<Op>(x, y);
    return k == 0 ? is_constant(Op::dx(x, y, r)) : is_constant(Op::dy(x, y, r));
  }
}

// Null of operations of many operands.
template <class Op> constexpr Ask ask_of() {
  if constexpr (requires { Op::domain; }) {
    return ask<Op>;
  } else {
    return nullptr;
  }
}

constexpr auto kAsk = []<class... Op>(ops::List<Op...>) {
  return std::array<Ask, sizeof...(Op)>{ask_of<Op>()...};
}(ops::All{});

double number(const Operand& operand) {
  return operand.is_number() ? operand.number : tape.data[operand.id];
}

}  // namespace

bool is_structural_zero(Id operation, const Operands& operands, std::size_t k) {
  if (operands[k].partial != 0) return false;
  const Code code = tape.operation(operation);
  if (singularity(operation, operands, k) != ops::Singularity::kNone) return false;
  if (code == detail::code<ops::Mul> && operands[1 - k].is_number()) return true;
  if (code == detail::code<ops::Sum> || code == detail::code<ops::Select>) return true;
  if (code == detail::code<ops::Dot>) return operands[k ^ 1].is_number();
  // Where an operation without pieces has a slope of 0, all around it, a number has become too small:
  // exp(-inf).
  if (kAsk[code] == nullptr || !is_piecewise(code)) return false;
  const double y = operands.size() > 1 ? number(operands[1]) : 0.0;
  return kAsk[code](number(operands[0]), y, k);
}

}  // namespace autograd::detail
