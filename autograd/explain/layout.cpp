#include "autograd/explain/layout.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

#include <autograd/explain/operations.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {

namespace {

using Kind = Formula::Kind;
using Number = Explanation::Number;

bool is_plain_name(const std::string& name) {
  return std::ranges::all_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte >= 0x80 ||
           std::string("_[],.#").find(c) != std::string::npos;
  });
}

std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

class Layout {
 public:
  Layout(const Explanation& explanation, Notation notation)
      : e_(explanation), notation_(notation) {}

  std::vector<Section> sections() {
    if (!e_.blocks.empty()) return {blocks(), flows()};
    std::vector<Section> result{forward(), backward()};
    Section all = gradients();
    if (!all.lines.empty()) result.push_back(std::move(all));
    if (e_.counts) result.push_back(forward_mode());
    return result;
  }

 private:
  std::string number(double x) const { return Formula::of(x).to_string(notation_, e_.digits); }
  std::string write(const Formula& f) const { return f.to_string(notation_, e_.digits); }

  std::string fraction(const std::string& text) const {
    if (notation_ == Notation::kText) return text;
    const bool is_negative = text.starts_with('-');
    const std::size_t slash = text.find('/');
    const std::string numerator = text.substr(is_negative ? 1 : 0, slash - (is_negative ? 1 : 0));
    const std::string denominator = text.substr(slash + 1);
    if (notation_ == Notation::kLatex)
      return (is_negative ? "-\\tfrac{" : "\\tfrac{") + numerator + "}{" + denominator + "}";
    return (is_negative ? "−<sup>" : "<sup>") + numerator + "</sup>⁄<sub>" + denominator + "</sub>";
  }

  // Sides that say the same again are left out.
  static void add_side(std::vector<std::string>& sides, std::string side) {
    if (sides.back() != side) sides.push_back(std::move(side));
  }
  void add_number(std::vector<std::string>& sides, const Number& x) const {
    add_side(sides, number(x.value));
    if (!x.fraction.empty()) sides.push_back(fraction(x.fraction));
  }

  std::string by(std::size_t node) const {
    return derivative(notation_, e_.result, e_.nodes[node].name);
  }

  // ---- forward ----

  Section forward() const {
    Section result{.title = "Forward"};
    for (const Explanation::Node& node : e_.nodes) {
      Line line{{name_in(notation_, node.name)}};
      if (!node.operation.empty()) {
        add_side(line.sides, write(node.formula));
        add_side(line.sides, write(node.with_numbers));
      } else if (node.is_constant) {
        line.remark = "a constant";
      }
      add_number(line.sides, node.value);
      result.lines.push_back(std::move(line));
    }
    return result;
  }

  // ---- backward ----

  bool is_result(std::size_t node) const { return e_.nodes[node].name == e_.result; }

  Section backward() const {
    Section result{.title = "Backward"};
    if (!e_.nodes.empty() && e_.nodes.back().name == e_.result)
      result.lines.push_back({{derivative(notation_, e_.result, e_.result), number(1.0)}});
    std::vector<std::vector<double>> contributions(e_.nodes.size());
    std::vector<std::size_t> last(e_.nodes.size(), 0);  // the last step of an operand
    for (std::size_t i = 0; i < e_.steps.size(); ++i) last[e_.steps[i].operand] = i;
    for (std::size_t i = 0; i < e_.steps.size(); ++i) {
      const Explanation::Step& step = e_.steps[i];
      add_rule(result.lines, step);
      if (!is_result(step.operation)) add_chain(result.lines, step);
      contributions[step.operand].push_back(step.contribution.value);
      if (step.uses > 1 && last[step.operand] == i)
        add_sum(result.lines, step, contributions[step.operand]);
    }
    return result;
  }

  static std::string use(const Explanation::Step& step) {
    if (step.uses == 1) return "";
    return "use " + std::to_string(step.use) + " of " + std::to_string(step.uses);
  }
  static void add_remark(std::string& to, const std::string& remark) {
    if (!remark.empty()) to += (to.empty() ? "" : "; ") + remark;
  }

  void add_rule(std::vector<Line>& lines, const Explanation::Step& step) const {
    Line line{{derivative(notation_, e_.nodes[step.operation].name, e_.nodes[step.operand].name)},
              is_result(step.operation) ? use(step) : "",
              !is_result(step.operation)};
    add_remark(line.remark, step.remark);
    add_side(line.sides, write(step.rule));
    add_side(line.sides, write(step.with_numbers));
    add_number(line.sides, step.local);
    lines.push_back(std::move(line));
  }

  void add_chain(std::vector<Line>& lines, const Explanation::Step& step) const {
    const std::string times = notation_ == Notation::kText    ? " * "
                              : notation_ == Notation::kLatex ? " \\cdot "
                                                              : " · ";
    const std::string chain =
        by(step.operation) + times +
        derivative(notation_, e_.nodes[step.operation].name, e_.nodes[step.operand].name);
    Line line{{}, use(step)};
    if (step.uses == 1) line.sides.push_back(by(step.operand));
    line.sides.push_back(chain);
    add_side(line.sides,
             write(Formula::of(Kind::kProduct,
                               {Formula::of(step.upstream.value), Formula::of(step.local.value)},
                               "()")));
    add_number(line.sides, step.contribution);
    lines.push_back(std::move(line));
  }

  void add_sum(std::vector<Line>& lines, const Explanation::Step& step,
               const std::vector<double>& contributions) const {
    Line line{{by(step.operand)}};
    if (contributions.size() == step.uses) {
      std::vector<Formula> terms;
      for (const double each : contributions) terms.push_back(Formula::of(each));
      line.sides.push_back(write(shortened(Formula::of(Kind::kSum, std::move(terms)))));
    } else {
      line.remark = "with " + counted(step.uses - contributions.size(), "use") + " elsewhere";
    }
    add_number(line.sides, e_.nodes[step.operand].gradient);
    lines.push_back(std::move(line));
  }

  Section gradients() const {
    Section result{.title = "Gradients"};
    for (std::size_t i = 0; i < e_.nodes.size(); ++i) {
      const Explanation::Node& node = e_.nodes[i];
      if (!node.operation.empty() || node.is_constant || !node.parts.empty()) continue;
      Line line{{by(i)}};
      add_number(line.sides, node.gradient);
      result.lines.push_back(std::move(line));
    }
    return result;
  }

  Section forward_mode() const {
    Section result{.title = "Forward mode beside it"};
    for (const Explanation::Node& node : e_.nodes) {
      if (node.tangent.value == 0.0) continue;
      Line line{{derivative(notation_, node.name, e_.from)}};
      add_number(line.sides, node.tangent);
      result.lines.push_back(std::move(line));
    }
    result.words = "Reverse mode: " + counted(e_.counts->reverse, "multiplication") +
                   " with an addition, one sweep for all " + counted(e_.counts->inputs, "input") +
                   ". Forward mode: " + std::to_string(e_.counts->forward) +
                   " for this input alone, and as many sweeps as there are inputs for all of them.";
    return result;
  }

  // ---- by parts ----

  std::string plain(double x) const { return text::rounded(x, e_.digits); }

  Section blocks() const {
    Section result{.title = e_.result + " = " + plain(e_.value) + ", by parts"};
    result.table = {{"part", "operations", "outputs", "size of outputs", "size of gradient"}};
    result.alignment = "lrrrr";
    for (const Explanation::Block& each : e_.blocks) {
      result.table.push_back({each.name, std::to_string(each.operations),
                              std::to_string(each.outputs), plain(each.output_size),
                              plain(each.gradient_size)});
    }
    result.words = "A size is the root of the sum of squares; the gradient is that of " +
                   e_.result + " by the outputs.";
    return result;
  }

  Section flows() const {
    Section result{.title = "What flows between them"};
    result.table = {{"from", "to", "values", "size forward", "gradient back"}};
    result.alignment = "llrrr";
    for (const Explanation::Flow& each : e_.flows) {
      result.table.push_back({e_.blocks[each.from].name, e_.blocks[each.to].name,
                              std::to_string(each.values), plain(each.size), plain(each.gradient)});
    }
    return result;
  }

  const Explanation& e_;
  Notation notation_;
};

}  // namespace

std::string derivative(Notation notation, const std::string& y, const std::string& x) {
  if (notation == Notation::kLatex)
    return "\\frac{\\partial " + name_in(notation, y) + "}{\\partial " + name_in(notation, x) + "}";
  const bool is_text = notation == Notation::kText;
  const auto differential = [&](const std::string& name) {
    const std::string inside = name_in(notation, name);
    return (is_text ? "d" : "∂") + (is_plain_name(name) ? inside : "(" + inside + ")");
  };
  return differential(y) + "/" + differential(x);
}

std::vector<Section> sections(const Explanation& explanation, Notation notation) {
  return Layout(explanation, notation).sections();
}

}  // namespace autograd::detail
