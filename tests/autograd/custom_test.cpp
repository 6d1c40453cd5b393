// Operations of one's own, and checkpoints.

#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace {

using autograd::check_gradient;
using autograd::checkpoint;
using autograd::custom;
using autograd::derivatives;
using autograd::graph_statistics;
using autograd::Value;
using autograd::Verdict;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

const auto cube = custom(
    "cube", [](auto x) { return x[0] * x[0] * x[0]; }, [](auto x) { return 3.0 * x[0] * x[0]; });

// A mean whose derivatives are known as numbers only.
const auto plain_mean = custom(
    "plain_mean",
    [](std::span<const double> x) {
      double sum = 0;
      for (const double each : x) sum += each;
      return sum / static_cast<double>(x.size());
    },
    [](std::span<const double> x) {
      return Numbers(x.size(), 1.0 / static_cast<double>(x.size()));
    });

const auto scaled_product = custom(
    "scaled_product", [](auto x) { return x[0] * x[1] * x[2]; },
    [](auto x) {
      return std::array{x[1] * x[2], x[0] * x[2], x[0] * x[1]};
    });

// The length of a pendulum's swing after `steps` steps: a state of two numbers.
template <class T> std::array<T, 2> swing(std::array<T, 2> state, const T& gravity, int steps) {
  for (int i = 0; i < steps; ++i) {
    state[1] -= 0.001 * gravity * sin(state[0]);
    state[0] += 0.001 * state[1];
  }
  return state;
}

}  // namespace

// ---- custom operations ----

TEST_CASE("custom: an operation of one's own in five lines, drawn under its name") {
  const Value a = 2.0;
  const Value y = 5 * cube(a);
  CHECK(y.data() == 40);
  y.backward();
  CHECK(a.grad() == 60);
  const Value node = cube(a);
  CHECK(node.op() == "cube");
  CHECK(node.inputs().size() == 1);
  CHECK(node.local_derivatives() == Numbers{12});
  CHECK(autograd::to_dot(node).find("cube") != std::string::npos);
}

TEST_CASE("custom: several operands, as arguments or as a range, Values and numbers mixed") {
  const Value a = 2.0, b = 3.0;
  const Value y = scaled_product(a, b, 4.0);
  CHECK(y.data() == 24);
  y.backward();
  CHECK(a.grad() == 12);
  CHECK(b.grad() == 8);

  const std::vector<Value> many(100, a);
  const Value mean = plain_mean(many);
  CHECK(mean.data() == 2);
  CHECK(mean.inputs().size() == 100);
  a.zero_grad();
  mean.backward();
  CHECK(a.grad() == doctest::Approx(1));
}

TEST_CASE("custom: works in functions that are differentiated") {
  const auto f = [](Values x) { return cube(x[0]) * x[1]; };
  CHECK(autograd::gradient(f, {2, 3}) == Numbers{36, 8});
  CHECK(autograd::jvp(f, {2, 3}, {1, 1}).derivatives == Numbers{44});
  CHECK(autograd::vjp(f, {2, 3}, {2}).gradient == Numbers{72, 16});
}

TEST_CASE("custom: works in functions for any number type, at first and second order") {
  const auto f = [](auto x) { return cube(x[0]) * x[1] + scaled_product(x[0], x[1], 4.0); };
  const auto of_values = [f](Values x) { return f(x); };
  // x^3 y + 4 x y and nothing of the others
  for (const Numbers& x : {Numbers{2, 3}, Numbers{2, 3, 0.5, 0.5, 0.5, 0.5}}) {
    Numbers gradient{48, 16}, first{36, 16}, second{16, 0};
    for (Numbers* each : {&gradient, &first, &second}) each->resize(x.size(), 0.0);
    CHECK(autograd::gradient(f, x) == gradient);
    CHECK(autograd::gradient(of_values, x) == gradient);
    CHECK(autograd::vjp(f, x, {1}).gradient == gradient);
    CHECK(autograd::jacobian(f, x).data == gradient);
    const autograd::Matrix h = autograd::hessian(f, x);
    CHECK(Numbers(h.data.begin(), h.data.begin() + static_cast<std::ptrdiff_t>(x.size())) == first);
    Numbers v(x.size(), 0.0);
    v[1] = 1;
    CHECK(autograd::hessian_vector_product(f, x, v) == second);
    CHECK(autograd::hessian(of_values, x).data == h.data);
  }
  CHECK(autograd::gradient(f, std::array{2.0, 3.0}) == std::array{48.0, 16.0});
  CHECK(cube(2.0).data() == 8);
  // The rule counts, not what the value would give by itself.
  const auto one_way = custom(
      "one_way", [](auto x) { return x[0] * x[0]; }, [](auto x) { return 0.0 * x[0]; });
  CHECK(autograd::gradient([&](auto x) { return one_way(x[0]) + x[1]; }, {3, 1}) == Numbers{0, 1});
  CHECK(autograd::hessian([&](auto x) { return one_way(x[0]); }, {3}).data == Numbers{0});
  const auto short_of_one = custom(
      "short", [](auto x) { return x[0] * x[1]; }, [](auto x) { return x[1]; });
  CHECK_THROWS_WITH_AS(
      autograd::gradient([&](auto x) { return short_of_one(x[0], x[1]); }, {3, 1}),
      "custom operation 'short': 2 operands, but 1 local derivatives; there must be one for each",
      autograd::Error);
}

TEST_CASE("custom: the derivatives may be a vector-Jacobian product") {
  const auto product = custom(
      "product", [](auto x) { return x[0] * x[1]; },
      [](auto x, auto upstream) {
        return std::array{upstream * x[1], upstream * x[0]};
      });
  const Value a = 2.0, b = 3.0;
  const Value y = 5 * product(a, b);
  y.backward();
  CHECK(a.grad() == 15);
  CHECK(b.grad() == 10);
  CHECK(derivatives(derivatives(y, {a})[0], {b})[0].data() == 5);
  const auto f = [&](auto x) { return product(x[0], x[1]) * x[0]; };
  CHECK(autograd::gradient(f, {2, 3}) == Numbers{12, 4});
  CHECK(autograd::hessian(f, {2, 3}).data == Numbers{6, 4, 4, 0});
  CHECK(check_gradient(f, {2, 3}).ok());

  const auto numbers_only = custom(
      "numbers_only", [](std::span<const double> x) { return x[0] * x[1]; },
      [](std::span<const double> x, double upstream) {
        return Numbers{upstream * x[1], upstream * x[0]};
      });
  a.zero_grad();
  const Value z = numbers_only(a, b);
  z.backward();
  CHECK(a.grad() == 3);
  CHECK_THROWS_AS(derivatives(z, {a}), autograd::Error);
}

TEST_CASE("custom: check_gradient() confirms a right rule and names what is wrong with others") {
  const auto check = [](const auto& operation) {
    return check_gradient([&](Values x) { return exp(0.1 * operation(x[0])); }, {1.3});
  };
  CHECK(check(cube).ok());

  const auto value = [](auto x) { return x[0] * x[0] * x[0]; };
  const auto opposite = custom("opposite", value, [](auto x) { return -3.0 * x[0] * x[0]; });
  const auto half = custom("half", value, [](auto x) { return 1.5 * x[0] * x[0]; });
  const auto other = custom("other", value, [](auto x) { return 3.0 * x[0]; });
  const auto wrong_sign = check(opposite);
  CHECK(!wrong_sign.ok());
  CHECK(wrong_sign.inputs[0].verdict == Verdict::kWrongFactor);
  CHECK(wrong_sign.inputs[0].factor == -1);
  CHECK(wrong_sign.inputs[0].words ==
        "the derivative is -1 times what it should be: a sign is wrong");
  const auto wrong_half = check(half);
  CHECK(wrong_half.inputs[0].verdict == Verdict::kWrongFactor);
  CHECK(wrong_half.inputs[0].factor == 0.5);
  CHECK(check(other).inputs[0].verdict == Verdict::kDisagrees);
}

TEST_CASE("custom: is differentiated again where its derivatives take Values") {
  const Value a = 2.0;
  const Value y = cube(a);
  const Value first = derivatives(y, {a})[0], second = derivatives(first, {a})[0];
  CHECK(first.data() == 12);
  CHECK(second.data() == 12);
  CHECK(derivatives(second, {a})[0].data() == 6);
  CHECK(autograd::hessian([](Values x) { return cube(x[0] * x[1]); }, {1, 2}).data ==
        Numbers{48, 36, 36, 12});
}

TEST_CASE("custom: derivatives known as numbers only are enough for backward(), not for more") {
  const Value a = 2.0, b = 4.0;
  const Value y = plain_mean(a, b) * a;
  y.backward();
  CHECK(a.grad() == 4);
  CHECK_THROWS_WITH_AS(
      derivatives(y, {a}),
      "derivatives() through the custom operation 'plain_mean': its local derivatives are known as "
      "numbers only. Let the function that gives them take std::span<const Value> too, as [](auto "
      "x) does; or use backward() for a first derivative.",
      autograd::Error);
  // What does not lead through it is not in the way.
  CHECK(derivatives(a * b + y.detach(), {b})[0].data() == 2);
}

TEST_CASE("custom: a wrong number of derivatives, or no operands, are named") {
  const auto sum = [](auto x) { return x[0] + x[1]; };
  const auto one = custom("forgetful", sum, [](auto) { return 1.0; });
  CHECK_THROWS_WITH_AS(one(Value(1), Value(2)),
                       "custom operation 'forgetful': 2 operands, but 1 local derivatives; there "
                       "must be one for each",
                       autograd::Error);
  CHECK_THROWS_WITH_AS(plain_mean(std::span<const Value>()),
                       "custom operation 'plain_mean': it needs at least one operand",
                       autograd::Error);
}

TEST_CASE("custom: a rule that is right in numbers and forgetful with Values is found out") {
  struct Forgetful {
    Numbers operator()(std::span<const double> x) const { return {x[1], x[0]}; }
    std::vector<Value> operator()(Values x) const { return {x[1]}; }
  };
  const auto product = custom(
      "product", [](auto x) { return x[0] * x[1]; }, Forgetful{});
  const Value a = 2.0, b = 3.0;
  const Value y = product(a, b);
  y.backward();
  CHECK(b.grad() == 2);
  CHECK_THROWS_AS(derivatives(y, {a}), autograd::Error);
}

TEST_CASE("custom: what its functions throw passes through and leaves nothing behind") {
  const auto failing = custom(
      "failing", [](auto x) -> double { return x[0] > 0 ? 1.0 : throw std::domain_error("no"); },
      [](auto) -> double { throw std::domain_error("never"); });
  const auto before = graph_statistics();
  CHECK_THROWS_WITH_AS(failing(Value(-1)), "no", std::domain_error);
  CHECK_THROWS_WITH_AS(failing(Value(1)), "never", std::domain_error);
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().leaves == before.leaves);
}

TEST_CASE("custom: Values that a rule has captured live as long as it is recorded, and no longer") {
  const auto before = graph_statistics();
  {
    Value y = 0.0;
    const Value x = 3.0;
    {
      const Value scale = 2.0;
      const auto scaled = custom(
          "scaled", [scale](auto in) { return in[0] * scale.data(); },
          [scale](auto) { return std::vector<Value>{scale}; });
      (void)scaled;
      const auto doubled = custom(
          "doubled", [scale](auto in) { return in[0] * scale.data(); },
          [scale](auto) { return scale.data(); });
      y = doubled(x);
    }
    y.backward();
    CHECK(x.grad() == 2);
  }
  CHECK(graph_statistics().leaves == before.leaves);
  CHECK(graph_statistics().operations == before.operations);
}

// ---- checkpoints ----

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

TEST_CASE("checkpoint: Values captured by f are constants in it") {
  const Value w = 3.0, a = 2.0;
  const auto f = [&](Values x) { return w * x[0] * x[0]; };
  const Value y = checkpoint(f, {a});
  y.backward();
  CHECK(a.grad() == 12);
  CHECK(w.grad() == 0);
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
