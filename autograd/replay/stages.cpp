// The text of Recorded::stages().

#include <iterator>
#include <string>
#include <utility>

#include <autograd/replay/one_row.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/text.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;
using Names = std::vector<std::string>;

std::string indexed(const char* name, std::size_t i) {
  return std::string(name).append(std::to_string(i));
}

std::string name_of(const Trace& t, Node node) {
  if (t.code(node) == Trace::kParameter) return indexed("p", t.nodes[node].first);
  if (t.code(node) == Trace::kInput) return indexed("x", t.nodes[node].first);
  if (!t.is_number(node)) return indexed("n", node);
  return text::shortest(t.number(node));
}

// "mul p0 x0"
std::string formula(const Trace& t, Node node) {
  std::string result(info_of(t.code(node)).name);
  for (const Node x : t.operands(node)) result.append(" ").append(name_of(t, x));
  return result;
}

void add_line(std::string& text, const std::string& left, const std::string& right) {
  text.append(left).append(" = ").append(right).append("\n");
}

std::string text_of(const Trace& t, const Names& outputs) {
  std::string result;
  auto part = t.parts.begin();
  for (Node i = 0; i < t.size(); ++i) {
    if (t.is_leaf(i)) continue;
    const auto before = part;
    while (part != t.parts.end() && part->from <= i) ++part;
    if (part != before) {
      const std::string& name = std::prev(part)->name;
      result.append("# ").append(name.empty() ? "no part" : name).append("\n");
    }
    add_line(result, name_of(t, i), formula(t, i));
  }
  for (std::size_t i = 0; i < outputs.size(); ++i)
    add_line(result, outputs[i], name_of(t, t.outputs[i]));
  return result;
}

// What becomes of a node: "; value 0 = n5, s1 += n5".
std::string purposes(const Schedule& s, Node node, bool in_prologue) {
  const std::string name = name_of(s.trace, node);
  std::string result;
  const auto add = [&](const std::string& left, const char* sign) {
    result.append(result.empty() ? "; " : ", ").append(left).append(sign).append(name);
  };
  if (in_prologue && s.uniform[node] != kNone) add(indexed("u", s.uniform[node]), " = ");
  if (in_prologue) return result;
  if (s.carried[node] != kNone) add(indexed("carried ", s.carried[node]), " = ");
  s.for_each_use(node, [&](const Schedule::Use& use) {
    const std::uint32_t i = use.to.index();
    if (use.to.is(Argument::kSum)) return add(indexed("s", i), " += ");
    if (use.to.is(Argument::kGuard)) return add(indexed("guard ", i), " is ");
    add(use.to.is(Argument::kOutput) ? indexed("value ", i) : indexed("d/dx", i),
        use.kernel == kStoreNegated ? " = -" : " = ");
  });
  return result;
}

std::string text_of(const Schedule& s) {
  std::string result;
  const auto list = [&](const char* title, const std::vector<Node>& nodes, bool in_prologue) {
    if (!nodes.empty()) result += title;
    for (const Node node : nodes) {
      const Node inner = s.fused[node];
      result += "  ";
      if (inner != kNone)
        result += name_of(s.trace, inner) + " = " + formula(s.trace, inner) + ", ";
      result += name_of(s.trace, node);
      if (!s.trace.is_leaf(node)) result.append(" = ").append(formula(s.trace, node));
      result += purposes(s, node, in_prologue) + "\n";
    }
  };
  for (const Schedule::Phase& phase : s.phases) {
    list("once\n", phase.prologue, true);
    list("for each row\n", phase.body, false);
    for (const Program::Mean& mean : phase.means)
      result += indexed("u", mean.uniform) + indexed(" = mean over rows s", mean.sum) + "\n";
  }
  return result;
}

Names names_of(const std::vector<Output>& outputs) {
  Names result;
  for (const Output& each : outputs) {
    const bool is_value = each.results == Results::kValues;
    result.push_back(indexed(each.kind == Output::kGuard ? "guard "
                             : each.kind == Output::kRow ? (is_value ? "value " : "d/dx")
                                                         : (is_value ? "total " : "gradient "),
                             each.index));
  }
  return result;
}

void add_stage(std::string& text, const char* title, const std::string& body) {
  text.append(text.empty() ? "" : "\n").append(title).append("\n");
  bool begins_line = true;
  for (const char c : body) {
    if (begins_line) text.append("  ");
    text.push_back(c);
    begins_line = c == '\n';
  }
}

}  // namespace

std::string Recorded::stages(unsigned requested) const {
  Names names;
  for (std::size_t i = 0; i < outputs; ++i)
    names.push_back(outputs == 1 ? "value" : indexed("value ", i));
  for (std::size_t i = 0; i < parameters; ++i) names.push_back(indexed("d/dp", i));
  for (std::size_t i = 0; i < inputs; ++i) names.push_back(indexed("d/dx", i));
  for (std::size_t i = 0; i < guards.size(); ++i) names.push_back(indexed("guard ", i));
  std::string result;
  if (one_row != nullptr) add_stage(result, "reroll, for one row", one_row->to_string());
  const Trace& whole = trace();
  if (first_trace_.size() != 0) {
    Trace trace = first_trace_;
    std::string text = text_of(trace, names);
    add_stage(result, "trace", text);
    for (const Pass& pass : passes()) {
      trace = pass.run(trace);
      const std::string before = std::exchange(text, text_of(trace, names));
      add_stage(result, pass.name, text == before ? "(no change)\n" : text);
    }
  } else {
    add_stage(result, "trace, after all passes", text_of(whole, names));
  }
  const Selection selected = select(requested);
  add_stage(result, "hoist_uniform_factors", text_of(selected.trace, names_of(selected.outputs)));
  const Schedule s = schedule(selected.trace, selected.outputs, parameters);
  add_stage(result, "schedule", text_of(s));
  add_stage(result, "program", detail::to_string(lower(s)));
  return result;
}

}  // namespace autograd::detail
