// Gradients, Jacobians, Hessians and directional derivatives of functions: on dual numbers, on the
// statement tape and on Values, against closed forms and against each other.

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::gradient;
using autograd::graph_statistics;
using autograd::Matrix;
using autograd::NoGradGuard;
using autograd::Value;
using autograd::value_and_gradient;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

bool is_close(double x, double y) {
  return std::abs(x - y) <= 1e-12 * std::max({1.0, std::abs(x), std::abs(y)});
}
bool is_close(const Numbers& x, const Numbers& y) {
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!is_close(x[i], y[i])) return false;
  return true;
}

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

Numbers unit(std::size_t size, std::size_t i) {
  Numbers direction(size, 0.0);
  direction[i] = 1;
  return direction;
}

// The gradient in every way there is.
template <class F> void check_all_ways(const F& f, const Numbers& x, const Numbers& expected) {
  CHECK(is_close(gradient(f, x), expected));
  CHECK(is_close(gradient(on_values(f), x), expected));
  CHECK(is_close(autograd::jacobian(f, x).data, expected));
  CHECK(is_close(autograd::jacobian(on_values(f), x).data, expected));
  CHECK(is_close(autograd::vjp(f, x, {1.0}).gradient, expected));
  Numbers folded(x.size());
  autograd::detail::gradient_on_statements(f, x, folded);
  CHECK(is_close(folded, expected));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Numbers direction = unit(x.size(), i);
    CHECK(is_close(autograd::jvp(f, x, direction).derivatives, Numbers{expected[i]}));
    CHECK(is_close(autograd::jvp(on_values(f), x, direction).derivatives, Numbers{expected[i]}));
  }
}

const auto product_of_sines = [](auto x) {
  using std::sin;
  return x[0] * sin(x[1]);
};

}  // namespace

// ---- values ----

TEST_CASE("gradient: few inputs agree with closed forms in every way") {
  check_all_ways(product_of_sines, {1.5, 0.3}, {std::sin(0.3), 1.5 * std::cos(0.3)});
  check_all_ways([](auto x) { return exp(x[0]); }, {0.7}, {std::exp(0.7)});
  check_all_ways([](auto x) { return x[0] * x[1] / x[2] - x[3]; }, {2, 3, 4, 5},
                 {0.75, 0.5, -0.375, -1});
}

TEST_CASE("gradient: many inputs agree with closed forms in every way") {
  Numbers x, twice, others;
  for (int i = 1; i <= 9; ++i) {
    x.push_back(0.5 * i);
    twice.push_back(i);
  }
  double product = 1;
  for (const double each : x) product *= each;
  for (const double each : x) others.push_back(product / each);
  check_all_ways([](auto in) { return dot(in, in); }, x, twice);
  check_all_ways(
      [](auto in) {
        auto y = in[0];
        for (std::size_t i = 1; i < in.size(); ++i) y *= in[i];
        return y;
      },
      x, others);
}

TEST_CASE("value_and_gradient: gives the value too, into a vector or into memory of the caller") {
  const auto [value, slopes] = value_and_gradient(product_of_sines, {1.5, 0.3});
  CHECK(value == 1.5 * std::sin(0.3));
  CHECK(is_close(slopes, {std::sin(0.3), 1.5 * std::cos(0.3)}));

  std::array<double, 2> into{7, 7};
  CHECK(value_and_gradient(product_of_sines, {1.5, 0.3}, into) == value);
  CHECK(into[0] == slopes[0]);
  CHECK(into[1] == slopes[1]);
  const std::array<double, 2> point{1.5, 0.3};
  CHECK(gradient(product_of_sines, std::span(point)) == slopes);
}

TEST_CASE("value_and_gradient: of an array is an array, the same numbers in every way") {
  const auto check = [](const auto& f, const auto& point) {
    using Array = std::decay_t<decltype(point)>;
    const auto [value, slopes] = value_and_gradient(f, point);
    static_assert(std::is_same_v<decltype(slopes), const Array>);
    static_assert(std::is_same_v<decltype(gradient(f, point)), Array>);
    const Numbers x(point.begin(), point.end());
    const auto expected = value_and_gradient(on_values(f), x);
    CHECK(value == doctest::Approx(expected.value).epsilon(1e-15));
    CHECK(is_close(Numbers(slopes.begin(), slopes.end()), expected.gradient));
    CHECK(gradient(f, point) == slopes);
    CHECK(is_close(gradient(f, x), expected.gradient));
    const auto of_values = gradient(on_values(f), point);
    CHECK(Numbers(of_values.begin(), of_values.end()) == expected.gradient);
  };
  const auto f = [](auto x) {
    auto y = 1.0 / (x.front() * x.back() + x[x.size() / 2]);
    for (const auto& each : x) y += sin(each) * y;
    return y;
  };
  check(f, std::array{0.7});
  check(f, std::array{0.7, 1.3});
  check(f, std::array{0.7, 1.3, 0.4});
  check(f, std::array{0.7, 1.3, 0.4, -0.2});
  check(f, std::array{0.7, 1.3, 0.4, -0.2, 2.1});
  check([](auto) { return 3.0 * exp(0.5); }, std::array<double, 0>{});
  // An input that does not matter, and one that is the result.
  CHECK(gradient([](auto x) { return x[1]; }, std::array{1.0, 2.0, 3.0}) ==
        std::array{0.0, 1.0, 0.0});
}

TEST_CASE("value_and_gradient: of an array, what is infinite reaches only what it belongs to") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto f = [](auto x) { return sqrt(x[0]) + 3.0 * x[1]; };
  CHECK(gradient(f, std::array{0.0, 1.0}) == std::array{inf, 3.0});
  CHECK(gradient([](auto x) { return 0.0 * sqrt(x[0]) + x[0]; }, std::array{0.0}) ==
        std::array{1.0});
  const auto huge = [](auto x) { return 1e308 * x[0] + 1e308 * x[1]; };  // finite, but not its sum
  CHECK(gradient(huge, std::array{1.0, 1.0}) == std::array{1e308, 1e308});
  CHECK(gradient(huge, {1.0, 1.0}) == Numbers{1e308, 1e308});
  const auto large = [](auto x) { return 1e200 * x[0] - 1e200 * x[1] + x[2]; };
  CHECK(gradient(large, std::array{1.0, 1.0, 1.0}) == std::array{1e200, -1e200, 1.0});
  CHECK(gradient(large, std::array{1.0, 1.0, 1.0, inf}) == std::array{1e200, -1e200, 1.0, 0.0});
  const auto each = [](auto x) { return x[0] * sqrt(x[1]) + 2.0 * x[2]; };
  CHECK(gradient(each, std::array{3.0, 0.0, 1.0}) == std::array{0.0, inf, 2.0});
  CHECK(gradient(each, std::array{3.0, 0.0, 1.0, 0.0}) == std::array{0.0, inf, 2.0, 0.0});
  CHECK(std::isnan(gradient([](auto x) { return log(x[0]); }, std::array{-1.0, 2.0})[0]));
}

TEST_CASE("gradient: constants, an input itself, and no inputs") {
  const auto constant = [](auto x) { return typename decltype(x)::value_type(3); };
  for (const std::size_t inputs : {0u, 1u, 4u, 5u}) {
    const Numbers x(inputs, 2.0);
    CAPTURE(inputs);
    CHECK(value_and_gradient(constant, x).value == 3);
    CHECK(gradient(constant, x) == Numbers(inputs, 0.0));
    CHECK(gradient(on_values(constant), x) == Numbers(inputs, 0.0));
    CHECK(autograd::jacobian(constant, x).rows == 1);
    CHECK(autograd::hessian(constant, x).data == Numbers(inputs * inputs, 0.0));
  }
  const auto last = [](auto x) { return x.back(); };
  CHECK(gradient(last, {1, 2}) == Numbers{0, 1});
  CHECK(gradient(last, {1, 2, 3, 4, 5, 6}) == Numbers{0, 0, 0, 0, 0, 1});
  CHECK(gradient(on_values(last), {1, 2}) == Numbers{0, 1});
  CHECK(autograd::hessian(last, {1, 2}).data == Numbers(4, 0.0));
  CHECK(gradient([](Values) { return Value(); }, {1, 2}) == Numbers{0, 0});
}

TEST_CASE("gradient: the point may be of any size around the change from dual numbers to a tape") {
  for (std::size_t n = 1; n <= 9; ++n) {
    Numbers x, expected;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(0.1 * static_cast<double>(i + 1));
      expected.push_back(std::cos(x[i]));
    }
    const auto f = [](auto in) {
      typename decltype(in)::value_type s = 0;
      for (const auto& each : in) s += sin(each);
      return s;
    };
    CAPTURE(n);
    CHECK(is_close(gradient(f, x), expected));
    CHECK(is_close(autograd::jacobian(f, x).data, expected));
  }
}

// ---- several outputs ----

TEST_CASE("jacobian: several outputs in a vector or an array, more or fewer than inputs") {
  const auto polar = [](auto x) { return std::array{x[0] * cos(x[1]), x[0] * sin(x[1])}; };
  const Matrix j = autograd::jacobian(polar, {2, 0.5});
  CHECK(j.rows == 2);
  CHECK(j.columns == 2);
  CHECK(is_close(j.data, {std::cos(0.5), -2 * std::sin(0.5), std::sin(0.5), 2 * std::cos(0.5)}));
  CHECK(j(1, 0) == j.data[2]);

  const auto powers = [](auto x) { return std::vector{x[0], x[0] * x[0], pow(x[0], 3)}; };
  const auto tall = autograd::values_and_jacobian(powers, {2});
  CHECK(tall.values == Numbers{2, 4, 8});
  CHECK(is_close(tall.jacobian.data, {1, 4, 12}));
  const auto values_only = [powers](Values x) { return powers(x); };
  CHECK(autograd::jacobian(values_only, {2}).data == tall.jacobian.data);

  const auto halves = [](auto x) {
    return std::vector{sum(x.subspan(0, 10)), norm(x.subspan(10))};
  };
  const Numbers x(20, 3.0);
  const Matrix wide = autograd::jacobian(halves, x);
  CHECK(wide.rows == 2);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(wide(0, i) == (i < 10 ? 1 : 0));
    CHECK(is_close(wide(1, i), i < 10 ? 0 : 1 / std::sqrt(10)));
  }
  CHECK(
      is_close(autograd::jacobian([halves](Values in) { return halves(in); }, x).data, wide.data));
}

TEST_CASE("jacobian: outputs that are inputs, constants or one another") {
  const auto f = [](auto x) {
    using T = typename decltype(x)::value_type;
    const T y = x[0] * x[1];
    return std::vector<T>{x[1], T(5), y, y};
  };
  const Numbers expected{0, 1, 0, 0, 3, 2, 3, 2};
  CHECK(autograd::jacobian(f, {2, 3}).data == expected);
  CHECK(autograd::jacobian([f](Values x) { return f(x); }, {2, 3}).data == expected);
  CHECK(autograd::vjp(f, {2, 3}, {1, 1, 1, 1}).gradient == Numbers{6, 5});
  CHECK(autograd::jvp(f, {2, 3}, {1, 10}).derivatives == Numbers{10, 0, 23, 23});
}

TEST_CASE("jvp and vjp: are the Jacobian times a vector from either side") {
  const auto f = [](auto x) {
    return std::vector{x[0] * x[1] * x[2], exp(x[0] - x[2]), tanh(x[1]) / x[2]};
  };
  const Numbers x{0.3, -0.7, 1.9}, v{2, -1, 0.5}, w{1, -3, 2};
  const Matrix j = autograd::jacobian(f, x);
  Numbers right(3, 0.0), from_left(3, 0.0);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      right[i] += j(i, k) * v[k];
      from_left[k] += w[i] * j(i, k);
    }
  CHECK(is_close(autograd::jvp(f, x, v).derivatives, right));
  CHECK(is_close(autograd::vjp(f, x, w).gradient, from_left));
  const auto values_only = [f](Values in) { return f(in); };
  CHECK(is_close(autograd::jvp(values_only, x, v).derivatives, right));
  CHECK(autograd::jvp(f, x, v).values == autograd::vjp(f, x, w).values);
}

TEST_CASE("hessian: closed forms, symmetry and products") {
  const auto f = [](auto x) { return x[0] * x[0] * x[1] + exp(x[1] * x[2]); };
  const Numbers x{2, 0.5, -1};
  const double e = std::exp(-0.5);
  const Matrix h = autograd::hessian(f, x);
  CHECK(is_close(h.data, {1, 4, 0, 4, e, e - 0.5 * e, 0, e - 0.5 * e, 0.25 * e}));
  CHECK(is_close(autograd::hessian(on_values(f), x).data, h.data));
  const Numbers v{1, -2, 3};
  Numbers expected(3, 0.0);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t k = 0; k < 3; ++k) expected[i] += h(i, k) * v[k];
  CHECK(is_close(autograd::hessian_vector_product(f, x, v), expected));
  CHECK(is_close(autograd::hessian_vector_product(on_values(f), x, v), expected));
}

TEST_CASE("hessian: is the Jacobian of the gradient") {
  const auto f = [](auto x) { return norm(x) * logsumexp(x) + sin(x[0] * x[4]); };
  const Numbers x{0.4, 1.1, -0.3, 0.9, 1.7};
  const Matrix h = autograd::hessian(f, x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double step = 1e-5;
    Numbers above = x, below = x;
    above[k] += step;
    below[k] -= step;
    const Numbers up = gradient(f, above), down = gradient(f, below);
    for (std::size_t i = 0; i < x.size(); ++i)
      CHECK(h(i, k) == doctest::Approx((up[i] - down[i]) / (2 * step)).epsilon(1e-7));
  }
}

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
  const auto throwing = [](auto x) {
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
  const auto f = [](auto in) { return norm(in) * in[0]; };
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
  const auto f = [](auto x) { return x[0] * x[0] * x[1]; };
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
  const auto f = [](auto x) { return x[0]; };
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
  CHECK_THROWS_WITH_AS(autograd::jacobian(changing, Numbers(5, 1.0)),
                       "jacobian(): the result of f needs one entry for each output of its first "
                       "call, 3 in all; it has 2",
                       autograd::Error);
}

// ---- size ----

TEST_CASE("gradient: a sum of more terms than a node counts, and a long chain") {
  constexpr std::size_t kTerms = 150'000;
  const auto grown = [](auto x) {
    auto s = x[0] * x[1];
    for (std::size_t k = 0; k < kTerms; ++k) s += x[k % 5];
    return s;
  };
  CHECK(gradient(grown, {1, 2, 3, 4, 5}) == Numbers{30'002, 30'001, 30'000, 30'000, 30'000});
  const auto of_products = [](auto x) {
    auto s = x[0] * x[1];
    for (std::size_t k = 0; k < kTerms; ++k) s += x[k % 5] * x[(k + 1) % 5];
    return s;
  };
  const Numbers ones(5, 1.0);
  CHECK(gradient(of_products, ones) == Numbers{60'001, 60'001, 60'000, 60'000, 60'000});
  const auto chain = [](auto x) {
    auto y = x[0];
    for (std::size_t k = 0; k < kTerms; ++k) y = y + x[k % 5] * 1e-5;
    return y;
  };
  CHECK(gradient(chain, ones)[0] == doctest::Approx(1.3));
  CHECK(gradient(on_values(chain), ones)[0] == doctest::Approx(1.3));
}

TEST_CASE("gradient: very many inputs in one operation") {
  const Numbers x(200'000, 1.0);
  const auto mean_of_all = [](auto in) { return mean(in); };
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
  const auto same_as_on_values = [](auto f) {
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
  const auto f = [](auto x) {
    auto s = x[0] * x[1];
    auto t = x[2] * x[3];
    s += std::move(t);
    t = x[4];
    t += x[4];
    return s + 0.0 * t;
  };
  CHECK(gradient(f, {1, 2, 3, 4, 5}) == Numbers{2, 1, 4, 3, 0});
  const auto g = [](auto x) {
    auto s = x[0] * x[1];
    auto t = x[2] * x[3];
    s += std::move(t);
    t += x[4];  // whatever t is now, it is not s
    return s;
  };
  CHECK(gradient(g, {1, 2, 3, 4, 5}) == Numbers{2, 1, 4, 3, 0});
}
