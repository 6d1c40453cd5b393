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
using List = std::vector<std::uint32_t>;

// With fewer entries there is nothing to gain, and no room in the lists for those of a tile.
constexpr std::size_t kLeastEntries = 4;

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

// A kernel, and its tile.
struct Tiled {
  Kernel kernel, tile;
};
constexpr std::array<Tiled, 5> kTiles{{{kAddScaled, kAddScaledTile},
                                       {kAddUniformPartials, kAddUniformPartialsTile},
                                       {kAddUniformUpstreams, kAddUniformUpstreamsTile},
                                       {kSumProducts, kSumProductsTile},
                                       {kSumAdjointProducts, kSumAdjointProductsTile}}};

// The place of the register in an entry of two; the other number differs within a tile.
std::size_t register_in_entry(std::uint16_t kernel) { return sums_over_rows(kernel) ? 0 : 1; }

bool can_be_tile(std::span<const Instruction> group, const List& list) {
  const Instruction& first = group[0];
  const bool can = std::ranges::find(kTiles, first.kernel, &Tiled::kernel) != kTiles.end();
  if (!can || first.count() < kLeastEntries) return false;
  for (std::size_t s = 0; s < group.size(); ++s) {
    const Instruction& each = group[s];
    if (each.kernel != first.kernel || each.count() != first.count()) return false;
    if (sums_over_rows(first.kernel)) {
      if (!each.out.is(Argument::kSum)) return false;  // its sums do not lie side by side
    } else {
      // All starts of sums are read before any sum is there.
      for (const Instruction& earlier : group.first(s))
        if (each.a == earlier.out) return false;
    }
    for (std::size_t i = register_in_entry(first.kernel); i < 2 * std::size_t{first.count()};
         i += 2)
      if (list[each.list() + i] != list[first.list() + i]) return false;
  }
  return true;
}

Instruction tile_of(std::span<const Instruction> group, List& list) {
  const Instruction& first = group[0];
  const bool over_rows = sums_over_rows(first.kernel);
  List entries;
  for (const Instruction& each : group) {
    entries.push_back((over_rows ? each.a : each.out).bits());
    entries.push_back(over_rows ? each.out.index() : each.a.bits());
  }
  for (std::size_t i = 0; i < 2 * std::size_t{first.count()}; i += 2) {
    entries.push_back(list[first.list() + i + register_in_entry(first.kernel)]);
    if (over_rows) continue;
    for (const Instruction& each : group) entries.push_back(list[each.list() + i]);
  }
  std::ranges::copy(entries, list.begin() + first.list());
  const Kernel tile = std::ranges::find(kTiles, first.kernel, &Tiled::kernel)->tile;
  return {tile, {}, {}, first.b, first.c};
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

void make_tiles(std::vector<Instruction>& instructions, List& list) {
  std::vector<Instruction> result;
  for (std::size_t i = 0; i < instructions.size();) {
    const auto group = std::span(instructions).subspan(i, std::min(kTile, instructions.size() - i));
    const bool fits = group.size() == kTile && can_be_tile(group, list);
    result.push_back(fits ? tile_of(group, list) : instructions[i]);
    i += fits ? kTile : 1;
  }
  instructions = std::move(result);
}

std::vector<Instruction> take_apart(const Instruction& tile, const List& tile_list, List& list) {
  const Kernel kernel = std::ranges::find(kTiles, tile.kernel, &Tiled::tile)->kernel;
  const bool over_rows = sums_over_rows(kernel);
  const std::uint32_t* const each = tile_list.data() + tile.list();
  const std::uint32_t* const entries = each + 2 * kTile;
  std::vector<Instruction> result;
  for (std::size_t t = 0; t < kTile; ++t) {
    const Argument at(Argument::kList, list.size());
    const Argument first = Argument::of(each[2 * t]);
    const std::uint32_t second = each[2 * t + 1];
    for (std::uint32_t i = 0; i < tile.count(); ++i) {
      if (over_rows) {
        list.insert(list.end(), {entries[i], second + i});
      } else {
        const std::uint32_t* const entry = entries + i * (1 + kTile);
        list.insert(list.end(), {entry[1 + t], entry[0]});
      }
    }
    if (over_rows)
      result.push_back({kernel, {Argument::kSum, second}, first, at, tile.c});
    else
      result.push_back({kernel, first, Argument::of(second), at, tile.c});
  }
  return result;
}

}  // namespace autograd::detail
