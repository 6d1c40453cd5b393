// Charts of a function and its derivative.

#include <cmath>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::Chart;
using autograd::derivative_chart;
using autograd::Error;
using autograd::Value;

namespace {

std::size_t gaps(const Chart::Curve& curve) {
  std::size_t result = 0;
  for (const Chart::Point& each : curve.points) result += std::isfinite(each.y) ? 0 : 1;
  return result;
}

}  // namespace

TEST_CASE("derivative_chart: a function and its derivative, by their names") {
  const Chart chart = derivative_chart([](const Value& x) { return x * sin(x); }, -2, 3,
                                       {.name = "y", .x_name = "t", .points = 6});
  CHECK(chart.title == "y and its derivative");
  CHECK(chart.x_name == "t");
  REQUIRE(chart.curves.size() == 2);
  CHECK(chart.curves[1].name == "dy/dt");
  REQUIRE(chart.curves[0].points.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    const double x = static_cast<double>(i) - 2;
    CHECK(chart.curves[0].points[i].x == doctest::Approx(x));
    CHECK(chart.curves[0].points[i].y == doctest::Approx(x * std::sin(x)));
    CHECK(chart.curves[1].points[i].y == doctest::Approx(std::sin(x) + x * std::cos(x)));
  }
  const Chart alone =
      derivative_chart([](const Value& x) { return exp(x); }, 0, 1, {.derivative = false});
  CHECK(alone.curves.size() == 1);
  CHECK(alone.title == "f");
  CHECK(derivative_chart([](const Value& x) { return -x; }, 0, 1, {.name = "-x"}).curves[1].name ==
        "d(-x)/dx");
}

TEST_CASE("derivative_chart: an expression, with other variables") {
  const autograd::Expression expression("a*x^2");
  const Chart chart = derivative_chart(
      [&](const Value& x) {
        return expression.evaluate({{"x", x}, {"a", Value(3)}});
      },
      0, 2, {.points = 3});
  CHECK(chart.curves[0].points[2].y == 12);
  CHECK(chart.curves[1].points[2].y == 12);
}

TEST_CASE("derivative_chart: gaps at jumps and poles, none where a curve is only steep") {
  const auto chart_of = [](auto f) { return derivative_chart(f, -3, 3); };
  const Chart steps = chart_of([](const Value& x) { return floor(x); });
  CHECK(gaps(steps.curves[0]) >= 5);
  CHECK(gaps(steps.curves[0]) <= 7);
  CHECK(gaps(chart_of([](const Value& x) { return tanh(1000 * x); }).curves[0]) == 0);
  CHECK(gaps(chart_of([](const Value& x) { return exp(-1000 * x * x); }).curves[0]) == 0);
  CHECK(gaps(chart_of([](const Value& x) { return abs(x); }).curves[0]) == 0);
  CHECK(gaps(chart_of([](const Value& x) { return log(x); }).curves[0]) >= 200);
  for (const Chart& pole : {chart_of([](const Value& x) { return 1 / x; }),
                            chart_of([](const Value& x) { return 1 / (x * x); })}) {
    CHECK(gaps(pole.curves[0]) > 1);
    double largest = 0;
    for (const Chart::Point& each : pole.curves[0].points)
      if (std::isfinite(each.y)) largest = std::max(largest, std::abs(each.y));
    CHECK(largest < 50);
    CHECK(largest > 2);
  }
}

TEST_CASE("derivative_chart: a constant, and wrong ranges") {
  const Chart chart = derivative_chart([](const Value&) { return Value(7); }, 0, 1);
  CHECK(chart.curves[0].points[0].y == 7);
  CHECK(chart.curves[1].points[0].y == 0);
  const auto identity = [](const Value& x) { return x; };
  CHECK_THROWS_WITH_AS(
      derivative_chart(identity, 1, 1),
      "derivative_chart(): the range must have a finite low end below its high end", Error);
  CHECK_THROWS_AS(derivative_chart(identity, 0, HUGE_VAL), Error);
  CHECK_THROWS_WITH_AS(derivative_chart(identity, 0, 1, {.points = 1}),
                       "derivative_chart(): a curve has two points at least, not 1", Error);
}
