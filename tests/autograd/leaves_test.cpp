// leaves(): many leaves in one call.

#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::leaves;
using autograd::Value;

TEST_CASE("leaves: n of them are n leaves, where copies of one Value are one") {
  std::vector<Value> w = leaves(3, 0.5);
  (1 * w[0] + 2 * w[1] + 3 * w[2]).backward();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(w[i].data() == 0.5);
    CHECK(w[i].grad() == static_cast<double>(i + 1));
    CHECK(w[i].is_leaf());
  }
  const std::vector<Value> one(3, 0.5);
  (1 * one[0] + 2 * one[1] + 3 * one[2]).backward();
  for (const Value& each : one) CHECK(each.grad() == 6);
}

TEST_CASE("leaves: from numbers, and of nothing") {
  const std::vector<double> numbers{1, -2, 4};
  const std::vector<Value> x = leaves(numbers);
  REQUIRE(x.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(x[i].data() == numbers[i]);
  const std::vector<Value> listed = leaves({3.0, 0.5});
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].data() == 3);
  CHECK(leaves(2)[1].data() == 0);
  CHECK(leaves(0).empty());
}

TEST_CASE("leaves: of too many is an Error, after which the graph is as it was") {
  const auto before = autograd::graph_statistics().leaves;
  CHECK_THROWS_AS(leaves(static_cast<std::size_t>(-1)), autograd::Error);
  CHECK(autograd::graph_statistics().leaves == before);
}
