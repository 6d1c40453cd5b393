#include "autograd/replay/tiling.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <unordered_map>

#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

// With fewer there is nothing to gain, nor room in the lists for what a tile needs.
constexpr std::size_t kLeastEntries = 4;

bool is_dot(Code c) { return c == code<ops::Dot> || c == kPlainDot || c == kAdjointDot; }

class Order {
 public:
  Order(const Trace& trace, const std::vector<Node>& nodes, const std::vector<bool>& is_uniform,
        const std::vector<bool>& is_only_summed)
      : t_(trace), is_uniform_(is_uniform) {
    places_.reserve(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      const Node node = nodes[i];
      places_.push_back({i, 0, node});
      if (is_only_summed[node]) {
        add_product(node, i);
      } else if (is_dot(t_.code(node)) && !is_uniform[node]) {
        place_dot(node, i);
      }
    }
    place_products();
  }

  std::vector<Node> take() {
    if (moved_) {
      std::stable_sort(places_.begin(), places_.end(), [](const Place& x, const Place& y) {
        return std::tie(x.at, x.rank) < std::tie(y.at, y.rank);
      });
    }
    std::vector<Node> result;
    result.reserve(places_.size());
    for (const Place& place : places_) result.push_back(place.node);
    return result;
  }

 private:
  struct Place {
    std::uint32_t at, rank;
    Node node;
  };
  // Where the products of one factor stand.
  using Run = std::vector<std::uint32_t>;
  struct Open {
    Node first;
    std::uint32_t at;
    std::size_t count;
  };

  void place_dot(Node node, std::uint32_t at) {
    std::uint64_t key = t_.code(node);
    for (const Node x : t_.operands(node)) key = (key ^ (is_uniform_[x] ? 0 : x)) * 0x100000001b3;
    Open& open = open_[key];
    const bool fits =
        open.count != 0 && open.count < kTile && are_alike(t_, open.first, node, is_uniform_);
    if (!fits) open = {node, at, 0};
    ++open.count;
    places_[at].at = open.at;
    moved_ |= open.at != at;
  }

  void add_product(Node node, std::uint32_t at) {
    const Node factor = t_.operands(node)[0];
    const auto [place, is_new] = run_of_.try_emplace(factor, runs_.size());
    if (is_new) runs_.emplace_back();
    runs_[place->second].push_back(at);
  }

  bool have_same_rows(const Run& a, const Run& b) const {
    return std::ranges::equal(a, b, [&](std::uint32_t x, std::uint32_t y) {
      return t_.operands(places_[x].node)[1] == t_.operands(places_[y].node)[1];
    });
  }

  void place_products() {
    for (std::size_t first = 0, last = 0; first < runs_.size(); first = last) {
      last = first + 1;
      while (last < runs_.size() && last - first < kTile &&
             have_same_rows(runs_[first], runs_[last]))
        ++last;
      const auto group = std::span(runs_).subspan(first, last - first);
      std::uint32_t at = 0, rank = 1;
      for (const Run& run : group) at = std::max(at, run.back());
      for (const Run& run : group) {
        for (const std::uint32_t each : run) {
          moved_ |= each != at;
          places_[each].at = at;
          places_[each].rank = rank;
        }
        ++rank;
      }
    }
  }

  const Trace& t_;
  const std::vector<bool>& is_uniform_;
  std::vector<Place> places_;
  std::vector<Run> runs_;
  std::unordered_map<Node, std::size_t> run_of_;  // by factor
  std::unordered_map<std::uint64_t, Open> open_;
  bool moved_ = false;
};

// Steps that make a tile, and the tile.
struct Pair {
  Kernel step, tile;
};
constexpr std::array<Pair, 5> kTiles{{{kAddScaled, kAddScaledTile},
                                      {kAddFlowsOut, kAddFlowsOutTile},
                                      {kAddFlowsIn, kAddFlowsInTile},
                                      {kSumProducts, kSumProductsTile},
                                      {kSumFlows, kSumFlowsTile}}};

// Where the register is in an entry of two, whose other half tells the steps apart.
std::size_t register_in_entry(std::uint16_t kernel) { return kernel >= kSumRows ? 0 : 1; }

bool is_tile(std::span<const Step> steps, const std::vector<std::uint32_t>& list) {
  const Step& first = steps[0];
  const bool can = std::ranges::find(kTiles, first.kernel, &Pair::step) != kTiles.end();
  if (!can || first.c < kLeastEntries) return false;
  const bool sums_over_rows = first.kernel >= kSumRows;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const Step& step = steps[s];
    if (step.kernel != first.kernel || step.c != first.c) return false;
    // What a sum starts from is read before any of them is there.
    for (const Step& earlier : steps.first(s))
      if (!sums_over_rows && step.a == earlier.out) return false;
    if (sums_over_rows && step.out == kNone) return false;  // they do not lie side by side
    for (std::size_t i = register_in_entry(step.kernel); i < 2 * std::size_t{step.c}; i += 2)
      if (list[step.b + i] != list[first.b + i]) return false;
  }
  return true;
}

Step tile_of(std::span<const Step> steps, std::vector<std::uint32_t>& list) {
  const Step& first = steps[0];
  const bool sums_over_rows = first.kernel >= kSumRows;
  std::vector<std::uint32_t> entries;
  for (const Step& step : steps) {
    entries.push_back(sums_over_rows ? step.a : step.out);
    entries.push_back(sums_over_rows ? list[step.b + 1] : step.a);
  }
  for (std::size_t i = 0; i < 2 * std::size_t{first.c}; i += 2) {
    entries.push_back(list[first.b + i + register_in_entry(first.kernel)]);
    if (sums_over_rows) continue;
    for (const Step& step : steps) entries.push_back(list[step.b + i]);
  }
  std::ranges::copy(entries, list.begin() + first.b);
  const auto pair = std::ranges::find(kTiles, first.kernel, &Pair::step);
  return {pair->tile, kNone, kNone, first.b, first.c};
}

}  // namespace

bool are_alike(const Trace& trace, Node a, Node b, const std::vector<bool>& is_uniform) {
  const bool can = is_dot(trace.code(a)) && trace.code(a) == trace.code(b) && !is_uniform[a];
  return can && std::ranges::equal(trace.operands(a), trace.operands(b), [&](Node x, Node y) {
           return is_uniform[x] ? bool{is_uniform[y]} : x == y;
         });
}

std::vector<Node> side_by_side(const Trace& trace, const std::vector<Node>& nodes,
                               const std::vector<bool>& is_uniform,
                               const std::vector<bool>& is_only_summed) {
  return Order(trace, nodes, is_uniform, is_only_summed).take();
}

void make_tiles(std::vector<Step>& steps, std::vector<std::uint32_t>& list) {
  std::vector<Step> result;
  for (std::size_t i = 0; i < steps.size();) {
    const auto few = std::span(steps).subspan(i, std::min(kTile, steps.size() - i));
    const bool fits = few.size() == kTile && is_tile(few, list);
    result.push_back(fits ? tile_of(few, list) : steps[i]);
    i += fits ? kTile : 1;
  }
  steps = std::move(result);
}

std::vector<Step> steps_of_tile(const Step& tile, const std::vector<std::uint32_t>& tile_list,
                                std::vector<std::uint32_t>& list) {
  const Kernel kernel = std::ranges::find(kTiles, tile.kernel, &Pair::tile)->step;
  const bool sums_over_rows = kernel >= kSumRows;
  const std::uint32_t* const each = tile_list.data() + tile.b;
  const std::uint32_t* const entries = each + 2 * kTile;
  std::vector<Step> steps;
  for (std::size_t t = 0; t < kTile; ++t) {
    const auto at = static_cast<std::uint32_t>(list.size());
    for (std::uint32_t i = 0; i < tile.c; ++i) {
      if (sums_over_rows) {
        list.insert(list.end(), {entries[i], each[2 * t + 1] + i});
      } else {
        const std::uint32_t* const entry = entries + i * (1 + kTile);
        list.insert(list.end(), {entry[1 + t], entry[0]});
      }
    }
    const std::uint32_t first = each[2 * t], second = each[2 * t + 1];
    steps.push_back(
        {kernel, sums_over_rows ? 0 : first, sums_over_rows ? first : second, at, tile.c});
  }
  return steps;
}

}  // namespace autograd::detail
