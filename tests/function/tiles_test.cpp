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
using detail::Step;

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

// `count` sums of uniforms times registers 0 to entries - 1, one behind the other in the list.
std::vector<Step> sums(std::size_t count, std::uint32_t entries, std::vector<std::uint32_t>& list) {
  std::vector<Step> steps;
  for (std::uint32_t s = 0; s < count; ++s) {
    steps.push_back({detail::kAddScaled, 100 + s, detail::kUniform | s,
                     static_cast<std::uint32_t>(list.size()), entries});
    for (std::uint32_t i = 0; i < entries; ++i) list.insert(list.end(), {10 * s + i, i});
  }
  return steps;
}
std::vector<Step> sums_over_rows(std::size_t count, std::uint32_t entries,
                                 std::vector<std::uint32_t>& list) {
  std::vector<Step> steps;
  for (std::uint32_t s = 0; s < count; ++s) {
    steps.push_back(
        {detail::kSumProducts, 0, 100 + s, static_cast<std::uint32_t>(list.size()), entries});
    for (std::uint32_t i = 0; i < entries; ++i) list.insert(list.end(), {i, 10 * s + i});
  }
  return steps;
}

// Whether the steps of the tile, with their lists, are those of `before`.
bool comes_from(const Step& tile, const std::vector<std::uint32_t>& tile_list,
                std::span<const Step> before, const std::vector<std::uint32_t>& list) {
  std::vector<std::uint32_t> own;
  const std::vector<Step> steps = detail::steps_of_tile(tile, tile_list, own);
  bool same = steps.size() == before.size();
  for (std::size_t s = 0; same && s < steps.size(); ++s) {
    const Step &x = steps[s], &y = before[s];
    same = x.kernel == y.kernel && x.out == y.out && x.a == y.a && x.c == y.c;
    for (std::size_t i = 0; same && i < 2 * std::size_t{x.c}; ++i)
      same = own[x.b + i] == list[y.b + i];
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
        for (std::size_t r = 0; r < rows; ++r)
          CHECK(best.values[r] == layer(p.data(), x.data() + r * inputs));
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
    std::vector<std::uint32_t> list;
    const std::vector<Step> before = make(9, 6, list);
    std::vector<std::uint32_t> tiled_list = list;
    std::vector<Step> steps = before;
    detail::make_tiles(steps, tiled_list);
    REQUIRE(steps.size() == 3);
    CHECK(detail::is_tile(steps[0].kernel));
    CHECK(comes_from(steps[0], tiled_list, std::span(before).first(4), list));
    CHECK(comes_from(steps[1], tiled_list, std::span(before).subspan(4, 4), list));
    CHECK(steps[2].kernel == before[8].kernel);
    CHECK(steps[2].b == before[8].b);
  }
}

TEST_CASE("make_tiles: what differs, or is too short, stays") {
  const auto is_left = [](std::vector<Step> steps, std::vector<std::uint32_t> list) {
    const std::size_t count = steps.size();
    detail::make_tiles(steps, list);
    return steps.size() == count;
  };
  for (const auto make : {sums, sums_over_rows}) {
    std::vector<std::uint32_t> list;
    const std::vector<Step> good = make(4, 4, list);
    CHECK_FALSE(is_left(good, list));
    std::vector<Step> other = good;
    other[2].c = 3;
    CHECK(is_left(other, list));
    other = good;
    other[1].kernel = other[1].kernel == detail::kAddScaled ? std::uint16_t{detail::kAddFlowsIn}
                                                            : std::uint16_t{detail::kSumFlows};
    CHECK(is_left(other, list));
    std::vector<std::uint32_t> other_list = list;
    other_list[good[3].b + (make == sums ? 3 : 2)] = 77;  // a register
    CHECK(is_left(good, other_list));
    std::vector<std::uint32_t> short_list;
    CHECK(is_left(make(4, 3, short_list), short_list));
  }
  std::vector<std::uint32_t> chain_list;
  std::vector<Step> chain = sums(4, 5, chain_list);
  chain[3].a = chain[1].out;
  CHECK(is_left(chain, chain_list));
  std::vector<std::uint32_t> list;
  std::vector<Step> apart = sums_over_rows(4, 5, list);
  apart[2].out = detail::kNone;  // its sums do not lie side by side
  CHECK(is_left(apart, list));
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
