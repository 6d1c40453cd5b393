// ScalarProgram: a trace as steps on plain numbers, for one row.
//
// Where there is but one row, a step that is a call of a rule takes a sixth of the time of an
// instruction for a block of rows. Results have the bits of the graph.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <autograd/kernels/instruction.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

class ScalarProgram {
 public:
  // Of all outputs of the trace.
  // Throws: Error if there is a mean over rows in it.
  ScalarProgram(const Trace& trace, std::size_t parameters, std::size_t inputs);

  // How many numbers run() works on: parameters, inputs, then numbers of its own. The last of these
  // are room for the operands of a rule that takes them side by side.
  std::size_t size() const { return size_; }
  // Writes the constants, once for every array.
  void set_constants(double* numbers) const;
  void run(double* numbers) const {
    double *to = numbers + first_result_, *const room = to + steps_.size();
    const std::uint32_t* operands = operands_.data();
    for (const Step& step : steps_) {
      *to++ = step.run(numbers, operands, step.count, room);
      operands += step.count;
    }
  }
  double output(const double* numbers, std::size_t i) const {
    const std::uint64_t sign = std::uint64_t{outputs_[i] & kNegative} << 32;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(numbers[outputs_[i] & ~kNegative]) ^
                                 sign);
  }

 private:
  using Run = double (*)(double* numbers, const std::uint32_t* operands, std::size_t count,
                         double* room);
  struct Step {
    Run run;
    std::uint32_t count;  // operands
  };
  static Run run_of(ReplayCode code);
  static Run run_of(ReplayCode first, ReplayCode last, Fused::Form form);
  bool joins_last_step(std::uint32_t g, std::uint32_t x) const;
  static std::vector<Trace::Node> fused(const Trace& trace, std::span<const std::uint32_t> uses,
                                        std::span<const char> is_output);

  static constexpr std::uint32_t kNegative =
      0x80000000;  // of a place: the negative of what is there

  std::vector<Step> steps_;
  std::vector<std::uint32_t> operands_, outputs_;  // places
  std::vector<double> constants_;
  std::size_t first_constant_, first_result_, size_;
};

}  // namespace autograd::detail
