// Operations of one's own.

#include <array>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace {

using autograd::check_gradient;
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

}  // namespace

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
