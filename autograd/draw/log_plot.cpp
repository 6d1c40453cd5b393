#include "autograd/draw/log_plot.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/draw/palette.hpp>
#include <autograd/text.hpp>

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

// ---- SVG ----

constexpr double kWidth = 520, kHeight = 320, kMargin = 56;

std::string coordinate(double x) { return text::fixed(x, 1); }

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + anchor +
         "\">" + text + "</text>\n";
}
std::string line(double x1, double y1, double x2, double y2) {
  return "<path d=\"M" + coordinate(x1) + " " + coordinate(y1) + "L" + coordinate(x2) + " " +
         coordinate(y2) + "\"/>\n";
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

std::string LogPlot::to_svg() const {
  const Frame frame(points);
  const auto place = [](double at, int low, int high, double from, double to) {
    return from + (to - from) * (at - low) / std::max(1, high - low);
  };
  const auto x_of = [&](double exponent) {
    return place(exponent, frame.left, frame.right, kMargin, kWidth - 16);
  };
  const auto y_of = [&](double exponent) {
    return place(exponent, frame.foot, frame.top, kHeight - kMargin, 36);
  };
  std::string result = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
                       coordinate(kWidth) + " " + coordinate(kHeight) +
                       "\" font-family=\"Helvetica,Arial,sans-serif\" font-size=\"11\">\n"
                       "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  result += label(kMargin, 20, "start", title);
  result += "<g fill=\"none\" stroke=\"" + std::string(kColours.faint) + "\">\n";
  for (int row = frame.foot + 1; row <= frame.top; row += 2)
    result += line(kMargin, y_of(row), kWidth - 16, y_of(row));
  result += line(kMargin, y_of(frame.foot), kWidth - 16, y_of(frame.foot)) + "</g>\n";
  for (int row = frame.foot + 1; row <= frame.top; row += 2)
    result += label(kMargin - 6, y_of(row) + 4, "end", "1e" + std::to_string(row));
  result += label(kMargin - 6, y_of(frame.foot) + 4, "end", "0");
  for (int column = frame.left; column <= frame.right; column += 8)
    result += label(x_of(column), kHeight - kMargin + 18, "middle", power(2, column));
  result += label(kWidth - 16, kHeight - 16, "end", x_name);
  std::string path;
  for (const Point& each : points) {
    path += (path.empty() ? "M" : "L") + coordinate(x_of(std::log2(each.x))) + " " +
            coordinate(y_of(frame.height(each)));
  }
  return result + "<path d=\"" + path + "\" fill=\"none\" stroke=\"" +
         std::string(kColours.leaf_line) + "\" stroke-width=\"2\"/>\n</svg>\n";
}

}  // namespace autograd::detail
