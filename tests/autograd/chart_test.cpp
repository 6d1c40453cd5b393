// Charts and pictures: what their text says.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Chart;
using autograd::Error;
using autograd::Svg;
using drawings::count;
using drawings::Directory;
using helpers::contains;

namespace {

Chart parabola() {
  Chart chart{.title = "x^2 & more <1>", .x_name = "x"};
  Chart::Curve square{"x^2", {}}, line{"x", {}};
  for (int k = -4; k <= 4; ++k) {
    square.points.push_back({k / 2.0, k * k / 4.0});
    line.points.push_back({k / 2.0, k / 2.0});
  }
  chart.curves = {square, line};
  return chart;
}

}  // namespace

TEST_CASE("chart: two curves with their names, and axes that end where the data end") {
  const std::string svg = parabola().to_svg();
  golden::check("chart_curves.svg", svg);
  CHECK(contains(svg, ">x^2 &amp; more &lt;1&gt;</text>"));
  CHECK(count(svg, "stroke-dasharray=\"7 3\"") == 1);  // the second curve
  CHECK(contains(svg, ">-2</text>"));
  CHECK_FALSE(contains(svg, ">5</text>"));
}

TEST_CASE("chart: numbers that an axis cannot show are gaps") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Chart chart{.y_scale = Chart::Scale::kLogarithmic};
  chart.curves.push_back({"", {{0, 1}, {1, 100}, {2, 0}, {3, nan}, {4, 1e-4}, {5, 1}}});
  const std::string svg = chart.to_svg();
  CHECK(count(svg, "stroke-width=\"2\"") == 2);  // two pieces
  CHECK(contains(svg, ">1e-4</text>"));
  CHECK_FALSE(contains(svg, "nan"));
  CHECK_FALSE(contains(svg, "inf"));
}

TEST_CASE("chart: without data, with one point, with huge numbers") {
  CHECK(contains(Chart{.title = "nothing"}.to_svg(), "nothing"));
  Chart one;
  one.groups.push_back({"point", {{3, 7}}});
  CHECK(contains(one.to_svg(), ">7</text>"));
  Chart huge;
  huge.curves.push_back({"", {{0, -1e308}, {1, 1e308}}});
  CHECK_FALSE(contains(huge.to_svg(), "inf"));
}

TEST_CASE("chart: names of curves that end together are moved apart") {
  Chart chart;
  for (int k = 0; k < 4; ++k) chart.curves.push_back({"c" + std::to_string(k), {{0, 0}, {1, 1}}});
  const std::string svg = chart.to_svg();
  std::vector<std::string> heights;
  for (int k = 0; k < 4; ++k) {
    const std::size_t end = svg.find(">c" + std::to_string(k) + "<");
    const std::size_t y = svg.rfind("y=\"", end);
    heights.push_back(svg.substr(y, svg.find('"', y + 3) - y));
  }
  std::sort(heights.begin(), heights.end());
  CHECK(std::unique(heights.begin(), heights.end()) == heights.end());
}

TEST_CASE("chart: a map has its sides of 0 in two colours, and the line between") {
  Chart chart;
  chart.map = autograd::map_of([](double x, double) { return x; }, {-1, -1}, {1, 1}, 4, 4);
  chart.groups = {{"in", {{0.5, 0.5}}}, {"out", {{-0.5, 0.5}}}};
  const std::string svg = chart.to_svg();
  golden::check("chart_map.svg", svg);
  CHECK(svg.find("<path") < svg.find("<circle"));
  chart.map->values.pop_back();
  CHECK_THROWS_WITH_AS(chart.to_svg(), "Chart: the map has 15 values, not 4 * 4", Error);
}

TEST_CASE("svg: pictures are saved as .svg, and as .png if the program is there") {
  const Directory directory("svg");
  const std::filesystem::path svg = directory.path / "p.svg", png = directory.path / "p.png";
  parabola().save(svg);
  CHECK(golden::read(svg) == parabola().to_svg());
  CHECK_THROWS_WITH_AS(
      parabola().save("p.gif"),
      "Svg::save(): no picture can be made of the name 'p.gif': it must end in .svg, .png or .pdf",
      Error);
  if (std::system("command -v rsvg-convert > /dev/null 2>&1") == 0) {
    parabola().save(png);
    CHECK(golden::read(png).starts_with("\x89PNG"));
    parabola().save(directory.path / "p.pdf");
    CHECK(golden::read(directory.path / "p.pdf").starts_with("%PDF"));
    std::filesystem::remove(directory.path / "p.pdf");
  }
  std::filesystem::remove(svg);
  std::filesystem::remove(png);
  const drawings::Path nowhere(directory.path);
  CHECK_THROWS_WITH_AS(parabola().save(png), doctest::Contains("apt install librsvg2-bin"), Error);
  CHECK(directory.files() == std::vector<std::string>{"p.svg"});
}

TEST_CASE("svg: words are shown as they are") {
  Svg svg(100, 50);
  svg.text({1, 2}, "a<b>&\"\x01\xff ∂", {});
  CHECK(contains(svg.to_string(), ">a&lt;b&gt;&amp;&quot; \uFFFD ∂</text>"));
  svg.circle({std::numeric_limits<double>::infinity(), -0.0}, 1, {});
  CHECK(contains(svg.to_string(), "cx=\"0\" cy=\"0\""));
}
