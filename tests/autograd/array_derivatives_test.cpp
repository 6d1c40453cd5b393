// Jacobians and Hessians of arrays: the numbers of the forms for vectors, without asking for memory.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/failing_allocations.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::Matrix;
using autograd::MatrixOf;
using autograd::Value;
using numeric::is_close;
using Numbers = std::vector<double>;

// A point of a camera's picture: the camera turned, moved, with a lens; 12 inputs, 2 outputs.
constexpr auto kProjection = [](auto x) {
  using T = typename decltype(x)::value_type;
  const T angle = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
  const T c = cos(angle), s = sin(angle);
  const T u = x[9] * c + s * (x[1] * x[11] - x[2] * x[10]) + x[3];
  const T v = x[10] * c + s * (x[2] * x[9] - x[0] * x[11]) + x[4];
  const T w = x[11] * c + s * (x[0] * x[10] - x[1] * x[9]) + x[5];
  const T r = (u * u + v * v) / (w * w);
  const T lens = x[6] * (1.0 + r * (x[7] + x[8] * r));
  return std::array<T, 2>{-lens * u / w, -lens * v / w};
};
constexpr std::array<double, 12> kCamera{0.1, 0.2, 0.3, 1, 2, 3, 500, 0.01, 0.001, 1, 2, 10};

// A function of any number of inputs that all second derivatives of neighbours belong to.
constexpr auto kValley = [](auto x) {
  typename decltype(x)::value_type sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100.0 * (x[i + 1] - x[i] * x[i]) * (x[i + 1] - x[i] * x[i]) + sin(x[i]) * x[i + 1];
  return sum;
};

template <std::size_t N> std::array<double, N> point() {
  std::array<double, N> result;
  for (std::size_t i = 0; i < N; ++i) result[i] = 0.3 + 0.1 * static_cast<double>(i % 7);
  return result;
}
Numbers numbers(const auto& range) { return {range.begin(), range.end()}; }

template <std::size_t N> void check_hessian() {
  const auto x = point<N>();
  const MatrixOf<N, N> h = autograd::hessian(kValley, x);
  const Matrix expected = autograd::hessian([](std::span<const Value> v) { return kValley(v); }, x);
  CAPTURE(N);
  CHECK(is_close(numbers(h.data), expected.data));
  CHECK(is_close(autograd::hessian(kValley, numbers(x)).data, expected.data));
}

}  // namespace

TEST_CASE("array derivatives: a Jacobian is that of the same numbers in a vector") {
  const auto j = autograd::values_and_jacobian(kProjection, kCamera);
  static_assert(std::is_same_v<decltype(j), const autograd::ValuesAndJacobianOf<2, 12>>);
  const auto expected = autograd::values_and_jacobian(kProjection, numbers(kCamera));
  CHECK(is_close(numbers(j.values), expected.values));
  CHECK(is_close(numbers(j.jacobian.data), expected.jacobian.data));
  const Matrix by_values =
      autograd::jacobian([](std::span<const Value> x) { return kProjection(x); }, kCamera);
  CHECK(is_close(expected.jacobian.data, by_values.data));
  CHECK(j.jacobian(1, 11) == Matrix(j.jacobian)(1, 11));
}

TEST_CASE("array derivatives: one output, more inputs than a run carries, no inputs") {
  const auto x = point<3>();
  const MatrixOf<1, 3> row = autograd::jacobian(kValley, x);
  CHECK(is_close(numbers(row.data), numbers(autograd::gradient(kValley, x))));

  const auto many = point<37>();
  const auto two = [](auto v) { return std::array{kValley(v), kValley(v) * v[36]}; };
  const MatrixOf<2, 37> wide = autograd::jacobian(two, many);
  CHECK(
      is_close(numbers(wide.data),
               autograd::jacobian([two](std::span<const Value> v) { return two(v); }, many).data));

  const auto none = [](auto v) { return typename decltype(v)::value_type(3.0); };
  CHECK(autograd::values_and_jacobian(none, std::array<double, 0>{}).values[0] == 3);
}

TEST_CASE("array derivatives: a callable that returns a vector has a matrix of any size") {
  const auto pair = [](auto x) { return std::vector{x[0] * x[1], x[0] + x[1]}; };
  const Matrix j = autograd::jacobian(pair, std::array{2.0, 3.0});
  CHECK(j.data == Numbers{3, 2, 1, 1});
}

TEST_CASE("array derivatives: a Hessian is that of the same numbers in a vector, and of Values") {
  check_hessian<1>();
  check_hessian<2>();
  check_hessian<3>();
  check_hessian<4>();
  check_hessian<5>();
  check_hessian<8>();
  check_hessian<9>();
  check_hessian<20>();
}

TEST_CASE("array derivatives: where 0 meets an infinite derivative, Values are asked") {
  const auto f = [](auto x) { return std::array{sqrt(x[0]) + x[1], 3.0 * x[1]}; };
  const MatrixOf<2, 2> j = autograd::jacobian(f, std::array{0.0, 1.0});
  CHECK(j.data == std::array{std::numeric_limits<double>::infinity(), 1.0, 0.0, 3.0});
  const auto g = [](auto x) { return x[0] * x[0] + 0.0 * log(x[1]); };
  const MatrixOf<2, 2> h = autograd::hessian(g, std::array{2.0, 0.0});
  CHECK(h(0, 0) == 2);
  CHECK(h(0, 1) == 0);
}

TEST_CASE("array derivatives: no memory is asked for") {
  using failing_allocations::Injection;
  const auto three = point<3>();
  const auto eight = point<8>();
  const auto run = [&] {
    return autograd::jacobian(kProjection, kCamera)(1, 1) +
           autograd::hessian(kValley, three)(1, 2) + autograd::hessian(kValley, eight)(3, 4);
  };
  const double before = run();  // the statement tape takes its memory
  double sum = 0;
  {
    const Injection injection(1);
    sum = run();
  }
  CHECK_FALSE(Injection::has_failed());
  CHECK(sum == before);
}
