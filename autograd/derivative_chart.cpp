#include "autograd/derivative_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <autograd/derivatives.hpp>
#include <autograd/error.hpp>

namespace autograd {

namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

struct CurvePoint {
  double x, value, slope;
};

class CurveSampler {
 public:
  explicit CurveSampler(const std::function<Value(const Value& x)>& f) : f_(f) {}

  CurvePoint at(double x) const {
    const Value leaf(x);
    const Value y = f_(leaf);
    return {x, y.data(), derivatives(y, {leaf})[0].data()};
  }

  // Whether f jumps between two points, or has no number half way: most of the difference is still
  // there after 40 halvings.
  bool jumps(CurvePoint a, CurvePoint b) const {
    if (!std::isfinite(a.value) || !std::isfinite(b.value)) return false;
    const double way = std::abs(b.value - a.value);
    const double foretold = std::abs(b.x - a.x) * std::max(std::abs(a.slope), std::abs(b.slope));
    if (a.slope * b.slope < 0 && is_pole(a, b)) return true;
    if (way == 0 || (way <= 2 * foretold && !is_steep(a, b))) return false;
    for (int i = 0; i < 40; ++i) {
      const CurvePoint middle = at(a.x + (b.x - a.x) / 2);
      if (!std::isfinite(middle.value)) return true;
      if (middle.x == a.x || middle.x == b.x) break;
      const bool is_first = std::abs(middle.value - a.value) > std::abs(b.value - middle.value);
      (is_first ? b : a) = middle;
    }
    return std::abs(b.value - a.value) > way / 2;
  }

 private:
  // Whether f grows without an end between a slope up and a slope down.
  bool is_pole(CurvePoint a, CurvePoint b) const {
    const double size = std::max(std::abs(a.value), std::abs(b.value));
    for (int i = 0; i < 40; ++i) {
      const CurvePoint middle = at(a.x + (b.x - a.x) / 2);
      if (!std::isfinite(middle.value)) return true;
      (middle.slope * a.slope > 0 ? a : b) = middle;
    }
    return std::abs(a.value) > 1e4 * size;
  }
  // Whether f rises on both sides and is lower behind, as beside a pole; or falls and is higher.
  static bool is_steep(CurvePoint a, CurvePoint b) {
    return a.slope * b.slope > 0 && a.slope * (b.value - a.value) < 0;
  }

  const std::function<Value(const Value& x)>& f_;
};

// What lies far outside of eight tenths of the points becomes a gap.
void cut_off_far_points(std::vector<Chart::Point>& points) {
  std::vector<double> sorted;
  for (const Chart::Point& each : points)
    if (std::isfinite(each.y)) sorted.push_back(each.y);
  if (sorted.size() < 10) return;
  std::ranges::sort(sorted);
  const double low = sorted[sorted.size() / 10], high = sorted[sorted.size() * 9 / 10];
  const double range = high - low;
  for (Chart::Point& each : points) {
    if (each.y > high + range || each.y < low - range) each.y = kGap;
  }
}

// df/dx, d(x sin x)/dx
std::string derivative_name(const DerivativeChartOptions& options) {
  const bool is_word = options.name.find_first_of(" +-*/^(") == std::string::npos;
  return "d" + (is_word ? options.name : "(" + options.name + ")") + "/d" + options.x_name;
}

}  // namespace

Chart derivative_chart(const std::function<Value(const Value& x)>& f, double low, double high,
                       const DerivativeChartOptions& options) {
  if (!(low < high) || !std::isfinite(high - low)) {
    throw Error("derivative_chart(): the range must have a finite low end below its high end");
  }
  if (options.points < 2) {
    throw Error("derivative_chart(): a curve has two points at least, not " +
                std::to_string(options.points));
  }
  Chart chart{.title = options.name, .x_name = options.x_name};
  Chart::Curve value{options.name, {}}, slope{derivative_name(options), {}};
  if (options.derivative) chart.title += " and its derivative";
  const CurveSampler sampler(f);
  CurvePoint last{};
  bool has_gaps = false;
  for (std::size_t i = 0; i < options.points; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(options.points - 1);
    const CurvePoint point = sampler.at(low + (high - low) * share);
    has_gaps = has_gaps || !std::isfinite(point.value);
    if (i > 0 && sampler.jumps(last, point)) {
      has_gaps = true;
      value.points.push_back({point.x, kGap});
      slope.points.push_back({point.x, kGap});
    }
    value.points.push_back({point.x, point.value});
    slope.points.push_back({point.x, point.slope});
    last = point;
  }
  if (has_gaps) {
    cut_off_far_points(value.points);
    cut_off_far_points(slope.points);
  }
  chart.curves.push_back(value);
  if (options.derivative) chart.curves.push_back(slope);
  return chart;
}

}  // namespace autograd
