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

StepCurve detail::step_curve(std::size_t input, double derivative, Point at,
                             const std::function<double(std::span<const double>)>& f) {
  return with_own_memory_errors([&](const auto& call) {
    StepCurve curve{numbered_names(at.size())[input], derivative, {}};
    std::vector<double> moved(at.begin(), at.end());
    const double x = at[input];
    const auto f_at = [&](double to) {
      moved[input] = to;
      return call([&] { return f(moved); });
    };
    const double size = x == 0 ? 1.0 : std::exp2(std::floor(std::log2(std::abs(x))));
    for (int power = 0; power <= 52; ++power) {
      const double step = std::ldexp(size, -power);
      const double quotient = (f_at(x + step) - f_at(x - step)) / (2 * step);
      if (std::isfinite(quotient))
        curve.points.push_back({step, quotient, std::abs(quotient - derivative)});
    }
    return curve;
  });
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
