#include "autograd/page/update_script.hpp"

#include <cmath>
#include <set>

#include <autograd/error.hpp>
#include <autograd/expression.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <autograd/page/items.hpp>

namespace autograd::detail {

namespace {

// (a) => {...}: what the expression is at the numbers `a` of its variables.
std::string as_function(const Expression& expression, JavaScript& functions) {
  Variables variables;
  std::vector<Value> leaves;
  for (const std::string& each : expression.variables()) {
    leaves.emplace_back(0.5, each);
    variables.emplace(each, leaves.back());
  }
  const Value y = expression.evaluate(variables);
  const GraphView view = list_graph(y);
  std::string body;
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const GraphView::Node& node = view.nodes[i];
    body += "const n" + std::to_string(i) + " = ";
    std::string value = java_script_number(node.data);
    for (std::size_t k = 0; k < leaves.size(); ++k)
      if (leaves[k].id() == node.id) value = "a[" + std::to_string(k) + "]";
    if (!node.op.empty()) {
      Items operands;
      for (const GraphView::Operand& each : view.operands_of(node))
        operands.add("n" + std::to_string(each.node));
      value =
          "OPERATIONS." + functions.entry(view, node).value() + ".value(" + operands.array() + ")";
    }
    body += value + "; ";
  }
  return "(a) => { " + body + "return n" + std::to_string(view.nodes.size() - 1) + "; }";
}

std::string limit(double x) { return java_script_number(x); }

}  // namespace

std::string update_as_items(const PageUpdate& update, std::size_t weights, JavaScript& functions) {
  Items result, numbers, memory, lines;
  std::set<std::string> known{"w", "g", "t"};
  for (const auto& [name, number] : update.numbers) {
    known.insert(name);
    numbers.add(java_script_string(name), java_script_number(number));
  }
  for (const auto& [name, remembered] : update.memory) {
    if (!remembered.empty() && remembered.size() != weights)
      throw Error("to_page(): options.update remembers " + std::to_string(remembered.size()) +
                  " numbers " + name + " for " + std::to_string(weights) + " weights");
    known.insert(name);
    Items of_weights;
    for (std::size_t i = 0; i < weights; ++i)
      of_weights.add(java_script_number(remembered.empty() ? 0.0 : remembered[i]));
    memory.add(java_script_string(name), of_weights.array());
  }
  for (const auto& [name, text] : update.lines) {
    const Expression expression(text);
    Items line, uses;
    for (const std::string& each : expression.variables()) {
      if (!known.contains(each))
        throw Error("to_page(): options.update has the line " + name + " = " + text + ", and no " +
                    each);
      uses.add(java_script_string(each));
    }
    known.insert(name);
    line.add("name", java_script_string(name));
    line.add("text", java_script_string(text));
    line.add("uses", uses.array());
    line.add("value", as_function(expression, functions));
    lines.add(line.object());
  }
  result.add("name", java_script_string(update.name));
  result.add("numbers", numbers.object());
  result.add("memory", memory.object());
  result.add("lines", lines.array());
  result.add("steps", java_script_number(update.steps));
  result.add("clipValue", limit(update.clip_value));
  result.add("clipNorm", limit(update.clip_norm));
  return result.object();
}

}  // namespace autograd::detail
