#include "autograd/page/folded_cards.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <autograd/explain/names.hpp>
#include <autograd/inspect/part_tree.hpp>

namespace autograd::detail {

namespace {

constexpr std::size_t kMostLevels = 4;

// "layer" of layer 1 and layer 2; "level 2" of parts without a common word.
std::string level_name(const PartTree& tree, std::size_t depth) {
  std::set<std::string> kinds;
  for (const PartTree::Part& each : tree.parts) {
    if (each.depth != depth) continue;
    const std::size_t end = each.name.find_last_not_of("0123456789");
    const std::size_t length =
        end == std::string::npos ? 0 : each.name.find_last_not_of(' ', end) + 1;
    kinds.insert(each.name.substr(0, length));
  }
  return kinds.size() == 1 && !kinds.begin()->empty() ? *kinds.begin()
                                                      : "level " + std::to_string(depth);
}

std::string path_of(const PartTree& tree, std::size_t part) {
  std::string result;
  for (; part != 0; part = tree.parts[part].parent)
    result = tree.parts[part].name + (result.empty() ? "" : ", ") + result;
  return result;
}

using Ends = std::set<std::pair<std::size_t, std::size_t>>;

// The cards so that arrows lead to later ones, as far as there are no circles.
std::vector<std::size_t> sorted_cards(std::size_t count, const Ends& arrows) {
  std::vector<std::size_t> waiting(count, 0), place(count, count);
  for (const auto& [from, to] : arrows) ++waiting[to];
  for (std::size_t next = 0; next < count; ++next) {
    std::size_t best = count;  // the first that waits for least
    for (std::size_t i = 0; i < count; ++i) {
      if (place[i] == count && (best == count || waiting[i] < waiting[best])) best = i;
    }
    place[best] = next;
    for (auto at = arrows.lower_bound({best, 0}); at != arrows.end() && at->first == best; ++at)
      if (waiting[at->second] > 0) --waiting[at->second];
  }
  return place;
}

FoldedCards fold(const GraphView& view, const std::vector<std::size_t>& nodes, const Cards& all,
                 const PartTree& tree, std::size_t depth, int digits) {
  // Parts are numbered first; a node in none is a card of its own.
  std::vector<std::size_t> group(nodes.size());
  std::vector<std::string> headings;
  std::vector<bool> is_part;
  std::vector<std::size_t> group_of_part(tree.parts.size(), view.nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t part = tree.part_of[nodes[i]];
    if (part != 0 && group_of_part[part] < view.nodes.size()) {
      group[i] = group_of_part[part];
      continue;
    }
    group[i] = headings.size();
    is_part.push_back(part != 0);
    headings.push_back(part != 0 ? path_of(tree, part) : all.cards[i].heading);
    if (part != 0) group_of_part[part] = group[i];
  }
  Ends ends;
  for (const CardDrawing::Arrow& each : all.arrows)
    if (group[each.from] != group[each.to]) ends.insert({group[each.from], group[each.to]});
  const std::vector<std::size_t> place = sorted_cards(headings.size(), ends);
  FoldedCards result;
  result.name = level_name(tree, depth);
  result.cards.resize(headings.size());
  result.is_part.resize(headings.size());
  for (std::size_t g = 0; g < headings.size(); ++g) {
    result.cards[place[g]] = card_with(std::move(headings[g]), digits);
    result.is_part[place[g]] = is_part[g];
  }
  for (const std::size_t each : group) result.card_of.push_back(place[each]);
  for (const auto& [from, to] : ends) result.arrows.push_back({place[from], place[to], 0, ""});
  result.lay_out({14, 14});
  return result;
}

}  // namespace

std::vector<FoldedCards> folded_cards(const GraphView& view, const Cards& all, int digits) {
  std::vector<std::size_t> nodes;  // of the view, by node of the explanation
  const std::vector<std::string> names = names_of(view);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].empty()) nodes.push_back(i);
  std::vector<FoldedCards> levels;
  std::size_t parts = 1;
  for (std::size_t depth = 1; depth <= kMostLevels; ++depth) {
    const PartTree tree = part_tree(view, depth);
    if (tree.parts.size() == parts) break;
    parts = tree.parts.size();
    FoldedCards level = fold(view, nodes, all, tree, depth, digits);
    if (level.cards.size() >= all.cards.size()) break;
    levels.push_back(std::move(level));
  }
  return levels;
}

}  // namespace autograd::detail
