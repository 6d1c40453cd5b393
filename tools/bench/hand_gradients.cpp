#include "hand_gradients.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bench {

double hand_gradient(const Reciprocal&, std::span<const double> in, std::span<double> gradient) {
  const double y = 1.0 / (in[0] * in[1] + in[2]);
  gradient[0] = -y * y * in[1];
  gradient[1] = -y * y * in[0];
  gradient[2] = -y * y;
  return y;
}

double hand_gradient(const Xor&, std::span<const double> p, std::span<double> gradient) {
  constexpr std::size_t n = Xor::hidden;
  std::array<double, 4 * n + 1> g{};
  double loss = 0;
  for (const auto& [x0, x1, target] : Xor::rows) {
    std::array<double, n> a;
    double score = p[4 * n];
    for (std::size_t j = 0; j < n; ++j) {
      a[j] = std::tanh(p[3 * j] * x0 + p[3 * j + 1] * x1 + p[3 * j + 2]);
      score += p[3 * n + j] * a[j];
    }
    const double output = 1 / (1 + std::exp(-score));
    const double error = output - target;
    loss += error * error / 4;

    const double d_score = error / 2 * output * (1 - output);
    g[4 * n] += d_score;
    for (std::size_t j = 0; j < n; ++j) {
      const double d_sum = d_score * p[3 * n + j] * (1 - a[j] * a[j]);
      g[3 * n + j] += d_score * a[j];
      g[3 * j] += d_sum * x0;
      g[3 * j + 1] += d_sum * x1;
      g[3 * j + 2] += d_sum;
    }
  }
  std::copy(g.begin(), g.end(), gradient.begin());
  return loss;
}

// One pass with the three tangents of s beside it, which needs no memory for the steps.
double hand_gradient(const Recurrence& f, std::span<const double> in, std::span<double> gradient) {
  const double p0 = in[0], p1 = in[1];
  double s = in[2], d0 = 0, d1 = 0, d2 = 1;
  for (std::size_t i = 0; i < f.count; ++i) {
    const double sine = std::sin(s);
    const double slope = 1 + Recurrence::h * std::cos(s) * p0 - 2 * p1 * s;
    d0 = slope * d0 + Recurrence::h * sine;
    d1 = slope * d1 - s * s;
    d2 = slope * d2;
    s = s + Recurrence::h * sine * p0 - p1 * s * s;
  }
  gradient[0] = d0;
  gradient[1] = d1;
  gradient[2] = d2;
  return s;
}

double hand_gradient(const Rosenbrock&, std::span<const double> x, std::span<double> gradient) {
  double sum = 0;
  double carried = 0;  // what the previous term adds to the gradient of x[i]
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i];
    const double b = 1 - x[i];
    sum += 100 * a * a + b * b;
    gradient[i] = carried - 400 * a * x[i] - 2 * b;
    carried = 200 * a;
  }
  gradient[x.size() - 1] = carried;
  return sum;
}

double hand_gradient(const BlackScholes&, std::span<const double> in, std::span<double> gradient) {
  const double spot = in[0], rate = in[1], dividend = in[2], volatility = in[3], maturity = in[4];
  const double root = std::sqrt(maturity);
  const double deviation = volatility * root;
  const double drift = (rate - dividend + volatility * volatility / 2) * maturity;
  const double spot_discount = std::exp(-dividend * maturity);
  const double strike_discount = std::exp(-rate * maturity);

  double sum = 0, delta = 0, cash = 0, vega = 0;
  for (std::size_t i = BlackScholes::common; i < in.size(); ++i) {
    const double strike = in[i];
    const double d1 = (std::log(spot / strike) + drift) / deviation;
    const double n1 = BlackScholes::normal_cdf(d1);
    const double n2 = BlackScholes::normal_cdf(d1 - deviation);
    const double density = std::exp(-d1 * d1 / 2);
    delta += spot_discount * n1;
    cash += strike * strike_discount * n2;
    vega += density;
    gradient[i] = -strike_discount * n2;
  }
  sum = spot * delta - cash;
  vega *= spot * spot_discount * root / std::sqrt(2 * std::numbers::pi);
  gradient[0] = delta;
  gradient[1] = maturity * cash;
  gradient[2] = -maturity * spot * delta;
  gradient[3] = vega;
  gradient[4] = vega * volatility / (2 * maturity) + rate * cash - dividend * spot * delta;
  return sum;
}

}  // namespace bench
