#include "autograd/draw/layered_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace autograd::detail {

namespace {

constexpr double kAcross = 62, kDown = 18, kBendHeight = 8;
constexpr int kSweeps = 12;

// A box, or the place where an edge passes through a column.
struct Item {
  std::size_t column = 0;
  double width = 0, height = 0, y = 0;
  std::vector<std::size_t> left, right;  // neighbours
};

class Layering {
 public:
  Layering(const std::vector<LayeredLayout::Box>& boxes,
           const std::vector<LayeredLayout::Edge>& edges)
      : edges_(edges), items_(boxes.size()), passes_(edges.size()) {
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      items_[i].width = boxes[i].width;
      items_[i].height = boxes[i].height;
    }
    find_columns();
    add_passes();
  }

  LayeredLayout layout() {
    order();
    find_heights();
    return result();
  }

 private:
  // By the longest path from the left; what has no operands stands just before its first user.
  void find_columns() {
    std::vector<bool> has_operands(items_.size(), false);
    std::vector<std::size_t> first_user(items_.size(), items_.size());
    for (const LayeredLayout::Edge& edge : edges_by_target()) {
      has_operands[edge.to] = true;
      items_[edge.to].column = std::max(items_[edge.to].column, items_[edge.from].column + 1);
    }
    for (const LayeredLayout::Edge& edge : edges_)
      first_user[edge.from] = std::min(first_user[edge.from], items_[edge.to].column);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!has_operands[i] && first_user[i] < items_.size()) items_[i].column = first_user[i] - 1;
    }
  }
  std::vector<LayeredLayout::Edge> edges_by_target() const {
    std::vector<LayeredLayout::Edge> result = edges_;
    std::ranges::stable_sort(result, {}, &LayeredLayout::Edge::to);
    return result;
  }

  void add_passes() {
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      std::size_t last = edges_[e].from;
      const std::size_t end = items_[edges_[e].to].column;
      for (std::size_t column = items_[last].column + 1; column < end; ++column) {
        items_.push_back({.column = column, .height = kBendHeight, .left = {}, .right = {}});
        join(last, items_.size() - 1);
        last = items_.size() - 1;
        passes_[e].push_back(last);
      }
      join(last, edges_[e].to);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].column >= columns_.size()) columns_.resize(items_[i].column + 1);
      columns_[items_[i].column].push_back(i);
    }
  }
  void join(std::size_t left, std::size_t right) {
    items_[left].right.push_back(right);
    items_[right].left.push_back(left);
  }

  // ---- the order in the columns ----

  void order() {
    place_.resize(items_.size());
    for (const auto& column : columns_) number(column);
    std::vector<std::vector<std::size_t>> best = columns_;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
      const bool is_forward = sweep % 2 == 0;
      for (std::size_t k = 0; k < columns_.size(); ++k)
        sort_column(columns_[is_forward ? k : columns_.size() - 1 - k], is_forward);
      const std::size_t now = crossings();
      if (now >= fewest) continue;
      fewest = now;
      best = columns_;
    }
    columns_ = best;
  }
  void number(const std::vector<std::size_t>& column) {
    for (std::size_t k = 0; k < column.size(); ++k) place_[column[k]] = static_cast<double>(k);
  }
  void sort_column(std::vector<std::size_t>& column, bool by_left) {
    std::vector<double> middle(items_.size());
    for (const std::size_t i : column) {
      const auto& neighbours = by_left ? items_[i].left : items_[i].right;
      middle[i] = neighbours.empty() ? place_[i] : mean(neighbours, place_);
    }
    std::ranges::stable_sort(column, {}, [&](std::size_t i) { return middle[i]; });
    number(column);
  }
  static double mean(const std::vector<std::size_t>& items, const std::vector<double>& of) {
    double sum = 0;
    for (const std::size_t i : items) sum += of[i];
    return sum / static_cast<double>(items.size());
  }

  // Pairs of edges between two columns whose ends are in opposite order, counted in a binary
  // indexed tree.
  std::size_t crossings() const {
    std::size_t count = 0;
    for (std::size_t k = 0; k + 1 < columns_.size(); ++k) {
      std::vector<std::size_t> tree(columns_[k + 1].size() + 1, 0);
      std::size_t added = 0;
      for (const std::size_t i : columns_[k]) {
        std::vector<std::size_t> ends;
        for (const std::size_t to : items_[i].right)
          ends.push_back(static_cast<std::size_t>(place_[to]));
        for (const std::size_t end : ends) {
          std::size_t before = 0;
          for (std::size_t at = end + 1; at > 0; at &= at - 1) before += tree[at];
          count += added - before;
        }
        for (const std::size_t end : ends) {
          for (std::size_t at = end + 1; at < tree.size(); at += at & (~at + 1)) ++tree[at];
          ++added;
        }
      }
    }
    return count;
  }

  // ---- heights ----

  void find_heights() {
    for (const auto& column : columns_) {
      double y = 0;
      for (const std::size_t i : column) {
        items_[i].y = y + items_[i].height / 2;
        y += items_[i].height + kDown;
      }
    }
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const bool is_forward = sweep % 2 == 0;
      for (std::size_t k = 0; k < columns_.size(); ++k)
        move_column(columns_[is_forward ? k : columns_.size() - 1 - k]);
    }
  }

  // As near to the neighbours as the order and the sizes allow: least squares, by joining to blocks
  // what would overlap (pool adjacent violators).
  void move_column(const std::vector<std::size_t>& column) {
    struct Block {
      double sum, weight;
      std::size_t count;
      double mean() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    std::vector<double> offset(column.size(), 0.0);
    for (std::size_t k = 0; k < column.size(); ++k) {
      const Item& item = items_[column[k]];
      if (k > 0) {
        const Item& above = items_[column[k - 1]];
        offset[k] = offset[k - 1] + (above.height + item.height) / 2 + kDown;
      }
      const double weight = item.width == 0 ? 3 : 1;  // straight edges first
      blocks.push_back({weight * (wanted(item) - offset[k]), weight, 1});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
        const Block last = blocks.back();
        blocks.pop_back();
        blocks.back() = {blocks.back().sum + last.sum, blocks.back().weight + last.weight,
                         blocks.back().count + last.count};
      }
    }
    std::size_t k = 0;
    for (const Block& block : blocks)
      for (std::size_t n = 0; n < block.count; ++n, ++k)
        items_[column[k]].y = block.mean() + offset[k];
  }
  double wanted(const Item& item) const {
    double sum = 0;
    for (const std::size_t i : item.left) sum += items_[i].y;
    for (const std::size_t i : item.right) sum += items_[i].y;
    const std::size_t count = item.left.size() + item.right.size();
    return count == 0 ? item.y : sum / static_cast<double>(count);
  }

  LayeredLayout result() {
    std::vector<double> x(columns_.size(), 0.0);
    double right = 0, top = HUGE_VAL, foot = -HUGE_VAL;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      double widest = 0;
      for (const std::size_t i : columns_[k]) {
        widest = std::max(widest, items_[i].width);
        top = std::min(top, items_[i].y - items_[i].height / 2);
        foot = std::max(foot, items_[i].y + items_[i].height / 2);
      }
      x[k] = right + widest / 2;
      right += widest + kAcross;
    }
    const auto point = [&](std::size_t i) {
      return LayeredLayout::Point{x[items_[i].column], items_[i].y - top};
    };
    LayeredLayout layout;
    const std::size_t boxes = items_.size() - pass_count();
    for (std::size_t i = 0; i < boxes; ++i) layout.centre.push_back(point(i));
    for (const auto& passes : passes_) {
      layout.between.emplace_back();
      for (const std::size_t i : passes) layout.between.back().push_back(point(i));
    }
    layout.width = columns_.empty() ? 0 : right - kAcross;
    layout.height = columns_.empty() ? 0 : foot - top;
    return layout;
  }
  std::size_t pass_count() const {
    return std::accumulate(passes_.begin(), passes_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& each) { return sum + each.size(); });
  }

  const std::vector<LayeredLayout::Edge>& edges_;
  std::vector<Item> items_;
  std::vector<std::vector<std::size_t>> passes_;   // by edge
  std::vector<std::vector<std::size_t>> columns_;  // from the left, each from the top
  std::vector<double> place_;                      // in the column
};

}  // namespace

LayeredLayout layered_layout(const std::vector<LayeredLayout::Box>& boxes,
                             const std::vector<LayeredLayout::Edge>& edges) {
  return Layering(boxes, edges).layout();
}

}  // namespace autograd::detail
