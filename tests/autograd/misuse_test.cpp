// What callers do wrong or oddly, and what they are told: wrong lengths, nothing in or nothing out,
// NaN as a seed, functions that return what they should not.
//
// Elsewhere: what f throws or keeps (callable_lifetime_test), Values on foreign threads (thread_test),
// set_data() on results (value_test), custom operations (custom_test), parameters that are no leaves
// (check_test), freezing (freeze_test), memory that runs out (out_of_memory_test).

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::check_gradient;
using autograd::derivatives;
using autograd::Error;
using autograd::gradient;
using autograd::hessian_vector_product;
using autograd::jacobian;
using autograd::jvp;
using autograd::Value;
using autograd::value_and_gradient;
using autograd::vjp;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNaN = std::nan("");

// Equal number by number, where NaN equals NaN.
bool is_same(const Numbers& x, const Numbers& y) {
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i] && !(std::isnan(x[i]) && std::isnan(y[i]))) return false;
  }
  return true;
}

}  // namespace

// ---- backward() ----

TEST_CASE("misuse: backward() of a NaN gives the gradients that the local derivatives say") {
  const Value outside = -1, other = 2, nan = kNaN;
  const Value y = log(outside) + 3 * other;
  y.backward();
  CHECK(std::isnan(y.data()));
  CHECK(std::isnan(outside.grad()));
  CHECK(other.grad() == 3);
  const Value z = nan * other;
  other.zero_grad();
  z.backward();
  CHECK(nan.grad() == 2);
  CHECK(std::isnan(other.grad()));
}

TEST_CASE(
    "misuse: backward() of a constant is an Error that says what is one, and changes nothing") {
  const char* const text =
      "backward() of a constant: no leaf would receive a gradient. It is a plain number, frozen, "
      "or "
      "was computed under a NoGradGuard. Compute it from Values, thaw() it, or end the guard "
      "before.";
  const Value a = 2, kept = a * a;
  kept.backward();
  Value frozen = 3, guarded;
  frozen.freeze();
  const auto check = [&](const Value& constant) {
    CHECK_THROWS_WITH_AS(constant.backward(), text, autograd::Error);
    CHECK(constant.grad() == 0);
    CHECK(kept.grad() == 1);
    CHECK(a.grad() == 4);
  };
  check(Value());
  check(Value::constant(3));
  check(frozen);
  {
    const autograd::NoGradGuard guard;
    guarded = sin(a) * a;
    check(guarded);
    check(a * a);
    check(sum(std::vector{a, a}));
  }
  check(guarded);
  frozen.thaw();
  frozen.backward();
  CHECK(frozen.grad() == 1);
  // What has operands is none, even if all of them are constants.
  (Value::constant(3) * Value::constant(2)).backward();
  kept.backward();
  CHECK(a.grad() == 8);
}

TEST_CASE("misuse: what an output does not depend on has the gradient 0, and no other is touched") {
  const Value x = 2, unrelated = 3;
  const Value y = x * x;
  y.backward();
  CHECK(unrelated.grad() == 0);
  CHECK_FALSE(unrelated.has_grad());
  CHECK(derivatives(y, {unrelated})[0].data() == 0);
  CHECK(gradient([](auto in) { return in[0] * in[0]; }, {2, 3}) == Numbers{4, 0});
  CHECK(jacobian(
            [](auto in) {
              return std::vector{in[1], in[1]};
            },
            {2, 3})
            .data == Numbers{0, 1, 0, 1});
}

// ---- wrong lengths ----

TEST_CASE("misuse: a wrong length is found before f is called, and changes nothing") {
  helpers::on_a_fresh_graph([] {
    int calls = 0;
    const auto f = [&calls](auto x) {
      ++calls;
      return x[0] * x[0];
    };
    std::array<double, 3> slopes{7, 8, 9};
    const graphs::Size before = graphs::size();
    CHECK_THROWS_AS(value_and_gradient(f, {1, 2}, slopes), Error);
    CHECK_THROWS_AS(jvp(f, {1, 2}, {1, 2, 3}), Error);
    CHECK_THROWS_AS(hessian_vector_product(f, {1, 2}, {1}), Error);
    CHECK(calls == 0);
    CHECK(slopes == std::array<double, 3>{7, 8, 9});
    // How many outputs f has is only known from f.
    CHECK_THROWS_AS(vjp(f, {1, 2}, {}), Error);
    CHECK(calls == 1);
    CHECK(graphs::size() == before);
  });
}

// ---- NaN as a seed ----

TEST_CASE("misuse: NaN in a direction or a vector shows where it counts, and only there") {
  const auto f = [](auto x) { return std::vector{x[0] * x[0], sqrt(x[1])}; };
  CHECK(is_same(jvp(f, {3, 4}, {kNaN, 1}).derivatives, {kNaN, 0.25}));
  CHECK(is_same(jvp(f, {3, 4}, {kInf, 1}).derivatives, {kInf, 0.25}));
  CHECK(jvp(f, {3, 4}, {kNaN, 1}).values == Numbers{9, 2});
  const auto on_values = [f](Values x) { return f(x); };
  CHECK(is_same(jvp(on_values, {3, 4}, {kNaN, 1}).derivatives, {kNaN, 0.25}));

  const auto g = [](auto x) { return pow(x[0], 3) + x[1] * x[1]; };  // Hessian diag(6 x0, 2)
  CHECK(hessian_vector_product(g, {2, 5}, {1, 1}) == Numbers{12, 2});
  CHECK(is_same(hessian_vector_product(g, {2, 5}, {kNaN, 1}), {kNaN, 2}));
  CHECK(is_same(hessian_vector_product(g, {2, 5}, {1, kNaN}), {12, kNaN}));
}

TEST_CASE("misuse: NaN among the inputs shows in value and gradient, and is no error") {
  const auto f = [](auto x) { return x[0] * x[1] + x[2]; };
  for (const bool many : {false, true}) {
    Numbers x{kNaN, 2, 3}, expected{2, kNaN, 1};
    if (many) {
      x.resize(9, 1.0);
      expected.resize(9, 0.0);
    }
    const auto y = value_and_gradient(f, x);
    CHECK(std::isnan(y.value));
    CHECK(is_same(y.gradient, expected));
  }
  const auto report = check_gradient(f, {kNaN, 2, 3});
  CHECK_FALSE(report.ok());
  CHECK(report.inputs[0].verdict == autograd::Verdict::kNotFinite);
}

// ---- nothing in, nothing out ----

TEST_CASE("misuse: a function of no inputs has derivatives with no entries") {
  const auto three = [](auto x) { return typename decltype(x)::value_type(3); };
  const auto pair = [](auto x) {
    using T = typename decltype(x)::value_type;
    return std::vector<T>{T(3), T(4)};
  };
  const Numbers none;
  CHECK(value_and_gradient(three, none).gradient.empty());
  const auto j = autograd::values_and_jacobian(pair, none);
  CHECK(j.values == Numbers{3, 4});
  CHECK(j.jacobian.rows == 2);
  CHECK(j.jacobian.columns == 0);
  CHECK(j.jacobian.data.empty());
  CHECK(jvp(pair, none, none).derivatives == Numbers{0, 0});
  CHECK(vjp(pair, none, {1, 1}).gradient.empty());
  CHECK(autograd::hessian(three, none).rows == 0);
  CHECK(hessian_vector_product(three, none, none).empty());
  const auto report = check_gradient(three, none);
  CHECK(report.inputs.empty());
  CHECK(report.ok());
  CHECK(report.to_string() == "0 of 0 derivatives are confirmed.\n");
  const Value x = 2;
  CHECK(derivatives(x * x, {}).empty());
  CHECK_THROWS_WITH_AS(autograd::checkpoint(three, {}),
                       "custom operation 'checkpoint': it needs at least one operand", Error);
}

TEST_CASE("misuse: a function of no outputs has derivatives with no entries") {
  helpers::on_a_fresh_graph([] {
    const auto nothing = [](auto x) { return std::vector<typename decltype(x)::value_type>{}; };
    const auto nothing_of_values = [](Values) { return std::vector<Value>{}; };
    const graphs::Size before = graphs::size();
    for (const std::size_t inputs : {0u, 2u, 9u}) {
      CAPTURE(inputs);
      const Numbers x(inputs, 1.0);
      for (const autograd::Matrix& j : {jacobian(nothing, x), jacobian(nothing_of_values, x)}) {
        CHECK(j.rows == 0);
        CHECK(j.columns == inputs);
        CHECK(j.data.empty());
      }
      CHECK(jvp(nothing, x, x).values.empty());
      CHECK(jvp(nothing_of_values, x, x).derivatives.empty());
      CHECK(vjp(nothing, x, {}).gradient == Numbers(inputs, 0.0));
    }
    CHECK(autograd::checkpoint(nothing, {Value(1)}).empty());
    CHECK(graphs::size() == before);
  });
}

// ---- functions that return what they should not ----

TEST_CASE("misuse: a function that returns what has nothing to do with its inputs has slope 0") {
  const Value outside = 5, result = outside * outside;
  const std::size_t before = graphs::size().operations;
  const auto number = [](auto) { return 3.0; };
  const auto returns_leaf = [&](Values) { return outside; };
  const auto returns_result = [&](Values) { return result; };
  const auto check = [](const auto& f, double value) {
    CHECK(value_and_gradient(f, {1, 2}).value == value);
    CHECK(gradient(f, {1, 2}) == Numbers{0, 0});
    CHECK(gradient(f, Numbers(9, 1.0)) == Numbers(9, 0.0));
    CHECK(autograd::hessian(f, {1, 2}).data == Numbers(4, 0.0));
    CHECK(hessian_vector_product(f, {1, 2}, {1, 1}) == Numbers{0, 0});
    CHECK(check_gradient(f, {1, 2}).ok());
  };
  check(number, 3);
  check(returns_leaf, 5);
  check(returns_result, 25);
  const auto both = [&](Values) { return std::vector{outside, result}; };
  CHECK(jacobian(both, {1}).data == Numbers{0, 0});
  CHECK(vjp(both, {1}, {1, 1}).gradient == Numbers{0});
  CHECK(jvp(both, {1}, {1}).derivatives == Numbers{0, 0});
  CHECK_FALSE(outside.has_grad());
  CHECK(graphs::size().operations == before);
}

TEST_CASE("misuse: a gradient inside of a gradient does not take Values from outside") {
  // What it gives back are plain numbers: their derivatives by the outer inputs would be lost.
  const auto outer = [](const auto& number_of) {
    return [&](Values x) {
      const auto inner = value_and_gradient([&](Values y) { return number_of(x[0]) * y[0]; }, {1});
      return x[0] * inner.gradient[0];
    };
  };
  const auto itself = [](const Value& x) { return x; };
  const auto square_of = [](const Value& x) { return x * x; };
  const auto constant = [](const Value& x) { return x.detach(); };
  CHECK_THROWS_WITH_AS(
      gradient(outer(itself), {3}),
      "a derivative that is asked for inside of a function that is differentiated or traced: it "
      "uses a Value of 3, which depends on the inputs of that function. The derivative is a plain "
      "number, so that this would be lost. Take derivatives() of Values, or detach() what is to be "
      "a constant.",
      Error);
  CHECK_THROWS_AS(gradient(outer(square_of), {3}), Error);
  CHECK(gradient(outer(constant), {3}) == Numbers{3});
}

#ifndef NDEBUG

TEST_CASE("misuse: a Value of another thread in a function is an Error that leaves nothing") {
  const Value foreign = 2;
  helpers::on_a_fresh_graph([&] {
    const graphs::Size before = graphs::size();
    const auto f = [&](Values x) { return x[0] * foreign; };
    CHECK_THROWS_AS(gradient(f, {1}), Error);
    CHECK_THROWS_AS(gradient([&](Values) { return foreign; }, {1}), Error);
    CHECK_THROWS_AS(autograd::hessian(f, {1}), Error);
    CHECK_THROWS_AS(jvp(f, {1}, {1}), Error);
    CHECK_THROWS_AS(check_gradient(f, {1}), Error);
    CHECK_THROWS_AS(autograd::find_nonfinite(foreign), Error);
    CHECK_THROWS_AS(derivatives(Value(1), {foreign}), Error);
    CHECK(graphs::size() == before);
    CHECK(gradient([](auto x) { return x[0] * x[0]; }, {3}) == Numbers{6});
  });
}

#endif

// ---- forward and backward over infinite slopes ----

TEST_CASE("misuse: no slope through an infinite derivative is 0 in every Jacobian, forward too") {
  // sqrt has the slope infinity at 0; nothing of x1 arrives there.
  const auto tall = [](auto x) {
    using T = typename decltype(x)::value_type;
    return std::vector<T>{sqrt(x[0]) + x[1], 0.0 * sqrt(x[0]), x[1] * x[1], T(1) * x[0]};
  };
  const Numbers expected{kInf, 1, 0, 0, 0, 6, 1, 0};
  const auto tall_of_values = [tall](Values x) { return tall(x); };
  CHECK(jacobian(tall, {0, 3}).data == expected);
  CHECK(jacobian(tall_of_values, {0, 3}).data == expected);
  // Backward, for comparison.
  for (std::size_t j = 0; j < 4; ++j) {
    CAPTURE(j);
    CHECK(gradient([&](auto x) { return tall(x)[j]; }, {0, 3}) ==
          Numbers{expected[2 * j], expected[2 * j + 1]});
  }
  CHECK(jvp(tall, {0, 3}, {0, 1}).derivatives == Numbers{1, 0, 6, 0});
  CHECK(jvp(tall_of_values, {0, 3}, {0, 1}).derivatives == Numbers{1, 0, 6, 0});
}
