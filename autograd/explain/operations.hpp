// What an operation computes, and its local derivatives, as formulas of its operands.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <autograd/formula.hpp>
#include <autograd/tape/tape.hpp>

namespace autograd::detail {

// An operation with operands (names or numbers) and a result.
struct Operation {
  std::string_view name;
  std::span<const Formula> operands;
  Formula result;
};

Formula value_formula(const Operation& operation);
// d(operation)/d(operand `i`).
Formula partial_formula(const Operation& operation, std::size_t i);

// A sum of many terms with the middle left out.
Formula shortened(Formula formula);

// Why the local derivative by operand `i` is what it is, where a reader may wonder: a kink, a side
// not taken, a flat piece. "" elsewhere.
std::string remark_on(Id operation, std::size_t i);

}  // namespace autograd::detail
