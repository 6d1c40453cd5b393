// A curve with logarithmic axes, as text.
#pragma once

#include <string>
#include <vector>

namespace autograd::detail {

struct LogPlot {
  struct Point {
    double x, y;
  };

  std::string title, x_name;  // plain text
  std::vector<Point> points;  // x above 0; a y of 0 or below is drawn at the foot

  // A row for each power of ten of y, a column for each power of two of x.
  std::string to_string() const;
};

}  // namespace autograd::detail
