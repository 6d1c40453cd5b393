#include "autograd/draw/log_plot.hpp"

#include <algorithm>
#include <cmath>

namespace autograd::detail {

namespace {

// The powers of two of x, and of ten of y, that hold all points.
struct Frame {
  int left = 0, right = 0, foot = 0, top = 0;

  explicit Frame(const std::vector<LogPlot::Point>& points) {
    bool is_first = true;
    const auto hold = [](bool replace, int& low, int& high, int at) {
      low = replace ? at : std::min(low, at);
      high = replace ? at : std::max(high, at);
    };
    for (const LogPlot::Point& each : points) {
      hold(is_first, left, right, column(each));
      is_first = false;
    }
    is_first = true;
    for (const LogPlot::Point& each : points) {
      if (!(each.y > 0) || !std::isfinite(each.y)) continue;
      hold(is_first, foot, top, static_cast<int>(std::floor(std::log10(each.y))));
      is_first = false;
    }
    --foot;  // the row of zeros
    ++top;
  }

  static int column(const LogPlot::Point& point) { return std::ilogb(point.x); }
  // In powers of ten; a 0 is at the foot.
  double height(const LogPlot::Point& point) const {
    if (std::isinf(point.y)) return top;
    return point.y > 0 ? std::log10(point.y) : foot;
  }
};

std::string power(int base, int exponent) {
  return std::to_string(base) + "^" + std::to_string(exponent);
}

}  // namespace

std::string LogPlot::to_string() const {
  const Frame frame(points);
  const auto width = static_cast<std::size_t>(frame.right - frame.left) + 1;
  std::string result = title + "\n";
  for (int row = frame.top; row >= frame.foot; --row) {
    std::string cells(width, ' ');
    for (const Point& each : points) {
      if (static_cast<int>(std::floor(frame.height(each))) == row)
        cells[static_cast<std::size_t>(Frame::column(each) - frame.left)] = '*';
    }
    if (row == frame.foot && cells.find('*') == std::string::npos) break;
    const std::string name = row == frame.foot ? "0" : "1e" + std::to_string(row);
    cells.erase(cells.find_last_not_of(' ') + 1);
    result +=
        std::string(6 - std::min<std::size_t>(6, name.size()), ' ') + name + " |" + cells + "\n";
  }
  result += std::string(7, ' ') + "+" + std::string(width, '-') + "\n";
  const std::string left = power(2, frame.left), right = power(2, frame.right);
  const std::size_t used = left.size() + right.size();
  return result + std::string(8, ' ') + left + std::string(width > used ? width - used : 1, ' ') +
         right + "  " + x_name + "\n";
}

}  // namespace autograd::detail
