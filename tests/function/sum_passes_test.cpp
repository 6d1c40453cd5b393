// The passes that join the operations of a sum, and that take factors out of sums over rows.

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/replay/passes/passes.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/traces.hpp>

using namespace traces;

namespace {

// The code of what `build` gives once operations are joined, which changes no bit of it.
template <class Build> detail::ReplayCode joined_code(const Build& build) {
  Draft d;
  d.output(build(d));
  const Trace after = detail::remove_dead(detail::fuse_sums(d.t));
  for (const double x : kHardNumbers) {
    const Numbers at{x, 5, 7};
    CHECK(are_same(outputs_of(after, at), outputs_of(d.t, at)));
  }
  return after.code(after.outputs[0]);
}

}  // namespace

TEST_CASE("fuse_sums: a chain becomes one sum, what others need stays") {
  Draft d;
  Node sum = d.add<ops::Mul>({d.x, d.y});
  for (int i = 0; i < 5; ++i) sum = d.add<ops::Add>({sum, d.add<ops::Mul>({d.y, d.z})});
  d.output(sum);
  const Trace one = detail::remove_dead(detail::fuse_sums(d.t));
  CHECK_FALSE(has(one, code<ops::Add>));
  CHECK_FALSE(has(one, code<ops::Mul>));
  CHECK(has(one, kPlainDot));

  Draft shared;
  const Node first = shared.add<ops::Add>({shared.x, shared.y});
  const Node second = shared.add<ops::Add>({first, shared.z});
  const Node third = shared.add<ops::Add>({second, shared.x});
  shared.output(third).output(second).output(shared.add<ops::Exp>({first}));
  const Trace after = detail::simplify(shared.t);
  for (const double x : kHardNumbers) {
    const Numbers at{x, 1e16, -1e16};
    CHECK(are_same(outputs_of(after, at), outputs_of(shared.t, at)));
  }
}

TEST_CASE("fuse_sums: v unless x is NaN becomes one operation, other selections stay") {
  const auto joined = [](auto build) { return joined_code(build) == kUnlessNan; };
  const auto is_number = [](Draft& d) { return d.add<ops::Equal>({d.x, d.x}); };
  CHECK(joined([&](Draft& d) { return d.add<ops::Select>({is_number(d), d.y, d.x}); }));
  CHECK_FALSE(joined([&](Draft& d) { return d.add<ops::Select>({is_number(d), d.x, d.y}); }));
  CHECK_FALSE(joined([&](Draft& d) { return d.add<ops::Select>({is_number(d), d.y, d.z}); }));
  CHECK_FALSE(joined([&](Draft& d) {
    return d.add<ops::Select>({d.add<ops::Equal>({d.x, d.y}), d.y, d.x});
  }));
}

TEST_CASE("fuse_sums: exp(-x^2) becomes one operation, other exponentials stay") {
  const auto joined = [](auto build) { return joined_code(build) == kGaussian; };
  const auto square = [](Draft& d) { return d.add<ops::Square>({d.x}); };
  CHECK(joined([&](Draft& d) { return d.add<ops::Exp>({d.add<ops::Neg>({square(d)})}); }));
  CHECK_FALSE(joined([&](Draft& d) { return d.add<ops::Exp>({square(d)}); }));
  CHECK_FALSE(joined([&](Draft& d) { return d.add<ops::Exp>({d.add<ops::Neg>({d.x})}); }));
  CHECK_FALSE(joined([&](Draft& d) { return d.add<ops::Tanh>({d.add<ops::Neg>({square(d)})}); }));
}

TEST_CASE("fuse_sums: the order of rounding is kept") {
  Draft left, right;
  const auto chain = [](Draft& d, bool from_left) {
    Node sum = d.x;
    for (const Node each : {d.y, d.z, d.x, d.y})
      sum = from_left ? d.add<ops::Add>({sum, each}) : d.add<ops::Add>({each, sum});
    d.output(sum);
  };
  chain(left, true);
  chain(right, false);
  const Numbers at{1e16, 1, -1e16};
  for (const Draft* d : {&left, &right})
    CHECK(are_same(outputs_of(detail::simplify(d->t), at), outputs_of(d->t, at)));
}

TEST_CASE("uniform_nodes: what leads back to no input, or through a mean over the rows") {
  Draft d;
  const Node p = d.t.add_leaf(Trace::kParameter, 0), two = d.number(2);
  const Node a = d.add<ops::Mul>({p, two}), b = d.add<ops::Add>({a, d.x});
  const Node mean = d.add<ops::RowMean>({b}), c = d.add<ops::Mul>({mean, p});
  const Node e = d.add<ops::Mul>({c, d.x});
  const auto same = detail::uniform_nodes(d.t);
  for (const Node node : {p, two, a, mean, c}) CHECK(same[node]);
  for (const Node node : {d.x, b, e}) CHECK_FALSE(same[node]);
}

TEST_CASE("hoist_uniform_factors: what is the same in all rows is taken out, other outputs stay") {
  Draft d;
  const Node p = d.t.add_leaf(Trace::kParameter, 3), product = d.add<ops::Mul>({d.x, d.y});
  d.output(d.add<ops::Mul>({p, product}))
      .output(d.add<ops::Sub>({d.add<ops::AdjointProduct>({product, p}), d.add<ops::Neg>({d.z})}))
      .output(d.add<ops::Dot>({p, d.x, d.y, d.z}))
      .output(product)
      .output(d.add<ops::Mul>({p, d.x}));
  const Trace after = detail::hoist_uniform_factors(d.t, {true, true, true, true, false});
  const auto same = detail::uniform_nodes(after);
  for (const std::size_t output : {0u, 1u, 2u}) CHECK(same[after.outputs[output]]);
  for (const std::size_t output : {3u, 4u}) CHECK(after.outputs[output] == d.t.outputs[output]);
  // The factor is multiplied once, behind the mean.
  const auto x = after.operands(after.outputs[0]);
  CHECK(std::ranges::count(x, p) == 1);
  CHECK(std::ranges::any_of(x, [&](Node each) { return after.code(each) == code<ops::RowMean>; }));
  // Of one row the mean is the row.
  const Numbers at{2, 3, 5, 7};
  CHECK(outputs_of(after, at) == outputs_of(d.t, at));
}
