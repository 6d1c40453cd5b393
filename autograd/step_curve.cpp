#include "autograd/step_curve.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/draw/log_plot.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

std::string title_of(const StepCurve& curve) {
  return "error of central differences, derivative by " + curve.name + " = " +
         text::rounded(curve.derivative, 6);
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
  return detail::with_memory_errors([&] {
    detail::LogPlot plot{title_of(*this), "step", {}};
    for (const Point& each : points) plot.points.push_back({each.step, each.error});
    return plot.to_string();
  });
}

Chart StepCurve::chart() const {
  return detail::with_memory_errors([&] {
    Chart result{.title = title_of(*this), .x_name = "step", .y_name = "error"};
    result.x_scale = result.y_scale = Chart::Scale::kLogarithmic;
    result.curves.push_back({"", {}});
    for (const Point& each : points) result.curves[0].points.push_back({each.step, each.error});
    return result;
  });
}

}  // namespace autograd
