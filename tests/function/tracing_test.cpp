// What may stand in a function that is traced, and what becomes of it; Functions of Values that
// were recorded before.

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::checkpoint;
using autograd::custom;
using autograd::Error;
using autograd::Function;
using autograd::graph_statistics;
using autograd::NoGradGuard;
using autograd::Value;

namespace {

using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// The text of the Error that f throws, "" if none. No operation is left behind either way.
template <class F> std::string error_of(const F& f) {
  const auto before = graph_statistics();
  const std::string text = helpers::error_of(f);
  CHECK(graph_statistics().operations == before.operations);
  return text;
}

Function of(std::initializer_list<Value> parameters, std::initializer_list<Value> inputs,
            std::initializer_list<Value> outputs) {
  const auto span = [](std::initializer_list<Value> x) { return Values(x.begin(), x.size()); };
  return Function::trace(span(parameters), span(inputs), span(outputs));
}

}  // namespace

// ---- what may stand in it ----

TEST_CASE("tracing: detach() keeps the value and stops the gradient") {
  const Function f = Function::trace([](auto x) { return x[0] * (x[0] * x[1]).detach(); }, {1, 1});
  const auto at = f.gradient({}, {3, 5});
  CHECK(at.value == 45);
  CHECK(at.inputs == Numbers{15, 0});
}

TEST_CASE("tracing: a custom operation is replayed with its own derivatives") {
  const auto rounded = custom(
      "rounded", [](auto x) { return round(x[0]); }, [](auto) { return 1.0; });
  const Function f = Function::trace([&](auto x) { return 3 * rounded(x[0] * 2.0); }, {1});
  const auto at = f.gradient({}, {1.7});
  CHECK(at.value == 9);
  CHECK(at.inputs == Numbers{6});
}

TEST_CASE("tracing: a custom operation of several operands, some used twice, to second order") {
  const auto product = custom(
      "product", [](auto x) { return x[0] * x[0] * x[1]; },
      [](auto x) {
        return std::vector{2.0 * x[0] * x[1], x[0] * x[0]};
      });
  const Function f = Function::trace(
      [&](Values x) {
        const Value y = product(x[0], x[1]) + product(x[1], x[1]);  // a^2 b + b^3
        const auto slopes = derivatives(y, x);
        return std::vector<Value>{y, slopes[0], slopes[1], derivatives(slopes[1], x)[1]};
      },
      {1, 1});
  CHECK(f.values({}, {3, 5}) == Numbers{170, 30, 84, 30});
  CHECK(f.gradient({}, {3, 5}).inputs == Numbers{30, 84});
}

TEST_CASE("tracing: a custom operation known as numbers only is an Error that says what to do") {
  using Span = std::span<const double>;
  const auto value_only = custom(
      "plain", [](Span x) { return x[0]; }, [](auto) { return 1.0; });
  const auto slope_only = custom(
      "slope", [](auto x) { return x[0] * x[0]; }, [](Span x) { return 2 * x[0]; });
  const std::string text =
      "in a Function: its value or its derivatives are known as numbers only, and cannot be "
      "replayed with others. Let both take std::span<const Value> too, as [](auto x) does.";
  const auto traced = [](const auto& operation) {
    return error_of([&] { Function::trace([&](auto x) { return operation(x[0]); }, {1}); });
  };
  CHECK(traced(value_only) == "custom operation 'plain' " + text);
  CHECK(traced(slope_only) == "custom operation 'slope' " + text);
  const Value x = 3;
  CHECK(value_only(x).data() == 3);  // eager work goes on as before
}

TEST_CASE("tracing: a checkpoint is its function") {
  const auto part = [](auto x) { return x[0] * x[0] * x[1]; };
  const auto parts = [](auto x) { return std::array{x[0] * x[1], x[0] + x[1]}; };
  const Function f = Function::trace(
      [&](auto x) {
        const auto [product, total] = [&] {
          const auto y = checkpoint(parts, {x[0], x[1]});
          return std::pair(y[0], y[1]);
        }();
        return checkpoint(part, {product, total});
      },
      {1, 1});
  const double a = 3, b = 2;  // a^2 b^2 (a + b)
  const auto at = f.gradient({}, {a, b});
  CHECK(at.value == 180);
  CHECK(at.inputs ==
        Numbers{2 * a * b * b * (a + b) + a * a * b * b, 2 * b * a * a * (a + b) + a * a * b * b});
}

TEST_CASE("tracing: Values that a checkpoint captures are differentiated; in eager work an Error") {
  const auto f = [](Values x) {
    const Value w = x[1];
    return checkpoint([w](Values in) { return w * in[0]; }, {x[0]});
  };
  const std::vector<Value> eager{2, 3};
  CHECK_THROWS_AS((void)f(eager), Error);
  CHECK(Function::trace(f, {1, 1}).gradient({}, {2, 3}).inputs == Numbers{3, 2});
}

TEST_CASE("tracing: backward() and NoGradGuard are Errors in it, and leave nothing behind") {
  CHECK(error_of([] {
          Function::trace(
              [](auto x) {
                const Value y = x[0] * x[0];
                y.backward();
                return y;
              },
              {1});
        }) ==
        "backward() while a Function is traced: gradients are not numbers yet. Use derivatives(y, "
        "xs), or the gradient of the Function.");
  CHECK(error_of([] {
          Function::trace(
              [](auto x) {
                const NoGradGuard guard;
                return x[0] * x[0];
              },
              {1});
        }) ==
        "NoGradGuard while a Function is traced: what is computed under it would not be replayed. "
        "Use detach().");
  const Value x = 3;
  (x * x).backward();
  CHECK(x.grad() == 6);
}

TEST_CASE("tracing: under a NoGradGuard the function is recorded all the same") {
  const NoGradGuard guard;
  const Function f = Function::trace([](auto x) { return x[0] * x[0]; }, {1});
  CHECK(f.gradient({}, {3}).inputs == Numbers{6});
  const Value x = 3;
  CHECK((x * x).inputs().empty());
}

TEST_CASE("tracing: what f throws passes through, f without outputs is an Error") {
  const auto before = graph_statistics();
  const auto throws = [](auto x) -> Value {
    const Value y = x[0] * x[0];
    throw std::runtime_error("no");
  };
  CHECK_THROWS_WITH_AS(Function::trace(throws, {1}), "no", std::runtime_error);
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().leaves == before.leaves);
  CHECK(error_of([] { Function::trace([](auto) { return std::vector<Value>(); }, {1}); }) ==
        "Function::trace: the function has no outputs");
  const Value x = 2;
  CHECK(x < 3);  // decided, not noted
  (x * x).backward();
  CHECK(x.grad() == 4);
}

TEST_CASE("tracing: nothing is left on the graph, and gradients stay as they are") {
  const Value w = 2;
  (w * w).backward();
  const auto before = graph_statistics();
  const Function f = Function::trace([&](auto x) { return w * x[0]; }, {1});
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().leaves == before.leaves);
  CHECK(w.grad() == 4);
  CHECK(f.gradient({}, {5}).value == 10);
  CHECK(w.grad() == 4);
}

TEST_CASE("tracing: Values from elsewhere are constants, of the data when it was recorded") {
  Value w = 2;
  const Function f = Function::trace([&](auto x) { return w * w * x[0]; }, {1});
  w.set_data(100);
  CHECK(f.value({}, {3}) == 12);
  CHECK(f.gradient({}, {3}).inputs == Numbers{4});
}

TEST_CASE("tracing: a Function may be traced and run while another one is traced") {
  double inside = 0;
  const Function f = Function::trace(
      [&](auto x) {
        const Value y = x[0] * x[0];
        // y would be a constant in there.
        CHECK_THROWS_AS(Function::trace([&](auto z) { return z[0] * y; }, {1}), Error);
        const Function inner =
            Function::trace([](auto z) { return z[0] > 0 ? z[0] * 4 : z[0]; }, {1});
        inside = inner.value({}, {5});
        return x[0] > 0 ? y * 3 : y;
      },
      {2});
  CHECK(inside == 20);
  CHECK(f.value({}, {4}) == 48);
  CHECK(f.gradient({}, {4}).inputs == Numbers{24});
  // Its own comparison was noted, not that of the other one.
  CHECK_THROWS_AS(f.value({}, {-1}), Error);
}

TEST_CASE("tracing: first and second derivatives may be outputs, and be differentiated") {
  const auto f = [](Values p, Values x) {
    const Value y = sin(p[0] * x[0]);
    const Value slope = derivatives(y, {x[0]})[0];
    const Value curvature = derivatives(slope, {x[0]})[0];
    return std::vector<Value>{curvature, slope, y};  // -p^2 sin(p x), p cos(p x)
  };
  const Function replay = Function::trace(f, {1}, {1});
  const double p = 1.5, x = 0.7;
  const auto close = [](double expected) { return doctest::Approx(expected).epsilon(1e-14); };
  const Numbers y = replay.values({p}, {x});
  CHECK(y[0] == close(-p * p * std::sin(p * x)));
  CHECK(y[1] == close(p * std::cos(p * x)));
  CHECK(y[2] == close(std::sin(p * x)));
  const auto at = replay.gradient({p}, {x});
  CHECK(at.inputs[0] == close(-p * p * p * std::cos(p * x)));
  CHECK(at.parameters[0] == close(-2 * p * std::sin(p * x) - p * p * x * std::cos(p * x)));
}

TEST_CASE("tracing: derivatives keep all their branches, so that other rows may take others") {
  const auto slope = [](Values x) { return derivatives(max(x[0] * x[0], 3 * x[1]), x); };
  const Function f = Function::trace(slope, {1, 1});
  CHECK(f.values({}, {1, 1}) == Numbers{0, 3});
  CHECK(f.values({}, {5, 1}) == Numbers{10, 0});
  CHECK(f.values({}, {3, 3}) == Numbers{3, 1.5});
}

TEST_CASE("tracing: sums that grow in place, products with numbers, many operands") {
  const Function f = Function::trace(
      [](Values x) {
        Value s = 0;
        for (const Value& each : x) s += each * each;
        s += 3 * x[0];
        s += x[1];
        s -= x[2];
        s *= 2;
        return std::vector<Value>{
            s, sum(x), mean(x), dot(x, std::vector<double>{1, 2, 3}), norm(x), softmax(x)[1]};
      },
      {1, 1, 1});
  const Numbers y = f.values({}, {1, 2, 2});
  CHECK(Numbers(y.begin(), y.begin() + 5) == Numbers{24, 5, 5.0 / 3, 11, 3});
  CHECK(y[5] == doctest::Approx(1 / (2 + std::exp(-1))).epsilon(1e-14));
  CHECK(f.gradient({}, {1, 2, 2}).inputs == Numbers{10, 10, 6});
}

// ---- from what is recorded already ----

TEST_CASE("tracing: from recorded Values, where others are constants") {
  const Value a = 2, x = 3, c = 5;
  const Value y = a * x * x + c;
  const Function f = of({a}, {x}, {y, y * c});
  CHECK(f.values({10}, {1}) == Numbers{15, 75});
  CHECK(f.gradient({10}, {2}).parameters == Numbers{4});
  CHECK(f.gradient({10}, {2}).inputs == Numbers{40});
  CHECK_FALSE(a.has_grad());
}

TEST_CASE("tracing: an input may be a result, and what lies before it does not matter") {
  const Value a = 2;
  const Value h = a * a, y = h * h + a;
  const Function f = of({}, {h}, {y});
  CHECK(f.gradient({}, {5}).value == 27);
  CHECK(f.gradient({}, {5}).inputs == Numbers{10});
  const Function g = of({a}, {h}, {y});
  CHECK(g.gradient({3}, {5}).value == 28);
  CHECK(g.gradient({3}, {5}).parameters == Numbers{1});
  CHECK(g.gradient({3}, {5}).inputs == Numbers{10});
}

TEST_CASE("tracing: an input that the outputs do not depend on, made before or after them") {
  const Value before = 1, x = 2;
  const Value unused = x * x, y = x * 3, after = 4;
  const Value result = after * after;
  const Function f = of({before, result}, {x, unused, after}, {y});
  const auto at = f.gradient({7, 8}, {5, 6, 9});
  CHECK(at.value == 15);
  CHECK(at.parameters == Numbers{0, 0});
  CHECK(at.inputs == Numbers{3, 0, 0});
}

TEST_CASE("tracing: derivatives() recorded before become outputs, and are differentiated") {
  const Value a = 2, x = 3;
  const Value y = a * x * x * x;
  const Value slope = derivatives(y, {x})[0], curvature = derivatives(slope, {x})[0];
  const Function f = of({a}, {x}, {curvature, slope, y});
  CHECK(f.values({10}, {2}) == Numbers{120, 120, 80});
  CHECK(f.gradient({10}, {2}).parameters == Numbers{12});
  CHECK(f.gradient({10}, {2}).inputs == Numbers{60});
}

TEST_CASE("tracing: from recorded Values, comparisons made before are not checked") {
  const Value x = 2;
  const Value y = x > 0 ? x * 3 : x;
  CHECK(of({}, {x}, {y}).value({}, {-1}) == -3);
}

TEST_CASE("tracing: a parameter or input that was made without a number is an Error") {
  const std::vector<Value> made(2);
  const Value a = 2;
  const Value y = a * made[0];
  const std::string text =
      "Function::trace: one of the parameters and inputs was made without a number, as by Value(), "
      "and is the constant 0. Make it with one: Value x = 0;";
  CHECK(error_of([&] { of({a, made[0]}, {}, {y}); }) == text);
  CHECK(error_of([&] { of({made[0], made[1]}, {a}, {y}); }) == text);
  CHECK(error_of([&] { of({}, {a, Value()}, {y}); }) == text);
  // An output may be one.
  CHECK(of({a}, {}, {Value(), a}).values({5}, {}) == Numbers{0, 5});
}

TEST_CASE("tracing: the same Value twice, and no outputs, are Errors") {
  const Value a = 2, b = 3;
  const Value y = a * b;
  const std::string text =
      "Function::trace: two of the parameters and inputs are the same Value, so that it is not "
      "clear which of them varies";
  CHECK(error_of([&] { of({a, a}, {b}, {y}); }) == text);
  CHECK(error_of([&] { of({a}, {b, b}, {y}); }) == text);
  CHECK(error_of([&] { of({a}, {b, a}, {y}); }) == text);
  CHECK(error_of([&] { of({a}, {b}, {}); }) == "Function::trace: the function has no outputs");
  CHECK(of({a}, {b}, {y, y, a}).values({5}, {7}) == Numbers{35, 35, 5});
}

TEST_CASE("tracing: a custom operation recorded before is an Error, a checkpoint too") {
  const auto twice = custom(
      "twice", [](auto x) { return 2.0 * x[0]; }, [](auto) { return 2.0; });
  const Value a = 2;
  const Value y = twice(a), z = checkpoint([](auto x) { return x[0] * x[0]; }, {a});
  CHECK(error_of([&] { of({}, {a}, {y}); }) ==
        "custom operation 'twice' in a Function: it was recorded before as numbers. Trace the "
        "function that calls it.");
  CHECK(error_of([&] { of({}, {a}, {z}); }).starts_with("custom operation 'checkpoint' in a"));
  CHECK(of({}, {y}, {y * a}).value({}, {7}) == 14);  // beyond an input it does not matter
}
