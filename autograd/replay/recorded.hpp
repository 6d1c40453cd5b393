// Recorded: what a Function holds. One trace has all results; there is a program for each
// combination of them, compiled when it is first run.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <autograd/replay/schedule.hpp>

namespace autograd {
class Value;
}  // namespace autograd

namespace autograd::detail {

// Results that can be requested, as bits.
enum Requested : unsigned {
  kValues = 1,
  kTotals = 2,
  kGradient = 4,
  kInputGradients = 8,
  kAllResults = 15
};

// A comparison that was decided while tracing.
struct Guard {
  enum Reason { kComparison, kSlope, kIndex };  // as those of Tracing
  bool must_be;
  std::string text;
  Reason reason = kComparison;
};

class Recorder;
class OneRow;

class Recorded {
 public:
  // The outputs of the trace are those of the function, the derivatives of the first one by the
  // parameters and by the inputs, and the comparisons of the guards.
  Recorded(Trace traced, std::size_t parameter_count, std::size_t input_count,
           std::size_t output_count, std::vector<Guard> all_guards,
           std::size_t differentiated_inputs = kNone);
  // What has been recorded. If it is made of loops, the whole trace with its derivatives is made
  // when it is first asked for.
  static std::shared_ptr<const Recorded> of(const Recorder& recorder,
                                            std::span<const Value> outputs);
  ~Recorded();

  // Recorded again, with derivatives as outputs; by the inputs, or by the parameters.
  // Throws: Error as in function.hpp.
  std::shared_ptr<const Recorded> jacobian(bool by_parameters) const;
  std::shared_ptr<const Recorded> hessian(bool by_parameters) const;
  std::shared_ptr<const Recorded> hessian_vector_product(bool by_parameters) const;

  const std::size_t parameters, inputs, outputs;
  const std::size_t differentiated;  // inputs
  const std::vector<Guard> guards;
  const std::unique_ptr<const OneRow> one_row;  // for one row; or null

  // After all passes.
  const Trace& trace() const;
  const Program& program(unsigned requested) const;

  std::string to_dot() const;
  // Functions of C++ for one row.
  // Throws: Error if there are several outputs, or operations that cannot be written.
  std::string to_cpp(const std::string& name) const;
  // The trace, what each pass makes of it, the schedule and the program of some results.
  std::string stages(unsigned requested) const;

 private:
  // The function without its derivatives, which are recorded from it when they are first asked for.
  struct Source {
    Trace values;                            // and the comparisons of the guards
    std::vector<double> parameters, inputs;  // where it was recorded
    bool is_strict = false;
  };
  static std::shared_ptr<const Recorded> reroll(const Recorder& recorder,
                                                std::span<const Value> outputs);
  Recorded(Source source, std::vector<Guard> all_guards, std::unique_ptr<const OneRow> function);
  template <class Record>
  std::shared_ptr<const Recorded> record_again(const char* name, std::size_t new_parameters,
                                               std::size_t new_inputs, const Record& record) const;
  void complete(Trace traced) const;
  std::string body_as_cpp(bool has_gradient) const;

  struct Selection {
    Trace trace;
    std::vector<Output> outputs;  // one for each of the trace
    bool mixes_rows;
  };
  // The part of the trace that leads to some results, with uniform factors taken out of sums over
  // the rows.
  Selection select(unsigned requested) const;

  Source source_;
  mutable std::once_flag is_complete_;
  mutable Trace first_trace_;  // as it was recorded, if it is short enough to be read
  mutable Trace trace_;
  mutable std::array<std::once_flag, kAllResults + 1> is_compiled_;
  mutable std::array<Program, kAllResults + 1> programs_;
};

}  // namespace autograd::detail
