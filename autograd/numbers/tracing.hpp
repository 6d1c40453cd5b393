// Tracing: what the Values of a thread note while a Function is traced.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <autograd/value.hpp>

namespace autograd::detail {

// While one is alive: comparisons are noted, derivatives are recorded with all their branches, and
// what stands outside the graph in eager work (detach(), custom operations) is recorded, or
// refused.
struct Tracing {
  enum Reason {
    kComparison,  // of the callable
    kSlope,       // that is a choice, where derivatives are strict
    kIndex        // of pick()
  };
  struct Guard {
    Value comparison;  // 1 or 0
    bool outcome;
    Reason reason = kComparison;
    std::string text = {};  // of a slope where it is a choice, of an index what it has to be
  };

  Tracing() : outer(std::exchange(tape.tracing, this)) {}
  ~Tracing() { tape.tracing = outer; }
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;

  std::vector<Guard> guards;
  Tracing* outer;
};

}  // namespace autograd::detail
