// Scaled dot-product attention, against an example worked by hand and against differences.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Value;
using helpers::error_of;
using Numbers = std::vector<double>;
template <class T> using Rows = std::vector<std::vector<T>>;

namespace {

const double kLog3 = std::log(3.0);

void check_close(const Numbers& x, const Numbers& expected) {
  REQUIRE(x.size() == expected.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(x[i] == doctest::Approx(expected[i]).epsilon(1e-15));
}

}  // namespace

// Scores 0 and log 3, so that the second position has three times the weight of the first.
TEST_CASE("attention: a mean of the values, weighted by softmax(q . k / sqrt(d))") {
  const auto a = nn::attention(Numbers{2, 0, 0, 0}, Rows<double>{{0, 0, 0, 0}, {kLog3, 0, 0, 0}},
                               Rows<double>{{4, 0}, {8, 4}});
  REQUIRE(a.scores.size() == 1);
  check_close(a.scores[0], {0, kLog3});
  check_close(a.weights[0], {0.25, 0.75});
  check_close(a.out, {7, 3});
}

TEST_CASE("attention: gradients of the same example, worked by hand") {
  const std::vector<Value> q{2, 0, 0, 0};
  const Rows<Value> keys{{0, 0, 0, 0}, {kLog3, 0, 0, 0}}, values{{4, 0}, {8, 4}};
  const auto a = nn::attention(q, keys, values);
  a.out[0].backward();
  // d out_0 / d score_1 = 3/4 1/4 (8 - 4)
  CHECK(a.scores[0][1].grad() == doctest::Approx(0.75).epsilon(1e-15));
  CHECK(a.scores[0][0].grad() == doctest::Approx(-0.75).epsilon(1e-15));
  CHECK(a.weights[0][1].grad() == 8);
  CHECK(q[0].grad() == doctest::Approx(0.75 * kLog3 / 2).epsilon(1e-15));
  CHECK(keys[1][0].grad() == doctest::Approx(0.75 * 2 / 2).epsilon(1e-15));
  CHECK(values[1][0].grad() == doctest::Approx(0.75).epsilon(1e-15));
  CHECK(values[1][1].grad() == 0);
}

TEST_CASE("attention: several heads are several attentions, side by side") {
  const Numbers q{0.3, -0.2, 1.5, 0.7};
  const Rows<double> keys{{1, 2, 3, 4}, {-1, 0.5, 0.2, 2}, {0, 0, -1, 1}};
  const Rows<double> values{{1, 2}, {3, 5}, {-7, 11}};
  const auto both = nn::attention(q, keys, values, 2);
  for (std::size_t head = 0; head < 2; ++head) {
    Rows<double> some_keys, some_values;
    for (const Numbers& row : keys) some_keys.push_back({row[2 * head], row[2 * head + 1]});
    for (const Numbers& row : values) some_values.push_back({row[head]});
    const auto one = nn::attention(Numbers{q[2 * head], q[2 * head + 1]}, some_keys, some_values);
    CHECK(one.scores[0] == both.scores[head]);
    CHECK(one.weights[0] == both.weights[head]);
    CHECK(one.out[0] == both.out[head]);
  }
}

TEST_CASE("attention: to a single position it gives that position's values") {
  const auto a = nn::attention(Numbers{5, -3}, Rows<double>{{100, 7}}, Rows<double>{{1, 2, 3}});
  CHECK(a.out == Numbers{1, 2, 3});
}

TEST_CASE("attention: gradients of Values and of generic callables agree with differences") {
  // Two positions, two heads: 4 numbers of the query, 8 of keys, 8 of values.
  const auto f = [](auto p) {
    using T = std::ranges::range_value_t<decltype(p)>;
    const auto row = [&](std::size_t i) {
      const auto numbers = p.subspan(4 * i, 4);
      return std::vector<T>(numbers.begin(), numbers.end());
    };
    const auto a = nn::attention(row(0), Rows<T>{row(1), row(2)}, Rows<T>{row(3), row(4)}, 2);
    return a.out[0] * a.out[1] + a.out[2] * a.out[3] + a.weights[1][0];
  };
  Numbers at;
  for (int i = 0; i < 20; ++i) at.push_back(std::sin(1.0 + i));
  const auto report = autograd::check_gradient(f, at);
  CHECK_MESSAGE(report.ok(), report.to_string());

  const std::vector<Value> p(at.begin(), at.end());
  const Value y = f(std::span<const Value>(p));
  y.backward();
  const auto generic = autograd::value_and_gradient(f, at);
  CHECK(generic.value == doctest::Approx(y.data()).epsilon(1e-15));
  for (std::size_t i = 0; i < at.size(); ++i)
    CHECK(generic.gradient[i] == doctest::Approx(p[i].grad()).epsilon(1e-13));
}

TEST_CASE("attention: nodes and labels") {
  const std::vector<Value> q{1, 2};
  const Rows<Value> keys{{1, 2}, {3, 4}, {5, 6}}, values{{1}, {2}, {3}};
  const std::size_t before = autograd::graph_statistics().operations;
  const auto a = nn::attention(q, keys, values);
  CHECK(autograd::graph_statistics().operations == before + std::size_t{3} * 3 + 1);

  CHECK(a.out[0].label() == "");
  a.set_labels("1");
  CHECK(a.scores[0][2].label() == "score1[0,2]");
  CHECK(a.weights[0][1].label() == "weight1[0,1]");
  CHECK(a.out[0].label() == "attended1[0]");
  const std::string drawing = autograd::to_dot(a.out[0]);
  for (const std::string label : {"score1[0,0]", "weight1[0,2]", "attended1[0]"})
    CHECK(helpers::contains(drawing, label));
  nn::attention(Numbers{1}, Rows<double>{{1}}, Rows<double>{{1}}).set_labels();
}

TEST_CASE("attention: wrong shapes are refused") {
  const auto error = [](const Numbers& q, const Rows<double>& keys, const Rows<double>& values,
                        std::size_t heads = 1) {
    return error_of([&] { nn::attention(q, keys, values, heads); });
  };
  CHECK(error({1}, {}, {}) == "nn::attention: expected at least one key, got none.");
  CHECK(error({1}, {{1}, {2}}, {{1}}) ==
        "nn::attention: expected 2 values, one for each key, got 1.");
  CHECK(error({}, {{}}, {{1}}) ==
        "nn::attention: expected rows of at least one number, got empty ones.");
  CHECK(error({1, 2}, {{1, 2}, {3}}, {{1}, {1}}) ==
        "nn::attention: expected 2 numbers in every key, got 1 at position 1.");
  CHECK(error({1}, {{1}, {3}}, {{1, 2}, {1}}) ==
        "nn::attention: expected 2 numbers in every value, got 1 at position 1.");
  CHECK(error({1}, {{1}}, {{1}}, 0) == "nn::attention: expected at least one head, got none.");
  CHECK(error({1, 2, 3, 4}, {{1, 2, 3, 4}}, {{1, 2, 3}}, 2) ==
        "nn::attention: expected lengths that 2 heads can share equally, got 4 for query and keys, "
        "3 for values.");
}
