// What a function throws passes through all that calls it, and what it keeps lives on.

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::check_gradient;
using autograd::gradient;
using autograd::hessian_vector_product;
using autograd::jacobian;
using autograd::Value;
using autograd::value_and_gradient;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

}  // namespace

TEST_CASE("callable lifetime: what f throws passes through every call, and leaves nothing behind") {
  helpers::on_a_fresh_graph([] {
    int calls = 0, last = 1;
    const auto f = [&](auto x) {
      auto y = x[0] * x[1];
      for (std::size_t i = 2; i < x.size(); ++i) y += x[i] * y;
      if (++calls == last) throw std::runtime_error("in f");
      return y;
    };
    const graphs::Size before = graphs::size();
    const auto fails = [&](int at_call, const auto& call) {
      calls = 0;
      last = at_call;
      CHECK_THROWS_WITH_AS(call(), "in f", std::runtime_error);
      CHECK(graphs::size() == before);
    };
    for (const std::size_t n : {2u, 9u}) {
      CAPTURE(n);
      const Numbers x(n, 0.5);
      Numbers slopes(n, 7.0);
      fails(1, [&] { value_and_gradient(f, x, slopes); });
      CHECK(slopes == Numbers(n, 7.0));
      fails(1, [&] { hessian_vector_product(f, x, x); });
      for (const int call : {1, 2, 9}) fails(call, [&] { check_gradient(f, x); });
      fails(1, [&] {
        const std::vector<Value> in(x.begin(), x.end());
        autograd::checkpoint(f, in);
      });
    }
    fails(2, [&] { jacobian([&](auto x) { return std::vector{f(x)}; }, Numbers(12, 0.5)); });
  });
}

TEST_CASE("callable lifetime: inputs and results that f keeps for later live on") {
  Value input, result;
  const auto keeping = [&](Values x) {
    input = x[0];
    result = x[0] * x[1];
    return result * x[0];
  };
  CHECK(gradient(keeping, {3, 5}) == Numbers{30, 9});
  CHECK(input.data() == 3);
  CHECK(result.data() == 15);
  input.zero_grad();
  result.backward();
  CHECK(input.grad() == 5);
  CHECK(gradient(keeping, {1, 2}) == Numbers{4, 1});
}
