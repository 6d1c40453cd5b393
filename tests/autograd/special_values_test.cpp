// autograd/special-values.md, row by row, at first order.

#include <cmath>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>
#include <tests/support/paths.hpp>
#include <tests/support/special_values.hpp>

namespace {

using autograd::Value;
using autograd::special_values::Case;
using autograd::special_values::kInf;
using numeric::agrees;
using numeric::point;
using numeric::text;
using Values = std::span<const Value>;

std::vector<Value> leaves(const std::vector<double>& at) { return {at.begin(), at.end()}; }

}  // namespace

TEST_CASE("special values: every row of the table holds") {
  CHECK(autograd::special_values::all().size() > 180);
  for (const Case& row : autograd::special_values::all()) {
    const std::vector<Value> x = leaves(row.at);
    const Value y = row.function(Values(x));
    y.backward();
    if (!agrees(y.data(), row.value))
      FAIL_CHECK(row.expression, " at ", point(row.at), ": value ", text(y.data()), ", expected ",
                 text(row.value));
    REQUIRE(row.gradient.size() == x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      // A gradient is added to 0, so that -0 shows in the local derivative only.
      const bool is_negative_zero = row.gradient[i] == 0 && std::signbit(row.gradient[i]);
      const double slope = is_negative_zero ? y.local_derivatives()[i] : x[i].grad();
      if (!agrees(slope, row.gradient[i]))
        FAIL_CHECK(row.expression, " at ", point(row.at), ": derivative ", i + 1, " is ",
                   text(slope), ", expected ", text(row.gradient[i]));
    }
  }
}

TEST_CASE("special values: derivatives as graphs agree, and so do second derivatives") {
  int seconds = 0;
  for (const Case& row : autograd::special_values::all()) {
    const std::vector<Value> x = leaves(row.at);
    const std::vector<Value> slopes = derivatives(row.function(Values(x)), x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!agrees(slopes[i].data(), row.gradient[i] + 0.0))
        FAIL_CHECK(row.expression, " at ", point(row.at), ": derivative ", i + 1, " is ",
                   text(slopes[i].data()), ", expected ", text(row.gradient[i]));
      if (row.hessian.empty()) continue;
      const std::vector<Value> curvatures = derivatives(slopes[i], x);
      for (std::size_t k = 0; k < x.size(); ++k) {
        ++seconds;
        const double expected = row.hessian[i * x.size() + k];
        if (!agrees(curvatures[k].data(), expected + 0.0))
          FAIL_CHECK(row.expression, " at ", point(row.at), ": second derivative ", i + 1, ", ",
                     k + 1, " is ", text(curvatures[k].data()), ", expected ", text(expected));
      }
    }
  }
  CHECK(seconds > 160);
}

TEST_CASE("special values: plain numbers have the same values") {
  for (const Case& row : autograd::special_values::all()) {
    const double y = row.function(std::span<const double>(row.at));
    if (!agrees(y, row.value))
      FAIL_CHECK(row.expression, " at ", point(row.at), ": ", text(y), ", expected ",
                 text(row.value));
  }
}

TEST_CASE("special values: a constant gets no gradient and does not pollute the other operand") {
  const auto slope = [](const Value& x, const Value& y) {
    y.backward();
    return x.grad();
  };
  for (const double at : {-2.0, 0.0, 2.0}) {
    const Value x = at;
    CAPTURE(at);
    CHECK(slope(x, pow(x, 0)) == 0);
  }
  for (const double at : {-2.0, 0.0, 2.0}) {
    const Value x = at;
    CAPTURE(at);
    CHECK(slope(x, pow(x, 3)) == 3 * at * at);
  }
  const Value x = 0.0;
  CHECK(pow(x, 2).inputs().size() == 2);
  CHECK(pow(x, 2).local_derivatives()[1] == 0);
  CHECK(pow(2, x).local_derivatives()[0] == 0);
}

TEST_CASE("special values: what is not used is not poisoned") {
  // An upstream gradient of exactly 0 is skipped, whatever the local derivatives are.
  const Value x = 0.0;
  const Value y = 0.0 * sqrt(x) + x;
  y.backward();
  CHECK(x.grad() == 1);
  const Value bad = -1.0, good = 2.0;
  select(false, log(bad), good).backward();
  CHECK(bad.grad() == 0);
  select(gt(bad, 0.0), log(bad), good * good).backward();
  CHECK(bad.grad() == 0);
  CHECK(good.grad() == 1 + 4);
}

TEST_CASE("special values: the chain rule multiplies as IEEE numbers do") {
  const Value x = 0.0;
  sqrt(x * x).backward();
  CHECK(std::isnan(x.grad()));
  const Value large = 1000.0;
  CHECK(log(1 + exp(large)).data() == kInf);
}

TEST_CASE("structure: a value used several times gets the sum of the contributions") {
  const auto slope = [](Value (*f)(const Value&), double at) {
    const Value a = at;
    f(a).backward();
    return a.grad();
  };
  CHECK(slope([](const Value& a) { return a + a; }, 3) == 2);
  CHECK(slope([](const Value& a) { return a * a; }, 3) == 6);
  CHECK(slope([](const Value& a) { return a - a; }, 3) == 0);
  CHECK(slope([](const Value& a) { return a / a; }, 3) == 0);
  CHECK(slope([](const Value& a) { return pow(a, a); }, 2) ==
        doctest::Approx(4 * (std::log(2) + 1)));
  CHECK(slope([](const Value& a) { return 3 * a; }, 3) == 3);

  const Value a = 2.0;
  CHECK((a + a).inputs().size() == 2);
  CHECK((a * a).local_derivatives() == std::vector<double>{2, 2});
  for (const std::size_t k : {1u, 2u, 3u, 10u, 100u}) {
    const Value x = 1.5;
    const Value y = sum(std::vector<Value>(k, x));
    CHECK(y.inputs().size() == k);
    y.backward();
    CHECK(x.grad() == static_cast<double>(k));
  }
}

TEST_CASE("structure: 28 doublings cost 28 operations") {
  const auto before = autograd::graph_statistics();
  const Value x = 1.0;
  Value y = x;
  for (int i = 0; i < 28; ++i) y = y + y;
  const auto after = autograd::graph_statistics();
  CHECK(after.operations - before.operations == 28);
  CHECK(after.edges - before.edges == 56);
  y.backward();
  CHECK(y.data() == 268435456);
  CHECK(x.grad() == 268435456);
}

TEST_CASE("structure: backward() adds to leaves and overwrites what lies between") {
  const Value a = 2.0;
  const Value square = a * a;
  const Value c = 3 * square;
  c.backward();
  CHECK(a.grad() == 12);
  CHECK(square.grad() == 3);
  c.backward();
  CHECK(a.grad() == 24);
  CHECK(square.grad() == 3);
  CHECK(c.grad() == 1);
  a.zero_grad();
  c.backward();
  CHECK(a.grad() == 12);

  const Value leaf = 5.0;
  leaf.backward();
  CHECK(leaf.grad() == 1);
}

TEST_CASE("structure: a leaf changed after the forward pass does not change what was recorded") {
  Value a = 2.0;
  const Value b = 3.0, y = a * a * b;
  a.set_data(100.0);
  y.backward();
  CHECK(y.data() == 12);
  CHECK(a.grad() == 12);
  CHECK(b.grad() == 4);
}

TEST_CASE("special values: the published table names every expression that is tested") {
  std::ostringstream text_of_file;
  text_of_file << std::ifstream(paths::source("autograd/special-values.md")).rdbuf();
  const std::string table = text_of_file.str();
  REQUIRE(!table.empty());
  for (const Case& row : autograd::special_values::all()) {
    const std::string quoted = std::string("`") + std::string(row.expression) + "`";
    CHECK_MESSAGE(table.find(quoted) != std::string::npos, quoted);
  }
}
