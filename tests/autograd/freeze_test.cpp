// Leaves that are frozen: constants to backward() until they are thawed.

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::derivatives;
using autograd::Error;
using autograd::Value;
using autograd::Verdict;
using helpers::contains;

TEST_CASE("freeze: a frozen leaf has no gradient, the others have theirs") {
  Value w = 2, x = 3;
  w.freeze();
  CHECK(w.is_frozen());
  CHECK_FALSE(x.is_frozen());
  const Value y = w * w * x;
  y.backward();
  CHECK(y.data() == 12);
  CHECK(w.grad() == 0);
  CHECK_FALSE(w.has_grad());
  CHECK(x.grad() == 4);
  CHECK(x.has_grad());
  CHECK(y.local_derivatives() == std::vector<double>{3, 4});
}

TEST_CASE("freeze: counts for what was recorded before as for what is recorded after") {
  Value w = 2;
  const Value before = 3 * w;
  w.freeze();
  const Value after = 5 * w;
  before.backward();
  after.backward();
  CHECK(w.grad() == 0);
  w.thaw();
  CHECK(w.grad() == 0);
  before.backward();
  CHECK(w.grad() == 3);
  after.backward();
  CHECK(w.grad() == 8);
}

TEST_CASE("freeze: forgets the gradient there was, and thaw() begins without one") {
  Value w = 2;
  (7 * w).backward();
  CHECK(w.grad() == 7);
  w.freeze();
  CHECK(w.grad() == 0);
  CHECK_FALSE(w.has_grad());
  w.zero_grad();
  CHECK_FALSE(w.has_grad());
  (3 * w).backward();
  w.thaw();
  CHECK_FALSE(w.is_frozen());
  CHECK(w.grad() == 0);
  CHECK_FALSE(w.has_grad());
  (3 * w).backward();
  CHECK(w.grad() == 3);
  w.thaw();  // was not frozen: nothing changes
  CHECK(w.grad() == 3);
}

TEST_CASE("freeze: what is infinite or NaN in its gradient goes nowhere") {
  Value w = 0;
  const Value x = 2;
  w.freeze();
  (sqrt(w) + log(w - 1) + x).backward();
  CHECK(x.grad() == 1);
  CHECK(w.grad() == 0);
  w.thaw();
  (3 * w).backward();
  CHECK(w.grad() == 3);
}

TEST_CASE("freeze: as the root of backward() it is an Error, and stays without a gradient") {
  Value w = 2;
  w.freeze();
  CHECK_THROWS_AS(w.backward(), autograd::Error);
  CHECK(w.grad() == 0);
  CHECK_FALSE(w.has_grad());
}

TEST_CASE("freeze: its number and its label can be changed, and are used") {
  Value w(2, "w");
  const Value x = 3;
  w.freeze();
  w.set_data(5);
  w.set_label("frozen");
  const Value y = w * x;
  CHECK(y.data() == 15);
  CHECK(w.label() == "frozen");
  CHECK(w.is_frozen());
  w.thaw();
  CHECK(w.data() == 5);
  CHECK(w.label() == "frozen");
}

TEST_CASE("freeze: copies are frozen and thawed together, a detached Value is a leaf of its own") {
  Value w = 2;
  Value copy = w;
  copy.freeze();
  CHECK(w.is_frozen());
  const Value detached = w.detach();
  CHECK_FALSE(detached.is_frozen());
  Value moved = std::move(copy);
  CHECK(moved.is_frozen());
  moved.thaw();
  CHECK_FALSE(w.is_frozen());
  std::vector<Value> many(1000, w);
  many.back().freeze();
  CHECK(w.is_frozen());
  many.clear();
  CHECK(w.is_frozen());
}

TEST_CASE("freeze: a leaf that comes to the place of a frozen one is not frozen") {
  helpers::on_a_fresh_graph([] {
    for (int i = 0; i < 1000; ++i) {
      Value w = 2;
      REQUIRE_FALSE(w.is_frozen());
      w.freeze();
      (w * 3).backward();
    }
    CHECK(autograd::graph_statistics().leaves == 0);
  });
}

TEST_CASE("freeze: the constant 0 is frozen, and thawed it is a leaf") {
  Value zero;
  CHECK(zero.is_frozen());
  zero.freeze();
  CHECK(Value().data() == 0);
  zero.thaw();
  CHECK_FALSE(zero.is_frozen());
  CHECK(Value().is_frozen());
  (4 * zero).backward();
  CHECK(zero.grad() == 4);
  helpers::on_a_fresh_graph([] { CHECK(Value().is_frozen()); });
}

TEST_CASE("freeze: plain numbers among the inputs are frozen, results are not") {
  const Value a = 3, y = a * 5;
  CHECK(y.inputs()[0].is_frozen());
  CHECK_FALSE(y.inputs()[1].is_frozen());
  CHECK_FALSE(y.is_frozen());
  CHECK(Value::constant(3).is_frozen());
  const Value constant = Value::constant(3);
  (constant * a).backward();
  CHECK(constant.grad() == 0);
  CHECK_FALSE(constant.has_grad());
  CHECK(a.grad() == 3);
}

TEST_CASE("freeze: of a result it is an Error that says what to do") {
  const Value a = 2;
  Value y = tanh(a);
  CHECK_THROWS_WITH_AS(y.freeze(),
                       "freeze() on the result of 'tanh': only a leaf can be frozen. Freeze the "
                       "leaves it came from, or compute with detach().",
                       Error);
  CHECK_THROWS_WITH_AS(y.thaw(),
                       "thaw() on the result of 'tanh': only a leaf can be thawed. Thaw the leaves "
                       "it came from.",
                       Error);
  y.backward();
  CHECK(y.grad() == 1);
  CHECK(a.has_grad());
}

TEST_CASE("freeze: derivatives() by name are what they are, and backward() of them leaves it out") {
  Value w = 2;
  const Value x = 3;
  w.freeze();
  const Value y = w * w * x;
  const std::vector<Value> dy = derivatives(y, {w, x});
  CHECK(dy[0].data() == 12);
  CHECK(dy[1].data() == 4);
  dy[0].backward();  // d2y/dw dx = 2 w
  CHECK(x.grad() == 4);
  CHECK(w.grad() == 0);
}

TEST_CASE("freeze: in functions that are differentiated, frozen and other Values are constants") {
  Value w = 2;
  w.freeze();
  const auto f = [&](std::span<const Value> x) { return w * x[0] * x[0]; };
  CHECK(autograd::gradient(f, {3}) == std::vector<double>{12});
  CHECK(autograd::hessian(f, {3}).data == std::vector<double>{4});
  CHECK(w.is_frozen());
  const Value x = 3;
  const Value y = autograd::checkpoint([](auto in) { return in[0] * in[1] * in[1]; }, {w, x});
  y.backward();
  CHECK(x.grad() == 12);
  CHECK(w.grad() == 0);
}

TEST_CASE("freeze: a step downhill leaves frozen parameters alone") {
  std::vector<Value> parameters{0.5, -0.25, 2, 1};
  parameters[1].freeze();
  parameters[2].freeze();
  for (int step = 0; step < 3; ++step) {
    for (const Value& p : parameters) p.zero_grad();
    const Value loss = square(autograd::dot(parameters, std::vector<double>{1, 2, 3, 4}));
    loss.backward();
    for (Value& p : parameters) p.set_data(p.data() - 0.01 * p.grad());
  }
  CHECK(parameters[0].data() != 0.5);
  CHECK(parameters[1].data() == -0.25);
  CHECK(parameters[2].data() == 2);
  CHECK(parameters[3].data() != 1);
}

TEST_CASE("freeze: each thread freezes its own") {
  Value w = 2;
  w.freeze();
  std::thread([] {
    Value own = 3;
    CHECK_FALSE(own.is_frozen());
    own.freeze();
    const Value x = 5;
    (own * x).backward();
    CHECK(own.grad() == 0);
    CHECK(x.grad() == 3);
  }).join();
  CHECK(w.is_frozen());
}

TEST_CASE("freeze: is drawn like a constant") {
  Value w(2, "w"), b = 5;
  const Value x(3, "x"), y = w * x + b;
  const std::string variable = autograd::to_dot(y);
  w.freeze();
  b.freeze();
  y.backward();
  const std::string frozen = autograd::to_dot(y);
  // As if w and b had been constants from the start.
  Value constant = Value::constant(2);
  constant.set_label("w");
  const Value z(3, "x"), same = constant * z + Value::constant(5);
  same.backward();
  CHECK(frozen == autograd::to_dot(same));
  CHECK(frozen != variable);
  CHECK(contains(frozen, "[label=\"5\""));
  w.thaw();
  b.thaw();
  CHECK(autograd::to_dot(w * Value(3, "x") + b) == variable);
}

TEST_CASE("freeze: check_gradient() reports frozen parameters and compares the others") {
  Value w(0.5, "w"), b(0.1, "b");
  std::vector<Value> parameters{w, b};
  const auto right = [&] { return square(tanh(w * 3 + b)); };
  const auto wrong = [&] { return w.detach() * b.detach() + w - w.detach(); };
  w.freeze();
  int calls = 0;
  const auto report = autograd::check_gradient(
      [&] {
        ++calls;
        CHECK(w.data() == 0.5);  // it is not moved
        return right();
      },
      parameters);
  CHECK(calls > 10);
  CHECK(report.ok());
  CHECK(report.inputs[0].verdict == Verdict::kFrozen);
  CHECK(report.inputs[0].analytic == 0);
  CHECK(report.inputs[0].words == "it is frozen: its gradient stays 0, and nothing was compared");
  CHECK(report.inputs[1].verdict == Verdict::kAgrees);
  CHECK(contains(report.to_string(), "1 of 1 derivatives are confirmed, 1 more frozen.\n"));
  CHECK_FALSE(contains(report.to_string(), "nothing was compared"));

  const auto found = autograd::check_gradient(wrong, parameters);
  CHECK_FALSE(found.ok());
  CHECK(found.inputs[0].verdict == Verdict::kFrozen);
  CHECK(found.inputs[1].verdict == Verdict::kDisagrees);
  w.thaw();
  CHECK(autograd::check_gradient(right, parameters).inputs[0].verdict == Verdict::kAgrees);
}

TEST_CASE("freeze: find_nonfinite() does not look for the gradient of a frozen leaf") {
  Value w(0, "w");
  const Value x = 2, y = sqrt(w) + x;
  CHECK(autograd::find_nonfinite(y));
  w.freeze();
  CHECK_FALSE(autograd::find_nonfinite(y));
  w.set_data(std::numeric_limits<double>::quiet_NaN());
  const auto found = autograd::find_nonfinite(w * x);  // its number is looked at all the same
  REQUIRE(found);
  CHECK(found->label == "w");
}
