// RerolledFunction: one row of a function that is made of loops, run as batches of their rows.
//
//   y = rest(sums of the loops, leaves)
//   dy/dx = sum_k d(rest)/d(sum_k) d(sum_k)/dx + d(rest)/dx
//
// A sum over the rows of a loop is added up as one over the rows of a batch: in another order than
// that in which it was recorded. Other outputs than the first, and guards, are computed by the rows
// of a loop, or by the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <autograd/replay/one_row.hpp>
#include <autograd/replay/recorded.hpp>
#include <autograd/replay/reroll.hpp>
#include <autograd/replay/scalar_program.hpp>

namespace autograd::detail {

class RerolledFunction : public OneRow {
 public:
  // Recorded at this point.
  RerolledFunction(const Trace& function, std::span<const Guard> guards, const Rerolled& rerolled,
                   const Variables& at, std::size_t inputs);

  std::optional<double> run(const Variables& at, std::span<double> outputs,
                            const Gradients& gradients, const Kernels& kernels,
                            std::size_t threads) const override;
  // A line for each loop.
  std::string to_string() const override;
  CppText to_cpp(const std::string& name) const override;

 private:
  friend class CppLoops;
  struct Part {
    std::unique_ptr<const Recorded> body;
    std::vector<std::uint32_t> shared;  // variables, the parameters of the body
    // The same as stretches of variables that lie side by side in one array.
    struct Stretch {
      std::uint32_t first, count;
    };
    std::vector<Stretch> stretches;
    std::vector<Column> columns;
    std::vector<double> numbers;        // of the other columns
    std::size_t rows, chunk;            // rows that are run at a time
    bool has_sum = false;               // the first output of the body
    std::vector<std::uint32_t> values;  // outputs of the function, row after row of each other one
    // Columns of leaves that are rows of an array, one `stride` further than the other, are read
    // where they are. So are columns of numbers alone.
    bool is_view = false;
    std::size_t stride = 0;
    // Nothing else leads to its leaves: derivatives are written to where they belong.
    bool owns_leaves = false;

    std::size_t width() const { return body->inputs; }
    bool is_needed(bool are_outputs_wanted) const {
      return has_sum || !body->guards.empty() || (are_outputs_wanted && !values.empty());
    }
  };

  void find_views();
  // Where the columns of a part lie from row `begin` on, or null if they are to be copied.
  const double* view(const Part& part, std::size_t begin, const Variables& at) const;
  std::span<double> leaves_of(const Part& part, const Gradients& gradients) const;
  std::span<const double> shared_of(const Part& part, const Variables& at, double* room) const;
  std::optional<double> run_part(const Part& part, const Variables& at, std::span<double> outputs,
                                 double slope, const Gradients* gradients, bool is_first,
                                 const Kernels& kernels, std::size_t threads, double* memory) const;

  std::size_t parameters_, inputs_;
  std::vector<Part> parts_;
  std::unique_ptr<const Recorded> rest_;
  std::vector<std::uint32_t> rest_outputs_;  // of the function
  std::unique_ptr<const ScalarProgram> rest_value_, rest_gradient_;
  std::size_t rest_nodes_;                     // as it was recorded
  std::vector<std::uint32_t> leaves_;          // variables, the inputs of the rest
  std::vector<double> slopes_;                 // of an affine rest: the same everywhere
  std::size_t memory_ = 0, most_of_part_ = 0;  // numbers
};

}  // namespace autograd::detail
