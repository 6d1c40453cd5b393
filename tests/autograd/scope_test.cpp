// Names of parts: what belongs to which, and that they last and end with the operations.

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/nonfinite.hpp>
#include <autograd/ranges.hpp>
#include <autograd/scope.hpp>
#include <autograd/tape/annotations.hpp>
#include <tests/support/helpers.hpp>

using namespace autograd;

namespace {

using Names = std::vector<std::string>;

const detail::Parts& parts() { return detail::tape.annotated().parts; }

}  // namespace

TEST_CASE("scope: operations belong to the innermost scope, leaves to none") {
  const Value x(2.0), before = sin(x);
  Value layer, unit, between, second, leaf;
  {
    Scope outer("layer", 1);
    layer = sin(x);
    leaf = Value(3.0);
    {
      Scope inner("unit", 0);
      unit = cos(x);
    }
    between = cos(layer);
    {
      Scope inner("unit", 1);
      second = unit * between;
      const Value inside = exp(second);
      CHECK(parts_of(inside) == Names{"layer 1", "unit 1"});
    }
  }
  const Value after = second + before;
  CHECK(parts_of(before).empty());
  CHECK(parts_of(x).empty());
  CHECK(parts_of(leaf).empty());
  CHECK(parts_of(layer) == Names{"layer 1"});
  CHECK(parts_of(unit) == Names{"layer 1", "unit 0"});
  CHECK(parts_of(between) == Names{"layer 1"});
  CHECK(parts_of(second) == Names{"layer 1", "unit 1"});
  CHECK(parts_of(after).empty());
}

TEST_CASE("scope: a part that is entered again is the same one") {
  const Value x(2.0);
  std::vector<Value> kept;
  std::size_t count = 0;
  for (int row = 0; row < 100; ++row) {
    Scope layer("layer 1");
    for (std::size_t k = 0; k < 5; ++k) {
      Scope unit("unit", k);
      kept.push_back(sin(x));
    }
    if (row == 0) count = parts().size();
  }
  CHECK(parts().size() == count);
  CHECK(parts_of(kept.back()) == Names{"layer 1", "unit 4"});
  CHECK(parts_of(kept[7]) == Names{"layer 1", "unit 2"});
}

TEST_CASE("scope: parts end with their operations, and what is recorded next is in none of them") {
  helpers::on_a_fresh_graph([] {
    const Value x(2.0);
    {
      Scope scope("gone");
      const Value y = sin(sin(x));
    }
    const Value z = sin(x);
    CHECK(parts_of(z).empty());
    Scope open("open");
    { const Value y = sin(sin(x)); }
    const Value y = cos(x);
    CHECK(parts_of(y) == Names{"open"});
    CHECK(parts_of(z).empty());
  });
}

TEST_CASE("scope: an exception leaves the part it passes") {
  const Value x(2.0);
  try {
    Scope outer("outer");
    Scope inner("inner");
    const Value y = sin(x);
    throw std::runtime_error("");
  } catch (const std::runtime_error&) {
  }
  CHECK(parts_of(sin(x)).empty());
}

TEST_CASE("scope: sums that grow in place stay where they began") {
  const Value x(2.0), w(3.0);
  Value sum = 0.0 * x;
  {
    Scope scope("terms");
    for (int i = 0; i < 10; ++i) sum += w * x;
  }
  CHECK(sum.data() == 60);
  sum += x;
  CHECK(parts_of(sum).size() <= 1);
}

TEST_CASE("scope: names without end take bounded memory, also under an older result") {
  helpers::on_a_fresh_graph([] {
    const Value x(2.0);
    Value older;
    {
      Scope scope("older");
      older = sin(x);
    }
    const auto steps = static_cast<std::size_t>(helpers::scaled(100'000, 5'000));
    for (std::size_t i = 0; i < steps; ++i) {
      Scope epoch("epoch", i);
      Scope inner("inner");
      const Value y = cos(older);
    }
    CHECK(parts().size() < 3000);
    CHECK(parts().runs(detail::tape.now()).size() < 10);
    CHECK(parts_of(older) == Names{"older"});
  });
}

TEST_CASE("scope: the numbers are found by id at every time") {
  helpers::on_a_fresh_graph([] {
    const Value x(1.5);
    std::vector<Value> kept;
    std::vector<Names> expected;
    const auto record = [&](Names names) {
      kept.push_back(sin(x));
      expected.push_back(std::move(names));
      if (kept.size() % 3 == 0) {  // operations on top end
        kept.pop_back();
        expected.pop_back();
      }
    };
    for (std::size_t i = 0; i < 50; ++i) {
      record({});
      Scope outer("outer", i % 4);
      record({"outer " + std::to_string(i % 4)});
      {
        Scope inner("inner");
        record({"outer " + std::to_string(i % 4), "inner"});
        Scope innermost("innermost", i);
        record({"outer " + std::to_string(i % 4), "inner", "innermost " + std::to_string(i)});
      }
      record({"outer " + std::to_string(i % 4)});
    }
    for (std::size_t i = 0; i < kept.size(); ++i) CHECK(parts_of(kept[i]) == expected[i]);
  });
}

TEST_CASE("scope: find_nonfinite says in which part a NaN was born") {
  const Value x(-1.0, "x");
  Value y;
  {
    Scope layer("layer", 2);
    Scope unit("unit", 0);
    y = sqrt(x);
  }
  const auto found = find_nonfinite(2 * y);
  REQUIRE(found);
  CHECK(found->parts == Names{"layer 2", "unit 0"});
  CHECK(helpers::contains(found->to_string(), ".\nPart: layer 2, unit 0.\n"));
}

TEST_CASE("scope: the next part of the same name") {
  const Value x(2.0);
  std::vector<Value> kept;
  const auto layer = [&](std::size_t number) {
    Scope outer("layer", number);
    Scope unit("unit", 0);
    for (std::size_t k = 0; k < 3; ++k) {
      unit.next(k);
      kept.push_back(sin(x));
      kept.push_back(exp(kept.back()));
    }
    unit.next(1);  // out of order
    kept.push_back(cos(x));
  };
  layer(0);
  const std::size_t size = parts().size();
  layer(0);
  CHECK(parts().size() == size);  // the same parts
  layer(1);
  CHECK(parts_of(sin(x)).empty());
  REQUIRE(kept.size() == 21);
  const std::vector<std::size_t> units{0, 0, 1, 1, 2, 2, 1};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CAPTURE(i);
    CHECK(parts_of(kept[i]) ==
          Names{"layer " + std::to_string(i / 14), "unit " + std::to_string(units[i % 7])});
  }
}
