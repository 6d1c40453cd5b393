// ChainedFunction: one row of a function that is a chain, step after step.
//
//   (b, q) = before(leaves)           what the first step takes, and what all steps share
//   s_0 = b,  s_t+1 = step(s_t, q, leaves of step t)
//   y = after(s_T, leaves)
//
// Forward, the steps are run one after the other as calls of the rules, and what each took is kept.
// Their local derivatives do not need one another: they are run as a batch, whose rows are the
// steps. Backward, w_t = w_t+1 ds_t+1/ds_t is all that is left to do in order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <autograd/replay/chain.hpp>
#include <autograd/replay/one_row.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/scalar_program.hpp>

namespace autograd::detail {

class ChainedFunction : public OneRow {
 public:
  // Of one output, recorded at this point; null if derivatives of a step would take longer than they
  // do unrolled.
  static std::unique_ptr<const ChainedFunction> of(const Trace& function, const Chain& chain,
                                                   const Variables& at, std::size_t inputs);

  std::optional<double> run(const Variables& at, std::span<double> outputs,
                            const Gradients& gradients, const Kernels& kernels,
                            std::size_t threads) const override;
  std::string to_string() const override;
  CppText to_cpp(const std::string& name) const override;

 private:
  friend class CppChain;
  // A part of the function on its own.
  struct Part {
    Trace trace;                        // as it was recorded
    std::vector<std::uint32_t> leaves;  // variables, its inputs
    std::unique_ptr<const ScalarProgram> value, gradient;

    // Writes the constants of one of these, and the leaves behind its parameters.
    void load(const ScalarProgram& program, std::size_t parameters, double* numbers,
              const Variables& at) const;
  };
  // An entry of the Jacobian of a step: a column of what is run as a batch, or a number.
  struct Entry {
    std::uint32_t output, variable;
    std::uint32_t column;
    double number;
  };
  struct Memory;

  ChainedFunction() = default;
  void add_before(const Trace& function, const Chain& chain, const Variables& at);
  void add_after(const Trace& function, const Chain& chain, const Variables& at);
  bool add_step(const Trace& function, const Chain& chain, const Variables& at);
  void run_before(const Variables& at, const Memory& memory) const;
  void run_steps(const Variables& at, bool is_kept, const Memory& memory) const;
  void run_back(const Gradients& gradients, const Kernels& kernels, std::size_t threads,
                const Memory& memory) const;
  void run_back_in_order(std::size_t count, const Memory& memory) const;
  void add_before_gradients(const Variables& at, const Gradients& gradients,
                            const Memory& memory) const;
  std::size_t width() const { return carried_ + columns_.size() + numbers_.size() / steps_; }
  std::size_t chunks() const { return (steps_ + chunk_ - 1) / chunk_; }

  std::size_t parameters_ = 0, inputs_ = 0;
  std::size_t steps_ = 0, carried_ = 0, chunk_ = 0;  // steps whose derivatives are run at a time
  Part before_, after_;
  std::vector<std::uint32_t> shared_;  // variables, or kNone of what `before_` computes
  Trace body_;                         // of a step, as it was recorded
  std::unique_ptr<const ScalarProgram> step_;
  std::vector<Column> columns_;
  std::vector<double> numbers_;  // of the other columns
  std::unique_ptr<const Recorded> jacobian_;
  std::vector<Entry> entries_, in_order_;  // in_order_: by what is carried
};

}  // namespace autograd::detail
