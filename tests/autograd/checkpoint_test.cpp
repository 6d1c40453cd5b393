// Checkpoints: parts of a graph that are recomputed in the backward pass.

#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::check_gradient;
using autograd::checkpoint;
using autograd::custom;
using autograd::derivatives;
using autograd::graph_statistics;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

const auto cube = custom(
    "cube", [](auto x) { return x[0] * x[0] * x[0]; }, [](auto x) { return 3.0 * x[0] * x[0]; });

// The length of a pendulum's swing after `steps` steps: a state of two numbers.
template <class T> std::array<T, 2> swing(std::array<T, 2> state, const T& gravity, int steps) {
  for (int i = 0; i < steps; ++i) {
    state[1] -= 0.001 * gravity * sin(state[0]);
    state[0] += 0.001 * state[1];
  }
  return state;
}

}  // namespace

TEST_CASE("checkpoint: value and gradients are those of the function itself") {
  const auto f = [](auto x) { return sin(x[0] * x[1]) / exp(x[1]) + x[0]; };
  const Value a = 1.2, b = -0.4;
  const std::vector<Value> in{a, b};
  const Value plain = f(Values(in));
  plain.backward();
  const double da = a.grad(), db = b.grad();
  a.zero_grad();
  b.zero_grad();
  const Value y = checkpoint(f, {a, b});
  CHECK(y.data() == plain.data());
  CHECK(y.op() == "checkpoint");
  CHECK(y.inputs().size() == 2);
  y.backward();
  CHECK(a.grad() == doctest::Approx(da).epsilon(1e-14));
  CHECK(b.grad() == doctest::Approx(db).epsilon(1e-14));
  CHECK(check_gradient([&](Values x) { return checkpoint(f, x) * x[0]; }, {0.7, 0.2}).ok());
}

TEST_CASE("checkpoint: a function of Values alone, of one operand, of many") {
  const auto f = [](Values x) { return cube(x[0]) + norm(x); };
  const Value a = 2.0;
  const Value y = checkpoint(f, {a});
  y.backward();
  CHECK(a.grad() == 13);
  const std::vector<Value> many(1000, Value(1));
  const Value sum_of_all = checkpoint([](auto x) { return sum(x); }, many);
  CHECK(sum_of_all.data() == 1000);
  sum_of_all.backward();
  CHECK(many[7].grad() == 1000);  // they are all the same leaf
}

TEST_CASE("checkpoint: 200,000 steps of a recurrence in a few thousand operations") {
  constexpr int kParts = 200, kSteps = 1000;
  const auto part = [](auto x) {
    using T = typename decltype(x)::value_type;
    const std::array<T, 2> end = swing<T>({x[0], x[1]}, x[2], kSteps);
    return std::vector<T>(end.begin(), end.end());
  };
  const Value angle = 0.5, speed = 0.0, gravity = 9.81;
  const auto before = graph_statistics().operations;
  std::vector<Value> state{angle, speed};
  for (int i = 0; i < kParts; ++i) state = checkpoint(part, {state[0], state[1], gravity});
  CHECK(graph_statistics().operations - before <= 3000);
  state[0].backward();

  // Against dual numbers, which store nothing.
  const auto whole = [](auto x) {
    using T = typename decltype(x)::value_type;
    return swing<T>({x[0], x[1]}, x[2], kParts * kSteps)[0];
  };
  const auto [value, slopes] = autograd::value_and_gradient(whole, {0.5, 0.0, 9.81});
  CHECK(state[0].data() == doctest::Approx(value).epsilon(1e-9));
  CHECK(angle.grad() == doctest::Approx(slopes[0]).epsilon(1e-8));
  CHECK(speed.grad() == doctest::Approx(slopes[1]).epsilon(1e-8));
  CHECK(gravity.grad() == doctest::Approx(slopes[2]).epsilon(1e-8));
}

TEST_CASE("checkpoint: of several outputs, each of which leads back") {
  const auto polar = [](auto x) { return std::array{x[0] * cos(x[1]), x[0] * sin(x[1])}; };
  const Value r = 2.0, angle = 0.5;
  const std::vector<Value> xy = checkpoint(polar, {r, angle});
  REQUIRE(xy.size() == 2);
  CHECK(xy[0].data() == doctest::Approx(2 * std::cos(0.5)));
  (xy[0] * xy[0] + xy[1] * xy[1]).backward();
  CHECK(r.grad() == doctest::Approx(4));
  CHECK(std::abs(angle.grad()) < 1e-15);
  const Value second = derivatives(derivatives(xy[1], {angle})[0], {angle})[0];
  CHECK(second.data() == doctest::Approx(-2 * std::sin(0.5)));
}

TEST_CASE("checkpoint: is differentiated again") {
  const auto f = [](auto x) { return exp(x[0] * x[1]) * x[1]; };
  const Numbers at{0.3, 1.7};
  const auto plain = autograd::hessian(f, at);
  const auto through =
      autograd::hessian([&](Values x) { return checkpoint(f, x) + checkpoint(f, x); }, at);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(through.data[i] == doctest::Approx(2 * plain.data[i]).epsilon(1e-13));
  const Value a = 0.3, b = 1.7;
  const Value y = checkpoint(f, {a, b});
  const Value third = derivatives(derivatives(derivatives(y, {a})[0], {a})[0], {a})[0];
  CHECK(third.data() == doctest::Approx(std::pow(1.7, 4) * std::exp(0.51)).epsilon(1e-12));
}

TEST_CASE(
    "checkpoint: is differentiated again where operands depend on one another, or are the same") {
  const auto f = [](auto x) { return x[0] * x[0] * x[1]; };
  const Value b = 3.0;
  const Value u = b * b;                                             // f(u, b) = b^5
  const Value y = checkpoint(f, {u, b}), z = checkpoint(f, {b, b});  // and f(b, b) = b^3
  const Value dy = derivatives(y, {b})[0], dz = derivatives(z, {b})[0];
  CHECK(dy.data() == 5 * 81);
  CHECK(derivatives(dy, {b})[0].data() == 20 * 27);
  CHECK(dz.data() == 27);
  CHECK(derivatives(dz, {b})[0].data() == 18);
}

TEST_CASE("checkpoint: a chain of them is differentiated again in linear time") {
  const auto part = [](auto x) { return sin(x[0]) * x[1]; };
  const auto chain = [&](const auto& step) {
    return [step](Values x) {
      Value y = x[0];
      for (int i = 0; i < 60; ++i) y = step(std::vector<Value>{y, x[1]});
      return y;
    };
  };
  const Numbers at{0.5, 1.1};
  const auto through = autograd::hessian(chain([&](Values x) { return checkpoint(part, x); }), at);
  const auto plain = autograd::hessian(chain([&](Values x) { return part(x); }), at);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(through.data[i] == doctest::Approx(plain.data[i]).epsilon(1e-10));
}

TEST_CASE("checkpoint: in a checkpoint") {
  const auto inner = [](auto x) { return x[0] * x[0] * x[1]; };
  const auto outer = [inner](Values x) {
    const std::vector<Value> in{x[0] + 1, x[1]};
    return checkpoint(inner, in) * x[1];
  };
  const Value a = 2.0, b = 3.0;
  checkpoint(outer, {a, b}).backward();
  CHECK(a.grad() == 54);
  CHECK(b.grad() == 54);
}

TEST_CASE("checkpoint: a Value that varies and is not among the operands is an Error") {
  const Value w(3.0, "w"), a = 2.0, product = w * w;
  const auto message = [&](const auto& f) {
    const auto before = graph_statistics().operations;
    const std::string text = helpers::error_of([&] { (void)checkpoint(f, {a}); });
    CHECK(graph_statistics().operations == before);
    return text;
  };
  CHECK(message([&](Values x) { return w * x[0] * x[0]; }) ==
        "checkpoint: the function uses 'w', which is not among its operands: its derivative would "
        "be 0. Give it as an operand too; what is to be a constant, as a plain number.");
  CHECK(message([w](Values x) { return x[0] + w; }).find("'w'") != std::string::npos);
  CHECK(message([&](Values) { return w; }).find("'w'") != std::string::npos);
  CHECK(message([&](Values x) { return x[0] * product; }).find("a Value of 9") !=
        std::string::npos);
  CHECK(message([&](Values x) {
          return std::vector<Value>{x[0], w * x[0]};
        }).find("'w'") != std::string::npos);
  {
    const autograd::StrictGuard guard;
    CHECK(message([&](Values x) { return w * x[0]; }).find("'w'") != std::string::npos);
  }
  checkpoint([](Values x) { return x[1] * x[0] * x[0]; }, {a, w}).backward();
  CHECK(w.grad() == 4);
}

TEST_CASE("checkpoint: constants from outside, and numbers that f makes, are none of that") {
  const Value constant = Value::constant(3.0), a = 2.0;
  Value frozen = 5.0, carried = 0.0;
  frozen.freeze();
  {
    const autograd::NoGradGuard guard;
    carried = a * 2.0;
  }
  carried.freeze();
  const auto f = [&](Values x) {
    const Value half = 0.5, third = 1 / (half + 2.5);
    std::vector<Value> sums{third, x[0]};
    return constant * frozen * carried * sum(sums) * half;
  };
  checkpoint(f, {a}).backward();
  CHECK(a.grad() == 30);
  const auto number = [](Values) { return Value(4.0); };
  CHECK(checkpoint(number, {a}).data() == 4);
}

TEST_CASE("checkpoint: while a Function is traced all Values are those of the trace") {
  const auto f = [](Values x) {
    const auto inside = [&](Values in) { return x[1] * in[0] * in[0]; };
    return checkpoint(inside, {x[0]}) + checkpoint(
                                            [&](Values in) {
                                              return std::vector<Value>{in[0], x[1]};
                                            },
                                            {x[0]})[1];
  };
  const auto traced = autograd::Function::trace(f, {2.0, 3.0});
  CHECK(traced.gradient({}, {5.0, 7.0}).inputs == Numbers{70, 26});
}

TEST_CASE("checkpoint: what f throws passes through and leaves nothing behind") {
  const Value a = 2.0;
  const auto f = [](auto x) {
    const auto y = x[0] * x[0];
    if (y > 1.0) throw std::runtime_error("too large");
    return y;
  };
  const auto before = graph_statistics();
  CHECK_THROWS_WITH_AS(checkpoint(f, {a}), "too large", std::runtime_error);
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().leaves == before.leaves);
  CHECK(graph_statistics().edges == before.edges);
}
