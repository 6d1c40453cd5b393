#include "autograd/worksheet/mistakes.hpp"

#include <span>
#include <utility>

#include <autograd/explain/layout.hpp>
#include <autograd/explain/operations.hpp>
#include <autograd/explain/rules.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

std::vector<Formula> numbers_of(const GraphView& view, const GraphView::Node& node,
                                const std::vector<double>& value) {
  std::vector<Formula> result;
  for (const GraphView::Operand& operand : view.operands_of(node))
    result.push_back(Formula::of(value[operand.node]));
  return result;
}

}  // namespace

GraphNumbers::GraphNumbers(const GraphView& view) {
  for (const GraphView::Node& node : view.nodes) value.push_back(node.data);
  for (const GraphView::Operand& operand : view.operands) partial.push_back(operand.partial);
  sweep(view);
}

GraphNumbers::GraphNumbers(const GraphView& view, const std::vector<double>& leaf)
    : value(leaf), partial(view.operands.size(), 0.0) {
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const GraphView::Node& node = view.nodes[i];
    if (node.op.empty()) continue;
    const std::vector<Formula> x = numbers_of(view, node, value);
    value[i] = evaluate(value_formula({node.op, x, {}}));
    const Formula result = Formula::of(value[i]);
    for (std::size_t k = 0; k < x.size(); ++k)
      partial[node.first_operand + k] = evaluate(partial_formula({node.op, x, result}, k));
  }
  sweep(view);
}

void GraphNumbers::sweep(const GraphView& view) {
  gradient.assign(view.nodes.size(), 0.0);
  gradient.back() = 1.0;
  for (std::size_t i = view.nodes.size(); i-- > 0;) {
    const GraphView::Node& node = view.nodes[i];
    for (std::size_t k = 0; k < node.operand_count; ++k) {
      const std::size_t at = node.first_operand + k;
      if (gradient[i] != 0.0) gradient[view.operands[at].node] += gradient[i] * partial[at];
    }
  }
}

namespace {

class Finder {
 public:
  Finder(const GraphView& view, const std::vector<std::string>& names, const GraphNumbers& numbers,
         std::size_t node, int digits)
      : view_(view), names_(names), numbers_(numbers), node_(node), digits_(digits) {}

  std::vector<Candidate> find() {
    const double all = numbers_.gradient[node_];
    add(Mistake::kSign, -all, "the sign is wrong");
    add(Mistake::kReciprocal, 1 / all, "it is turned over: 1/(" + whole() + ")");
    const std::vector<std::pair<std::size_t, std::size_t>> uses = uses_of(node_);
    for (const auto& [operation, k] : uses) add_use(operation, k, uses.size() > 1);
    return std::move(result_);
  }

 private:
  void add(Mistake mistake, double answer, std::string message) {
    result_.push_back({mistake, answer, std::move(message)});
  }

  // The operations that use a node, with the place among their operands.
  std::vector<std::pair<std::size_t, std::size_t>> uses_of(std::size_t node) const {
    std::vector<std::pair<std::size_t, std::size_t>> uses;
    for (std::size_t i = view_.nodes.size(); i-- > 0;) {
      const auto operands = view_.operands_of(view_.nodes[i]);
      for (std::size_t k = 0; k < operands.size(); ++k)
        if (operands[k].node == node) uses.push_back({i, k});
    }
    return uses;
  }

  double partial(std::size_t operation, std::size_t k) const {
    return numbers_.partial[view_.nodes[operation].first_operand + k];
  }
  std::string number(double x) const { return text::rounded(x, digits_); }
  std::string by(std::size_t y, std::size_t x) const {
    return derivative(Notation::kText, names_[y], names_[x]);
  }
  std::string whole() const { return by(view_.nodes.size() - 1, node_); }
  std::string name(std::size_t i) const {
    return names_[i].empty() ? number(view_.nodes[i].data) : names_[i];
  }

  void add_use(std::size_t operation, std::size_t k, bool is_one_of_several) {
    const std::size_t root = view_.nodes.size() - 1;
    const double all = numbers_.gradient[node_], g = numbers_.gradient[operation],
                 p = partial(operation, k), rest = is_one_of_several ? all - g * p : 0.0;
    const std::string local = by(operation, node_), upstream = by(root, operation);
    const std::string upstream_is = upstream + " = " + number(g);
    const std::string local_is = local + " = " + number(p);
    const std::string where = is_one_of_several ? "in the use by " + name(operation) + ", " : "";
    if (operation != root) {
      add(Mistake::kUpstreamForgotten, rest + p,
          where + "what arrives is forgotten: " + local + " must be multiplied by " + upstream_is);
      add(Mistake::kInnerForgotten, rest + g,
          where + "the inner derivative is forgotten: " + upstream + " must be multiplied by " +
              local_is);
    }
    if (is_one_of_several) {
      add(Mistake::kUseForgotten, rest,
          "the use by " + name(operation) + " is forgotten: " + number(g * p) + " must be added");
      add(Mistake::kSign, rest - g * p, where + "the sign is wrong");
    }
    add(Mistake::kReciprocal, rest + g / p,
        where + "it is divided by " + local_is + ", not multiplied");
    add_other_operands(operation, k, rest, where);
    add_other_points(operation, k, rest, where);
    add_missing_factors(operation, rest, g * p, where);
  }

  void add_other_operands(std::size_t operation, std::size_t k, double rest,
                          const std::string& where) {
    const auto operands = view_.operands_of(view_.nodes[operation]);
    const double g = numbers_.gradient[operation];
    const std::vector<Formula> x = numbers_of(view_, view_.nodes[operation], numbers_.value);
    const Formula r = Formula::of(numbers_.value[operation]);
    for (std::size_t j = 0; j < operands.size(); ++j) {
      if (j == k || operands[j].node == node_) continue;
      // Of a plain number there is no derivative on the tape.
      const double other = view_.nodes[operands[j].node].is_constant
                               ? evaluate(partial_formula({view_.nodes[operation].op, x, r}, j))
                               : partial(operation, j);
      add(Mistake::kOtherOperand, rest + g * other,
          where + "it is multiplied by the derivative of " + name(operation) + " by " +
              name(operands[j].node) + ", " + number(other) + "; that by " + name(node_) + " is " +
              number(partial(operation, k)));
    }
  }

  // The rule with the result in place of the operand, the operand in place of the result, or what the
  // operand was computed from.
  void add_other_points(std::size_t operation, std::size_t k, double rest,
                        const std::string& where) {
    const GraphView::Node& node = view_.nodes[operation];
    const std::vector<Formula> x = numbers_of(view_, node, numbers_.value);
    const Formula r = Formula::of(numbers_.value[operation]);
    const double g = numbers_.gradient[operation];
    const auto add_point = [&](const std::vector<Formula>& operands, const Formula& result,
                               std::size_t instead) {
      const double wrong = evaluate(partial_formula({node.op, operands, result}, k));
      add(Mistake::kWrongPoint, rest + g * wrong,
          where + by(operation, node_) + " is taken at the wrong point: at " + name(instead) +
              " it is " + number(wrong) + ", but it must be " + number(partial(operation, k)));
    };
    std::vector<Formula> swapped = x;
    swapped[k] = r;
    add_point(swapped, r, operation);
    add_point(x, x[k], node_);
    for (const GraphView::Operand& inner : view_.operands_of(view_.nodes[node_])) {
      swapped[k] = Formula::of(numbers_.value[inner.node]);
      const std::vector<Formula>& at = swapped;
      add_point(at, Formula::of(evaluate(value_formula({node.op, at, {}}))), inner.node);
    }
  }

  // Along the only way up from an operation to the result.
  void add_missing_factors(std::size_t operation, double rest, double contribution,
                           const std::string& where) {
    for (std::size_t at = operation; at + 1 < view_.nodes.size();) {
      const auto uses = uses_of(at);
      if (uses.size() != 1) return;
      const auto [next, k] = uses[0];
      add(Mistake::kMissingFactor, rest + contribution / partial(next, k),
          where + "the factor " + by(next, at) + " = " + number(partial(next, k)) + " is missing");
      at = next;
    }
  }

  const GraphView& view_;
  const std::vector<std::string>& names_;
  const GraphNumbers& numbers_;
  std::size_t node_;
  int digits_;
  std::vector<Candidate> result_;
};

}  // namespace

std::vector<Candidate> candidates(const GraphView& view, const std::vector<std::string>& names,
                                  const GraphNumbers& numbers, std::size_t node, int digits) {
  return Finder(view, names, numbers, node, digits).find();
}

}  // namespace autograd::detail
