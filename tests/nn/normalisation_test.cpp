// RMS norm and layer norm, against examples worked by hand and against differences.

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;
using helpers::error_of;
using Numbers = std::vector<double>;

namespace {

void check_close(const Numbers& x, const Numbers& expected) {
  REQUIRE(x.size() == expected.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(std::abs(x[i] - expected[i]) <= 1e-15 * std::abs(expected[i]) + 1e-16);
}

Numbers gradients(const std::vector<Value>& x) {
  Numbers result;
  for (const Value& each : x) result.push_back(each.grad());
  return result;
}

}  // namespace

TEST_CASE("rms norm: divides by the root of the mean square, here 5") {
  const Numbers x{1, 7};  // (1 + 49) / 2 = 25
  check_close(nn::rms_norm(x, 0), {0.2, 1.4});
  check_close(nn::rms_norm(x, Numbers{10, 5}, 0), {2, 7});
  check_close(nn::rms_norm(x, 11), {1.0 / 6, 7.0 / 6});
  // The default epsilon.
  check_close(nn::rms_norm(Numbers{0, 0}), {0, 0});
  check_close(nn::rms_norm(Numbers{0.003, -0.001}),
              {0.003 / std::sqrt(1.5e-5), -0.001 / std::sqrt(1.5e-5)});
}

TEST_CASE("rms norm: the gradient of y_0 is s (1 - y_0^2 / n) and -s y_0 y_1 / n") {
  const std::vector<Value> x{1, 7}, gains{10, 5};
  nn::rms_norm(x, 0)[0].backward();
  check_close(gradients(x), {0.196, -0.028});

  nn::zero_grad(x);
  nn::rms_norm(x, gains, 0)[0].backward();
  check_close(gradients(x), {1.96, -0.28});
  check_close(gradients(gains), {0.2, 0});
}

TEST_CASE("layer norm: mean 0 and deviation 1, here from mean 5 and deviation 2") {
  const Numbers x{2, 4, 4, 4, 5, 5, 7, 9};
  const Numbers y{-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2};
  check_close(nn::layer_norm(x, 0), y);
  const Numbers gains{1, 2, 3, 4, 5, 6, 7, 8}, biases{8, 7, 6, 5, 4, 3, 2, 1};
  check_close(nn::layer_norm(x, gains, biases, 0), {6.5, 6, 4.5, 3, 4, 3, 9, 17});
  check_close(nn::layer_norm(Numbers{0.001, 0.007}),
              {-0.003 / std::sqrt(1.9e-5), 0.003 / std::sqrt(1.9e-5)});
  check_close(nn::layer_norm(Numbers{3, 3, 3}), {0, 0, 0});
}

TEST_CASE(
    "layer norm: the gradient of y_7 is (1 - 1/8 - y_7^2 / 8) / 2, elsewhere (-1 - y_i y_7) / 16") {
  const std::vector<Value> x{2, 4, 4, 4, 5, 5, 7, 9};
  nn::layer_norm(x, 0)[7].backward();
  check_close(gradients(x), {0.125, 0, 0, 0, -0.0625, -0.0625, -0.1875, 0.1875});
}

TEST_CASE("norms: gradients of Values and of generic callables agree with differences") {
  const auto f = [](auto p) {
    const auto x = p.subspan(0, 3), gains = p.subspan(3, 3), biases = p.subspan(6, 3);
    const auto y = nn::rms_norm(x, gains), z = nn::layer_norm(x, gains, biases);
    return y[0] * z[1] + sin(y[1] - z[0]) + y[2] * z[2];
  };
  const Numbers at{0.3, -0.7, 1.1, 0.9, 1.2, -0.4, 0.1, 0.2, 0.3};
  const auto report = autograd::check_gradient(f, at);
  CHECK_MESSAGE(report.ok(), report.to_string());

  const std::vector<Value> p(at.begin(), at.end());
  const Value y = f(std::span<const Value>(p));
  y.backward();
  const auto generic = autograd::value_and_gradient(f, at);
  CHECK(generic.value == doctest::Approx(y.data()).epsilon(1e-15));
  for (std::size_t i = 0; i < at.size(); ++i)
    CHECK(generic.gradient[i] == doctest::Approx(p[i].grad()).epsilon(1e-14));
}

TEST_CASE("norms: as many nodes as they say") {
  const std::vector<Value> x{1, 2, 3, 4}, gains{1, 1, 1, 1}, biases{0, 0, 0, 0};
  const auto nodes = [](const auto& f) {
    const std::size_t before = autograd::graph_statistics().operations;
    const auto y = f();
    return autograd::graph_statistics().operations - before;
  };
  CHECK(nodes([&] { return nn::rms_norm(x); }) == 4 + 5);
  CHECK(nodes([&] { return nn::rms_norm(x, gains); }) == 2 * 4 + 5);
  CHECK(nodes([&] { return nn::layer_norm(x); }) == 2 * 4 + 6);
  CHECK(nodes([&] { return nn::layer_norm(x, gains, biases); }) == 4 * 4 + 6);
}

TEST_CASE("norms: other numbers than doubles give doubles") {
  check_close(nn::rms_norm(std::vector<float>{1, 7}, 0), {0.2, 1.4});
}

TEST_CASE("norms: wrong shapes are refused") {
  CHECK(error_of([] { nn::rms_norm(Numbers{}); }) ==
        "nn::rms_norm: expected at least one number, got none.");
  CHECK(error_of([] { nn::rms_norm(Numbers{1}, -1.0); }) ==
        "nn::rms_norm: expected an epsilon of at least 0, got -1.");
  CHECK_THROWS_AS(nn::layer_norm(Numbers{1}, std::nan("")), autograd::Error);
  CHECK(error_of([] {
          nn::rms_norm(Numbers{1, 2}, Numbers{1});
        }) == "nn::rms_norm: expected one gain for each of 2 numbers, got 1.");
  CHECK(error_of([] {
          nn::layer_norm(Numbers{1, 2}, Numbers{1, 2}, Numbers{1, 2, 3});
        }) == "nn::layer_norm: expected one bias for each of 2 numbers, got 3.");
  CHECK(error_of([] { nn::layer_norm(Numbers{}); }) ==
        "nn::layer_norm: expected at least one number, got none.");
}
