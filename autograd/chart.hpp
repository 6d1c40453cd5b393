// Charts: curves, points and maps with axes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <autograd/svg.hpp>

namespace autograd {

// A chart as in a textbook: axes that end where the data end, names beside the curves and not in a
// box, no grid. Curves are told apart by their dashes too, groups of points by their shape, signs in
// a map by the line at 0.
//
//   Chart chart{.title = "tanh", .x_name = "x"};
//   chart.curves.push_back({"tanh x", points});
//   chart.save("tanh.svg");
//
// Points that are not finite, or not above 0 on a logarithmic axis, are gaps.
struct Chart {
  enum class Scale { kLinear, kLogarithmic };
  using Point = PicturePoint;
  struct Curve {
    std::string name;
    std::vector<Point> points;
  };
  // Points of one kind: the first group is drawn as discs, the second as crosses, and so on.
  struct Group {
    std::string name;
    std::vector<Point> points;
  };
  // Numbers at the middles of columns * rows cells, row by row from the bottom. Blue is above 0,
  // orange below, and the line is where it is 0.
  struct Map {
    std::size_t columns = 0, rows = 0;
    Point low, high;  // the corners of the map
    std::vector<double> values;
  };

  std::string title = {}, x_name = {}, y_name = {};
  Scale x_scale = Scale::kLinear, y_scale = Scale::kLinear;
  std::vector<Curve> curves = {};
  std::vector<Group> groups = {};
  std::optional<Map> map = {};
  double width = 520, height = 320;

  // Throws: Error if the map has not as many values as cells.
  Svg picture() const;
  std::string to_svg() const { return picture().to_string(); }
  // As Svg::save().
  void save(const std::filesystem::path& path) const { picture().save(path); }
};

// f over the rectangle from low to high.
Chart::Map map_of(const std::function<double(double x, double y)>& f, Chart::Point low,
                  Chart::Point high, std::size_t columns = 60, std::size_t rows = 60);

}  // namespace autograd
