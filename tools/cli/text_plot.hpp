// Curves in characters, for a terminal.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct TextCurve {
  std::string name;
  std::string mark;  // one character
  std::vector<double> y;
};

struct Limits {
  double low, high;
};

// Of the numbers that are finite, without the few that are far away from all others, as beside a
// pole. A range of width 0 is widened.
Limits limits_of(const std::vector<TextCurve>& curves);

// The curves over the same places, evenly from low to high; the first one is on top. What lies
// beyond limits_of() is left out.
std::string text_plot(const std::vector<TextCurve>& curves, const std::string& x_name, Limits x);

}  // namespace cli
