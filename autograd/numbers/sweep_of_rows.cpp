#include "autograd/numbers/sweep_of_rows.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace autograd::detail {

namespace {

constexpr std::size_t kMostPlaces = std::size_t{1} << 19;
constexpr std::size_t kMostGap = 64;  // from leaf to leaf, in the mean

struct Ids {
  Id lowest, highest;
};
Ids ids_of(std::span<const Value> leaves) {
  const auto [lowest, highest] = std::ranges::minmax(leaves, {}, &Value::id);
  return {lowest.id(), highest.id()};
}

}  // namespace

bool SweepOfRows::can_be_used(Time first, std::span<const Value> leaves) {
  if (tape.stretches != nullptr) return false;
  const Ids ids = ids_of(leaves);
  const auto places = static_cast<std::size_t>(ids.highest - ids.lowest);
  return static_cast<std::size_t>(tape.now() - first) < kMostPlaces && places < kMostPlaces &&
         places <= kMostGap * leaves.size();
}

SweepOfRows::SweepOfRows(Time first, std::span<const Value> leaves)
    : first_(first),
      lowest_leaf_(ids_of(leaves).lowest),
      highest_leaf_(ids_of(leaves).highest),
      operations_(zeros<Row>(static_cast<std::size_t>(tape.now() - first))),
      leaves_(zeros<Row>(place_of(highest_leaf_) + 1)),
      has_arrived_(zeros<char>(operations_.size())) {}

inline void SweepOfRows::pass(const Row& from, const Edge& edge) {
  Row* to = nullptr;
  if (edge.id >= first_) {
    const auto place = static_cast<std::size_t>(edge.id - first_);
    has_arrived_[place] = 1;
    to = &operations_[place];
  } else if (edge.id >= lowest_leaf_ && edge.id <= highest_leaf_) {
    to = &leaves_[place_of(edge.id)];
  } else {
    return;
  }
  if (std::isfinite(edge.partial)) {
    for (std::size_t row = 0; row < kSweptRows; ++row) (*to)[row] += from[row] * edge.partial;
    return;
  }
  // Nothing flows where nothing arrives.
  for (std::size_t row = 0; row < kSweptRows; ++row)
    if (from[row] != 0) (*to)[row] += from[row] * edge.partial;
}

void SweepOfRows::run(std::span<const Value> roots) {
  std::ranges::fill(leaves_, Row{});
  Id highest = -1;
  for (std::size_t row = 0; row < roots.size(); ++row) {
    const Id root = roots[row].id();
    if (root >= first_) {
      const auto place = static_cast<std::size_t>(root - first_);
      operations_[place][row] = 1.0;
      has_arrived_[place] = 1;
      highest = std::max(highest, root);
    } else if (root >= lowest_leaf_ && root <= highest_leaf_) {
      leaves_[place_of(root)][row] = 1.0;
    }
  }
  if (highest < 0) return;
  const Edge* end = tape.edges + (tape.first_edge(highest) + tape.edge_count(highest));
  for (Id i = highest; i >= first_; --i) {
    const unsigned stored = tape.tag[i].edges;
    const Edge* const begin = end - (stored < kMany ? stored : tape.edge_count(i));
    const auto place = static_cast<std::size_t>(i - first_);
    if (has_arrived_[place] != 0) {
      has_arrived_[place] = 0;
      const Row from = std::exchange(operations_[place], Row{});
      for (const Edge* edge = end; edge > begin;) pass(from, *--edge);
    }
    end = begin;
  }
}

}  // namespace autograd::detail
