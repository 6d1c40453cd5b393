#include "autograd/replay/cpp/groups.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kMostInLine = 400;  // operands of a trace
constexpr std::size_t kFewestAlike = 8;   // operations

using Differences = std::vector<std::int64_t>;

Differences difference(std::span<const std::int64_t> x, std::span<const std::int64_t> y) {
  Differences result(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) result[k] = y[k] - x[k];
  return result;
}

// Rows of columns, one behind the other from `first` on.
struct Grid {
  std::size_t first, rows, columns;
};

// Splits a list of indices into grids: with the same step from each to the next in a row, and from
// each row to the next.
std::vector<Grid> grids_of(std::span<const Differences> index) {
  std::vector<Grid> lines;
  std::vector<Differences> steps;
  for (std::size_t first = 0; first < index.size();) {
    std::size_t count = 1;
    Differences step;
    if (first + 1 < index.size()) step = difference(index[first], index[first + 1]);
    while (first + count < index.size() &&
           difference(index[first + count - 1], index[first + count]) == step)
      ++count;
    lines.push_back({first, 1, count});
    steps.push_back(std::move(step));
    first += count;
  }
  std::vector<Grid> result;
  for (std::size_t k = 0; k < lines.size();) {
    Grid grid = lines[k];
    const auto step_to = [&](std::size_t line) {
      return difference(index[lines[line].first], index[lines[line + 1].first]);
    };
    while (k + grid.rows < lines.size() && lines[k + grid.rows].columns == grid.columns &&
           (grid.columns == 1 || steps[k + grid.rows] == steps[k]) &&
           (grid.rows == 1 || step_to(k + grid.rows - 1) == step_to(k)))
      ++grid.rows;
    result.push_back(grid);
    k += grid.rows;
  }
  return result;
}

// name[row + first + factors times numbers of loops], or `row` if there is no name.
std::string entry_of(const std::string& name, std::string row, std::int64_t first,
                     std::span<const std::pair<std::int64_t, std::string>> entries) {
  if (name.empty()) return row;
  for (const auto& [factor, number] : entries) {
    if (factor == 0) continue;
    const std::string product =
        std::abs(factor) == 1 ? number : std::to_string(std::abs(factor)) + " * " + number;
    row = row.empty() ? (factor < 0 ? "-" : "") + product
                      : row + (factor < 0 ? " - " : " + ") + product;
  }
  return subscript(name, index_text(row, first));
}

}  // namespace

GroupedText::GroupedText(const Trace& trace, std::vector<Stage> stages,
                         std::vector<Place> parameters, std::vector<Place> inputs,
                         cpp::Lines& lines, std::string& text, Names names, bool has_copies)
    : trace_(trace),
      stages_(std::move(stages)),
      lines_(lines),
      text_(text),
      prefix_(std::move(names)),
      has_copies_(has_copies),
      is_grouped_(trace.operand_list.size() > kMostInLine),
      at_(trace.size()),
      names_(trace.size()),
      level_(trace.size(), 0) {
  place_leaves(std::move(parameters), std::move(inputs));
  for (Node i = 0; i < trace_.size(); ++i)
    for (const Node x : trace_.operands(i)) level_[i] = std::max(level_[i], level_[x] + 1);
  if (is_grouped_) {
    find_families();
    join_groups();
    find_units();
  }
}

void GroupedText::place_leaves(std::vector<Place> parameters, std::vector<Place> inputs) {
  for (Node i = 0; i < trace_.size(); ++i) {
    if (trace_.is_number(i)) names_[i] = cpp::literal(trace_.number(i));
    if (!trace_.is_leaf(i) || trace_.is_number(i)) continue;
    const Place& place =
        (trace_.code(i) == Trace::kParameter ? parameters : inputs)[trace_.nodes[i].first];
    const auto [at, is_new] =
        array_of_.try_emplace({place.array, place.row}, static_cast<std::uint32_t>(arrays_.size()));
    if (is_new) arrays_.push_back({place.array, place.row, 0, kNone});
    at_[i] = {at->second, place.index};
  }
}

std::string GroupedText::entry(std::uint32_t array, std::int64_t first,
                               std::span<const Entry> entries) const {
  return entry_of(arrays_[array].name, arrays_[array].row, first, entries);
}

std::string GroupedText::name(Node node) const {
  if (!names_[node].empty() || at_[node].array == kNone) return names_[node];
  return entry(at_[node].array, at_[node].index, {});
}

// ---- what is alike ----

void GroupedText::find_families() {
  std::vector<std::vector<Node>> levels;
  for (Node i = 0; i < trace_.size(); ++i) {
    if (trace_.is_leaf(i)) continue;
    if (levels.size() <= level_[i]) levels.resize(level_[i] + 1);
    levels[level_[i]].push_back(i);
  }
  std::map<std::vector<std::uint32_t>, std::vector<Node>> alike;
  std::vector<std::uint32_t> text;
  for (std::uint32_t level = 0; level < levels.size(); ++level) {
    alike.clear();
    for (const Node node : levels[level]) {
      if (trace_.code(node) == code<ops::Softmax>) continue;
      text.assign({trace_.code(node), stages_[node]});
      for (const Node x : trace_.operands(node)) {
        const bool is_in_array = at_[x].array != kNone;
        text.insert(text.end(), {is_in_array ? 1u : 0u, is_in_array ? at_[x].array : x});
      }
      alike[text].push_back(node);
    }
    for (const auto& [key, nodes] : alike)
      if (nodes.size() >= kFewestAlike) split(nodes, level);
  }
}

// Into those whose operands lie evenly, along one line or several that lie evenly too.
void GroupedText::split(std::span<const Node> alike, std::uint32_t level) {
  std::vector<Differences> index(alike.size());
  for (std::size_t m = 0; m < alike.size(); ++m)
    for (const Node x : trace_.operands(alike[m]))
      if (at_[x].array != kNone) index[m].push_back(at_[x].index);
  for (const Grid& each : grids_of(index)) {
    const std::size_t count = each.rows * each.columns;
    if (count >= kFewestAlike && each.columns > 1)
      add_family(alike.subspan(each.first, count), level, each.columns);
  }
}

void GroupedText::add_family(std::span<const Node> nodes, std::uint32_t level,
                             std::size_t columns) {
  const auto number = static_cast<std::uint32_t>(families_.size());
  const bool is_sum = trace_.code(nodes[0]) == code<ops::RowMean>;
  Family family{nodes[0],
                is_sum ? kInRow : stages_[nodes[0]],
                level,
                nodes.size() / columns,
                columns,
                {},
                static_cast<std::uint32_t>(arrays_.size()),
                number,
                ""};
  const auto x = trace_.operands(nodes[0]);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const Location& first = at_[x[k]];
    const auto index = [&](std::size_t m) { return at_[trace_.operands(nodes[m])[k]].index; };
    Operand operand{first.array, x[k], first.index, 0, 0};
    if (first.array != kNone) {
      operand.by_j = index(1) - first.index;
      operand.by_i = family.rows > 1 ? index(columns) - first.index : 0;
    }
    family.operands.push_back(operand);
  }
  arrays_.push_back(
      {is_sum ? prefix_.sums + std::to_string(sums_++) : prefix_.arrays + std::to_string(number),
       "", nodes.size(), number});
  for (std::size_t m = 0; m < nodes.size(); ++m)
    at_[nodes[m]] = {family.array, static_cast<std::int64_t>(m)};
  families_.push_back(std::move(family));
}

// ---- loops ----

// Whether the results of a family are taken by the operations of another one at the same place.
bool GroupedText::is_joined(const Family& family, const Family& user, std::size_t operand) const {
  const Operand& x = user.operands[operand];
  const auto columns = static_cast<std::int64_t>(user.columns);
  const std::size_t size = family.rows * family.columns;
  return x.by_j == 1 && (user.rows == 1 || x.by_i == columns) && user.rows * user.columns == size &&
         family.stage == user.stage;
}

// A family that only one loop takes, operation for operation, is computed in that loop.
void GroupedText::join_groups() {
  for (const Family& each : families_) shape_.emplace_back(each.rows, each.columns);
  std::vector<std::vector<std::pair<std::uint32_t, std::size_t>>> users(families_.size());
  std::vector<bool> is_stored(families_.size(), false);
  for (std::uint32_t f = 0; f < families_.size(); ++f)
    for (std::size_t k = 0; k < families_[f].operands.size(); ++k)
      if (const std::uint32_t array = families_[f].operands[k].array; array != kNone)
        if (const std::uint32_t of = arrays_[array].family; of != kNone)
          users[of].emplace_back(f, k);
  const auto store = [&](Node x) {
    if (at_[x].array == kNone) return;
    if (const std::uint32_t of = arrays_[at_[x].array].family; of != kNone) is_stored[of] = true;
  };
  for (Node i = 0; i < trace_.size(); ++i)
    if (at_[i].array == kNone)
      for (const Node x : trace_.operands(i)) store(x);
  for (const Node y : trace_.outputs) store(y);
  for (std::uint32_t f = static_cast<std::uint32_t>(families_.size()); f-- > 0;) {
    Family& family = families_[f];
    if (is_stored[f] || users[f].empty()) continue;
    const std::uint32_t group = families_[users[f][0].first].group;
    auto& shape = shape_[group];
    const bool is_flat = family.rows == 1 || shape.first == 1;
    bool fits = is_flat || shape == std::pair(family.rows, family.columns);
    for (const auto& [user, k] : users[f])
      fits = fits && families_[user].group == group && is_joined(family, families_[user], k);
    if (!fits) continue;
    family.group = group;
    if (shape.first == 1) shape = {family.rows, family.columns};
  }
}

void GroupedText::declare(const std::string& indent) {
  for (const Family& each : families_) {
    if (each.group != arrays_[each.array].family) continue;
    const bool is_sum = trace_.code(each.node) == code<ops::RowMean>;
    const Array& array = arrays_[each.array];
    add(indent, "double " + subscript(array.name, array.size) + (is_sum ? " = {};" : ";"));
  }
  for (Node i = 0; i < trace_.size(); ++i) {
    if (trace_.code(i) != code<ops::RowMean> || at_[i].array != kNone) continue;
    names_[i] = prefix_.sums + std::to_string(sums_++);
    add(indent, "double " + names_[i] + " = 0.0;");
  }
  declare_copies(indent);
}

void GroupedText::write(Stage stage, const std::string& indent) {
  lines_.set_indent(indent);
  struct Item {
    std::uint32_t level;
    Node node;
    std::uint32_t family;
  };
  std::vector<Item> items;
  for (std::uint32_t f = 0; f < families_.size(); ++f)
    if (families_[f].stage == stage && families_[f].group == f)
      items.push_back({families_[f].level, families_[f].node, f});
  std::vector<Node> sums;
  for (Node i = 0; i < trace_.size(); ++i) {
    const bool is_sum = trace_.code(i) == code<ops::RowMean>;
    if (is_sum && stage == kInRow && at_[i].array == kNone) sums.push_back(i);
    if (is_sum || stages_[i] != stage || trace_.is_number(i)) continue;
    const bool is_alone = trace_.is_leaf(i) ? !is_grouped_ : at_[i].array == kNone;
    if (is_alone) items.push_back({is_grouped_ ? level_[i] : 0, i, kNone});
  }
  std::ranges::sort(items, {}, [](const Item& x) { return std::pair(x.level, x.node); });
  std::vector<Operand> operands;
  for (const Item& each : items) {
    if (each.family != kNone) {
      write_group(each.family, indent);
      continue;
    }
    if (trace_.is_leaf(each.node)) {
      const std::string place = name(each.node);
      names_[each.node] = place.ends_with(']') ? lines_.add(place) : place;
      continue;
    }
    operands.clear();
    for (const Node x : trace_.operands(each.node))
      operands.push_back({names_[x].empty() ? at_[x].array : kNone, x, at_[x].index, 0, 0});
    names_[each.node] = result_of(trace_.code(each.node), operands, indent);
  }
  for (const Node i : sums) add(indent, names_[i] + " += " + name(trace_.operands(i)[0]) + ";");
}

void GroupedText::write_group(std::uint32_t root, const std::string& indent) {
  const auto [rows, columns] = shape_[root];
  std::vector<bool> is_written(root + 1, false);
  for (const Units& each : units_) {
    if (families_[each.family].group != root) continue;
    write_units(each, indent);
    is_written[each.family] = true;
  }
  std::string inner = indent;
  const auto begin = [&](const char* number, std::size_t count) {
    const std::string i = number;
    add(inner, "for (int " + i + " = 0; " + i + " < " + std::to_string(count) + "; ++" + i + ") {");
    inner += "  ";
  };
  if (rows > 1) begin("i", rows);
  begin("j", columns);
  lines_.set_indent(inner);
  for (std::uint32_t f = 0; f <= root; ++f) {
    Family& family = families_[f];
    if (family.group != root) continue;
    const bool is_sum = trace_.code(family.node) == code<ops::RowMean>;
    // A family along one line takes the shape of its group.
    std::vector<Operand> operands = family.operands;
    for (Operand& each : operands)
      if (family.rows == 1 && rows > 1) each.by_i = each.by_j * static_cast<std::int64_t>(columns);
    if (!is_written[f])
      family.name =
          is_sum ? text_of(operands[0]) : result_of(trace_.code(family.node), operands, inner);
    if (f != root) continue;
    const Entry entries[] = {{static_cast<std::int64_t>(columns), "i"}, {1, "j"}};
    const std::string to = entry(family.array, 0, std::span(entries).subspan(rows > 1 ? 0 : 1));
    add(inner, to + (is_sum ? " += " : " = ") + family.name + ";");
  }
  if (rows > 1) add(indent + "  ", "}");
  add(indent, "}");
  lines_.set_indent(indent);
}

// step: how many further than the first of several terms, by the number k.
std::string GroupedText::text_of(const Operand& x, std::int64_t step) const {
  if (x.array == kNone) return name(x.node);
  const std::uint32_t family = arrays_[x.array].family;
  if (family != kNone && families_[family].group != family && step == 0)
    return families_[family].name;
  const Entry entries[] = {{x.by_i, "i"}, {x.by_j, "j"}, {step, "k"}};
  return entry(x.array, x.first, entries);
}

std::string GroupedText::result_of(ReplayCode c, std::span<const Operand> operands,
                                   const std::string& indent) {
  if (is_sum(c)) return sum_of(c, operands, indent);
  std::vector<cpp::Code> x;
  for (const Operand& each : operands) x.emplace_back(text_of(each));
  return written(c, x);
}

void GroupedText::assign(std::vector<Assignment> all, const std::string& factor,
                         const std::string& indent) {
  const auto array_of = [&](const Assignment& each) {
    const bool is_alone = each.to.array.empty() || !names_[each.from].empty();
    return is_alone ? kNone : at_[each.from].array;
  };
  std::ranges::stable_sort(all, {}, array_of);
  for (std::size_t begin = 0; begin < all.size();) {
    const Assignment& first = all[begin];
    std::size_t end = begin + 1;
    while (end < all.size() && array_of(all[end]) == array_of(first) &&
           all[end].to.array == first.to.array && all[end].to.row == first.to.row)
      ++end;
    std::vector<Differences> index;
    for (std::size_t i = begin; i < end; ++i)
      index.push_back({all[i].to.index, at_[all[i].from].index});
    for (const Grid& grid : grids_of(index)) {
      const std::size_t count = grid.rows * grid.columns;
      const Assignment* const from = &all[begin + grid.first];
      if (array_of(first) == kNone || count < kFewestAlike || grid.columns == 1) {
        for (std::size_t i = 0; i < count; ++i)
          add(indent, from[i].to.text() + " += " + factor + name(from[i].from) + ";");
        continue;
      }
      const Differences *const x = &index[grid.first], by_j = difference(x[0], x[1]);
      const Differences by_i =
          grid.rows > 1 ? difference(x[0], x[grid.columns]) : Differences{0, 0};
      const auto entries = [&](std::size_t k) {
        return std::vector<Entry>{{by_i[k], "i"}, {by_j[k], "j"}};
      };
      const std::string inner = grid.rows > 1 ? indent + "  " : indent;
      if (grid.rows > 1) add(indent, "for (int i = 0; i < " + std::to_string(grid.rows) + "; ++i)");
      add(inner, "for (int j = 0; j < " + std::to_string(grid.columns) + "; ++j)");
      add(inner + "  ", entry_of(from->to.array, from->to.row, from->to.index, entries(0)) +
                            " += " + factor + entry(array_of(*from), x[0][1], entries(1)) + ";");
    }
    begin = end;
  }
}

}  // namespace autograd::detail
