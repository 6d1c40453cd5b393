// Chains that several tests run: a rotation, and random expressions as steps.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/one_row.hpp>
#include <tests/support/random_expressions.hpp>

namespace chains {

using one_row::Callable;
using one_row::Numbers;
using one_row::Values;

// Fifty steps that carry three numbers. What a step leaves is what it took, elsewhere.
inline autograd::Value rotation(Values p, Values x) {
  std::array<autograd::Value, 3> a{x[0], x[1], x[2]};
  for (int i = 0; i < 50; ++i) {
    const std::array<autograd::Value, 3> b = a;
    a[0] = b[1] * p[0] + b[2];
    a[1] = b[2] * p[0] - b[0];
    a[2] = b[0] * p[1] + 0.1 * b[1];
  }
  return a[0] * a[1] + a[2];
}

struct Chain {
  Callable f;
  Numbers p, x;
};

// Nothing where the expression has kinks, or a comparison in it is decided by rounding.
inline std::optional<Chain> random_chain(std::uint64_t seed) {
  using autograd::Value;
  const auto expression = random_expressions::random_expression(seed);
  numeric::Random random(seed);
  const std::size_t width = expression.at.size(), steps = 18 + seed % 25;
  if (rounding_decides(expression, expression.at) || !expression.is_smooth) return {};
  // Where each operand of a step is found: carried, a parameter, an input of its own, a number.
  std::vector<int> place;
  for (std::size_t k = 0; k < width; ++k)
    place.push_back(k == 0 ? 0 : static_cast<int>(random.between(0, 4)));
  Numbers x;
  for (std::size_t i = 0; i < steps * width; ++i)
    x.push_back(expression.at[i % width] + random.between(-0.01, 0.01));
  const std::size_t odd = seed % 7 == 0 ? static_cast<std::size_t>(random.between(0, 18)) : steps;
  const Callable f = [=](Values ps, Values xs) {
    std::vector<Value> s(width);
    for (std::size_t k = 0; k < width; ++k) s[k] = ps[k] * 1.0;
    Value sum = 0.0;
    for (std::size_t t = 0; t < steps; ++t) {
      std::vector<Value> in;
      for (std::size_t k = 0; k < width; ++k) {
        in.push_back(place[k] == 0   ? s[k]
                     : place[k] == 1 ? ps[k]
                     : place[k] == 2 ? xs[t * width + k]
                                     : ps[k] * (t % 2 == 0 ? 1.0 : 1.001));
      }
      const Value y = tanh(expression(Values(in)) * 0.001);
      for (std::size_t k = 0; k < width; ++k)
        if (place[k] == 0) s[k] = ps[k] + 0.01 * y * (t == odd ? y : in[k]);
      if (seed % 3 == 0) sum += y;
    }
    return sum + s[0];
  };
  return Chain{f, Numbers(expression.at.begin(), expression.at.end()), x};
}

}  // namespace chains
