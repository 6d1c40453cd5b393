#include "autograd/numbers/sweep_of_rows.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace autograd::detail {

namespace {

std::vector<Id> ids_of(std::span<const Value> leaves) {
  std::vector<Id> result = room_for<Id>(leaves.size());
  for (const Value& x : leaves) result.push_back(x.id());
  return result;
}

}  // namespace

bool SweepOfRows::can_be_used(Time first) {
  constexpr Time kMost = Time{1} << 19;
  return tape.stretches == nullptr && tape.now() - first < kMost;
}

SweepOfRows::SweepOfRows(Time first, std::span<const Value> leaves)
    : first_(first),
      leaf_places_(ids_of(leaves), 0),
      operations_(zeros<Row>(static_cast<std::size_t>(tape.now() - first))),
      leaves_(zeros<Row>(leaves.size() + 1)),
      has_arrived_(zeros<char>(operations_.size())) {
  std::uint32_t place = 0;
  for (const Value& x : leaves) leaf_places_[x.id()] = ++place;
}

inline void SweepOfRows::pass(const Row& from, const Edge& edge) {
  Row* to = nullptr;
  if (edge.id >= first_) {
    const auto place = static_cast<std::size_t>(edge.id - first_);
    has_arrived_[place] = 1;
    to = &operations_[place];
  } else {
    const std::size_t place = place_of(edge.id);
    if (place == 0) return;
    to = &leaves_[place];
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
    } else if (const std::size_t place = place_of(root); place != 0) {
      leaves_[place][row] = 1.0;
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
