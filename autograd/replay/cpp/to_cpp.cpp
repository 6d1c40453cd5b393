// Functions as C++: Recorded::to_cpp(). One that is straight on becomes a line for each operation.

#include <span>
#include <string>
#include <vector>

#include <autograd/cpp.hpp>
#include <autograd/error.hpp>
#include <autograd/replay/cpp/text.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/rerolled_function.hpp>

namespace autograd::detail {

std::string Recorded::body_as_cpp(bool has_gradient) const {
  const Trace& whole = trace();
  const std::size_t derivatives = parameters + differentiated;
  std::vector<Trace::Node> wanted(whole.outputs);
  if (!has_gradient)
    wanted.erase(wanted.begin() + 1, wanted.begin() + 1 + static_cast<std::ptrdiff_t>(derivatives));
  const Trace part = remove_dead(whole, wanted);
  std::string text;
  cpp::Lines lines(text, "  ");
  TraceText written(part, lines, subscripts("p", parameters), subscripts("x", inputs), false);
  written.write(std::vector<bool>(part.size(), true));
  const Names results = written.outputs();
  const std::size_t first_guard = has_gradient ? 1 + derivatives : 1;
  std::string other_branch;
  for (std::size_t i = 0; i < guards.size(); ++i)
    other_branch += (i > 0 ? " || " : "") + results[first_guard + i] +
                    (guards[i].must_be ? " == 0.0" : " != 0.0");
  Names gradient = subscripts("dp", parameters);
  for (const std::string& each : subscripts("dx", differentiated)) gradient.push_back(each);
  if (!has_gradient) gradient.clear();
  if (!guards.empty()) {
    text += "  if (" + other_branch + ") {  // another branch than the one that was recorded\n";
    for (const std::string& each : gradient) text += "    " + each + " = NAN;\n";
    text += "    return NAN;\n  }\n";
  }
  for (std::size_t i = 0; i < gradient.size(); ++i)
    text += "  " + gradient[i] + " = " + results[1 + i] + ";\n";
  return text + "  return " + results[0] + ";\n";
}

std::string Recorded::to_cpp(const std::string& name) const {
  if (outputs != 1)
    throw Error("Function::to_cpp(): expected a function of one output, got one of " +
                std::to_string(outputs));
  if (!cpp::is_function_name(name))
    throw Error("Function::to_cpp(): '" + name + "' cannot be the name of a function");
  CppText text;
  if (one_row != nullptr) text = one_row->to_cpp(name);
  if (text.value.empty()) text = {"", body_as_cpp(false), body_as_cpp(true)};
  if (!text.tables.empty()) text.tables += "\n";
  return "// A recorded function of p[" + std::to_string(parameters) + "] and x[" +
         std::to_string(inputs) +
         "]. Written by autograd::Function::to_cpp().\n"
         "#pragma once\n\n#include <cmath>\n\n" +
         text.tables +
         "// The value.\n"
         "inline double " +
         name + "([[maybe_unused]] const double* p, [[maybe_unused]] const double* x) {\n" +
         text.value +
         "}\n\n// The value; into dp and dx its derivatives by all parameters and inputs.\n"
         "inline double " +
         name +
         "([[maybe_unused]] const double* p, [[maybe_unused]] const double* x,\n"
         "    [[maybe_unused]] double* dp, [[maybe_unused]] double* dx) {\n" +
         text.gradient + "}\n";
}

}  // namespace autograd::detail
