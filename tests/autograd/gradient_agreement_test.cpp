// Dual numbers, the statement tape and Values: one function, the same gradient.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/special_values.hpp>

namespace {

using autograd::gradient;
using autograd::graph_statistics;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

bool is_close(const Numbers& x, const Numbers& y) {
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double size = std::max({1.0, std::abs(x[i]), std::abs(y[i])});
    if (!(std::abs(x[i] - y[i]) <= 1e-12 * size)) return false;
  }
  return true;
}

// The same function for Values alone.
template <class F> auto on_values(const F& f) {
  return [f](Values x) -> Value { return f(x); };
}

Numbers folded_gradient(const auto& f, const Numbers& x) {
  Numbers result(x.size());
  autograd::detail::gradient_on_statements(f, x, result);
  return result;
}

// ---- aliasing: which handle hangs on which node ----

using Callable = generic::OfRange<Value, generic::Dual<1>, generic::Active<double>>;

// f on the statement tape, on Values and on dual numbers.
void check_aliasing(const Callable& f) {
  const Numbers x{1.3, -0.7, 2.1, 0.4, -1.6};
  Numbers forward;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Numbers direction(x.size(), 0.0);
    direction[i] = 1;
    forward.push_back(autograd::jvp(f, x, direction).derivatives[0]);
  }
  CHECK(is_close(folded_gradient(f, x), forward));
  CHECK(is_close(gradient(on_values(f), x), forward));
}

}  // namespace

TEST_CASE("aliasing: a copy of a sum that then grows keeps what it was") {
  check_aliasing([](auto x) {
    auto s = x[0] * x[1] + x[2];
    const auto copy = s;
    s += x[3];
    s += x[4] * x[0];
    return copy * x[1] + s * s;
  });
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    auto other = x[2] * x[3];
    other = s;
    s += x[4];
    other += x[4] * x[4];
    return s * other;
  });
}

TEST_CASE("aliasing: a sum added to itself, or to a product with itself") {
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    s += s;
    return s;
  });
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    s += x[2];
    s += s * x[3];
    s += x[4] * s;
    s += s * s;
    return s;
  });
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    s += 2.0 * s;
    s += -s;
    s += s + x[2];
    s += std::move(s);  // NOLINTNEXTLINE(bugprone-use-after-move): the sum is in s again
    s -= s * x[0];
    s *= s;
    s /= x[4] * s + 1.0;
    return s;
  });
}

TEST_CASE("aliasing: a function of a sum that then grows keeps what it was a function of") {
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    const auto wave = sin(s);
    s += x[2] * x[3];
    const auto scaled = 3.0 * s;
    s += x[4];
    return wave * scaled + s;
  });
}

TEST_CASE("aliasing: a product moved into a sum after it was copied, negated or used") {
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    auto p = x[2] * x[3];
    const auto copy = p;
    s += std::move(p);
    return s * copy;
  });
  check_aliasing([](auto x) {
    auto s = x[0] * x[1];
    auto p = x[2] * x[3];
    const auto negated = -p;
    s += std::move(p);
    s += x[4] * x[4];
    return s * negated;
  });
  check_aliasing([](auto x) {
    auto p = x[2] * x[3];
    auto s = x[0] * x[1];
    s += std::move(p);  // p lies below s
    s += x[4] * x[1];
    return s;
  });
}

TEST_CASE("aliasing: sums that grow in turn, in containers, moved and swapped") {
  check_aliasing([](auto x) {
    using T = typename decltype(x)::value_type;
    std::vector<T> sums;
    for (std::size_t i = 0; i < 4; ++i) sums.push_back(x[i] * x[i + 1]);
    for (std::size_t k = 0; k < 12; ++k) sums[k % 4] += x[k % 5] * x[(k * k) % 5];
    std::swap(sums[0], sums[3]);
    T last = std::move(sums[3]);
    last += x[0];
    sums[3] = last;
    last += x[1];
    return sums[0] * sums[1] + sums[2] * sums[3] + last;
  });
}

TEST_CASE("aliasing: random programs agree on the statement tape, Values and dual numbers") {
  const auto program = [](std::uint64_t seed) {
    return [seed](auto x) {
      using T = typename decltype(x)::value_type;
      numeric::Random random(seed);
      const auto pick = [&] { return static_cast<std::size_t>(random.between(0, 5)); };
      std::vector<T> r(x.begin(), x.end());
      for (int step = 0; step < 25; ++step) {
        const std::size_t a = pick(), b = pick(), c = pick(), d = pick();
        switch (static_cast<int>(random.between(0, 16))) {
          case 0:
            r[a] = r[b];
            break;
          case 1:
            r[a] = r[b] * r[c];
            break;
          case 2:
            r[a] += r[b];
            break;
          case 3:
          case 4:
          case 5:
            r[a] += r[b] * r[c];
            break;
          case 6:
            r[a] += 0.5 * r[b];
            break;
          case 7:
            r[a] -= r[b] * x[c];
            break;
          case 8: {
            T product = r[b] * x[c];
            const T copy = product;
            r[a] += std::move(product);
            r[d] = tanh(copy);
            break;
          }
          case 9: {
            T product = r[b] * x[c];
            r[a] += product;
            r[a] += std::move(product);
            break;
          }
          case 10:
            r[a] = sin(r[b]);
            break;
          case 11:
            r[a] = x[b] + r[c];
            break;
          case 12:
            std::swap(r[a], r[b]);
            break;
          case 13: {
            T taken = std::move(r[a]);
            taken += x[b] * x[c];
            r[a] = x[d];
            r[d] = std::move(taken);
            break;
          }
          case 14:
            r[a] *= 0.25;
            break;
          default:
            r[a] = tanh(std::move(r[a]));
        }
        for (T& each : r)
          if (each > 4.0 || each < -4.0) each = tanh(each);
      }
      T y = r[0];
      for (std::size_t i = 1; i < 5; ++i) y += r[i] * x[i];
      return y;
    };
  };
  const Numbers x{1.3, -0.7, 2.1, 0.4, -1.6};
  const auto before = graph_statistics();
  for (std::uint64_t seed = 0; seed < helpers::cases(1000); ++seed) {
    const auto f = program(seed);
    const Numbers folded = folded_gradient(f, x), values = gradient(on_values(f), x);
    const Numbers forward = autograd::jacobian(f, x).data;
    if (!is_close(folded, forward) || !is_close(values, forward))
      FAIL_CHECK("seed ", seed, ": folded ", numeric::point(folded), ", Values ",
                 numeric::point(values), ", dual ", numeric::point(forward));
    // Sums of numbers that carry derivatives grow and move as sums of numbers do.
    const Numbers curved = autograd::hessian(f, x).data,
                  expected = autograd::hessian(on_values(f), x).data;
    double scale = 1;
    for (const double each : expected) scale = std::max(scale, std::abs(each));
    for (std::size_t i = 0; i < curved.size(); ++i)
      if (!(std::abs(curved[i] - expected[i]) <= 1e-10 * scale))
        FAIL_CHECK("seed ", seed, ": Hessian ", numeric::point(curved), ", of Values ",
                   numeric::point(expected));
  }
  CHECK(graph_statistics().operations == before.operations);
  CHECK(graph_statistics().leaves == before.leaves);
}

// ---- special values ----

namespace {

bool is_same(double x, double y) { return numeric::agrees(x, y + 0.0); }

}  // namespace

TEST_CASE("special values: gradients of functions are those of the table, in every way") {
  for (const auto& row : autograd::special_values::all()) {
    const auto& f = row.function;
    const auto compare = [&](const char* way, const Numbers& slopes) {
      for (std::size_t i = 0; i < row.at.size(); ++i)
        if (!is_same(slopes[i], row.gradient[i]))
          FAIL_CHECK(row.expression, " at ", numeric::point(row.at), ", ", way, ": derivative ",
                     i + 1, " is ", slopes[i], ", expected ", row.gradient[i]);
    };
    compare("dual numbers", autograd::jacobian(f, row.at).data);
    compare("vjp", autograd::vjp(f, row.at, {1}).gradient);
    compare("statement tape", folded_gradient(f, row.at));
    compare("Values", gradient([&](Values x) { return f(x); }, row.at));
  }
}

TEST_CASE(
    "special values: an infinite derivative does not reach inputs it has nothing to do with") {
  const auto f = [](auto x) { return sqrt(x[0]) + 3.0 * x[1]; };
  const double inf = autograd::special_values::kInf;
  CHECK(gradient(f, {0, 1}) == Numbers{inf, 3});
  CHECK(gradient(f, {0, 1, 0, 0, 0}) == Numbers{inf, 3, 0, 0, 0});
  CHECK(autograd::jacobian(f, {0, 1}).data == Numbers{inf, 3});
  CHECK(autograd::jvp(f, {0, 1}, {0, 1}).derivatives == Numbers{3});
  CHECK(autograd::jvp(f, {0, 1}, {1, 0}).derivatives == Numbers{inf});
}

TEST_CASE("special values: dual numbers, the statement tape and Values skip the same things") {
  const double inf = autograd::special_values::kInf;
  const auto check = [&](const generic::OnceDifferentiable& f, double at, double expected) {
    for (const std::size_t n : {1u, 5u}) {
      const Numbers x(n, at);
      CHECK(is_same(gradient(f, x)[0], expected));
      CHECK(is_same(gradient(on_values(f), x)[0], expected));
      CHECK(is_same(autograd::jacobian(f, x)(0, 0), expected));
    }
  };
  check([](auto x) { return 0.0 * sqrt(x[0]) + x[0]; }, 0, 1);
  check([](auto x) { return x[0] * sqrt(x[0]); }, 0, 0);
  check([](auto x) { return sqrt(x[0] * x[0]); }, 0, std::nan(""));
  check(
      [](auto x) {
        const auto s = sqrt(x[0]);
        return s - s;
      },
      0, 0);
  check([](auto x) { return select(x[0] > 0.0, log(x[0]), x[0]); }, 0, 1);
  check([](auto x) { return select(gt(x[0], 0.0), log(x[0]), x[0]); }, -1, 1);
  check([](auto x) { return 1.0 / (1.0 / x[0]); }, 0, 0);
  check([](auto x) { return max(x[0], x[0]) + abs(x[0]) + relu(x[0]); }, 0, 1);
  check([](auto x) { return log(x[0]) * step(x[0]); }, 0, std::nan(""));
  check([](auto x) { return -sqrt(x[0]); }, 0, -inf);
}
