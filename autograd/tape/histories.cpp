#include "autograd/tape/histories.hpp"

#include <algorithm>
#include <functional>

#include <autograd/tape/stretches.hpp>
#include <autograd/tape/tag_block.hpp>

namespace autograd::detail {

std::vector<History> longest_histories(std::size_t most) {
  constexpr Id kNone = -1;
  const auto at = [](Id id) { return static_cast<std::size_t>(id); };
  std::vector<Id> holder(at(tape.node_extent()), kNone);  // the newest result above
  std::vector<std::uint32_t> held(holder.size(), 0);
  for (std::size_t k = tape.stretch_count(); k-- > 0;) {
    const Stretch stretch = tape.stretch(k);
    const Edge* end = tape.edges + stretch.edge_end;
    for (Id i = stretch.end; i-- > stretch.begin;) {
      const Edge* const begin = end - tape.edge_count(i);
      Id& by = holder[at(i)];
      if (by == kNone && has_handle(tape.tag[i])) by = i;
      if (by != kNone) {
        ++held[at(by)];
        for (const Edge* edge = begin; edge != end; ++edge)
          if (edge->id >= 0 && holder[at(edge->id)] == kNone) holder[at(edge->id)] = by;
      }
      end = begin;
    }
  }

  std::vector<History> result;
  for (std::size_t id = 0; id < held.size(); ++id)
    if (held[id] > 0) result.push_back({static_cast<Id>(id), held[id]});
  std::ranges::stable_sort(result, std::greater(), &History::operations);
  if (result.size() > most) result.resize(most);
  return result;
}

std::string text_of(const std::vector<History>& histories) {
  std::string text;
  for (const auto& [result, operations] : histories) {
    const std::string name(ops::All::infos[tape.operation(result)].name);
    const std::string label(tape.label(result));
    const std::string count = std::to_string(operations) + " operations)";
    if (!text.empty()) text += ", ";
    text += label.empty() ? name + " (" + count : "'" + label + "' (" + name + ", " + count;
  }
  return text;
}

}  // namespace autograd::detail
