#include "autograd/gradient_expression.hpp"

#include <new>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <autograd/explain/names.hpp>
#include <autograd/explain/operations.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/symbolic/terms.hpp>
#include <autograd/symbolic/written.hpp>
#include <autograd/tape/singularities.hpp>

namespace autograd {

using detail::Coefficient;
using detail::GraphView;
using detail::TermId;
using detail::Terms;

namespace {

class Differentiation {
 public:
  Differentiation(const Value& y, const Value& x)
      : view_(detail::list_graph(y)), names_(detail::names_of(view_)) {
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (view_.nodes[i].id == x.id()) x_ = i;
    }
  }

  GradientExpression result() {
    if (x_ >= view_.nodes.size()) return {{}, Formula::of(0.0)};
    const TermId derivative = sweep();
    std::unordered_map<TermId, std::string> labels;
    std::unordered_set<std::string> used(names_.begin(), names_.end());
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (!view_.nodes[i].label.empty() && is_known_[i]) labels.emplace(value_[i], names_[i]);
    }
    GradientExpression result;
    for (detail::NamedFormula& each : detail::written(terms_, derivative, labels, used)) {
      if (each.name.empty()) {
        result.derivative = std::move(each.formula);
      } else {
        result.parts.push_back({std::move(each.name), std::move(each.formula)});
      }
    }
    return result;
  }

 private:
  using Node = GraphView::Node;

  // d(last node)/dx, by the nodes that depend on x, from the last one down.
  TermId sweep() {
    const std::size_t count = view_.nodes.size();
    std::vector<bool> depends(count, false);
    depends[x_] = true;
    value_.resize(count);
    is_known_.assign(count, false);
    for (std::size_t i = 0; i < count; ++i) {
      for (const GraphView::Operand& operand : view_.operands_of(view_.nodes[i]))
        if (i != x_ && depends[operand.node]) depends[i] = true;
      find_value(i);
    }
    std::vector<std::vector<Terms::Part>> contributions(count);
    contributions.back().push_back({terms_.number(1.0), Coefficient::of(1.0)});
    for (std::size_t i = count; i-- > x_;) {
      if (contributions[i].empty() || !depends[i]) continue;
      const TermId upstream = terms_.sum(contributions[i]);
      if (i == x_) return upstream;
      contributions[i] = {};
      const auto operands = view_.operands_of(view_.nodes[i]);
      for (std::size_t k = 0; k < operands.size(); ++k) {
        if (!depends[operands[k].node]) continue;
        const TermId local =
            is_tie(i)
                ? terms_.number(0.5)
                : term(detail::partial_formula({view_.nodes[i].op, symbols(i), result_}, k), i);
        const TermId product = terms_.product(upstream, local);
        contributions[operands[k].node].push_back({product, Coefficient::of(1.0)});
      }
    }
    return terms_.number(0.0);
  }

  // max(x, x): both operands are taken, at every point.
  bool is_tie(std::size_t i) const {
    const detail::Id id = view_.nodes[i].id;
    if (id < 0 || !detail::has_ties(detail::tape.operation(id))) return false;
    const auto operands = view_.operands_of(view_.nodes[i]);
    return value_[operands[0].node] == value_[operands[1].node];
  }

  void find_value(std::size_t i) {
    const Node& node = view_.nodes[i];
    if (i == x_ || (node.op.empty() && !names_[i].empty())) {
      value_[i] = terms_.name(names_[i]);
    } else if (node.op.empty()) {
      value_[i] = terms_.number(node.data);
    } else if (is_tie(i)) {
      value_[i] = value_[view_.operands_of(node)[0].node];
    } else {
      value_[i] = term(detail::value_formula({node.op, symbols(i), result_}), i);
    }
    is_known_[i] = true;
  }

  // Operands by their place: "0", "1", ...; plain numbers as they are. They hold until the next call.
  std::span<const Formula> symbols(std::size_t i) {
    if (symbols_of_ == i && !symbols_.empty()) return symbols_;
    symbols_.clear();
    symbols_of_ = i;
    const auto operands = view_.operands_of(view_.nodes[i]);
    for (std::size_t k = 0; k < operands.size(); ++k) {
      symbols_.push_back(names_[operands[k].node].empty()
                             ? Formula::of(view_.nodes[operands[k].node].data)
                             : Formula::of(std::to_string(k)));
    }
    return symbols_;
  }

  TermId term(const Formula& f, std::size_t node) {
    std::vector<TermId> x;
    for (const Formula& part : f.parts) x.push_back(term(part, node));
    const Coefficient one = Coefficient::of(1.0);
    std::vector<Terms::Part> parts;
    for (const TermId each : x) parts.push_back({each, one});
    switch (f.kind) {
      case Formula::Kind::kNumber:
        return terms_.number(f.number);
      case Formula::Kind::kName:
        return named(f.name, node);
      case Formula::Kind::kSum:
        return terms_.sum(parts);
      case Formula::Kind::kProduct:
        return terms_.product(one, parts);
      case Formula::Kind::kQuotient:
        parts[1].second = Coefficient::of(-1.0);
        return terms_.product(one, parts);
      case Formula::Kind::kNegative:
        return terms_.product(Coefficient::of(-1.0), parts);
      case Formula::Kind::kPower:
        return terms_.power(x[0], x[1]);
      case Formula::Kind::kCall:
        return terms_.call(f.name, std::move(x));
      case Formula::Kind::kComparison:
        return terms_.comparison(f.name, x[0], x[1]);
      case Formula::Kind::kChoice:
        return terms_.choice(x[0], x[1], x[2]);
      case Formula::Kind::kWords:
        break;
    }
    throw Error("gradient_expression(): no formula is known for '" +
                std::string(view_.nodes[node].op) + "'");
  }

  TermId named(const std::string& name, std::size_t node) {
    if (name == result_.name) return value_[node];
    if (name == "pi" || name == "e") return terms_.name(name);
    return value_[view_.operands_of(view_.nodes[node])[std::stoul(name)].node];
  }

  GraphView view_;
  std::vector<std::string> names_;
  std::size_t x_ = static_cast<std::size_t>(-1);
  Terms terms_;
  std::vector<TermId> value_;  // by node
  std::vector<bool> is_known_;
  const Formula result_ = Formula::of("r");
  std::vector<Formula> symbols_;
  std::size_t symbols_of_ = 0;
};

}  // namespace

GradientExpression gradient_expression(const Value& y, const Value& x) try {
  return Differentiation(y, x).result();
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::string GradientExpression::to_string(Notation notation) const try {
  constexpr int kShortest = 0;
  std::string result;
  const std::string end = notation == Notation::kText    ? "; "
                          : notation == Notation::kLatex ? " \\\\\n"
                                                         : "<br>\n";
  for (const Part& part : parts)
    result +=
        name_in(notation, part.name) + " = " + part.formula.to_string(notation, kShortest) + end;
  return result + derivative.to_string(notation, kShortest);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd
