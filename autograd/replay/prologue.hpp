// Prologue: the uniform values of a phase, computed once, as calls of the rules on plain numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <autograd/replay/scalar_program.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

class Prologue {
 public:
  Prologue() = default;
  // Parameter u of the trace is uniform u of `uniforms`; its outputs become those of `results`.
  Prologue(Trace trace, std::vector<std::uint32_t> results, std::size_t uniforms)
      : trace_(std::move(trace)),
        results_(std::move(results)),
        program_(std::in_place, trace_, uniforms, 0) {}

  bool empty() const { return results_.empty(); }
  // Numbers that run() works on: the uniforms, and room behind them.
  std::size_t size() const { return empty() ? 0 : program_->size(); }
  void run(double* uniforms) const {
    if (empty()) return;
    program_->run(uniforms);
    for (std::size_t i = 0; i < results_.size(); ++i)
      uniforms[results_[i]] = program_->output(uniforms, i);
  }

  const Trace& trace() const { return trace_; }
  const std::vector<std::uint32_t>& results() const { return results_; }

 private:
  Trace trace_;
  std::vector<std::uint32_t> results_;
  std::optional<ScalarProgram> program_;
};

}  // namespace autograd::detail
