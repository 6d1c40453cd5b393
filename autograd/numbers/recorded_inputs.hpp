// The inputs of a function that is differentiated on Values.
#pragma once

#include <span>
#include <vector>

#include <autograd/comparisons.hpp>
#include <autograd/no_grad.hpp>
#include <autograd/numbers/running_call.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

// Leaves for the inputs, and derivatives with respect to them alone. Whatever else a function uses
// is a constant: no grad() but theirs is read or written, and nothing recorded before them is
// looked at. NoGradGuards around them do nothing.
//
// Throws: Error where a result depends on the inputs of a call around this one.
class RecordedInputs {
 public:
  explicit RecordedInputs(std::span<const double> x) : values_(leaves(x)), call_(values_) {}
  RecordedInputs(const RecordedInputs&) = delete;
  RecordedInputs& operator=(const RecordedInputs&) = delete;

  std::span<const Value> values() const { return values_; }
  const RunningCall& call() const { return call_; }
  // dy/d(input), for all inputs.
  std::vector<double> gradient_of(const Value& y) const;
  // The gradients of all outputs, one after the other.
  // Cost: a sweep over the graph for every eight of them; for each if they are fewer than sixteen.
  std::vector<double> gradients_of(std::span<const Value> outputs) const;
  // sum_i d(output)/d(input_i) direction_i, for all outputs.
  std::vector<double> tangents_of(std::span<const Value> outputs,
                                  std::span<const double> direction) const;

 private:
  GuardsLifted lifted_;
  std::vector<Value> values_;
  RunningCall call_;
};

}  // namespace autograd::detail
