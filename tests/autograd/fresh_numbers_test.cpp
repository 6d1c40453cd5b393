// A temporary Value made from a number, T(2) in templated code, is recorded as that number; a named
// one is a leaf.

#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/graphs.hpp>

using autograd::Value;

namespace {

std::size_t leaves() { return graphs::size().leaves; }

}  // namespace

TEST_CASE("fresh numbers: an operand T(2) is recorded as 2 is, and leaves no leaf behind") {
  const Value x = 3;
  const std::size_t before = leaves();
  const auto check = [&](const Value& with_value, const Value& with_number) {
    CHECK(with_value.data() == with_number.data());
    CHECK(with_value.op() == with_number.op());
    CHECK(with_value.local_derivatives() == with_number.local_derivatives());
    CHECK(leaves() == before);
    x.zero_grad();
    with_value.backward();
    const double slope = x.grad();
    x.zero_grad();
    with_number.backward();
    CHECK(x.grad() == slope);
  };
  check(Value(2) * x, 2 * x);
  check(x * Value(2), x * 2);
  check(Value(1) - x, 1 - x);
  check(x - Value(1), x - 1);
  check(x / Value(2), x / 2);
  check(Value(2) / x, 2 / x);
  check(x + Value(2), x + 2);
  check(x * x / Value(2), x * x / 2);
  check(Value(2) * (x * x), 2 * (x * x));
  check(pow(x, Value(2)), pow(x, 2));
  check(pow(x * x, Value(0.5)), pow(x * x, 0.5));
  check(pow(Value(2), x), pow(2, x));
  check(pow(Value(2), x * x), pow(2, x * x));
  check(atan2(x, Value(2)), atan2(x, 2));
  check(atan2(Value(2), x), atan2(2, x));
  check(hypot(x, Value(1)), hypot(x, 1));
  check(hypot(Value(1), x * x), hypot(1, x * x));
  check(fmax(x, Value(4)), fmax(x, 4.0));
  check(fmin(Value(4), x), fmin(4.0, x));
  check(fmod(x, Value(2)), fmod(x, 2));
  check(remainder(x, Value(2)), remainder(x, 2));
  check(copysign(Value(2), x), copysign(2, x));
  check(logaddexp(x, Value(0)), logaddexp(x, 0.0));
  check(logaddexp(Value(0), x * x), logaddexp(0.0, x * x));
  check(logdiffexp(x, Value(0)), logdiffexp(x, 0.0));
  check(xlogy(Value(2), x), xlogy(2, x));
  check(xlog1py(Value(2), x * x), xlog1py(2, x * x));
  check(nextafter(x, Value(4)), nextafter(x, 4.0));
  check(lt(x, Value(4)), lt(x, 4.0));
  check(le(Value(4), x), le(4.0, x));
  check(gt(x, Value(4)), gt(x, 4.0));
  check(ge(Value(4), x), ge(4.0, x));
  check(eq(x * x, Value(9)), eq(x * x, 9.0));
  check(ne(x, Value(3)), ne(x, 3.0));
  check(fdim(x, Value(1)), fdim(x, 1.0));
  check(fdim(Value(4), x), fdim(4.0, x));
  check(fma(x, Value(2), x), fma(x, 2.0, x));
  check(fma(Value(2), x, Value(1)), fma(2.0, x, 1.0));
  check(lerp(x, x * x, Value(0.25)), lerp(x, x * x, 0.25));
  check(lerp(Value(1), Value(2), x), lerp(1.0, 2.0, x));
  check(select(lt(x, 4), x * x, Value(0)), select(lt(x, 4), x * x, 0.0));
  check(select(lt(x, 4), Value(2), x), select(lt(x, 4), 2.0, x));
  check(max(x, Value(0)), max(x, 0.0));
  check(max(Value(4), x), max(4, x));
  check(min(x * x, Value(4)), min(x * x, 4.0));
  check(min(Value(4), x * x), min(4.0, x * x));
  check(clamp(x, Value(0), Value(1)), clamp(x, 0.0, 1.0));
  Value s = x * x, t = x * x;
  s += Value(2);
  t += 2;
  s -= Value(1);
  t -= 1;
  s *= Value(3);
  t *= 3;
  s /= Value(4);
  t /= 4;
  check(s, t);
}

TEST_CASE("fresh numbers: the result of fresh and plain numbers alone is a fresh number") {
  const Value x = 3;
  const std::size_t before = leaves();
  const auto check = [&](const Value& made, double number) {
    CHECK(made.is_leaf());
    CHECK(made.data() == number);
    CHECK(leaves() == before + 1);
  };
  check(-Value(2), -2);
  check(Value(2) * Value(3), 6);
  check(Value(2) * 4, 8);
  check(1 / Value(4), 0.25);
  check(-(Value(1) - Value(2) / 8), -0.75);
  check(hypot(Value(3), Value(4)), 5);
  check(fma(Value(3), Value(4), Value(5)), 17);
  check(fdim(Value(3), Value(4)), 0);
  const Value y = -Value(2) * Value(3) * x;
  CHECK(y.op() == "mul");
  CHECK(y.local_derivatives() == std::vector{0.0, -6.0});
  CHECK(leaves() == before);
  const Value kept = Value(2) * 3;
  (kept * x).backward();
  CHECK(kept.grad() == 3);
}

namespace {

Value made_elsewhere(double x) { return x; }
Value used_before_it_is_returned(const Value& x, Value& y) {
  Value w = 2;
  y = w * x;
  return w;
}

}  // namespace

TEST_CASE("fresh numbers: of eight temporaries that are alive together") {
  const Value x = 3;
  for (int others = 0; others < 20; ++others) {
    std::vector<Value> leaf(1, x);  // so that the ids differ
    for (int i = 0; i < others; ++i) leaf.emplace_back(i);
    Value a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7;
    const Value y = (std::move(a) * x + std::move(b) * x) + (std::move(c) * x + std::move(d) * x) +
                    (std::move(e) * x + std::move(f) * x) + (std::move(g) * x + std::move(h) * x);
    x.zero_grad();
    y.backward();
    CHECK(x.grad() == 28);
    CHECK(topological_order(y).size() == 16);  // x, eight products, seven sums
  }
}

TEST_CASE("fresh numbers: it does not matter who made them") {
  const Value x = 3;
  const std::size_t before = leaves();
  const Value y = made_elsewhere(2) * x, z = -made_elsewhere(2), w = made_elsewhere(2) * Value(5);
  CHECK(y.local_derivatives() == std::vector{0.0, 2.0});
  CHECK(leaves() == before + 2);  // z and w
  CHECK(z.is_leaf());
  CHECK(w.data() == 10);

  Value product;
  const Value square = used_before_it_is_returned(x, product) * x;
  CHECK(product.inputs()[0].is_leaf());
  CHECK(square.inputs()[0].is_leaf());
  (product + square).backward();
  CHECK(product.inputs()[0].grad() == 6);
}

TEST_CASE("fresh numbers: a named leaf keeps its gradient") {
  const Value x = 3;
  const Value two = 2;
  Value y = two * x;
  y.backward();
  CHECK(two.grad() == 3);
}

TEST_CASE("fresh numbers: a label is kept") {
  const Value x = 3;
  const Value y = Value(2, "two") * x;
  CHECK(y.inputs()[0].label() == "two");
  CHECK(y.inputs()[0].is_leaf());
}

TEST_CASE("fresh numbers: a leaf that an operation knows stays one when its handle is moved") {
  const Value x = 3;
  Value w = 2;
  const Value y = w * x;
  const Value z = std::move(w) * y;
  const Value leaf = y.inputs()[0];
  CHECK(leaf.is_leaf());
  z.backward();
  CHECK(leaf.grad() == 12);  // 2 w x
  CHECK(x.grad() == 4);
  const Value other = 5;  // does not take the place of the leaf
  CHECK(leaf.data() == 2);
  CHECK(other.data() == 5);
}

TEST_CASE("fresh numbers: nor when operations on top have come and gone in between") {
  const Value x = 3;
  Value y;
  Value w = 2;
  { const Value gone = exp(x); }
  y = w * x;
  const Value z = std::move(w) * y;
  const Value leaf = y.inputs()[0];
  const Value other = 5;
  CHECK(leaf.data() == 2);
  z.backward();
  CHECK(x.grad() == 4);
}

TEST_CASE("fresh numbers: a sum that took the product over knows the leaf") {
  const Value x = 3;
  Value sum = x * x;
  Value w = 2;
  sum += w * x;
  const Value z = std::move(w) * sum;
  const Value other = 5;
  z.backward();
  CHECK(x.grad() == 2 * (2 * 3 + 2));
}

TEST_CASE("fresh numbers: copies are leaves") {
  const Value x = 3;
  Value w = 2;
  const Value copy = w;
  const Value y = std::move(w) * x;
  y.backward();
  CHECK(copy.grad() == 3);
}

TEST_CASE("fresh numbers: a Value that is made and not used leaves no leaf behind") {
  const Value x = 3;
  const std::size_t before = leaves();
  for (int i = 0; i < 1000; ++i) {
    const Value unused = i;
    CHECK((x < Value(4)));
  }
  CHECK(leaves() == before);
}

TEST_CASE("fresh numbers: under a NoGradGuard, and in a Function") {
  const Value x = 3;
  {
    const autograd::NoGradGuard guard;
    CHECK((Value(2) * x).data() == 6);
  }
  autograd::Function::trace(
      [](std::span<const Value> in) {
        const Value y = Value(2) * in[0];
        CHECK(y.inputs().size() == 2);
        CHECK_FALSE(y.inputs()[0].has_grad());
        return y;
      },
      {3.0});
}
