// Each pass over a recorded function, on small traces made by hand and at random: what it makes of
// them, and that no bit of an output changes, whatever the numbers are.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/ops.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/numeric.hpp>

namespace {

using autograd::detail::kAdjointDot;
using autograd::detail::kGaussian;
using autograd::detail::kPlainDot;
using autograd::detail::kPlainSum;
using autograd::detail::kUnlessNan;
using autograd::detail::ReplayCode;
using autograd::detail::Trace;
namespace detail = autograd::detail;
namespace ops = autograd::ops;
using Node = Trace::Node;
using Numbers = std::vector<double>;
template <class Op> constexpr ReplayCode code = detail::code<Op>;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ---- a trace, run as it stands ----

double value_of(ReplayCode c, std::span<const double> x) {
  if (c == kUnlessNan) return x[0] == x[0] ? x[1] : x[0];
  if (c == kGaussian) return std::exp(-(x[0] * x[0]));
  if (c == kPlainSum || c == kPlainDot || c == kAdjointDot) {
    double sum = -0.0;  // that plus any x is x
    for (std::size_t i = 0; i < x.size(); i += c == kPlainSum ? 1 : 2) {
      sum += c == kPlainSum   ? x[i]
             : c == kPlainDot ? x[i] * x[i + 1]
                              : ops::AdjointProduct::value(x[i], x[i + 1]);
    }
    return sum;
  }
  double result = 0;
  ops::All::for_each([&]<class Op> {
    if (code<Op> != c) return;
    if constexpr (std::same_as<Op, ops::Softmax>) {
      result = Op::value(x.subspan(1), static_cast<std::size_t>(x[0]));
    } else if constexpr (!requires { Op::domain; }) {
      result = Op::value(x, 0);
    } else if constexpr (Op::domain.size() == 1) {
      result = Op::value(x[0]);
    } else {
      result = Op::value(x[0], x[1]);
    }
  });
  return result;
}

// Leaf i, parameter or input, is x[i].
Numbers outputs_of(const Trace& t, const Numbers& x) {
  Numbers values, operands;
  for (Node i = 0; i < t.size(); ++i) {
    operands.clear();
    for (const Node each : t.operands(i)) operands.push_back(values[each]);
    values.push_back(t.is_number(i) ? t.number(i)
                     : t.is_leaf(i) ? x[t.nodes[i].first]
                                    : value_of(t.code(i), operands));
  }
  Numbers result;
  for (const Node y : t.outputs) result.push_back(values[y]);
  return result;
}

// NaN is NaN; all else has to have the same bits.
bool are_same(const Numbers& x, const Numbers& y) {
  return std::ranges::equal(x, y, [](double a, double b) {
    return (std::isnan(a) && std::isnan(b)) ||
           std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  });
}

constexpr std::array kHardNumbers = {0.0,  -0.0,  1.0,  -1.0,  2.0,    -2.0,   0.5,    3.0,  0.1,
                                     kInf, -kInf, kNaN, 1e308, -1e308, 5e-324, 1e-310, -0.7, 7.3};

std::string text_of(const Trace& t) {
  std::string result;
  for (Node i = 0; i < t.size(); ++i) {
    result += "\n  " + std::to_string(i) + " = ";
    if (t.is_number(i)) {
      result += numeric::text(t.number(i));
    } else if (t.is_leaf(i)) {
      result += "leaf " + std::to_string(t.nodes[i].first);
    } else {
      result += detail::info_of(t.code(i)).name;
    }
    for (const Node x : t.operands(i)) result += " " + std::to_string(x);
  }
  result += "\n  outputs";
  for (const Node y : t.outputs) result += " " + std::to_string(y);
  return result;
}

// x, y, z are leaves 0, 1, 2.
struct Draft {
  Trace t;
  Node x = t.add_leaf(Trace::kInput, 0), y = t.add_leaf(Trace::kInput, 1),
       z = t.add_leaf(Trace::kInput, 2);

  Node number(double n) { return t.add_number(n); }
  template <class Op> Node add(std::initializer_list<Node> operands) {
    return t.add(code<Op>, operands);
  }
  Draft& output(Node node) {
    t.outputs.push_back(node);
    return *this;
  }
};

bool has(const Trace& t, ReplayCode c) {
  for (Node i = 0; i < t.size(); ++i)
    if (t.code(i) == c) return true;
  return false;
}

// Whether the only output of a trace made by build(draft) becomes a leaf, or a node of code c, and
// keeps its bits.
ReplayCode becomes(Node (*build)(Draft& d)) {
  Draft d;
  d.output(build(d));
  const Trace after = detail::remove_dead(detail::simplify_identities(d.t));
  for (const double x : kHardNumbers) {
    for (const double y : kHardNumbers) {
      const Numbers at{x, y, 3};
      if (!are_same(outputs_of(d.t, at), outputs_of(after, at))) {
        FAIL_CHECK(text_of(d.t), "\nat ", numeric::point(at), " is ", outputs_of(d.t, at)[0],
                   ", but ", outputs_of(after, at)[0], " as", text_of(after));
        return 0;
      }
    }
  }
  return after.code(after.outputs[0]);
}

}  // namespace

TEST_CASE("passes: no bit of an output changes, for random traces and hard numbers") {
  const std::array<ReplayCode, 8> binary{code<ops::Add>, code<ops::Sub>, code<ops::Mul>,
                                         code<ops::Div>, code<ops::Max>, code<ops::Less>,
                                         code<ops::Add>, code<ops::Mul>};
  const std::array<ReplayCode, 5> unary{code<ops::Neg>, code<ops::Reciprocal>, code<ops::Square>,
                                        code<ops::Abs>, code<ops::Neg>};
  constexpr int kTraces = helpers::scaled(20000, 4000);
  for (int seed = 1; seed <= kTraces; ++seed) {
    numeric::Random random(static_cast<std::uint64_t>(seed));
    const auto below = [&](std::size_t n) {
      return static_cast<std::size_t>(random.between(0, static_cast<double>(n)));
    };
    Draft d;
    const auto pick = [&] { return static_cast<Node>(below(d.t.size())); };
    for (std::size_t i = 4 + below(14); i > 0; --i) {
      const std::size_t kind = below(12);
      if (kind == 0) {
        d.number(kHardNumbers[below(kHardNumbers.size())]);
      } else if (kind == 1) {
        d.add<ops::Select>({pick(), pick(), pick()});
      } else if (kind == 2) {
        d.add<ops::Sum>({pick(), pick(), pick()});
      } else if (kind == 3) {
        d.add<ops::Dot>({pick(), pick(), pick(), pick()});
      } else if (kind <= 5) {
        d.t.add(unary[below(unary.size())], {pick()});
      } else {
        const Node near = d.t.size() - 1;
        d.t.add(binary[below(binary.size())], {below(2) == 0 ? near : pick(), pick()});
      }
    }
    for (int i = 0; i < 3; ++i) d.output(i == 0 ? d.t.size() - 1 : pick());
    std::vector<detail::Pass> passes(detail::passes().begin(), detail::passes().end());
    passes.push_back({"simplify", [](const Trace& t) { return detail::simplify(t); }});
    for (const detail::Pass& pass : passes) {
      const Trace after = pass.run(d.t);
      REQUIRE(after.outputs.size() == d.t.outputs.size());
      for (int i = 0; i < 12; ++i) {
        Numbers at;
        for (int k = 0; k < 3; ++k) at.push_back(kHardNumbers[below(kHardNumbers.size())]);
        const Numbers expected = outputs_of(d.t, at), given = outputs_of(after, at);
        if (are_same(expected, given)) continue;
        FAIL_CHECK(std::string(pass.name), ", seed ", seed, " at ", numeric::point(at), ": ",
                   numeric::point(given), ", expected ", numeric::point(expected), "\nof",
                   text_of(d.t), "\nbecame", text_of(after));
        break;
      }
    }
  }
}

TEST_CASE("remove_dead: what no output needs is gone, the rest and the order stay") {
  Draft d;
  const Node a = d.add<ops::Mul>({d.x, d.y}), dead = d.add<ops::Exp>({d.z});
  d.add<ops::Add>({dead, a});
  const Node b = d.add<ops::Sin>({a});
  d.output(b).output(a).output(b).output(d.x);
  const Trace after = detail::remove_dead(d.t);
  CHECK(after.size() == 4);
  CHECK(after.outputs == std::vector<Node>{3, 2, 3, 0});
  CHECK(are_same(outputs_of(after, {3, 5, 7}), outputs_of(d.t, {3, 5, 7})));
}

TEST_CASE("fold_constants: operations on numbers become numbers, those on leaves stay") {
  Draft d;
  const Node five = d.add<ops::Add>({d.number(2), d.number(3)});
  const Node ten = d.add<ops::Mul>({five, d.number(2)});
  d.output(d.add<ops::Mul>({ten, d.x}))
      .output(d.add<ops::Softmax>({d.number(1), d.number(0), d.number(0)}))
      .output(d.add<ops::Select>({d.number(kNaN), five, ten}))
      .output(d.add<ops::Div>({d.number(1), d.number(-0.0)}))
      .output(d.add<ops::Mul>({d.x, d.number(0)}));
  const Trace after = detail::fold_constants(d.t);
  const auto number = [&](std::size_t output) {
    return after.is_number(after.outputs[output]) ? after.number(after.outputs[output]) : kNaN;
  };
  CHECK(after.is_number(after.operands(after.outputs[0])[0], 10));
  CHECK(number(1) == 0.5);
  CHECK(number(2) == 5);
  CHECK(number(3) == -kInf);
  CHECK(after.code(after.outputs[4]) == code<ops::Mul>);
}

TEST_CASE("simplify_identities: what changes nothing goes away") {
  const ReplayCode leaf = Trace::kInput;
  CHECK(becomes([](Draft& d) { return d.add<ops::Mul>({d.x, d.number(1)}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Mul>({d.number(1), d.x}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Div>({d.x, d.number(1)}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Sub>({d.x, d.number(0)}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Add>({d.x, d.number(-0.0)}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Pow>({d.x, d.number(1)}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Neg>({d.add<ops::Neg>({d.x})}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Select>({d.y, d.x, d.x}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Select>({d.number(2), d.x, d.y}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Select>({d.number(kNaN), d.x, d.y}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Select>({d.number(-0.0), d.y, d.x}); }) == leaf);
  CHECK(becomes([](Draft& d) { return d.add<ops::Mul>({d.x, d.number(-1)}); }) == code<ops::Neg>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Pow>({d.x, d.number(2)}); }) == code<ops::Square>);
  CHECK(becomes([](Draft& d) {
          return d.add<ops::Pow>({d.x, d.number(-1)});
        }) == code<ops::Reciprocal>);
  CHECK(becomes([](Draft& d) {
          return d.add<ops::Div>({d.number(1), d.x});
        }) == code<ops::Reciprocal>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Div>({d.x, d.number(4)}); }) == code<ops::Mul>);
  CHECK(becomes([](Draft& d) {
          return d.add<ops::Add>({d.x, d.add<ops::Neg>({d.y})});
        }) == code<ops::Sub>);
  CHECK(becomes([](Draft& d) {
          return d.add<ops::Sub>({d.x, d.add<ops::Neg>({d.y})});
        }) == code<ops::Add>);
}

TEST_CASE("simplify_identities: what differs for NaN, an infinity or a zero stays") {
  // The last operand is a number at which the two differ.
  CHECK(becomes([](Draft& d) { return d.add<ops::Mul>({d.x, d.number(0)}); }) == code<ops::Mul>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Mul>({d.number(-0.0), d.x}); }) == code<ops::Mul>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Add>({d.x, d.number(0)}); }) == code<ops::Add>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Add>({d.number(0), d.x}); }) == code<ops::Add>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Sub>({d.x, d.x}); }) == code<ops::Sub>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Sub>({d.number(0), d.x}); }) == code<ops::Sub>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Div>({d.x, d.x}); }) == code<ops::Div>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Div>({d.number(0), d.x}); }) == code<ops::Div>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Div>({d.x, d.number(3)}); }) == code<ops::Div>);
  CHECK(becomes([](Draft& d) {
          return d.add<ops::Div>({d.x, d.number(5e-324)});
        }) == code<ops::Div>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Pow>({d.x, d.number(0)}); }) == code<ops::Pow>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Pow>({d.number(1), d.x}); }) == code<ops::Pow>);
  CHECK(becomes([](Draft& d) { return d.add<ops::Max>({d.x, d.x}); }) == code<ops::Max>);
  becomes([](Draft& d) { return d.add<ops::Sub>({d.x, d.number(-0.0)}); });
  // Signs that are taken out: -0 is not 0 in 1 / x either.
  becomes([](Draft& d) {
    return d.add<ops::Sub>({d.add<ops::Neg>({d.x}), d.add<ops::Neg>({d.y})});
  });
  becomes([](Draft& d) {
    return d.add<ops::Add>({d.add<ops::Neg>({d.x}), d.add<ops::Neg>({d.y})});
  });
  becomes([](Draft& d) { return d.add<ops::Sub>({d.add<ops::Neg>({d.x}), d.y}); });
  becomes([](Draft& d) { return d.add<ops::Add>({d.add<ops::Neg>({d.x}), d.y}); });
  becomes([](Draft& d) { return d.add<ops::Neg>({d.add<ops::Sub>({d.x, d.y})}); });
}

TEST_CASE("simplify_identities: a gradient that is 0 stays 0, whatever it meets") {
  for (const double upstream : kHardNumbers) {
    for (const double partial : kHardNumbers) {
      Draft d;
      d.output(d.add<ops::AdjointProduct>({d.x, d.number(partial)}))
          .output(d.add<ops::AdjointProduct>({d.number(upstream), d.y}))
          .output(d.add<ops::AdjointProduct>({d.x, d.y}))
          .output(d.add<ops::AdjointProduct>({d.add<ops::Neg>({d.x}), d.y}));
      std::vector<detail::Pass> passes(detail::passes().begin(), detail::passes().end());
      passes.push_back({"simplify", [](const Trace& t) { return detail::simplify(t); }});
      for (const detail::Pass& pass : passes) {
        const Numbers at{upstream, partial, 0};
        const Numbers expected = outputs_of(d.t, at), given = outputs_of(pass.run(d.t), at);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          // The sign of a gradient of 0 is not looked at.
          const bool is_same = given[i] == expected[i] || are_same({given[i]}, {expected[i]});
          CHECK_MESSAGE(is_same, std::string(pass.name), " ", i, " at ", numeric::point(at), ": ",
                        given[i], ", expected ", expected[i]);
        }
      }
    }
  }
}

TEST_CASE("merge_common: what is the same becomes one, what differs stays two") {
  const auto merged = [](auto build) {
    Draft d;
    build(d);
    const Trace after = detail::merge_common(d.t);
    CHECK(are_same(outputs_of(after, {3, 5, 7}), outputs_of(d.t, {3, 5, 7})));
    return after.outputs[0] == after.outputs[1];
  };
  const auto two = [](Draft& d, Node a, Node b) { d.output(a).output(b); };
  CHECK(merged([&](Draft& d) { two(d, d.add<ops::Sin>({d.x}), d.add<ops::Sin>({d.x})); }));
  CHECK(merged([&](Draft& d) {
    two(d, d.add<ops::Add>({d.x, d.y}), d.add<ops::Add>({d.y, d.x}));
  }));
  CHECK(merged([&](Draft& d) {
    two(d, d.add<ops::Mul>({d.x, d.y}), d.add<ops::Mul>({d.y, d.x}));
  }));
  CHECK(merged([&](Draft& d) {
    two(d, d.add<ops::Exp>({d.add<ops::Mul>({d.x, d.number(2)})}),
        d.add<ops::Exp>({d.add<ops::Mul>({d.number(2), d.x})}));
  }));
  CHECK(merged([&](Draft& d) { two(d, d.number(kNaN), d.number(kNaN)); }));
  CHECK(merged([&](Draft& d) { two(d, d.x, d.t.add_leaf(Trace::kInput, 0)); }));
  CHECK_FALSE(merged([&](Draft& d) { two(d, d.x, d.t.add_leaf(Trace::kParameter, 0)); }));
  CHECK_FALSE(merged([&](Draft& d) { two(d, d.number(0), d.number(-0.0)); }));
  CHECK_FALSE(merged([&](Draft& d) {
    two(d, d.add<ops::Sub>({d.x, d.y}), d.add<ops::Sub>({d.y, d.x}));
  }));
  CHECK_FALSE(merged([&](Draft& d) {
    two(d, d.add<ops::Max>({d.x, d.y}), d.add<ops::Max>({d.y, d.x}));
  }));
  CHECK_FALSE(merged([&](Draft& d) {
    two(d, d.add<ops::Sum>({d.x, d.y}), d.add<ops::Sum>({d.y, d.x}));
  }));
  CHECK_FALSE(merged([&](Draft& d) { two(d, d.add<ops::Sin>({d.x}), d.add<ops::Cos>({d.x})); }));
  CHECK_FALSE(merged([&](Draft& d) {
    two(d, d.add<ops::Sum>({d.x, d.y}), d.add<ops::Sum>({d.x}));
  }));
}

TEST_CASE("merge_common: many nodes that use the same one, in linear time") {
  constexpr int kCount = 300'000;  // 10^11 comparisons if each were compared with all
  Draft d;
  std::vector<Node> numbers;
  for (int i = 0; i < kCount; ++i) numbers.push_back(d.number(i));
  const Node last = d.add<ops::Sin>({d.x});
  for (int turn = 0; turn < 2; ++turn)
    for (const Node number : numbers) d.output(d.add<ops::Add>({number, last}));
  const Trace after = detail::merge_common(d.t);
  const auto half = after.outputs.begin() + kCount;
  CHECK(std::equal(after.outputs.begin(), half, half, after.outputs.end()));
  CHECK(std::adjacent_find(after.outputs.begin(), half, std::greater_equal<>()) == half);
}

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

TEST_CASE("passes: 300,000 nodes in a chain") {
  constexpr int kLength = 100000;
  Draft d;
  Node node = d.x, sum = d.y, sign = d.z;
  for (int i = 0; i < kLength; ++i) {
    node = d.add<ops::Sin>({node});
    sum = d.add<ops::Add>({sum, d.add<ops::Mul>({d.x, d.y})});
    sign = d.add<ops::Neg>({sign});
  }
  d.output(node).output(sum).output(sign);
  const Trace after = detail::simplify(d.t);
  CHECK(after.size() < kLength * 2 + 10);
  CHECK(are_same(outputs_of(after, {0.5, 3, 7}), outputs_of(d.t, {0.5, 3, 7})));
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
