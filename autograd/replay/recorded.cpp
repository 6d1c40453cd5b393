#include "autograd/replay/recorded.hpp"

#include <algorithm>
#include <optional>

#include <autograd/replay/chained_function.hpp>
#include <autograd/replay/drawing.hpp>
#include <autograd/replay/import.hpp>
#include <autograd/replay/passes/passes.hpp>
#include <autograd/replay/recorder.hpp>
#include <autograd/replay/rerolled_function.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kMostToRead = 200;     // nodes
constexpr std::size_t kFewestToReroll = 32;  // operations

}  // namespace

Recorded::Recorded(Trace traced, std::size_t parameter_count, std::size_t input_count,
                   std::size_t output_count, std::vector<Guard> all_guards,
                   std::size_t differentiated_inputs)
    : parameters(parameter_count),
      inputs(input_count),
      outputs(output_count),
      differentiated(std::min(differentiated_inputs, input_count)),
      guards(std::move(all_guards)) {
  std::call_once(is_complete_, [&] { complete(std::move(traced)); });
}

Recorded::Recorded(Source source, std::vector<Guard> all_guards,
                   std::unique_ptr<const OneRow> function)
    : parameters(source.parameters.size()),
      inputs(source.inputs.size()),
      outputs(source.values.outputs.size() - all_guards.size()),
      differentiated(inputs),
      guards(std::move(all_guards)),
      one_row(std::move(function)),
      source_(std::move(source)) {}
Recorded::~Recorded() = default;

std::shared_ptr<const Recorded> Recorded::of(const Recorder& recorder,
                                             std::span<const Value> outputs) {
  if (auto rerolled = reroll(recorder, outputs)) return rerolled;
  Trace trace = recorder.trace(outputs);  // which may find more guards
  std::vector<Guard> guards = recorder.guards();
  std::vector<Trace::Node> values(trace.outputs);
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(outputs.size());
  values.erase(begin, values.end() - static_cast<std::ptrdiff_t>(guards.size()));
  Source source{remove_dead(trace, values), recorder.at_parameters(), recorder.at_inputs(),
                recorder.is_strict()};
  source.values.has_custom_rules = trace.has_custom_rules;
  auto result =
      std::make_shared<Recorded>(std::move(trace), recorder.parameters.size(),
                                 recorder.inputs.size(), outputs.size(), std::move(guards));
  result->source_ = std::move(source);
  return result;
}

std::shared_ptr<const Recorded> Recorded::reroll(const Recorder& recorder,
                                                 std::span<const Value> outputs) {
  if (recorder.is_strict() || recorder.operations() < kFewestToReroll) return nullptr;
  std::vector<Guard> guards = recorder.guards();
  Source source{recorder.values(outputs), recorder.at_parameters(), recorder.at_inputs()};
  const bool has_row_means = std::ranges::any_of(
      source.values.nodes, [](const auto& node) { return node.code == code<ops::RowMean>; });
  if (has_row_means || source.values.has_custom_rules) return nullptr;
  const Trace::Node one = source.values.add_number(1);
  const Variables at{source.parameters, source.inputs.data(), 1};
  const Rerolled rerolled = detail::reroll(source.values, guards, one);
  std::unique_ptr<const OneRow> function;
  if (!rerolled.loops.empty()) {
    function = std::make_unique<const RerolledFunction>(source.values, guards, rerolled, at,
                                                        source.inputs.size());
  } else if (source.values.outputs.size() == 1) {
    if (const std::optional<Chain> chain = find_chain(source.values))
      function = ChainedFunction::of(source.values, *chain, at, source.inputs.size());
  }
  if (function == nullptr) return nullptr;
  return std::shared_ptr<const Recorded>(
      new Recorded(std::move(source), std::move(guards), std::move(function)));
}

void Recorded::complete(Trace traced) const {
  if (traced.size() <= kMostToRead) first_trace_ = traced;
  trace_ = simplify(std::move(traced));
}

const Trace& Recorded::trace() const {
  std::call_once(is_complete_, [this] {
    complete(detail::differentiated(source_.values, guards, source_.parameters, source_.inputs,
                                    source_.inputs.size()));
  });
  return trace_;
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
  const Trace& whole = trace();
  std::size_t next = 0;
  const auto add = [&](bool is_requested, std::size_t count, Output::Kind kind, Results results) {
    for (std::uint32_t i = 0; is_requested && i < count; ++i) {
      nodes.push_back(whole.outputs[next + i]);
      selected.push_back({kind, results, i, kind == Output::kGuard && guards[i].must_be});
      is_summed.push_back(kind == Output::kSum);
    }
  };
  add((requested & kValues) != 0, outputs, Output::kRow, Results::kValues);
  add((requested & kTotals) != 0, outputs, Output::kSum, Results::kValues);
  next += outputs;
  add((requested & kGradient) != 0, parameters, Output::kSum, Results::kDerivatives);
  next += parameters;
  add((requested & kInputGradients) != 0, differentiated, Output::kRow, Results::kDerivatives);
  next += differentiated;
  add(true, guards.size(), Output::kGuard, Results::kValues);
  Trace trace = remove_dead(whole, nodes);
  const bool mixes_rows = std::ranges::any_of(
      trace.nodes, [](const auto& node) { return node.code == code<ops::RowMean>; });
  return {remove_dead(hoist_uniform_factors(std::move(trace), is_summed)), std::move(selected),
          mixes_rows};
}

std::string Recorded::to_dot() const {
  const Trace& whole = trace();
  std::vector<Trace::Node> nodes(whole.outputs.begin(),
                                 whole.outputs.begin() + static_cast<std::ptrdiff_t>(outputs));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs; ++i)
    names.push_back(outputs == 1 ? "value" : "value " + std::to_string(i));
  for (std::size_t i = 0; i < guards.size(); ++i) {
    nodes.push_back(whole.outputs[outputs + parameters + differentiated + i]);
    names.push_back(guards[i].must_be ? "must be true" : "must be false");
  }
  return detail::to_dot(remove_dead(whole, nodes), names);
}

}  // namespace autograd::detail
