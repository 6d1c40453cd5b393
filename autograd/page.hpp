// One HTML file that steps through the chain rule of a graph.
#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

// How one step of training moves a weight w that has the gradient g: gradient descent, if nothing else
// is given.
struct PageUpdate {
  std::string name = "gradient descent";
  std::vector<std::pair<std::string, double>> numbers = {{"rate", 0.1}};
  // What is remembered for each weight from step to step: a name, and a number for each weight. If
  // there are none, all are 0 at first.
  std::vector<std::pair<std::string, std::vector<double>>> memory = {};
  // Names that are given new numbers, one after the other, each by an Expression of w, g, of t, which
  // is 1 in the first step, and of the names above.
  std::vector<std::pair<std::string, std::string>> lines = {{"w", "w - rate*g"}};
  double steps = 0;  // that have been taken before
  // The gradient is cut first: its components, then its norm.
  double clip_value = std::numeric_limits<double>::infinity();
  double clip_norm = std::numeric_limits<double>::infinity();
};

struct PageOptions {
  std::string title = {};
  int digits = 5;  // significant digits of every number, 1 to 17
  // So many cards are drawn at most. A graph of more values is shown as a table (tape_picture), by
  // its parts, and around the operation of the present step.
  std::size_t most_values = 400;

  // For models. Rows of numbers for these leaves, one for each: the reader chooses a row.
  std::vector<Value> inputs = {};
  std::vector<std::vector<double>> rows = {};
  // Drawn over the plane of the first two inputs, with the rows as points and the line where it is
  // at `level`; a row is above the level or below it by its last number.
  std::optional<Value> output = {};
  double level = 0.5;
  // Leaves that one step of training moves, and how it does.
  std::vector<Value> weights = {};
  PageUpdate update = {};
};

// The page as text. It is opened from disk: nothing is fetched and no other file is needed.
//
// The drawing has a card for each value, and can be moved and zoomed; parts (Scope) are closed to one
// card each and opened again, one by one or level by level. A bar steps through the forward computation and
// the sweep back, each with its line of the chain rule; sums run under the values. Numbers of the
// leaves can be changed: JavaScript written by the operations' own rules recomputes all values and
// gradients. It follows the operations that were recorded and marks comparisons among them that go
// another way now; an `if` of the program is not run again.
// A worksheet asks for the derivatives and knows the usual mistakes.
//
//   write_page(f, "f.html");    // and open it in a browser
//
// Throws: Error for digits out of range, for a row with another count of numbers than there are
//         inputs, and for an input, output or weight that y was not computed from.
//         Error for an update with a line that is no expression or that uses a name nothing has.
// Cost:   quadratic in the values for graphs of most_values, about a kilobyte for each; linear for
//         larger ones, about fifty bytes for a value of two operands.
std::string to_page(const Value& y, const PageOptions& options = {});

// The same as a file.
// Throws: Error also if it cannot be written; then an older one stays as it was.
void write_page(const Value& y, const std::filesystem::path& path, const PageOptions& options = {});

// The operation of one operand with this name, as an expression of JavaScript that is a function of a
// number. It is whole: what it calls and JavaScript does not have, as erfc, is in it.
//
//   java_script_of("gelu")    (() => { ... return op_gelu; })()
//
// Throws: Error if there is no such operation.
std::string java_script_of(std::string_view operation);

}  // namespace autograd
