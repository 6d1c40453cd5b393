#include "autograd/explain/fraction.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

bool times(std::int64_t x, std::int64_t y, std::int64_t& result) {
  return !__builtin_mul_overflow(x, y, &result) && result >= -kMost;
}

}  // namespace

Exact fraction(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0 || numerator < -kMost || denominator < -kMost) return {};
  const std::int64_t divisor = std::gcd(numerator, denominator);
  const std::int64_t sign = denominator < 0 ? -1 : 1;
  return Fraction{sign * (numerator / divisor), sign * (denominator / divisor)};
}

Exact exact(double x) {
  if (!std::isfinite(x)) return {};
  const std::string text = text::shortest(x);
  std::int64_t digits = 0;
  int exponent = 0;
  bool is_behind_point = false;
  for (std::size_t i = text[0] == '-' ? 1 : 0; i < text.size(); ++i) {
    if (text[i] == 'e') {
      exponent += std::atoi(text.c_str() + i + 1);
      break;
    }
    if (text[i] == '.') {
      is_behind_point = true;
      continue;
    }
    if (!times(digits, 10, digits) || digits > kMost - 9) return {};
    digits += text[i] - '0';
    if (is_behind_point) --exponent;
  }
  std::int64_t scale = 1;
  for (int i = std::abs(exponent); i > 0; --i) {
    if (!times(scale, 10, scale)) return {};
  }
  const std::int64_t sign = text[0] == '-' ? -1 : 1;
  return fraction(sign * digits, 1) * (exponent < 0 ? fraction(1, scale) : fraction(scale, 1));
}

Exact operator*(const Exact& x, const Exact& y) {
  if (!x || !y) return {};
  const std::int64_t a = std::gcd(x->numerator, y->denominator);
  const std::int64_t b = std::gcd(y->numerator, x->denominator);
  std::int64_t numerator = 0, denominator = 0;
  if (!times(x->numerator / a, y->numerator / b, numerator)) return {};
  if (!times(x->denominator / b, y->denominator / a, denominator)) return {};
  return fraction(numerator, denominator);
}

Exact operator/(const Exact& x, const Exact& y) {
  return y && y->numerator != 0 ? x * fraction(y->denominator, y->numerator) : Exact();
}

Exact operator-(const Exact& x) { return x ? fraction(-x->numerator, x->denominator) : x; }

Exact operator+(const Exact& x, const Exact& y) {
  if (!x || !y) return {};
  const std::int64_t common = std::gcd(x->denominator, y->denominator);
  std::int64_t a = 0, b = 0, numerator = 0, denominator = 0;
  if (!times(x->numerator, y->denominator / common, a)) return {};
  if (!times(y->numerator, x->denominator / common, b)) return {};
  if (__builtin_add_overflow(a, b, &numerator)) return {};
  if (!times(x->denominator, y->denominator / common, denominator)) return {};
  return fraction(numerator, denominator);
}

Exact power(const Exact& x, const Exact& exponent) {
  if (!x || !exponent || exponent->denominator != 1 || std::abs(exponent->numerator) > 64)
    return {};
  Exact result = fraction(1, 1);
  for (std::int64_t i = std::abs(exponent->numerator); i > 0; --i) result = result * x;
  return exponent->numerator < 0 ? fraction(1, 1) / result : result;
}

}  // namespace autograd::detail
