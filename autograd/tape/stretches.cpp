// The order of the stretches: what was recorded when, and where recording goes on.
#include "autograd/tape/stretches.hpp"

#include <algorithm>

namespace autograd::detail {

std::size_t Stretches::find(Id id) const {
  const auto behind =
      std::ranges::upper_bound(by_begin, id, {}, [&](std::uint32_t at) { return order[at].begin; });
  return *std::prev(behind);
}

std::size_t Stretches::find_time(Time t) const {
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(current) + 1;
  const auto behind = std::upper_bound(order.begin(), end, t,
                                       [](Time x, const Stretch& each) { return x < each.time; });
  return static_cast<std::size_t>(behind - order.begin()) - 1;
}

// ---- time ----

Time Tape::time_of_stretched(Id id) const {
  const Stretch& at = stretches->order[stretches->find(id)];
  return at.time + (id - at.begin);
}

Id Tape::at_stretched(Time t) const {
  const Stretch& at = stretches->order[stretches->find_time(t)];
  return at.begin + (t - at.time);
}

Time Tape::now() const {
  if (stretches == nullptr) return size;
  const Stretch& at = stretches->order[stretches->current];
  return at.time + (size - at.begin);
}

void Tape::mark_now() {
  for (TimeMark* mark = time_marks; mark != nullptr; mark = mark->outer)
    mark->time = std::min(mark->time, now());
}

// ---- the stretches one by one ----

std::size_t Tape::stretch_count() const {
  return stretches == nullptr ? 1 : stretches->current + 1;
}

Stretch Tape::stretch(std::size_t k) const {
  Stretch result{};
  if (stretches != nullptr) result = stretches->order[k];
  if (stretches == nullptr || k == stretches->current) {
    result.end = size;
    result.edge_end = edge_size();
    result.limit = size_limit;
    result.edge_limit = edges_limit;
    result.indexed = index.known;
    result.cleared_to = last_sweep.cleared_to;
  }
  return result;
}

Id Tape::node_extent() const {
  if (stretches == nullptr || stretches->current + 1 == stretches->order.size()) return size;
  return stretches->order.back().begin;
}

std::size_t Tape::total_edges() const {
  std::size_t count = 0;
  for (std::size_t k = 0; k < stretch_count(); ++k) {
    const Stretch each = stretch(k);
    count += each.edge_end - each.edge_begin;
  }
  return count;
}

// ---- from one to another ----

void Tape::enter(const Stretch& next) {
  size = next.end;
  edge_end = edges + next.edge_end;
  size_limit = next.limit;
  edges_limit = next.edge_limit;
  index.from = next.begin;
  index.known = next.indexed;
  sealed_end = size;
  last_sweep.cleared_to = next.cleared_to;
  no_grad.begin = size;
  forget_recent_leaves();
}

// What has been recorded is closed; recording goes on in the next gap.
bool Tape::next_stretch() {
  if (stretches == nullptr || stretches->current + 1 == stretches->order.size()) return false;
  const Stretch closed = stretch(stretches->current);
  std::fill(adjoint + closed.cleared_to, adjoint + closed.end, 0.0);
  stretches->order[stretches->current] = closed;
  Stretch& next = stretches->order[++stretches->current];
  next.time = closed.time + (closed.end - closed.begin);
  next.end = next.indexed = next.cleared_to = next.begin;
  next.edge_end = next.edge_begin;
  enter(next);
  return true;
}

// When nothing is left of the current one. False if there is none before it.
bool Tape::previous_stretch() {
  if (stretches == nullptr || stretches->current == 0) return false;
  stretches->order[stretches->current] = stretch(stretches->current);
  const Stretch& previous = stretches->order[--stretches->current];
  stretches->cleared = std::min(stretches->cleared, stretches->current);
  enter(previous);
  return true;
}

void Tape::forget_stretches() {
  delete stretches;
  stretches = nullptr;
  size = 0;
  edge_end = edges;
  size_limit = static_cast<Id>(capacity);
  edges_limit = capacity;
  sealed_end = 0;
  last_sweep = {};
  index.from = index.known = 0;
  no_grad.begin = 0;
  forget_edges_from(edge_end);
}

}  // namespace autograd::detail
