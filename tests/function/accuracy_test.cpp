// Every elementary operation over its whole domain, replayed with every set of instructions: how
// far the result and the derivative are from those of the graph.

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/instructions.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/operations.hpp>

namespace {

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
using numeric::text;
using operations::Operation;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::denorm_min();
constexpr double kSmallest = std::numeric_limits<double>::min();
constexpr double kLargest = std::numeric_limits<double>::max();

// Zeros, subnormals, edges of domains and of ranges, multiples of pi, each with its neighbours.
Numbers hard_points() {
  Numbers result{kNaN};
  for (const double x :
       {0.0,    kTiny, 1e-310, kSmallest, 1e-300, 1e-160, 1e-20,  1e-8,   0.25,   0.5,      0.7071,
        1.0,    1.5,   2.0,    2.5,       3.0,    6.0,    20.0,   26.0,   28.0,   38.0,     87.0,
        88.8,   700.0, 708.4,  709.79,    710.4,  745.2,  1000.0, 1022.0, 1023.9, 1024.0,   1074.0,
        1075.0, 1e8,   0x1p52, 1e15,      0x1p53, 1e20,   1e100,  1e160,  1e300,  kLargest, kInf}) {
    for (const double near : {x, std::nextafter(x, kInf), std::nextafter(x, -kInf)}) {
      result.push_back(near);
      result.push_back(-near);
    }
  }
  for (int k = 1; k <= 8; ++k) {
    for (const double sign : {-1.0, 1.0}) result.push_back(sign * k * std::numbers::pi / 4);
  }
  return result;
}

// Evenly between -low and high in several ranges, and over all magnitudes.
Numbers random_points(std::size_t count) {
  numeric::Random random(1);
  Numbers result;
  for (const double range : {1.0, 3.0, 30.0, 700.0, 1e5}) {
    for (std::size_t i = 0; i < count; ++i) result.push_back(random.between(-range, range));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double magnitude = std::exp2(random.between(-1074, 1023));
    result.push_back(i % 2 == 0 ? magnitude : -magnitude);
  }
  return result;
}

// The operands of one operation, by columns.
std::vector<Numbers> points(std::size_t arity) {
  const Numbers hard = hard_points(), random = random_points(arity == 1 ? 3000 : 2000);
  std::vector<Numbers> result(arity);
  if (arity == 1) {
    result[0] = hard;
    result[0].insert(result[0].end(), random.begin(), random.end());
    return result;
  }
  // Every hard point with every fifth of the others, and random pairs.
  const auto add = [&](double x, double y) {
    result[0].push_back(x);
    result[1].push_back(y);
  };
  for (std::size_t i = 0; i < hard.size(); ++i)
    for (std::size_t k = i % 5; k < hard.size(); k += 5) add(hard[i], hard[k]);
  for (std::size_t i = 0; i < random.size(); ++i) {
    add(random[i], random[(i * 7 + 3) % random.size()]);
    add(std::abs(random[i]), random[(i * 5 + 1) % 6000]);
  }
  return result;
}

// In units of the last place of `expected`, or of 1 if that is asked for and larger. Zeros have
// signs.
double distance_of(double given, double expected, bool to_one) {
  if (given == 0 && expected == 0) return std::signbit(given) == std::signbit(expected) ? 0 : kInf;
  if (to_one && std::abs(expected) < 1 && std::isfinite(given))
    return std::abs(given - expected) / std::numeric_limits<double>::epsilon();
  return numeric::ulps(given, expected);
}

struct Farthest {
  double distance = 0;
  std::string text = {};

  void see(double given, double expected, bool to_one, const char* what, double x, double y) {
    const double d = distance_of(given, expected, to_one);
    if (!(d > distance)) return;
    distance = d;
    text = what + numeric::point({x, y}) + " is " + numeric::text(given) + ", expected " +
           numeric::text(expected);
  }
};

// How far a replayed result and derivative may be from those of the graph, in units in the last
// place: what libmvec promises (4, for each of the functions that a rule calls), and what a rule
// makes of it. Operations that are not named are exact.
struct Bound {
  double value = 0, slope = 0;
  bool to_one = false;  // derivatives cancel near their zeros: in units in the last place of 1
  bool value_to_one = false;
};

const std::map<std::string_view, Bound> kBounds = {
    {"pow", {4, 8}},
    {"exp", {4, 4}},
    {"exp2", {4, 8}},
    {"expm1", {4, 4}},
    {"log", {4, 0}},
    {"log2", {4, 0}},
    {"log10", {4, 0}},
    {"log1p", {4, 0}},
    {"cbrt", {4, 16}},
    {"sin", {4, 4}},
    {"cos", {4, 4}},
    {"tan", {4, 12}},
    {"asin", {4, 0}},
    {"acos", {4, 0}},
    {"atan", {4, 0}},
    {"atan2", {4, 8}},
    {"sinh", {4, 4}},
    {"cosh", {4, 4}},
    {"tanh", {4, 8, true}},
    {"asinh", {4, 4}},
    {"acosh", {4, 0}},
    {"atanh", {4, 0}},
    {"hypot", {4, 8}},
    {"erf", {4, 8}},
    {"erfc", {4, 8}},
    {"sigmoid", {8, 12}},
    {"elu", {8, 8}},
    {"gelu", {8, 16, true}},
    {"silu", {8, 16, true}},
    {"softplus", {8, 8}},
    {"logaddexp", {8, 12, false, true}},
    {"logdiffexp", {8, 12, false, true}},
    {"log1mexp", {8, 12}},
    {"log_cosh", {8, 8}},
    {"log_sigmoid", {8, 12}},
    {"logit", {8, 8}},
    {"xlogy", {8, 8}},
    {"xlog1py", {8, 8}},
    {"erfinv", {8, 16}},
    {"normal_cdf", {8, 8}},
    {"log_normal_cdf", {8, 0}},
    {"sinc", {8, 0}},
    {"expm1_over_x", {8, 0}},
    {"log1p_over_x", {8, 0}},
};

// The operation on the operands x, at any recorded point.
Function traced(const Operation& operation) {
  return Function::trace([&](Values x) { return operation.on_values.both(x.front(), x.back()); },
                         Numbers(operation.arity(), 0.5));
}

}  // namespace

TEST_CASE("function accuracy: every operation stays within its bound, all over its domain") {
  for (const Operation& each : operations::all()) {
    const auto found = kBounds.find(each.info.name);
    const Bound bound = found == kBounds.end() ? Bound{} : found->second;
    const std::vector<Numbers> operands = points(each.arity());
    const std::size_t rows = operands[0].size();
    Numbers data;
    for (const Numbers& column : operands) data.insert(data.end(), column.begin(), column.end());
    const Function f = traced(each);
    for (const auto& set : instructions::usable()) {
      Numbers values(rows), slopes(rows * operands.size());
      Request request{values, {}, {}, slopes, {}};
      request.instructions = set.value;
      f.run({}, Rows::by_columns(data, rows), request);
      Farthest value, slope;
      for (std::size_t i = 0; i < rows; ++i) {
        const double x = operands.front()[i], y = operands.back()[i];
        const std::array<double, 2> expected = each.derivatives(x, y);
        value.see(values[i], each.value(x, y), bound.value_to_one, "the value at ", x, y);
        // A gradient is added to 0, so that either zero is right.
        for (std::size_t k = 0; k < operands.size(); ++k) {
          slope.see(slopes[k * rows + i] + 0.0, expected[k] + 0.0, bound.to_one,
                    k == 0 ? "dx at " : "dy at ", x, y);
        }
      }
      CAPTURE(each.info.name);
      CAPTURE(set.name);
      CHECK_MESSAGE(value.distance <= bound.value, value.distance, " ulp, ", value.text);
      CHECK_MESSAGE(slope.distance <= bound.slope, slope.distance, " ulp, ", slope.text);
    }
  }
}

TEST_CASE(
    "function accuracy: sums, products and roots of a row are those of the graph, bit for bit") {
  numeric::Random random(3);
  const auto f = [](Values x) {
    Value grown = 0, chain = x[0] * x[1], plain = x[0];
    for (std::size_t i = 0; i + 1 < x.size(); ++i) grown += x[i] * x[i + 1];
    for (std::size_t i = 1; i < x.size(); ++i) chain = chain + x[i] * x[x.size() - i];
    for (std::size_t i = 1; i < x.size(); ++i) plain = plain + x[i];
    const Value three = x[0] * 3 + x[1] * x[1] + 0.1;
    return std::vector<Value>{grown,     chain,   plain,
                              three,     sum(x),  mean(x),
                              dot(x, x), norm(x), sqrt(abs(x[0])) / x[1] - 1 / x[0]};
  };
  for (std::size_t n = 2; n <= 70; n += n < 10 ? 1 : 15) {
    const Function replay = Function::trace(f, Numbers(n, 1.0));
    constexpr std::size_t kRows = 21;
    Numbers rows;
    for (std::size_t i = 0; i < n * kRows; ++i)
      rows.push_back(random.between(-1, 1) * std::exp2(random.between(-30, 30)));
    // Zeros of one sign, of the other, and of both.
    for (std::size_t i = 0; i < 3 * n; ++i)
      rows[i] = i < n || (i >= 2 * n && i % 2 == 0) ? -0.0 : 0;
    for (const auto& set : instructions::usable()) {
      Numbers values(kRows * replay.outputs()), slopes(n * kRows);
      Request request{values, {}, {}, slopes, {}};
      request.instructions = set.value;
      replay.run({}, Rows(rows, n), request);
      for (std::size_t row = 0; row < kRows; ++row) {
        const std::vector<Value> x(rows.begin() + static_cast<std::ptrdiff_t>(row * n),
                                   rows.begin() + static_cast<std::ptrdiff_t>((row + 1) * n));
        const std::vector<Value> y = f(x);
        CAPTURE(set.name);
        CAPTURE(n);
        CAPTURE(row);
        for (std::size_t k = 0; k < y.size(); ++k) {
          CAPTURE(k);
          CHECK_MESSAGE(distance_of(values[row * y.size() + k], y[k].data(), false) == 0,
                        text(values[row * y.size() + k]), ", expected ", text(y[k].data()));
        }
        const std::vector<Value> expected = derivatives(y[0], x);
        for (std::size_t i = 0; i < n; ++i)
          CHECK(slopes[row * n + i] + 0.0 == expected[i].data() + 0.0);
      }
    }
  }
}
