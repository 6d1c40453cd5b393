// A node in words: what reports are made of.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// A number in a report: six digits.
std::string number_text(double x);

// An operand of a node that is reported.
struct DescribedOperand {
  std::string name;         // its label, or else its number
  double data = 0.0;        // as it is now: a leaf may have been changed since
  double derivative = 0.0;  // the local derivative
};

// Its label, or else its number.
std::string name_of(const Value& x);
std::vector<DescribedOperand> described_operands(const Value& x);

// "log(p)"; of many operands the first few.
std::string call_text(const std::string& operation, std::span<const DescribedOperand> operands);
// ", where p = 0, q = 1": the labelled among the operands shown.
std::string where_text(std::span<const DescribedOperand> operands);

}  // namespace autograd::detail
