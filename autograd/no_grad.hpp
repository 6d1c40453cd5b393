// NoGradGuard: results that are numbers only.
#pragma once

#include <cstdint>

#include <autograd/value.hpp>

namespace autograd {

// While one is alive on a thread, results computed there have no operands: they are constants, and
// nothing is kept for them. A result that is assigned or moved becomes a leaf, so that a value that
// is carried on from turn to turn keeps nothing of the graph below it:
//
//   average = 0.9 * average + 0.1 * loss;
class NoGradGuard {
 public:
  NoGradGuard();
  ~NoGradGuard();
  NoGradGuard(const NoGradGuard&) = delete;
  NoGradGuard& operator=(const NoGradGuard&) = delete;
};

namespace detail {

// While one is alive, the guards around it do nothing: a gradient that is asked for is computed, and
// is not strict.
class GuardsLifted {
 public:
  GuardsLifted();
  ~GuardsLifted();
  GuardsLifted(const GuardsLifted&) = delete;
  GuardsLifted& operator=(const GuardsLifted&) = delete;

 private:
  std::uint32_t guards_;
  Strict* strict_;
};

}  // namespace detail

}  // namespace autograd
