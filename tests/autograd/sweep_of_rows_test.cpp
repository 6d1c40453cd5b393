// Rows of Jacobians and Hessians of Values, which are swept eight at a time, against one sweep each.

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/tape/tape.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Matrix;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

constexpr std::size_t kSize = 21;  // two times eight, and a rest

bool is_same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

// Outputs of all kinds: an input, a constant, many operands, the same operation twice, an older
// operation, and infinite derivatives, some of them where nothing arrives.
std::vector<Value> outputs_of(Values x, const Value& older) {
  std::vector<Value> y{x[0], Value(3.0), dot(x, x)};
  y.push_back(y[2]);
  y.push_back(older * x[4] + x[20] * x[20]);
  y.push_back(sqrt(x[5]));
  y.push_back(y[5] * x[6]);
  y.push_back(max(x[7], y[5]) * x[7]);
  y.push_back(log(x[8]) + x[1]);
  y.push_back(sum(x.subspan(3)) - y[6]);
  while (y.size() < kSize) y.push_back(tanh(x[y.size()] * y[y.size() - 1]) + y[y.size() - 7]);
  return y;
}

Numbers some_point() {
  numeric::Random random(3);
  Numbers x;
  for (std::size_t i = 0; i < kSize; ++i) x.push_back(random.between(0.5, 1.5));
  x[5] = x[6] = 0;
  x[8] = -1;
  return x;
}

void check_rows(const Numbers& x) {
  const Value leaf = 0.25, older = exp(leaf);
  const Matrix all = autograd::jacobian([&](Values v) { return outputs_of(v, older); }, x);
  CHECK(all.rows == kSize);
  std::size_t infinite = 0;
  for (std::size_t j = 0; j < kSize; ++j) {
    const Numbers row = autograd::gradient([&](Values v) { return outputs_of(v, older)[j]; }, x);
    for (std::size_t i = 0; i < kSize; ++i) {
      CHECK_MESSAGE(is_same(all(j, i), row[i]), "row " << j << ", column " << i);
      infinite += std::isinf(row[i]) ? 1 : 0;
    }
  }
  CHECK(infinite > 0);
  CHECK(all(0, 0) == 1);
  CHECK(all(2, 3) == 2 * x[3]);
  CHECK(all(6, 5) == 0);  // 0 times an infinite derivative, to which nothing arrives
  CHECK(leaf.grad() == 0);
}

}  // namespace

TEST_CASE("sweep of rows: a Jacobian has the bits of one sweep for each row") {
  check_rows(some_point());
}

TEST_CASE("sweep of rows: also where the tape is in several stretches") {
  bool has_stretches = false;
  helpers::on_a_fresh_graph([&] {
    autograd::detail::tape.reclaiming = autograd::detail::Reclaiming::kAlways;
    std::vector<Value> kept{exp(Value(0.5))};
    for (int i = 0; i < 100; ++i) {
      Value ends = kept.back();
      for (int k = 0; k < 50; ++k) ends = sin(ends * 0.5 + 1.0);
      kept.push_back(exp(kept.front()));
    }
    has_stretches = autograd::detail::tape.stretches != nullptr;
    check_rows(some_point());
  });
  CHECK(has_stretches);
}

TEST_CASE("sweep of rows: a Hessian is that of dual numbers") {
  const auto f = [](auto x) {
    auto y = x[0] * exp(x[1]);
    for (std::size_t i = 1; i < x.size(); ++i) y = y + x[i] * x[i - 1] * x[i / 2] + sin(y * 0.1);
    return y;
  };
  Numbers x = some_point();
  const Matrix on_values = autograd::hessian([&f](Values v) { return f(v); }, x);
  const Matrix expected = autograd::hessian(f, x);
  for (std::size_t i = 0; i < expected.data.size(); ++i)
    CHECK(on_values.data[i] == doctest::Approx(expected.data[i]).epsilon(1e-12));
}
