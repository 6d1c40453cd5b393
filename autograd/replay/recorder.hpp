// Recorder: leaves for the parameters and inputs of a function, and the trace of what is computed
// from them, with its derivatives.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <autograd/no_grad.hpp>
#include <autograd/numbers/running_call.hpp>
#include <autograd/numbers/tracing.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/strict.hpp>

namespace autograd::detail {

class Recorder {
  GuardsLifted lifted_;  // before there are leaves
  Tracing tracing_;

 public:
  Recorder() = default;
  // Leaves for these numbers. The first output is differentiated by the parameters and by as many
  // inputs as `differentiated` says; other inputs are constants, but differ from row to row.
  Recorder(std::span<const double> at_parameters, std::span<const double> at_inputs,
           std::size_t differentiated, bool is_strict);

  // With the parameters and inputs that there are.
  void begin(std::size_t differentiated, bool is_strict);
  const RunningCall& call() const { return *call_; }
  bool is_strict() const { return strict_.has_value(); }
  std::vector<double> at_parameters() const { return numbers_of(parameters); }
  std::vector<double> at_inputs() const { return numbers_of(inputs); }
  // How many operations have been recorded.
  std::size_t operations() const;

  // The outputs, the comparisons of the guards.
  Trace values(std::span<const Value> outputs) const;
  // The outputs, the derivatives, the comparisons of the guards.
  Trace trace(std::span<const Value> outputs) const;
  std::vector<Guard> guards() const;
  // Guards of a function that is recorded again; those that do not vary are none.
  void add_guards(std::span<const Value> comparisons, std::span<const Guard> guards);

  std::vector<Value> parameters, inputs;

 private:
  static std::vector<double> numbers_of(std::span<const Value> values);

  std::optional<RunningCall> call_;
  std::optional<Strict> strict_;
  std::size_t differentiated_ = 0;
};

// A trace of values, whose last outputs are guards, recorded again with derivatives.
Trace differentiated(const Trace& trace, std::span<const Guard> guards,
                     std::span<const double> parameters, std::span<const double> inputs,
                     std::size_t differentiated_inputs);

// For each output of a trace of values its derivatives by as many inputs as `differentiated_inputs`
// says, then by the parameters.
Trace jacobian_of(const Trace& trace, std::span<const double> parameters,
                  std::span<const double> inputs, std::size_t differentiated_inputs);

}  // namespace autograd::detail
