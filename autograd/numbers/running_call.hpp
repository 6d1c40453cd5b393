// RunningCall: a call that differentiates a function of Values, while the function runs.
//
// Calls may be nested: the function of one asks for a gradient of another. What the inner one gives
// back are plain numbers, so that a Value which it takes from the outer one would be a constant to
// both. That is an Error.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

#include <autograd/tape/sweep.hpp>
#include <autograd/value.hpp>

namespace autograd::detail {

class RunningCall {
 public:
  // The inputs must stay where they are.
  explicit RunningCall(std::span<const Value> inputs, std::span<const Value> more_inputs = {})
      : first_{tape.now(), tape.time_marks},
        outer_(tape.call),
        inputs_{inputs, more_inputs},
        settled_(tape.tie_count) {
    // A sum from before does not grow in place: it would lie below what is looked at.
    tape.sealed_end = std::max(tape.sealed_end, tape.size);
    tape.time_marks = &first_;
    tape.call = this;
  }
  ~RunningCall() {
    tape.call = outer_;
    tape.time_marks = first_.outer;
  }
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  // The function records operations from here on.
  Time first() const { return first_.time; }
  const RunningCall* outer() const { return outer_; }
  template <class Visit> void for_each_input(const Visit& visit) const {
    for (const auto& some : inputs_)
      for (const Value& x : some) visit(x);
  }

  // Throws: Error if one of the results depends on the inputs of a call around this one.
  void require_no_outer(std::span<const Value> results) const {
    if (outer_ != nullptr) [[unlikely]]
      find_outer(results);
  }
  // Throws: Error, which begins with `name`, if one of the results depends on anything from outside
  // that varies, but the inputs: on a leaf with a gradient, or on the result of an operation.
  void require_inputs_only(const std::string& name, std::span<const Value> results) const;

  // At a tie of max and its like a number that does not depend on the inputs is a plain one: there
  // the other operand gets 0, not 1/2. Changes the local derivatives that the function has recorded.
  // Cost: none if there was no tie; else linear in what was recorded.
  void settle_ties() const;

 private:
  void find_outer(std::span<const Value> results) const;

  TimeMark first_;
  RunningCall* outer_;
  std::array<std::span<const Value>, 2> inputs_;
  mutable std::size_t settled_;  // of tape.tie_count
};

// Tells the inputs of a call from other nodes, by a mark on their leaves.
class MarkedInputs {
 public:
  explicit MarkedInputs(const RunningCall& call) : call_(call) {
    call_.for_each_input([](const Value& x) { tape.tag[x.id()].code |= kReferenced; });
  }
  ~MarkedInputs() {
    constexpr auto kOthers = static_cast<Code>(~kReferenced);
    call_.for_each_input([](const Value& x) { tape.tag[x.id()].code &= kOthers; });
  }
  MarkedInputs(const MarkedInputs&) = delete;
  MarkedInputs& operator=(const MarkedInputs&) = delete;

  bool has(Id id) const { return id < kZero && (tape.tag[id].code & kReferenced) != 0; }

 private:
  const RunningCall& call_;
};

// Nodes of the operations up to `root` that depend on the inputs of the innermost call.
ByNode<char> dependent_on_inputs(Id root);

// Throws: Error, which begins with `name`, if what was recorded since `first` leads from `result` to
// a node that depends on the inputs of a running call, and is not among the operands.
void require_operands_only(const std::string& name, const Value& result, Time first,
                           std::span<const Value> operands);

}  // namespace autograd::detail
