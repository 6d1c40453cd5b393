// derivatives(): gradients that are graphs, what they consist of and what they cost.

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace {

using autograd::derivatives;
using autograd::graph_statistics;
using autograd::Value;
using Numbers = std::vector<double>;
using Values = std::span<const Value>;

// dy/dx
Value d(const Value& y, const Value& x) { return derivatives(y, {x})[0]; }

}  // namespace

TEST_CASE("derivatives: the gradient is a graph that can be listed, drawn and labelled") {
  const Value x(0.5, "x"), w(2, "w");
  Value slope = d(sin(w * x), w);
  slope.set_label("slope");
  const std::vector<Value> order = autograd::topological_order(slope);
  CHECK(order.size() >= 5);
  CHECK(order.back().label() == "slope");
  CHECK(slope.op() == "mul");
  CHECK(slope.inputs().size() == 2);
  const std::string dot = autograd::to_dot(slope);
  CHECK(dot.find("slope") != std::string::npos);
  CHECK(dot.find("cos") != std::string::npos);
}

TEST_CASE("derivatives: plain numbers stay plain") {
  const Value x = 3.0;
  // 1 * 2 x, not 1 * 1 * (2 * x) and the like.
  CHECK(autograd::topological_order(d(square(x), x)).size() == 2);
  CHECK(d(5 * x, x).is_leaf());
  CHECK(d(exp(x), x).op() == "exp");
}

TEST_CASE("derivatives: only what leads to xs is recorded") {
  const Value x = 3.0, c = 7.0;
  const Value y = exp(x / c), root = sqrt(x), none = root - root;
  const auto recorded_for = [](const Value& of, const Value& by) {
    const auto before = graph_statistics().operations;
    const Value slope = d(of, by);
    return graph_statistics().operations - before;
  };
  CHECK(recorded_for(y, x) == 2);     // 1 / c, and that times y
  CHECK(recorded_for(y, c) == 4);     // -(x / c) / c, and that times y
  CHECK(recorded_for(none, x) == 0);  // 1 - 1 has arrived at the root
}

TEST_CASE("derivatives: what cancels exactly leads nowhere, as in backward()") {
  const auto difference = [](const Value& at) {
    const Value root = sqrt(at);
    return root - root;
  };
  const Value x = 0.0;  // where the derivative of the root is infinite
  const Value y = difference(x);
  y.backward();
  CHECK(x.grad() == 0);
  CHECK(d(y, x).data() == 0);
  const auto f = autograd::Function::trace([&](Values in) { return difference(in[0]); }, {2.0});
  CHECK(f.gradient({}, {0.0}).inputs == Numbers{0});
}

TEST_CASE("derivatives: among many leaves, in any order and more than once") {
  std::vector<Value> leaves;
  leaves.reserve(1000);
  for (int i = 0; i < 1000; ++i) leaves.emplace_back(i);
  const Value y = leaves[10] * leaves[990] + 3 * leaves[500];
  const std::vector<Value> xs{leaves[990], leaves[500], leaves[10],
                              leaves[7],   leaves[990], Value()};
  Numbers slopes;
  for (const Value& each : derivatives(y, xs)) slopes.push_back(each.data());
  CHECK(slopes == Numbers{10, 3, 990, 0, 10, 0});
}

TEST_CASE("derivatives: a long recurrence needs no recursion, and costs a few nodes each step") {
  constexpr int kSteps = 20'000;
  const Value x = 0.5;
  Value y = x;
  for (int i = 0; i < kSteps; ++i) y = sin(y) * 0.999 + 0.001;
  const auto recorded = graph_statistics().operations;
  const Value slope = d(y, x);
  const auto with_slope = graph_statistics().operations;
  CHECK(with_slope - recorded <= 3 * recorded);
  y.backward();
  CHECK(slope.data() == doctest::Approx(x.grad()).epsilon(1e-12));
}

TEST_CASE("derivatives: shared nodes are differentiated once, not once for each path") {
  const Value x = 1.0;
  Value y = x;
  for (int i = 0; i < 40; ++i) y = y + y;
  CHECK(d(y, x).data() == std::ldexp(1.0, 40));
  Value z = x;
  for (int i = 0; i < 40; ++i) z = z * z;
  const auto before = graph_statistics().operations;
  CHECK(d(z, x).data() == std::ldexp(1.0, 40));
  CHECK(graph_statistics().operations - before <= 4 * 40);
}

TEST_CASE("derivatives: what y was not computed from costs nothing") {
  Value other = 0.5;
  for (int i = 0; i < 300'000; ++i) other = sin(other);
  // 20,000 times over 300,000 operations would take minutes.
  for (int i = 0; i < 20'000; ++i) {
    const Value x = 3.0;
    REQUIRE(d(x * x, x).data() == 6);
  }
  const Value u = other * other;
  for (int i = 0; i < 20'000; ++i) REQUIRE(d(u * u, u).data() == 2 * u.data());
}

TEST_CASE("derivatives: the constant 0 as a local derivative of an operation of one's own") {
  struct Product {
    double operator()(std::span<const double> x) const { return x[0] * x[1]; }
  };
  struct Slopes {
    Numbers operator()(std::span<const double> x) const { return {x[1], 0.0}; }
    std::vector<Value> operator()(Values x) const { return {x[1], Value()}; }
  };
  const auto product = autograd::custom("product of a constant", Product(), Slopes());
  const Value x = 3.0, y = 5.0;
  for (int i = 0; i < 3; ++i) {
    const auto slopes = derivatives(product(x, y) * x, {x, y});
    CHECK(slopes[0].data() == 30);
    CHECK(slopes[1].data() == 0);
    CHECK((Value() + x).data() == 3);
  }
}

TEST_CASE("derivatives: let go of what they recorded with their last handle") {
  const Value x = 0.3;
  const Value y = exp(x) * x;
  const auto before = graph_statistics();
  { const Value third = d(d(d(y, x), x), x); }
  const auto after = graph_statistics();
  CHECK(after.operations == before.operations);
  CHECK(after.edges == before.edges);
}
