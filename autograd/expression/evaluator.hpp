// Runs the program of an expression.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <autograd/expression/operations.hpp>
#include <autograd/expression/program.hpp>

namespace autograd::detail {

// A number, or a vector of numbers: copies share its elements.
struct Quantity {
  Scalar number = 0.0;
  std::shared_ptr<const std::vector<Scalar>> elements = {};

  bool is_vector() const { return elements != nullptr; }
};

// `values` has an entry for each name of the program: what it stands for, and afterwards what
// statements gave it. An empty one is a name that is not there.
// Throws: Error with the place in `text`. A name that is not there may be meant to be one of
//         `given`, or one that the text has given.
Quantity run_expression(const ExpressionProgram& program, std::string_view text,
                        std::vector<std::unique_ptr<Quantity>>& values,
                        const std::vector<std::string_view>& given);

}  // namespace autograd::detail
