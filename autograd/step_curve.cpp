#include "autograd/step_curve.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/draw/log_plot.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

std::vector<detail::LogPlot::Point> points_of(const StepCurve& curve) {
  std::vector<detail::LogPlot::Point> result;
  for (const StepCurve::Point& each : curve.points) result.push_back({each.step, each.error});
  return result;
}

detail::LogPlot plot_of(const StepCurve& curve) {
  return {"error of central differences, derivative by " + curve.name + " = " +
              text::rounded(curve.derivative, 6),
          "step", points_of(curve)};
}

}  // namespace

StepCurve detail::step_curve(std::string name, double derivative, double x,
                             const std::function<double(double)>& f) {
  StepCurve curve{std::move(name), derivative, {}};
  const double size = x == 0 ? 1.0 : std::exp2(std::floor(std::log2(std::abs(x))));
  for (int power = 0; power <= 52; ++power) {
    const double step = std::ldexp(size, -power);
    const double quotient = (f(x + step) - f(x - step)) / (2 * step);
    if (std::isfinite(quotient))
      curve.points.push_back({step, quotient, std::abs(quotient - derivative)});
  }
  return curve;
}

StepCurve::Point StepCurve::best() const {
  return *std::ranges::min_element(points, {}, &Point::error);
}

std::string StepCurve::to_string() const {
  return detail::with_memory_errors([&] { return plot_of(*this).to_string(); });
}

std::string StepCurve::to_svg() const {
  return detail::with_memory_errors([&] { return plot_of(*this).to_svg(); });
}

}  // namespace autograd
