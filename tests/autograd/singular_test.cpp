// find_singular(): nodes at kinks, jumps, poles and edges, and where a 0 met an infinity.

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

namespace {

using autograd::find_singular;
using autograd::Singular;
using autograd::Value;
using Kind = Singular::Kind;
using Values = std::span<const Value>;

constexpr double kInf = std::numeric_limits<double>::infinity();

// The only one.
Singular the(const std::vector<Singular>& found) {
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace

TEST_CASE("find_singular: smooth graphs, and what no derivative hangs on, have none") {
  const Value a = 2.0, zero = 0.0;
  CHECK(find_singular(a).empty());
  CHECK(find_singular(Value()).empty());
  CHECK(find_singular(log(a) * abs(a) / max(a, 1.0)).empty());
  CHECK(find_singular(0 * abs(zero) + a).empty());
  CHECK(find_singular(max(zero, 0.0 * abs(zero) + 1.0)).empty());
  CHECK(find_singular(sqrt(Value::constant(0)) + abs(Value::constant(0)) * a).empty());
  CHECK(find_singular(max(a, a) + min(a, a)).empty());
  // The untaken side of a select(), and a comparison that is no tie.
  CHECK(find_singular(select(gt(a, 0), a, abs(zero))).empty());
  CHECK(find_singular(select(lt(a, sqrt(zero)), a, zero)).empty());
}

TEST_CASE("find_singular: a 0 that met an infinity, with operands, choice and cure") {
  Value x(0, "x");
  const auto found = find_singular(square(sqrt(x)));
  const Singular root = the(found);
  CHECK(root.kind == Kind::kZeroTimesInfinity);
  CHECK(root.operation == "sqrt");
  CHECK(root.operands[0].name == "x");
  CHECK(root.operands[0].derivative == kInf);
  CHECK(root.gradient == 0);
  CHECK((root.first && root.second && !root.is_masked));
  CHECK(
      root.to_string() ==
      "Singular: sqrt(x) = 0, where x = 0: 0 arrives, meets the local derivative inf, and "
      "nothing is passed on. First and second derivatives hang on it.\n"
      "Cure: keep what goes in above 0, where the slope is infinite: for a length take hypot() or "
      "norm(), whose gradient at 0 is 0; else add a small number under the root.\n");
  const Value large = 800.0;
  CHECK(the(find_singular(log1p(exp(large)))).operation == "exp");
  CHECK(the(find_singular(0.0 * sqrt(x))).is_masked);
}

TEST_CASE("find_singular: kinks and jumps, and which derivatives hang on them") {
  Value x(0, "x"), y(0, "y");
  const Singular kink = the(find_singular(3 * abs(x)));
  CHECK(kink.kind == Kind::kKink);
  CHECK((kink.first && kink.second));
  CHECK(kink.gradient == 3);
  CHECK(kink.choice == "0 at 0");
  CHECK(kink.to_string().starts_with(
      "Singular: abs(x) = 0, where x = 0, has a kink: 3 arrives, and the local derivative 0 is "
      "taken "
      "(0 at 0). First and second derivatives hang on it.\nCure: where its square is meant"));

  const Singular length = the(find_singular(0.5 * square(norm(std::vector<Value>{x, y}))));
  CHECK(length.operation == "norm");
  CHECK((!length.first && length.second));
  CHECK(length.to_string().find(". Second derivatives hang on it.") != std::string::npos);
  const Singular inner = the(find_singular(abs(-x * x)));
  CHECK((!inner.first && inner.second));

  const Singular jump = the(find_singular(select(gt(x, 0), x, y)));
  CHECK(jump.kind == Kind::kJump);
  CHECK(jump.operation == "gt");
  CHECK(jump.first);
  CHECK(the(find_singular(floor(x + 2) * x)).kind == Kind::kJump);
  CHECK(the(find_singular(elu(x))).kind == Kind::kCurvatureJump);
  CHECK(!the(find_singular(elu(x))).first);
  CHECK(the(find_singular(elu(x, 0.5))).kind == Kind::kKink);
  CHECK(the(find_singular(max(x, y))).operation == "max");
  CHECK(the(find_singular(hypot(x, x))).kind == Kind::kKink);
}

TEST_CASE("find_singular: poles, edges, overflow, and derivatives that are NaN") {
  Value x(0, "x"), one = 1.0, large = 800.0;
  CHECK(the(find_singular(log(x))).kind == Kind::kPole);
  CHECK(the(find_singular(1 / x)).kind == Kind::kPole);
  CHECK(the(find_singular(asin(one))).kind == Kind::kEdge);
  CHECK(the(find_singular(cbrt(x))).kind == Kind::kEdge);
  CHECK(the(find_singular(pow(x, 1.5))).kind == Kind::kEdge);
  CHECK(!the(find_singular(pow(x, 1.5))).first);
  CHECK(find_singular(pow(x, 2)).empty());
  CHECK(the(find_singular(exp(large))).kind == Kind::kOverflow);
  CHECK(the(find_singular(pow(-one, 2 * one))).kind == Kind::kUndefined);
}

TEST_CASE("find_singular: the end of a domain, where a comparison with the NaN beyond jumps") {
  const Value x = 1.0;
  const Singular end = the(find_singular(select(le(acos(x), 2.0), 3 * x, x)));
  CHECK(end.operation == "acos");
  CHECK(end.kind == Kind::kEdge);
  CHECK(end.first);
  CHECK(find_singular(select(gt(acos(x), 2.0), 3 * x, x)).empty());
}

TEST_CASE("find_singular: operations that round, take remainders and gamma functions") {
  const Value two = 2.0, zero = 0.0, minus = -1.0;
  CHECK(the(find_singular(trunc(two) * two)).kind == Kind::kJump);
  CHECK(the(find_singular(rint(two + 0.5))).kind == Kind::kJump);
  CHECK(the(find_singular(logb(two))).kind == Kind::kJump);
  CHECK(the(find_singular(logb(zero))).kind == Kind::kPole);
  CHECK(the(find_singular(fmod(two, 1.0))).kind == Kind::kJump);
  CHECK(find_singular(fmod(two, 1.5)).empty());
  CHECK(the(find_singular(remainder(3.0, two))).kind == Kind::kJump);
  CHECK(the(find_singular(fmax(two, 2.0))).kind == Kind::kKink);
  CHECK(the(find_singular(fmin(two, two + 0.0))).kind == Kind::kKink);
  CHECK(the(find_singular(copysign(zero, 1.0))).kind == Kind::kKink);
  CHECK(the(find_singular(copysign(3.0, zero))).kind == Kind::kJump);
  CHECK(the(find_singular(lgamma(minus))).kind == Kind::kPole);
  CHECK(the(find_singular(logdiffexp(two, 2.0))).kind == Kind::kPole);
  CHECK(the(find_singular(xlogy(2.0, zero))).kind == Kind::kPole);
  CHECK(the(find_singular(xlog1py(zero, minus))).kind == Kind::kEdge);
}

TEST_CASE("find_singular: several nodes, those nearest to y first; of a function at a point") {
  const auto f = [](auto x) {
    const auto product = abs(x[0]) * relu(x[1]);
    return sqrt(x[0]) + product;
  };
  const auto found = find_singular(f, std::vector<double>{0.0, 0.0});
  REQUIRE(found.size() == 3);
  CHECK(found[0].operation == "sqrt");
  CHECK(found[0].operands[0].name == "x[0]");
  for (const std::size_t i : {1u, 2u}) {
    CHECK(found[i].kind == Kind::kKink);
    CHECK((!found[i].first && found[i].second));
  }
  CHECK(find_singular(f, std::vector<double>{1.0, 2.0}).empty());
  // Leaves that are not inputs do not count.
  const Value w = 0.0;
  CHECK(find_singular([&](Values x) { return x[0] * abs(w); }, std::vector<double>{1.0}).empty());
  CHECK(autograd::graph_statistics().operations > 0);  // found is alive
}

TEST_CASE("find_singular: a million operations, without recursion") {
  const Value x = 0.0;
  Value y = x;
  for (int i = 0; i < 500'000; ++i) y = y * 1.0000001 + 0.0;
  CHECK(the(find_singular(abs(y) + y)).kind == Kind::kKink);
}

TEST_CASE("find_nonfinite: where a 0 met an infinity and the rest is finite") {
  Value x(0, "x");
  const auto found = autograd::find_nonfinite(2 * exp(log(x + 0)) + x);
  REQUIRE(found);
  CHECK(found->where == autograd::NonFinite::Where::kZeroTimesInfinity);
  CHECK(found->operation == "log");
  CHECK(found->path.size() == 4);
  CHECK(found->to_string().starts_with(
      "0 times infinity: the gradient of operand 1 of log(0): 0 arrives, and meets the local "
      "derivative inf. Nothing was passed on, which need not be right.\n"
      "Path to the output: log -> exp -> mul -> add.\nCure: keep what goes in above 0"));
  // Whether that is right depends on the limit: here it is.
  const Value large = 1000.0;
  CHECK(autograd::find_nonfinite(1 / exp(large))->operation == "exp");
}
