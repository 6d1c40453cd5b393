#include "text_plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <autograd/text.hpp>

namespace cli {

namespace {

constexpr std::size_t kColumns = 61, kRows = 15;

std::string written(double x) { return autograd::text::rounded(x, 4); }

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

}  // namespace

Limits limits_of(const std::vector<TextCurve>& curves) {
  std::vector<double> all;
  for (const TextCurve& curve : curves)
    std::ranges::copy_if(curve.y, std::back_inserter(all),
                         [](double y) { return std::isfinite(y); });
  if (all.empty()) return {-1, 1};
  std::ranges::sort(all);
  const auto last = static_cast<double>(all.size() - 1);
  const double first = all[static_cast<std::size_t>(0.03 * last)];
  const double final = all[static_cast<std::size_t>(0.97 * last)];
  const double room = final - first;
  Limits result{std::max(all.front(), first - room), std::min(all.back(), final + room)};
  if (result.low < result.high) return result;
  const double half = result.low == 0 ? 1 : std::abs(result.low) / 2;
  return {result.low - half, result.high + half};
}

std::string text_plot(const std::vector<TextCurve>& curves, const std::string& x_name, Limits x) {
  const Limits y = limits_of(curves);
  std::vector<std::vector<std::string>> cells(kRows, std::vector<std::string>(kColumns, " "));
  const auto row_of = [&](double at) {
    return static_cast<std::size_t>(
        std::lround((y.high - at) / (y.high - y.low) * static_cast<double>(kRows - 1)));
  };
  if (y.low <= 0 && y.high >= 0) std::ranges::fill(cells[row_of(0)], "-");
  for (std::size_t i = curves.size(); i-- > 0;) {
    const std::vector<double>& points = curves[i].y;
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (!std::isfinite(points[k]) || points[k] < y.low || points[k] > y.high) continue;
      const std::size_t column = k * (kColumns - 1) / std::max<std::size_t>(points.size() - 1, 1);
      cells[row_of(points[k])][column] = curves[i].mark;
    }
  }

  std::vector<std::string> labels(kRows);
  labels.front() = written(y.high);
  labels.back() = written(y.low);
  if (y.low < 0 && y.high > 0) {
    const std::size_t zero = row_of(0);
    if (zero > 0 && zero + 1 < kRows) labels[zero] = "0";
  }
  std::size_t width = 0;
  for (const std::string& label : labels) width = std::max(width, label.size());

  std::string result;
  for (std::size_t row = 0; row < kRows; ++row) {
    std::string line = padded(labels[row], width) + " |";
    for (const std::string& cell : cells[row]) line += cell;
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + '\n';
  }
  const std::string low = written(x.low), high = written(x.high);
  result += std::string(width + 2, ' ') + low +
            padded(x_name, (kColumns + x_name.size()) / 2 - std::min<std::size_t>(low.size(), 20)) +
            padded(high, (kColumns - x_name.size()) / 2) + '\n';
  for (const TextCurve& curve : curves)
    result += std::string(width + 2, ' ') + curve.mark + "  " + curve.name + '\n';
  return result;
}

}  // namespace cli
