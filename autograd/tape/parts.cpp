#include "autograd/tape/parts.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace autograd::detail {

void Parts::open(std::string_view name, std::size_t number, Time now) {
  if (tree_.size() >= collect_at_) collect();
  enter(child(current_, name, number), now);
  ++depth_;
}

void Parts::next(std::size_t number, Time now) {
  if (tree_.size() >= collect_at_) collect();
  const Node& node = tree_[current_];
  if (node.number == number) return;
  Part part = node.successor;
  if (part == 0 || tree_[part].number != number || tree_[part].name != node.name) {
    tree_[node.parent].last_child = current_;
    part = child(node.parent, std::string(node.name), number);
  }
  enter(part, now);
}

// What may fail comes first: there is room for the runs of all scopes that are open, so that nothing
// can fail when they end.
void Parts::enter(Part part, Time now) {
  const std::size_t needed = runs_.size() + depth_ + 2;
  if (needed > runs_.capacity()) runs_.reserve(2 * needed + 16);
  leave_run(now);
  current_ = part;
}

void Parts::close(Time now) {
  leave_run(now);
  const Part parent = tree_[current_].parent;
  tree_[parent].last_child = std::exchange(current_, parent);
  --depth_;
}

// The run that goes on ends here, if there is anything in it.
void Parts::leave_run(Time now) {
  const Time begin = std::exchange(begin_, now);
  if (begin >= now || current_ == 0) return;
  if (!runs_.empty() && runs_.back().part == current_ && runs_.back().end == begin) {
    runs_.back().end = now;
  } else {
    runs_.push_back({begin, now, current_});
  }
}

void Parts::drop(Time from) {
  begin_ = std::min(begin_, from);
  while (!runs_.empty() && runs_.back().begin >= from) runs_.pop_back();
  if (!runs_.empty()) runs_.back().end = std::min(runs_.back().end, from);
}

// ---- the tree ----

std::size_t Parts::hash(Part parent, std::string_view name, std::size_t number) {
  return std::hash<std::string_view>()(name) + 31 * number + 1'000'003 * std::size_t{parent};
}

Parts::Part Parts::child(Part parent, std::string_view name, std::size_t number) {
  const Part last = tree_[parent].last_child;
  Part part = tree_[last].successor;
  if (part == 0 || !is(part, parent, name, number)) part = find(parent, name, number);
  if (part == 0) part = add(parent, name, number);
  if (last != 0) tree_[last].successor = part;
  return part;
}

Parts::Part Parts::find(Part parent, std::string_view name, std::size_t number) const {
  const auto [begin, end] = by_hash_.equal_range(hash(parent, name, number));
  for (auto each = begin; each != end; ++each) {
    if (is(each->second, parent, name, number)) return each->second;
  }
  return 0;
}

Parts::Part Parts::add(Part parent, std::string_view name, std::size_t number) {
  const auto part = static_cast<Part>(tree_.size());
  tree_.push_back({std::string(name), number, parent});
  by_hash_.emplace(hash(parent, name, number), part);
  return part;
}

// Forgets the parts that no operation is in any more.
void Parts::collect() {
  std::vector<char> is_used(tree_.size(), 0);
  const auto use = [&](Part part) {
    for (; part != 0 && is_used[part] == 0; part = tree_[part].parent) is_used[part] = 1;
  };
  use(current_);
  for (const Run& run : runs_) use(run.part);

  Parts kept;
  std::vector<Part> place(tree_.size(), 0);
  for (Part part = 1; part < tree_.size(); ++part) {  // a parent stands before its children
    const Node& node = tree_[part];
    if (is_used[part] != 0) place[part] = kept.add(place[node.parent], node.name, node.number);
  }
  std::swap(tree_, kept.tree_);
  std::swap(by_hash_, kept.by_hash_);
  current_ = place[current_];
  for (Run& run : runs_) run.part = place[run.part];
  collect_at_ = std::max<std::size_t>(1024, 2 * tree_.size());
}

// ---- questions ----

std::vector<Parts::Run> Parts::runs(Time now) const {
  std::vector<Run> result = runs_;
  if (current_ != 0 && begin_ < now) result.push_back({begin_, now, current_});
  return result;
}

Parts::Part Parts::part_of(Time at, Time now) const {
  if (at >= begin_ && at < now && current_ != 0) return current_;
  const auto behind = std::ranges::upper_bound(runs_, at, {}, &Run::begin);
  if (behind == runs_.begin()) return 0;
  const Run& run = *std::prev(behind);
  return at < run.end ? run.part : 0;
}

std::string Parts::name(Part part) const {
  const Node& node = tree_[part];
  return node.number == kNoNumber ? node.name : node.name + " " + std::to_string(node.number);
}

std::vector<std::string> Parts::path(Part part) const {
  std::vector<std::string> result;
  for (; part != 0; part = tree_[part].parent) result.push_back(name(part));
  std::ranges::reverse(result);
  return result;
}

}  // namespace autograd::detail
