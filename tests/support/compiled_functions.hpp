// Functions as C++, compiled by the compiler of the tests, without fused multiply-adds.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <autograd/autograd.hpp>

namespace compiled_functions {

using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// A function, where it is recorded and where it is run.
struct Case {
  std::string name;
  std::function<Value(Values p, Values x)> f;
  Numbers p, x;  // recorded
  Numbers at_p, at_x;
};

// value, value of the gradient, dp, dx
Numbers eager(const Case& c);

// What the compiled headers of all cases print, case by case, as eager() has it. Compiled with all
// warnings as errors, and with the options.
std::vector<Numbers> compiled(const std::vector<Case>& cases, const std::string& options = "-O1");

// Against the graph, within tolerance times the largest number.
void check(const std::vector<Case>& cases, double tolerance, const std::string& options = "-O1");

Numbers ramp(std::size_t count, double from, double step);

}  // namespace compiled_functions
