#include "autograd/chart/heat_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include <autograd/draw/palette.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr int kShades = 6;  // on each side of 0

std::string map_length(double x) { return text::fixed(x, 1); }

// -kShades to kShades; beyond for NaN.
int shade(double value, double largest) {
  if (std::isnan(value)) return kShades + 1;
  const double share = largest > 0 ? std::clamp(value / largest, -1.0, 1.0) : 0.0;
  return static_cast<int>(share < 0 ? std::floor(share * kShades) : std::ceil(share * kShades));
}

std::string shade_colour(int shade) {
  if (shade > kShades) return std::string(kColours.hatch);
  return blend("#FFFFFF", shade < 0 ? kColours.strong_negative : kColours.strong_positive,
               0.15 + 0.75 * std::abs(shade) / kShades);
}

// The piece of the line at 0 in the square between four middles of cells (marching squares).
class ZeroLine {
 public:
  ZeroLine(const Chart::Map& map, const Axis& x, const Axis& y) : map_(map), x_(x), y_(y) {
    for (std::size_t r = 0; r + 1 < map.rows; ++r)
      for (std::size_t c = 0; c + 1 < map.columns; ++c) square(r, c);
  }
  const std::string& commands() const { return commands_; }

 private:
  struct Corner {
    double x, y, value;
  };
  Corner corner(std::size_t r, std::size_t c) const {
    const auto middle = [](double low, double high, std::size_t k, std::size_t count) {
      return low + (high - low) * (static_cast<double>(k) + 0.5) / static_cast<double>(count);
    };
    return {x_.place(middle(map_.low.x, map_.high.x, c, map_.columns)),
            y_.place(middle(map_.low.y, map_.high.y, r, map_.rows)),
            map_.values[r * map_.columns + c]};
  }
  void square(std::size_t r, std::size_t c) {
    const std::array corners{corner(r, c), corner(r, c + 1), corner(r + 1, c + 1),
                             corner(r + 1, c)};
    std::string ends;
    int count = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const Corner &a = corners[k], &b = corners[(k + 1) % 4];
      if (!(std::isfinite(a.value) && std::isfinite(b.value))) continue;
      if ((a.value < 0) == (b.value < 0)) continue;
      const double share = a.value / (a.value - b.value);
      ends += (count++ % 2 == 0 ? "M" : "L") + map_length(a.x + share * (b.x - a.x)) + " " +
              map_length(a.y + share * (b.y - a.y));
    }
    if (count % 2 == 0) commands_ += ends;
  }

  const Chart::Map& map_;
  const Axis &x_, &y_;
  std::string commands_;
};

}  // namespace

void draw_map(Svg& svg, const Chart::Map& map, const Axis& x, const Axis& y) {
  double largest = 0.0;
  for (const double value : map.values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  const double left = x.place(map.low.x), top = y.place(map.high.y);
  const double width = (x.place(map.high.x) - left) / static_cast<double>(map.columns);
  const double height = (y.place(map.low.y) - top) / static_cast<double>(map.rows);
  std::map<int, std::string> areas;
  for (std::size_t r = 0; r < map.rows; ++r) {
    const double* const row = map.values.data() + r * map.columns;
    for (std::size_t c = 0; c < map.columns;) {
      const int colour = shade(row[c], largest);
      const std::size_t first = c;
      while (c < map.columns && shade(row[c], largest) == colour) ++c;
      // From the top; a little larger than the cells, so that no gap is seen between them.
      areas[colour] += "M" + map_length(left + width * static_cast<double>(first)) + " " +
                       map_length(top + height * static_cast<double>(map.rows - 1 - r)) + "h" +
                       map_length(width * static_cast<double>(c - first) + 0.2) + "v" +
                       map_length(height + 0.2) + "H" +
                       map_length(left + width * static_cast<double>(first)) + "z";
    }
  }
  for (const auto& [colour, area] : areas) svg.path(area, {.fill = shade_colour(colour)});
  const ZeroLine zero(map, x, y);
  if (!zero.commands().empty()) svg.path(zero.commands(), {.stroke = "#333333", .width = 1.5});
}

}  // namespace autograd::detail
