// The inputs of a function that is differentiated on Values.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <autograd/comparisons.hpp>
#include <autograd/no_grad.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

// Leaves for the inputs, and derivatives with respect to them alone. Whatever else a function uses
// is a constant: no grad() but theirs is read or written, and nothing recorded before them is
// looked at. NoGradGuards around them do nothing.
class RecordedInputs {
 public:
  explicit RecordedInputs(std::span<const double> x)
      : first_{tape.now(), tape.time_marks}, values_(leaves(x)) {
    // A sum from before does not grow in place: it would lie below what is looked at.
    tape.sealed_end = std::max(tape.sealed_end, tape.size);
    tape.time_marks = &first_;
  }
  ~RecordedInputs() { tape.time_marks = first_.outer; }
  RecordedInputs(const RecordedInputs&) = delete;
  RecordedInputs& operator=(const RecordedInputs&) = delete;

  std::span<const Value> values() const { return values_; }
  // dy/d(input), for all inputs.
  std::vector<double> gradient_of(const Value& y) const;
  // sum_i d(output)/d(input_i) direction_i, for all outputs.
  std::vector<double> tangents_of(std::span<const Value> outputs,
                                  std::span<const double> direction) const;

 private:
  GuardsLifted lifted_;
  TimeMark first_;  // operations from here on may depend on the inputs
  std::vector<Value> values_;
};

}  // namespace autograd::detail
