#include "autograd/tape/annotations.hpp"

#include <algorithm>
#include <iterator>
#include <new>

#include <autograd/tape/stretches.hpp>

namespace autograd::detail {

Annotations& Tape::annotated() {
  if (annotations == nullptr) annotations = new Annotations;
  return *annotations;
}

// ---- labels ----

std::string_view Tape::label(Id id) const {
  if (annotations == nullptr || (tag[id].edges & kLabelled) == 0) return {};
  return annotations->labels.find(id)->second;
}

void Tape::set_label(Id id, std::string text) try {
  if (!text.empty()) {
    annotated().labels[id] = std::move(text);
    tag[id].edges |= kLabelled;
  } else if (!label(id).empty()) {
    annotations->labels.erase(id);
    tag[id].edges &= static_cast<std::uint16_t>(~kLabelled);
  }
} catch (const std::bad_alloc&) {
  out_of_memory();
}

void Tape::move_label(Id from, Id to) {
  auto entry = annotations->labels.extract(from);
  entry.key() = to;
  annotations->labels.insert(std::move(entry));
  tag[from].edges &= static_cast<std::uint16_t>(~kLabelled);
  tag[to].edges |= kLabelled;
}

// ---- rules of the user's own ----

void CustomRule::require(std::size_t operands, std::size_t given) const {
  if (given != operands) {
    throw Error("custom operation '" + name + "': " + std::to_string(operands) + " operands, but " +
                std::to_string(given) + " local derivatives; there must be one for each");
  }
}

const CustomRule* Tape::custom_rule(Id id) const { return annotations->custom_rules.at(id).get(); }

void Tape::set_custom_rule(Id id, std::shared_ptr<const CustomRule> rule) try {
  annotated().custom_rules[id] = std::move(rule);
} catch (const std::bad_alloc&) {
  out_of_memory();
}

// ---- very many edges ----

std::uint32_t Tape::many_edges(Id id) const { return annotations->edge_counts.at(id); }

void Tape::set_edge_count(Id id, std::uint32_t count) try {
  if (count >= kMany) annotated().edge_counts[id] = count;
  const unsigned flags = tag[id].edges & ~unsigned{kMany};
  tag[id].edges = static_cast<std::uint16_t>(flags | std::min<std::uint32_t>(count, kMany));
} catch (const std::bad_alloc&) {
  out_of_memory();
}

// ---- the end of nodes ----

namespace {

using Rules = std::map<Id, std::shared_ptr<const CustomRule>>;

template <class Map> void erase_between(Map& map, Id from, Id to) {
  map.erase(map.lower_bound(from), map.lower_bound(to));
}

}  // namespace

void Tape::drop_annotations(Id from, Id to) {
  if (annotations == nullptr) return;
  annotations->parts.drop(now());
  erase_between(annotations->labels, from, to);
  erase_between(annotations->edge_counts, from, to);
  // A rule may hold Values, whose end comes back here: so the rules end last, and outside of the map.
  Rules ended;
  Rules& rules = annotations->custom_rules;
  for (auto each = rules.lower_bound(from); each != rules.end() && each->first < to;)
    ended.insert(rules.extract(each++));
}

void Tape::drop_annotations(const Living& living) {
  if (annotations == nullptr) return;
  auto& [labels, custom_rules, edge_counts, tracked_handles, parts] = *annotations;
  const auto is_recorded = [&](Id id) {
    const Stretch each = stretch(stretches->find(id));
    return each.begin <= id && id < each.end;
  };
  for (auto each = labels.lower_bound(0); each != labels.end();) {
    const Id id = each->first;
    if (living.has(id)) {
      ++each;
    } else {
      tag[id].edges &= static_cast<std::uint16_t>(~kLabelled);
      each = labels.erase(each);
    }
  }
  for (auto each = edge_counts.begin(); each != edge_counts.end();)
    each = living.has(each->first) || is_recorded(each->first) ? std::next(each)
                                                               : edge_counts.erase(each);
  Rules ended;
  for (auto each = custom_rules.begin(); each != custom_rules.end();) {
    const auto next = std::next(each);
    if (!living.has(each->first)) ended.insert(custom_rules.extract(each));
    each = next;
  }
}

}  // namespace autograd::detail
