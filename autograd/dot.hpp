// Drawings of graphs, by Graphviz.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include <autograd/value.hpp>

namespace autograd {

enum class Direction { kLeftToRight, kTopToBottom };

// What the fill of a box tells: leaf, constant or result; or the gradient: blue above 0, orange
// below, the stronger the larger.
enum class ColourBy { kRole, kGradient };

struct DotOptions {
  std::string title = {};
  bool local_derivatives = false;  // written on each edge into an operation
  // So is what arrives there in a sweep: (gradient of the result) * (local derivative). The sum over
  // the edges that leave a box is its gradient.
  bool contributions = false;
  Direction direction = Direction::kLeftToRight;
  int digits = 4;       // significant digits of every number, 1 to 17
  bool colours = true;  // otherwise black on white
  ColourBy colour_by = ColourBy::kRole;
  bool parts = true;               // a frame for each part: see Scope
  bool forward_only = false;       // no gradients and no derivatives
  bool legend = false;             // below the title
  std::optional<Value> from = {};  // only the paths from this value to y
  // Parts of this depth, 1 for the outermost ones, are boxes: what is in them is counted, and an
  // arrow is the values of one that another one uses. 0: nothing is folded.
  std::size_t fold = 0;

  // Of render() only:
  std::size_t node_limit = 3000;  // boxes and operations; larger graphs are drawn as a whole
  double time_limit = 20.0;       // seconds for the program dot
};

// The graph of y in the language of Graphviz. The same graph gives the same text.
//
// A box is a value, with its label, its data and its gradient; a round node is an operation,
// between its operands and its result.
//
// - Leaves are blue, y has a bold frame, plain numbers stand in small grey boxes.
// - "none yet" is a gradient that no backward() has written.
// - A dashed edge has the local derivative 0. A hatched box has the gradient 0 because every path
//   from it to y has such an edge; the 0 in any other box is a sum that cancels.
// - An operation with a red rim and a word beside it ("kink", "0 × inf") is singular there, and
//   derivatives hang on it: see find_singular().
// - The operands of - / pow and the like arrive in their order, from the top or from the left.
// - The operations recorded in a Scope stand in a frame with its name, with the leaves that only they
//   use.
// - Many terms added by += or sum() or dot() lead into one operation, + or, if there are more than
//   two, Σ. A product of two Values among them is a small ×, one with a plain number an edge marked
//   "× number". A plain 0 that such a sum starts from is left out.
//
// Throws:   Error for digits out of range, or if y was not computed from options.from.
// Cost:     linear; about a kilobyte of text for each operation.
std::string to_dot(const Value& y, const DotOptions& options = {});

// The graph of y for terminals: y, below it its operands, below them theirs, with the operation that
// made each, its data, its gradient, and the local derivative of what stands above by it. ↑ marks what
// has been drawn further up. Lines after the first `most_lines` are counted only.
//
//               data   grad  local derivative
//   f       1/  -0.5      1
//   ├─ 1           1
//   └─ y2   +     -2  -0.25             -0.25
//
// Cost:     linear.
std::string to_tree(const Value& y, std::size_t most_lines = 200);

// Draws the graph of y to the file `path`, whose name ends in .png, .svg or .pdf, and keeps its
// text beside it in a file whose name ends in .dot instead.
//
// A graph of more than node_limit boxes and operations would keep dot busy for minutes. It is folded
// at the deepest parts that give 60 boxes at most; if it has no parts, tape_picture() is drawn, which
// needs no dot and is kept as .svg. The picture says so.
//
// Throws:   Error if the name ends otherwise, or a file cannot be written; also if the program dot
//           of Graphviz is missing, fails or takes too long: then the text is there to be drawn
//           later. An older picture stays as it was.
// Cost:     seconds for 100,000 nodes.
void render(const Value& y, const std::filesystem::path& path, const DotOptions& options = {});

}  // namespace autograd
