// How exact the functions are that are easily computed badly: near 0, in both tails, and where
// formulas that are equal on paper cancel. The references have 64 bits and are written otherwise
// than the rules.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace {

namespace ops = autograd::ops;
using numeric::text;
using Exact = long double;
constexpr Exact kPi = std::numbers::pi_v<Exact>;

// e^(-x^2 / divisor), x^2 in two parts.
Exact bell(Exact x, Exact divisor) {
  const Exact square = x * x;
  return std::exp(-square / divisor) * (1 - std::fma(x, x, -square) / divisor);
}
Exact logistic(Exact x) { return 1 / (1 + std::exp(-x)); }
Exact normal_cdf(Exact x) { return std::erfc(-x / std::sqrt(2.0L)) / 2; }
Exact normal_pdf(Exact x) { return bell(x, 2) / std::sqrt(2 * kPi); }
Exact magnitude(Exact, Exact derivative) { return std::abs(derivative); }

// Errors are in units of 2^-52 of the exact result: at most constant + square x^2.
struct Bound {
  double constant, square = 0;
  double at(double x) const { return constant + square * x * x; }
};

struct Accuracy {
  std::string_view name;
  double low, high;
  double (*value)(double);
  double (*derivative)(double);
  Exact (*exact_value)(Exact);
  Exact (*exact_derivative)(Exact);
  Bound value_bound, derivative_bound;
  // What the error of the derivative is measured by: itself, or, where it passes through 0 as a sum
  // of two terms or is taken from a result near 1, the size of these.
  Exact (*derivative_size)(Exact x, Exact derivative) = magnitude;
};

template <class Op> double value(double x) { return Op::value(x); }
template <class Op> double derivative(double x) { return Op::dx(x, Op::value(x)); }

const std::vector<Accuracy> kFunctions = {
    {"exp", -708, 709, value<ops::Exp>, derivative<ops::Exp>, std::exp, std::exp, {1}, {1}},
    {"expm1", -740, 709, value<ops::Expm1>, derivative<ops::Expm1>, std::expm1, std::exp, {2}, {1}},
    {"log1p",
     -1 + 1e-15,
     1e300,
     value<ops::Log1p>,
     derivative<ops::Log1p>,
     std::log1p,
     [](Exact x) { return 1 / (1 + x); },
     {2},
     {2}},
    {"erf",
     -26.5,
     26.5,
     value<ops::Erf>,
     derivative<ops::Erf>,
     std::erf,
     [](Exact x) { return 2 / std::sqrt(kPi) * bell(x, 1); },
     {2},
     {3, 1}},
    {"erfc",
     -26.5,
     26.5,
     value<ops::Erfc>,
     derivative<ops::Erfc>,
     std::erfc,
     [](Exact x) { return -2 / std::sqrt(kPi) * bell(x, 1); },
     {4},
     {3, 1}},
    {"gelu",
     -37,
     1e300,
     value<ops::Gelu>,
     derivative<ops::Gelu>,
     [](Exact x) { return x * normal_cdf(x); },
     [](Exact x) { return normal_cdf(x) + x * normal_pdf(x); },
     {4, 1.5},
     {4, 1.5},
     [](Exact x, Exact) { return normal_cdf(x) + std::abs(x) * normal_pdf(x); }},
    {"silu",
     -700,
     1e300,
     value<ops::Silu>,
     derivative<ops::Silu>,
     [](Exact x) { return x * logistic(x); },
     [](Exact x) { return logistic(x) * (1 + x * logistic(-x)); },
     {4},
     {6},
     [](Exact x, Exact) { return logistic(x) * (1 + std::abs(x) * logistic(-x)); }},
    {"sigmoid",
     -700,
     1e300,
     value<ops::Sigmoid>,
     derivative<ops::Sigmoid>,
     logistic,
     [](Exact x) { return logistic(x) * logistic(-x); },
     {3},
     {5}},
    {"softplus",
     -700,
     1e300,
     value<ops::Softplus>,
     derivative<ops::Softplus>,
     [](Exact x) { return x < 0 ? std::log1p(std::exp(x)) : x + std::log1p(std::exp(-x)); },
     logistic,
     {3},
     {3}},
    {"elu",
     -740,
     1e300,
     [](double x) { return ops::Elu::value(x, 1.0); },
     [](double x) { return ops::Elu::dx(x, 1.0, 0.0); },
     [](Exact x) { return x > 0 ? x : std::expm1(x); },
     [](Exact x) { return x > 0 ? 1 : std::exp(x); },
     {2},
     {1}},
    // 1 - r^2 has the error of r, which is near 1.
    {"tanh",
     -1e300,
     1e300,
     value<ops::Tanh>,
     derivative<ops::Tanh>,
     std::tanh,
     [](Exact x) { return 1 / (std::cosh(x) * std::cosh(x)); },
     {3},
     {2},
     [](Exact, Exact) { return Exact(1); }},
    {"asin",
     -1,
     1,
     value<ops::Asin>,
     derivative<ops::Asin>,
     std::asin,
     [](Exact x) { return 1 / std::sqrt((1 - x) * (1 + x)); },
     {2},
     {3}},
    {"atan",
     -1e150,
     1e150,
     value<ops::Atan>,
     derivative<ops::Atan>,
     std::atan,
     [](Exact x) { return 1 / (1 + x * x); },
     {2},
     {3}},
    {"asinh",
     -1e300,
     1e300,
     value<ops::Asinh>,
     derivative<ops::Asinh>,
     std::asinh,
     [](Exact x) { return 1 / std::sqrt(1 + x * x); },
     {3},
     {3}},
    {"acosh",
     1,
     1e300,
     value<ops::Acosh>,
     derivative<ops::Acosh>,
     std::acosh,
     [](Exact x) { return 1 / std::sqrt((x - 1) * (x + 1)); },
     {3},
     {4}},
    {"atanh",
     -1,
     1,
     value<ops::Atanh>,
     derivative<ops::Atanh>,
     std::atanh,
     [](Exact x) { return 1 / ((1 - x) * (1 + x)); },
     {3},
     {3}},
};

constexpr double kUnit = std::numeric_limits<double>::epsilon();

// The error of x in units of 2^-52 of `size`. Results below the normal numbers have an absolute
// error only.
double error(double x, Exact exact, Exact size) {
  if (std::isinf(x) && x == static_cast<double>(exact)) return 0;
  const Exact least = std::numeric_limits<double>::min();
  return static_cast<double>(std::abs(x - exact) / (kUnit * std::max(size, least)));
}

std::vector<double> points(double low, double high) {
  numeric::Random random(7);
  std::vector<double> result = {0.0, low, high};
  for (int i = 0; i < 1500; ++i) {
    const double sign = random.between(0, 1) < 0.5 ? -1 : 1;
    result.push_back(sign * std::exp(random.between(-690, 690)));
    result.push_back(sign * std::exp(random.between(-6, 6.6)));
    result.push_back(random.between(-4, 4));
    if (std::isfinite(low)) result.push_back(low + std::exp(random.between(-36, 4)));
  }
  std::erase_if(result, [&](double x) { return x < low || x > high; });
  return result;
}

}  // namespace

TEST_CASE("accuracy: functions keep their digits near 0 and in both tails") {
  for (const Accuracy& f : kFunctions) {
    for (const double x : points(f.low, f.high)) {
      const Exact exact = f.exact_value(x), slope = f.exact_derivative(x);
      const double of_value = error(f.value(x), exact, std::abs(exact));
      const double of_slope = error(f.derivative(x), slope, f.derivative_size(x, slope));
      if (!(of_value <= f.value_bound.at(x)))
        FAIL_CHECK(f.name, "(", text(x), ") is off by ", of_value, " units");
      if (!(of_slope <= f.derivative_bound.at(x)))
        FAIL_CHECK("derivative of ", f.name, " at ", text(x), " is off by ", of_slope, " units");
    }
  }
}

TEST_CASE("accuracy: logsumexp keeps its digits, and its derivative is softmax") {
  numeric::Random random(11);
  for (int i = 0; i < 2000; ++i) {
    const double size = std::exp(random.between(-5, 25));
    std::vector<double> x(static_cast<std::size_t>(1 + i % 5));
    for (double& each : x) each = random.between(-1, 1) * size;
    if (i % 3 == 0) x.back() = 0;
    if (i % 7 == 0) x.front() = x.back();
    const auto first = std::max_element(x.begin(), x.end());
    const double largest = *first;

    Exact rest = 0;  // what the others weigh beside the largest
    for (auto each = x.begin(); each != x.end(); ++each)
      if (each != first) rest += std::exp(static_cast<Exact>(*each) - largest);
    const Exact exact = largest + std::log1p(rest);
    // Where the two summands cancel, their own size counts.
    const Exact value_size = std::max(std::abs(exact), std::min<Exact>(std::abs(largest), 1));

    const double r = autograd::logsumexp(x);
    std::string at = text(x[0]);
    for (std::size_t k = 1; k < x.size(); ++k) at += ", " + text(x[k]);
    if (!(error(r, exact, value_size) <= 4))
      FAIL_CHECK("logsumexp(", at, ") is ", text(r), ", expected ",
                 text(static_cast<double>(exact)));

    std::vector<double> slopes(x.size());
    ops::LogSumExp::partials<double>(x, 0, r, slopes);
    for (std::size_t k = 0; k < x.size(); ++k) {
      const Exact expected = std::exp(static_cast<Exact>(x[k]) - largest) / (1 + rest);
      const double bound = 6 + (largest - x[k]);  // the rounding of the exponent
      const double softmax = autograd::softmax(x)[k];
      for (const double slope : {slopes[k], softmax})
        if (!(error(slope, expected, expected) <= bound))
          FAIL_CHECK("softmax(", at, ")[", k, "] is ", text(slope), ", expected ",
                     text(static_cast<double>(expected)));
    }
  }
}

TEST_CASE("accuracy: softmax of two numbers has sigmoid's derivative, small ones too") {
  for (const double x : {-700.0, -40.0, -3.0, 0.0, 1e-9, 2.0, 40.0, 700.0}) {
    const std::vector<double> in = {x, 0.0};
    std::vector<double> slopes(2);
    ops::Softmax::partials<double>(in, 0, ops::Softmax::value<double>(in, 0), slopes);
    const Exact expected = logistic(x) * logistic(-x);
    const double bound = 8 + std::fabs(x);
    CHECK_MESSAGE(error(slopes[0], expected, expected) <= bound, text(x), ": ", text(slopes[0]));
    CHECK_MESSAGE(error(-slopes[1], expected, expected) <= bound, text(x), ": ", text(slopes[1]));
  }
}
