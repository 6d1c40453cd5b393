// check_hessian(): second derivatives beside differences of the gradient; and causes that are named.

#include <cmath>
#include <concepts>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::check_gradient;
using autograd::check_hessian;
using autograd::GradientReport;
using autograd::HessianReport;
using autograd::Value;
using autograd::Verdict;
using helpers::contains;
using Values = std::span<const Value>;

}  // namespace

TEST_CASE("check_hessian: agrees with what is right, by rows") {
  const auto f = [](auto x) { return x[0] * sin(x[1]) + exp(x[0] / x[2]); };
  const HessianReport report = check_hessian(f, {1.5, 0.3, -2});
  CHECK(report.ok());
  CHECK(report.value == doctest::Approx(1.5 * std::sin(0.3) + std::exp(-0.75)));
  REQUIRE(report.inputs.size() == 9);
  CHECK(report.inputs[1].name == "d2f/dx[0]dx[1]");
  CHECK(report.inputs[1].analytic == doctest::Approx(std::cos(0.3)));
  CHECK(report.inputs[1].numerical == doctest::Approx(std::cos(0.3)));
  CHECK(check_hessian([&](Values x) { return f(x); }, {1.5, 0.3, -2}).ok());
  CHECK(contains(report.to_string(), "9 of 9 derivatives are confirmed."));
}

TEST_CASE("check_hessian: second derivatives of a custom operation that are wrong") {
  const auto cube = autograd::custom(
      "cube", [](auto x) { return x[0] * x[0] * x[0]; },
      []<class T>(std::span<const T> x) {
        if constexpr (std::same_as<T, Value>) {
          return 3.0 * x[0].data() * x[0];  // the first factor has lost its history
        } else {
          return 3.0 * x[0] * x[0];
        }
      });
  const HessianReport report = check_hessian([&](Values x) { return cube(x[0]); }, {2.0});
  CHECK(report.inputs[0].verdict == Verdict::kWrongFactor);
  CHECK(report.inputs[0].factor == 0.5);
  CHECK(report.singular.empty());
}

TEST_CASE("check_hessian: the cause is named, and what to do") {
  const HessianReport report =
      check_hessian([](auto x) { return 0.5 * square(hypot(x[0], x[1])); }, {0, 0});
  CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(report.inputs[0].words.starts_with("the derivative is 0, but the differences give 1 +- "));
  CHECK(report.inputs[0].words.ends_with(
      ". The cause may be hypot(x[0], x[1]) = 0, where x[0] = 0, x[1] = 0, has a kink: 0 arrives, "
      "and the local derivative 0 is taken ((0, 0) at (0, 0))"));
  CHECK(contains(report.to_string(), "Cure: a length has a cone at 0"));
  // Once, though it is the cause of several.
  CHECK(report.singular.find("Singular: ") == report.singular.rfind("Singular: "));
}

TEST_CASE("check_gradient: a 0 that met an infinity is named as the cause") {
  const GradientReport report = check_gradient([](auto x) { return square(sqrt(x[0])); }, {0});
  CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(contains(report.inputs[0].words, "The cause may be sqrt(x[0]) = 0"));
  // It is none where nothing singular leads to the input.
  const auto cut = [](Values x) { return x[0].data() * 2 + sqrt(x[1]); };
  const GradientReport other = check_gradient(cut, {1, 0});
  CHECK(contains(other.inputs[0].words, "nothing flows back to it"));
}

TEST_CASE("check_gradient: singular nodes of parameters, by their labels") {
  Value w(0, "w"), v(3, "v");
  const std::vector<Value> parameters{w, v};
  const GradientReport report = check_gradient([&] { return 2 * square(sqrt(w)) + v; }, parameters);
  CHECK(report.inputs[0].verdict == Verdict::kDisagrees);
  CHECK(contains(report.singular, "Singular: sqrt(w) = 0, where w = 0: 0 arrives"));
  CHECK(report.inputs[1].verdict == Verdict::kAgrees);
  CHECK(w.data() == 0);
}
