#include "autograd/chart/axis.hpp"

#include <algorithm>
#include <cmath>

#include <autograd/text.hpp>

namespace autograd::detail {

bool Axis::can_show(double x) const { return std::isfinite(x) && (!is_logarithmic || x > 0); }

void Axis::include(double x) {
  if (!can_show(x)) return;
  const double at = is_logarithmic ? std::log10(x) : x;
  low = has_any_ ? std::min(low, at) : at;
  high = has_any_ ? std::max(high, at) : at;
  has_any_ = true;
}

double Axis::place(double x) const {
  const double at = is_logarithmic ? std::log10(x) : x;
  // Halves, so that the range of very large numbers does not overflow.
  const double range = high / 2 - low / 2;
  const double share = range > 0 ? (at / 2 - low / 2) / range : 0.5;
  return from + (to - from) * share;
}

std::vector<Axis::Tick> Axis::ticks(int count) const {
  std::vector<Tick> result;
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(range)) {
    const double x = is_logarithmic ? std::pow(10.0, low) : low;
    return {{place(x), text::rounded(x, 4)}};
  }
  const double rough = range / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double digit = rough / power;
  double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  if (is_logarithmic) step = std::max(1.0, std::ceil(step));
  const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  for (double k = first; k <= last; ++k) {
    const double at = k * step;
    const double x = is_logarithmic ? std::pow(10.0, at) : at;
    const bool is_long = is_logarithmic && std::abs(at) > 3;
    result.push_back({place(x), is_long ? "1e" + std::to_string(static_cast<int>(at))
                                        : text::rounded(k == 0 && !is_logarithmic ? 0.0 : x, 6)});
  }
  return result;
}

}  // namespace autograd::detail
