// Value: leaves and results, their inputs, set_data(), labels, comparisons.

#include <cmath>
#include <limits>
#include <sstream>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::sum;
using autograd::Value;
using graphs::data_of;

namespace {

using Numbers = std::vector<double>;

autograd::GraphStatistics graph() { return autograd::graph_statistics(); }

}  // namespace

// ---- leaves and results ----

TEST_CASE("value: one made from a number is a leaf without a gradient yet") {
  const Value a = 2;
  CHECK(a.data() == 2);
  CHECK(a.grad() == 0);
  CHECK_FALSE(a.has_grad());
  CHECK(a.is_leaf());
  CHECK(a.op() == "");
  CHECK(a.label() == "");
  CHECK(a.inputs().empty());
  CHECK(a.local_derivatives().empty());
}

TEST_CASE("value: a result names its operation, its inputs and its local derivatives in order") {
  const Value a = 3, b = 4;
  SUBCASE("product") {
    const Value y = a * b;
    CHECK(y.data() == 12);
    CHECK_FALSE(y.is_leaf());
    CHECK(y.op() == "mul");
    CHECK(data_of(y.inputs()) == Numbers{3, 4});
    CHECK(y.local_derivatives() == Numbers{4, 3});
  }
  SUBCASE("quotient") {
    const Value y = a / b;
    CHECK(y.op() == "div");
    CHECK(data_of(y.inputs()) == Numbers{3, 4});
    CHECK(y.local_derivatives() == Numbers{1.0 / 4, -3.0 / 16});
  }
  SUBCASE("function of one operand") {
    const Value y = exp(a);
    CHECK(y.op() == "exp");
    CHECK(data_of(y.inputs()) == Numbers{3});
    CHECK(y.local_derivatives() == Numbers{std::exp(3.0)});
  }
  SUBCASE("the same operand twice") {
    const Value y = a * a;
    CHECK(data_of(y.inputs()) == Numbers{3, 3});
    CHECK(y.local_derivatives() == Numbers{3, 3});
  }
  SUBCASE("function of a range") {
    const Value y = sum({a, b, a});
    CHECK(y.op() == "sum");
    CHECK(data_of(y.inputs()) == Numbers{3, 4, 3});
    CHECK(y.local_derivatives() == Numbers{1, 1, 1});
  }
}

TEST_CASE("value: a plain number among the inputs is a constant with derivative 0") {
  const Value a = 3;
  SUBCASE("factor on the right, which is stored with its edge") {
    const Value y = a * 5;
    CHECK(data_of(y.inputs()) == Numbers{5, 3});
    CHECK(y.local_derivatives() == Numbers{0, 5});
  }
  SUBCASE("factor on the left") {
    const Value y = 5 * a;
    CHECK(data_of(y.inputs()) == Numbers{5, 3});
    CHECK(y.local_derivatives() == Numbers{0, 5});
  }
  SUBCASE("term on the right") {
    const Value y = a - 5;
    CHECK(data_of(y.inputs()) == Numbers{3, 5});
    CHECK(y.local_derivatives() == Numbers{1, 0});
  }
  SUBCASE("numerator") {
    const Value y = 6 / a;
    CHECK(data_of(y.inputs()) == Numbers{6, 3});
    CHECK(y.local_derivatives() == Numbers{0, -6.0 / 9});
  }
  SUBCASE("exponent") {
    const Value y = pow(a, 2);
    CHECK(data_of(y.inputs()) == Numbers{3, 2});
    CHECK(y.local_derivatives() == Numbers{6, 0});
  }
  SUBCASE("side of a selection") {
    const Value y = select(lt(a, 4), 7, a);
    CHECK(data_of(y.inputs()) == Numbers{1, 7, 3});
    CHECK(y.local_derivatives() == Numbers{0, 0, 0});
  }
}

TEST_CASE("value: inputs are the operands themselves, not copies of their numbers") {
  Value a = 3;
  const Value b = a + 1, y = b * a;
  y.inputs()[1].set_data(7);
  y.inputs()[1].set_label("a");
  y.backward();
  CHECK(a.data() == 7);
  CHECK(a.label() == "a");
  CHECK(y.inputs()[0].grad() == 3);
  CHECK(y.inputs()[0].op() == "add");
}

TEST_CASE(
    "value: inputs and derivatives are right however the graph has grown since they were asked") {
  helpers::on_a_fresh_graph([] {
    const Value a = 2;
    std::vector<Value> results;
    results.reserve(50'010);
    for (int i = 0; i < 10; ++i) results.push_back(a * 3);
    CHECK(data_of(results[3].inputs()) == Numbers{3, 2});
    for (int i = 0; i < 50'000; ++i) results.push_back(square(a));
    CHECK(data_of(results[3].inputs()) == Numbers{3, 2});
    CHECK(data_of(results[49'000].inputs()) == Numbers{2});
    CHECK(results[50'009].local_derivatives() == Numbers{4});
  });
}

TEST_CASE("value: inputs asked of a product are forgotten when a sum takes the product over") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  Value product = a * b;
  CHECK(product.inputs().size() == 2);
  s += std::move(product);
  const Value u = sin(a), on_top = u * b;
  CHECK(u.local_derivatives() == Numbers{std::cos(2.0)});
  CHECK(data_of(on_top.inputs()) == Numbers{std::sin(2.0), 3});
}

// ---- set_data, zero_grad, has_grad ----

TEST_CASE("set_data: a leaf takes the number; what was recorded before keeps its derivatives") {
  Value a = 2, b = 5;
  const Value y = a * b;
  a.set_data(100);
  y.backward();
  CHECK(a.data() == 100);
  CHECK(y.data() == 10);
  CHECK(a.grad() == 5);
  CHECK(b.grad() == 2);
  CHECK((a * b).data() == 500);
}

TEST_CASE("set_data: on a result it is an Error that says what to do") {
  const Value a = 2;
  Value y = tanh(a);
  const double before = y.data();
  CHECK_THROWS_WITH_AS(y.set_data(1),
                       "set_data() on the result of 'tanh': only a leaf can be changed. Make a new "
                       "leaf with detach(), or change the leaves it came from.",
                       Error);
  CHECK(y.data() == before);
}

TEST_CASE("zero_grad: a leaf starts from 0 again, other leaves keep theirs") {
  const Value a = 2, b = 3;
  const Value y = a * b;
  y.backward();
  a.zero_grad();
  CHECK(a.grad() == 0);
  CHECK(b.grad() == 2);
  y.backward();
  CHECK(a.grad() == 3);
  CHECK(b.grad() == 4);
}

TEST_CASE("has_grad: tells a gradient of 0 from none") {
  const Value reached = 2, elsewhere = 3;
  const Value y = 0 * reached;
  CHECK_FALSE(reached.has_grad());
  CHECK_FALSE(y.has_grad());
  y.backward();
  CHECK(reached.grad() == 0);
  CHECK(reached.has_grad());
  CHECK(y.has_grad());
  CHECK_FALSE(elsewhere.has_grad());
}

TEST_CASE("grad: is never -0") {
  const Value a = 2;
  const Value y = -(a * 0.0);
  CHECK_FALSE(std::signbit(a.grad()));
  CHECK_FALSE(std::signbit(y.grad()));
  y.backward();
  CHECK(a.grad() == 0);
  CHECK_FALSE(std::signbit(a.grad()));
}

TEST_CASE("grad: a new result has none, even in the place of one that had") {
  const Value a = 2, b = 3;
  {
    const Value old = a * b;
    old.backward();
    CHECK(old.grad() == 1);
  }
  const Value y = a * b;
  CHECK(y.grad() == 0);
  CHECK_FALSE(y.has_grad());
}

TEST_CASE("grad: a new result has none, even in the place of a product that a sum took over") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  Value product = a * b;
  product.backward();
  s += std::move(product);
  const Value y = sin(a);
  CHECK(y.grad() == 0);
  CHECK_FALSE(y.has_grad());
}

// ---- labels ----

TEST_CASE("label: is given at birth or later, to leaves and to results, and can be taken away") {
  Value a(2, "a"), y = a * 3;
  CHECK(a.label() == "a");
  y.set_label("y");
  CHECK(y.label() == "y");
  CHECK(y.op() == "mul");
  y.set_label("another y");
  CHECK(y.label() == "another y");
  y.set_label("");
  a.set_label("");
  CHECK(y.label() == "");
  CHECK(a.label() == "");
  CHECK(y.op() == "mul");
}

TEST_CASE("label: goes with its node, not on to the next one in its place") {
  {
    Value leaf(2, "leaf"), result = leaf * 3;
    result.set_label("result");
  }
  std::vector<Value> leaves, results;
  for (int i = 0; i < 300; ++i) leaves.emplace_back(i);
  for (int i = 0; i < 300; ++i) results.push_back(leaves[0] * i);
  for (const Value& value : leaves) REQUIRE(value.label() == "");
  for (const Value& value : results) REQUIRE(value.label() == "");
}

TEST_CASE("label: one below the top of the tape outlives those above it") {
  const Value a(2, "a");
  Value kept = a * 3;
  kept.set_label("kept");
  {
    Value above = kept * 4;
    above.set_label("above");
  }
  CHECK(kept.label() == "kept");
  CHECK(a.label() == "a");
  CHECK((kept * 5).label() == "");
}

// ---- comparisons and streams ----

TEST_CASE("operators: take bit-fields and members of packed structs") {
  struct Bits {
    int n : 4;
  };
  struct [[gnu::packed]] Packed {
    char c;
    double d;
  };
  Bits bits{3};
  Packed packed{'c', 2.5};
  const Value x = 2;
  CHECK((x + bits.n).data() == 5);
  CHECK((bits.n - x).data() == 1);
  CHECK((x * packed.d).data() == 5);
  CHECK((packed.d / x).data() == 1.25);
  CHECK((x * packed.c).data() == 2 * 'c');
}

TEST_CASE("comparison: is by data, with Values and plain numbers on either side") {
  const Value a = 2, b = 3, another_two = 2;
  CHECK(a == another_two);
  CHECK(a != b);
  CHECK(a < b);
  CHECK(b > a);
  CHECK(a <= another_two);
  CHECK(a >= another_two);
  CHECK(a == 2);
  CHECK(2 == a);
  CHECK(a != 3.0);
  CHECK(1 < a);
  CHECK(a < 2.5f);
  CHECK(a <= 2L);
  CHECK(3u >= a);
  CHECK_FALSE(a < another_two);
  CHECK_FALSE(a > b);
}

TEST_CASE("comparison: with NaN is false, as of double") {
  const Value nan = std::numeric_limits<double>::quiet_NaN(), a = 2;
  CHECK_FALSE(nan == nan);
  CHECK(nan != nan);
  CHECK_FALSE(nan < a);
  CHECK_FALSE(nan >= a);
  CHECK_FALSE(a < nan);
  CHECK((nan <=> a) == std::partial_ordering::unordered);
}

TEST_CASE("comparison: records nothing") {
  const Value a = 2, b = 3;
  const auto before = graph();
  CHECK(a < b);
  CHECK(a != 1);
  CHECK(graph().operations == before.operations);
  CHECK(graph().leaves == before.leaves);
}

TEST_CASE("stream: a Value is written as its data, with the stream's format") {
  std::ostringstream out;
  out.precision(3);
  out << Value(2.5) << ' ' << Value() << ' ' << exp(Value(1));
  CHECK(out.str() == "2.5 0 2.72");
}
