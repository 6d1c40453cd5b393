// Step by step.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <autograd/explain/builder.hpp>
#include <autograd/explain/names.hpp>
#include <autograd/explain/operations.hpp>
#include <autograd/explain/rules.hpp>
#include <autograd/tape/annotations.hpp>

namespace autograd::detail {

Swept::Swept(const Value& y) : view(list_graph(y)), gradient(view.nodes.size(), 0.0) {
  gradient.back() = 1.0;
  for (std::size_t i = view.nodes.size(); i-- > 0;) {
    const auto operands = view.operands_of(view.nodes[i]);
    for (std::size_t k = operands.size(); k-- > 0 && gradient[i] != 0.0;)  // as backward() does
      gradient[operands[k].node] += gradient[i] * operands[k].partial;
  }
  part.resize(view.nodes.size(), 0);
  parts.resize(1);
  if (tape.annotations == nullptr) return;
  const Parts& known = tape.annotations->parts;
  const std::vector<Parts::Run> runs = known.runs(tape.now());
  std::vector<std::size_t> place(known.size(), 0);
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const Id id = view.nodes[i].id;
    if (id < 0) continue;
    const Time time = tape.time_of(id);
    const auto behind = std::ranges::upper_bound(runs, time, {}, &Parts::Run::begin);
    if (behind == runs.begin() || time >= std::prev(behind)->end) continue;
    const Parts::Part found = std::prev(behind)->part;
    if (place[found] == 0) {
      place[found] = parts.size();
      parts.push_back(known.path(found));
    }
    part[i] = place[found];
  }
}

namespace {

// Whether a fraction is worth a look, and is what was computed.
std::string fraction_text(const Exact& exact, double value, bool wanted) {
  constexpr std::int64_t kLargestDenominator = 10'000;
  if (!wanted || !exact || exact->denominator == 1 || exact->denominator > kLargestDenominator)
    return "";
  if (!(std::abs(exact->value() - value) <= 1e-9 * std::abs(value))) return "";
  return std::to_string(exact->numerator) + "/" + std::to_string(exact->denominator);
}

class Builder {
 public:
  Builder(const Swept& graph, const ExplainOptions& options, const std::vector<bool>& is_shown,
          std::size_t from)
      : graph_(graph),
        view_(graph.view),
        options_(options),
        is_shown_(is_shown),
        from_(from),
        names_(names_of(view_)),
        value_(view_.nodes.size()),
        gradient_(view_.nodes.size()) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!names_[i].empty()) node_of_[names_[i]] = i;
    }
  }

  Explanation build() {
    result_.result = names_.back();
    result_.value = view_.nodes.back().data;
    result_.digits = options_.digits;
    if (from_ != Explanation::kNone) result_.from = names_[from_];
    find_exact_values();
    place_.assign(view_.nodes.size(), Explanation::kNone);
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (is_listed(i)) add_node(i);
    }
    add_steps();
    if (options_.forward_mode) add_tangents();
    return std::move(result_);
  }

 private:
  using Node = GraphView::Node;
  using Operand = GraphView::Operand;

  bool is_number(std::size_t i) const { return names_[i].empty(); }
  // Operands of a shown operation are listed too.
  bool is_listed(std::size_t i) {
    if (is_listed_.empty()) {
      is_listed_ = is_shown_;
      for (std::size_t k = 0; k < view_.nodes.size(); ++k) {
        if (!is_shown_[k]) continue;
        for (const Operand& operand : view_.operands_of(view_.nodes[k]))
          is_listed_[operand.node] = true;
      }
    }
    return is_listed_[i] && !is_number(i);
  }

  Formula name(std::size_t i) const {
    return is_number(i) ? Formula::of(view_.nodes[i].data) : Formula::of(names_[i]);
  }
  std::vector<Formula> operand_names(const Node& node) const {
    std::vector<Formula> result;
    for (const Operand& operand : view_.operands_of(node)) result.push_back(name(operand.node));
    return result;
  }
  Formula with_numbers(const Formula& formula) const {
    Formula number;
    Formula result = substituted(formula, [&](const std::string& each) -> const Formula* {
      const auto found = node_of_.find(each);
      if (found == node_of_.end()) return nullptr;
      number = Formula::of(view_.nodes[found->second].data);
      return &number;
    });
    set_beside(result);
    return result;
  }
  // Numbers are multiplied as on paper: (-2)(3). Whether there are numbers only.
  static bool set_beside(Formula& formula) {
    bool has_numbers_only = formula.kind != Formula::Kind::kName;
    for (Formula& part : formula.parts) has_numbers_only = set_beside(part) && has_numbers_only;
    if (formula.kind == Formula::Kind::kProduct && has_numbers_only) formula.name = "()";
    return has_numbers_only;
  }
  Exact exactly(const Formula& formula) const {
    return evaluate_exactly(formula, [&](const std::string& each) {
      const auto found = node_of_.find(each);
      return found == node_of_.end() ? Exact() : value_[found->second];
    });
  }
  Explanation::Number number(double value, const Exact& exact) const {
    return {value, fraction_text(exact, value, options_.fractions)};
  }

  // ---- values ----

  void find_exact_values() {
    if (!options_.fractions) return;
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      const Node& node = view_.nodes[i];
      if (node.op.empty()) {
        value_[i] = exact(node.data);
        continue;
      }
      const auto operands = view_.operands_of(node);
      const bool all_known = std::ranges::all_of(
          operands, [&](const Operand& each) { return value_[each.node].has_value(); });
      if (!all_known) continue;
      const std::vector<Formula> x = operand_names(node);
      const Exact found = exactly(value_formula({node.op, x, {}}));
      if (found && std::abs(found->value() - node.data) <= 1e-9 * std::abs(node.data))
        value_[i] = found;
    }
  }

  void add_node(std::size_t i) {
    const Node& node = view_.nodes[i];
    Explanation::Node result;
    result.name = names_[i];
    result.operation = node.op;
    result.value = number(node.data, value_[i]);
    result.parts = graph_.parts[graph_.part[i]];
    result.is_constant = node.is_constant;
    if (node.op.empty() || !is_shown_[i]) {
      result.formula = result.with_numbers = Formula::of(node.data);
      if (!is_shown_[i]) result.operation = "";
    } else {
      const std::vector<Formula> x = operand_names(node);
      result.formula = shortened(value_formula({node.op, x, name(i)}));
      result.with_numbers = with_numbers(result.formula);
      for (const Operand& operand : view_.operands_of(node))
        result.operands.push_back(place_[operand.node]);
    }
    place_[i] = result_.nodes.size();
    result_.nodes.push_back(std::move(result));
  }

  // ---- derivatives ----

  void add_steps() {
    std::vector<std::size_t> uses(view_.nodes.size(), 0), so_far(view_.nodes.size(), 0);
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      for (const Operand& operand : view_.operands_of(view_.nodes[i])) ++uses[operand.node];
    }
    std::vector<double> sum(view_.nodes.size(), 0.0);
    for (Exact& each : gradient_) each = Fraction{0, 1};
    sum.back() = 1.0;
    gradient_.back() = Fraction{1, 1};
    for (std::size_t i = view_.nodes.size(); i-- > 0;) {
      const Node& node = view_.nodes[i];
      if (node.op.empty()) continue;
      const auto operands = view_.operands_of(node);
      const std::vector<Formula> x = operand_names(node);
      for (std::size_t k = operands.size(); k-- > 0;) {
        const std::size_t to = operands[k].node;
        ++so_far[to];
        if (view_.nodes[to].is_constant) continue;
        const double added = contribution(sum[i], operands[k].partial);
        sum[to] += added;
        const Formula rule = partial_formula({node.op, x, name(i)}, k);
        Exact local = options_.fractions ? exactly(rule) : Exact();
        if (local && !(std::abs(local->value() - operands[k].partial) <=
                       1e-9 * std::abs(operands[k].partial)))
          local = {};
        const Exact exact_added =
            gradient_[i] && gradient_[i]->numerator == 0 ? gradient_[i] : gradient_[i] * local;
        gradient_[to] = gradient_[to] + exact_added;
        if (!is_shown_[i] || (from_ != Explanation::kNone && !is_shown_[to])) continue;
        Explanation::Step step{
            .operation = place_[i],
            .operand = place_[to],
            .use = so_far[to],
            .uses = uses[to],
            .upstream = number(sum[i], gradient_[i]),
            .rule = shortened(rule),
            .with_numbers = {},
            .local = number(operands[k].partial, local),
            .contribution = number(added, exact_added),
            .sum = number(sum[to], gradient_[to]),
            .remark = remark(node.id, k, operands[k].partial, sum[i], added, rule)};
        step.with_numbers = with_numbers(step.rule);
        result_.steps.push_back(std::move(step));
      }
    }
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (place_[i] != Explanation::kNone)
        result_.nodes[place_[i]].gradient = number(sum[i], gradient_[i]);
    }
  }

  std::string remark(Id operation, std::size_t k, double partial, double upstream, double added,
                     const Formula& rule) const {
    if (upstream == 0.0 && !std::isfinite(partial))
      return "a zero meets an infinite local derivative: nothing arrives here, so nothing is "
             "passed on";
    std::string result = remark_on(operation, k);
    if (result.empty() && !std::isfinite(added)) result = "not finite";
    if (result.empty() && std::isfinite(partial)) {
      const double now = evaluate(with_numbers(rule));
      if (std::isfinite(now) && std::abs(now - partial) > 1e-9 * (1 + std::abs(partial)))
        result =
            "an operand was changed after this was recorded: the local derivative is the one "
            "that was recorded";
    }
    return result;
  }

  // ---- forward mode ----

  void add_tangents() {
    std::vector<double> tangent(view_.nodes.size(), 0.0);
    std::vector<bool> depends(view_.nodes.size(), false);
    tangent[from_] = 1.0;
    depends[from_] = true;
    Explanation::Counts counts;
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      const Node& node = view_.nodes[i];
      if (node.op.empty() && !node.is_constant) ++counts.inputs;
      for (const Operand& operand : view_.operands_of(node)) {
        if (view_.nodes[operand.node].is_constant) continue;
        ++counts.reverse;
        if (!depends[operand.node]) continue;
        ++counts.forward;
        depends[i] = true;
        if (tangent[operand.node] != 0.0) tangent[i] += operand.partial * tangent[operand.node];
      }
      if (place_[i] != Explanation::kNone) result_.nodes[place_[i]].tangent = {tangent[i], ""};
    }
    result_.counts = counts;
  }

  const Swept& graph_;
  const GraphView& view_;
  const ExplainOptions& options_;
  const std::vector<bool>& is_shown_;
  std::vector<bool> is_listed_;
  std::size_t from_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> node_of_;
  std::vector<Exact> value_, gradient_;
  std::vector<std::size_t> place_;  // in the explanation
  Explanation result_;
};

}  // namespace

Explanation explain_steps(const Swept& graph, const ExplainOptions& options,
                          const std::vector<bool>& is_shown, std::size_t from) {
  return Builder(graph, options, is_shown, from).build();
}

}  // namespace autograd::detail
