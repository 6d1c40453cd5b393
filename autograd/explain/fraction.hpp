// Rational numbers of 64 bits: exact, or not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace autograd::detail {

// In lowest terms, the denominator positive.
struct Fraction {
  std::int64_t numerator = 0, denominator = 1;

  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
  bool operator==(const Fraction&) const = default;
};

// Nothing where the result has no place in 64 bits, or an operand is not there.
using Exact = std::optional<Fraction>;

Exact fraction(std::int64_t numerator, std::int64_t denominator);
// What the shortest decimal of x says: 0.1 is 1/10.
Exact exact(double x);
Exact operator+(const Exact& x, const Exact& y);
Exact operator*(const Exact& x, const Exact& y);
Exact operator-(const Exact& x);
// Nothing for y = 0.
Exact operator/(const Exact& x, const Exact& y);
// For whole exponents.
Exact power(const Exact& x, const Exact& exponent);

}  // namespace autograd::detail
