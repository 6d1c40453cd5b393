// An axis of a chart: from numbers to pixels, and the numbers that are written at it.
#pragma once

#include <string>
#include <vector>

namespace autograd::detail {

struct Axis {
  double low = 0.0, high = 1.0;  // of the data; powers of ten for a logarithmic axis
  bool is_logarithmic = false;
  double from = 0.0, to = 1.0;  // in pixels

  // Makes room for x. Numbers that it cannot show change nothing.
  void include(double x);
  bool can_show(double x) const;
  double place(double x) const;

  struct Tick {
    double at;  // in pixels
    std::string text;
  };
  // About `count` round numbers between low and high.
  std::vector<Tick> ticks(int count) const;

 private:
  bool has_any_ = false;
};

}  // namespace autograd::detail
