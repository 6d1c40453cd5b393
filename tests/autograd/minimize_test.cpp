// Minimisers, on functions whose minima are known.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/generic.hpp>

using namespace autograd;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const generic::TwiceDifferentiable rosenbrock = [](auto x) {
  return 100.0 * square(x[1] - x[0] * x[0]) + square(1.0 - x[0]);
};

Minimum minimum_of(const generic::TwiceDifferentiable& f, const std::vector<double>& start,
                   const MinimizeOptions& options = {}) {
  return minimize(f, start, options);
}

bool falls_all_the_way(const Minimum& minimum) {
  return std::ranges::is_sorted(minimum.path, std::greater(), &Minimum::Place::value);
}

}  // namespace

TEST_CASE("minimize: Rosenbrock's valley, by BFGS and by Newton's method") {
  for (const Minimiser method : {Minimiser::kBfgs, Minimiser::kNewton}) {
    const Minimum found = minimum_of(rosenbrock, {-1.2, 1.0}, {.method = method});
    CHECK(found.converged());
    CHECK(found.x()[0] == doctest::Approx(1).epsilon(1e-7));
    CHECK(found.x()[1] == doctest::Approx(1).epsilon(1e-7));
    CHECK(found.value() < 1e-14);
    CHECK(found.path.size() <= 50);
    CHECK(found.path.front().x == std::vector{-1.2, 1.0});
    CHECK(found.path.front().value == doctest::Approx(24.2));
    CHECK(falls_all_the_way(found));
  }
}

TEST_CASE("minimize: gradient descent takes thousands of steps there, and less in a round bowl") {
  const MinimizeOptions options{.method = Minimiser::kGradientDescent, .most_steps = 100};
  const Minimum far = minimum_of(rosenbrock, {-1.2, 1.0}, options);
  CHECK(far.end == Minimum::End::kMostSteps);
  CHECK(far.path.size() == 101);
  CHECK(falls_all_the_way(far));
  const Minimum found =
      minimum_of([](auto x) { return square(x[0] - 3.0) + square(x[1]); }, {0.0, 5.0}, options);
  CHECK(found.converged());
  CHECK(found.x()[0] == doctest::Approx(3));
}

TEST_CASE("minimize: a fixed rate gives the steps of the lecture") {
  // x - 0.1 * 2 x = 0.8 x
  const Minimum found =
      minimum_of([](auto x) { return square(x[0]); }, {1.0},
                 {.method = Minimiser::kGradientDescent, .rate = 0.1, .most_steps = 3});
  REQUIRE(found.path.size() == 4);
  CHECK(found.path[1].x[0] == doctest::Approx(0.8));
  CHECK(found.path[3].x[0] == doctest::Approx(0.512));
  CHECK(found.path[3].gradient[0] == doctest::Approx(1.024));
  CHECK(found.calls == 4);
}

TEST_CASE("minimize: Newton's method solves a quadratic in one step") {
  const auto bowl = [](auto x) {
    return 3.0 * square(x[0]) + x[0] * x[1] + 2.0 * square(x[1]) - 5.0 * x[0] + x[1];
  };
  const Minimum found = minimum_of(bowl, {10.0, -20.0}, {.method = Minimiser::kNewton});
  CHECK(found.path.size() == 2);
  // 6 x + y = 5, x + 4 y = -1
  CHECK(found.x()[0] == doctest::Approx(21.0 / 23.0));
  CHECK(found.x()[1] == doctest::Approx(-11.0 / 23.0));
}

TEST_CASE("minimize: Newton's method goes down where the Hessian leads up") {
  // cos has a maximum at 0 and minima at +-pi.
  for (const double start : {0.1, -0.5, 1.0, 1.5707963267948966}) {
    const Minimum found =
        minimum_of([](auto x) { return cos(x[0]); }, {start}, {.method = Minimiser::kNewton});
    CHECK(found.converged());
    CHECK(found.value() == doctest::Approx(-1));
    CHECK(falls_all_the_way(found));
  }
  const Minimum saddle =
      minimum_of([](auto x) { return square(x[0]) - square(x[1]) + pow(x[1], 4); }, {1.0, 1e-3},
                 {.method = Minimiser::kNewton});
  CHECK(saddle.converged());
  CHECK(std::abs(saddle.x()[1]) == doctest::Approx(std::sqrt(0.5)));
}

TEST_CASE("minimize: thirty numbers, one scale a thousand times another") {
  const auto stretched = [](auto x) {
    auto sum = square(x[0] - 1.0);
    for (std::size_t i = 1; i < x.size(); ++i)
      sum += std::pow(1000.0, static_cast<double>(i) / 29) * square(x[i] - 1.0);
    return sum;
  };
  const std::vector<double> start(30, 0.0);
  for (const Minimiser method : {Minimiser::kBfgs, Minimiser::kNewton}) {
    const Minimum found = minimum_of(stretched, start, {.method = method});
    CHECK(found.converged());
    for (const double x : found.x()) CHECK(x == doctest::Approx(1).epsilon(1e-7));
  }
}

TEST_CASE("minimize: it says how it ended") {
  const auto end_of = [](const generic::TwiceDifferentiable& f, double start,
                         MinimizeOptions options = {}) {
    return minimum_of(f, {start}, options).end;
  };
  using End = Minimum::End;
  CHECK(end_of([](auto x) { return square(x[0]); }, 0) == End::kConverged);
  CHECK(end_of([](auto x) { return -1.0 * x[0]; }, 0) == End::kUnbounded);
  CHECK(end_of([](auto x) { return log(x[0]); }, -1) == End::kNotFinite);
  CHECK(end_of([](auto x) { return abs(x[0]); }, 1) == End::kConverged);
  // A kink, on whose sides the slopes are -1 and 2.
  CHECK(end_of([](auto x) { return max(-1.0 * x[0], 2.0 * x[0]); }, 1e-3) == End::kNoDescent);
  // Too fast: each step goes to the other side, and further.
  CHECK(end_of([](auto x) { return square(square(x[0])); }, 1,
               {.method = Minimiser::kGradientDescent, .rate = 1.0}) == End::kNotFinite);
  CHECK(to_string(End::kMostSteps) == "all steps are done");
}

TEST_CASE("minimize: it stays where the function is finite") {
  // log is NaN below 0, and a whole step would lead there.
  const auto f = [](auto x) { return x[0] - 0.01 * log(x[0]); };
  for (const Minimiser method :
       {Minimiser::kBfgs, Minimiser::kNewton, Minimiser::kGradientDescent}) {
    const Minimum found = minimum_of(f, {5.0}, {.method = method, .tolerance = 1e-6});
    CHECK(found.converged());
    CHECK(found.x()[0] == doctest::Approx(0.01).epsilon(1e-4));
  }
}

TEST_CASE("minimize: wrong options") {
  const auto f = [](auto x) { return square(x[0]); };
  const std::vector<double> nothing;
  CHECK_THROWS_WITH_AS(minimize([](std::span<const Value>) { return Value(1); }, nothing),
                       doctest::Contains("at least one number"), Error);
  CHECK_THROWS_WITH_AS(minimize(f, {1.0}, {.tolerance = -1}), doctest::Contains("tolerance"),
                       Error);
  CHECK_THROWS_WITH_AS(minimize(f, {1.0}, {.rate = 0.0}), doctest::Contains("rate"), Error);
  CHECK_THROWS_WITH_AS(minimize(f, {1.0}, {.rate = kInfinity}), doctest::Contains("rate"), Error);
}

TEST_CASE("minimize: what the function throws passes through") {
  const auto f = [](std::span<const Value> x) -> Value {
    if (x[0].data() < 1) throw std::string("mine");
    return x[0];
  };
  CHECK_THROWS_AS(minimize(f, {2.0}), std::string);
}
