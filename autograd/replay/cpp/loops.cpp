// Functions that are made of loops as C++: over an array where the leaves of a column lie evenly,
// else over a table of places. What is the same in all rows stands in front of the loop.

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/replay/cpp/groups.hpp>
#include <autograd/replay/cpp/text.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/passes/rewrite.hpp>
#include <autograd/replay/rerolled_function.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kWidestWindow = 8;
constexpr std::size_t kMostStretches = 8;  // of derivatives that are set to 0 each on its own

// The trace of a row, in which row means stand for sums over the rows: those of what is in is_summed,
// with uniform factors taken out. Uniform terms beside them count once for each row.
Trace with_sums(const Trace& row, std::size_t rows, const std::vector<bool>& is_summed) {
  const Trace trace = hoist_uniform_factors(row, is_summed);
  const std::vector<bool> is_uniform = uniform_nodes(trace);
  std::vector<bool> is_sum(trace.size(), false);
  const auto times_rows = [rows](Trace& out, Node x) {
    return out.add(code<ops::Mul>, {out.add_number(static_cast<double>(rows)), x});
  };
  Trace result = rewrite(trace, [&](Trace& out, Node node, std::span<const Node> x, const auto&) {
    const ReplayCode c = trace.code(node);
    const auto operands = trace.operands(node);
    is_sum[node] = c == code<ops::RowMean> ||
                   std::ranges::any_of(operands, [&](Node each) { return is_sum[each]; });
    std::vector<Node> terms(x.begin(), x.end());
    if (is_sum[node] && (c == code<ops::Add> || c == code<ops::Sub>))
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (!is_sum[operands[i]]) terms[i] = times_rows(out, terms[i]);
    return out.add(c, terms);
  });
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const Node y = trace.outputs[i];
    if (!is_summed[i] || is_sum[y]) continue;
    result.outputs[i] = is_uniform[y] ? times_rows(result, result.outputs[i])
                                      : result.add(code<ops::RowMean>, {result.outputs[i]});
  }
  return remove_dead(fuse_sums(remove_dead(merge_common(result))));
}

std::vector<GroupedText::Stage> stages_of(const Trace& trace) {
  const std::vector<bool> is_uniform = uniform_nodes(trace);
  std::vector<GroupedText::Stage> result;
  for (Node i = 0; i < trace.size(); ++i) {
    const bool is_after =
        trace.code(i) == code<ops::RowMean> || std::ranges::any_of(trace.operands(i), [&](Node x) {
          return result[x] == GroupedText::kAfter;
        });
    result.push_back(is_after        ? GroupedText::kAfter
                     : is_uniform[i] ? GroupedText::kBefore
                                     : GroupedText::kInRow);
  }
  return result;
}

}  // namespace

class CppLoops {
 public:
  CppLoops(const RerolledFunction& f, const std::string& name, bool has_gradient)
      : f_(f),
        name_(name),
        has_gradient_(has_gradient),
        is_affine_(!f.slopes_.empty()),
        values_{"p", "x", f.parameters_},
        derivatives_{"dp", "dx", f.parameters_},
        lines_(text_, "  ") {}

  std::string tables() const {
    std::string result;
    std::vector<double> numbers;
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) {
      const Part& part = f_.parts_[k];
      for (std::size_t c = 0; c < part.columns.size(); ++c)
        if (!part.columns[c].list.empty() && places_of(part, c).first == c)
          result += table(places(k, c), std::span(part.columns[c].list));
      // Row after row.
      const std::size_t width = part.width() - part.columns.size();
      numbers.clear();
      for (std::size_t r = 0; r < part.rows && width > 0; ++r)
        for (std::size_t c = 0; c < width; ++c) numbers.push_back(part.numbers[c * part.rows + r]);
      if (width > 0) result += table(name_ + "_numbers" + std::to_string(k), numbers);
    }
    return result;
  }

  std::string body() {
    if (has_gradient_) {
      find_windows();
      zero_gradients();
    }
    if (has_guards())
      text_ += "  bool is_other = false;  // branch than the one that was recorded\n";
    Names sums;
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) {
      const bool has_slope = has_gradient_ && is_affine_ && f_.parts_[k].has_sum;
      sums.push_back(add_loop(k, true, has_slope ? cpp::literal(f_.slopes_[k]) : ""));
    }
    Names leaves;
    for (const std::uint32_t each : f_.leaves_) leaves.push_back(values_.variable(each));
    const Trace& rest = f_.rest_->trace();
    std::vector<Node> wanted{rest.outputs[0]};
    if (has_gradient_)
      wanted.insert(wanted.end(), rest.outputs.begin() + (is_affine_ ? 1 + std::ssize(sums) : 1),
                    rest.outputs.end());
    const std::size_t guards = f_.rest_->guards.size();
    if (!has_gradient_)
      wanted.insert(wanted.end(), rest.outputs.end() - std::ssize(f_.rest_->guards),
                    rest.outputs.end());
    TraceText text(rest, lines_, sums, leaves, false);
    text.write(needed_for(rest, wanted));
    const Names results = text.outputs();
    for (std::size_t i = 0; i < guards; ++i)
      add_guard(f_.rest_->guards[i], results[results.size() - guards + i], "  ");
    if (has_gradient_) {
      for (std::size_t i = 0; i < leaves.size(); ++i)
        text_ += "  " + derivatives_.variable(f_.leaves_[i]) +
                 " += " + results[1 + sums.size() + i] + ";\n";
      for (std::size_t k = 0; k < sums.size() && !is_affine_; ++k)
        if (f_.parts_[k].has_sum) add_loop(k, false, results[1 + k]);
    }
    if (has_guards()) {
      text_ += "  if (is_other) {\n";
      const auto add_nan = [&](const char* array, std::size_t count) {
        if (count > 0 && has_gradient_)
          text_ += "    for (int i = 0; i < " + std::to_string(count) + "; ++i) " + array +
                   "[i] = NAN;\n";
      };
      add_nan("dp", f_.parameters_);
      add_nan("dx", f_.inputs_);
      text_ += "    return NAN;\n  }\n";
    }
    return text_ + "  return " + results[0] + ";\n";
  }

 private:
  using Part = RerolledFunction::Part;
  // Columns that go over the same leaves, one a step behind the other: what a row adds to a leaf is
  // carried to the row that is the last to do so.
  struct Window {
    std::vector<std::size_t> columns;  // the last row's first
    bool is_owner = false;             // nothing else leads to its leaves
  };

  bool has_guards() const {
    return !f_.rest_->guards.empty() || std::ranges::any_of(f_.parts_, [](const Part& part) {
      return !part.body->guards.empty();
    });
  }
  void add_guard(const Guard& guard, const std::string& name, const std::string& indent) {
    text_ +=
        indent + "if (" + name + (guard.must_be ? " == 0.0" : " != 0.0") + ") is_other = true;\n";
  }

  static std::string numbered(const char* kind, std::size_t part, const std::string& i) {
    return kind + std::to_string(part) + "_" + i;
  }

  std::string places(std::size_t part, std::size_t column) const {
    return name_ + "_places" + std::to_string(part) + "_" + std::to_string(column);
  }
  // The column whose list is that of a column, but for what is added to all entries; and that.
  static std::pair<std::size_t, std::int64_t> places_of(const Part& part, std::size_t column) {
    const auto& list = part.columns[column].list;
    for (std::size_t c = 0; c < column && !list.empty(); ++c) {
      const auto& other = part.columns[c].list;
      if (other.empty()) continue;
      const auto offset = std::int64_t{list[0]} - std::int64_t{other[0]};
      std::size_t r = 1;
      while (r < list.size() && std::int64_t{list[r]} - std::int64_t{other[r]} == offset) ++r;
      if (r == list.size()) return {c, offset};
    }
    return {column, 0};
  }
  Place place(const ArraysText& arrays, std::size_t k, std::size_t c) const {
    const Part& part = f_.parts_[k];
    const auto [first, offset] = places_of(part, c);
    return arrays.place(part.columns[c], part.rows, places(k, first), offset);
  }

  bool lies_in_one_array(const Column& column, std::size_t rows) const {
    const auto [low, high] = range_of(column, rows);
    const auto p = static_cast<std::int64_t>(f_.parameters_);
    return high < p || low >= p;
  }

  void find_windows() {
    std::vector<std::uint32_t> uses(f_.parameters_ + f_.inputs_, 0);
    for (const std::uint32_t leaf : f_.leaves_) ++uses[leaf];
    for (const Part& part : f_.parts_) {
      for (const std::uint32_t leaf : part.shared) ++uses[leaf];
      windows_.push_back(windows_of(part));
      for (const Window& each : windows_.back())
        for_each_leaf(part, each, [&](std::size_t leaf) { ++uses[leaf]; });
    }
    is_owned_.assign(uses.size(), false);
    for (std::size_t k = 0; k < f_.parts_.size() && is_affine_; ++k) {
      for (Window& each : windows_[k]) {
        if (!f_.parts_[k].columns[each.columns[0]].list.empty()) continue;
        each.is_owner = true;
        const auto visit = [&](std::size_t leaf) { each.is_owner &= uses[leaf] == 1; };
        for_each_leaf(f_.parts_[k], each, visit);
        for_each_leaf(f_.parts_[k], each, [&](std::size_t leaf) {
          if (each.is_owner) is_owned_[leaf] = true;
        });
      }
    }
  }

  std::vector<Window> windows_of(const Part& part) const {
    std::vector<Window> result;
    // By step and what is left of the first place when divided by it: which step the first is.
    std::map<std::pair<std::int64_t, std::int64_t>, std::map<std::int64_t, std::size_t>> even;
    for (std::size_t c = 0; c < part.columns.size(); ++c) {
      const Column& column = part.columns[c];
      if (!column.list.empty() || column.step == 0 || !lies_in_one_array(column, part.rows)) {
        result.push_back({{c}, false});
        continue;
      }
      const std::int64_t remainder = column.first % std::abs(column.step);
      even[{column.step, remainder}].emplace((column.first - remainder) / column.step, c);
    }
    for (const auto& [step, columns] : even) {
      std::int64_t last = 0;
      std::size_t width = 0;
      for (const auto& [place, c] : columns) {
        const bool goes_on =
            width > 0 && width < kWidestWindow && place == last + 1 &&
            is_parameter(part.columns[c]) == is_parameter(part.columns[result.back().columns[0]]);
        if (!goes_on) {
          result.push_back({});
          width = 0;
        }
        result.back().columns.push_back(c);
        last = place;
        ++width;
      }
    }
    return result;
  }
  bool is_parameter(const Column& column) const { return column.first < f_.parameters_; }

  // Calls visit(variable) for each that a window writes to.
  template <class Visit>
  void for_each_leaf(const Part& part, const Window& window, const Visit& visit) const {
    const Column& column = part.columns[window.columns[0]];
    for (const std::uint32_t leaf : column.list) visit(leaf);
    for (std::size_t r = 0; column.list.empty() && r + 1 < part.rows + window.columns.size(); ++r)
      visit(static_cast<std::size_t>(column.first + static_cast<std::int64_t>(r) * column.step));
  }

  void zero_gradients() {
    std::vector<std::pair<std::size_t, std::size_t>> stretches;  // first, count
    for (std::size_t i = 0; i < is_owned_.size(); ++i) {
      if (is_owned_[i]) continue;
      const bool goes_on = !stretches.empty() && i != f_.parameters_ &&
                           stretches.back().first + stretches.back().second == i;
      if (!goes_on) stretches.emplace_back(i, 0);
      ++stretches.back().second;
    }
    if (stretches.size() > kMostStretches) {
      text_ += zeros("dp", 0, f_.parameters_) + zeros("dx", 0, f_.inputs_);
      return;
    }
    for (const auto& [first, count] : stretches)
      text_ += first < f_.parameters_ ? zeros("dp", first, count)
                                      : zeros("dx", first - f_.parameters_, count);
  }

  // The sum over the rows, and slope times its derivatives, which are not wanted if it is empty. The
  // name of the sum.
  std::string add_loop(std::size_t k, bool is_sum_wanted, const std::string& slope) {
    const Part& part = f_.parts_[k];
    const std::size_t shared = part.shared.size(), columns = part.columns.size();
    const Trace& body = part.body->trace();
    std::vector<Node> wanted;
    std::vector<bool> is_summed;
    const bool has_sum = is_sum_wanted && part.has_sum;
    if (has_sum) wanted.push_back(body.outputs[0]);
    is_summed.resize(wanted.size(), true);
    const std::vector<Guard>& guards = part.body->guards;
    const std::size_t guard_count = is_sum_wanted ? guards.size() : 0;
    const auto first_guard = body.outputs.end() - std::ssize(guards);
    if (!slope.empty()) {
      wanted.insert(wanted.end(), body.outputs.begin() + 1, first_guard);
      is_summed.resize(is_summed.size() + shared, true);
    }
    wanted.insert(wanted.end(), first_guard,
                  first_guard + static_cast<std::ptrdiff_t>(guard_count));
    is_summed.resize(wanted.size(), false);
    const Trace row = with_sums(remove_dead(body, wanted), part.rows, is_summed);
    std::vector<Place> parameters, inputs;
    for (const std::uint32_t each : part.shared) parameters.push_back(values_.place(each));
    const std::size_t numbers = part.width() - columns;
    for (std::size_t c = 0; c < columns; ++c) inputs.push_back(place(values_, k, c));
    for (std::size_t c = 0; c < numbers; ++c)
      inputs.push_back({name_ + "_numbers" + std::to_string(k),
                        numbers == 1 ? "r" : std::to_string(numbers) + " * r",
                        static_cast<std::int64_t>(c)});
    const bool is_skipped = !is_sum_wanted;  // where its slope is 0
    const std::string indent = is_skipped ? "    " : "  ";
    const char* const sums = is_skipped ? "total" : "sum";
    const char* const arrays = is_skipped ? "b" : "a";
    GroupedText text(row, stages_of(row), parameters, inputs, lines_, text_,
                     {numbered(arrays, k, ""), numbered(sums, k, "")}, !slope.empty());
    if (is_skipped) text_ += "  if (" + slope + " != 0.0) {\n";
    text.declare(indent);
    text.write(GroupedText::kBefore, indent);
    const std::string factor = slope.empty() || slope == "1.0" ? "" : slope + " * ";
    const std::vector<Window> none;
    const std::vector<Window>& windows = slope.empty() ? none : windows_[k];
    for (const Window& each : windows)
      for (std::size_t m = 1; m < each.columns.size(); ++m)
        text_ += indent + "double " + carried(k, each, m) + " = 0.0;\n";
    text_ += indent + "for (int r = 0; r < " + std::to_string(part.rows) + "; ++r) {\n";
    text.write(GroupedText::kInRow, indent + "  ");
    const std::size_t first = row.outputs.size() - guard_count;
    for (std::size_t i = 0; i < guard_count; ++i)
      add_guard(guards[i], text.name(row.outputs[first + i]), indent + "  ");
    const auto by_columns = std::span(row.outputs).first(first).last(slope.empty() ? 0 : columns);
    add_by_columns(text, k, windows, by_columns, factor, indent + "  ");
    text_ += indent + "}\n";
    text.write(GroupedText::kAfter, indent);
    for (const Window& each : windows) {
      const Column& column = part.columns[each.columns[0]];
      for (std::size_t m = 1; m < each.columns.size(); ++m) {
        const auto leaf =
            column.first + (static_cast<std::int64_t>(part.rows + m) - 1) * column.step;
        text_ += indent + derivatives_.variable(static_cast<std::size_t>(leaf)) +
                 (each.is_owner ? " = " : " += ") + factor + carried(k, each, m) + ";\n";
      }
    }
    std::vector<GroupedText::Assignment> by_shared;
    for (std::size_t i = 0; i < shared && !slope.empty(); ++i)
      by_shared.push_back({derivatives_.place(part.shared[i]), row.outputs[(has_sum ? 1 : 0) + i]});
    text.assign(by_shared, factor, indent);
    lines_.set_indent("  ");
    if (is_skipped) text_ += "  }\n";
    return has_sum ? text.name(row.outputs[0]) : "0.0";
  }

  static std::string carried(std::size_t k, const Window& window, std::size_t m) {
    return numbered("carried", k, std::to_string(window.columns[m]));
  }

  // Derivatives by the leaves of a row.
  void add_by_columns(GroupedText& text, std::size_t k, const std::vector<Window>& windows,
                      std::span<const Node> by_columns, const std::string& factor,
                      const std::string& indent) {
    std::vector<GroupedText::Assignment> alone;
    for (const Window& each : windows) {
      const Place to = place(derivatives_, k, each.columns[0]);
      if (each.columns.size() == 1 && !each.is_owner) {
        alone.push_back({to, by_columns[each.columns[0]]});
        continue;
      }
      for (std::size_t m = 0; m < each.columns.size(); ++m) {
        const std::string now = text.name(by_columns[each.columns[m]]);
        const std::string sum =
            m + 1 < each.columns.size() ? carried(k, each, m + 1) + " + " + now : now;
        const bool is_product = m == 0 && !factor.empty();
        text_ += indent +
                 (m == 0 ? to.text() + (each.is_owner ? " = " : " += ") + factor
                         : carried(k, each, m) + " = ") +
                 (is_product && sum != now ? "(" + sum + ")" : sum) + ";\n";
      }
    }
    text.assign(alone, factor, indent);
  }

  const RerolledFunction& f_;
  const std::string name_;
  const bool has_gradient_, is_affine_;
  const ArraysText values_, derivatives_;
  std::string text_;
  cpp::Lines lines_;
  std::vector<std::vector<Window>> windows_;  // of each part
  std::vector<bool> is_owned_;                // of variables: written to where they belong
};

CppText RerolledFunction::to_cpp(const std::string& name) const {
  return {CppLoops(*this, name, false).tables(), CppLoops(*this, name, false).body(),
          CppLoops(*this, name, true).body()};
}

}  // namespace autograd::detail
