// derivatives(): their values, to any order.

#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/special_values.hpp>

namespace {

using autograd::derivatives;
using autograd::Matrix;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity();

// dy/dx
Value d(const Value& y, const Value& x) { return derivatives(y, {x})[0]; }

// f(x), f'(x), f''(x), ...
Numbers taylor(const std::function<Value(const Value&)>& f, double at, int order) {
  const Value x = at;
  Value y = f(x);
  Numbers result{y.data()};
  for (int i = 0; i < order; ++i) {
    y = d(y, x);
    result.push_back(y.data());
  }
  return result;
}

void check_close(const Numbers& x, const Numbers& expected) {
  REQUIRE(x.size() == expected.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    CHECK(x[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("derivatives: of a polynomial, to fifth order and beyond") {
  const auto horner = [](const Value& x) {
    return 1 + x * (2 + x * (3 + x * (4 + x * (5 + 6 * x))));
  };
  const double x = 1.5;
  const Numbers expected{
      1 + x * (2 + x * (3 + x * (4 + x * (5 + 6 * x)))),
      2 + x * (6 + x * (12 + x * (20 + 30 * x))),
      6 + x * (24 + x * (60 + 120 * x)),
      24 + x * (120 + 360 * x),
      120 + 720 * x,
      720,
      0,
      0,
  };
  check_close(taylor(horner, x, 7), expected);
  const auto with_pow = [](const Value& v) {
    return 1 + 2 * v + 3 * square(v) + 4 * pow(v, 3) + 5 * pow(v, 4) + 6 * pow(v, 5);
  };
  check_close(taylor(with_pow, x, 7), expected);
  check_close(taylor(with_pow, 0, 6), {1, 2, 6, 24, 120, 720, 0});
}

TEST_CASE("derivatives: third and higher derivatives of functions") {
  const double x = 0.7, s = std::sin(x), c = std::cos(x), e = std::exp(x), t = std::tanh(x);
  check_close(taylor([](const Value& v) { return sin(v); }, x, 5), {s, c, -s, -c, s, c});
  check_close(taylor([](const Value& v) { return exp(v); }, x, 5), {e, e, e, e, e, e});
  check_close(taylor([](const Value& v) { return log(v); }, x, 4),
              {std::log(x), 1 / x, -1 / (x * x), 2 / std::pow(x, 3), -6 / std::pow(x, 4)});
  check_close(taylor([](const Value& v) { return tanh(v); }, x, 3),
              {t, 1 - t * t, -2 * t * (1 - t * t), -2 * (1 - t * t) * (1 - 3 * t * t)});
  check_close(taylor([](const Value& v) { return 1 / v; }, x, 4),
              {1 / x, -1 / (x * x), 2 / std::pow(x, 3), -6 / std::pow(x, 4), 24 / std::pow(x, 5)});
  check_close(taylor([](const Value& v) { return exp(2 * v) * sin(v); }, x, 3),
              {e * e * s, e * e * (2 * s + c), e * e * (3 * s + 4 * c), e * e * (2 * s + 11 * c)});
}

TEST_CASE("derivatives: mixed partials are symmetric to third order") {
  const Value x = 0.6, y = 1.4, z = -0.3;
  const Value f = exp(x * y) * cos(z) + pow(x, y) / (1 + z * z) + atan2(x, y) * hypot(y, z);
  const auto at = [&](const Value& a, const Value& b, const Value& c) {
    return d(d(d(f, a), b), c).data();
  };
  CHECK(d(d(f, x), y).data() == doctest::Approx(d(d(f, y), x).data()).epsilon(1e-13));
  CHECK(d(d(f, x), z).data() == doctest::Approx(d(d(f, z), x).data()).epsilon(1e-13));
  CHECK(at(x, y, z) == doctest::Approx(at(z, x, y)).epsilon(1e-12));
  CHECK(at(x, y, z) == doctest::Approx(at(y, z, x)).epsilon(1e-12));
  CHECK(at(x, x, y) == doctest::Approx(at(y, x, x)).epsilon(1e-12));
}

TEST_CASE("derivatives: the Hessian of Rosenbrock's function, at several points") {
  const auto rosenbrock = [](auto x) {
    return (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * square(x[1] - x[0] * x[0]);
  };
  for (const double x : {-1.2, 0.0, 1.0, 3.0})
    for (const double y : {-1.0, 0.0, 1.0, 9.0}) {
      const Matrix h = autograd::hessian(rosenbrock, {x, y});
      check_close(h.data, {2 - 400 * (y - x * x) + 800 * x * x, -400 * x, -400 * x, 200});
    }
}

TEST_CASE("derivatives: by intermediate nodes, by the root itself, by a leaf itself") {
  const Value x = 2.0;
  const Value u = x * x, y = sin(u) + u * x;
  CHECK(d(y, u).data() == doctest::Approx(std::cos(4) + 2));
  CHECK(d(y, x).data() == doctest::Approx((std::cos(4) + 2) * 4 + 4));
  CHECK(d(y, y).data() == 1);
  CHECK(d(u, y).data() == 0);
  CHECK(d(x, x).data() == 1);
  const std::vector<Value> both = derivatives(y, {u, x, u});
  CHECK(both[0].data() == both[2].data());
  // dy/dx = (cos(u) + x) 2 x + u
  CHECK(d(both[1], u).data() == doctest::Approx(4 * -std::sin(4) + 1));
}

TEST_CASE("derivatives: by what y does not depend on is 0, however it is made") {
  const Value x = 2.0, other = 3.0;
  const Value y = x * x, later = y * other;
  CHECK(d(y, other).data() == 0);
  CHECK(d(y, later).data() == 0);
  CHECK(d(y, Value()).data() == 0);
  CHECK(d(Value(), x).data() == 0);
  CHECK(d(Value(), Value()).data() == 0);
  CHECK(d(other, x).data() == 0);
  CHECK(d(y, Value::constant(1)).data() == 0);
  CHECK(d(d(y, other), x).data() == 0);
  CHECK(derivatives(y, {}).empty());
  CHECK(d(y.detach() * x, y).data() == 0);
}

TEST_CASE("derivatives: of straight lines are constants, and their derivatives 0, not an error") {
  const auto second = [](Value (*f)(const Value&)) {
    const Value x = 1.7;
    return d(d(f(x), x), x).data();
  };
  CHECK(second([](const Value& x) { return x; }) == 0);
  CHECK(second([](const Value& x) { return 3 * x; }) == 0);
  CHECK(second([](const Value& x) { return x + x; }) == 0);
  CHECK(second([](const Value& x) { return x - 2 * x; }) == 0);
  CHECK(second([](const Value& x) { return x / 4; }) == 0);
  CHECK(second([](const Value& x) { return relu(x); }) == 0);
  CHECK(second([](const Value& x) { return abs(x); }) == 0);
  CHECK(second([](const Value& x) { return max(x, 1); }) == 0);
  CHECK(second([](const Value& x) { return sum(std::vector<Value>{x, x}); }) == 0);
  CHECK(second([](const Value& x) { return dot(std::vector<Value>{x}, Numbers{2}); }) == 0);
  CHECK(second([](const Value& x) { return x * x; }) == 2);
  CHECK(second([](const Value& x) { return dot(std::vector<Value>{x}, std::vector<Value>{x}); }) ==
        2);
}

TEST_CASE("derivatives: second order at special points") {
  const auto second = [](Value (*f)(const Value&), double at) {
    const Value x = at;
    return d(d(f(x), x), x).data();
  };
  CHECK(second([](const Value& x) { return square(x); }, 0) == 2);
  CHECK(second([](const Value& x) { return pow(x, 2); }, 0) == 2);
  CHECK(second([](const Value& x) { return x * x; }, 0) == 2);
  CHECK(second([](const Value& x) { return pow(x, 1); }, 0) == 0);
  CHECK(second([](const Value& x) { return pow(x, 0); }, 0) == 0);
  CHECK(second([](const Value& x) { return pow(x, 3); }, 0) == 0);
  CHECK(second([](const Value& x) { return relu(x); }, 0) == 0);
  CHECK(second([](const Value& x) { return abs(x); }, 0) == 0);
  CHECK(second([](const Value& x) { return max(x, x); }, 3) == 0);
  CHECK(second([](const Value& x) { return softplus(x); }, 0) == doctest::Approx(0.25));
  CHECK(second([](const Value& x) { return softplus(x); }, 1000) == 0);
  CHECK(second([](const Value& x) { return tanh(x); }, 1000) == 0);
  CHECK(second([](const Value& x) { return sigmoid(x); }, -1000) == 0);
  CHECK(second([](const Value& x) { return sqrt(x); }, 0) == -kInf);
  CHECK(second([](const Value& x) { return log(x); }, 0) == -kInf);
  CHECK(second([](const Value& x) { return hypot(x, 4); }, 3) == doctest::Approx(16.0 / 125));
  CHECK(second([](const Value& x) { return select(x > 0, log(x), x * x); }, -1) == 2);
  CHECK(second([](const Value& x) { return select(gt(x, 0), log(x), x * x); }, 0) == 2);
}

TEST_CASE(
    "derivatives: nothing flows where nothing arrives, even if a local derivative is infinite") {
  const Value x = 0.0, zero = 0.0;
  CHECK(d(0.0 * sqrt(x) + x, x).data() == 1);
  CHECK(d(zero * sqrt(x) + x, x).data() == 1);
  CHECK(d(square(x) * log(x + 1) + sqrt(square(zero)) * 0.0, zero).data() == 0);
  CHECK(d(zero * sqrt(x) + x, zero).data() == 0);
}

TEST_CASE("derivatives: every second derivative that the table of special values states") {
  int stated = 0;
  for (const auto& row : autograd::special_values::all()) {
    if (row.hessian.empty()) continue;
    ++stated;
    const Matrix h = autograd::hessian([&](Values x) { return row.function(x); }, row.at);
    for (std::size_t i = 0; i < h.data.size(); ++i)
      if (!numeric::agrees(h.data[i], row.hessian[i] + 0.0))
        FAIL_CHECK(row.expression, " at ", numeric::point(row.at), ": second derivative ", i,
                   " is ", h.data[i], ", expected ", row.hessian[i]);
  }
  CHECK(stated > 100);
}

TEST_CASE("derivatives: are what backward() gives, and leave its gradients alone") {
  const Value a = 0.4, b = 1.3;
  const Value y = tanh(a * b) / (a + exp(b)) - pow(b, a);
  const std::vector<Value> slopes = derivatives(y, {a, b});
  CHECK(!a.has_grad());
  CHECK(!y.has_grad());
  y.backward();
  CHECK(slopes[0].data() == doctest::Approx(a.grad()).epsilon(1e-14));
  CHECK(slopes[1].data() == doctest::Approx(b.grad()).epsilon(1e-14));
  const double before = a.grad();
  derivatives(y, {a, b});
  CHECK(a.grad() == before);
}

TEST_CASE("derivatives: backward() of a derivative is the next one") {
  const Value x = 0.8;
  const Value slope = d(sin(x * x), x);
  slope.backward();
  CHECK(x.grad() == doctest::Approx(2 * std::cos(0.64) - 4 * 0.64 * std::sin(0.64)).epsilon(1e-13));
  // A loss that holds a gradient, as a penalty on it does.
  const Value w = 1.5, v = 2.0;
  const Value f = w * w * v;
  const Value loss = f + square(d(f, w));
  loss.backward();
  CHECK(w.grad() == doctest::Approx(2 * 1.5 * 2 + 2 * 6 * 4));
  CHECK(v.grad() == doctest::Approx(2.25 + 2 * 6 * 3));
}

TEST_CASE("derivatives: operations of many operands agree with differences of their gradients") {
  struct Function {
    const char* name;
    Value (*f)(Values);
  };
  const std::vector<Function> functions{
      {"sum", [](Values x) { return sum(x) * sum(x); }},
      {"mean", [](Values x) { return exp(mean(x)); }},
      {"norm", [](Values x) { return norm(x); }},
      {"logsumexp", [](Values x) { return logsumexp(x); }},
      {"softmax 0", [](Values x) { return softmax(x)[0]; }},
      {"softmax 2", [](Values x) { return softmax(x)[2] * x[1]; }},
      {"dot with itself", [](Values x) { return sin(dot(x, x)); }},
      {"dot of halves", [](Values x) { return exp(dot(x.subspan(0, 2), x.subspan(2, 2))); }},
      {"dot with numbers",
       [](Values x) {
         return tanh(dot(x.subspan(0, 3), Numbers{0.5, -1, 2}));
       }},
      {"grown dot",
       [](Values x) {
         Value s = x[0];
         s += x[1] * x[2];
         s += x[3] * x[0];
         return s * s;
       }},
      {"grown sum",
       [](Values x) {
         Value s = x[0];
         s += 2 * x[1];
         s += x[2];
         s += -3 * x[3];
         return exp(s * 0.1);
       }},
      {"select", [](Values x) { return select(gt(x[0], x[1]), x[0] * x[2], x[1] * x[3]); }},
      {"hypot and atan2", [](Values x) { return hypot(x[0], x[1]) * atan2(x[2], x[3]); }},
      {"pow", [](Values x) { return pow(x[0], x[1]) + pow(x[2], 3) + pow(2, x[3]); }},
      {"division", [](Values x) { return x[0] / x[1] + 2 / x[2] + x[3] / 3; }},
      {"max and min", [](Values x) { return max(x[0] * x[0], x[1]) * min(x[2], x[3] * x[3]); }},
  };
  const Numbers x{0.9, 0.4, 1.3, 0.7};
  for (const Function& function : functions) {
    CAPTURE(function.name);
    const Matrix h = autograd::hessian(function.f, x);
    for (std::size_t k = 0; k < x.size(); ++k)
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto slope_i = [&](const Numbers& at) {
          return autograd::gradient(function.f, at)[i];
        };
        CHECK(h(i, k) == doctest::Approx(helpers::slope(slope_i, x, k)).epsilon(1e-7));
        CHECK(h(i, k) == doctest::Approx(h(k, i)).epsilon(1e-12));
      }
  }
}
