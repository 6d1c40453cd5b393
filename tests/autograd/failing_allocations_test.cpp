// Memory that runs out anywhere in the library is an Error, and leaves everything usable.

#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/failing_allocations.hpp>

using autograd::check_gradient;
using autograd::Value;
using failing_allocations::check_every_allocation;

namespace {

template <class F> void check_fails_well(const F& f) {
  const Value x = 3;
  const auto check_usable = [&] {
    x.zero_grad();
    (x * x).backward();
    CHECK(x.grad() == 6);
  };
  CHECK(check_every_allocation(f, check_usable) > 0);
}

std::vector<Value> numbers(std::size_t n) { return autograd::leaves(n, 0.5); }

}  // namespace

TEST_CASE("failing allocations: functions of many operands") {
  const std::vector<Value> x = numbers(9);
  SUBCASE("sum") {
    check_fails_well([&] { return sum(x).data(); });
  }
  SUBCASE("mean") {
    check_fails_well([&] { return mean(x).data(); });
  }
  SUBCASE("norm") {
    check_fails_well([&] { return norm(x).data(); });
  }
  SUBCASE("logsumexp") {
    check_fails_well([&] { return logsumexp(x).data(); });
  }
  SUBCASE("softmax") {
    check_fails_well([&] { return softmax(x)[2].data(); });
  }
}

TEST_CASE("failing allocations: looking at the graph") {
  const std::vector<Value> x = numbers(9);
  const Value y = exp(sum(x)) * x[0] + dot(x, x);
  SUBCASE("inputs") {
    check_fails_well([&] { return y.inputs().size(); });
  }
  SUBCASE("local derivatives") {
    check_fails_well([&] { return y.local_derivatives().size(); });
  }
  SUBCASE("topological order") {
    check_fails_well([&] { return topological_order(y).size(); });
  }
  SUBCASE("labels") {
    check_fails_well([&] {
      Value z = y * 2.0;
      z.set_label("z");
      return z.label().size();
    });
  }
  SUBCASE("derivatives") {
    check_fails_well([&] { return derivatives(y, x).size(); });
  }
  SUBCASE("find_nonfinite") {
    const Value p(0, "p");
    const Value bad = log(p * x[0]) * y;
    check_fails_well([&] { return find_nonfinite(bad)->to_string().size(); });
  }
}

TEST_CASE("failing allocations: leaves") {
  check_fails_well([] { return autograd::leaves(5, 1.0).size(); });
  check_fails_well([] { return autograd::leaves({1.0, 2.0, 3.0}).size(); });
}

TEST_CASE("failing allocations: check_gradient") {
  SUBCASE("of a function of numbers") {
    check_fails_well([] {
      return check_gradient([](auto x) { return x[0] * sin(x[1]) + abs(x[0]); }, {0.0, 2.0})
          .to_string()
          .size();
    });
  }
  SUBCASE("of a model") {
    const std::vector<Value> w{Value(1, "a"), Value(2, "b")};
    check_fails_well(
        [&] { return check_gradient([&] { return w[0] * exp(w[1]); }, w).to_string().size(); });
    CHECK(w[1].data() == 2);
  }
}

TEST_CASE("failing allocations: operations of one's own") {
  const std::vector<Value> x = numbers(2);
  SUBCASE("custom") {
    check_fails_well([&] {
      const auto product = autograd::custom(
          "product", [](std::span<const double> z) { return z[0] * z[1]; },
          [](std::span<const double> z) {
            return std::array{z[1], z[0]};
          });
      return product(x).data();
    });
  }
  SUBCASE("checkpoint") {
    check_fails_well([&] {
      return autograd::checkpoint([](auto z) { return exp(z[0]) * z[1]; }, {x[0], x[1]}).data();
    });
  }
}

TEST_CASE("failing allocations: what a caller's function throws passes through") {
  int calls = 0;
  const auto f = [&calls](auto x) {
    if (++calls > 3) throw std::bad_alloc();
    return x[0] * 2.0;
  };
  CHECK_THROWS_AS(check_gradient(f, {1.0}), std::bad_alloc);
  const auto g = autograd::custom(
      "g", [](std::span<const double>) -> double { throw std::bad_alloc(); },
      [](std::span<const double>) { return 1.0; });
  const Value x = 1;
  CHECK_THROWS_AS(g(x), std::bad_alloc);
}
