// One HTML file that steps through the chain rule of a graph.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <autograd/value.hpp>

namespace autograd {

struct PageOptions {
  std::string title = {};
  int digits = 5;  // significant digits of every number, 1 to 17
  // A graph of more values is shown as a table (tape_picture) and by its parts, without steps.
  std::size_t most_values = 400;

  // For models. Rows of numbers for these leaves, one for each: the reader chooses a row.
  std::vector<Value> inputs = {};
  std::vector<std::vector<double>> rows = {};
  // Drawn over the plane of the first two inputs, with the rows as points and the line where it is
  // at `level`; a row is above the level or below it by its last number.
  std::optional<Value> output = {};
  double level = 0.5;
  // Leaves that one step of gradient descent moves: w - rate dy/dw.
  std::vector<Value> weights = {};
  double rate = 0.1;
};

// The page as text. It is opened from disk: nothing is fetched and no other file is needed.
//
// The drawing has a card for each value, and can be moved and zoomed; parts (Scope) are closed to one
// card each, level by level, and opened by a click. A bar steps through the forward computation and
// the sweep back, each with its line of the chain rule; sums run under the values. Numbers of the
// leaves can be changed: JavaScript written by the operations' own rules recomputes all values and
// gradients. It follows the operations that were recorded; an `if` of the program is not run again.
// A worksheet asks for the derivatives and knows the usual mistakes.
//
//   write_page(f, "f.html");    // and open it in a browser
//
// Throws: Error for digits out of range, for a row with another count of numbers than there are
//         inputs, and for an input, output or weight that y was not computed from.
// Cost:   quadratic in the values for graphs of most_values; about a kilobyte for each.
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
