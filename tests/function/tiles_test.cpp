// Sums that go through the same registers as one step.

#include <cmath>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/replay/tiling.hpp>
#include <tests/support/instructions.hpp>

using autograd::Function;
using autograd::Request;
using autograd::Rows;
using autograd::Value;
namespace detail = autograd::detail;
using detail::Argument;
using detail::Instruction;

namespace {

using Numbers = std::vector<double>;

Numbers wave(std::size_t count, double from) {
  Numbers result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(std::sin(from + 1.7 * static_cast<double>(i)));
  return result;
}

// sum_u (b_u + sum_k w_uk x_k)^2; parameters unit by unit, w and then b.
struct Layer {
  std::size_t units, inputs;

  template <class P, class X> auto operator()(P p, X x) const {
    auto total = 0.0 * x[0];
    for (std::size_t u = 0; u < units; ++u) {
      auto z = p[u * (inputs + 1) + inputs] + p[u * (inputs + 1)] * x[0];
      for (std::size_t k = 1; k < inputs; ++k) z = z + p[u * (inputs + 1) + k] * x[k];
      total = total + z * z;
    }
    return total;
  }
  std::size_t parameters() const { return units * (inputs + 1); }
};

// d(sum over the rows of the layer)/dp = 2 z x.
Numbers gradient_of(const Layer& layer, const Numbers& p, const Numbers& rows) {
  Numbers result(p.size(), 0);
  for (std::size_t first = 0; first < rows.size(); first += layer.inputs) {
    for (std::size_t u = 0; u < layer.units; ++u) {
      const std::size_t at = u * (layer.inputs + 1);
      double z = p[at + layer.inputs];
      for (std::size_t k = 0; k < layer.inputs; ++k) z += p[at + k] * rows[first + k];
      for (std::size_t k = 0; k < layer.inputs; ++k) result[at + k] += 2 * z * rows[first + k];
      result[at + layer.inputs] += 2 * z;
    }
  }
  return result;
}

struct Results {
  Numbers values, gradient, input_gradients;
  bool operator==(const Results&) const = default;
};

Results run(const Function& f, const Numbers& p, const Numbers& rows,
            autograd::Instructions instructions) {
  const std::size_t count = rows.size() / f.inputs();
  Results result{Numbers(count), Numbers(p.size()), Numbers(rows.size())};
  Request request;
  request.values = result.values;
  request.gradient = result.gradient;
  request.input_gradients = result.input_gradients;
  request.reduce = autograd::Reduce::kSum;
  request.instructions = instructions;
  f.run(p, Rows(rows, f.inputs()), request);
  return result;
}

using List = std::vector<std::uint32_t>;

Argument of_register(std::size_t r) { return {Argument::kRegister, r}; }

// `count` sums of uniforms times registers 0 to entries - 1, one behind the other in the list.
std::vector<Instruction> sums(std::uint32_t count, std::uint32_t entries, List& list) {
  std::vector<Instruction> result;
  for (std::uint32_t s = 0; s < count; ++s) {
    result.push_back({detail::kAddScaled,
                      of_register(100 + s),
                      {Argument::kUniform, s},
                      {Argument::kList, list.size()},
                      {Argument::kCount, entries}});
    for (std::uint32_t i = 0; i < entries; ++i) list.insert(list.end(), {10 * s + i, i});
  }
  return result;
}
// `count` times the sums over the rows of a register times registers 0 to entries - 1.
std::vector<Instruction> sums_over_rows(std::uint32_t count, std::uint32_t entries, List& list) {
  std::vector<Instruction> result;
  for (std::uint32_t s = 0; s < count; ++s) {
    result.push_back({detail::kSumProducts,
                      {Argument::kSum, std::size_t{10} * s},
                      of_register(100 + s),
                      {Argument::kList, list.size()},
                      {Argument::kCount, entries}});
    for (std::uint32_t i = 0; i < entries; ++i) list.insert(list.end(), {i, 10 * s + i});
  }
  return result;
}

// Whether the instructions of the tile, with their lists, are those of `before`.
bool comes_from(const Instruction& tile, const List& tile_list, std::span<const Instruction> before,
                const List& list) {
  List own;
  const std::vector<Instruction> parts = detail::take_apart(tile, tile_list, own);
  bool same = parts.size() == before.size();
  for (std::size_t s = 0; same && s < parts.size(); ++s) {
    const Instruction &x = parts[s], &y = before[s];
    same = x.kernel == y.kernel && x.out == y.out && x.a == y.a && x.c == y.c;
    for (std::size_t i = 0; same && i < 2 * std::size_t{x.count()}; ++i)
      same = own[x.list() + i] == list[y.list() + i];
  }
  return same;
}

}  // namespace

TEST_CASE("tiles: layers of all sizes and batches, with every set of instructions") {
  for (const std::size_t units : {1u, 3u, 4u, 5u, 8u, 11u}) {
    for (const std::size_t inputs : {1u, 3u, 4u, 5u, 9u, 16u}) {
      const Layer layer{units, inputs};
      const Numbers p = wave(layer.parameters(), 0.3);
      const auto f = Function::trace(
          [&](std::span<const Value> w, std::span<const Value> x) { return layer(w, x); }, p,
          wave(inputs, 1));
      for (const std::size_t rows : {1u, 7u, 8u, 31u, 64u, 65u, 200u}) {
        const Numbers x = wave(rows * inputs, 2);
        const Results best = run(f, p, x, autograd::Instructions::kBest);
        // A row that is alone is added up in another order: its layer is a loop.
        for (std::size_t r = 0; r < rows; ++r)
          CHECK(std::abs(best.values[r] - layer(p.data(), x.data() + r * inputs)) <=
                (rows == 1 ? 1e-12 : 0.0));
        const Numbers expected = gradient_of(layer, p, x);
        for (std::size_t i = 0; i < p.size(); ++i)
          CHECK(best.gradient[i] ==
                doctest::Approx(expected[i]).epsilon(1e-12).scale(static_cast<double>(rows)));
        for (const auto& set : instructions::usable()) CHECK(run(f, p, x, set.value) == best);
      }
    }
  }
}

TEST_CASE("tiles: a gradient that is 0 does not flow on, whatever it meets") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr std::size_t kUnits = 6, kInputs = 5;
  const Numbers p(kUnits * kInputs, 0.5);
  const auto f = Function::trace(
      [](std::span<const Value> w, std::span<const Value> x) {
        Value total = 0.0;
        for (std::size_t u = 0; u < kUnits; ++u)
          total += relu(dot(w.subspan(u * kInputs, kInputs), x));
        return total;
      },
      p, Numbers(kInputs, 1));
  Numbers rows = wave(9 * kInputs, 1);
  for (std::size_t i = 0; i < kInputs; ++i) rows[3 * kInputs + i] = i == 2 ? -kInfinity : 1;
  for (const auto& set : instructions::usable()) {
    Results all = run(f, p, rows, set.value);
    for (std::size_t i = 0; i < kInputs; ++i) CHECK(all.input_gradients[3 * kInputs + i] == 0);
    CHECK(all.values[3] == 0);
    // As if that row was not there.
    Numbers others = rows;
    others.erase(others.begin() + 3 * kInputs, others.begin() + 4 * kInputs);
    const Results without = run(f, p, others, set.value);
    for (std::size_t i = 0; i < p.size(); ++i)
      CHECK(all.gradient[i] == doctest::Approx(without.gradient[i]).epsilon(1e-14));
    // A unit that is off, as one of its weights is infinite.
    Numbers off = p;
    off[2 * kInputs + 1] = -kInfinity;
    const Results five = run(f, off, Numbers(10 * kInputs, 1), set.value);
    for (const double each : five.input_gradients) CHECK(each == 5 * 0.5);
  }
}

TEST_CASE("tiles: sums that start from one another are none") {
  constexpr std::size_t kInputs = 4, kLayers = 9;
  // h <- h + w x, and the product of all h.
  const auto chain = [](auto p, auto x) {
    auto h = 0.5 * x[0] + 0.0 * p[0];
    auto product = 1.0 + 0.0 * h;
    std::vector<std::remove_cvref_t<decltype(h)>> all;
    for (std::size_t k = 0; k < kLayers; ++k) {
      for (std::size_t i = 0; i < kInputs; ++i) h = h + p[kInputs * k + i] * x[i];
      all.push_back(h);
    }
    for (const auto& each : all) product = product * each;
    return product;
  };
  const Numbers p = wave(kInputs * kLayers, 0.7), x = wave(20 * kInputs, 0.2);
  const auto f = Function::trace(chain, p, wave(kInputs, 1));
  for (const auto& set : instructions::usable()) {
    const Results all = run(f, p, x, set.value);
    for (std::size_t r = 0; r < 20; ++r)
      CHECK(all.values[r] == chain(p.data(), x.data() + r * kInputs));
    Numbers expected(p.size(), 0);
    for (std::size_t r = 0; r < 20; ++r) {
      const auto row = std::span(x).subspan(r * kInputs, kInputs);
      const Numbers slopes = autograd::gradient([&](auto w) { return chain(w, row); }, p);
      for (std::size_t i = 0; i < p.size(); ++i) expected[i] += slopes[i];
    }
    for (std::size_t i = 0; i < p.size(); ++i)
      CHECK(all.gradient[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  }
}

TEST_CASE("make_tiles: four sums at a time, the rest stays") {
  for (const auto make : {sums, sums_over_rows}) {
    List list;
    const std::vector<Instruction> before = make(9, 6, list);
    List tiled_list = list;
    std::vector<Instruction> tiled = before;
    detail::make_tiles(tiled, tiled_list);
    REQUIRE(tiled.size() == 3);
    CHECK(detail::is_tile(tiled[0].kernel));
    CHECK(comes_from(tiled[0], tiled_list, std::span(before).first(4), list));
    CHECK(comes_from(tiled[1], tiled_list, std::span(before).subspan(4, 4), list));
    CHECK(tiled[2].kernel == before[8].kernel);
    CHECK(tiled[2].b == before[8].b);
  }
}

TEST_CASE("make_tiles: sums that differ, or are too short, stay") {
  const auto stay = [](std::vector<Instruction> instructions, List list) {
    const std::size_t count = instructions.size();
    detail::make_tiles(instructions, list);
    return instructions.size() == count;
  };
  for (const auto make : {sums, sums_over_rows}) {
    List list;
    const std::vector<Instruction> good = make(4, 4, list);
    CHECK_FALSE(stay(good, list));
    std::vector<Instruction> other = good;
    other[2].c = {Argument::kCount, 3};
    CHECK(stay(other, list));
    other = good;
    other[1].kernel = other[1].kernel == detail::kAddScaled
                          ? std::uint16_t{detail::kAddUniformUpstreams}
                          : std::uint16_t{detail::kSumAdjointProducts};
    CHECK(stay(other, list));
    List other_list = list;
    other_list[good[3].list() + (make == sums ? 3 : 2)] = 77;  // a register
    CHECK(stay(good, other_list));
    List short_list;
    CHECK(stay(make(4, 3, short_list), short_list));
  }
  List chain_list;
  std::vector<Instruction> chain = sums(4, 5, chain_list);
  chain[3].a = chain[1].out;
  CHECK(stay(chain, chain_list));
  List list;
  std::vector<Instruction> apart = sums_over_rows(4, 5, list);
  apart[2].out = {};  // its sums do not lie side by side
  CHECK(stay(apart, list));
}

TEST_CASE("side_by_side: sums of the same rows follow one another, and so do the units of a tile") {
  const Layer layer{5, 4};
  const auto f = Function::trace(
      [&](std::span<const Value> w, std::span<const Value> x) { return layer(w, x); },
      wave(layer.parameters(), 0), wave(4, 1));
  const std::string text = f.to_string();
  // The four sums of a tile stand in front of the first square.
  const std::size_t square = text.find("square");
  std::size_t before = 0;
  for (const char* bias : {"p4 +", "p9 +", "p14 +", "p19 +"})
    before += text.find(bias) < square ? 1 : 0;
  CHECK(before == 4);
}
