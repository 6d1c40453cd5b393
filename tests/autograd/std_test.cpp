// Ordinary code compiles with the library's numbers as it is: with qualified names after the header
// that adds them to std, and with names that are found through their operands.

#include <cmath>
#include <complex>
#include <concepts>
#include <limits>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/std.hpp>

namespace qualified {
#define CALL(f) std::f
#include "tests/support/ordinary_code.hpp"
#undef CALL
}  // namespace qualified

namespace unqualified {
using std::max, std::min;
#define CALL(f) f
#include "tests/support/ordinary_code.hpp"
#undef CALL
}  // namespace unqualified

namespace {

using autograd::Value;

// Central differences with the digits of long double.
template <class F> double slope(const F& f, long double x, long double y, bool by_x) {
  constexpr long double kStep = 1e-5L;
  const long double a = by_x ? kStep : 0, b = by_x ? 0 : kStep;
  return static_cast<double>((f(x + a, y + b) - f(x - a, y - b)) / (2 * kStep));
}

}  // namespace

TEST_CASE("std: a page of ordinary code is differentiated, written either way") {
  for (const double x : {0.7, 1.3, -0.4})
    for (const double y : {0.35, 1.9}) {
      const auto plain = [](auto a, auto b) { return qualified::everything(a, b); };
      const double by_x = slope(plain, x, y, true), by_y = slope(plain, x, y, false);
      const auto check = [&](const auto& f) {
        const auto [value, gradient] = autograd::value_and_gradient(f, {x, y});
        CHECK(value == doctest::Approx(plain(x, y)).epsilon(1e-14));
        CHECK(gradient[0] == doctest::Approx(by_x).epsilon(1e-8));
        CHECK(gradient[1] == doctest::Approx(by_y).epsilon(1e-8));
      };
      check([](auto in) { return qualified::everything(in[0], in[1]); });
      check([](auto in) { return unqualified::everything(in[0], in[1]); });
      using Values = std::span<const Value>;
      check([](Values in) { return qualified::everything(in[0], in[1]); });
      check([](Values in) { return unqualified::everything(in[0], in[1]); });
    }
}

TEST_CASE("std: the maximum of two numbers is the library's, with half a slope each at a tie") {
  const Value x = 1.0, y = 1.0;
  (std::max(x, y) + 3 * std::min(x, y) + std::max({x, y})).backward();
  CHECK(x.grad() == 2.5);
  CHECK(y.grad() == 2.5);
}

TEST_CASE("std: calls with plain numbers are those of the standard library") {
  static_assert(std::same_as<decltype(std::exp(1.0f)), float>);
  static_assert(std::same_as<decltype(std::exp(1.0L)), long double>);
  static_assert(std::same_as<decltype(std::exp(1)), double>);
  static_assert(std::same_as<decltype(std::abs(1)), int>);
  static_assert(std::same_as<decltype(std::abs(1L)), long>);
  static_assert(std::same_as<decltype(std::pow(1.0f, 2.0f)), float>);
  static_assert(std::same_as<decltype(std::pow(1.0, 2)), double>);
  static_assert(std::same_as<decltype(std::pow(2, 2)), double>);
  static_assert(std::same_as<decltype(std::fmod(5, 2.0f)), double>);
  static_assert(std::same_as<decltype(std::fma(1.0f, 1.0f, 1.0f)), float>);
  static_assert(std::same_as<decltype(std::hypot(1.0f, 1.0f)), float>);
  static_assert(std::same_as<decltype(std::hypot(1.0, 1.0, 1)), double>);
  static_assert(std::same_as<decltype(std::lerp(1.0f, 1.0f, 1.0f)), float>);
  static_assert(std::same_as<decltype(std::ldexp(1.0f, 2)), float>);
  static_assert(std::same_as<decltype(std::max(1, 2)), const int&>);
  static_assert(std::same_as<decltype(std::max(1.0f, 2.0f)), const float&>);
  static_assert(std::same_as<decltype(std::isnan(1.0f)), bool>);
  static_assert(std::same_as<decltype(std::isnan(1)), bool>);
  static_assert(std::same_as<decltype(std::lround(1.0f)), long>);
  static_assert(std::same_as<decltype(std::trunc(1)), double>);
  static_assert(std::same_as<decltype(std::abs(std::complex<float>(1))), float>);
  static_assert(std::same_as<decltype(std::exp(std::complex<double>(1))), std::complex<double>>);
  static_assert(std::same_as<decltype(std::fma(1, 2.0f, 3)), double>);
  CHECK(std::fma(0.1, 10.0, -1.0) != 0.1 * 10.0 - 1.0);  // rounded once
}
