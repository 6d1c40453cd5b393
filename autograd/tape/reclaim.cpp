// How the places of operations that have ended are used again.
//
// An operation ends when it has no handle and none that has one was computed from it. On top of the
// tape that shows at once; below the top it is looked for when there is no room left, by a pass from
// the top down: operations with a handle live, and so does each that an edge of a living one leads
// to. Runs of ended operations become gaps, which are recorded into next.
//
// Cost: amortised one look at each operation and edge that is recorded, as there is as much room
// afterwards as there are living ones, and a third of all at least.
#include <algorithm>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include <autograd/tape/annotations.hpp>
#include <autograd/tape/stretches.hpp>
#include <autograd/tape/tag_block.hpp>

namespace autograd::detail {

namespace {

// Operations and edges together of the shortest run of ended operations that becomes a gap: to go on
// elsewhere takes longer than to record a few operations.
constexpr std::size_t kLeastGap = 128;
// Room for as many edges at least is made at once.
constexpr std::uint32_t kLeastRoom = 8192;

// The part of a stretch from one operation to another, and from one edge to another.
Stretch part(const Stretch& of, Id begin, std::uint32_t edge_begin, Id end,
             std::uint32_t edge_end) {
  return {begin,
          end,
          edge_begin,
          edge_end,
          end,
          edge_end,
          of.time + (begin - of.begin),
          std::clamp(of.indexed, begin, end),
          std::clamp(of.cleared_to, begin, end),
          {}};
}

// Operations and edges together.
std::size_t length(const Stretch& of) {
  return static_cast<std::size_t>(of.end - of.begin) + (of.edge_end - of.edge_begin);
}

// Finds what lives. Appends the parts of the stretch that stay, the uppermost first.
void look_through(const Tape& tape, const Stretch& stretch, std::size_t least_gap, Living& living,
                  std::vector<Stretch>& parts) {
  // From the top down: where the part above begins that lives, and where it ends.
  Id begin = stretch.end, end = stretch.end;
  std::uint32_t edge_begin = stretch.edge_end, edge_end = stretch.edge_end;
  const auto close_part = [&] {
    if (begin < end) parts.push_back(part(stretch, begin, edge_begin, end, edge_end));
  };
  std::uint32_t edge = stretch.edge_end;
  for (Id i = stretch.end; i > stretch.begin;) {
    if (i % TagBlock::kSize == 0 && i - stretch.begin >= TagBlock::kSize &&
        living.has_none_of_64_before(i)) {
      const TagBlock block(tape.tag + i - TagBlock::kSize);
      if (block.may_be_skipped) {
        i -= TagBlock::kSize;
        edge -= block.edges;
        continue;
      }
    }
    const std::uint32_t edges_end = edge;
    edge -= tape.edge_count(--i);
    if (!living.has(i) && !has_handle(tape.tag[i])) continue;
    const std::size_t ended = static_cast<std::size_t>(begin - (i + 1)) + (edge_begin - edges_end);
    if (begin == stretch.end || ended >= least_gap) {
      close_part();
      end = i + 1;
      edge_end = edges_end;
    }
    begin = i;
    edge_begin = edge;
    living.add(i);
    for (const Edge* e = tape.edges + edge; e != tape.edges + edges_end; ++e) {
      if (e->id >= 0) living.add(e->id);
    }
  }
  close_part();
}

// When operations that stay were recorded, counted without those that have ended.
class NewTimes {
 public:
  explicit NewTimes(std::span<const Stretch> parts) {
    Time now = 0;
    moves_.reserve(parts.size());
    for (const Stretch& each : parts) {
      moves_.push_back({each.time, now, each.end - each.begin});
      now += each.end - each.begin;
    }
  }
  Time operator()(Time t) const {
    const auto behind = std::ranges::upper_bound(moves_, t, {}, &Move::from);
    if (behind == moves_.begin()) return 0;
    const Move& move = *std::prev(behind);
    return move.to + std::min(t - move.from, move.length);
  }

 private:
  struct Move {
    Time from, to, length;
  };
  std::vector<Move> moves_;
};

}  // namespace

// Whether room was gained, if there is so much for one operation with `needed` edges.
// Nothing changes that anybody could see.
bool Tape::reclaim(std::size_t needed) try {
  const bool always = reclaiming == Reclaiming::kAlways;
  if (order_held > 0 || reclaiming == Reclaiming::kNever || now() == 0) return false;

  Living living(node_extent());
  std::vector<Stretch> order;
  std::size_t before = 0, after = 0;
  for (std::size_t k = stretch_count(); k-- > 0;) {
    before += length(stretch(k));
    look_through(*this, stretch(k), always ? 1 : kLeastGap, living, order);
  }
  for (const Stretch& each : order) after += length(each);
  if (order.empty() || before == after || (!always && 3 * (before - after) < before)) return false;

  std::ranges::reverse(order);
  // The gaps between what stays, from the lowest up, until there is room enough.
  const std::size_t parts = order.size();
  std::vector<Stretch> sorted = order;
  std::ranges::sort(sorted, {}, &Stretch::begin);
  const std::size_t wanted = std::max<std::size_t>(after, kLeastRoom);
  std::size_t gained = 0;
  bool fits = false;  // the operation
  Stretch gap = part({}, 0, 0, 0, 0);
  // The gap up to there, but not more than is wanted.
  const auto limit_gap = [&](Id end, std::uint32_t edges_end) {
    const std::size_t most = std::max(gained < wanted ? wanted - gained : 0, fits ? 0 : needed);
    gap.limit = static_cast<Id>(
        std::min(static_cast<std::size_t>(end), static_cast<std::size_t>(gap.begin) + most));
    gap.edge_limit =
        static_cast<std::uint32_t>(std::min<std::size_t>(edges_end, gap.edge_begin + most));
  };
  const auto add_gap = [&] {
    gap.end = gap.indexed = gap.cleared_to = gap.begin;
    gap.edge_end = gap.edge_begin;
    order.push_back(gap);
    const auto nodes = static_cast<std::size_t>(gap.limit - gap.begin);
    const std::size_t room_for_edges = gap.edge_limit - gap.edge_begin;
    gained += std::min(nodes, room_for_edges);
    if (fits || nodes == 0 || room_for_edges < needed) return;
    fits = true;
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(parts), order.end() - 1, order.end());
  };
  for (const Stretch& each : sorted) {
    limit_gap(each.begin, each.edge_begin);
    const std::size_t nodes = static_cast<std::size_t>(gap.limit - gap.begin);
    const std::size_t room_for_edges = gap.edge_limit - gap.edge_begin;
    if (nodes > 0 && room_for_edges >= 2 && nodes + room_for_edges >= (always ? 1 : kLeastGap))
      add_gap();
    gap.begin = each.end;
    gap.edge_begin = each.edge_end;
  }
  limit_gap(static_cast<Id>(capacity), capacity);
  if (order.size() == parts && order.back().end == gap.begin) {
    order.back().limit = gap.limit;
    order.back().edge_limit = gap.edge_limit;
  } else {
    gap.end = gap.indexed = gap.cleared_to = gap.begin;
    gap.edge_end = gap.edge_begin;
    order.push_back(gap);
  }
  auto next = std::make_unique<Stretches>();
  next->by_begin.resize(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) next->by_begin[i] = i;
  std::ranges::sort(next->by_begin, {}, [&](std::uint32_t at) { return order[at].begin; });
  next->order = std::move(order);
  next->current = parts - 1;
  if (stretches != nullptr) next->written = std::move(stretches->written);
  const NewTimes new_times(std::span(next->order).first(parts));

  // Nothing below can fail.
  for (TimeMark* mark = time_marks; mark != nullptr; mark = mark->outer)
    mark->time = new_times(mark->time);
  if (annotations != nullptr) annotations->parts.move(new_times);
  for (std::size_t k = 0; k < parts; ++k) next->order[k].time = new_times(next->order[k].time);
  std::fill(adjoint + last_sweep.cleared_to, adjoint + size, 0.0);
  delete stretches;
  stretches = next.release();
  enter(stretches->order[parts - 1]);
  drop_annotations(living);
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

}  // namespace autograd::detail
