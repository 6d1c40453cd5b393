// Derivatives and errors found by numbers alone, to hold the rules against.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace numeric {

// A number of more digits than double: what a rule would compute with less rounding. The functions
// are those that rules use.
struct Wide {
  long double v = 0;

  Wide() = default;
  Wide(long double x) : v(x) {}

  friend Wide operator+(Wide x, Wide y) { return x.v + y.v; }
  friend Wide operator-(Wide x, Wide y) { return x.v - y.v; }
  friend Wide operator*(Wide x, Wide y) { return x.v * y.v; }
  friend Wide operator/(Wide x, Wide y) { return x.v / y.v; }
  friend Wide operator-(Wide x) { return -x.v; }
  Wide& operator+=(Wide x) { return *this = *this + x; }

  friend bool gt(Wide x, Wide y) { return x.v > y.v; }
  friend bool lt(Wide x, Wide y) { return x.v < y.v; }
  friend bool le(Wide x, Wide y) { return x.v <= y.v; }
  friend bool eq(Wide x, Wide y) { return x.v == y.v; }
  friend bool ne(Wide x, Wide y) { return x.v != y.v; }
  friend Wide select(bool condition, Wide yes, Wide no) { return condition ? yes : no; }

  friend Wide abs(Wide x) { return std::abs(x.v); }
  friend Wide acos(Wide x) { return std::acos(x.v); }
  friend Wide acosh(Wide x) { return std::acosh(x.v); }
  friend Wide asin(Wide x) { return std::asin(x.v); }
  friend Wide asinh(Wide x) { return std::asinh(x.v); }
  friend Wide atan(Wide x) { return std::atan(x.v); }
  friend Wide atan2(Wide x, Wide y) { return std::atan2(x.v, y.v); }
  friend Wide atanh(Wide x) { return std::atanh(x.v); }
  friend Wide cbrt(Wide x) { return std::cbrt(x.v); }
  friend Wide ceil(Wide x) { return std::ceil(x.v); }
  friend Wide cos(Wide x) { return std::cos(x.v); }
  friend Wide cosh(Wide x) { return std::cosh(x.v); }
  friend Wide erf(Wide x) { return std::erf(x.v); }
  friend Wide erfc(Wide x) { return std::erfc(x.v); }
  friend Wide exp(Wide x) { return std::exp(x.v); }
  friend Wide exp2(Wide x) { return std::exp2(x.v); }
  friend Wide expm1(Wide x) { return std::expm1(x.v); }
  friend Wide floor(Wide x) { return std::floor(x.v); }
  friend Wide hypot(Wide x, Wide y) { return std::hypot(x.v, y.v); }
  friend Wide lgamma(Wide x) { return std::lgamma(x.v); }
  friend Wide log(Wide x) { return std::log(x.v); }
  friend Wide log10(Wide x) { return std::log10(x.v); }
  friend Wide log1p(Wide x) { return std::log1p(x.v); }
  friend Wide log2(Wide x) { return std::log2(x.v); }
  friend Wide pow(Wide x, Wide y) { return std::pow(x.v, y.v); }
  friend Wide rint(Wide x) { return std::rint(x.v); }
  friend Wide round(Wide x) { return std::round(x.v); }
  friend Wide sin(Wide x) { return std::sin(x.v); }
  friend Wide sinh(Wide x) { return std::sinh(x.v); }
  friend Wide sqrt(Wide x) { return std::sqrt(x.v); }
  friend Wide tan(Wide x) { return std::tan(x.v); }
  friend Wide tanh(Wide x) { return std::tanh(x.v); }
  friend Wide tgamma(Wide x) { return std::tgamma(x.v); }
  friend Wide trunc(Wide x) { return std::trunc(x.v); }
};

// What a difference quotient tends to, and how far it may be off.
struct Slope {
  long double value = 0, error = std::numeric_limits<long double>::infinity();

  bool is_known() const { return error <= 1e-8L * std::abs(value); }
  // Smaller is better: by relative error if that is small, behind these by error.
  long double rank() const {
    if (error == 0) return 0;
    return is_known() ? error / std::abs(value) : 1 + error;
  }
};

// The slope of f at x on one side: +1 right, -1 left. f must not be asked beyond `room`.
//
// Difference quotients at steps h, h/2, h/4, ... are extrapolated to h = 0, starting from several h
// between the scale of x and 1, all of them powers of 2. The pair of extrapolations that agree best
// is taken; what rounding may have added is part of its error.
template <class F> Slope one_sided_slope(const F& f, long double x, int side, long double room) {
  constexpr std::size_t kLevels = 8;
  const long double scale = std::abs(x), here = f(x);
  std::vector<long double> steps;
  for (const long double base : {scale, 1.0L, room})
    for (const long double part : {0x1p-20L, 0x1p-10L, 0x1p-6L, 0x1p-2L}) {
      const long double step = std::min(base * part, room / 2);
      if (step > 0 && std::isfinite(step)) steps.push_back(std::exp2(std::floor(std::log2(step))));
    }
  std::sort(steps.begin(), steps.end());

  Slope best;
  for (const long double first : steps) {
    std::array<long double, kLevels> last{}, row{};
    long double step = first;
    for (std::size_t level = 0; level < kLevels; ++level, step /= 2) {
      const long double beside = x + side * step;
      if (beside - x != side * step) break;  // rounded: not the step that is asked for
      const long double there = f(beside), taken = side * step;
      row[0] = (there - here) / taken;
      const long double noise = 8 * std::numeric_limits<long double>::epsilon() *
                                std::max(std::abs(here), std::abs(there)) / std::abs(taken);
      long double power = 1;
      for (std::size_t k = 1; k <= level; ++k) {
        power *= 2;
        row[k] = row[k - 1] + (row[k - 1] - last[k - 1]) / (power - 1);
        const long double error =
            noise + std::max(std::abs(row[k] - row[k - 1]), std::abs(row[k] - last[k - 1]));
        const Slope slope{row[k], error};
        if (slope.rank() < best.rank()) best = slope;
      }
      last = row;
    }
  }
  return best;
}

// To 12 digits, or 12 places after the point.
inline bool is_close(double x, double y) {
  return std::abs(x - y) <= 1e-12 * std::max({1.0, std::abs(x), std::abs(y)});
}
inline bool is_close(const std::vector<double>& x, const std::vector<double>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](double a, double b) { return is_close(a, b); });
}

// Round-trip digits, for messages.
inline std::string text(double x) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.17g", x);
  return buffer.data();
}

struct Judgement {
  bool is_judged = false;  // whether the slopes are known well enough
  bool agrees = true;
  std::string reason = {};
};

// Whether `derivative` lies between the slopes of f on the left and on the right of x. Where f is
// smooth, these are the same. low <= x <= high is where f is defined.
template <class F>
Judgement judge(const F& f, double x, double low, double high, double derivative) {
  std::vector<Slope> slopes;
  long double steepest = 0;
  for (const int side : {-1, 1}) {
    const long double room = side < 0 ? x - static_cast<long double>(low) : high - x;
    if (room > 0) slopes.push_back(one_sided_slope(f, x, side, room));
  }
  for (const Slope& slope : slopes)
    if (slope.is_known()) steepest = std::max(steepest, std::abs(slope.value));

  const long double size = std::min(1.0L, std::abs(f(x)));
  long double least = std::numeric_limits<long double>::infinity(), most = -least, error = 0;
  Judgement result;
  for (const Slope& slope : slopes) {
    if (!(slope.error <= 1e-8L * steepest + 1e-15L * size / std::max(1.0, std::abs(x)))) continue;
    result.is_judged = true;
    least = std::min(least, slope.value);
    most = std::max(most, slope.value);
    error = std::max(error, slope.error);
  }
  if (!result.is_judged) return result;
  constexpr long double kUlp = std::numeric_limits<double>::epsilon();
  const auto slack = [&](long double slope) {
    return 8 * error + 1e-11L * std::abs(slope) + 4 * kUlp * size +
           std::numeric_limits<double>::min();
  };
  const bool overflows = std::isinf(derivative) && std::isinf(static_cast<double>(least)) &&
                         derivative == static_cast<double>(most);
  result.agrees =
      overflows || (derivative >= least - slack(least) && derivative <= most + slack(most));
  if (!result.agrees) {
    result.reason = "derivative " + text(derivative) + " is not between the slopes " +
                    text(static_cast<double>(least)) + " and " + text(static_cast<double>(most));
  }
  return result;
}

// How many units in the last place of `exact` the number x is away from it. Below the normal
// numbers, units of the smallest one's last place.
inline double ulps(double x, long double exact) {
  const auto rounded = static_cast<double>(exact);
  if (std::isnan(x) || std::isnan(rounded) || std::isinf(x) || std::isinf(rounded)) {
    const bool same = x == rounded || (std::isnan(x) && std::isnan(rounded));
    return same ? 0 : std::numeric_limits<double>::infinity();
  }
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  const double magnitude = std::max(std::abs(rounded), std::numeric_limits<double>::min());
  const double unit = std::max(kLeast, std::ldexp(1.0, std::ilogb(magnitude) - 52));
  return static_cast<double>(std::abs(x - exact) / unit);
}

// NaN equals NaN, infinities their like, -0.0 asks for the sign, other numbers may be rounded.
inline bool agrees(double x, double expected) {
  if (std::isnan(expected)) return std::isnan(x);
  if (expected == 0) return x == 0 && (!std::signbit(expected) || std::signbit(x));
  return x == expected || ulps(x, expected) <= 4;
}

inline std::string point(const std::vector<double>& at) {
  std::string result;
  for (const double x : at) result += (result.empty() ? "" : ", ") + text(x);
  return "(" + result + ")";
}

// Seeded, and the same on every system.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace numeric
