// Operands are decoded from edges in one place: what it says is what was written.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/tape/operands.hpp>
#include <autograd/tape/reach.hpp>

using autograd::Value;
using autograd::detail::kReached;
using autograd::detail::Operand;
using autograd::detail::operands;

namespace {

struct Expected {
  const Value* node;  // null for a plain number
  double number;      // or, of a node, the local derivative
};

void check_operands(const Value& y, const std::vector<Expected>& expected) {
  CAPTURE(y.op());
  REQUIRE(operands(y.id()).size() == expected.size());
  std::size_t i = 0;
  for (const Operand operand : operands(y.id())) {
    CAPTURE(i);
    const auto& [node, number] = expected[i++];
    CHECK(operand.is_number() == (node == nullptr));
    if (node != nullptr) {
      CHECK(operand.id == node->id());
      CHECK(operand.partial == number);
    } else {
      CHECK(operand.number == number);
      CHECK(operand.partial == 0);
    }
  }
  CHECK(i == expected.size());
}

}  // namespace

TEST_CASE("operands: plain numbers stand where they were written, but in a product in front") {
  const Value x = 3, y = 5;
  check_operands(x + y, {{&x, 1}, {&y, 1}});
  check_operands(x + 2.0, {{&x, 1}, {nullptr, 2}});
  check_operands(2.0 - x, {{nullptr, 2}, {&x, -1}});
  check_operands(x * y, {{&x, 5}, {&y, 3}});
  check_operands(2.0 * x, {{nullptr, 2}, {&x, 2}});
  check_operands(x * 2.0, {{nullptr, 2}, {&x, 2}});
  check_operands(x / 4.0, {{&x, 0.25}, {nullptr, 4}});
  check_operands(6.0 / x, {{nullptr, 6}, {&x, -6.0 / 9}});
  check_operands(square(x), {{&x, 6}});
  const Value condition = gt(x, 0.0);
  check_operands(select(condition, y, 7.0), {{&condition, 0}, {&y, 1}, {nullptr, 7}});
}

TEST_CASE("operands: of sums and dot products, grown or not") {
  const Value x = 3, y = 5, first = 11;
  const Value product = 2.0 * x;
  Value sum = product;
  sum += 4.0 * y;
  check_operands(sum, {{&y, 4}, {&product, 1}});
  sum = product;
  sum += 4.0 * y;
  sum += 5.0 * x;
  check_operands(sum, {{&y, 4}, {&product, 1}, {&x, 5}});
  Value grown = first;
  grown += x * y;
  check_operands(grown, {{&x, 5}, {&y, 3}, {&first, 1}, {nullptr, 1}});
  const std::vector<Value> xs{x, y};
  check_operands(dot(xs, xs, first),
                 {{&first, 1}, {nullptr, 1}, {&x, 3}, {&x, 3}, {&y, 5}, {&y, 5}});
  check_operands(dot(xs, std::vector<double>{2, 7}), {{&x, 2}, {&y, 7}});
}

TEST_CASE("operands: softmax has the number of its output in front") {
  const Value x = 1, y = 1;
  const std::vector<Value> p = autograd::softmax({x, y});
  check_operands(p[1], {{nullptr, 1}, {&x, -0.25}, {&y, 0.25}});
}

TEST_CASE("reach: marks what a result was computed from, and ends at the lowest of it") {
  const Value x = 2;
  const Value older = x * x;
  const Value a = exp(x), b = a * x, unused = b + 1.0, root = b * a;
  const auto reached = autograd::detail::reach(root.id());
  CHECK(reached.lowest() == a.id());
  CHECK(reached.highest() == root.id());
  for (const Value* in : {&a, &b, &root}) CHECK(reached.has(in->id(), kReached));
  for (const Value* out : {&older, &unused, &x}) CHECK(!reached.has(out->id(), kReached));
  CHECK(autograd::detail::reach(x.id()).lowest() == 0);
  const auto above = [&](autograd::detail::Id, const autograd::detail::Edge& edge) {
    return edge.id > a.id();
  };
  CHECK(autograd::detail::reach(root.id(), above).lowest() == b.id());
}
