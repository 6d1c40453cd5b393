// A whole graph in one picture, without layout, however large it is.
#pragma once

#include <cstddef>
#include <string>

#include <autograd/svg.hpp>
#include <autograd/value.hpp>

namespace autograd {

struct TapePictureOptions {
  std::string title = {};
  double size = 640;             // of the square of operations, in pixels, 100 to 10,000
  std::size_t deepest_part = 3;  // frames within frames: see Scope
};

// The graph of y as a table: a row for each operation, from the first one recorded at the top to y
// at the foot; a column for each operation too, and to the left of them a column for each leaf. A
// dot is an operand: the operation of its row uses the value of its column. What is used at once
// lies on the diagonal, what is used again much later far below it, weights are columns on the left.
//
// Rows and columns that share a pixel share a dot, the darker the more operands it stands for; an
// orange dot stands for uses whose local derivatives are all 0. The parts of the graph (Scope) are
// frames along the diagonal with their names, where there is room for these.
//
// Throws: Error for a size out of range.
// Cost:   linear.
Svg tape_picture(const Value& y, const TapePictureOptions& options = {});

}  // namespace autograd
