// The passes that every trace goes through, on small traces made by hand and at random: no bit of an
// output changes, whatever the numbers are.

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/replay/passes/passes.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/traces.hpp>

using namespace traces;

namespace {

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
  const std::uint64_t traces = helpers::cases(6'000);
  for (std::uint64_t seed = 1; seed <= traces; ++seed) {
    numeric::Random random(seed);
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
  const int count = helpers::scaled(300'000, 60'000);  // 10^9, 10^11 comparisons of each with all
  Draft d;
  std::vector<Node> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(d.number(i));
  const Node last = d.add<ops::Sin>({d.x});
  for (int turn = 0; turn < 2; ++turn)
    for (const Node number : numbers) d.output(d.add<ops::Add>({number, last}));
  const Trace after = detail::merge_common(d.t);
  const auto half = after.outputs.begin() + count;
  CHECK(std::equal(after.outputs.begin(), half, half, after.outputs.end()));
  CHECK(std::adjacent_find(after.outputs.begin(), half, std::greater_equal<>()) == half);
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
