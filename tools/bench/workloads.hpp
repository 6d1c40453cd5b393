// The six benchmark functions, each written once for every number type.
//
// A workload is a callable that takes `std::span<const T>` and returns T, where T is `double`,
// `autograd::Value` or another library's number. Constants are doubles. `start()` gives the point
// at which it is measured, the same on every machine and in every run.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace bench {

// `count` numbers between low and high. The standard fixes what mt19937_64 returns, but not what
// its distributions make of it, so the scaling is done here.
inline std::vector<double> uniform(std::size_t count, double low, double high, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<double> result(count);
  for (double& x : result) {
    x = low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53);
  }
  return result;
}

// W1: 1 / (w0 x0 + w1). Inputs w0, x0, w1.
struct Reciprocal {
  static constexpr std::string_view name = "W1";
  static constexpr std::string_view title = "1 / (w0 x0 + w1)";

  std::vector<double> start() const { return {0.7, 1.3, 0.4}; }

  template <class T> T operator()(std::span<const T> in) const {
    return 1.0 / (in[0] * in[1] + in[2]);
  }
};

// W2: mean squared error of a 2-4-1 network on the four rows of XOR; tanh, then sigmoid.
// Parameters: four hidden neurons (two weights, bias), then the output (four weights, bias).
struct Xor {
  static constexpr std::string_view name = "W2";
  static constexpr std::string_view title = "XOR, 2-4-1";
  static constexpr std::size_t hidden = 4;
  static constexpr std::array<std::array<double, 3>, 4> rows = {
      {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}}};  // x0, x1, target

  std::vector<double> start() const { return uniform(3 * hidden + hidden + 1, -1, 1, 2); }

  template <class T> T operator()(std::span<const T> p) const {
    using std::exp;
    using std::tanh;
    T loss = 0.0;
    for (const auto& [x0, x1, target] : rows) {
      T score = p[4 * hidden];
      for (std::size_t j = 0; j < hidden; ++j) {
        score += p[3 * hidden + j] * tanh(p[3 * j] * x0 + p[3 * j + 1] * x1 + p[3 * j + 2]);
      }
      const T error = 1.0 / (1.0 + exp(-score)) - target;
      loss += error * error;
    }
    return loss / 4.0;
  }
};

// W3: mean softmax cross-entropy of a 64-64-32-10 tanh network over 32 rows.
// Parameters: layer after layer, a neuron's weights and then its bias.
struct Mlp {
  static constexpr std::string_view name = "W3";
  static constexpr std::string_view title = "MLP 64-64-32-10, 32 rows";
  static constexpr std::size_t row_count = 32;
  static constexpr std::size_t inputs = 64, hidden1 = 64, hidden2 = 32, classes = 10;
  static constexpr std::size_t layer2 = hidden1 * (inputs + 1);  // where its parameters begin
  static constexpr std::size_t layer3 = layer2 + hidden2 * (hidden1 + 1);
  static constexpr std::size_t parameter_count = layer3 + classes * (hidden2 + 1);

  std::vector<double> rows = uniform(row_count * inputs, -1, 1, 31);

  std::vector<double> start() const { return uniform(parameter_count, -0.2, 0.2, 3); }
  std::span<const double> row(std::size_t i) const {
    return std::span(rows).subspan(i * inputs, inputs);
  }
  static std::size_t label(std::size_t row) { return 7 * row % classes; }

  // One fully connected layer. T is the type of the parameters, X that of the inputs.
  template <class T, class X>
  static std::vector<T> dense(std::span<const T> p, std::span<const X> x, std::size_t outputs) {
    std::vector<T> result;
    result.reserve(outputs);
    for (std::size_t j = 0; j < outputs; ++j) {
      const auto w = p.subspan(j * (x.size() + 1), x.size() + 1);
      T s = w[x.size()];
      for (std::size_t i = 0; i < x.size(); ++i) s += w[i] * x[i];
      result.push_back(s);
    }
    return result;
  }

  // The network's output for one row, before softmax.
  template <class T, class X>
  static std::vector<T> scores(std::span<const T> p, std::span<const X> x) {
    using std::tanh;
    std::vector<T> a = dense<T, X>(p, x, hidden1);
    for (T& v : a) v = tanh(v);
    std::vector<T> b = dense<T, T>(p.subspan(layer2), a, hidden2);
    for (T& v : b) v = tanh(v);
    return dense<T, T>(p.subspan(layer3), b, classes);
  }

  template <class T> T operator()(std::span<const T> p) const {
    using std::exp;
    using std::log;
    T loss = 0.0;
    for (std::size_t r = 0; r < row_count; ++r) {
      const std::vector<T> z = scores<T, double>(p, row(r));
      T total = 0.0;  // the scores are small: no need to subtract their maximum
      for (const T& score : z) total += exp(score);
      loss += log(total) - z[label(r)];
    }
    return loss / static_cast<double>(row_count);
  }
};

// W4: two million steps of s <- s + h sin(s) p0 - p1 s^2. Inputs p0, p1, s at the start.
struct Recurrence {
  static constexpr std::string_view name = "W4";
  static constexpr std::string_view title = "2,000,000 steps of a recurrence";
  static constexpr std::size_t steps = 2'000'000;
  static constexpr double h = 1e-6;
  std::size_t count = steps;

  std::vector<double> start() const { return {0.7, 1e-7, 1.0}; }

  template <class T> T operator()(std::span<const T> in) const { return advance<T>(in, count); }

  template <class T> static T advance(std::span<const T> in, std::size_t times) {
    using std::sin;
    T s = in[2];
    for (std::size_t i = 0; i < times; ++i) s = s + h * sin(s) * in[0] - in[1] * s * s;
    return s;
  }
};

// W5: Rosenbrock's function in 100,000 dimensions.
struct Rosenbrock {
  static constexpr std::string_view name = "W5";
  static constexpr std::string_view title = "Rosenbrock, 100,000 dimensions";
  static constexpr std::size_t dimensions = 100'000;

  std::vector<double> start() const { return uniform(dimensions, -1.5, 1.5, 5); }

  template <class T> T operator()(std::span<const T> x) const {
    T sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const T a = x[i + 1] - x[i] * x[i];
      const T b = 1.0 - x[i];
      sum += 100.0 * a * a + b * b;
    }
    return sum;
  }
};

// W6: the sum of 10,000 Black-Scholes calls.
// Inputs: spot, interest rate, dividend rate, volatility, maturity, then one strike per option.
struct BlackScholes {
  static constexpr std::string_view name = "W6";
  static constexpr std::string_view title = "10,000 Black-Scholes calls";
  static constexpr std::size_t common = 5;
  static constexpr std::size_t options = 10'000;

  std::vector<double> start() const {
    std::vector<double> result = {100, 0.03, 0.01, 0.25, 1.5};
    const std::vector<double> strikes = uniform(options, 60, 160, 6);
    result.insert(result.end(), strikes.begin(), strikes.end());
    return result;
  }

  template <class T> static T normal_cdf(const T& x) {
    using std::erfc;
    return 0.5 * erfc(x * (-1.0 / std::numbers::sqrt2));
  }

  template <class T> static T call(const T& spot, const T& rate, const T& dividend,
                                   const T& volatility, const T& maturity, const T& strike) {
    using std::exp;
    using std::log;
    using std::sqrt;
    const T deviation = volatility * sqrt(maturity);
    const T drift = (rate - dividend + 0.5 * volatility * volatility) * maturity;
    const T d1 = (log(spot / strike) + drift) / deviation;
    const T d2 = d1 - deviation;
    return spot * exp(-dividend * maturity) * normal_cdf<T>(d1) -
           strike * exp(-rate * maturity) * normal_cdf<T>(d2);
  }

  template <class T> T operator()(std::span<const T> in) const {
    T sum = 0.0;
    for (std::size_t i = common; i < in.size(); ++i) {
      sum += call<T>(in[0], in[1], in[2], in[3], in[4], in[i]);
    }
    return sum;
  }
};

// Calls visit(workload) for each of the six.
template <class Visitor> void for_each_workload(Visitor visit) {
  visit(Reciprocal{});
  visit(Xor{});
  visit(Mlp{});
  visit(Recurrence{});
  visit(Rosenbrock{});
  visit(BlackScholes{});
}

// As for_each_workload, for those with three inputs: what forward mode is good at.
template <class Visitor> void for_each_small_workload(Visitor visit) {
  visit(Reciprocal{});
  visit(Recurrence{});
}

}  // namespace bench
