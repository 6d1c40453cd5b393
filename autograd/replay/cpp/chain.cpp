// Chains as C++: a loop for the value.
//
// For derivatives either the tangents of what is carried run along with it, or the steps are run in
// segments: forward with the derivatives of each step kept, then backward. Of all segments only what
// their first steps take is kept, so that T steps need memory for some sqrt(T).

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <autograd/replay/chained_function.hpp>
#include <autograd/replay/cpp/text.hpp>
#include <autograd/replay/cut.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorder.hpp>

namespace autograd::detail {
namespace {

using Node = Trace::Node;

constexpr std::size_t kMostKept = 4096;  // numbers, so that one segment is enough

Names numbered(const std::string& name, std::size_t count) {
  Names result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(name + std::to_string(i));
  return result;
}

// Which nodes no parameter leads to.
std::vector<bool> without_parameters(const Trace& trace) {
  std::vector<bool> result(trace.size());
  for (Node i = 0; i < trace.size(); ++i)
    result[i] = trace.code(i) != Trace::kParameter &&
                std::ranges::all_of(trace.operands(i), [&](Node x) { return result[x]; });
  return result;
}

std::string adjoint_product(const std::string& upstream, const std::string& partial) {
  if (partial == "1.0") return upstream;
  return ops::AdjointProduct::value(cpp::Code(upstream), cpp::Code(partial)).text;
}

std::string sum(const std::string& x, const std::string& y) {
  return x.empty() ? y : x + " + " + y;
}

}  // namespace

class CppChain {
 public:
  CppChain(const ChainedFunction& f, std::string name)
      : f_(f),
        name_(std::move(name)),
        values_{"p", "x", f.parameters_},
        derivatives_{"dp", "dx", f.parameters_},
        steps_(std::to_string(f.steps_)),
        lines_(text_, "  ") {}

  std::string tables() const {
    std::string result;
    for (std::size_t k = 0; k < f_.columns_.size(); ++k)
      if (!f_.columns_[k].list.empty()) result += table(places(k), std::span(f_.columns_[k].list));
    for (std::size_t k = 0; k < f_.numbers_.size() / f_.steps_; ++k)
      result += table(numbers(k), std::span(f_.numbers_).subspan(k * f_.steps_, f_.steps_));
    return result;
  }

  std::string value() {
    const Trace before = simplify(f_.before_.trace);
    TraceText text(before, lines_, {}, leaves_of(f_.before_), false);
    text.write(needed_for(before, before.outputs));
    begin(text.outputs());
    const Trace step = simplify(f_.body_);
    const TraceText prologue = prologue_of(step);
    add("for (int r = 0; r < " + steps_ + "; ++r) {");
    add_step(step, prologue, "    ", step.outputs.size());
    add("}");
    const Trace after = simplify(f_.after_.trace);
    TraceText rest(after, lines_, carried_, leaves_of(f_.after_), false);
    rest.write(needed_for(after, after.outputs));
    return text_ + "  return " + rest.outputs()[0] + ";\n";
  }

  std::string gradient() {
    text_ += zeros("dp", 0, f_.parameters_) + zeros("dx", 0, f_.inputs_);
    // What stands before the chain, weighted by derivatives that are known at the end. Those by the
    // weights are its values.
    const std::size_t outputs = f_.before_.trace.outputs.size();
    const Names before_leaves = leaves_of(f_.before_);
    Trace before =
        differentiated(weighted(f_.before_.trace), {}, std::vector<double>(outputs, 1),
                       std::vector<double>(before_leaves.size(), 1), before_leaves.size());
    before.outputs.erase(before.outputs.begin());
    before = simplify(std::move(before));
    by_carried_ = numbered("w", f_.carried_);
    by_shared_ = numbered("g", f_.shared_.size());
    Names weights = by_carried_;
    for (std::size_t i = 0; i < f_.shared_.size(); ++i)
      if (f_.shared_[i] == kNone) weights.push_back(by_shared_[i]);
    TraceText text(before, lines_, weights, before_leaves, false);
    text.write(without_parameters(before));
    Names values = text.outputs();
    values.resize(outputs);
    begin(values);
    const bool has_tangents = f_.carried_ == 1 && f_.columns_.empty();
    const std::string result = has_tangents ? add_tangents() : add_segments();
    for (std::size_t i = 0; i < f_.shared_.size(); ++i)
      if (f_.shared_[i] != kNone)
        add(derivatives_.variable(f_.shared_[i]) + " += " + by_shared_[i] + ";");
    text.write(needed_for(before, before.outputs));
    for (std::size_t i = 0; i < before_leaves.size(); ++i)
      add(derivatives_.variable(f_.before_.leaves[i]) + " += " + text.outputs()[outputs + i] + ";");
    return text_ + "  return " + result + ";\n";
  }

 private:
  using Entry = ChainedFunction::Entry;

  void add(const std::string& line, const char* indent = "  ") { text_ += indent + line + "\n"; }

  Names leaves_of(const ChainedFunction::Part& part) const {
    Names result;
    for (const std::uint32_t each : part.leaves) result.push_back(values_.variable(each));
    return result;
  }
  std::string places(std::size_t k) const { return name_ + "_places" + std::to_string(k); }
  std::string numbers(std::size_t k) const { return name_ + "_numbers" + std::to_string(k); }

  // What the first step takes, and what all share.
  void begin(const Names& computed) {
    carried_ = numbered("s", f_.carried_);
    for (std::size_t k = 0; k < f_.carried_; ++k)
      add("double " + carried_[k] + " = " + computed[k] + ";");
    std::size_t next = f_.carried_;
    for (const std::uint32_t each : f_.shared_)
      shared_.push_back(each != kNone ? values_.variable(each) : computed[next++]);
    inputs_ = carried_;
    for (std::size_t k = 0; k < f_.columns_.size(); ++k)
      inputs_.push_back(values_.entry(f_.columns_[k], f_.steps_, places(k)));
    for (std::size_t k = 0; inputs_.size() < f_.width(); ++k)
      inputs_.push_back(subscript(numbers(k), "r"));
  }

  TraceText prologue_of(const Trace& step) {
    TraceText result(step, lines_, shared_, inputs_, true);
    result.write(uniform_nodes(step));
    return result;
  }

  // A step: the nodes that its first outputs need, then what is carried. The names of the others.
  Names add_step(const Trace& step, TraceText text, const char* indent, std::size_t outputs) {
    lines_.set_indent(indent);
    text.write(needed_for(step, std::span(step.outputs).first(outputs)));
    Names results = text.outputs();
    results.resize(outputs);
    // What a step leaves may be what it took.
    for (std::size_t k = 0; k < f_.carried_ && f_.carried_ > 1; ++k)
      if (results[k].starts_with('s') && results[k] != carried_[k])
        results[k] = lines_.add(results[k]);
    for (std::size_t e = f_.carried_; e < outputs; ++e)
      if (results[e].starts_with('s')) results[e] = lines_.add(results[e]);
    for (std::size_t k = 0; k < f_.carried_; ++k)
      if (results[k] != carried_[k]) add(carried_[k] + " = " + results[k] + ";", indent);
    lines_.set_indent("  ");
    results.erase(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(f_.carried_));
    return results;
  }

  // A step with the entries of its Jacobian that are not numbers, in the order of their columns.
  Trace step_with_jacobian() const {
    const std::size_t variables = f_.carried_ + f_.columns_.size() + f_.shared_.size();
    const std::vector<double> shared(f_.shared_.size(), 1), inputs(f_.width(), 1);
    Trace both = jacobian_of(f_.body_, shared, inputs, f_.carried_ + f_.columns_.size());
    const std::vector<Node> jacobian = std::exchange(both.outputs, {});
    std::vector<Node> place, operands;
    for (Node i = 0; i < f_.body_.size(); ++i) {
      operands.clear();
      for (const Node x : f_.body_.operands(i)) operands.push_back(place[x]);
      place.push_back(f_.body_.is_number(i) ? both.add_number(f_.body_.number(i))
                      : f_.body_.is_leaf(i)
                          ? both.add_leaf(f_.body_.code(i), f_.body_.nodes[i].first)
                          : both.add(f_.body_.code(i), operands));
    }
    for (const Node y : f_.body_.outputs) both.outputs.push_back(place[y]);
    for (const Entry& each : f_.entries_)
      if (each.column != kNone)
        both.outputs.push_back(jacobian[each.output * variables + each.variable]);
    return simplify(std::move(both));
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(f_.entries_, [](const Entry& each) { return each.column != kNone; }));
  }

  // What stands after the chain: its value, and into w the derivatives by what is carried.
  std::string add_after() {
    const std::size_t leaves = f_.after_.leaves.size();
    const Trace after =
        simplify(differentiated(f_.after_.trace, {}, std::vector<double>(f_.carried_, 1),
                                std::vector<double>(leaves, 1), leaves));
    TraceText text(after, lines_, carried_, leaves_of(f_.after_), false);
    text.write(needed_for(after, after.outputs));
    const Names results = text.outputs();
    for (std::size_t k = 0; k < f_.carried_; ++k)
      add("double " + by_carried_[k] + " = " + results[1 + k] + ";");
    for (std::size_t i = 0; i < leaves; ++i)
      add(derivatives_.variable(f_.after_.leaves[i]) + " += " + results[1 + f_.carried_ + i] + ";");
    // The value may be what is carried, which is written over.
    return results[0].starts_with('s') ? lines_.add(results[0]) : results[0];
  }

  // One number is carried: v = ds/d(what the first step took), and d = ds/d(what all share).
  std::string add_tangents() {
    const Trace step = step_with_jacobian();
    const TraceText prologue = prologue_of(step);
    const std::size_t shared = f_.shared_.size();
    const Names tangents = numbered("d", shared);
    add("double v = 1.0;");
    for (const std::string& each : tangents) add("double " + each + " = 0.0;");
    add("for (int r = 0; r < " + steps_ + "; ++r) {");
    const Names kept = add_step(step, prologue, "    ", step.outputs.size());
    std::string slope = "0.0";
    Names partials(shared);
    for (const Entry& each : f_.entries_) {
      const std::string x = each.column == kNone ? cpp::literal(each.number) : kept[each.column];
      (each.variable == 0 ? slope : partials[each.variable - 1]) = x;
    }
    lines_.set_indent("    ");
    const auto product = [&](const std::string& tangent) {
      return slope == "0.0" ? "" : slope == "1.0" ? tangent : adjoint_product(slope, tangent);
    };
    for (std::size_t i = 0; i < shared; ++i) {
      const std::string before = product(tangents[i]);
      const std::string now = partials[i].empty() ? before : sum(before, partials[i]);
      add(tangents[i] + " = " + (now.empty() ? "0.0" : now) + ";", "    ");
    }
    const std::string now = product("v");
    add("v = " + (now.empty() ? "0.0" : now) + ";", "    ");
    lines_.set_indent("  ");
    add("}");
    std::string result = add_after();
    for (std::size_t i = 0; i < shared; ++i)
      add("const double " + by_shared_[i] + " = " + adjoint_product(by_carried_[0], tangents[i]) +
          ";");
    add(by_carried_[0] + " = " + adjoint_product(by_carried_[0], "v") + ";");
    return result;
  }

  std::string add_segments() {
    const Trace step = step_with_jacobian();
    const TraceText prologue = prologue_of(step);
    const std::size_t width = entries();
    std::size_t length = f_.steps_;
    if (length * width > kMostKept) {
      const auto even = static_cast<double>(length * f_.carried_) / static_cast<double>(width);
      length = std::clamp<std::size_t>(static_cast<std::size_t>(std::sqrt(even)), 1, length);
    }
    const std::size_t segments = (f_.steps_ + length - 1) / length;
    if (width > 0)
      add("double kept[" + std::to_string(length * width) + "];  // derivatives of a segment");
    for (const std::string& each : by_shared_) add("double " + each + " = 0.0;");
    const auto kept = [&](const std::string& row, std::size_t e) {
      return subscript("kept", (width == 1 ? row : std::to_string(width) + " * " + row) +
                                   (e == 0 ? "" : " + " + std::to_string(e)));
    };
    const auto add_forward = [&](const char* indent, const std::string& row) {
      const Names results = add_step(step, prologue, indent, step.outputs.size());
      for (std::size_t e = 0; e < width; ++e) add(kept(row, e) + " = " + results[e] + ";", indent);
    };
    const auto add_backward = [&](const char* indent, const std::string& row) {
      Names partials;
      for (std::size_t e = 0; e < width; ++e) partials.push_back(kept(row, e));
      add_step_back(indent, partials);
    };
    if (segments == 1) {
      add("for (int r = 0; r < " + steps_ + "; ++r) {");
      add_forward("    ", "r");
      add("}");
      std::string result = add_after();
      add("for (int r = " + steps_ + "; r-- > 0;) {");
      add_backward("    ", "r");
      add("}");
      return result;
    }
    const std::string count = std::to_string(segments), size = std::to_string(length);
    const auto began = [&](std::size_t k) {
      return subscript("began", (f_.carried_ == 1 ? "i" : std::to_string(f_.carried_) + " * i") +
                                    (k == 0 ? "" : " + " + std::to_string(k)));
    };
    const std::string begin = "  const int begin = " + size + " * i, end = begin + " + size +
                              " < " + steps_ + " ? begin + " + size + " : " + steps_ + ";";
    add("double began[" + std::to_string(segments * f_.carried_) +
        "];  // with what each segment began");
    add("for (int i = 0; i < " + count + "; ++i) {");
    add(begin);
    for (std::size_t k = 0; k < f_.carried_; ++k) add(began(k) + " = " + carried_[k] + ";", "    ");
    add("  for (int r = begin; r < end; ++r) {");
    add_step(step, prologue, "      ", f_.carried_);
    add("  }");
    add("}");
    std::string result = add_after();
    add("for (int i = " + count + "; i-- > 0;) {");
    add(begin);
    for (std::size_t k = 0; k < f_.carried_; ++k) add(carried_[k] + " = " + began(k) + ";", "    ");
    add("  for (int r = begin; r < end; ++r) {");
    add_forward("      ", "(r - begin)");
    add("  }");
    add("  for (int r = end; r-- > begin;) {");
    add_backward("      ", "(r - begin)");
    add("  }");
    add("}");
    return result;
  }

  // w, the derivatives by what a step left, become those by what it took.
  void add_step_back(const char* indent, const Names& kept) {
    lines_.set_indent(indent);
    Names loaded;
    for (const std::string& each : kept) loaded.push_back(lines_.add(each));
    const std::size_t columns = f_.columns_.size();
    Names sums(f_.carried_ + columns + f_.shared_.size());
    for (const Entry& each : f_.entries_) {
      const std::string x = each.column == kNone ? cpp::literal(each.number) : loaded[each.column];
      std::string& to = sums[each.variable];
      to = sum(to, adjoint_product(by_carried_[each.output], x));
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (i < f_.carried_) {
        sums[i] = lines_.add(sums[i].empty() ? "0.0" : sums[i]);
      } else if (!sums[i].empty()) {
        const std::size_t k = i - f_.carried_;
        const std::string to = k < columns
                                   ? derivatives_.entry(f_.columns_[k], f_.steps_, places(k))
                                   : by_shared_[k - columns];
        add(to + " += " + sums[i] + ";", indent);
      }
    }
    for (std::size_t k = 0; k < f_.carried_; ++k)
      add(by_carried_[k] + " = " + sums[k] + ";", indent);
    lines_.set_indent("  ");
  }

  const ChainedFunction& f_;
  const std::string name_;
  const ArraysText values_, derivatives_;
  const std::string steps_;
  std::string text_;
  cpp::Lines lines_;
  Names carried_, shared_, inputs_, by_carried_, by_shared_;
};

CppText ChainedFunction::to_cpp(const std::string& name) const {
  return {CppChain(*this, name).tables(), CppChain(*this, name).value(),
          CppChain(*this, name).gradient()};
}

}  // namespace autograd::detail
