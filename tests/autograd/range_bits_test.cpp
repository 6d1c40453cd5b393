// Functions of ranges have fast ways of their own, with the bits of the rules written out.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;
namespace ops = autograd::ops;

namespace {

std::vector<std::uint64_t> bits(std::span<const double> numbers) {
  std::vector<std::uint64_t> result;
  for (const double each : numbers) result.push_back(std::bit_cast<std::uint64_t>(each));
  return result;
}

std::vector<double> random_numbers(std::mt19937_64& random, std::size_t n) {
  std::vector<double> result(n);
  for (double& each : result) each = static_cast<double>(random() % 20000) / 1000 - 10;
  return result;
}

void check_softmax(const std::vector<double>& numbers) {
  const std::vector<Value> x = autograd::leaves(numbers);
  const std::vector<Value> fast = autograd::softmax(x);
  const std::vector<double> plain = autograd::softmax(numbers);
  REQUIRE(fast.size() == x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    const Value slow = autograd::detail::apply_range<ops::Softmax>(std::span<const Value>(x), k);
    CHECK(bits(std::vector{fast[k].data(), plain[k]}) ==
          bits(std::vector{slow.data(), slow.data()}));
    CHECK(bits(fast[k].local_derivatives()) == bits(slow.local_derivatives()));
    CHECK(fast[k].inputs().size() == slow.inputs().size());
  }
  const auto of_outputs = [](const auto& p) {
    auto sum = p[0] * 2.0;
    for (std::size_t k = 1; k < p.size(); ++k) sum = sum * 0.5 + p[k] * static_cast<double>(k + 1);
    return sum;
  };
  const auto in_one = [&](auto in) { return of_outputs(autograd::softmax(in)); };
  const auto one_by_one = [&]<class T>(std::span<const T> in) {
    std::vector<T> p;
    for (std::size_t k = 0; k < in.size(); ++k)
      p.push_back(autograd::detail::apply_range<ops::Softmax>(in, k));
    return of_outputs(p);
  };
  CHECK(bits(autograd::gradient(in_one, numbers)) == bits(autograd::gradient(one_by_one, numbers)));
}

template <class F, class G> void check_same_gradient(const F& f, const G& g, std::size_t inputs) {
  std::mt19937_64 random(inputs);
  for (int round = 0; round < 20; ++round) {
    const std::vector<double> x = random_numbers(random, inputs);
    const auto one = autograd::value_and_gradient(f, x), other = autograd::value_and_gradient(g, x);
    CHECK(bits(std::vector{one.value}) == bits(std::vector{other.value}));
    CHECK(bits(one.gradient) == bits(other.gradient));
    const auto a = autograd::hessian_vector_product(f, x, x),
               b = autograd::hessian_vector_product(g, x, x);
    CHECK(bits(a) == bits(b));
  }
}

}  // namespace

TEST_CASE("range bits: all outputs of softmax at once are those of one after the other") {
  std::mt19937_64 random(1);
  for (std::size_t n = 1; n < 12; ++n) check_softmax(random_numbers(random, n));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  check_softmax({1000, -1000, 999.5, 0, 0, 0});
  check_softmax({-kInfinity, 2, 3, -kInfinity, 2});
  check_softmax({-745, -800, 3, 40, 40});
}

TEST_CASE("range bits: a dot product of numbers on the statement tape is a loop of +=") {
  const auto pairs = [](auto x, auto&& product) {
    const std::size_t n = x.size() / 2;
    const auto squares = product(x.first(n), x.first(n));           // of a number with itself
    const auto mixed = product(x.first(n), x.last(n)) * sin(x[0]);  // twice used operands
    std::vector<std::remove_cvref_t<decltype(x[0])>> computed;
    for (std::size_t i = 0; i < n; ++i)
      computed.push_back(i % 3 == 0 ? x[i] * x[i + 1] : i % 3 == 1 ? x[i] * 2.0 : x[i] * 0.0 + 1.0);
    computed.push_back(1.5);  // that depends on nothing
    computed.push_back(x[0] + x[1]);
    const std::span<const std::remove_cvref_t<decltype(x[0])>> all(computed);
    return product(all, all) + product(all.first(n), x.last(n)) * mixed + squares +
           product(all.last(1), x.first(1));
  };
  const auto fast = [&](auto x) {
    return pairs(x, [](auto a, auto b) { return autograd::dot(a, b); });
  };
  const auto loop = [&](auto x) {
    return pairs(x, [](auto a, auto b) {
      std::remove_cvref_t<decltype(a[0])> sum = 0.0;
      for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
      return sum;
    });
  };
  for (const std::size_t n : {6U, 8U, 20U, 61U}) check_same_gradient(fast, loop, n);
}

TEST_CASE("range bits: sum and mean on the statement tape are those of their rules") {
  const auto fast = [](auto x) { return autograd::sum(x) * autograd::mean(x) + sin(x[1]); };
  const auto rules = []<class T>(std::span<const T> x) {
    const auto by_rule = [&]<class Op>(Op) {
      if constexpr (requires { x[0].partial(); }) {
        using S = typename T::Data;
        std::vector<S> in, partials(x.size());
        for (const T& each : x) in.push_back(each.data());
        const S r = autograd::detail::apply_range<Op>(std::span<const S>(in), 0);
        Op::partials(std::span<const S>(in), 0, r, std::span(partials));
        return T::function(x, r, partials);
      } else {
        return autograd::detail::apply_range<Op>(x, 0);
      }
    };
    return by_rule(ops::Sum()) * by_rule(ops::Mean()) + sin(x[1]);
  };
  for (const std::size_t n : {5U, 6U, 33U}) check_same_gradient(fast, rules, n);
}
