// The rows of autograd/special-values.md on the functions of <cmath> that look at numbers as they
// are stored.
#pragma once

#include <span>
#include <vector>

#include <tests/support/special_value.hpp>

namespace autograd::special_values {

inline std::vector<Case> floating_point() {
  const auto cut = [](auto x) { return trunc(x[0]); };
  const auto nearest = [](auto x) { return rint(x[0]); };
  const auto smaller = [](auto x) { return fmin(x[0], x[1]); };
  const auto larger = [](auto x) { return fmax(x[0], x[1]); };
  const auto positive = [](auto x) { return fdim(x[0], x[1]); };
  const auto modulo = [](auto x) { return fmod(x[0], x[1]); };
  const auto rest = [](auto x) { return remainder(x[0], x[1]); };
  const auto with_sign = [](auto x) { return copysign(x[0], x[1]); };
  const auto neighbour = [](auto x) { return nextafter(x[0], x[1]); };
  const auto exponent = [](auto x) { return logb(x[0]); };
  const auto length = [](auto x) { return hypot(x[0], x[1], x[2]); };
  const auto fraction = []<class T>(std::span<const T> x) {
    T whole = 0.0;
    return modf(x[0], &whole);
  };
  return {
      {"trunc(x)", cut, {-1.5}, -1, {0}, {0}},
      {"trunc(x)", cut, {2}, 2, {0}, {0}},
      {"trunc(x)", cut, {0}, 0, {0}, {0}},
      {"trunc(x)", cut, {kNaN}, kNaN, {kNaN}},
      {"rint(x)", nearest, {2.5}, 2, {0}, {0}},
      {"rint(x)", nearest, {3.5}, 4, {0}, {0}},
      {"rint(x)", nearest, {kNaN}, kNaN, {kNaN}},
      {"fmin(x, y)", smaller, {1, kNaN}, 1, {1, 0}},
      {"fmin(x, y)", smaller, {kNaN, 1}, 1, {0, 1}},
      {"fmin(x, y)", smaller, {kNaN, kNaN}, kNaN, {kNaN, kNaN}},
      {"fmin(x, y)", smaller, {3, 3}, 3, {0.5, 0.5}, {0, 0, 0, 0}},
      {"fmax(x, y)", larger, {1, kNaN}, 1, {1, 0}},
      {"fmax(x, y)", larger, {1, 2}, 2, {0, 1}, {0, 0, 0, 0}},
      {"fmax(x, y)", larger, {3, 3}, 3, {0.5, 0.5}, {0, 0, 0, 0}},
      {"fmin(x, 0)", [](auto x) { return fmin(x[0], 0.0); }, {0}, 0, {0}, {0}},
      {"fmax(x, 0)", [](auto x) { return fmax(x[0], 0.0); }, {0}, 0, {0}, {0}},
      {"fmax(0, x)", [](auto x) { return fmax(0.0, x[0]); }, {0}, 0, {0}, {0}},
      {"fdim(x, y)", positive, {3, 1}, 2, {1, -1}, {0, 0, 0, 0}},
      {"fdim(x, y)", positive, {3, 3}, 0, {0, 0}, {0, 0, 0, 0}},
      {"fdim(x, y)", positive, {kInf, kInf}, 0, {0, 0}},
      {"fdim(x, y)", positive, {kNaN, 1}, kNaN, {1, -1}},
      {"fmod(x, y)", modulo, {5.5, 2}, 1.5, {1, -2}, {0, 0, 0, 0}},
      {"fmod(x, y)", modulo, {4, 2}, 0, {1, -2}, {0, 0, 0, 0}},
      {"fmod(x, y)", modulo, {1, kInf}, 1, {1, 0}},
      {"fmod(x, y)", modulo, {1, 0}, kNaN, {kNaN, kNaN}},
      {"fmod(x, y)", modulo, {kInf, 2}, kNaN, {kNaN, kNaN}},
      {"remainder(x, y)", rest, {5.5, 2}, -0.5, {1, -3}, {0, 0, 0, 0}},
      {"remainder(x, y)", rest, {3, 2}, -1, {1, -2}, {0, 0, 0, 0}},
      {"remainder(x, y)", rest, {1, 0}, kNaN, {kNaN, kNaN}},
      {"copysign(x, y)", with_sign, {3, -1}, -3, {-1, 0}, {0, 0, 0, 0}},
      {"copysign(x, y)", with_sign, {-3, -0.0}, -3, {1, 0}},
      {"copysign(x, y)", with_sign, {3, 0}, 3, {1, 0}},
      {"copysign(x, y)", with_sign, {3, -0.0}, -3, {-1, 0}},
      {"copysign(x, y)", with_sign, {0, -1}, -0.0, {0, 0}},
      {"copysign(x, y)", with_sign, {3, kNaN}, kNaN, {kNaN, kNaN}},
      {"nextafter(x, y)", neighbour, {0, 1}, 5e-324, {1, 0}},
      {"nextafter(x, y)", neighbour, {1, kNaN}, kNaN, {kNaN, kNaN}},
      {"logb(x)", exponent, {8}, 3, {0}, {0}},
      {"logb(x)", exponent, {0}, -kInf, {0}},
      {"logb(x)", exponent, {-kInf}, kInf, {0}},
      {"modf(x)", fraction, {3}, 0, {1}, {0}},
      {"modf(x)", fraction, {-2.25}, -0.25, {1}, {0}},
      {"modf(x)", fraction, {kInf}, 0, {0}},
      {"hypot(x, y, z)", length, {0, 0, 0}, 0, {0, 0, 0}},
      {"hypot(x, y, z)", length, {0, 0, 4}, 4, {0, 0, 1}, {0.25, 0, 0, 0, 0.25, 0, 0, 0, 0}},
      {"smooth_abs(x, 0.1)", [](auto x) { return smooth_abs(x[0], 0.1); }, {0}, 0, {0}, {10}},
  };
}

}  // namespace autograd::special_values
