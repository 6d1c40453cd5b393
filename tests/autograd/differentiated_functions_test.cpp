// What a function that is differentiated may do: nest, capture Values, throw, grow sums; and very
// long ones.

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::gradient;
using autograd::Matrix;
using autograd::NoGradGuard;
using autograd::Value;
using autograd::value_and_gradient;
using numeric::is_close;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;
using Callable = generic::TwiceDifferentiable;

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

}  // namespace

// ---- what f may do ----

TEST_CASE("gradient: inside a function that is being differentiated") {
  // g(y) = y^3 has the slope 3 y^2, which the outer function sees as a number.
  const auto cube = [](auto y) { return y[0] * y[0] * y[0]; };
  const auto outer = [cube](auto x) {
    const double slope = gradient(cube, {x[0].data()})[0];
    auto product = x[0] * x[1];
    for (std::size_t i = 2; i < x.size(); ++i) {
      const Numbers many(6, x[i].data());
      product += x[i] * gradient([](auto y) { return dot(y, y); }, many)[0];
    }
    return slope * product;
  };
  CHECK(gradient(outer, {2, 3}) == Numbers{36, 24});
  CHECK(gradient(outer, {2, 3, 4, 5, 6}) == Numbers{36, 24, 96, 120, 144});
  CHECK(gradient(on_values(outer), {2, 3, 4, 5, 6}) == Numbers{36, 24, 96, 120, 144});
}

TEST_CASE("gradient: of Values inside of a gradient of Values leaves the outer one whole") {
  const auto f = [](Values x) {
    const Value before = x[0] * x[1];
    const Numbers inner = gradient([](Values y) { return y[0] * y[0] * y[1]; }, {3, 4});
    const Matrix second = autograd::hessian([](auto y) { return y[0] * y[0]; }, {3});
    return before * inner[0] + x[1] * second(0, 0);
  };
  CHECK(gradient(f, {2, 5}) == Numbers{120, 50});
}

TEST_CASE("gradient: other Values in f are constants, and keep their own gradients") {
  const Value w = 3.0;
  (w * w).backward();
  CHECK(w.grad() == 6);
  const auto f = [&](Values x) { return w * x[0] * x[0]; };
  CHECK(gradient(f, {2}) == Numbers{12});
  CHECK(autograd::hessian(f, {2}).data == Numbers{6});
  CHECK(autograd::jvp(f, {2}, {1}).derivatives == Numbers{12});
  CHECK(autograd::vjp(f, {2}, {1}).gradient == Numbers{12});
  CHECK(autograd::jacobian(f, {2}).data == Numbers{12});
  CHECK(w.data() == 3);
  CHECK(w.grad() == 6);

  // The same for results: what they were computed from is not looked at.
  const Value a = 2.0;
  const Value u = a * w, v = u * u;
  v.backward();
  const auto with_result = [&](Values x) { return u * x[0] + u; };
  CHECK(gradient(with_result, {5}) == Numbers{6});
  CHECK(autograd::hessian(with_result, {5}).data == Numbers{0});
  CHECK(gradient([&](Values) { return u; }, {5}) == Numbers{0});
  CHECK(a.grad() == 36);
  CHECK(u.grad() == 12);
  CHECK(v.grad() == 1);
}

TEST_CASE("gradient: an exception thrown in f passes through and leaves nothing behind") {
  const Callable throwing = [](auto x) {
    auto y = x[0] * x[1] + x[2];
    for (std::size_t i = 3; i < x.size(); ++i) y += x[i] * y;
    if (y > 0.0) throw std::runtime_error("in the middle");
    return y;
  };
  const graphs::Size before = graphs::size();
  const auto failing = [&](const auto& call) {
    CHECK_THROWS_WITH_AS(call(), "in the middle", std::runtime_error);
    CHECK(graphs::size() == before);
  };
  for (const std::size_t n : {3u, 7u}) {
    const Numbers x(n, 1.0);
    failing([&] { gradient(throwing, x); });
    failing([&] { gradient(on_values(throwing), x); });
    failing([&] { autograd::jacobian(throwing, x); });
    failing([&] { autograd::hessian(throwing, x); });
    failing([&] { autograd::jvp(throwing, x, x); });
    failing([&] { autograd::vjp(throwing, x, {1}); });
    failing([&] {  // from a gradient inside of a gradient
      gradient([&](auto y) { return y[0] * gradient(throwing, x)[0]; }, x);
    });
    CHECK(gradient([](auto y) { return sum(y); }, x) == Numbers(n, 1.0));
  }
}

TEST_CASE("gradient: leaves no graph behind") {
  const graphs::Size before = graphs::size();
  const Numbers x(6, 0.5);
  const Callable f = [](auto in) { return norm(in) * in[0]; };
  for (int i = 0; i < 3; ++i) {
    gradient(f, x);
    gradient(on_values(f), x);
    autograd::hessian(f, x);
    autograd::jacobian(f, x);
    autograd::hessian_vector_product(f, x, x);
  }
  CHECK(graphs::size() == before);
}

TEST_CASE("gradient: a NoGradGuard outside of f does nothing, one inside of f does what it says") {
  const Value kept = 2.0;
  const Callable f = [](auto x) { return x[0] * x[0] * x[1]; };
  const NoGradGuard guard;
  const Value before = kept * kept;
  CHECK(gradient(f, {2, 3}) == Numbers{12, 4});
  CHECK(gradient(on_values(f), {2, 3}) == Numbers{12, 4});
  CHECK(autograd::jacobian(on_values(f), {2, 3}).data == Numbers{12, 4});
  CHECK(autograd::hessian(f, {2, 3}).data == Numbers{6, 4, 4, 0});
  CHECK(autograd::hessian_vector_product(f, {2, 3}, {1, 0}) == Numbers{6, 4});
  CHECK(autograd::vjp(f, {2, 3}, {2}).gradient == Numbers{24, 8});
  CHECK(autograd::jvp(on_values(f), {2, 3}, {1, 0}).derivatives == Numbers{12});
  const auto guarded = [](Values x) {
    const Value factor = [&] {
      const NoGradGuard inner;
      return x[0] * x[0];
    }();
    return factor * x[0];
  };
  CHECK(gradient(guarded, {3}) == Numbers{9});
  // The guard goes on after it.
  const Value after = kept * kept, next = kept * after, last = next + kept;
  for (const Value& each : {before, after, next, last}) CHECK(each.is_leaf());
  CHECK_THROWS_AS(last.backward(), autograd::Error);
}

TEST_CASE("gradient: wrong lengths are named") {
  const Callable f = [](auto x) { return x[0]; };
  std::array<double, 3> three{};
  CHECK_THROWS_WITH_AS(
      value_and_gradient(f, {1, 2}, three),
      "value_and_gradient(): the gradient needs one entry for each input, 2 in all; it has 3",
      autograd::Error);
  CHECK_THROWS_WITH_AS(autograd::jvp(f, {1, 2}, {1}),
                       "jvp(): the direction needs one entry for each input, 2 in all; it has 1",
                       autograd::Error);
  CHECK_THROWS_WITH_AS(
      autograd::hessian_vector_product(f, {1, 2}, {}),
      "hessian_vector_product(): the vector needs one entry for each input, 2 in all; it has 0",
      autograd::Error);
  CHECK_THROWS_WITH_AS(
      autograd::vjp(f, {1, 2}, {1, 1}),
      "vjp(): the list of weights needs one entry for each output, 1 in all; it has 2",
      autograd::Error);
  int calls = 0;
  const auto changing = [&calls](auto x) {
    return std::vector<typename decltype(x)::value_type>(calls++ == 0 ? 3u : 2u, x[0]);
  };
  CHECK_THROWS_WITH_AS(autograd::jacobian(changing, Numbers(17, 1.0)),
                       "jacobian(): the result of f needs one entry for each output of its first "
                       "call, 3 in all; it has 2",
                       autograd::Error);
}

// ---- size ----

TEST_CASE("gradient: a sum of more terms than a node counts, and a long chain") {
  constexpr std::size_t kTerms = 150'000;
  const Callable grown = [](auto x) {
    auto s = x[0] * x[1];
    for (std::size_t k = 0; k < kTerms; ++k) s += x[k % 5];
    return s;
  };
  CHECK(gradient(grown, {1, 2, 3, 4, 5}) == Numbers{30'002, 30'001, 30'000, 30'000, 30'000});
  const Callable of_products = [](auto x) {
    auto s = x[0] * x[1];
    for (std::size_t k = 0; k < kTerms; ++k) s += x[k % 5] * x[(k + 1) % 5];
    return s;
  };
  const Numbers ones(5, 1.0);
  CHECK(gradient(of_products, ones) == Numbers{60'001, 60'001, 60'000, 60'000, 60'000});
  const Callable chain = [](auto x) {
    auto y = x[0];
    for (std::size_t k = 0; k < kTerms; ++k) y = y + x[k % 5] * 1e-5;
    return y;
  };
  CHECK(gradient(chain, ones)[0] == doctest::Approx(1.3));
  CHECK(gradient(on_values(chain), ones)[0] == doctest::Approx(1.3));
}

TEST_CASE("gradient: very many inputs in one operation") {
  const Numbers x(200'000, 1.0);
  const Callable mean_of_all = [](auto in) { return mean(in); };
  const auto slopes = gradient(mean_of_all, x);
  CHECK(is_close(slopes, Numbers(x.size(), 1.0 / 200'000)));
  CHECK(gradient([](auto in) { return sum(in); }, x) == Numbers(x.size(), 1.0));
  CHECK(gradient([](auto in) { return dot(in, in); }, x) == Numbers(x.size(), 2.0));
}

// ---- misuse that is none ----

TEST_CASE("vjp: NaN and infinity among the weights show in the gradient, 0 does not") {
  const auto f = [](auto x) { return std::vector{x[0] * x[0], sqrt(x[1])}; };
  const double inf = std::numeric_limits<double>::infinity();
  const Numbers poisoned = autograd::vjp(f, {3, 4}, {std::nan(""), 1}).gradient;
  CHECK(std::isnan(poisoned[0]));
  CHECK(poisoned[1] == 0.25);
  CHECK(autograd::vjp(f, {3, 4}, {inf, 1}).gradient == Numbers{inf, 0.25});
  CHECK(autograd::vjp(f, {3, 0}, {1, 0}).gradient == Numbers{6, 0});
}

// Copies would hide that a number is alone on its node.
TEST_CASE("gradient: operands of a range, and numbers that were moved, may still grow") {
  const auto same_as_on_values = [](const Callable& f) {
    const std::vector<double> at{1, 2, 3, 4, 5, 6};
    const auto on_values = [&](std::span<const Value> x) { return f(x); };
    const auto expected = autograd::gradient(on_values, at);
    const auto found = autograd::gradient(f, at);
    for (std::size_t i = 0; i < at.size(); ++i)
      CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-13));
  };
  same_as_on_values([](auto x) {
    std::vector<std::remove_cvref_t<decltype(x[0])>> v;
    v.push_back(x[0] * x[1]);
    auto length = norm(v);
    v[0] += x[2];
    return length * 3.0 + v[0] * x[3];
  });
  same_as_on_values([](auto x) {
    std::vector<std::remove_cvref_t<decltype(x[0])>> v;
    v.push_back(x[0] * x[1]);
    v.push_back(2.0);
    auto soft = logsumexp(v);
    v[0] += x[2] * x[4];
    return soft * 3.0 + v[0] * x[3];
  });
  same_as_on_values([](auto x) {
    auto s = x[0] * x[1];
    auto t = std::move(s);
    s = x[2] * x[5];
    s += x[2];
    t += x[4];
    return t * x[3] + s;
  });
}

TEST_CASE("gradient: a sum from outside of f that is added to in f leads to the inputs") {
  for (const int kind : {0, 1, 2}) {
    CAPTURE(kind);
    Value a = 1, b = 2;
    const auto outside = [&] {
      Value s = a;
      if (kind == 0) s = a * b;
      if (kind == 1) s += b;
      if (kind == 2) s += a * b;
      return s;
    };
    {
      Value s = outside();
      const auto f = [&](Values x) { return s += x[0]; };
      CHECK(gradient(f, {3.0, 4.0}) == Numbers{1, 0});
    }
    {
      Value s = outside();
      const auto f = [&](Values x) { return s += x[0] * x[1]; };
      CHECK(gradient(f, {3.0, 4.0}) == Numbers{4, 3});
    }
    {
      Value s = outside();
      const auto f = [&](Values x) {
        s += x[0];
        return std::vector<Value>{s, x[1] * 1.0};
      };
      const Matrix j = autograd::jacobian(f, {3.0, 4.0});
      CHECK(j(0, 0) == 1);
      CHECK(j(0, 1) == 0);
    }
    {
      Value s = outside();
      const auto f = [&](Values x) {
        Value u = s;
        u += 1.0 * x[0];
        return u * u;
      };
      CHECK(autograd::hessian(f, {3.0})(0, 0) == 2);
    }
  }
}

TEST_CASE("gradient: a product that a sum has taken over may be added to again") {
  const Callable f = [](auto x) {
    auto s = x[0] * x[1];
    auto t = x[2] * x[3];
    s += std::move(t);
    t = x[4];
    t += x[4];
    return s + 0.0 * t;
  };
  CHECK(gradient(f, {1, 2, 3, 4, 5}) == Numbers{2, 1, 4, 3, 0});
  const Callable g = [](auto x) {
    auto s = x[0] * x[1];
    auto t = x[2] * x[3];
    s += std::move(t);
    // Whatever t is now, it is not s.  NOLINTNEXTLINE(bugprone-use-after-move)
    t += x[4];
    return s;
  };
  CHECK(gradient(g, {1, 2, 3, 4, 5}) == Numbers{2, 1, 4, 3, 0});
}
