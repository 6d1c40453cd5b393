// step_curve(): the error of differences against their step, drawn.

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/draw/log_plot.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::step_curve;
using autograd::StepCurve;

}  // namespace

TEST_CASE("step_curve: a right derivative gives a V") {
  const StepCurve curve = step_curve([](auto x) { return x[1] * exp(x[0]); }, {1.0, 2.0}, 0);
  CHECK(curve.name == "x[0]");
  CHECK(curve.derivative == 2 * std::exp(1.0));
  REQUIRE(curve.points.size() == 53);
  CHECK(curve.points[0].step == 1);
  CHECK(curve.points[0].error == doctest::Approx(2 * std::exp(1.0) * (std::sinh(1.0) - 1)));
  // Half the step is a quarter of the error; the least is between, and rounding is at the end.
  CHECK(curve.points[6].error / curve.points[5].error == doctest::Approx(0.25).epsilon(0.01));
  CHECK(curve.best().error < 1e-9);
  CHECK(curve.best().step > 1e-8);
  CHECK(curve.best().step < 1e-3);
  CHECK(curve.points[52].error > 1e3 * curve.best().error);
}

TEST_CASE("step_curve: a wrong derivative gives a flat bottom, as high as it is wrong") {
  const auto wrong = autograd::custom(
      "wrong", [](auto x) { return x[0] * x[0]; }, [](auto x) { return 2.0 * x[0] + 0.125; });
  const StepCurve curve = step_curve([&](auto x) { return wrong(x[0]); }, {3.0}, 0);
  CHECK(curve.best().error > 0.12);
}

TEST_CASE("step_curve: points where f is not finite are left out; there must be such an input") {
  const StepCurve curve = step_curve([](auto x) { return log(x[0] - 0.9); }, {1.0}, 0);
  CHECK(curve.points.size() == 53 - 4);
  CHECK(helpers::error_of([] { step_curve([](auto x) { return x[0]; }, {1.0}, 1); }) ==
        "step_curve(): there is no input 1, only 1");
}

TEST_CASE("step_curve: drawn in characters and as a chart") {
  const autograd::detail::LogPlot plot{
      "title", "step", {{1, 0.02}, {0.5, 5e-3}, {0.25, 3}, {0.125, 0}}};
  CHECK(plot.to_string() ==
        "title\n"
        "   1e1 |\n"
        "   1e0 | *\n"
        "  1e-1 |\n"
        "  1e-2 |   *\n"
        "  1e-3 |  *\n"
        "     0 |*\n"
        "       +----\n"
        "        2^-3 2^0  step\n");
  const StepCurve curve = step_curve([](auto x) { return exp(x[0]); }, {1.0}, 0);
  CHECK(curve.to_string().find('*') != std::string::npos);
  const autograd::Chart chart = curve.chart();
  CHECK(chart.title == "error of central differences, derivative by x[0] = 2.71828");
  CHECK(chart.x_scale == autograd::Chart::Scale::kLogarithmic);
  CHECK(chart.y_scale == autograd::Chart::Scale::kLogarithmic);
  REQUIRE(chart.curves[0].points.size() == curve.points.size());
  CHECK(chart.curves[0].points[7].y == curve.points[7].error);
}
