// The rules of operations of many operands, and how they are recorded.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::graph_statistics;
using autograd::Value;
using numeric::text;
using numeric::Wide;
namespace ops = autograd::ops;
using Numbers = std::vector<double>;

struct RangeRule {
  std::string name;
  double (*value)(std::span<const double> x, std::size_t k);
  Numbers (*partials)(std::span<const double> x, std::size_t k);
  long double (*wide_value)(std::span<const Wide> x, std::size_t k);
  bool has_outputs;  // softmax: k is which
  bool has_pairs;    // dot: an even number of operands
  bool is_select;    // three operands, the first a condition
};

std::vector<RangeRule> all_rules() {
  std::vector<RangeRule> result;
  ops::Concatenation<ops::Choices, ops::Ranged>::for_each([&]<class Op> {
    RangeRule rule{};
    rule.name = Op::info.name;
    rule.value = [](std::span<const double> x, std::size_t k) { return Op::value(x, k); };
    rule.partials = [](std::span<const double> x, std::size_t k) {
      Numbers out(x.size());
      Op::partials(x, k, Op::value(x, k), std::span<double>(out));
      return out;
    };
    rule.wide_value = [](std::span<const Wide> x, std::size_t k) { return Op::value(x, k).v; };
    rule.has_outputs = std::same_as<Op, ops::Softmax>;
    rule.has_pairs = std::same_as<Op, ops::Dot>;
    rule.is_select = std::same_as<Op, ops::Select>;
    result.push_back(rule);
  });
  return result;
}

const std::vector<RangeRule> kRules = all_rules();

std::vector<Numbers> operands(const RangeRule& rule) {
  std::vector<Numbers> result;
  if (rule.is_select) return {{1, 2, 3}, {0, 2, 3}, {-0.5, 1e200, -1}, {1e-300, 3, 3}};
  numeric::Random random(5);
  for (const std::size_t n : {1u, 2u, 3u, 10u, 1000u}) {
    const std::size_t count = rule.has_pairs ? 2 * n : n;
    for (const double size : {1e-200, 1e-3, 1.0, 30.0, 700.0, 1e5, 1e150}) {
      if (n == 1000 && size != 30.0) continue;
      Numbers x(count);
      for (double& each : x) each = random.between(-1, 1) * size;
      result.push_back(x);
      if (n == 1000) continue;
      std::fill(x.begin(), x.end(), size);
      result.push_back(x);
    }
    if (n < 1000) result.push_back(Numbers(count, 0.0));
  }
  return result;
}

std::string describe(const RangeRule& rule, const Numbers& x) {
  std::string result = rule.name + "(" + text(x[0]);
  for (std::size_t i = 1; i < std::min<std::size_t>(x.size(), 10); ++i) result += ", " + text(x[i]);
  return result + (x.size() > 10 ? ", ...)" : ")");
}

std::vector<Value> leaves(const Numbers& x) { return {x.begin(), x.end()}; }

Numbers gradients(const std::vector<Value>& x) {
  Numbers result;
  for (const Value& each : x) result.push_back(each.grad());
  return result;
}

// What a statement adds to the graph.
struct Added {
  std::size_t operations, edges;
  bool operator==(const Added&) const = default;
};
template <class F> Added added_by(const F& f) {
  const auto before = graph_statistics();
  const auto kept = f();
  const auto after = graph_statistics();
  return {after.operations - before.operations, after.edges - before.edges};
}

}  // namespace

TEST_CASE("range rules: every derivative lies between the slopes on the left and on the right") {
  for (const RangeRule& rule : kRules) {
    int asked = 0, judged = 0;
    for (const Numbers& x : operands(rule)) {
      const std::size_t last = x.size() - 1;
      for (const std::size_t k : {std::size_t{0}, last}) {
        const Numbers partials = rule.partials(x, k);
        for (const std::size_t i : {std::size_t{0}, x.size() / 2, last}) {
          std::vector<Wide> in(x.begin(), x.end());
          const auto along = [&](long double at) {
            in[i] = at;
            return rule.wide_value(in, k);
          };
          const numeric::Judgement judgement =
              numeric::judge(along, x[i], -ops::kInfinity, ops::kInfinity, partials[i]);
          ++asked;
          judged += judgement.is_judged;
          if (!judgement.agrees)
            FAIL_CHECK(describe(rule, x), ", output ", k, ", operand ", i, ": ", judgement.reason);
        }
        if (!rule.has_outputs) break;
      }
    }
    CHECK_MESSAGE(judged >= 0.6 * asked, rule.name, ": ", judged, " of ", asked);
  }
}

TEST_CASE("range rules: values agree with the same sum in more digits") {
  for (const RangeRule& rule : kRules) {
    for (const Numbers& x : operands(rule)) {
      const std::vector<Wide> in(x.begin(), x.end());
      const auto exact = static_cast<double>(rule.wide_value(in, 0));
      double size = std::fabs(exact);  // sums may cancel
      if (rule.name == "sum" || rule.name == "mean" || rule.name == "dot")
        for (std::size_t i = 0; i < x.size(); ++i)
          size = std::fmax(size, std::fabs(rule.has_pairs ? x[i] * x[i ^ 1] : x[i]));
      const double value = rule.value(x, 0);
      if (!(value == exact || std::fabs(value - exact) <= 1e-13 * size))
        FAIL_CHECK(describe(rule, x), " is ", text(value), ", expected ", text(exact));
    }
  }
}

TEST_CASE("range rules: NaN in, NaN out") {
  for (const RangeRule& rule : kRules) {
    if (rule.is_select) continue;
    for (const std::size_t n : {2u, 4u, 10u})
      for (std::size_t i = 0; i < n; ++i)
        for (const double other : {0.0, 1.0, -3.0, ops::kInfinity, -ops::kInfinity}) {
          Numbers x(n, other);
          x[i] = ops::kNaN;
          CHECK_MESSAGE(std::isnan(rule.value(x, 0)), describe(rule, x));
          const bool is_linear = rule.name == "sum" || rule.name == "mean" || rule.name == "dot";
          if (is_linear) continue;
          for (const double partial : rule.partials(x, 0))
            CHECK_MESSAGE(std::isnan(partial), describe(rule, x));
        }
  }
}

TEST_CASE("range rules: a recorded operation is one node with an edge to every operand") {
  numeric::Random random(6);
  for (const std::size_t n : {1u, 2u, 3u, 1000u}) {
    CAPTURE(n);
    Numbers numbers(n);
    for (double& each : numbers) each = random.between(-2, 2);
    const std::vector<Value> x = leaves(numbers), y = leaves(numbers);
    CHECK(added_by([&] { return sum(x); }) == Added{1, n});
    CHECK(added_by([&] { return mean(x); }) == Added{1, n});
    CHECK(added_by([&] { return norm(x); }) == Added{1, n});
    CHECK(added_by([&] { return logsumexp(x); }) == Added{1, n});
    CHECK(added_by([&] { return dot(x, y); }) == Added{1, 2 * n});
    CHECK(added_by([&] { return dot(x, numbers); }) == Added{1, n});
    CHECK(added_by([&] { return dot(numbers, x); }) == Added{1, n});
    if (n < 10) CHECK(added_by([&] { return softmax(x); }).operations == n);
    CHECK(added_by([&] { return select(x[0], x[0], y[0]); }) == Added{1, 3});

    CHECK(sum(x).inputs().size() == n);
    CHECK(dot(x, y).inputs().size() == 2 * n);
  }
}

TEST_CASE("range rules: gradients arrive at all operands") {
  numeric::Random random(7);
  for (const std::size_t n : {1u, 2u, 3u, 1000u}) {
    CAPTURE(n);
    Numbers numbers(n), others(n), pairs;
    for (double& each : numbers) each = random.between(-2, 2);
    for (double& each : others) each = random.between(-2, 2);
    for (std::size_t i = 0; i < n; ++i) pairs.insert(pairs.end(), {numbers[i], others[i]});

    const auto check = [&](const Value& y, const std::vector<Value>& x, const Numbers& expected) {
      for (const Value& each : x) each.zero_grad();
      y.backward();
      CHECK_MESSAGE(gradients(x) == expected, y.op());
    };
    const std::vector<Value> x = leaves(numbers), y = leaves(others);
    const auto partials = [](const std::string& name, const Numbers& in, std::size_t k = 0) {
      return std::find_if(kRules.begin(), kRules.end(),
                          [&](const RangeRule& rule) { return rule.name == name; })
          ->partials(in, k);
    };
    check(sum(x), x, Numbers(n, 1.0));
    check(mean(x), x, Numbers(n, 1.0 / static_cast<double>(n)));
    check(norm(x), x, partials("norm", numbers));
    check(logsumexp(x), x, partials("logsumexp", numbers));
    check(softmax(x)[n - 1], x, partials("softmax", numbers, n - 1));
    check(dot(x, y), x, others);
    check(dot(x, y), y, numbers);
    check(dot(x, others), x, others);
    check(dot(others, x), x, others);
    CHECK(dot(x, y).data() == ops::Dot::value<double>(pairs, 0));
    CHECK(autograd::dot(numbers, others) == ops::Dot::value<double>(pairs, 0));
  }
}

TEST_CASE("range rules: more operands than a node's counter holds") {
  const std::size_t n = 70000;
  const std::vector<Value> x(n, Value(2.0));
  const Value y = sum(x), z = y * y;
  CHECK(y.inputs().size() == n);
  z.backward();
  CHECK(z.data() == 140000.0 * 140000.0);
  CHECK(x[0].grad() == 2 * 140000.0 * 70000.0);
}

TEST_CASE("range rules: the same operand several times") {
  const Value x = 3.0;
  dot(std::vector{x, x}, std::vector{x, x}).backward();
  CHECK(x.grad() == 12);
  x.zero_grad();
  autograd::logsumexp({x, x, x}).backward();
  CHECK(x.grad() == doctest::Approx(1).epsilon(1e-15));
  x.zero_grad();
  autograd::norm({x, x}).backward();
  CHECK(x.grad() == doctest::Approx(std::sqrt(2)).epsilon(1e-15));
}

TEST_CASE("range rules: select takes a side, and only that side gets a gradient") {
  const auto check = [](const Value& condition, double taken, double dx, double dy) {
    const Value x = 5.0, y = 7.0;
    const Value r = select(condition, x, y);
    r.backward();
    CHECK(r.data() == taken);
    CHECK(x.grad() == dx);
    CHECK(y.grad() == dy);
    CHECK(condition.grad() == 0);
  };
  check(1.0, 5, 1, 0);
  check(-2.0, 5, 1, 0);
  check(0.0, 7, 0, 1);
  check(-0.0, 7, 0, 1);

  const Value c = 1.0, x = 5.0;
  select(c, x, 7.0).backward();
  CHECK(x.grad() == 1);
  const Value y = select(c, 7.0, x);
  y.backward();
  CHECK(y.data() == 7);
  CHECK(x.grad() == 1);
  CHECK(select(true, x, 7.0).id() == x.id());
}

TEST_CASE("range rules: of no operands") {
  const std::vector<Value> none;
  CHECK(sum(none).data() == 0);
  CHECK(norm(none).data() == 0);
  CHECK(dot(none, none).data() == 0);
  CHECK_THROWS_WITH_AS(mean(none), doctest::Contains("mean()"), autograd::Error);
  CHECK_THROWS_WITH_AS(logsumexp(none), doctest::Contains("logsumexp()"), autograd::Error);
  CHECK_THROWS_WITH_AS(softmax(none), doctest::Contains("softmax()"), autograd::Error);
  const std::vector<Value> one = {1.0};
  CHECK_THROWS_WITH_AS(dot(one, none), doctest::Contains("1 and 0"), autograd::Error);
}
