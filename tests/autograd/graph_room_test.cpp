// Operations without edges: what is recorded after many of them finds room all the same.

#include <array>
#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>

using autograd::NoGradGuard;
using autograd::Value;

namespace {

// `bare` operations without edges, made by `make`, are kept; as many with one edge follow.
template <class Make> void check_room(int bare, const Make& make) {
  CAPTURE(bare);
  const Value x = 2;
  std::vector<Value> kept, after;
  for (int i = 0; i < bare; ++i) kept.push_back(make(x, i));
  for (int i = 0; i < bare; ++i) after.push_back(static_cast<double>(i) * x);
  Value s = 0;
  for (int i = 0; i < bare; ++i) s += 1.0 * after[static_cast<std::size_t>(i)];
  for (int i = 0; i < bare; ++i) {
    REQUIRE(after[static_cast<std::size_t>(i)].data() == 2.0 * i);
    REQUIRE(kept[static_cast<std::size_t>(i)].data() == make(x, i).data());
  }
  s.backward();
  CHECK(x.grad() == 0.5 * bare * (bare - 1.0));
  while (!kept.empty()) kept.pop_back();
  CHECK((x * x).data() == 4);
}

}  // namespace

TEST_CASE("room: after results of a NoGradGuard that are kept") {
  for (const int bare : {3, 1023, 1024, 5000, 100'000}) {
    check_room(bare, [](const Value& x, int i) {
      const NoGradGuard guard;
      return x + static_cast<double>(i);
    });
  }
}

TEST_CASE("room: after sums of nothing that are kept") {
  for (const int bare : {1023, 1024, 5000}) {
    check_room(bare, [](const Value&, int) { return autograd::sum(std::span<const Value>()); });
  }
}

TEST_CASE("room: under a guard, after others have ended, and when the graph is let go in between") {
  const Value x = 2;
  std::vector<Value> kept;
  for (int round = 0; round < 6; ++round) {
    {
      const NoGradGuard guard;
      for (int i = 0; i < 700; ++i) kept.push_back(x * static_cast<double>(i));
    }
    for (int i = 0; i < 700; ++i) kept.push_back(x * static_cast<double>(i));
    if (round % 2 == 1) kept.resize(kept.size() / 2);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const double data = kept[i].data();
      REQUIRE(data == 2.0 * static_cast<int>(data / 2));
    }
  }
  kept.clear();
  Value y = x;
  for (int i = 0; i < 5000; ++i) y = y + x * 1.0;
  y.backward();
  CHECK(x.grad() == 5001);
}
