// An expression as a program for a machine with a stack: what the parser writes and the evaluator
// runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace autograd::detail {

struct ExpressionProgram {
  enum class Code : std::uint8_t {
    kPlainNumber,  // puts `number` on the stack
    kLoad,         // puts what name `operand` stands for on the stack
    kName,         // gives the name `operand` to what lies on top, and leaves it there
    kDrop,         // takes what lies on top away
    kVector,       // makes a vector of the `count` numbers on top
    kElement,      // element `count` of the vector on top
    kCall,         // operation `operand` of the `count` arguments on top
  };
  struct Instruction {
    Code code;
    std::uint32_t operand = 0;
    std::size_t count = 0;
    double number = 0.0;
    std::size_t at = 0;  // in the text, for errors
  };

  std::vector<Instruction> instructions;
  std::vector<std::string> names;
  std::vector<bool> is_assigned;       // of a name: whether a statement gives it
  std::vector<std::string> variables;  // names that are used before they are given
};

// Throws: Error where the text is no expression.
// Cost:   linear in the text, without recursion.
ExpressionProgram parse_expression(std::string_view text);

}  // namespace autograd::detail
