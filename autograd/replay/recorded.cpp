#include "autograd/replay/recorded.hpp"

#include <algorithm>

#include <autograd/replay/drawing.hpp>
#include <autograd/replay/passes/passes.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kMostToRead = 200;  // nodes

}  // namespace

Recorded::Recorded(Trace traced, std::size_t parameter_count, std::size_t input_count,
                   std::size_t output_count, std::vector<Guard> all_guards)
    : parameters(parameter_count),
      inputs(input_count),
      outputs(output_count),
      guards(std::move(all_guards)) {
  if (traced.size() <= kMostToRead) first_trace_ = traced;
  trace_ = simplify(std::move(traced));
}

const Program& Recorded::program(unsigned requested) const {
  std::call_once(is_compiled_[requested], [&] {
    const Selection selected = select(requested);
    Program program = lower(schedule(selected.trace, selected.outputs, parameters));
    program.mixes_rows = selected.mixes_rows;
    programs_[requested] = std::move(program);
  });
  return programs_[requested];
}

Recorded::Selection Recorded::select(unsigned requested) const {
  std::vector<Trace::Node> nodes;
  std::vector<Output> selected;
  std::vector<bool> is_summed;
  std::size_t next = 0;
  const auto add = [&](bool is_requested, std::size_t count, Output::Kind kind, Results results) {
    for (std::uint32_t i = 0; is_requested && i < count; ++i) {
      nodes.push_back(trace_.outputs[next + i]);
      selected.push_back({kind, results, i, kind == Output::kGuard && guards[i].must_be});
      is_summed.push_back(kind == Output::kSum);
    }
  };
  add((requested & kValues) != 0, outputs, Output::kRow, Results::kValues);
  add((requested & kTotals) != 0, outputs, Output::kSum, Results::kValues);
  next += outputs;
  add((requested & kGradient) != 0, parameters, Output::kSum, Results::kDerivatives);
  next += parameters;
  add((requested & kInputGradients) != 0, inputs, Output::kRow, Results::kDerivatives);
  next += inputs;
  add(true, guards.size(), Output::kGuard, Results::kValues);
  Trace trace = remove_dead(trace_, nodes);
  const bool mixes_rows = std::ranges::any_of(
      trace.nodes, [](const auto& node) { return node.code == code<ops::RowMean>; });
  return {remove_dead(hoist_uniform_factors(std::move(trace), is_summed)), std::move(selected),
          mixes_rows};
}

std::string Recorded::to_dot() const {
  std::vector<Trace::Node> nodes(trace_.outputs.begin(),
                                 trace_.outputs.begin() + static_cast<std::ptrdiff_t>(outputs));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs; ++i)
    names.push_back(outputs == 1 ? "value" : "value " + std::to_string(i));
  for (std::size_t i = 0; i < guards.size(); ++i) {
    nodes.push_back(trace_.outputs[outputs + parameters + inputs + i]);
    names.push_back(guards[i].must_be ? "must be true" : "must be false");
  }
  return detail::to_dot(remove_dead(trace_, nodes), names);
}

}  // namespace autograd::detail
