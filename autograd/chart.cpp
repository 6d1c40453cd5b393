#include "autograd/chart.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include <autograd/chart/axis.hpp>
#include <autograd/chart/heat_map.hpp>
#include <autograd/error.hpp>

namespace autograd {

namespace {

using detail::Axis;

struct Series {
  std::string_view colour, dash;
};
// Of the palette of Okabe and Ito, which colour-blind readers tell apart.
constexpr std::array<Series, 6> kSeries{{{"#0072B2", ""},
                                         {"#D55E00", "7 3"},
                                         {"#009E73", "2 3"},
                                         {"#AA4499", "9 3 2 3"},
                                         {"#333333", "4 2"},
                                         {"#56B4E9", "1 2"}}};
constexpr std::string_view kAxisColour = "#6E6E6E", kWordColour = "#333333";
constexpr double kTop = 56, kBottom = 48, kLeft = 60, kPlainRight = 24, kLetter = 6.6;

const Series& series(std::size_t k) { return kSeries[k % kSeries.size()]; }

// Room to the right for the names of curves and groups.
double room_for_names(const Chart& chart) {
  std::size_t longest = 0;
  for (const Chart::Curve& each : chart.curves) longest = std::max(longest, each.name.size());
  for (const Chart::Group& each : chart.groups) longest = std::max(longest, each.name.size() + 2);
  return longest == 0 ? kPlainRight : 20 + kLetter * static_cast<double>(longest);
}

class ChartDrawing {
 public:
  explicit ChartDrawing(const Chart& chart)
      : chart_(chart),
        svg_(chart.width, chart.height),
        x_(axis(chart.x_scale)),
        y_(axis(chart.y_scale)) {
    x_.from = kLeft;
    x_.to = chart.width - room_for_names(chart);
    y_.from = chart.height - kBottom;
    y_.to = kTop;
    for (const Chart::Curve& each : chart.curves) include(each.points);
    for (const Chart::Group& each : chart.groups) include(each.points);
    if (chart.map) include({chart.map->low, chart.map->high});
  }

  Svg picture() && {
    if (chart_.map) detail::draw_map(svg_, *chart_.map, x_, y_);
    draw_axes();
    for (std::size_t k = 0; k < chart_.groups.size(); ++k) draw_group(k);
    for (std::size_t k = 0; k < chart_.curves.size(); ++k) draw_curve(k);
    draw_names();
    svg_.text({kLeft, 22}, chart_.title, {.size = 14, .colour = "#111111", .bold = true});
    return std::move(svg_);
  }

 private:
  static Axis axis(Chart::Scale scale) {
    Axis result;
    result.is_logarithmic = scale == Chart::Scale::kLogarithmic;
    return result;
  }
  bool can_show(Chart::Point point) const { return x_.can_show(point.x) && y_.can_show(point.y); }
  Chart::Point place(Chart::Point point) const { return {x_.place(point.x), y_.place(point.y)}; }

  void include(const std::vector<Chart::Point>& points) {
    for (const Chart::Point& each : points) {
      if (!can_show(each)) continue;
      x_.include(each.x);
      y_.include(each.y);
    }
  }

  // The axes stand a little beside the data, and are as long as these.
  void draw_axes() {
    const Svg::Look look{.stroke = kAxisColour, .width = 1};
    const double foot = y_.from + 8, side = x_.from - 8;
    svg_.line({x_.from, foot}, {x_.to, foot}, look);
    svg_.line({side, y_.from}, {side, y_.to}, look);
    for (const Axis::Tick& tick : x_.ticks(6)) {
      svg_.line({tick.at, foot}, {tick.at, foot + 4}, look);
      svg_.text({tick.at, foot + 17}, tick.text,
                {.anchor = Svg::Anchor::kMiddle, .size = 11, .colour = kWordColour});
    }
    for (const Axis::Tick& tick : y_.ticks(5)) {
      svg_.line({side, tick.at}, {side - 4, tick.at}, look);
      svg_.text({side - 7, tick.at + 4}, tick.text,
                {.anchor = Svg::Anchor::kEnd, .size = 11, .colour = kWordColour});
    }
    svg_.text({x_.to, foot + 32}, chart_.x_name,
              {.anchor = Svg::Anchor::kEnd, .size = 12, .colour = kWordColour});
    svg_.text({side, y_.to - 10}, chart_.y_name,
              {.anchor = Svg::Anchor::kMiddle, .size = 12, .colour = kWordColour});
  }

  void draw_curve(std::size_t k) {
    const Svg::Look look{.stroke = series(k).colour, .width = 2, .dash = series(k).dash};
    std::vector<PicturePoint> piece;
    for (const Chart::Point& each : chart_.curves[k].points) {
      if (can_show(each)) {
        piece.push_back(place(each));
        continue;
      }
      svg_.curve(piece, look);
      piece.clear();
    }
    svg_.curve(piece, look);
  }

  void mark(std::size_t k, PicturePoint at) {
    if (k % 2 == 0)
      return svg_.circle(at, 3, {.stroke = "#FFFFFF", .fill = series(k).colour, .width = 0.8});
    const double r = 2.8;
    for (const Svg::Look& look : {Svg::Look{.stroke = "#FFFFFF", .width = 3.4},
                                  Svg::Look{.stroke = series(k).colour, .width = 2}}) {
      svg_.line({at.x - r, at.y - r}, {at.x + r, at.y + r}, look);
      svg_.line({at.x - r, at.y + r}, {at.x + r, at.y - r}, look);
    }
  }

  void draw_group(std::size_t k) {
    for (const Chart::Point& each : chart_.groups[k].points)
      if (can_show(each)) mark(k, place(each));
  }

  // The names of curves stand at their ends, moved apart; those of groups at the top.
  void draw_names() {
    struct Name {
      double y;
      std::size_t curve;
    };
    std::vector<Name> names;
    for (std::size_t k = 0; k < chart_.curves.size(); ++k) {
      const std::vector<Chart::Point>& points = chart_.curves[k].points;
      const auto last = std::find_if(points.rbegin(), points.rend(),
                                     [&](const Chart::Point& each) { return can_show(each); });
      if (last != points.rend() && !chart_.curves[k].name.empty())
        names.push_back({place(*last).y, k});
    }
    std::ranges::stable_sort(names, {}, &Name::y);
    for (std::size_t i = 1; i < names.size(); ++i)
      names[i].y = std::max(names[i].y, names[i - 1].y + 15);
    // What was pushed out at the foot moves up again.
    double limit = y_.from + 4;
    for (std::size_t i = names.size(); i-- > 0; limit -= 15)
      names[i].y = std::min(names[i].y, limit);
    for (const Name& each : names)
      svg_.text({x_.to + 8, each.y + 4}, chart_.curves[each.curve].name,
                {.size = 12, .colour = series(each.curve).colour});
    double y = kTop + 4;
    for (std::size_t k = 0; k < chart_.groups.size(); ++k, y += 18) {
      if (chart_.groups[k].name.empty()) continue;
      mark(k, {x_.to + 14, y});
      svg_.text({x_.to + 22, y + 4}, chart_.groups[k].name,
                {.size = 12, .colour = series(k).colour});
    }
  }

  const Chart& chart_;
  Svg svg_;
  Axis x_, y_;
};

}  // namespace

Svg Chart::picture() const try {
  if (map && map->values.size() != map->columns * map->rows) {
    throw Error("Chart: the map has " + std::to_string(map->values.size()) + " values, not " +
                std::to_string(map->columns) + " * " + std::to_string(map->rows));
  }
  return ChartDrawing(*this).picture();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

Chart::Map map_of(const std::function<double(double x, double y)>& f, Chart::Point low,
                  Chart::Point high, std::size_t columns, std::size_t rows) {
  Chart::Map map{columns, rows, low, high, {}};
  const auto middle = [](double from, double to, std::size_t k, std::size_t count) {
    return from + (to - from) * (static_cast<double>(k) + 0.5) / static_cast<double>(count);
  };
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c)
      map.values.push_back(f(middle(low.x, high.x, c, columns), middle(low.y, high.y, r, rows)));
  }
  return map;
}

}  // namespace autograd
