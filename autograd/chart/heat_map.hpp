// Maps of a number over a rectangle.
#pragma once

#include <autograd/chart.hpp>
#include <autograd/chart/axis.hpp>

namespace autograd::detail {

// Cells filled by sign and size, and the line where the number is 0.
void draw_map(Svg& svg, const Chart::Map& map, const Axis& x, const Axis& y);

}  // namespace autograd::detail
