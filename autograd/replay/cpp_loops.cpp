// Functions that are made of loops as C++: over an array where the leaves of a column lie evenly, else
// over a table of places. What is the same in all rows stands in front of the loop.

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/replay/cpp_text.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/passes/rewrite.hpp>
#include <autograd/replay/rerolled_function.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kWidestWindow = 8;
constexpr std::size_t kMostStretches = 8;  // of derivatives that are set to 0 each on its own

// When a node of a row is computed.
struct RowStages {
  std::vector<bool> before, in_row, after;
};

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
  return remove_dead(merge_common(result));
}

RowStages stages_of(const Trace& trace) {
  const std::vector<bool> is_uniform = uniform_nodes(trace);
  RowStages result{std::vector<bool>(trace.size()), std::vector<bool>(trace.size()),
                   std::vector<bool>(trace.size())};
  for (Node i = 0; i < trace.size(); ++i) {
    const auto is_after = [&](Node x) { return result.after[x]; };
    if (trace.code(i) == code<ops::RowMean> || std::ranges::any_of(trace.operands(i), is_after)) {
      result.after[i] = true;
    } else {
      (is_uniform[i] ? result.before : result.in_row)[i] = true;
    }
  }
  return result;
}

}  // namespace

class CppLoops {
 public:
  CppLoops(const RerolledFunction& f, bool has_gradient)
      : f_(f),
        has_gradient_(has_gradient),
        is_affine_(!f.slopes_.empty()),
        values_{"p", "x", f.parameters_},
        derivatives_{"dp", "dx", f.parameters_},
        lines_(text_, "  ") {}

  std::string body() {
    if (has_gradient_) {
      find_windows();
      zero_gradients();
    }
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) add_tables(k);
    Names sums;
    for (std::size_t k = 0; k < f_.parts_.size(); ++k) {
      const bool has_slope = has_gradient_ && is_affine_;
      sums.push_back(add_loop(k, true, has_slope ? cpp::literal(f_.slopes_[k]) : ""));
    }
    Names leaves;
    for (const std::uint32_t each : f_.leaves_) leaves.push_back(values_.variable(each));
    const Trace& rest = f_.rest_->trace();
    std::vector<Node> wanted{rest.outputs[0]};
    if (has_gradient_)
      wanted.insert(wanted.end(), rest.outputs.begin() + (is_affine_ ? 1 + std::ssize(sums) : 1),
                    rest.outputs.end());
    TraceText text(rest, lines_, sums, leaves, false);
    text.write(needed_for(rest, wanted));
    const Names results = text.outputs();
    if (has_gradient_) {
      for (std::size_t i = 0; i < leaves.size(); ++i)
        text_ += "  " + derivatives_.variable(f_.leaves_[i]) +
                 " += " + results[1 + sums.size() + i] + ";\n";
      for (std::size_t k = 0; k < sums.size() && !is_affine_; ++k)
        add_loop(k, false, results[1 + k]);
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

  static std::string numbered(const char* kind, std::size_t part, std::size_t i) {
    return kind + std::to_string(part) + "_" + std::to_string(i);
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

  void add_tables(std::size_t k) {
    const Part& part = f_.parts_[k];
    for (std::size_t c = 0; c < part.columns.size(); ++c)
      if (!part.columns[c].list.empty())
        text_ += table(numbered("place", k, c), std::span(part.columns[c].list));
    for (std::size_t c = part.columns.size(); c < part.width(); ++c) {
      const auto numbers = std::span<const double>(part.numbers)
                               .subspan((c - part.columns.size()) * part.rows, part.rows);
      text_ += table(numbered("number", k, c), numbers);
    }
  }

  // The sum over the rows, and slope times its derivatives, which are not wanted if it is empty. The
  // name of the sum.
  std::string add_loop(std::size_t k, bool is_sum_wanted, const std::string& slope) {
    const Part& part = f_.parts_[k];
    const std::size_t shared = part.shared.size(), columns = part.columns.size();
    const Trace& body = part.body->trace();
    std::vector<Node> wanted;
    std::vector<bool> is_summed;
    if (is_sum_wanted) wanted.push_back(body.outputs[0]);
    is_summed.resize(wanted.size(), true);
    if (!slope.empty()) {
      wanted.insert(wanted.end(), body.outputs.begin() + 1, body.outputs.end());
      is_summed.resize(is_summed.size() + shared, true);
      is_summed.resize(is_summed.size() + columns, false);
    }
    const Trace row = with_sums(remove_dead(body, wanted), part.rows, is_summed);
    const RowStages stages = stages_of(row);
    Names parameters, inputs, sums;
    for (const std::uint32_t each : part.shared) parameters.push_back(values_.variable(each));
    for (std::size_t c = 0; c < part.width(); ++c)
      inputs.push_back(c < columns
                           ? values_.entry(part.columns[c], part.rows, numbered("place", k, c))
                           : subscript(numbered("number", k, c), "r"));
    TraceText text(row, lines_, parameters, inputs, true);
    text.write(stages.before);
    const std::string factor = slope.empty() || slope == "1.0" ? "" : slope + " * ";
    const bool is_skipped = !is_sum_wanted;  // where its slope is 0
    if (is_skipped) {
      text_ += "  if (" + slope + " != 0.0) {\n";
      lines_.set_indent("    ");
    }
    const std::string indent = is_skipped ? "    " : "  ";
    for (Node i = 0; i < row.size(); ++i) {
      if (row.code(i) != code<ops::RowMean>) continue;
      sums.push_back(numbered(is_skipped ? "total" : "sum", k, sums.size()));
      text_ += indent + "double " + sums.back() + " = 0.0;\n";
      text.set_name(i, sums.back());
    }
    const std::vector<Window> none;
    const std::vector<Window>& windows = slope.empty() ? none : windows_[k];
    for (const Window& each : windows)
      for (std::size_t m = 1; m < each.columns.size(); ++m)
        text_ += indent + "double " + numbered("carried", k, each.columns[m]) + " = 0.0;\n";
    text_ += indent + "for (int r = 0; r < " + std::to_string(part.rows) + "; ++r) {\n";
    lines_.set_indent(indent + "  ");
    text.write(stages.in_row);
    for (Node i = 0; i < row.size(); ++i)
      if (row.code(i) == code<ops::RowMean>)
        text_ += indent + "  " + text.name(i) + " += " + text.name(row.operands(i)[0]) + ";\n";
    const std::size_t first_column = row.outputs.size() - columns;
    for (const Window& each : windows) {
      const auto of_column = [&](std::size_t m) {
        return text.name(row.outputs[first_column + each.columns[m]]);
      };
      const auto carried = [&](std::size_t m) { return numbered("carried", k, each.columns[m]); };
      const std::size_t width = each.columns.size(), c = each.columns[0];
      std::string sum = width > 1 ? carried(1) + " + " + of_column(0) : of_column(0);
      if (width > 1 && !factor.empty()) sum = "(" + sum + ")";
      text_ += indent + "  " +
               derivatives_.entry(part.columns[c], part.rows, numbered("place", k, c)) +
               (each.is_owner ? " = " : " += ") + factor + sum + ";\n";
      for (std::size_t m = 1; m < width; ++m)
        text_ += indent + "  " + carried(m) + " = " +
                 (m + 1 < width ? carried(m + 1) + " + " : "") + of_column(m) + ";\n";
    }
    text_ += indent + "}\n";
    lines_.set_indent(indent);
    text.write(stages.after);
    for (const Window& each : windows) {
      const Column& column = part.columns[each.columns[0]];
      for (std::size_t m = 1; m < each.columns.size(); ++m) {
        const auto place =
            column.first + (static_cast<std::int64_t>(part.rows + m) - 1) * column.step;
        text_ += indent + derivatives_.variable(static_cast<std::size_t>(place)) +
                 (each.is_owner ? " = " : " += ") + factor +
                 numbered("carried", k, each.columns[m]) + ";\n";
      }
    }
    const std::size_t first_shared = is_sum_wanted ? 1 : 0;
    for (std::size_t i = 0; i < shared && !slope.empty(); ++i)
      text_ += indent + derivatives_.variable(part.shared[i]) + " += " + factor +
               text.name(row.outputs[first_shared + i]) + ";\n";
    lines_.set_indent("  ");
    if (is_skipped) text_ += "  }\n";
    return is_sum_wanted ? text.name(row.outputs[0]) : "";
  }

  const RerolledFunction& f_;
  const bool has_gradient_, is_affine_;
  const ArraysText values_, derivatives_;
  std::string text_;
  cpp::Lines lines_;
  std::vector<std::vector<Window>> windows_;  // of each part
  std::vector<bool> is_owned_;                // of variables: written to where they belong
};

std::string RerolledFunction::to_cpp(bool has_gradient) const {
  const bool has_guards =
      !rest_->guards.empty() ||
      std::ranges::any_of(parts_, [](const Part& part) { return !part.body->guards.empty(); });
  if (has_guards) return {};
  return CppLoops(*this, has_gradient).body();
}

}  // namespace autograd::detail
