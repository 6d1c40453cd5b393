#include "autograd/replay/recorder.hpp"

#include <string>

#include <autograd/derivatives.hpp>
#include <autograd/replay/import.hpp>
#include <autograd/replay/retrace.hpp>

namespace autograd::detail {

static_assert(static_cast<int>(Guard::kSlope) == Tracing::kSlope &&
              static_cast<int>(Guard::kIndex) == Tracing::kIndex);

Recorder::Recorder(std::span<const double> at_parameters, std::span<const double> at_inputs,
                   std::size_t differentiated, bool is_strict)
    : parameters(at_parameters.begin(), at_parameters.end()),
      inputs(at_inputs.begin(), at_inputs.end()) {
  begin(differentiated, is_strict);
}

void Recorder::begin(std::size_t differentiated, bool is_strict) {
  differentiated_ = differentiated;
  const std::span<const Value> by = std::span<const Value>(inputs).first(differentiated);
  call_.emplace(parameters, by);
  if (!is_strict) return;
  std::vector<Id> ids = ids_of(parameters);
  for (const Value& x : by) ids.push_back(x.id());
  strict_.emplace(std::move(ids));
}

std::size_t Recorder::operations() const {
  return static_cast<std::size_t>(tape.now() - call_->first());
}

Trace Recorder::values(std::span<const Value> outputs) const {
  std::vector<Value> all(outputs.begin(), outputs.end());
  for (const auto& guard : tracing_.guards) all.push_back(guard.comparison);
  return trace_of(parameters, inputs, all);
}

Trace Recorder::trace(std::span<const Value> outputs) const {
  std::vector<Value> xs = parameters;
  xs.insert(xs.end(), inputs.begin(),
            inputs.begin() + static_cast<std::ptrdiff_t>(differentiated_));
  std::vector<Value> all(outputs.begin(), outputs.end());
  const std::vector<Value> slopes = derivatives(outputs[0], xs, true);
  all.insert(all.end(), slopes.begin(), slopes.end());
  for (const auto& guard : tracing_.guards) all.push_back(guard.comparison);
  return trace_of(parameters, inputs, all);
}

std::vector<Guard> Recorder::guards() const {
  std::vector<Guard> result;
  for (const auto& guard : tracing_.guards) {
    const auto& info = ops::All::infos[tape.operation(guard.comparison.id())];
    const bool is_comparison = guard.reason == Tracing::kComparison;
    result.push_back({guard.outcome, is_comparison ? std::string(info.formula) : guard.text,
                      static_cast<Guard::Reason>(guard.reason)});
  }
  return result;
}

void Recorder::add_guards(std::span<const Value> comparisons, std::span<const Guard> guards) {
  for (std::size_t i = 0; i < guards.size(); ++i) {
    if (comparisons[i].id() < 0) continue;
    tracing_.guards.push_back({comparisons[i], guards[i].must_be,
                               static_cast<Tracing::Reason>(guards[i].reason), guards[i].text});
  }
}

std::vector<double> Recorder::numbers_of(std::span<const Value> values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const Value& x : values) result.push_back(x.number());
  return result;
}

Trace differentiated(const Trace& trace, std::span<const Guard> guards,
                     std::span<const double> parameters, std::span<const double> inputs,
                     std::size_t differentiated_inputs) {
  Recorder recorder(parameters, inputs, differentiated_inputs, false);
  const std::vector<Value> results = retrace(trace, recorder.parameters, recorder.inputs);
  const std::size_t outputs = results.size() - guards.size();
  recorder.add_guards(std::span(results).subspan(outputs), guards);
  return recorder.trace(std::span(results).first(outputs));
}

Trace jacobian_of(const Trace& trace, std::span<const double> parameters,
                  std::span<const double> inputs, std::size_t differentiated_inputs) {
  const Recorder recorder(parameters, inputs, differentiated_inputs, false);
  std::vector<Value> xs(
      recorder.inputs.begin(),
      recorder.inputs.begin() + static_cast<std::ptrdiff_t>(differentiated_inputs));
  xs.insert(xs.end(), recorder.parameters.begin(), recorder.parameters.end());
  std::vector<Value> result;
  for (const Value& y : retrace(trace, recorder.parameters, recorder.inputs)) {
    const std::vector<Value> row = derivatives(y, xs, true);
    result.insert(result.end(), row.begin(), row.end());
  }
  return trace_of(recorder.parameters, recorder.inputs, result);
}

}  // namespace autograd::detail
