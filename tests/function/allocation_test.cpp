// Every allocation of Function that fails is an Error, and leaves the Function and the graph usable.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/failing_allocations.hpp>

using autograd::Function;
using autograd::Rows;
using autograd::Value;
using failing_allocations::check_every_allocation;

namespace {

using Numbers = std::vector<double>;

// With a guard, an elementary function, a mean over rows and a matrix product.
Function some_function() {
  return Function::trace(
      [](std::span<const Value> p, std::span<const Value> x) {
        const Value h = x[0] < 10 ? tanh(p[0] * x[0] + p[1]) : x[0];
        const Value center = mean_over_rows(std::span(&h, 1));
        return square(h - center) + exp(-square(x[1])) * p[1];
      },
      {0.5, 2}, {1, 2});
}

const Numbers kParameters{0.5, 2}, kRows{1, 2, 3, 4, 5, 6};

}  // namespace

TEST_CASE("allocations: tracing, from a callable and from Values") {
  CHECK(check_every_allocation([] { (void)some_function(); }) > 20);
  const std::vector<Value> x{2, 3};
  const Value y = x[0] * sin(x[1]);
  CHECK(check_every_allocation([&] { (void)Function::trace({}, x, std::span(&y, 1)); }) > 20);
}

TEST_CASE("allocations: the first run, which compiles") {
  const double expected = some_function().value_and_gradient(kParameters, Rows(kRows, 2)).value;
  double value = 0;
  CHECK(check_every_allocation([&] {
          value = some_function().value_and_gradient(kParameters, Rows(kRows, 2)).value;
        }) > 100);
  CHECK(value == expected);
  // A Function whose first run failed can be run again.
  const Function f = some_function();
  int errors = 0;
  for (std::size_t first = 1; first <= 50; ++first) {
    const failing_allocations::Injection injection(first);
    try {
      (void)f.value_and_gradient(kParameters, Rows(kRows, 2));
    } catch (const autograd::Error&) {
      ++errors;
    }
  }
  CHECK(errors == 50);
  CHECK(f.value_and_gradient(kParameters, Rows(kRows, 2)).value == expected);
}

TEST_CASE("allocations: later runs, of one row and of many, with threads") {
  const Function f = some_function();
  const Rows rows(kRows, 2);
  const double expected = f.value_and_gradient(kParameters, rows).value;
  const auto is_usable = [&] { CHECK(f.value_and_gradient(kParameters, rows).value == expected); };
  CHECK(check_every_allocation([&] { (void)f.values(kParameters, {1, 2}); }, is_usable) == 1);
  CHECK(check_every_allocation([&] { (void)f.gradient(kParameters, {1, 2}); }, is_usable) == 3);
  CHECK(check_every_allocation([&] { (void)f.values(kParameters, rows); }, is_usable) == 1);
  check_every_allocation([&] { (void)f.value_and_gradient(kParameters, rows); }, is_usable);
  // Too much for the memory that a thread keeps from one run to the next.
  Numbers many;
  for (int i = 0; i < 400'000; ++i) many.push_back(i % 7);
  CHECK(check_every_allocation(
            [&] {
              (void)f.value_and_gradient(kParameters, Rows(many, 2), autograd::Reduce::kMean, 3);
            },
            is_usable) > 2);
}

TEST_CASE("allocations: texts and drawings, and errors of rows") {
  const Function f = some_function();
  CHECK(check_every_allocation([&] { (void)f.to_string(); }) > 3);
  CHECK(check_every_allocation([&] { (void)f.stages(); }) > 100);
  CHECK(check_every_allocation([&] { (void)f.to_dot(); }) > 10);
}
