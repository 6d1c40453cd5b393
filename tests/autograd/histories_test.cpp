// Which results keep how much of the graph, and what an Error says of a full one.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/helpers.hpp>

using autograd::History;
using autograd::longest_histories;
using autograd::Value;

namespace {

Value chain(const Value& x, int length) {
  Value y = x;
  for (int i = 0; i < length; ++i) y = sin(y);
  return y;
}

}  // namespace

TEST_CASE("histories: the longest first, each operation counted for the newest result only") {
  helpers::on_a_fresh_graph([] {
    const Value x = 1;
    const Value shared = chain(x, 10);
    const Value small = exp(x);
    Value large = chain(shared, 20);
    large.set_label("large");
    const Value newest = chain(shared, 5);
    const std::vector<History> found = longest_histories();
    REQUIRE(found.size() == 3);
    CHECK(found[0].label == "large");
    CHECK(found[0].operation == "sin");
    CHECK(found[0].operations == 20);
    CHECK(found[0].data == large.data());
    CHECK(found[1].operations == 15);
    CHECK(found[1].data == newest.data());
    CHECK(found[2].operation == "exp");
    CHECK(found[2].operations == 1);
    CHECK(longest_histories(1).size() == 1);
  });
}

TEST_CASE("histories: none in an empty graph, none of operations that have ended") {
  helpers::on_a_fresh_graph([] {
    CHECK(longest_histories().empty());
    const Value x = 1;
    Value below = chain(x, 10);
    const Value above = exp(x);
    below = Value();
    const std::vector<History> found = longest_histories();
    REQUIRE(found.size() == 1);
    CHECK(found[0].operations == 1);
  });
}

TEST_CASE("histories: after places have been used again") {
  helpers::on_a_fresh_graph([] {
    const Value x = 1;
    Value last;
    for (int turn = 0; turn < 5000; ++turn) last = chain(x, 7);
    const std::vector<History> found = longest_histories();
    REQUIRE(found.size() == 1);
    CHECK(found[0].operations == 7);
  });
}

TEST_CASE("histories: the Error of a full graph says what keeps most of it") {
  helpers::on_a_fresh_graph([] {
    autograd::detail::tape.most_operations = 20'000;
    const Value w = 2;
    Value total = 0.0, last;
    const auto run = [&] {
      for (int turn = 0; turn < 100'000; ++turn) {
        const Value loss = square(w * turn);
        total = total + loss;
        total.set_label("total");
        last = loss;
      }
    };
    const std::string text = helpers::error_of(run);
    CHECK(helpers::contains(text, "the graph is full"));
    CHECK(helpers::contains(text, "'total' (add, "));
    CHECK(helpers::contains(text, "data()"));
    CHECK(total.data() > 0);
    total.backward();
    CHECK(w.grad() > 0);
    total = Value();
    last = Value();
    CHECK((w * w).data() == 4);
    // Without the history there is no end to it.
    for (int turn = 0; turn < 100'000; ++turn) last = square(w * turn);
    CHECK(last.data() > 0);
  });
}
