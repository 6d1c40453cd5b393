// find_nonfinite(): every birthplace of NaN and infinity, produced on purpose.

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/operations.hpp>

namespace {

using autograd::custom;
using autograd::find_nonfinite;
using autograd::NonFinite;
using autograd::Value;
using helpers::contains;
using Numbers = std::vector<double>;

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("find_nonfinite: finite graphs have none") {
  const Value a = 2.0;
  CHECK(!find_nonfinite(a));
  CHECK(!find_nonfinite(Value()));
  CHECK(!find_nonfinite(log(a) / a));
  // What is not finite but reaches neither the value nor the gradient does not count.
  const Value zero = 0.0;
  CHECK(!find_nonfinite(select(gt(zero, 0), log(zero), a)));
  CHECK(!find_nonfinite(0 * sqrt(zero) + a));
  CHECK(!find_nonfinite(sqrt(Value::constant(0)) + a));
}

TEST_CASE("find_nonfinite: forward, names the operation, its operands, the path and the cure") {
  const Value p(0, "p"), q(2, "q");
  Value net = p * q;
  net.set_label("net");
  Value loss = 3 * log(net) + q;
  loss.set_label("loss");
  const auto found = find_nonfinite(loss);
  REQUIRE(found);
  CHECK(found->where == NonFinite::Where::kForward);
  CHECK(found->operation == "log");
  CHECK(found->label.empty());
  CHECK(found->number == -kInf);
  REQUIRE(found->operands.size() == 1);
  CHECK(found->operands[0].name == "net");
  CHECK(found->operands[0].data == 0);
  CHECK(found->operands[0].derivative == kInf);
  REQUIRE(found->path.size() == 3);
  CHECK(found->path[0].op() == "log");
  CHECK(found->path[0].data() == found->value.data());
  CHECK(found->path[2].label() == "loss");
  CHECK(found->to_string() ==
        "Not finite: log(net) = -inf, where net = 0.\n"
        "Path to the output: log -> mul -> add 'loss'.\n"
        "Cure: keep what goes in above 0: add a small number to it, or take a form that never "
        "rounds it to 0: logsumexp(x) for log(sum(exp(x))), -softplus(-x) for log(sigmoid(x)), "
        "log1p(x) for log(1 + x), a loss from logits instead of probabilities.\n");
}

TEST_CASE("find_nonfinite: the birth, not one of the results that inherit it") {
  const Value x = 800.0, w = 1.0;
  const Value e = exp(x);
  Value y = e * w;
  for (int i = 0; i < 100; ++i) y = y + w;
  const auto found = find_nonfinite(log(y) - y);  // inf - inf = NaN
  REQUIRE(found);
  CHECK(found->operation == "exp");
  CHECK(found->number == kInf);
  CHECK(found->path.size() == 103);
  CHECK(contains(found->to_string(), "exp -> mul -> add -> add -> ... 95 more ... -> add"));
  CHECK(contains(found->to_string(), "logsumexp"));
}

TEST_CASE("find_nonfinite: of two births, the earlier one that leads to y") {
  const Value x = -1.0, y = 0.0;
  const Value aside = sqrt(x);  // leads nowhere
  const Value first = log(y), second = asin(x * 2);
  const auto found = find_nonfinite(second + first);
  REQUIRE(found);
  CHECK(found->operation == "log");
  CHECK(std::isnan(aside.data()));
}

TEST_CASE("find_nonfinite: a leaf or a plain number that was put in as it is") {
  const Value w(kNaN, "w"), x = 2.0;
  const auto leaf = find_nonfinite(tanh(x * w + x));
  REQUIRE(leaf);
  CHECK(leaf->operation.empty());
  CHECK(leaf->label == "w");
  CHECK(contains(leaf->to_string(), "Not finite: the leaf w = NaN.\n"));
  CHECK(leaf->path.size() == 4);

  for (const Value& y : {x * kInf, kInf - x, pow(x, kInf), select(gt(x, 0), kInf, x)}) {
    const auto number = find_nonfinite(y + 1);
    REQUIRE(number);
    CHECK(number->operation.empty());
    CHECK(number->number == kInf);
    CHECK(contains(number->to_string(), "Not finite: the number inf.\n"));
  }
  const auto itself = find_nonfinite(Value(-kInf));
  REQUIRE(itself);
  CHECK(itself->path.size() == 1);
}

TEST_CASE("find_nonfinite: a select() is followed into the side it has taken") {
  const Value a = -1.0, b = 0.0;
  const Value root = sqrt(a), logarithm = log(b), second_root = sqrt(a);
  for (const Value& y : {select(gt(a, 0), root, logarithm), select(b, second_root, logarithm),
                         select(lt(a, 0), logarithm, root)}) {
    const auto found = find_nonfinite(y * 2);
    REQUIRE(found);
    CHECK(found->operation == "log");
  }
}

TEST_CASE("find_nonfinite: backward, the local derivative that is not finite") {
  const Value s(0, "s"), w(3, "w");
  s.backward();
  Value y = w * sqrt(s) + w;
  const auto found = find_nonfinite(y);
  REQUIRE(found);
  CHECK(found->where == NonFinite::Where::kBackward);
  CHECK(found->operation == "sqrt");
  CHECK(found->gradient == 3);
  CHECK(found->operand == 0);
  CHECK(found->operands[0].name == "s");
  CHECK(found->operands[0].derivative == kInf);
  CHECK(found->number == kInf);
  CHECK(found->path.size() == 3);
  CHECK(contains(found->to_string(),
                 "Not finite: the gradient of operand 1 of sqrt(s), where s = 0: 3 arrives, times "
                 "the local derivative inf it becomes inf.\n"));
  CHECK(contains(found->cure, "hypot"));
  CHECK(s.grad() == 1);  // looking changes no gradient
  CHECK(!w.has_grad());
}

TEST_CASE("find_nonfinite: backward, a gradient that overflows though every derivative is finite") {
  const Value tiny = 1e-160;
  const Value y = 1e200 * (1e200 * (tiny * tiny));
  const auto found = find_nonfinite(y);
  REQUIRE(found);
  CHECK(found->where == NonFinite::Where::kBackward);
  CHECK(found->operation == "mul");
  CHECK(found->operand == 1);  // the plain number stands first
  CHECK(contains(found->cure, "too large for a double"));
}

TEST_CASE("find_nonfinite: a million operations, without recursion") {
  const Value x = -1.0;
  Value y = sqrt(x);
  for (int i = 0; i < 200'000; ++i) y = y + 1;
  const auto found = find_nonfinite(y);
  REQUIRE(found);
  CHECK(found->operation == "sqrt");
  CHECK(found->path.size() == 200'001);
  Value z = x * x;
  for (int i = 0; i < 200'000; ++i) z = z * 0.5 + z * 0.5;
  CHECK(!find_nonfinite(z));
}

TEST_CASE("find_nonfinite: of many operands the text shows a few") {
  const std::vector<Value> many(1000, Value(1e306));
  const auto found = find_nonfinite(sum(many));
  REQUIRE(found);
  CHECK(found->operands.size() == 1000);
  CHECK(contains(found->to_string(),
                 "sum(1e306, 1e306, 1e306, 1e306, 1e306, 1e306, ... 994 more) = inf"));
}

TEST_CASE("find_nonfinite: custom operations and checkpoints are named") {
  const auto broken = custom(
      "broken", [](auto x) { return x[0] / 0.0; }, [](auto) { return 1.0; });
  const Value x = 2.0;
  const auto found = find_nonfinite(broken(x) + 1);
  REQUIRE(found);
  CHECK(found->operation == "broken");
  const auto inside =
      find_nonfinite(autograd::checkpoint([](auto in) { return log(in[0] - 2.0); }, {x}));
  REQUIRE(inside);
  CHECK(inside->operation == "checkpoint");
  CHECK(contains(inside->cure, "without checkpoint()"));
}

TEST_CASE(
    "find_nonfinite: knows a cure for every operation that makes such numbers of finite ones") {
  const Numbers points{-1e308, -1e200, -720, -2, -1, -0.5, 0, 0.5, 1, 2, 720, 1e200, 1e308};
  for (const operations::Operation& each : operations::all()) {
    for (const double x : points)
      for (const double y : points) {
        const Value r = each.on_values.both(x, y);
        const auto found = find_nonfinite(r);
        if (found && contains(found->cure, "look at what this operation does"))
          FAIL_CHECK(each.info.name, "(", x, ", ", y, ") = ", r.data());
      }
  }
}
