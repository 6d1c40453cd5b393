// Operations as JavaScript, written by the rules of their own structs.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/inspect/graph_view.hpp>

namespace autograd::detail {

// The functions that recompute a graph: for each kind of operation in it one that gives its value,
// and one that gives its local derivatives.
//
// A rule is called once with a number type that writes down what is done to it, a line for each
// operation. An operation within a rule is called by its name, and is written down too. What is then
// left, exp and lgamma and their like, is in java_script_prelude().
class JavaScript {
 public:
  // The name of the entry of OPERATIONS for a node: {value: (a) => ..., partials: (a, r) => [...]},
  // where a are the numbers of its operands and r its result. Nothing if the operation has no rule
  // that can be written: one of the caller's own, or more than 512 operands.
  std::optional<std::string> entry(const GraphView& view, const GraphView::Node& node);

  // const OPERATIONS = {...}, with the functions that they call.
  std::string text() const;

 private:
  std::map<std::string, std::string> entries_;
  std::set<std::string> called_;  // operations that rules call
};

// The names of the functions that the rules of all operations call and that no rule defines.
std::set<std::string> java_script_primitives();

// Their definitions.
std::string_view java_script_prelude();

// x as JavaScript reads it back to the same bits.
std::string java_script_number(double x);
// "text", also within a script of an HTML page.
std::string java_script_string(std::string_view text);

}  // namespace autograd::detail
