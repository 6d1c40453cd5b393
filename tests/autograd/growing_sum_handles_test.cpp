// Sums that grow in place beside other handles, labels and products that are looked at.

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ranges.hpp>
#include <tests/support/graphs.hpp>

using autograd::sum;
using autograd::topological_order;
using autograd::Value;
using graphs::labels_of;

namespace {

using Names = std::vector<std::string_view>;

std::size_t operations() { return autograd::graph_statistics().operations; }

}  // namespace

TEST_CASE("growing sum: does not grow under the eyes of another handle") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("of a dot product") {
    s += a * b;
    const Value seen = s;
    s += a * b;
    CHECK(seen.data() == 6);
    CHECK(seen.inputs().size() == 4);
    CHECK(s.data() == 12);
    seen.backward();
    CHECK(a.grad() == 3);
  }
  SUBCASE("of a sum, by a value") {
    s += a;
    const Value seen = s;
    s += a;
    CHECK(seen.data() == 2);
    CHECK(seen.inputs().size() == 2);
    CHECK(s.data() == 4);
  }
  SUBCASE("of a sum, by a scaled value") {
    s += 5 * a;
    const Value seen = s;
    s += 5 * a;
    CHECK(seen.data() == 10);
    CHECK(s.data() == 20);
    s.backward();
    CHECK(a.grad() == 10);
  }
  SUBCASE("one of many") {
    s += a;
    const std::vector<Value> seen(300, s);
    s += a;
    CHECK(seen[299].data() == 2);
    CHECK(s.data() == 4);
  }
}

TEST_CASE("growing sum: grows again when the other handle has gone") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  std::optional<Value> seen = s;
  seen.reset();
  const auto before = operations();
  s += a * b;
  CHECK(operations() == before);
  CHECK(s.data() == 12);
}

TEST_CASE("growing sum: does not take the label of what it was along") {
  const Value a = 2, b = 3;
  Value s = 0;
  SUBCASE("of a dot product") {
    s += a * b;
    s.set_label("first");
    s += a * b;
  }
  SUBCASE("of a sum") {
    s += a;
    s.set_label("first");
    s += a;
  }
  CHECK(s.label() == "");
  bool found = false;
  for (const Value& node : topological_order(s)) found = found || node.label() == "first";
  CHECK(found);
}

TEST_CASE("growing sum: takes a labelled or named product as it is") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  SUBCASE("labelled") {
    Value product = a * b;
    product.set_label("product");
    s += std::move(product);
    Names labels = labels_of(topological_order(s));
    CHECK(std::count(labels.begin(), labels.end(), "product") == 1);
  }
  SUBCASE("named") {
    const Value product = a * b;
    s += product;
    CHECK(product.data() == 6);
    CHECK(product.op() == "mul");
    CHECK(product.inputs().size() == 2);
  }
  SUBCASE("named twice, moved once") {
    Value product = a * b;
    const Value seen = product;
    s += std::move(product);
    CHECK(seen.op() == "mul");
    CHECK(seen.data() == 6);
  }
  s.backward();
  CHECK(s.data() == 12);
  CHECK(a.grad() == 6);
  CHECK(b.grad() == 4);
}

TEST_CASE("growing sum: a sum that is used before it grows keeps what was made of it") {
  const Value a = 2, b = 3;
  Value s = 0;
  s += a * b;
  const Value y = s * s;
  s += a * b;
  y.backward();
  CHECK(y.data() == 36);
  CHECK(a.grad() == 36);
  CHECK(s.data() == 12);
}

TEST_CASE("growing sum: the sum itself may be among the terms") {
  const Value a = 2, w = 3;
  Value s = 0;
  SUBCASE("s += s of a sum") {
    s += a;
    s += s;
    s.backward();
    CHECK(s.data() == 4);
    CHECK(a.grad() == 2);
  }
  SUBCASE("s += s of a dot product") {
    s += a * w;
    s += s;
    s.backward();
    CHECK(s.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s += s * w") {
    s += a * w;
    s += s * w;  // a w + a w^2
    s.backward();
    CHECK(s.data() == 24);
    CHECK(a.grad() == 12);
    CHECK(w.grad() == 2 + 2 * 2 * 3);
  }
  SUBCASE("s += w * s") {
    s += a * w;
    s += w * s;
    s.backward();
    CHECK(a.grad() == 12);
    CHECK(w.grad() == 14);
  }
  SUBCASE("s += 5 * s of a sum") {
    s += a;
    s += 5 * s;
    s.backward();
    CHECK(s.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s += s * s") {
    s += a * w;
    s += s * s;
    s.backward();
    CHECK(s.data() == 42);
    CHECK(a.grad() == 3 + 2 * 6 * 3);
  }
  SUBCASE("s += move(s) of a product") {
    Value p = a * w;
    Value& alias = p;
    p += std::move(alias);
    p.backward();
    CHECK(p.data() == 12);
    CHECK(a.grad() == 6);
  }
  SUBCASE("s -= s") {
    s += a;
    const Value& alias = s;
    s -= alias;
    s.backward();
    CHECK(s.data() == 0);
    CHECK(a.grad() == 0);
  }
}
